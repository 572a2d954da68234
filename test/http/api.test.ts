import { describe, expect, it } from 'vitest';
import { Problem } from '../../lambdas/http/problem.ts';
import { aLaunch, aRead, aRename, boatHandlers, harbour, NOW, PUBLIC_URL, type SentRequest, signedIn } from './kit.ts';
import { nastyText } from './nasty-text.ts';

describe('who may call', () => {
  it('refuses a request without a token, and says which scheme to use', async () => {
    const response = await harbour().send({ ...aRead(), headers: {} });
    expect(response.status).toBe(401);
    expect(response.headers['www-authenticate']).toBe('Bearer');
    expect(response.json()).toMatchObject({ type: `${PUBLIC_URL}/problems/not-signed-in` });
  });

  it.each(['Bearer bad', 'Basic good', 'Bearer', 'Bearer good good'])('refuses `%s`', async (authorization) => {
    const response = await harbour().send(aRead({ authorization }));
    expect(response.status).toBe(401);
    expect(response.headers['www-authenticate']).toBe('Bearer error="invalid_token"');
  });

  it('tells a caller with a stale proof to sign in again (RFC 9470)', async () => {
    const { send } = harbour({
      steps: {
        admit: async () => {
          throw new Problem('fresh-proof-required');
        },
      },
    });
    const response = await send(aRead());
    expect(response.status).toBe(401);
    expect(response.headers['www-authenticate']).toContain('insufficient_user_authentication');
  });

  it('asks for no token where anyone may call, and looks at none', async () => {
    const { send, admissions } = harbour();
    const response = await send({ path: '/chart', headers: { authorization: 'Bearer bad' } });
    expect(response.status).toBe(200);
    expect(admissions[0]).toMatchObject({ account: undefined, roleHeader: undefined });
  });

  it('authenticates before it validates: a stranger learns nothing of the schema', async () => {
    const response = await harbour().send({ ...aLaunch('{"nonsense":1}'), headers: {} });
    expect(response.status).toBe(401);
  });

  it('hands the platform what it needs to decide, once it is valid', async () => {
    const { send, admissions } = harbour();
    await send(aLaunch('{ "name": "Fram" }', { 'accept-language': 'en' }));
    expect(admissions).toMatchObject([
      {
        requestId: 'req-1',
        routeId: 'launchBoat',
        input: { params: { organisationId: 'org_1' }, body: { name: 'Fram' } },
        account: { sub: 'sub' },
        roleHeader: 'rol_1',
        language: 'en',
        origin: { sourceIp: '192.0.2.7', userAgent: 'test/1' },
        now: NOW,
      },
    ]);
  });

  it('passes `Vern-Role` on only where a role is asked for', async () => {
    const { send, admissions } = harbour();
    await send(aRead({ 'vern-role': 'rol_1' }));
    expect(admissions[0]?.roleHeader).toBeUndefined();
  });

  it('calls no handler when access is refused', async () => {
    let calls = 0;
    const { send } = harbour({
      handlers: {
        getBoat: async (...args) => {
          calls++;
          return boatHandlers.getBoat(...args);
        },
      },
      steps: {
        admit: async () => {
          throw new Problem('not-allowed');
        },
      },
    });
    expect((await send(aRead())).status).toBe(403);
    expect(calls).toBe(0);
  });
});

describe('preconditions', () => {
  it('demands an Idempotency-Key of a creating request', async () => {
    const { 'idempotency-key': _, ...headers } = aLaunch('').headers ?? {};
    const response = await harbour().send({ ...aLaunch('{"name":"Fram"}'), headers });
    expect(response.status).toBe(400);
    expect(response.json()['type']).toBe(`${PUBLIC_URL}/problems/idempotency-key-required`);
  });

  it.each(['', 'with space', 'æ', 'x'.repeat(129)])('refuses the Idempotency-Key `%s`', async (key) => {
    const response = await harbour().send(aLaunch('{"name":"Fram"}', { 'idempotency-key': key }));
    expect(response.json()).toMatchObject({ status: 400, errors: [{ pointer: '#/headers/idempotency-key' }] });
  });

  it('binds the key to the same request, however its JSON is written', async () => {
    const { send, admissions } = harbour();
    await send(aLaunch('{"name":"Fram","note":"x"}'));
    await send(aLaunch('{ "note":"\\u0078",\n"name":"Fram"}'));
    await send(aLaunch('{"name":"Fram","note":"y"}'));
    const [first, second, third] = admissions.map(({ idempotency }) => idempotency?.request);
    expect(first).toBe('POST /v1/organisations/org_1/boats?\n{"name":"Fram","note":"x"}');
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it('answers a repeated request from the stored answer, and does nothing again', async () => {
    const { send, replays, conclusions } = harbour({
      handlers: {
        launchBoat: async () => {
          throw new Error('launched twice');
        },
      },
    });
    replays.set('k1', { status: 201, body: { name: 'Fram', version: 1 } });
    const response = await send(aLaunch('{"name":"Fram"}'));
    expect(response).toMatchObject({ status: 201, headers: { etag: '"1"' } });
    expect(response.json()).toEqual({ name: 'Fram', version: 1 });
    expect(conclusions).toEqual([]);
  });

  it('demands If-Match of a change to something versioned', async () => {
    const response = await harbour().send(aRename());
    expect(response.status).toBe(428);
  });

  it('tells an outsider that there is nothing rather than that If-Match is missing', async () => {
    const { send } = harbour({
      steps: {
        admit: async () => {
          throw new Problem('person-not-found');
        },
      },
    });
    expect((await send(aRename())).status).toBe(404);
  });

  it.each(['*', 'W/"3"', '3', '"03"', '"x"', '"3", "4"', '""'])('refuses If-Match %s', async (ifMatch) => {
    const response = await harbour().send(aRename({ 'if-match': ifMatch }));
    expect(response.json()).toMatchObject({ status: 400, errors: [{ pointer: '#/headers/if-match' }] });
  });

  it('hands the version in If-Match to the handler, and gives the next one back', async () => {
    const response = await harbour().send(aRename({ 'if-match': '"3"' }));
    expect(response).toMatchObject({ status: 200, headers: { etag: '"4"' } });
  });
});

describe('the answer', () => {
  it('carries the version as its ETag', async () => {
    expect((await harbour().send(aRead())).headers['etag']).toBe('"3"');
  });

  it.each(['"3"', 'W/"3"', '"1", "3"', '*'])('is 304 without a body for If-None-Match %s', async (known) => {
    const { send, conclusions } = harbour();
    const response = await send(aRead({ 'if-none-match': known }));
    expect(response).toMatchObject({ status: 304, text: '', headers: { etag: '"3"' } });
    expect(conclusions, 'the read is recorded all the same').toHaveLength(1);
  });

  it('is whole for another version', async () => {
    expect((await harbour().send(aRead({ 'if-none-match': '"2"' }))).status).toBe(200);
  });

  it('never carries a field that its schema does not declare', async () => {
    const stored = { name: 'Fram', version: 1, secret: 'under the floor' };
    const response = await harbour({ handlers: { getBoat: async () => stored } }).send(aRead());
    expect(response.status).toBe(500);
    expect(response.text).not.toContain('floor');
  });

  it('does not leave before the platform has concluded', async () => {
    const { send } = harbour({
      steps: {
        conclude: async () => {
          throw new Error('the read could not be recorded');
        },
      },
    });
    const response = await send(aRead());
    expect(response.status).toBe(500);
    expect(response.text).not.toContain('Fram');
  });

  it('has no body when there is nothing to say', async () => {
    const response = await harbour().send({ ...aRead(), method: 'DELETE' });
    expect(response).toMatchObject({ status: 204, text: '' });
  });

  it('has headers that keep it out of caches, frames and guesses, also when it is a problem', async () => {
    const { send } = harbour();
    for (const response of [await send(aRead()), await send({ ...aRead(), headers: {} })]) {
      expect(response.headers).toMatchObject({
        'cache-control': 'no-store',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'referrer-policy': 'no-referrer',
        'strict-transport-security': expect.stringContaining('max-age='),
        'x-content-type-options': 'nosniff',
      });
    }
  });

  it('gives bytes as base64, under a file name that cannot break out of its header', async () => {
    const content = new Uint8Array([0, 255, 128]);
    const filename = 'Sjø "kart"\r\n../x.pdf';
    const { send } = harbour({
      handlers: { getChart: async () => ({ contentType: 'application/pdf', content, filename }) },
    });
    const response = await send({ path: '/chart' });
    expect(response).toMatchObject({ isBase64: true, text: Buffer.from(content).toString('base64') });
    expect(response.headers['content-disposition']).toBe(
      `attachment; filename="Sj_ _kart___.._x.pdf"; filename*=UTF-8''Sj%C3%B8%20_kart___.._x.pdf`,
    );
  });

  it('is never of a type that the route does not declare', async () => {
    const { send } = harbour({
      handlers: { getChart: async () => ({ contentType: 'text/html', content: '<script>' }) },
    });
    expect((await send({ path: '/chart' })).status).toBe(500);
  });
});

describe('problems', () => {
  it('are RFC 9457 documents that name the request', async () => {
    const { send } = harbour({
      handlers: {
        launchBoat: async () => {
          throw new Problem('name-taken', 'Another boat is called that.', { hint: 'Fram II', status: 200 });
        },
      },
    });
    const response = await send(aLaunch('{"name":"Fram"}'));
    expect(response).toMatchObject({ status: 409, headers: { 'content-type': 'application/problem+json' } });
    expect(response.json()).toEqual({
      type: `${PUBLIC_URL}/problems/name-taken`,
      title: 'Another one already has this name',
      status: 409,
      detail: 'Another boat is called that.',
      instance: 'urn:vern:request:req-1',
      hint: 'Fram II',
    });
  });

  it('say how long to wait, in whole seconds', async () => {
    const { send } = harbour({
      handlers: {
        getBoat: async () => {
          throw new Problem('busy', undefined, { retryAfterSeconds: 0.2 });
        },
      },
    });
    expect((await send(aRead())).headers['retry-after']).toBe('1');
  });

  it('answer an address that nobody declared', async () => {
    expect((await harbour().send({ path: '/v1/whales' })).json()).toMatchObject({ status: 404 });
  });

  it.each([new Error('Kari Nordmann lives here'), 'Kari Nordmann', null])(
    'hide what was not expected',
    async (thrown) => {
      const { send } = harbour({
        handlers: {
          getBoat: async () => {
            throw thrown;
          },
        },
      });
      const response = await send(aRead());
      expect(response.status).toBe(500);
      expect(response.json()).toEqual({
        type: 'about:blank',
        title: 'Internal Server Error',
        status: 500,
        instance: 'urn:vern:request:req-1',
      });
    },
  );
});

describe('the log line', () => {
  it('says what was asked for and how it went, as metrics too', async () => {
    const { send, lines } = harbour();
    await send(aRead());
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      requestId: 'req-1',
      route: 'GET /v1/boats/{boatId}',
      status: 200,
      durationMilliseconds: 0,
      requests: 1,
      _aws: { Timestamp: NOW.getTime(), CloudWatchMetrics: [{ Namespace: 'Vern' }] },
    });
  });

  it('has no body, path, query, address, token or id of a person', async () => {
    const { send, lines } = harbour();
    await send(aLaunch('{"name":"Kari Nordmann"}', { 'user-agent': 'Lynx' }));
    await send(aRead({}, 'wind=Kari'));
    await send(aRead({}, 'depth=Kari'));
    await send({ ...aRead(), path: '/v1/whales/Kari', route: '/v1/whales/Kari' });
    expect(lines).toHaveLength(4);
    for (const secret of ['Kari', '192.0.2.7', 'test/1', 'Lynx', 'good', 'boat_1', 'org_1', 'rol_1', 'acc_']) {
      expect(lines.join()).not.toContain(secret);
    }
  });

  it('names an expected failure by its slug and without a stack', async () => {
    const { send, lines } = harbour();
    await send({ ...aRead(), headers: {} });
    const line = JSON.parse(lines[0] ?? '');
    expect(line).toMatchObject({ status: 401, problem: 'not-signed-in', clientErrors: 1, serverErrors: 0 });
    expect(line).not.toHaveProperty('error');
  });

  it('names a bug by its name and frames, never by its message, however that is written', async () => {
    const message = 'Kari\n    at Nordmann (file:///kari/nordmann.ts:1:2)';
    const cause = new TypeError('Ola Nordmann');
    const { send, lines } = harbour({
      handlers: {
        getBoat: async () => {
          throw Object.assign(new Error(message, { cause }), { name: 'ConditionalCheckFailed' });
        },
      },
    });
    await send(aRead());
    expect(lines[0]).not.toMatch(/Kari|Ola|Nordmann/i);
    const line = JSON.parse(lines[0] ?? '');
    expect(line).toMatchObject({ status: 500, serverErrors: 1, error: { name: 'ConditionalCheckFailed' } });
    expect(line.error.frames[0]).toMatch(/api\.test\.ts:\d+:\d+/);
    expect(line.error.cause.name).toBe('TypeError');
  });

  it('is written also when the handler never comes back', async () => {
    const { send, lines } = harbour({ handlers: { getBoat: () => new Promise(() => {}) }, remainingMilliseconds: 101 });
    expect((await send(aRead())).status).toBe(500);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ status: 500, error: { name: 'TimeoutError' } });
  });

  it('never trusts the name of an error', async () => {
    const { send, lines } = harbour({
      handlers: {
        getBoat: async () => {
          throw Object.assign(new Error(), { name: 'Kari Nordmann' });
        },
      },
    });
    await send(aRead());
    expect(JSON.parse(lines[0] ?? '').error.name).toBe('Error');
  });
});

describe('what the caller sends', () => {
  it('names every mistake by its place, and repeats no value', async () => {
    const body = '{"name":"","note":7,"crew":[{"age":"Kari"}],"a/b~c":"Nordmann"}';
    const response = await harbour().send(aLaunch(body));
    expect(response.status).toBe(400);
    const { errors } = response.json<{ errors: { pointer: string }[] }>();
    expect(errors.map(({ pointer }) => pointer).sort()).toEqual([
      '#/body/a~1b~0c',
      '#/body/crew/0/age',
      '#/body/name',
      '#/body/note',
    ]);
    expect(response.text).not.toMatch(/Kari|Nordmann/);
  });

  it('names at most twenty mistakes', async () => {
    const body = JSON.stringify({
      name: 'x',
      ...Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`f${n}`, n])),
    });
    expect((await harbour().send(aLaunch(body))).json<{ errors: unknown[] }>().errors).toHaveLength(20);
  });

  it('is refused as forbidden content when free text holds a card number (CE-09)', async () => {
    const response = await harbour().send(aLaunch('{"name":"Fram","note":"pay with 4111 1111 1111 1111"}'));
    expect(response.json()).toMatchObject({
      type: `${PUBLIC_URL}/problems/forbidden-content`,
      status: 400,
      errors: [{ pointer: '#/body/note' }],
    });
    expect(response.text).not.toContain('4111');
  });

  it.each(['text/plain', 'application/json; charset=iso-8859-1', 'application/jsonp', ''])(
    'is refused with the content type `%s`',
    async (contentType) => {
      expect((await harbour().send(aLaunch('{"name":"Fram"}', { 'content-type': contentType }))).status).toBe(415);
    },
  );

  it.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"'])(
    'is read with the content type `%s`',
    async (contentType) => {
      expect((await harbour().send(aLaunch('{"name":"Fram"}', { 'content-type': contentType }))).status).toBe(201);
    },
  );

  it('may come as base64', async () => {
    const response = await harbour().send(aLaunch(Buffer.from('{"name":"Gjøa"}')));
    expect(response.json()).toMatchObject({ name: 'Gjøa' });
  });

  it('may be 256 KB long and no longer', async () => {
    const filled = (bytes: number) => `{"name":"${'x'.repeat(bytes - '{"name":""}'.length)}"}`;
    expect((await harbour().send(aLaunch(filled(262_144)))).status).toBe(201);
    expect((await harbour().send(aLaunch(filled(262_145)))).status).toBe(413);
  });

  it('may have no body where none is declared', async () => {
    const response = await harbour().send({ ...aRead(), method: 'DELETE', body: '{}' });
    expect(response.json()).toMatchObject({ status: 400, errors: [{ pointer: '#/body' }] });
  });

  it('may be a form that nobody reads, as RFC 8058 has mail programs send it', async () => {
    const headers = { ...signedIn, 'content-type': 'application/x-www-form-urlencoded' };
    const response = await harbour().send({ ...aRead(headers), method: 'DELETE', body: 'List-Unsubscribe=One-Click' });
    expect(response.status).toBe(204);
  });

  it.each([
    ['depth=1&depth=1', '#/query/depth'],
    ['dept=1', '#/query/dept'],
    ['depth=x', '#/query/depth'],
    ['wind=%C3', '#/query'],
    ['wind=%00', '#/query'],
    ['__proto__=1', '#/query/__proto__'],
    ['constructor=1', '#/query/constructor'],
  ])('is refused with the query %s', async (query, pointer) => {
    expect((await harbour().send(aRead({}, query))).json()).toMatchObject({ status: 400, errors: [{ pointer }] });
  });

  it('reads the query as a form writes it', async () => {
    const { send, admissions } = harbour();
    await send(aRead({}, 'depth=4&wind=s%C3%B8r+vest=&'));
    expect(admissions[0]?.input.query).toEqual({ depth: 4, wind: 'sør vest=' });
  });

  it('may have no query where none is declared', async () => {
    expect((await harbour().send({ path: '/chart', query: 'x=1' })).json()).toMatchObject({
      status: 400,
      errors: [{ pointer: '#/query/x' }],
    });
  });

  it.each(['boat_%C3', 'boat_%00', 'boat_\uFFFD', 'boat_\n'])('is refused with the id %j', async (boatId) => {
    const response = await harbour().send({ ...aRead(), method: 'DELETE', params: { boatId } });
    expect(response.json()).toMatchObject({ status: 400, errors: [{ pointer: '#/params/boatId' }] });
  });

  it.each(nastyText)('breaks nothing with the text %j', async (text) => {
    const { send, lines } = harbour();
    const responses = [
      await send(aLaunch(JSON.stringify({ name: text, note: text }))),
      await send(aLaunch(`{${JSON.stringify(text)}:1}`)),
      await send(aLaunch(text)),
      await send(aRead({}, `wind=${encodeURIComponent(text)}`)),
      await send(aRead({}, `${encodeURIComponent(text)}=1`)),
      await send(aRead({}, text)),
      await send({ ...aRead(), method: 'DELETE', params: { boatId: text } }),
      await send(aRead({ 'accept-language': text, 'if-none-match': text })),
      await send(aLaunch('{"name":"Fram"}', { 'idempotency-key': text })),
    ];
    expect(responses.filter(({ status }) => status >= 500)).toEqual([]);
    for (const { headers } of responses) expect(JSON.stringify(headers)).not.toMatch(/\\r|\\n/);
    expect(lines).toHaveLength(responses.length);
  });

  it('is refused with an id that is none', async () => {
    const response = await harbour().send({ ...aRead(), params: { boatId: 'ship_1' } });
    expect(response.json()).toMatchObject({ status: 400, errors: [{ pointer: '#/params/boatId' }] });
  });

  it('is one request at a time: nothing of one is seen in the next', async () => {
    const { send, admissions } = harbour();
    await send(aLaunch('{"name":"Fram"}'));
    await send(aRead());
    expect(admissions[1]).toMatchObject({ routeId: 'getBoat', idempotency: undefined });
    expect(admissions[1]?.input.body).toBeUndefined();
    await send({ path: '/chart' });
    expect(admissions[2]?.input).toEqual({ params: undefined, query: undefined, body: undefined, ifMatch: undefined });
  });
});

describe('HEAD', () => {
  const asHead = (request: SentRequest): SentRequest => ({ ...request, method: 'HEAD' });

  it.each([
    ['a resource', aRead()],
    ['a page for anyone', { path: '/chart' }],
    ['a resource that the caller knows', aRead({ 'if-none-match': '"3"' })],
    ['a stranger', { ...aRead(), headers: {} }],
    ['a malformed request', { ...aRead(), query: 'sails=2' }],
  ])('of %s has status and headers of GET, and no body (RFC 9110, section 9.3.2)', async (_, request) => {
    const got = await harbour().send(request);
    const looked = await harbour().send(asHead(request));
    expect(looked).toMatchObject({ status: got.status, headers: got.headers, text: '', isBase64: false });
  });

  it('is refused where there is no GET', async () => {
    expect((await harbour().send(asHead(aLaunch('{}')))).status).toBe(404);
  });

  it('tells the handler that nobody will read its answer', async () => {
    const { send, admissions } = harbour();
    await send(aRead());
    await send(asHead(aRead()));
    expect(admissions.map(({ headersOnly }) => headersOnly)).toEqual([undefined, true]);
  });

  it('is logged under the declared route', async () => {
    const { send, lines } = harbour();
    await send(asHead(aRead()));
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ route: 'GET /v1/boats/{boatId}', status: 200 });
  });
});
