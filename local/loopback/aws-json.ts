import { randomUUID } from 'node:crypto';
import type { Answer } from './call-server.ts';

/** An answer of the AWS JSON 1.1 protocol; an error's body is `{__type, message}`. */
export function awsJsonAnswer(status: number, body: object, headers: Readonly<Record<string, string>> = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID(), ...headers },
    body: JSON.stringify(body),
  };
}

/** The value of a JSON body; throws what `failure` gives for a body that is none. */
export function parsedJson(body: Buffer, failure: () => Error): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw failure();
  }
}
