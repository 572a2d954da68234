import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import * as z from 'zod';
import { api } from '../../lambdas/http/api.ts';
import type { AccountCaller, Call } from '../../lambdas/http/call.ts';
import { freeText } from '../../lambdas/http/free-text.ts';
import { Problem } from '../../lambdas/http/problem.ts';
import { account, anyone, type HandlersFor, type Routes, rolesThatMay } from '../../lambdas/http/route.ts';
import type { Admission, Replay, Steps } from '../../lambdas/http/steps.ts';

export const PUBLIC_URL = 'https://api.example.test';
export const NOW = new Date('2026-11-21T08:00:00Z');

export const Boat = z.strictObject({
  name: z.string(),
  note: z.string().optional(),
  version: z.int().min(1),
});

/** A small harbour: one route for each thing that the kit does. */
export const boatRoutes = {
  getBoat: {
    summary: 'Read a boat',
    tag: 'People',
    method: 'GET',
    path: '/v1/boats/{boatId}',
    access: account,
    params: z.strictObject({ boatId: z.string().regex(/^boat_\w+$/) }),
    query: z.strictObject({ depth: z.coerce.number().int().optional(), wind: z.string().optional() }),
    success: { status: 200, body: Boat },
    problems: [],
    needs: [],
    versioned: true,
  },
  launchBoat: {
    summary: 'Launch a boat',
    tag: 'People',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/boats',
    access: rolesThatMay('person:manage'),
    params: z.strictObject({ organisationId: z.string() }),
    body: z.strictObject({
      name: z.string().min(1),
      note: freeText({ max: 200 }).optional(),
      crew: z.array(z.strictObject({ age: z.int() })).optional(),
    }),
    success: { status: 201, body: Boat },
    problems: ['name-taken'],
    needs: [],
    creates: true,
    versioned: true,
  },
  renameBoat: {
    summary: 'Rename a boat',
    tag: 'People',
    method: 'PATCH',
    path: '/v1/boats/{boatId}',
    access: account,
    params: z.strictObject({ boatId: z.string() }),
    body: z.strictObject({ name: z.string().min(1) }),
    success: { status: 200, body: Boat },
    problems: [],
    needs: [],
    versioned: true,
  },
  sinkBoat: {
    summary: 'Sink a boat',
    tag: 'People',
    method: 'DELETE',
    path: '/v1/boats/{boatId}',
    access: account,
    params: z.strictObject({ boatId: z.string() }),
    success: { status: 204 },
    problems: [],
    needs: [],
  },
  getChart: {
    summary: 'See the chart',
    tag: 'Contract',
    method: 'GET',
    path: '/chart',
    access: anyone,
    success: { status: 200, content: ['application/pdf', 'text/plain; charset=utf-8'] },
    problems: [],
    needs: [],
  },
} as const satisfies Routes;

export const boatHandlers: HandlersFor<typeof boatRoutes, Call> = {
  getBoat: async () => ({ name: 'Fram', version: 3 }),
  launchBoat: async ({ body }) => ({ name: body.name, version: 1 }),
  renameBoat: async ({ body, ifMatch }) => ({ name: body.name, version: ifMatch + 1 }),
  sinkBoat: async () => {},
  getChart: async () => ({ contentType: 'text/plain; charset=utf-8', content: 'Here be whales' }),
};

export const aCaller = (changes: Partial<AccountCaller> = {}): AccountCaller => ({
  accountId: 'acc_01jd8m3v5c2w7x9y4z6a8b0c1d' as AccountCaller['accountId'],
  sub: 'sub',
  originJti: 'origin',
  authTimeEpochSeconds: 1_795_000_000,
  accessToken: 'good',
  ...changes,
});

/** The platform's side, played in memory; it remembers what it was asked. */
export function fakeSteps(changes: Partial<Steps> = {}) {
  const admissions: Admission[] = [];
  const conclusions: unknown[] = [];
  const replays = new Map<string, Replay>();
  const steps: Steps = {
    async authenticate({ token }) {
      if (token !== 'good') throw new Problem('not-signed-in');
      return aCaller();
    },
    async admit(admission) {
      admissions.push(admission);
      const { requestId, now, language, origin } = admission;
      // No handler of the harbour keeps records; a Call without them is enough here.
      const call = { requestId, now, language, origin, newId: () => 'id' } as unknown as Call;
      return { call, replay: replays.get(admission.idempotency?.key ?? '') };
    },
    async conclude(_admission, answer) {
      conclusions.push(answer);
    },
    ...changes,
  };
  return { steps, admissions, conclusions, replays };
}

export interface SentRequest {
  readonly method?: string;
  readonly path: string;
  /** The pattern that API Gateway matched; the path itself unless given. */
  readonly route?: string;
  readonly params?: Record<string, string>;
  readonly query?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
}

/** A request as API Gateway hands it to a function (payload 2.0). */
export function anEvent(request: SentRequest): APIGatewayProxyEventV2 {
  const { method = 'GET', path, route = path, params, query = '', headers = {}, body } = request;
  return {
    version: '2.0',
    routeKey: `${method} ${route}`,
    rawPath: path,
    rawQueryString: query,
    headers,
    requestContext: {
      accountId: '000000000000',
      apiId: 'api',
      domainName: 'api.example.test',
      domainPrefix: 'api',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.7', userAgent: 'test/1' },
      requestId: 'req-1',
      routeKey: `${method} ${route}`,
      stage: '$default',
      time: '21/Nov/2026:08:00:00 +0000',
      timeEpoch: NOW.getTime(),
    },
    ...(params && { pathParameters: params }),
    ...(body !== undefined && { body: typeof body === 'string' ? body : Buffer.from(body).toString('base64') }),
    isBase64Encoded: body !== undefined && typeof body !== 'string',
  };
}

export interface Received {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  readonly text: string;
  /** The body as JSON; a test reads it as what it expects. */
  json<T = Record<string, unknown>>(): T;
  readonly isBase64: boolean;
}

/** The harbour's API: sends a request, gives the response and the log line. */
export function harbour(
  options: {
    handlers?: Partial<HandlersFor<typeof boatRoutes, Call>>;
    steps?: Partial<Steps>;
    /** What Lambda says is left of the function's time. */
    remainingMilliseconds?: number;
  } = {},
) {
  const fake = fakeSteps(options.steps);
  const lines: string[] = [];
  const handlers = { ...boatHandlers, ...options.handlers };
  const handle = api(boatRoutes, handlers, fake.steps, {
    publicUrl: PUBLIC_URL,
    gate: undefined,
    now: () => NOW,
    log: (line) => lines.push(line),
  });
  const send = async (request: SentRequest): Promise<Received> => {
    // Lambda hands over a context of its own for each request; the kit reads nothing of it but the time that is left.
    const getRemainingTimeInMillis = () => options.remainingMilliseconds ?? 10_000;
    const context = { getRemainingTimeInMillis } as Context & Parameters<typeof handle>[1];
    const response = await handle(anEvent(request), context);
    const text = response.body ?? '';
    return {
      status: response.statusCode ?? 0,
      headers: response.headers ?? {},
      text,
      json: () => JSON.parse(text),
      isBase64: response.isBase64Encoded ?? false,
    };
  };
  return { send, lines, ...fake };
}

/** The harbour as a client reaches it: what API Gateway does between the two, and nothing more. */
export const fetchFrom =
  (send: (request: SentRequest) => Promise<Received>): typeof fetch =>
  async (address, init) => {
    const url = new URL(String(address));
    const { method = 'GET' } = init ?? {};
    const found = Object.values<Routes[string]>(boatRoutes)
      .filter((route) => route.method === method)
      .map((route) => ({ route, match: patternOf(route.path).exec(url.pathname) }))
      .find(({ match }) => match);
    if (!found) return Response.json({ message: 'Not Found' }, { status: 404 });
    const { status, headers, text, isBase64 } = await send({
      method,
      path: url.pathname,
      route: found.route.path,
      query: url.search.slice(1),
      params: { ...found.match?.groups },
      headers: Object.fromEntries(new Headers(init?.headers)),
      ...(typeof init?.body === 'string' && { body: init.body }),
    });
    const body = isBase64 ? Buffer.from(text, 'base64') : text;
    return new Response(text === '' ? null : body, { status, headers: headers as Record<string, string> });
  };

const patternOf = (path: string) => new RegExp(`^${path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);

export const signedIn = { authorization: 'Bearer good' } as const;
export const aLaunch = (body: string | Uint8Array, headers: Record<string, string> = {}): SentRequest => ({
  method: 'POST',
  path: '/v1/organisations/org_1/boats',
  route: '/v1/organisations/{organisationId}/boats',
  params: { organisationId: 'org_1' },
  headers: {
    ...signedIn,
    'content-type': 'application/json',
    'idempotency-key': 'k1',
    'vern-role': 'rol_1',
    ...headers,
  },
  body,
});
export const aRename = (headers: Record<string, string> = {}): SentRequest => ({
  method: 'PATCH',
  path: '/v1/boats/boat_1',
  route: '/v1/boats/{boatId}',
  params: { boatId: 'boat_1' },
  headers: { ...signedIn, 'content-type': 'application/json', ...headers },
  body: '{"name":"Gjøa"}',
});
export const aRead = (headers: Record<string, string> = {}, query = ''): SentRequest => ({
  path: '/v1/boats/boat_1',
  route: '/v1/boats/{boatId}',
  params: { boatId: 'boat_1' },
  headers: { ...signedIn, ...headers },
  query,
});
