import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { administrationOperations } from './administration.ts';
import { encryptionOperations } from './encryption.ts';
import type { KeyDeclaration } from './key.ts';
import { openKeyStore } from './key-store.ts';
import { type Answer, type Call, type LoopbackServer, serveLoopback } from './loopback-server.ts';
import type { Kms, Operation } from './operation.ts';
import { KmsProblem } from './problem.ts';
import { signingOperations } from './signing.ts';

export interface EmbeddedKms extends LoopbackServer {
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
  const server = await serveLoopback({
    port: options.port ?? 0,
    clock,
    bodyBytesMax: BODY_BYTES_MAX,
    answer: async (call) => {
      if (call.method === 'GET' && call.url.pathname === '/calls') {
        return json(200, Object.fromEntries(calls));
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
    return json(200, operation.run(parsed(call.body), kms));
  } catch (error) {
    if (error instanceof KmsProblem) return problem(error);
    throw error;
  }
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new KmsProblem('SerializationException', 'The body is not JSON');
  }
}

function problem({ exception, message }: KmsProblem): Answer {
  return json(400, { __type: exception, message });
}

function json(status: number, body: object): Answer {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID() },
    body: JSON.stringify(body),
  };
}
