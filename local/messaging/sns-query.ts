import { REGION } from '../account.ts';

/** Calls one operation of SNS's query protocol; rejects unless the answer is 200. */
export type SnsCall = (action: string, input: Readonly<Record<string, string>>) => Promise<string>;

export function snsQuery(endpoint: string): SnsCall {
  const authorization = `AWS4-HMAC-SHA256 Credential=embedded-cloud/20260101/${REGION}/sns/aws4_request, SignedHeaders=host, Signature=0`;
  return async (action, input) => {
    const body = new URLSearchParams({ Action: action, Version: '2010-03-31', ...input });
    const response = await fetch(endpoint, { method: 'POST', headers: { authorization }, body });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`SNS ${action}: ${response.status} ${text}`);
    return text;
  };
}
