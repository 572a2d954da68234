import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { WorkerFunction } from '../../lambdas/functions/catalogue.ts';
import { needsOfWorker } from '../catalogue.ts';
import type { DataStack } from '../data-stack.ts';
import { inboundMailDomain } from '../mail-dns.ts';
import type { Stage } from '../stages.ts';
import type { Bundles } from './bundles.ts';
import { permissionsFor } from './permissions.ts';
import { VernFunction } from './vern-function.ts';

interface WorkerProps {
  readonly stage: Stage;
  readonly declared: WorkerFunction;
  readonly bundles: Bundles;
  readonly data: DataStack;
}

/** A declared worker's function, not yet connected to what wakes it. */
export function worker(
  scope: Construct,
  name: string,
  { stage, declared, bundles, data }: WorkerProps,
): LambdaFunction {
  const { statements, environment } = permissionsFor(needsOfWorker(declared), data);
  const { fn } = new VernFunction(scope, name, {
    stage,
    name,
    code: bundles(name),
    statements,
    environment: {
      STAGE: stage.name,
      PUBLIC_URL: data.api.publicUrl,
      INBOUND_MAIL_DOMAIN: inboundMailDomain(stage),
      ...environment,
    },
    logsKey: data.encryption.operations,
    timeoutSeconds: declared.timeoutSeconds,
    memoryMegabytes: declared.memoryMegabytes,
    ...(declared.concurrencyMax !== undefined && { concurrencyMax: declared.concurrencyMax }),
  });
  return fn;
}
