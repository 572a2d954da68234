import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Stage } from '../stages.ts';
import { allow, type Permission } from './permissions.ts';

/**
 * The SNS platform applications that the stage names. CloudFormation has no resource for them: their credentials are
 * Apple's and Google's, and are given to SNS by hand (docs/operations.md).
 */
export class Push {
  readonly #arns: Readonly<Record<string, string>>;

  constructor(scope: Construct, { push = {} }: Stage) {
    const arnOf = (resourceName: string) =>
      Stack.of(scope).formatArn({
        service: 'sns',
        resource: 'app',
        resourceName,
        arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
      });
    this.#arns = Object.fromEntries(Object.entries(push).map(([kind, name]) => [kind, arnOf(name)]));
  }

  /** The applications and the devices registered with them: `…:app/APNS/name` and `…:endpoint/APNS/name/<id>`. */
  permission(actions: readonly string[]): Permission {
    const arns = Object.values(this.#arns);
    const devices = arns.map((arn) => `${arn.replace(':app/', ':endpoint/')}/*`);
    const registers = actions.includes('sns:CreatePlatformEndpoint');
    return {
      statements: arns.length > 0 ? [allow(actions, registers ? [...arns, ...devices] : devices)] : [],
      environment: { PUSH_APPLICATIONS: JSON.stringify(this.#arns) },
    };
  }
}
