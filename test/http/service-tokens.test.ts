import { describe, expect, it } from 'vitest';
import { serviceTokens } from '../../lambdas/http/client.ts';

/** The token endpoint: each token names how many were asked for before it. */
function someTokens(answer: (count: number) => Response) {
  const asked: { url: string; init: RequestInit }[] = [];
  const state = { now: new Date('2026-11-22T12:00:00Z') };
  const token = serviceTokens({
    baseUrl: 'https://api.example.no/',
    clientId: 'scl_1',
    clientSecret: 'vern_a+b',
    fetch: (async (url: URL, init: RequestInit) => {
      asked.push({ url: String(url), init });
      return answer(asked.length);
    }) as unknown as typeof fetch,
    now: () => state.now,
  });
  return { asked, token, later: (seconds: number) => (state.now = new Date(state.now.getTime() + seconds * 1000)) };
}
const granted = (count: number) =>
  Response.json({ access_token: `token-${count}`, token_type: 'Bearer', expires_in: 3600 });

describe('the tokens of a service client', () => {
  it('are asked for once, also by requests side by side, and again a minute before they end', async () => {
    const { asked, token, later } = someTokens(granted);
    expect(await Promise.all([token(), token(), token()])).toEqual(['token-1', 'token-1', 'token-1']);
    later(3539);
    expect(await token()).toBe('token-1');
    later(1);
    expect(await token()).toBe('token-2');
    expect(asked).toHaveLength(2);
  });

  it('are asked for with both names form-encoded in the header (RFC 6749, section 2.3.1)', async () => {
    const { asked, token } = someTokens(granted);
    await token();
    const [{ url, init }] = asked as [(typeof asked)[0]];
    expect(url).toBe('https://api.example.no/v1/oauth/token');
    const [, encoded = ''] = new Headers(init.headers).get('authorization')?.split(' ') ?? [];
    expect(Buffer.from(encoded, 'base64').toString()).toBe('scl_1:vern_a%2Bb');
    expect(init.body).toBe('grant_type=client_credentials');
  });

  it('are not remembered when they were refused', async () => {
    const problem = { type: 'https://api.example.no/problems/client-refused', title: 'No', status: 401 };
    const headers = { 'content-type': 'application/problem+json' };
    const { token, asked } = someTokens((count) =>
      count === 1 ? new Response(JSON.stringify(problem), { status: 401, headers }) : granted(count),
    );
    await expect(token()).rejects.toMatchObject({ name: 'ProblemError', slug: 'client-refused' });
    expect(await token()).toBe('token-2');
    expect(asked).toHaveLength(2);
  });
});
