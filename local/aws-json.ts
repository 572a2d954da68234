import { Agent, request } from 'node:http';
import { REGION } from './account.ts';

/** An error answer of an AWS JSON API: `code` is the short name after `#`, such as `ResourceNotFoundException`. */
export class AwsJsonError extends Error {
  override readonly name = 'AwsJsonError';
  readonly code: string;
  readonly status: number;

  constructor(code: string, status: number, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
    this.status = status;
  }
}

/** Calls one operation, such as `DynamoDB_20120810.GetItem`; rejects with AwsJsonError or a network error. */
export type AwsJsonCall = (target: string, input: unknown) => Promise<Readonly<Record<string, unknown>>>;

const agent = new Agent({ keepAlive: true });

/**
 * The AWS JSON 1.0 protocol as a bare function: the runner itself must start fast, and loading an SDK
 * client costs more than all its calls. Engines name the caller by its key and check no signature here.
 */
export function awsJson(endpoint: string, service: string): AwsJsonCall {
  const authorization = `AWS4-HMAC-SHA256 Credential=embedded-cloud/20260101/${REGION}/${service}/aws4_request, SignedHeaders=host, Signature=0`;
  return (target, input) =>
    new Promise((resolve, reject) => {
      const body = JSON.stringify(input);
      const headers = {
        'content-type': 'application/x-amz-json-1.0',
        'content-length': Buffer.byteLength(body),
        'x-amz-target': target,
        'x-amz-date': '20260101T000000Z',
        authorization,
      };
      const outgoing = request(endpoint, { method: 'POST', agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const status = response.statusCode ?? 0;
          if (status === 200) return resolve(text ? JSON.parse(text) : {});
          reject(errorFrom(text, status));
        });
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
}

function errorFrom(text: string, status: number): AwsJsonError {
  try {
    const { __type, message, Message } = JSON.parse(text) as { __type?: string; message?: string; Message?: string };
    return new AwsJsonError(String(__type).split('#').at(-1) ?? '', status, message ?? Message ?? '');
  } catch {
    return new AwsJsonError('Unreadable', status, text.slice(0, 200));
  }
}
