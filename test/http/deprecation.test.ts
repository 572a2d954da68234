import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { allRoutes } from '../../bin/openapi.ts';
import { readPublished } from '../../bin/published.ts';
import { apiFunctions } from '../../lambdas/functions/catalogue.ts';
import { api } from '../../lambdas/http/api.ts';
import { deprecationHeaders, isAnnouncedInTime, publishedOn } from '../../lambdas/http/deprecation.ts';
import { openApiDocument } from '../../lambdas/http/openapi.ts';
import { anyone, type Routes } from '../../lambdas/http/route.ts';
import { anEvent, fakeSteps } from './kit.ts';

const deprecated = { since: '2026-11-22', sunset: '2027-06-01', successor: '/v1/new' } as const;
const old = {
  summary: 'Old',
  tag: 'Contract',
  method: 'GET',
  path: '/v1/old',
  access: anyone,
  success: { status: 200, body: z.strictObject({ isOld: z.literal(true) }) },
  problems: [],
  needs: [],
} as const;
const routes: Routes = { readOld: { ...old, deprecated } };
const declared = allRoutes(apiFunctions);

describe('what is published', () => {
  it('is not taken away before it was deprecated for six months', () => {
    const published = publishedOn('2026-11-22', {}, routes);
    expect(() => publishedOn('2027-05-31', published, {})).toThrow('GET /v1/old');
    expect(publishedOn('2027-06-01', published, {})).toEqual({});
    const neverMarked = publishedOn('2026-11-22', {}, { readOld: old });
    expect(() => publishedOn('2100-01-01', neverMarked, {})).toThrow('GET /v1/old');
  });

  it('is all still there', () => {
    const today = new Date().toISOString().slice(0, 10);
    expect(() => publishedOn(today, readPublished(), declared)).not.toThrow();
  });

  it('is written down: node bin/published.ts', () => {
    const known = readPublished();
    const missing = Object.values(declared).filter(({ method, path }) => known[`${method} ${path}`] === undefined);
    expect(missing.map(({ path }) => path)).toEqual([]);
  });

  it('is marked in time wherever it is marked', () => {
    const marked = Object.values(declared).flatMap((route) => route.deprecated ?? []);
    expect(marked.filter((one) => !isAnnouncedInTime(one))).toEqual([]);
    expect(isAnnouncedInTime({ since: '2026-11-22', sunset: '2027-05-21' })).toBe(false);
    expect(isAnnouncedInTime({ since: '2026-11-22', sunset: '2027-05-22' })).toBe(true);
  });

  it('says in each answer, failures too, when it will go, and what takes its place', async () => {
    const said = {
      deprecation: '@1795305600',
      sunset: 'Tue, 01 Jun 2027 00:00:00 GMT',
      link: '<https://api.vern.example/v1/new>; rel="successor-version"',
    };
    expect(deprecationHeaders(deprecated, 'https://api.vern.example')).toEqual(said);
    const options = { publicUrl: 'https://api.vern.example', gate: undefined, now: () => new Date(), log: () => {} };
    const handle = api(routes, { readOld: async () => ({ isOld: true }) } as never, fakeSteps().steps, options);
    for (const query of ['', 'unknown=1']) {
      const context = { getRemainingTimeInMillis: () => 10_000 } as never;
      expect((await handle(anEvent({ path: '/v1/old', query }), context)).headers).toMatchObject(said);
    }
  });

  it('is marked in the contract', () => {
    const { paths } = openApiDocument(routes, { version: '1', publicUrl: 'https://api.vern.example' });
    expect(paths['/v1/old']?.['get']).toMatchObject({ deprecated: true, 'x-sunset': '2027-06-01' });
    expect(paths['/v1/old']?.['get']?.description).toContain('**Deprecated** since 2026-11-22');
  });
});
