import { Agent, request } from 'node:http';
import type { Clock } from '../clock.ts';
import { type Answer, type Call, serveCalls } from '../loopback/call-server.ts';
import type { Listening } from '../loopback/listen.ts';
import { QueryForm, queryAnswer, queryProblem, type XmlContent } from '../loopback/query-protocol.ts';
import { openPhoneStore, type PhoneStore } from './phone-store.ts';
import {
  createPlatformEndpoint,
  deleteEndpoint,
  endpointAttributes,
  setEndpointAttributes,
} from './platform-endpoints.ts';
import { SnsProblem } from './problem.ts';
import { isForPhone, publishToPhone } from './publish.ts';

export interface EmbeddedSns extends Listening {
  /** What came to phones, for the mailbox page. */
  readonly phones: PhoneStore;
}

interface SnsOptions {
  readonly stateDir: string;
  /** 0, the default, takes any free one. */
  readonly port?: number;
  readonly clock: Clock;
  /** The engine of topics: it answers whatever is not about a phone. */
  readonly topicsEndpoint: string;
}

const NAMESPACE = 'http://sns.amazonaws.com/doc/2010-03-31/';
/** A message of 256 KB, percent-encoded in the worst case, and the rest of the form. */
const BODY_BYTES_MAX = 1024 * 1024;

type Action = (form: QueryForm, phones: PhoneStore) => { readonly [name: string]: XmlContent };

const actions: Readonly<Record<string, Action>> = {
  CreatePlatformEndpoint: createPlatformEndpoint,
  SetEndpointAttributes: setEndpointAttributes,
  GetEndpointAttributes: endpointAttributes,
  DeleteEndpoint: deleteEndpoint,
};

/**
 * The half of Amazon SNS that reaches phones, on 127.0.0.1: SMS and pushes, with the devices that they go to. Topics are
 * another engine's. Signatures and permissions are not checked. Everything is kept in `stateDir`.
 */
export async function startSns({ stateDir, port, clock, topicsEndpoint }: SnsOptions): Promise<EmbeddedSns> {
  const phones = openPhoneStore(stateDir);
  const agent = new Agent({ keepAlive: true });
  const server = await serveCalls({
    port,
    clock,
    bodyBytesMax: BODY_BYTES_MAX,
    answer: async (call) => phoneAnswer(call, phones, clock) ?? (await forwarded(call, topicsEndpoint, agent)),
  });
  return {
    ...server,
    phones,
    close: async () => {
      await server.close();
      agent.destroy();
      phones.close();
    },
  };
}

/** Undefined where the call is about a topic. */
function phoneAnswer({ body }: Call, phones: PhoneStore, clock: Clock): Answer | undefined {
  const form = new QueryForm(body);
  const name = form.optional('Action') ?? '';
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  try {
    if (name === 'Publish' && isForPhone(form)) {
      return queryAnswer(NAMESPACE, name, publishToPhone(form, phones, clock));
    }
    return action && queryAnswer(NAMESPACE, name, action(form, phones));
  } catch (error) {
    if (error instanceof SnsProblem) return queryProblem(NAMESPACE, error);
    throw error;
  }
}

function forwarded({ method, headers, body }: Call, endpoint: string, agent: Agent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { host: _, ...others } = headers;
    const outgoing = request(endpoint, { method, agent, headers: others }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const type = response.headers['content-type'] ?? 'text/xml';
        resolve({ status: response.statusCode ?? 500, headers: { 'content-type': type }, body: Buffer.concat(chunks) });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
