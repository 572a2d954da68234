import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { type RoleName, roles } from '../../lambdas/access/roles.ts';
import { grantRole } from '../../lambdas/features/access/grant-role.ts';
import { type RoleRecord, roleSessionRef } from '../../lambdas/features/access/role.ts';
import {
  accountLinkEntity,
  accountOwner,
  accountPointers,
  accountRef,
} from '../../lambdas/features/accounts/account.ts';
import {
  type Organisation,
  organisationEntity,
  organisationOwner,
} from '../../lambdas/features/organisations/organisation.ts';
import { ownerOf, type PersonRecord, peoplePointers, personEntity } from '../../lambdas/features/people/person.ts';
import { serveOn } from '../../lambdas/functions/serve.ts';
import type { Call } from '../../lambdas/http/call.ts';
import { type Client, clientFor } from '../../lambdas/http/client.ts';
import type { AccountId, OrganisationId, PersonId, RoleId } from '../../lambdas/http/ids.ts';
import type { HandlersFor, Routes } from '../../lambdas/http/route.ts';
import { dayIn } from '../../lambdas/platform/calendar.ts';
import { openRecords } from '../../lambdas/platform/open-records.ts';
import { demandAllowedCookies } from './cookies.ts';
import { noteProvoked } from './provoked.ts';
import { anId, type TestStore } from './store.ts';

/** A token that the service under test takes: who, which sign-in, and when they proved who they are. */
export const tokenOf = (account: { sub: string; originJti?: string; authTime?: number }, now: Date): string =>
  Buffer.from(
    JSON.stringify({
      sub: account.sub,
      originJti: account.originJti ?? `origin-${account.sub}`,
      authTimeEpochSeconds: account.authTime ?? Math.floor(now.getTime() / 1000),
    }),
  ).toString('base64url');

/** Features behind the real chain, gate, tables and keys; only the token's signature and the network are missing. */
export function aService<R extends Routes>(store: TestStore, routes: R, handlers: HandlersFor<R, Call>) {
  const verify = async (token: string) =>
    JSON.parse(Buffer.from(token, 'base64url').toString()) as {
      sub: string;
      originJti: string;
      authTimeEpochSeconds: number;
    };
  const handler = serveOn(withoutErasing(store), verify, routes, handlers, {
    publicUrl: 'https://vern.test',
    gate: undefined,
    log: noteProvoked,
  });
  const table = Object.values(routes).map(({ method, path }) => ({
    routeKey: `${method} ${path}`,
    method,
    pattern: new RegExp(`^${path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`),
  }));
  const send = async (url: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const { pathname, searchParams } = new URL(String(url));
    // As the gateway does: HEAD comes by the path's GET.
    const asked = init?.method === 'HEAD' ? 'GET' : init?.method;
    const route = table.find(({ method, pattern }) => method === asked && pattern.test(pathname));
    if (!route) return new Response('{"message":"Not Found"}', { status: 404 });
    const pathParameters = Object.fromEntries(
      Object.entries(route.pattern.exec(pathname)?.groups ?? {}).map(([name, value]) => [
        name,
        decodeURIComponent(value),
      ]),
    );
    const event = {
      version: '2.0',
      routeKey: route.routeKey,
      rawPath: pathname,
      rawQueryString: searchParams.toString(),
      headers: Object.fromEntries(new Headers(init?.headers)),
      pathParameters,
      queryStringParameters: Object.fromEntries(searchParams),
      body: init?.body as string | undefined,
      isBase64Encoded: false,
      requestContext: {
        requestId: crypto.randomUUID(),
        http: { method: init?.method ?? route.method, path: pathname, sourceIp: '203.0.113.7', userAgent: 'test' },
      },
    } as unknown as APIGatewayProxyEventV2;
    const { statusCode, headers, body, isBase64Encoded } = await handler(event, { awsRequestId: 'test' } as never);
    // SM-09, whatever the test is about.
    demandAllowedCookies(new Headers(headers as Record<string, string>));
    const bytes = isBase64Encoded ? Buffer.from(body ?? '', 'base64') : (body ?? null);
    return new Response(statusCode === 204 || statusCode === 304 ? null : bytes, {
      status: statusCode ?? 500,
      headers: headers as Record<string, string>,
    });
  };
  return {
    send,
    /** The typed client of someone signed in, in a role where one is given. */
    as: (caller?: { token: string; role?: RoleId }): Client<R> =>
      clientFor(routes, {
        baseUrl: 'https://vern.test',
        fetch: send as typeof fetch,
        wait: async () => {},
        ...(caller && { token: () => caller.token }),
        ...(caller?.role && { role: caller.role }),
      }),
  };
}

/**
 * No function of the API may remove a row of the rights table (`rights:erase`): AWS would refuse it, so a test does. The
 * embedded cloud and this service ask for no other right.
 */
function withoutErasing(store: TestStore): TestStore {
  const { dynamo, tableNames } = store;
  const transact: typeof dynamo.transact = (items, token) => {
    if (items.some(({ Delete: removed }) => removed?.TableName === tableNames.rights)) {
      throw new Error('AccessDeniedException: dynamodb:DeleteItem on the rights table');
    }
    return dynamo.transact(items, token);
  };
  // The store's clock is moved by assigning: it stays the one store.
  return Object.create(store, { dynamo: { value: { ...dynamo, transact } } }) as TestStore;
}

const records = (store: TestStore) =>
  openRecords(store, { requestId: 'setup', actor: 'setup', newEventId: () => anId('evt') });

export async function anOrganisation(store: TestStore, wanted: Partial<Organisation> = {}): Promise<Organisation> {
  const id = anId('org');
  await store.ring.create(id);
  const organisation: Organisation = {
    id,
    name: 'Solbakken barnehage',
    profile: 'kindergarten',
    timeZone: 'Europe/Oslo',
    language: 'nb',
    state: 'open',
    acceptedAgreementVersion: '1',
    notArrivedAfterMinutes: 30,
    ...wanted,
  };
  const owner = organisationOwner(id);
  await records(store)
    .change()
    .put({ entity: organisationEntity, owner }, organisation, 'new')
    .activity({ event: 'organisation.created', subject: owner })
    .commit();
  return organisation;
}

export async function aPerson(
  store: TestStore,
  organisationId: OrganisationId,
  wanted: Partial<PersonRecord> = {},
): Promise<PersonRecord> {
  const id = anId('per');
  const person: PersonRecord = {
    id,
    organisationId,
    kind: 'child',
    firstName: 'Emil',
    lastName: 'Olstad',
    language: 'nb',
    protectedAddress: false,
    placements: [],
    ...wanted,
  };
  const owner = ownerOf(organisationId, id);
  const change = records(store)
    .change()
    .put({ entity: personEntity, owner }, person, 'new')
    .point(peoplePointers.person(organisationId, person.kind, id))
    .activity({ event: 'person.created', subject: owner });
  for (const { groupId } of person.placements) change.point(peoplePointers.groupMember(organisationId, groupId, id));
  await change.commit();
  return person;
}

export interface SignedIn {
  readonly accountId: AccountId;
  readonly personId: PersonId;
  readonly sub: string;
  readonly role: RoleId;
  readonly token: string;
}

/** An account linked to a person (and, if wanted, to others there), with a role; a guarded role stands open. */
export async function someoneWith(
  store: TestStore,
  organisationId: OrganisationId | 'operator',
  role: RoleName,
  wanted: {
    personId?: PersonId;
    otherPersonIds?: readonly PersonId[];
    scope?: RoleRecord['scope'];
    isOpen?: boolean;
    email?: string;
  } = {},
): Promise<SignedIn> {
  const accountId = anId('acc');
  const sub = crypto.randomUUID();
  const personId = wanted.personId ?? anId('per');
  const now = store.now();
  const record: RoleRecord = {
    id: anId('rol'),
    personId,
    role,
    scope: wanted.scope ?? { kind: 'organisation' },
    validFrom: dayIn('Europe/Oslo', new Date(now.getTime() - 24 * 60 * 60 * 1000)),
    state: 'active',
  };
  const owner = accountOwner(accountId);
  const change = records(store)
    .change()
    .put(
      accountRef(accountId),
      {
        id: accountId,
        sub,
        email: wanted.email ?? `${accountId}@example.no`,
        language: 'nb',
        settings: {},
        createdAt: now.toISOString(),
        notBeforeEpochSeconds: 0,
        ...(roles[role].guarded && wanted.isOpen !== false && { totpOnSince: now.toISOString() }),
      },
      'new',
    )
    .claim('operator', 'sub', sub, accountId, () => new Error('taken'))
    .activity({ event: 'account.created', subject: owner });
  if (organisationId !== 'operator') {
    for (const id of [personId, ...(wanted.otherPersonIds ?? [])]) {
      const link = { entity: accountLinkEntity, owner: ownerOf(organisationId, id) };
      change
        .put(link, { accountId, since: now.toISOString() }, 'new')
        .point(accountPointers.person(accountId, organisationId, id));
    }
  }
  grantRole(change, organisationId, record, accountId);
  if (wanted.isOpen !== false) {
    const expires = new Date(now.getTime() + 30 * 60_000);
    change.put(
      roleSessionRef(accountId, `origin-${sub}`, record.id),
      { openedAt: now.toISOString(), expiresAt: expires.toISOString() },
      'new',
      { expiresAtEpochSeconds: Math.floor(expires.getTime() / 1000) },
    );
  }
  await change.commit();
  return { accountId, personId, sub, role: record.id, token: tokenOf({ sub }, now) };
}
