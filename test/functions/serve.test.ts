import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { FetchError } from 'aws-jwt-verify/error';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { grantRole } from '../../lambdas/features/access/grant-role.ts';
import { roleSessionRef } from '../../lambdas/features/access/role.ts';
import { accountOwner, accountRef } from '../../lambdas/features/accounts/account.ts';
import { factsOfToken, serveOn } from '../../lambdas/functions/serve.ts';
import type { Call } from '../../lambdas/http/call.ts';
import { OrganisationId, PersonId, type RoleId } from '../../lambdas/http/ids.ts';
import { account, anyone, type HandlersFor, type Route, type Routes, rolesThatMay } from '../../lambdas/http/route.ts';
import { problemsOf } from '../../lambdas/http/route-facts.ts';
import { openRecords } from '../../lambdas/platform/open-records.ts';
import { Busy, Closed, StaleVersion } from '../../lambdas/platform/records.ts';
import { startDynamoDb, type TestDynamoDb } from '../support/dynoxide.ts';
import { anOrganisation, aPerson, aService, type SignedIn, someoneWith } from '../support/service.ts';
import { anId, aStore, type TestStore } from '../support/store.ts';

let db: TestDynamoDb;
let store: TestStore;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  store = await aStore(db.client, await db.createTables(), ['operator']);
});

const said = { status: 200, body: z.strictObject({ ok: z.boolean() }) } as const;
const plain = { summary: 'A route', tag: 'Me', success: said, problems: [], needs: [] } as const;
const ofPerson = z.strictObject({ organisationId: OrganisationId, personId: PersonId });
const routes = {
  read: { ...plain, method: 'GET', path: '/v1/me/thing', access: account },
  change: { ...plain, method: 'POST', path: '/v1/me/things', access: account },
  create: { ...plain, method: 'POST', path: '/v1/me/new-things', access: account, creates: true },
  public: { ...plain, method: 'POST', path: '/v1/open', access: anyone },
  publicLink: { ...plain, method: 'POST', path: '/v1/link', access: anyone, problems: ['link-not-found'] },
  ofOrganisation: {
    ...plain,
    method: 'POST',
    path: '/v1/organisations/{organisationId}/things',
    access: rolesThatMay('person:manage'),
    params: z.strictObject({ organisationId: OrganisationId }),
  },
  ofPerson: {
    ...plain,
    method: 'POST',
    path: '/v1/organisations/{organisationId}/people/{personId}/things',
    access: rolesThatMay('person:manage'),
    params: ofPerson,
    creates: true,
  },
  readPerson: {
    ...plain,
    method: 'GET',
    path: '/v1/organisations/{organisationId}/people/{personId}/thing',
    access: rolesThatMay('person:read'),
    params: ofPerson,
    reads: 'person',
  },
  versioned: {
    ...plain,
    method: 'PUT',
    path: '/v1/me/thing',
    access: account,
    versioned: true,
    success: { status: 200, body: z.strictObject({ version: z.int() }) },
  },
} as const satisfies Routes;
type Id = keyof typeof routes;

/** Every route does the same. */
const doing = (deed: (call: Call) => Promise<unknown>) =>
  Object.fromEntries(
    Object.keys(routes).map((id) => [id, (_: unknown, call: Call) => deed(call)]),
  ) as unknown as HandlersFor<typeof routes, Call>;
const throwing = (error: Error) =>
  doing(async () => {
    throw error;
  });

async function answer(handlers: HandlersFor<typeof routes, Call>, id: Id, caller?: SignedIn, more: Sent = {}) {
  const { send } = aService(more.store ?? store, routes, handlers);
  const { method, path }: Route = routes[id];
  const url = path.replace('{organisationId}', more.organisationId ?? '').replace('{personId}', more.personId ?? '');
  const response = await send(`https://vern.test${url}`, {
    method,
    headers: {
      ...(caller && { authorization: `Bearer ${caller.token}`, 'vern-role': more.role ?? caller.role }),
      'idempotency-key': more.key ?? crypto.randomUUID(),
      'if-match': '"1"',
    },
  });
  const body = (await response.json()) as { type?: string };
  return {
    status: response.status,
    slug: body.type?.split('/problems/')[1],
    retryAfter: response.headers.get('retry-after'),
    body,
  };
}
interface Sent {
  readonly organisationId?: string;
  readonly personId?: string;
  readonly role?: string;
  readonly key?: string;
  readonly store?: TestStore;
}
const aGuardian = async () => someoneWith(store, (await anOrganisation(store)).id, 'guardian');
/** The same person may also be an administrator; that role stands open for the same sign-in. */
async function anotherRole({ accountId, personId, sub }: SignedIn, organisationId: OrganisationId): Promise<RoleId> {
  const id = anId('rol');
  const openedAt = store.clock.toISOString();
  const scope = { kind: 'organisation' } as const;
  const role = { id, personId, role: 'administrator', scope, validFrom: '2026-01-01', state: 'active' } as const;
  const author = { requestId: 'setup', actor: 'setup', newEventId: () => anId('evt') };
  await grantRole(openRecords(store, author).change(), organisationId, role, accountId)
    .put(roleSessionRef(accountId, `origin-${sub}`, id), { openedAt, expiresAt: openedAt }, 'new')
    .activity({ event: 'role.given', subject: { controller: organisationId, subject: personId } })
    .commit();
  return id;
}
const fence = (subject: string, retentionClass: string) =>
  db.client.send(
    new PutItemCommand({
      TableName: store.tableNames.keys,
      Item: { pk: { S: subject }, sk: { S: `CLASS#${retentionClass}` }, state: { S: 'ERASED' } },
    }),
  );

describe('a token', () => {
  const whole = { sub: 'a', origin_jti: 'b', exp: 1, auth_time: 2 };
  it('that lacks a claim, or has one of another type, is none', () => {
    expect(factsOfToken(whole)).toEqual({ sub: 'a', originJti: 'b', authTimeEpochSeconds: 2 });
    const wrong = fc.oneof(
      fc.constant(undefined),
      fc.constant(null),
      fc.boolean(),
      fc.constant(Number.NaN),
      fc.object(),
    );
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(whole)), wrong, (claim, value) => {
        if (claim === 'exp' && Number.isNaN(value)) return;
        expect(() => factsOfToken({ ...whole, [claim]: value })).toThrow();
      }),
    );
    expect(() => factsOfToken({ ...whole, auth_time: '2' })).toThrow();
  });

  const asking = async (error: Error) => {
    const verify = async () => {
      throw error;
    };
    const handlers = doing(async () => ({ ok: true }));
    const handler = serveOn(store, verify, routes, handlers, {
      publicUrl: 'https://vern.test',
      gate: undefined,
      log: () => {},
    });
    const event = {
      routeKey: 'GET /v1/me/thing',
      rawPath: '/v1/me/thing',
      rawQueryString: '',
      headers: { authorization: 'Bearer a.b.c' },
      requestContext: { requestId: 'r', http: { method: 'GET', sourceIp: '203.0.113.7', userAgent: '' } },
    } as unknown as APIGatewayProxyEventV2;
    return (await handler(event, { awsRequestId: 'r' } as never)).statusCode;
  };
  it('that is refused answers 401; one that could not be checked answers 500, so that it is not thrown away', async () => {
    expect(await asking(new Error('expired'))).toBe(401);
    expect(await asking(new FetchError('https://cognito.example/jwks.json', 'timeout'))).toBe(500);
  });
});

describe('the account that a container has learnt', () => {
  it('is looked for anew in the tables of another generation: one that a restore lost may have been made again', async () => {
    const restored = await db.createTables();
    const tableNames = { ...store.tableNames };
    const container = { ...store, tableNames };
    const seen: string[] = [];
    const handlers = doing(async (call) => {
      seen.push(String(call.account?.accountId));
      return { ok: true };
    });
    const { send } = aService(container, routes, handlers);
    const lost = await aGuardian();
    const headers = { authorization: `Bearer ${lost.token}`, 'vern-role': lost.role };
    const ask = () => send('https://vern.test/v1/me/thing', { method: 'GET', headers });
    expect((await ask()).status).toBe(200);

    Object.assign(tableNames, { ...restored, keys: store.tableNames.keys });
    const id = anId('acc');
    const { sub } = lost;
    const facts = { id, sub, email: 'a@example.no', language: 'nb', settings: {}, notBeforeEpochSeconds: 0 } as const;
    await openRecords(container, { requestId: 'setup', actor: 'setup', newEventId: () => anId('evt') })
      .change()
      .put(accountRef(id), { ...facts, createdAt: store.clock.toISOString() }, 'new')
      .claim('operator', 'sub', sub, id, () => new Error('taken'))
      .activity({ event: 'account.created', subject: accountOwner(id) })
      .commit();
    await send('https://vern.test/v1/me/thing', { method: 'GET', headers: { authorization: headers.authorization } });
    expect(seen).toEqual([lost.accountId, id]);
  });
});

describe('what the platform throws, in the words of the contract', () => {
  it.each([
    ['read', 401, 'not-signed-in'],
    ['change', 401, 'not-signed-in'],
    ['ofOrganisation', 404, 'organisation-not-found'],
    ['ofPerson', 404, 'person-not-found'],
    ['publicLink', 404, 'link-not-found'],
    ['public', 500, undefined],
  ] as const)('on %s a closed key is %i %s', async (id, status, slug) => {
    const organisation = await anOrganisation(store);
    const leader = await someoneWith(store, organisation.id, 'leader');
    const child = await aPerson(store, organisation.id);
    const sent = { organisationId: organisation.id, personId: child.id };
    expect(await answer(throwing(new Closed('closed')), id, leader, sent)).toMatchObject({ status, slug });
  });

  it('a stale version is 412 where the caller named one, and otherwise worth another try', async () => {
    const someone = await aGuardian();
    const stale = throwing(new StaleVersion('stale'));
    expect(await answer(stale, 'versioned', someone)).toMatchObject({ status: 412, slug: 'stale-version' });
    expect(await answer(stale, 'change', someone)).toMatchObject({ status: 503, slug: 'busy', retryAfter: '1' });
  });

  it('a bug is 500 and says nothing', async () => {
    const { status, body } = await answer(throwing(new Error('Emil Olstad, 010101')), 'read', await aGuardian());
    expect(status).toBe(500);
    expect(JSON.stringify(body)).not.toContain('Emil');
  });

  it('a creating route that stored no answer is a bug, not a success', async () => {
    const handlers = doing(async () => ({ ok: true }));
    expect(await answer(handlers, 'create', await aGuardian())).toMatchObject({ status: 500 });
  });
});

describe('while a restore is under way', () => {
  const gate = { current: async () => ({ isOpen: false }) };
  const noToken = async () => {
    throw new Error('a token was looked at');
  };
  it.each(Object.entries<Route>(routes))('ALL-04: %s answers 503 and says when to come back', async (_, route) => {
    const closed = { publicUrl: 'https://vern.test', gate, log: () => {} };
    const handler = serveOn(
      store,
      noToken,
      routes,
      doing(async () => ({ ok: true })),
      closed,
    );
    const event = {
      routeKey: `${route.method} ${route.path}`,
      rawPath: route.path,
      rawQueryString: '',
      headers: { authorization: 'Bearer a.b.c' },
      requestContext: { requestId: 'r', http: { method: route.method, sourceIp: '203.0.113.7', userAgent: '' } },
    } as unknown as APIGatewayProxyEventV2;
    const { statusCode, headers, body } = await handler(event, { awsRequestId: 'r' } as never);
    expect({ statusCode, retryAfter: headers?.['retry-after'] }).toEqual({ statusCode: 503, retryAfter: '60' });
    expect(JSON.parse(body ?? '')).toMatchObject({ type: 'https://vern.test/problems/service-restoring', status: 503 });
    expect(problemsOf(route)).toContain('service-restoring');
  });
});

describe('at the gate', () => {
  const fine = doing(async () => ({ ok: true }));
  const busyStore = (from: number): TestStore => {
    let waves = 0;
    return {
      ...store,
      now: () => store.clock,
      dynamo: {
        ...store.dynamo,
        async batchGet(groups) {
          if (++waves >= from) throw new Busy('BatchGet left keys unprocessed');
          return store.dynamo.batchGet(groups);
        },
      },
    };
  };

  it('what is busy may be tried again, whichever read it was, as the contract says', async () => {
    expect(problemsOf(routes.read)).toContain('busy');
    const someone = await aGuardian();
    for (const wave of [1, 2, 3]) {
      const sent = { store: busyStore(wave) };
      expect(await answer(fine, 'read', someone, sent)).toMatchObject({ status: 503, slug: 'busy', retryAfter: '1' });
    }
  });

  it('a route for anyone is declared to be busy when there is something that it needs', () => {
    const door = { ...routes.read, access: anyone } as const;
    expect(problemsOf({ ...door, needs: ['transient:read'] })).toContain('busy');
    expect(problemsOf({ ...door, needs: [] })).not.toContain('busy');
  });

  it.each(['account', 'sign-in'])('KP-12 a caller whose %s key is a fence is nobody', async (retentionClass) => {
    const someone = await aGuardian();
    await fence(`operator#${someone.accountId}`, retentionClass);
    expect(await answer(fine, 'read', someone)).toMatchObject({ status: 401, slug: 'not-signed-in' });
  });

  it('FW-07 a key used in one role answers for no other role of the same account', async () => {
    const organisation = await anOrganisation(store);
    const child = await aPerson(store, organisation.id);
    const leader = await someoneWith(store, organisation.id, 'leader');
    const other = await anotherRole(leader, organisation.id);
    const create = doing(async (call) => {
      const subject = { controller: organisation.id, subject: child.id };
      return call.records.change().activity({ event: 'thing.made', subject }).commit({ ok: true });
    });
    const sent = { organisationId: organisation.id, personId: child.id, key: 'one' };
    expect((await answer(create, 'ofPerson', leader, sent)).status).toBe(200);
    expect((await answer(create, 'ofPerson', leader, sent)).status).toBe(200);
    expect(await answer(create, 'ofPerson', leader, { ...sent, role: other })).toMatchObject({
      status: 422,
      slug: 'idempotency-key-reused',
    });
  });

  it('SM-05 a read that matters is recorded before its answer leaves, and not when it is refused', async () => {
    const organisation = await anOrganisation(store);
    const child = await aPerson(store, organisation.id);
    const leader = await someoneWith(store, organisation.id, 'leader');
    const seen = async () => {
      const { rows } = await store.dynamo.query({
        TableName: store.tableNames.activity,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: `${organisation.id}#${child.id}` } },
      });
      return rows.filter((row) => row['event']?.S === 'person.seen');
    };
    await answer(fine, 'readPerson', leader, { organisationId: organisation.id, personId: child.id });
    expect(await seen()).toMatchObject([{ person: { S: leader.personId }, role: { S: leader.role } }]);
    const outsider = await someoneWith(store, (await anOrganisation(store)).id, 'leader');
    await answer(fine, 'readPerson', outsider, { organisationId: organisation.id, personId: child.id });
    await answer(throwing(new Error('bug')), 'readPerson', leader, {
      organisationId: organisation.id,
      personId: child.id,
    });
    expect(await seen()).toHaveLength(1);
  });
});
