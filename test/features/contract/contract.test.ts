import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import type { Context } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { contractJson } from '../../../bin/openapi.ts';
import { contractHandlers } from '../../../lambdas/features/contract/handlers.ts';
import { areaPage } from '../../../lambdas/features/contract/reference-page.ts';
import { contractRoutes } from '../../../lambdas/features/contract/routes.ts';
import { api } from '../../../lambdas/http/api.ts';
import { openApiDocument } from '../../../lambdas/http/openapi.ts';
import type { OpenApiDocument } from '../../../lambdas/http/openapi-types.ts';
import { problems } from '../../../lambdas/http/problem.ts';
import type { Route } from '../../../lambdas/http/route.ts';
import { anEvent, boatRoutes, NOW, PUBLIC_URL } from '../../http/kit.ts';
import { noteProvoked } from '../../support/provoked.ts';

const signIn = {
  userPoolId: 'eu-west-1_Test',
  clientId: 'client',
  region: 'eu-west-1',
  statementVersions: { family: '1', kindergarten: '2', workplace: '3', safety: '4', itservice: '5' },
};

/** The contract function, with the harbour's routes in its document beside its own. */
function contract() {
  const document = openApiDocument(
    { ...contractRoutes, ...boatRoutes },
    { version: '1.2.3', publicUrl: 'https://api.vern.example' },
  );
  const handle = api(
    contractRoutes,
    contractHandlers({ document, publicUrl: PUBLIC_URL, signIn }),
    {
      authenticate: () => Promise.reject(new Error('nobody signs in here')),
      admit: async ({ now }) => ({ call: { now }, replay: undefined }),
      conclude: async () => {},
    },
    { publicUrl: PUBLIC_URL, now: () => NOW, gate: undefined, log: noteProvoked },
  );
  return async (path: string, headers: Record<string, string> = {}) => {
    const slug = /^\/problems\/(.+)$/.exec(path)?.[1];
    const area = /^\/docs\/(.+)$/.exec(path)?.[1];
    const event = anEvent({
      path,
      headers,
      ...(slug && { route: '/problems/{slug}', params: { slug } }),
      ...(area && { route: '/docs/{area}', params: { area } }),
    });
    const response = await handle(event, {} as Context & Parameters<typeof handle>[1]);
    return { status: response.statusCode, headers: response.headers ?? {}, text: response.body ?? '' };
  };
}

/** What a browser would fetch by itself, or be sent to by a form. */
const loadedFrom = (html: string) =>
  [...html.matchAll(/(?:src|action|href)="([^"]*)"/g)].map(([, address = '']) => address);

describe('the contract function', () => {
  it('says that it is up, which version it is, and what time it has', async () => {
    const { status, text } = await contract()('/v1/health');
    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual({ status: 'ok', version: '1.2.3', time: NOW.toISOString() });
  });

  it('says where to sign in, and which statement is in force', async () => {
    expect(JSON.parse((await contract()('/v1/sign-in-configuration')).text)).toEqual(signIn);
  });

  it('gives the contract under its own address', async () => {
    const { headers, text } = await contract()('/openapi.json');
    expect(headers['content-type']).toBe('application/json');
    expect(JSON.parse(text)).toMatchObject({ openapi: '3.1.1', servers: [{ url: PUBLIC_URL }] });
    expect(text).not.toContain('api.vern.example');
  });
});

describe('the reference', () => {
  const pages = ['/docs', '/docs/contract', '/docs/people', '/docs/schemas'];
  /** Ids by the page that they stand on. */
  const read = async () => {
    const ask = contract();
    const texts = await Promise.all(pages.map(async (path) => [path, (await ask(path)).text] as const));
    return new Map(texts);
  };

  it('has every operation on the page of its area, with its address, its problems and a command', async () => {
    const texts = await read();
    for (const [id, route] of Object.entries<Route>({ ...contractRoutes, ...boatRoutes })) {
      const place = `/docs/${route.tag.toLowerCase()}`;
      const text = texts.get(place);
      expect(text).toContain(`<article id="${id}">`);
      expect(text).toContain(route.summary);
      expect(text).toContain(`<code>${route.path}</code>`);
      expect(texts.get('/docs')).toContain(`href="${place}#${id}"`);
    }
    const text = texts.get('/docs/people');
    expect(text).toContain('href="/problems/name-taken"');
    expect(text).toContain(`curl -X POST &quot;${PUBLIC_URL}/v1/organisations/`);
    expect(text).toContain('-H &quot;If-Match: \\&quot;3\\&quot;&quot;');
  });

  it('leads every link within it to something that is there', async () => {
    const texts = await read();
    const targets = new Set(
      [...texts].flatMap(([path, text]) => [...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => `${path}#${id}`)),
    );
    const within = [...texts].flatMap(([path, text]) =>
      loadedFrom(text).flatMap((address) => {
        if (address.startsWith('#')) return [`${path}${address}`];
        return address.startsWith('/docs') && address.includes('#') ? [address] : [];
      }),
    );
    expect(within.length).toBeGreaterThan(20);
    expect(within.filter((address) => !targets.has(address))).toEqual([]);
  });

  it('is HTML, and escapes what the declarations say', async () => {
    const { headers, text } = await contract()('/docs');
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(text).toContain('Bearer &lt;access token&gt;');
    expect(text).not.toContain('<access');
  });

  it.each(['nothing', 'constructor', '__proto__'])('has no area %s', async (area) => {
    const { status, text } = await contract()(`/docs/${area}`);
    expect(status).toBe(404);
    expect(JSON.parse(text).type).toBe(`${PUBLIC_URL}/problems/no-such-route`);
  });
});

describe('the reference of all that we have', () => {
  const document = JSON.parse(contractJson()) as OpenApiDocument;
  const slugs = [...document.tags.map(({ name }) => name.toLowerCase().replaceAll(' ', '-')), 'schemas'];

  it.each(slugs)('has a page of %s that Lambda may answer and a phone can hold', (slug) => {
    const page = areaPage(document, slug) ?? '';
    expect(page.length).toBeGreaterThan(5_000);
    expect(page.length).toBeLessThan(1_000_000);
  });

  it('shows with each command who calls: a person, a program, a device, or nobody', () => {
    const commandOf = (slug: string, id: string) =>
      new RegExp(`<article id="${id}">[^]*?<pre tabindex="0"><code>([^]*?)</code>`).exec(
        areaPage(document, slug) ?? '',
      )?.[1];
    expect(commandOf('people', 'createPerson')).toContain('Authorization: Bearer $TOKEN');
    expect(commandOf('safety', 'sendDeviceEvents')).toContain('Signature-Input: sig1=(');
    expect(commandOf('safety', 'sendDeviceEvents')).not.toContain('Bearer');
    expect(commandOf('integrations', 'issueServiceToken')).toContain('-u &quot;$CLIENT_ID:$CLIENT_SECRET&quot;');
    expect(commandOf('contract', 'getHealth')).not.toContain('-H');
  });
});

describe('the problem pages', () => {
  it.each(Object.keys(problems))('explain %s', async (slug) => {
    const { status, text } = await contract()(`/problems/${slug}`);
    expect(status).toBe(200);
    expect(text).toContain(`<code>${slug}</code>`);
    expect(text).toContain('What you can do');
  });

  it('are listed', async () => {
    const { text } = await contract()('/problems');
    for (const slug of Object.keys(problems)) expect(text).toContain(`href="/problems/${slug}"`);
  });

  it('are JSON for those who ask for it', async () => {
    const one = await contract()('/problems/busy', { accept: 'application/json' });
    expect(one.headers).toMatchObject({ 'content-type': 'application/json', vary: 'accept' });
    expect(JSON.parse(one.text)).toMatchObject({ slug: 'busy', status: 503, type: `${PUBLIC_URL}/problems/busy` });
    const all = await contract()('/problems', { accept: 'application/json' });
    expect(JSON.parse(all.text).problems).toHaveLength(Object.keys(problems).length);
  });

  it.each(['nothing', 'constructor', '__proto__'])('do not exist for %s', async (slug) => {
    const { status, text } = await contract()(`/problems/${slug}`);
    expect(status).toBe(404);
    expect(JSON.parse(text).type).toBe(`${PUBLIC_URL}/problems/no-such-route`);
  });
});

describe('every page', () => {
  it.each(['/docs', '/docs/contract', '/docs/schemas', '/problems', '/problems/busy'])(
    '%s runs no script and loads nothing',
    async (path) => {
      const { headers, text } = await contract()(path);
      expect(text).not.toMatch(/<script|\son\w+=|\sstyle=|javascript:|@import|url\(/i);
      expect(
        loadedFrom(text).filter((address) =>
          /^(?!#|\/(?!\/)|data:image\/svg|https:\/\/www\.rfc-editor\.org\/)/.test(address),
        ),
      ).toEqual([]);
      const style = /<style>([\s\S]*?)<\/style>/.exec(text)?.[1] ?? '';
      const hash = createHash('sha256').update(style).digest('base64');
      expect(headers['content-security-policy']).toContain(`style-src 'sha256-${hash}'`);
      expect(headers['content-security-policy']).toContain("default-src 'none'");
    },
  );

  it.each(['/docs', '/docs/contract', '/problems'])('%s is readable on a phone and in the dark', async (path) => {
    const { text } = await contract()(path);
    expect(text).toContain('name="viewport"');
    expect(text).toContain('color-scheme: light dark');
  });
});

describe('docs/openapi.json', () => {
  const committed = readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8');

  it('is what the declarations say: if this fails, run `node bin/openapi.ts`', () => {
    expect(committed === contractJson(), 'docs/openapi.json is stale').toBe(true);
  });

  it("holds Redocly's strict rules", async () => {
    const config = await createConfig({ extends: ['recommended-strict'] });
    const found = await lintFromString({ source: committed, config });
    expect(found.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer}`)).toEqual([]);
  });
});
