import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ApiDeclaration, CorsDeclaration, RouteDeclaration } from '../../../local/gateway/api.ts';
import { gateway, SERVER_HEAD_BYTES_MAX } from '../../../local/gateway/gateway.ts';
import type { InvocationResult } from '../../../local/lambda/pool.ts';

const NOW = Date.UTC(2026, 10, 21, 19, 3, 58);
const functionArn = 'arn:aws:lambda:eu-west-1:000000000000:function:one';

function aRoute(routeKey: string, more: Partial<RouteDeclaration> = {}): RouteDeclaration {
  return {
    routeKey,
    functionArn,
    timeoutMilliseconds: 30_000,
    authorizer: undefined,
    scopes: [],
    throttle: undefined,
    ...more,
  };
}

type Invoke = (event: Event) => Promise<InvocationResult> | InvocationResult;
type Event = Record<string, unknown> & { readonly body?: string; readonly headers: Record<string, string> };

const answering = (result: unknown): InvocationResult => ({
  functionError: undefined,
  payload: JSON.stringify(result),
});

/** A running gateway; its function gives the event back unless told otherwise. */
async function aGateway(
  routes: readonly RouteDeclaration[],
  { invoke = answering, cors }: { invoke?: Invoke; cors?: CorsDeclaration } = {},
) {
  const api: ApiDeclaration = { apiId: 'abc123', stage: '$default', routes, cors, accessLog: undefined };
  const events: Event[] = [];
  const listener = gateway({
    api,
    clock: { now: () => NOW, offsetMilliseconds: 0 },
    authorize: async () => ({ claims: {}, scopes: null }),
    invoke: async (_, event) => {
      events.push(JSON.parse(event) as Event);
      return invoke(JSON.parse(event) as Event);
    },
  });
  const server = createServer({ maxHeaderSize: SERVER_HEAD_BYTES_MAX }, listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as { port: number };
  return { url: `http://127.0.0.1:${port}`, port, events };
}

describe('the event', () => {
  it('has payload format 2.0', async () => {
    const { url, port } = await aGateway([aRoute('POST /orgs/{orgId}/people')]);
    const response = await fetch(`${url}/orgs/a%20b/people?limit=2&tag=x&tag=y%2Cz&empty=`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Many': 'one', Cookie: 'a=1; b=2', 'user-agent': 'tester' },
      body: '{"name":"Åse"}',
    });
    const event = (await response.json()) as Event;
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'POST /orgs/{orgId}/people',
      rawPath: '/orgs/a b/people',
      rawQueryString: 'limit=2&tag=x&tag=y%2Cz&empty=',
      cookies: ['a=1', 'b=2'],
      queryStringParameters: { limit: '2', tag: 'x,y,z', empty: '' },
      pathParameters: { orgId: 'a b' },
      body: '{"name":"Åse"}',
      isBase64Encoded: false,
      requestContext: {
        accountId: '000000000000',
        apiId: 'abc123',
        domainName: `127.0.0.1:${port}`,
        http: {
          method: 'POST',
          path: '/orgs/a b/people',
          protocol: 'HTTP/1.1',
          sourceIp: '127.0.0.1',
          userAgent: 'tester',
        },
        routeKey: 'POST /orgs/{orgId}/people',
        stage: '$default',
        time: '21/Nov/2026:19:03:58 +0000',
        timeEpoch: NOW,
      },
    });
    expect(event.headers).toMatchObject({
      'content-type': 'application/json',
      'x-many': 'one',
      'x-forwarded-for': '127.0.0.1',
    });
    expect(event.headers).not.toHaveProperty('cookie');
    expect(event['requestContext']).not.toHaveProperty('authorizer');
  });

  it('has neither body, query nor path parameters where the request has none', async () => {
    const { url } = await aGateway([aRoute('GET /health')]);
    const event = await (await fetch(`${url}/health`)).json();
    for (const absent of ['body', 'queryStringParameters', 'pathParameters', 'cookies'])
      expect(event).not.toHaveProperty(absent);
    expect(event).toMatchObject({ rawQueryString: '', isBase64Encoded: false });
  });

  it.each([
    ['application/octet-stream', true],
    ['image/png', true],
    ['application/x-www-form-urlencoded', true],
    ['text/csv; charset=utf-8', false],
    ['application/json; charset=utf-8', false],
    ['application/xml', false],
  ])('holds a body of %s in Base64: %s', async (contentType, isBase64Encoded) => {
    const { url, events } = await aGateway([aRoute('POST /files')]);
    await fetch(`${url}/files`, { method: 'POST', headers: { 'content-type': contentType }, body: 'bytes' });
    expect(events).toMatchObject([{ isBase64Encoded, body: isBase64Encoded ? 'Ynl0ZXM=' : 'bytes' }]);
  });

  it('joins a repeated header with commas', async () => {
    const { url, events } = await aGateway([aRoute('GET /')]);
    const outgoing = request(`${url}/`, { headers: { 'x-role': ['a', 'b'] } }).end();
    await once(outgoing, 'response');
    expect(events[0]?.headers['x-role']).toMatch(/^a, ?b$/);
  });
});

describe('the answer', () => {
  it('is what the function says', async () => {
    const result = {
      statusCode: 201,
      headers: { ETag: '"1"', 'Content-Type': 'application/json' },
      cookies: ['a=1; Secure', 'b=2'],
      body: '{}',
    };
    const { url } = await aGateway([aRoute('GET /')], { invoke: () => answering(result) });
    const response = await fetch(url);
    expect(response.status).toBe(201);
    expect(response.headers.get('etag')).toBe('"1"');
    expect(response.headers.getSetCookie()).toEqual(['a=1; Secure', 'b=2']);
    expect(response.headers.get('date')).toBe('Sat, 21 Nov 2026 19:03:58 GMT');
    expect(await response.text()).toBe('{}');
  });

  it.each([
    [
      'bytes from Base64',
      { statusCode: 200, body: 'w6Y=', isBase64Encoded: true },
      200,
      'æ',
      'text/plain;charset=UTF-8',
    ],
    ['JSON from a bare result', { hello: 'you' }, 200, '{"hello":"you"}', 'application/json'],
    ['text from a bare text', 'hello', 200, 'hello', 'application/json'],
    ['no body', { statusCode: 204 }, 204, '', 'text/plain;charset=UTF-8'],
  ])('makes %s', async (_, result, status, body, contentType) => {
    const { url } = await aGateway([aRoute('GET /')], { invoke: () => answering(result) });
    const response = await fetch(url);
    expect([response.status, await response.text(), response.headers.get('content-type')]).toEqual([
      status,
      body,
      contentType,
    ]);
  });

  it.each([
    ['no number as status', { statusCode: 'fine' }],
    ['an object as body', { statusCode: 200, body: { a: 1 } }],
    ['text as cookies', { statusCode: 200, cookies: 'a=1' }],
  ])('is a 500 of the gateway for %s', async (_, result) => {
    const { url } = await aGateway([aRoute('GET /')], { invoke: () => answering(result) });
    const response = await fetch(url);
    expect([response.status, await response.json()]).toEqual([500, { message: 'Internal Server Error' }]);
  });

  it('tells nothing of an error in the function', async () => {
    const { url } = await aGateway([aRoute('GET /')], {
      invoke: () => ({ functionError: 'Unhandled', payload: '{"errorMessage":"secret"}' }),
    });
    const response = await fetch(url);
    expect([response.status, await response.text()]).toEqual([500, '{"message":"Internal Server Error"}']);
  });
});

describe('the gateway by itself', () => {
  it('answers 404 where no route matches, and calls nobody', async () => {
    const { url, events } = await aGateway([aRoute('GET /here')]);
    const response = await fetch(`${url}/there`);
    expect([response.status, await response.json(), events.length]).toEqual([404, { message: 'Not Found' }, 0]);
  });

  it('answers 503 when the function takes longer than the integration may', async () => {
    const { url } = await aGateway([aRoute('GET /', { timeoutMilliseconds: 20 })], {
      invoke: () => new Promise(() => {}),
    });
    const response = await fetch(url);
    expect([response.status, await response.json()]).toEqual([503, { message: 'Service Unavailable' }]);
  });

  it('refuses a body over 10 MB, and what Lambda would not take', async () => {
    const { url, events } = await aGateway([aRoute('POST /')]);
    for (const body of [Buffer.alloc(10 * 1024 * 1024 + 1), Buffer.alloc(5 * 1024 * 1024)]) {
      const response = await fetch(url, { method: 'POST', body });
      expect([response.status, await response.json()]).toEqual([413, { message: 'Request Entity Too Large' }]);
    }
    expect(events).toEqual([]);
  });

  it('refuses request line and headers over 10,240 bytes together', async () => {
    const { url } = await aGateway([aRoute('GET /')]);
    expect((await fetch(url, { headers: { 'x-large': 'x'.repeat(9_500) } })).status).toBe(200);
    const response = await fetch(url, { headers: { 'x-large': 'x'.repeat(10_240) } });
    expect([response.status, await response.json()]).toEqual([431, { message: 'Request Header Fields Too Large' }]);
  });

  it('refuses the name of another host, as DNS rebinding would bring it', async () => {
    const { port } = await aGateway([aRoute('GET /')]);
    const socket = connect(port, '127.0.0.1').end('GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n');
    expect(Buffer.concat((await socket.toArray()) as Buffer[]).toString()).toMatch(
      /^HTTP\/1\.1 403 [\s\S]*{"message":"Forbidden"}$/,
    );
  });

  it('throttles as the stage declares', async () => {
    const { url } = await aGateway([
      aRoute('GET /', { throttle: { requestsPerSecond: 0.001, burst: 2 } }),
      aRoute('GET /free'),
    ]);
    const statuses: number[] = [];
    for (const path of ['/', '/', '/', '/free']) statuses.push((await fetch(`${url}${path}`)).status);
    expect(statuses).toEqual([200, 200, 429, 200]);
  });

  it('takes HEAD where the path has ANY, and says no length of what it does not send', async () => {
    const { url, events } = await aGateway([aRoute('ANY /page'), aRoute('POST /page'), aRoute('GET /old')], {
      invoke: () => answering({ statusCode: 200, headers: { 'content-type': 'text/html' } }),
    });
    const response = await fetch(`${url}/page`, { method: 'HEAD' });
    expect([response.status, response.headers.get('content-length'), await response.text()]).toEqual([200, null, '']);
    expect(events[0]).toMatchObject({ routeKey: 'ANY /page', requestContext: { http: { method: 'HEAD' } } });
    expect((await fetch(`${url}/old`, { method: 'HEAD' })).status).toBe(404);
  });
});

describe('CORS', () => {
  const cors: CorsDeclaration = {
    origins: ['https://app.example'],
    methods: ['GET', 'POST'],
    headers: ['authorization', 'vern-role'],
    exposedHeaders: ['etag'],
    allowsCredentials: false,
    maxAgeSeconds: 600,
  };
  const preflight = (url: string, origin: string) =>
    fetch(`${url}/any`, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } });

  it('is answered for a declared origin without calling the function', async () => {
    const { url, events } = await aGateway([aRoute('POST /any')], { cors });
    const response = await preflight(url, 'https://app.example');
    expect(response.status).toBe(204);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'access-control-allow-origin': 'https://app.example',
      'access-control-allow-methods': 'GET,POST',
      'access-control-allow-headers': 'authorization,vern-role',
      'access-control-max-age': '600',
    });
    expect(events).toEqual([]);
  });

  it.each(['https://app.example.evil', 'http://app.example', 'null'])('allows nothing to %s', async (origin) => {
    const { url } = await aGateway([aRoute('POST /any')], { cors });
    const answers = [await preflight(url, origin), await fetch(`${url}/any`, { method: 'POST', headers: { origin } })];
    for (const { headers } of answers) expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  it('stands on every answer, errors too, and replaces what the function says', async () => {
    const invoke = () => answering({ statusCode: 200, headers: { 'Access-Control-Allow-Origin': '*' }, body: '' });
    const { url } = await aGateway([aRoute('GET /')], { cors, invoke });
    const headers = { origin: 'https://app.example' };
    for (const path of ['/', '/nowhere']) {
      const answer = await fetch(`${url}${path}`, { headers });
      expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example');
      expect(answer.headers.get('access-control-expose-headers')).toBe('etag');
    }
    expect((await fetch(url)).headers.get('access-control-allow-origin')).toBeNull();
  });
});
