import type { Clock } from '../clock.ts';
import { awsJsonAnswer, parsedJson } from '../loopback/aws-json.ts';
import { type Answer, type Call, serveCalls } from '../loopback/call-server.ts';
import type { Listening } from '../loopback/listen.ts';
import { administrationOperations } from './administration.ts';
import { encryptionOperations } from './encryption.ts';
import type { KeyDeclaration } from './key.ts';
import { openKeyStore } from './key-store.ts';
import type { Kms, Operation } from './operation.ts';
import { KmsProblem } from './problem.ts';
import { signingOperations } from './signing.ts';

export interface EmbeddedKms extends Listening {
  /** How often each operation was called since the start, refused calls included; also at `GET /calls`. */
  calls(): Readonly<Record<string, number>>;
}

const operations = new Map<string, Operation>(
  Object.entries({ ...encryptionOperations, ...signingOperations, ...administrationOperations }),
);

const BODY_BYTES_MAX = 64 * 1024;

/**
 * AWS KMS on 127.0.0.1 (AWS JSON 1.1, `X-Amz-Target: TrentService.<Operation>`). Signatures and permissions are not
 * checked. Keys are kept in `stateDir`; `port` 0 takes any free one.
 */
export async function startKms(options: {
  stateDir: string;
  port?: number;
  clock: Clock;
  region: string;
  keys: readonly KeyDeclaration[];
}): Promise<EmbeddedKms> {
  const { clock } = options;
  const kms: Kms = { store: openKeyStore(options), clock };
  const calls = new Map<string, number>();
  const server = await serveCalls({
    port: options.port,
    clock,
    bodyBytesMax: BODY_BYTES_MAX,
    answer: async (call) => {
      if (call.method === 'GET' && call.url.pathname === '/calls') {
        return awsJsonAnswer(200, Object.fromEntries(calls));
      }
      return answer(call, kms, calls);
    },
  });
  return { ...server, calls: () => Object.fromEntries(calls) };
}

function answer(call: Call, kms: Kms, calls: Map<string, number>): Answer {
  const name = /^TrentService\.(\w+)$/.exec(String(call.headers['x-amz-target']))?.[1] ?? '';
  const operation = operations.get(name);
  if (call.method !== 'POST' || !operation) return problem(new KmsProblem('UnknownOperationException'));
  calls.set(name, (calls.get(name) ?? 0) + 1);
  try {
    return awsJsonAnswer(200, operation.run(parsedJson(call.body, notJson), kms));
  } catch (error) {
    if (error instanceof KmsProblem) return problem(error);
    throw error;
  }
}

const notJson = () => new KmsProblem('SerializationException', 'The body is not JSON');

function problem({ exception, message }: KmsProblem): Answer {
  return awsJsonAnswer(400, { __type: exception, message });
}
