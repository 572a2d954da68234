import { createConfig, lintFromString } from '@redocly/openapi-core';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { openApiDocument } from '../../lambdas/http/openapi.ts';
import { problems } from '../../lambdas/http/problem.ts';
import { anyone, type Routes } from '../../lambdas/http/route.ts';
import { problemsOf } from '../../lambdas/http/route-facts.ts';
import { boatRoutes, PUBLIC_URL } from './kit.ts';

const documentOf = (routes: Routes) =>
  openApiDocument(routes, { version: '1.2.3', publicUrl: 'https://api.vern.test' });
const contract = documentOf(boatRoutes);
const launch = contract.paths['/v1/organisations/{organisationId}/boats']?.['post'];
const rename = contract.paths['/v1/boats/{boatId}']?.['patch'];
const read = contract.paths['/v1/boats/{boatId}']?.['get'];
const chart = contract.paths['/chart']?.['get'];

/** A route that only shows its schemas. */
const aRoute = (parts: { body?: z.ZodType; answer?: z.ZodType }): Routes => ({
  doIt: {
    summary: 'Do it',
    tag: 'Contract',
    method: 'POST',
    path: '/do-it',
    access: anyone,
    ...(parts.body && { body: parts.body }),
    success: parts.answer ? { status: 200, body: parts.answer } : { status: 204 },
    problems: [],
    needs: [],
  },
});

describe('the contract', () => {
  it("holds Redocly's strict rules", async () => {
    const config = await createConfig({ extends: ['recommended-strict'] });
    const found = await lintFromString({ source: JSON.stringify(contract), config });
    expect(found.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer}`)).toEqual([]);
  });

  it('would be refused by those rules if it were wrong', async () => {
    const config = await createConfig({ extends: ['recommended-strict'] });
    const { summary: _, ...launchWithoutSummary } = launch ?? {};
    const wrong = { ...contract, paths: { '/x': { post: launchWithoutSummary } } };
    expect(await lintFromString({ source: JSON.stringify(wrong), config })).not.toEqual([]);
  });

  it('has an operation for each route, under its id and its tag', () => {
    const operations = Object.values(contract.paths).flatMap((methods) => Object.values(methods));
    expect(operations.map(({ operationId }) => operationId).sort()).toEqual(Object.keys(boatRoutes).sort());
    expect(launch?.tags).toEqual(['People']);
    expect(contract.tags.map(({ name }) => name).sort()).toEqual(['Contract', 'People']);
  });

  it('says who may call', () => {
    expect(chart?.security).toEqual([]);
    expect(read?.security).toEqual([{ accessToken: [] }]);
    expect(launch).toMatchObject({ security: [{ accessToken: [] }], 'x-action': 'person:manage' });
    expect(launch?.description).toContain('administrator; leader');
    expect(read).not.toHaveProperty('x-action');
  });

  it('names the headers that each route takes', () => {
    const headersOf = (operation = launch) =>
      operation?.parameters.flatMap((parameter) => ('$ref' in parameter ? [parameter.$ref.split('/').at(-1)] : []));
    expect(headersOf(launch)).toEqual(['Vern-Role', 'Idempotency-Key', 'Accept-Language']);
    expect(headersOf(rename)).toEqual(['If-Match', 'Accept-Language']);
    expect(headersOf(read)).toEqual(['If-None-Match', 'Accept-Language']);
    expect(headersOf(chart)).toEqual([]);
  });

  it('describes path and query by the schemas that check them', () => {
    expect(read?.parameters.slice(0, 2)).toEqual([
      { name: 'boatId', in: 'path', required: true, schema: { type: 'string', pattern: '^boat_\\w+$' } },
      { name: 'depth', in: 'query', required: false, schema: { type: 'integer' } },
    ]);
  });

  it('lists every problem of every route under its status, with an example', () => {
    for (const [id, route] of Object.entries<Routes[string]>(boatRoutes)) {
      const operation = contract.paths[route.path]?.[route.method.toLowerCase()];
      for (const slug of problemsOf(route)) {
        const response = operation?.responses[problems[slug].status];
        expect(response?.description, id).toContain(`\`${slug}\``);
        expect(response?.content?.['application/problem+json']?.examples, id).toHaveProperty(slug);
        expect(contract.components.examples[slug]?.value).toMatchObject({ status: problems[slug].status });
      }
    }
    expect(JSON.stringify(contract.components.examples)).not.toContain(PUBLIC_URL);
  });

  it("has the gateway's own errors in their own form", () => {
    const gateways = { schema: { $ref: '#/components/schemas/GatewayError' } };
    for (const status of ['401', '413', '429', '503']) {
      expect(launch?.responses[status]?.content?.['application/json']).toEqual(gateways);
    }
    expect(launch?.responses['503']?.headers).toHaveProperty('Retry-After');
    expect(launch?.responses['401']?.headers).toHaveProperty('WWW-Authenticate');
    expect(launch?.responses['409']?.content).not.toHaveProperty('application/json');
    expect(chart?.responses).not.toHaveProperty('401');
  });

  it('has ETags on what is versioned, and 304 on reading it', () => {
    expect(read?.responses['200']?.headers).toHaveProperty('ETag');
    expect(read?.responses).toHaveProperty('304');
    expect(launch?.responses['201']?.headers).toHaveProperty('ETag');
  });

  it('has the types of what is not JSON', () => {
    expect(Object.keys(chart?.responses['200']?.content ?? {})).toEqual([
      'application/pdf',
      'text/plain; charset=utf-8',
    ]);
  });

  it('keeps each named schema once', () => {
    const Port = z.strictObject({ name: z.string() }).meta({ id: 'Port' });
    const { components, paths } = documentOf(aRoute({ body: z.strictObject({ from: Port, to: Port }), answer: Port }));
    expect(components.schemas['Port']).toMatchObject({ type: 'object', required: ['name'] });
    expect(components.schemas).not.toHaveProperty('PortInput');
    expect(paths['/do-it']?.['post']?.responses['200']?.content?.['application/json']?.schema).toEqual({
      $ref: '#/components/schemas/Port',
    });
  });

  it('keeps two of one name when what is sent is not what is answered, also by what it refers to', () => {
    const Depth = z.strictObject({ metres: z.int().default(1) }).meta({ id: 'Depth' });
    const Port = z.strictObject({ depth: Depth }).meta({ id: 'Port' });
    const { components, paths } = documentOf(aRoute({ body: Port, answer: Port }));
    expect(components.schemas['Depth']?.required).toEqual(['metres']);
    expect(components.schemas['DepthInput']?.required).toBeUndefined();
    expect(components.schemas['PortInput']?.properties?.['depth']).toEqual({ $ref: '#/components/schemas/DepthInput' });
    expect(components.schemas['Port']?.properties?.['depth']).toEqual({ $ref: '#/components/schemas/Depth' });
    expect(paths['/do-it']?.['post']?.requestBody?.content['application/json']?.schema).toEqual({
      $ref: '#/components/schemas/PortInput',
    });
  });

  it('names the fields of a record whose names are known', () => {
    const answer = z.strictObject({ depths: z.record(z.enum(['bow', 'stern']), z.int()) }).meta({ id: 'Draught' });
    expect(documentOf(aRoute({ answer })).components.schemas['Draught']?.properties?.['depths']).toMatchObject({
      properties: { bow: { type: 'integer' }, stern: { type: 'integer' } },
      required: ['bow', 'stern'],
      additionalProperties: false,
    });
  });

  it('refuses two schemas of one name', () => {
    const twice = z.strictObject({
      a: z.string().max(3).meta({ id: 'Berth' }),
    });
    const routes = aRoute({ body: twice, answer: z.strictObject({ a: z.string() }) });
    const other = aRoute({ body: z.strictObject({ a: z.string().max(4).meta({ id: 'Berth' }) }) })['doIt'];
    expect(() => documentOf({ ...routes, doOther: { ...other!, path: '/do-other' } })).toThrow('Berth');
  });

  it('refuses a route whose params are not those of its path', () => {
    expect(() => documentOf({ getBoat: { ...boatRoutes.getBoat, path: '/v1/boats/{id}' } })).toThrow('params');
    expect(() => documentOf({ a: boatRoutes.getChart, b: boatRoutes.getChart })).toThrow('twice');
  });
});
