import { Agent, request } from 'node:http';
import { REGION } from '../account.ts';

/** Calls one operation of SNS's query protocol; rejects unless the answer is 200. */
export type SnsCall = (action: string, input: Readonly<Record<string, string>>) => Promise<string>;

const agent = new Agent({ keepAlive: true });

export function snsQuery(endpoint: string): SnsCall {
  const authorization = `AWS4-HMAC-SHA256 Credential=embedded-cloud/20260101/${REGION}/sns/aws4_request, SignedHeaders=host, Signature=0`;
  return (action, input) =>
    new Promise((resolve, reject) => {
      const body = new URLSearchParams({ Action: action, Version: '2010-03-31', ...input }).toString();
      const headers = {
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': Buffer.byteLength(body),
        authorization,
      };
      const outgoing = request(endpoint, { method: 'POST', agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          if (response.statusCode === 200) resolve(text);
          else reject(new Error(`SNS ${action}: ${response.statusCode} ${text}`));
        });
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
}
