import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { allRoutes } from '../../bin/openapi.ts';
import { purposes } from '../../lambdas/features/links/link.ts';
import { apiFunctions } from '../../lambdas/functions/catalogue.ts';
import { api } from '../../lambdas/http/api.ts';
import { exhibits } from '../pages/samples.ts';
import { cookieFault, demandAllowedCookies } from '../support/cookies.ts';
import { anEvent, fakeSteps, harbour } from './kit.ts';

const options = { publicUrl: 'https://api.vern.example', gate: undefined, now: () => new Date(), log: () => {} };
const context = { getRemainingTimeInMillis: () => 10_000 } as never;
const setCookiesOf = (answer: { cookies?: readonly string[] | undefined; headers?: object | undefined }) => [
  ...(answer.cookies ?? []),
  ...Object.keys(answer.headers ?? {}).filter((name) => name.toLowerCase() === 'set-cookie'),
];

describe('SM-09: a cookie', () => {
  it.each([
    'tracking=1; Secure; HttpOnly; SameSite=Lax',
    '_ga=1; Secure; SameSite=Lax',
    'session=1; HttpOnly; SameSite=Lax',
    'session=1; Secure; SameSite=Lax',
    'session=1; Secure; HttpOnly',
    'session=1; Secure; HttpOnly; SameSite=None',
    'style=dark; Secure; SameSite=Lax; Domain=example.no',
    'constructor=1; Secure; HttpOnly; SameSite=Lax',
  ])('is refused that is not one of the five, or is set carelessly: %s', (cookie) => {
    expect(cookieFault(cookie)).toBeDefined();
    expect(() => demandAllowedCookies(new Headers({ 'set-cookie': cookie }))).toThrow();
  });

  it.each([
    '__Host-session=1; Path=/; Secure; HttpOnly; SameSite=Strict',
    'style=dark; Secure; SameSite=Lax',
    'last-solution=org_1; Secure; SameSite=Lax',
    'version=3; Secure; SameSite=Strict',
    'notice-shown=welcome; Secure; SameSite=Lax',
  ])('may be one of the five: %s', (cookie) => {
    expect(cookieFault(cookie)).toBeUndefined();
  });
});

describe('SM-09: no answer of ours', () => {
  it.each(Object.keys(apiFunctions))('sets a cookie, whatever is asked of %s', async (name) => {
    const { routes } = apiFunctions[name as keyof typeof apiFunctions];
    const handlers = new Proxy({}, { get: () => async () => ({}) });
    const handle = api(
      allRoutes({ [name]: apiFunctions[name as keyof typeof apiFunctions] }),
      handlers as never,
      fakeSteps().steps,
      options,
    );
    for (const { method, path } of Object.values(routes)) {
      const headers = { authorization: 'Bearer good', cookie: 'session=1' };
      expect([path, setCookiesOf(await handle(anEvent({ method, path, headers }), context))]).toEqual([path, []]);
    }
  });

  it('takes one from a handler: what its schema does not declare never leaves', async () => {
    const smuggled = { name: 'Fram', version: 3, cookies: ['a=1'], headers: { 'set-cookie': 'a=1' } };
    const { send } = harbour({ handlers: { getBoat: async () => smuggled } });
    const answer = await send({
      path: '/v1/boats/boat_1',
      route: '/v1/boats/{boatId}',
      params: { boatId: 'boat_1' },
      headers: { authorization: 'Bearer good' },
    });
    expect(Object.keys(answer.headers).map((header) => header.toLowerCase())).not.toContain('set-cookie');
  });

  it('could set one: nothing of what is deployed speaks of it', () => {
    const speaking = globSync('lambdas/**/*.ts').filter((file) =>
      /set-cookie|\bcookies\s*[:=]|document\.cookie|localStorage|sessionStorage|indexedDB/i.test(
        readFileSync(file, 'utf8'),
      ),
    );
    expect(speaking).toEqual([]);
  });

  it('keeps anything in the browser by a page: no page and no letter', async () => {
    const all = await exhibits(purposes, ['nb', 'en']);
    const keeping = all.filter(({ content }) =>
      /document\.cookie|localStorage|sessionStorage|indexedDB|http-equiv=["']?set-cookie/i.test(
        String(content.content),
      ),
    );
    expect(keeping.map(({ name }) => name)).toEqual([]);
    expect(all.length).toBeGreaterThan(purposes.length);
  });
});
