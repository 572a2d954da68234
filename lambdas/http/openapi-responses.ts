import type { SchemaCollection } from './openapi-schemas.ts';
import type { JsonSchema, OpenApiDocument, OpenApiResponse } from './openapi-types.ts';
import { Problem, type ProblemSlug, problems } from './problem.ts';
import { problemDocument } from './problem-document.ts';
import type { Route } from './route.ts';
import { isOpenAtGateway, problemsOf } from './route-facts.ts';

const instance = 'urn:vern:request:JKJaXmPLvHcESHA=';

export const errorSchemas: Readonly<Record<string, JsonSchema>> = {
  Problem: {
    type: 'object',
    description: 'A failure that the service explains (RFC 9457). `type` is the address of a page about it.',
    properties: {
      type: { type: 'string', format: 'uri-reference' },
      title: { type: 'string' },
      status: { type: 'integer', minimum: 400, maximum: 599 },
      detail: { type: 'string' },
      instance: { type: 'string', format: 'uri', description: 'Names the request; tell it when you ask for help.' },
      errors: {
        type: 'array',
        description: 'Each mistake in the request, by its place.',
        items: {
          type: 'object',
          properties: {
            pointer: {
              type: 'string',
              description: 'A JSON pointer into `{ params, query, body, headers }` (RFC 6901, section 6).',
              examples: ['#/body/email'],
            },
            detail: { type: 'string' },
          },
          required: ['pointer', 'detail'],
          additionalProperties: false,
        },
      },
    },
    required: ['type', 'title', 'status', 'instance'],
    additionalProperties: true,
  },
  GatewayError: {
    type: 'object',
    description: "Amazon API Gateway's own error: it answered before the service saw the request.",
    properties: { message: { type: 'string', examples: ['Unauthorized'] } },
    required: ['message'],
    additionalProperties: true,
  },
};

export const responseHeaders: OpenApiDocument['components']['headers'] = {
  ETag: {
    description: 'The version of the resource: send it back in `If-Match`.',
    schema: { type: 'string', examples: ['"3"'] },
  },
  'Retry-After': {
    description: 'How many seconds to wait before the next try.',
    schema: { type: 'integer', minimum: 1 },
  },
  'WWW-Authenticate': {
    description: 'How to sign in (RFC 6750, RFC 9470).',
    schema: { type: 'string', examples: ['Bearer error="invalid_token"'] },
  },
};

/** An example of each problem, as the service would answer it. */
export function problemExamples(slugs: Iterable<ProblemSlug>, publicUrl: string) {
  const examples = [...new Set(slugs)].sort().map((slug) => {
    const extensions =
      slug === 'malformed-request' || slug === 'forbidden-content'
        ? { errors: [{ pointer: '#/body/name', detail: 'What is wrong there.' }] }
        : {};
    const value = problemDocument(new Problem(slug, undefined, extensions), { publicUrl, instance });
    return [slug, { summary: problems[slug].title, value }] as const;
  });
  const unexpected = { type: 'about:blank', title: 'Internal Server Error', status: 500, instance };
  return Object.fromEntries([
    ...examples,
    ['unexpected', { summary: 'A mistake of ours', value: unexpected }] as const,
  ]);
}

export function responsesOf(route: Route, schemas: SchemaCollection): Record<string, OpenApiResponse> {
  const byStatus = Map.groupBy(problemsOf(route), (slug): number => problems[slug].status);
  const statuses = new Set([...byStatus.keys(), ...gatewayStatusesOf(route)]);
  const failures = [...statuses]
    .sort((a, b) => a - b)
    .map((status) => [String(status), failure(route, status, byStatus.get(status) ?? [])] as const);
  return { ...success(route, schemas), ...Object.fromEntries(failures) };
}

/** What API Gateway answers by itself; 404 only for addresses that no route declares. */
const gatewayStatusesOf = ({ access, body }: Route): number[] => [
  ...(isOpenAtGateway(access) ? [] : [401]),
  ...(body ? [413] : []),
  429,
  500,
  503,
];

function success(route: Route, schemas: SchemaCollection): Record<string, OpenApiResponse> {
  const { success, versioned, method } = route;
  const etag = versioned && success.status !== 204 ? { headers: { ETag: headerReference('ETag') } } : {};
  const notModified = { description: 'Unchanged since the version in `If-None-Match`; no body.', ...etag };
  const unchanged = versioned && method === 'GET' ? { 304: notModified } : {};
  if ('body' in success) {
    const content = { 'application/json': { schema: schemas.add(success.body, 'output') } };
    return {
      [success.status]: { description: successDescriptions[success.status], ...etag, content },
      ...unchanged,
    };
  }
  if ('content' in success) {
    const content = Object.fromEntries(success.content.map((type) => [type, {}]));
    return { 200: { description: successDescriptions[200], ...etag, content }, ...unchanged };
  }
  return { 204: { description: successDescriptions[204] } };
}

const successDescriptions = {
  200: 'Done.',
  201: 'Created.',
  202: 'Accepted; it is done after this answer.',
  204: 'Done; there is nothing to say.',
} as const;

function failure(route: Route, status: number, slugs: readonly ProblemSlug[]): OpenApiResponse {
  const isGateways = gatewayStatusesOf(route).includes(status);
  const examples = status === 500 ? ['unexpected'] : slugs;
  const lines = [
    ...slugs.map((slug) => `- \`${slug}\`: ${problems[slug].title}.`),
    ...(status === 500 ? ['- A mistake of ours; the answer does not say more.'] : []),
    ...(isGateways ? ['- `{ "message": … }`: Amazon API Gateway answered before the service.'] : []),
  ];
  return {
    description: lines.join('\n'),
    ...failureHeaders(status),
    content: {
      ...(examples.length > 0 && {
        'application/problem+json': {
          schema: { $ref: '#/components/schemas/Problem' },
          examples: Object.fromEntries(examples.map((slug) => [slug, { $ref: `#/components/examples/${slug}` }])),
        },
      }),
      ...(isGateways && { 'application/json': { schema: { $ref: '#/components/schemas/GatewayError' } } }),
    },
  };
}

function failureHeaders(status: number): Pick<OpenApiResponse, 'headers'> {
  if (status === 401) return { headers: { 'WWW-Authenticate': headerReference('WWW-Authenticate') } };
  if (status === 429 || status === 503) return { headers: { 'Retry-After': headerReference('Retry-After') } };
  return {};
}

const headerReference = (name: string) => ({ $ref: `#/components/headers/${name}` });
