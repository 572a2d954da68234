import { describe, expect, it } from 'vitest';
import { type ClientOptions, clientFor, GatewayError, ProblemError } from '../../lambdas/http/client.ts';
import { Problem } from '../../lambdas/http/problem.ts';
import { boatHandlers, boatRoutes, fetchFrom, harbour, PUBLIC_URL } from './kit.ts';

/** A client that speaks with the harbour; `sent` are its requests, `waits` its pauses. */
function aClient(options: Parameters<typeof harbour>[0] & { client?: Partial<ClientOptions> } = {}) {
  const fake = harbour(options);
  const sent: { url: URL; headers: Headers }[] = [];
  const waits: number[] = [];
  const reach = fetchFrom(fake.send);
  const client = clientFor(boatRoutes, {
    baseUrl: `${PUBLIC_URL}/`,
    token: () => 'good',
    role: 'rol_1',
    fetch: async (url, init) => {
      sent.push({ url: new URL(String(url)), headers: new Headers(init?.headers) });
      return reach(url, init);
    },
    wait: async (milliseconds) => void waits.push(milliseconds),
    ...options.client,
  });
  return { client, sent, waits, ...fake };
}

const answering = (...responses: Response[]): typeof fetch => {
  const left = [...responses];
  return async () => left.shift() ?? Response.error();
};
const launch = { params: { organisationId: 'org_1' }, body: { name: 'Fram' } };

describe('the typed client', () => {
  it('creates, reads, changes and removes', async () => {
    const { client } = aClient();
    const { body: created, status } = await client.launchBoat(launch);
    expect({ created, status }).toEqual({ created: { name: 'Fram', version: 1 }, status: 201 });
    const { body: read, etag } = await client.getBoat({ params: { boatId: 'boat_1' }, query: { wind: 'sør' } });
    expect({ read, etag }).toEqual({ read: { name: 'Fram', version: 3 }, etag: '"3"' });
    const request = { params: { boatId: 'boat_1' }, body: { name: 'Gjøa' } };
    expect((await client.renameBoat({ ...request, ifMatch: '"3"' })).body).toEqual({ name: 'Gjøa', version: 4 });
    expect((await client.renameBoat({ ...request, ifMatch: 4 })).etag).toBe('"5"');
    expect((await client.sinkBoat({ params: { boatId: 'boat_1' } })).body).toBeUndefined();
    expect((await client.getChart()).body).toEqual({
      contentType: 'text/plain; charset=utf-8',
      content: 'Here be whales',
    });
  });

  it('does not compile with what the declarations do not have', () => {
    const { client } = aClient();
    const wrong = [
      // @ts-expect-error the body is demanded
      () => client.launchBoat({ params: { organisationId: 'org_1' } }),
      // @ts-expect-error the version is demanded
      () => client.renameBoat({ params: { boatId: 'boat_1' }, body: { name: 'Fram' } }),
      // @ts-expect-error a name is text
      () => client.launchBoat({ ...launch, body: { name: 7 } }),
      // @ts-expect-error nobody declared it
      () => client.raiseBoat(),
    ];
    expect(wrong).toHaveLength(4);
  });

  it('gives bytes and their file name', async () => {
    const content = new Uint8Array([0, 255, 7]);
    const getChart = async () => ({ contentType: 'application/pdf', content, filename: 'sjøkart.pdf' });
    const { client } = aClient({ handlers: { getChart } });
    expect((await client.getChart()).body).toEqual({
      contentType: 'application/pdf',
      content,
      filename: 'sjøkart.pdf',
    });
  });

  it('sends a fresh Idempotency-Key with each creating request, or the one it is given', async () => {
    const { client, sent } = aClient();
    await client.launchBoat(launch);
    await client.launchBoat(launch);
    await client.launchBoat({ ...launch, idempotencyKey: 'mine' });
    const keys = sent.map(({ headers }) => headers.get('idempotency-key'));
    expect(new Set(keys).size).toBe(3);
    expect(keys[2]).toBe('mine');
  });

  it('sends the role where one is asked for, and the token where anyone is not enough', async () => {
    const { client, sent } = aClient({ client: { language: 'en' } });
    await client.launchBoat({ ...launch, role: 'rol_2' });
    await client.getBoat({ params: { boatId: 'boat_1' } });
    await client.getChart();
    expect(sent.map(({ headers }) => [headers.get('vern-role'), headers.get('authorization')])).toEqual([
      ['rol_2', 'Bearer good'],
      [null, 'Bearer good'],
      [null, null],
    ]);
    expect(sent[0]?.headers.get('accept-language')).toBe('en');
  });

  it('escapes what it puts into the address', async () => {
    const { client, sent } = aClient();
    await client.sinkBoat({ params: { boatId: '../x?y' } }).catch(() => {});
    expect(sent[0]?.url.href).toBe(`${PUBLIC_URL}/v1/boats/..%2Fx%3Fy`);
  });

  it('throws what the service says', async () => {
    const { client } = aClient();
    const failure = await client.launchBoat({ ...launch, body: { name: '' } }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ProblemError);
    expect(failure).toMatchObject({
      status: 400,
      slug: 'malformed-request',
      problem: { errors: [{ pointer: '#/body/name' }] },
    });
  });

  it.each([
    [Response.json({ message: 'Unauthorized' }, { status: 401 }), 401, 'Unauthorized'],
    [new Response('<html>', { status: 502, statusText: 'Bad Gateway' }), 502, 'Bad Gateway'],
    [new Response(null, { status: 304, statusText: 'Not Modified' }), 304, 'Not Modified'],
  ])('throws what the gateway says by itself', async (response, status, message) => {
    const { client } = aClient({ client: { fetch: answering(response) } });
    const failure = await client.getChart().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(GatewayError);
    expect(failure).toMatchObject({ status, message: expect.stringContaining(message) });
  });

  it('tries once more when it is told to wait a little, with the same key', async () => {
    let tries = 0;
    const { client, sent, waits } = aClient({
      handlers: {
        launchBoat: async (...args) => {
          tries++;
          if (tries === 1) throw new Problem('busy', undefined, { retryAfterSeconds: 2 });
          return boatHandlers.launchBoat(...args);
        },
      },
    });
    expect((await client.launchBoat(launch)).status).toBe(201);
    expect(waits).toEqual([2000]);
    expect(sent[0]?.headers.get('idempotency-key')).toBe(sent[1]?.headers.get('idempotency-key'));
  });

  it.each([
    ['too long', 'busy', 6, 1],
    ['a second time', 'too-many-requests', 1, 2],
    ['without being told how long', 'busy', undefined, 1],
    ['after another refusal', 'name-taken', 1, 1],
  ] as const)('does not wait %s', async (_why, slug, retryAfterSeconds, tries) => {
    const { client, sent } = aClient({
      handlers: {
        launchBoat: async () => {
          throw new Problem(slug, undefined, retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
        },
      },
    });
    await expect(client.launchBoat(launch)).rejects.toMatchObject({ slug });
    expect(sent).toHaveLength(tries);
  });
});
