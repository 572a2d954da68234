import type { CognitoUserSession } from 'amazon-cognito-identity-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import contract from '../../docs/openapi.json' with { type: 'json' };
import { type RoleName, roleNames } from '../../lambdas/access/roles.ts';
import { rules } from '../../lambdas/access/rules.ts';
import { exampleOf } from '../../lambdas/features/contract/example.ts';
import { apiFunctions } from '../../lambdas/functions/catalogue.ts';
import type { OpenApiDocument } from '../../lambdas/http/openapi-types.ts';
import type { ProblemDocument } from '../../lambdas/http/problem-document.ts';
import type { Route } from '../../lambdas/http/route.ts';
import { demandsIdempotencyKey } from '../../lambdas/http/route-facts.ts';
import { signIn } from '../../local/client/sign-in.ts';
import { apiFor } from '../../local/client/visitor.ts';
import type { SamplePerson, SampleRole } from '../../local/sample-people.ts';
import { anId } from '../support/store.ts';
import { type RunningService, startService } from './cloud.ts';

const everyRoute = Object.values(apiFunctions).flatMap(({ routes }): [string, Route][] => Object.entries(routes));
/** "The authorization server MUST ignore unrecognized request parameters" (RFC 6749, section 3.2). */
const ignoring = ['issueServiceToken'];
const forRoles = everyRoute.filter(([, route]) => route.access.to === 'role');

let service: RunningService;
const sessions = new Map<string, CognitoUserSession>();

beforeAll(async () => {
  service = await startService();
  for (const person of service.people) {
    const session = await signIn(service.endpoints, person);
    sessions.set(person.email, session);
    const api = apiFor(service.endpoints, () => session.getAccessToken().getJwtToken());
    for (const { organisationId, roleId } of person.roles) await api.openRole({ body: { organisationId, roleId } });
  }
}, 180_000);
afterAll(() => service?.stop());

const someoneAs = (isTheOne: (role: SampleRole) => boolean): { person: SamplePerson; role: SampleRole } => {
  for (const person of service.people) {
    const role = person.roles.find(isTheOne);
    if (role) return { person, role };
  }
  throw new Error('No sample person has such a role');
};
const administrator = () => someoneAs(({ role }) => role === 'administrator');
const accessTokenOf = ({ email }: SamplePerson) => sessions.get(email)!.getAccessToken().getJwtToken();
const idTokenOf = ({ email }: SamplePerson) => sessions.get(email)!.getIdToken().getJwtToken();

/** A request with ids that lead nowhere, but for the organisation's; a body only where one is taken. */
async function ask(
  route: Route,
  options: { token?: string; role?: string; organisationId?: string; body?: unknown; query?: string } = {},
) {
  const query = options.query ?? requiredQuery(route);
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    name === 'organisationId' ? (options.organisationId ?? anId('org')) : parameterNamed(name, route),
  );
  const body = options.body ?? (route.body ? {} : undefined);
  const response = await fetch(`${service.endpoints.api}${path}${query}`, {
    method: route.method,
    headers: {
      ...(options.token && { authorization: `Bearer ${options.token}` }),
      ...(options.role && { 'vern-role': options.role }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(demandsIdempotencyKey(route) && { 'idempotency-key': crypto.randomUUID() }),
      ...(route.versioned && { 'if-match': '"1"' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const problem = response.headers.get('content-type')?.includes('json')
    ? (JSON.parse(text) as ProblemDocument)
    : undefined;
  return { status: response.status, slug: problem?.type?.split('/').at(-1), problem };
}

/** The query parameters that the contract demands, with its own examples. */
function requiredQuery(route: Route): string {
  const parameters = operationOf(route)?.parameters ?? [];
  const demanded = parameters.filter(
    (parameter) => 'in' in parameter && parameter.in === 'query' && parameter.required,
  );
  if (demanded.length === 0) return '';
  const examples = demanded.map((parameter): [string, string] =>
    'in' in parameter
      ? [parameter.name, String(exampleOf(parameter.schema ?? {}, document.components.schemas))]
      : ['', ''],
  );
  return `?${new URLSearchParams(examples)}`;
}
const operationOf = ({ method, path }: Route) => document.paths[path]?.[method.toLowerCase() as 'get'];

const valuesByParameter: Readonly<Record<string, () => string>> = {
  personId: () => anId('per'),
  alarmId: () => anId('alm'),
  abuseReportId: () => anId('abr'),
  chart: () => 'browsers',
  period: () => '2026-W46',
  qualificationId: () => anId('qlf'),
  siteId: () => anId('sit'),
  siteEntryId: () => anId('ste'),
  code: () => 'vTq3Xn0cRr1mB7yWzJ4sKd9LfHgPaEuQ',
  otherId: () => anId('per'),
  from: () => '2026-11-23',
  messageId: () => anId('msg'),
  draftId: () => anId('msg'),
  deviceId: () => anId('dvc'),
  serviceClientId: () => anId('scl'),
  webhookId: () => anId('whk'),
  safetyDeviceId: () => anId('sdv'),
  geofenceId: () => anId('gfc'),
  receiverId: () => anId('per'),
  ownerId: () => anId('per'),
  jobId: () => anId('job'),
  surveyId: () => anId('svy'),
  announcementId: () => anId('msg'),
  participantId: () => anId('per'),
  stayId: () => '1',
  leafIndex: () => '0',
  organisationOfCustomer: () => anId('org'),
  guardianId: () => anId('per'),
  groupId: () => anId('grp'),
  departmentId: () => anId('dep'),
  roleId: () => anId('rol'),
  accountId: () => anId('acc'),
  importId: () => anId('imp'),
  accessGrantId: () => anId('gnt'),
  requestId: () => anId('req'),
  exportId: () => anId('exp'),
  consentId: () => anId('con'),
  purposeId: () => anId('pur'),
  holdId: () => anId('hld'),
  threadId: () => anId('thr'),
  dpoThreadId: () => anId('dpo'),
  breachId: () => anId('brc'),
  disclosureId: () => anId('dis'),
  fileId: () => anId('fil'),
  documentId: () => anId('doc'),
  entryId: () => anId('lge'),
  photoId: () => anId('pho'),
  enquiryId: () => anId('enq'),
  invoiceId: () => anId('ivc'),
  month: () => '2026-10',
  openEventId: () => anId('opn'),
  signUpId: () => anId('sgn'),
  subscriptionId: () => anId('sub'),
  customerId: () => anId('cus'),
  ticketId: () => anId('tck'),
  chatId: () => anId('cht'),
  correctionId: () => anId('cor'),
  day: () => '2026-11-23',
  token: () => 'A'.repeat(32),
  file: () => `${'A'.repeat(32)}.ics`,
  feedId: () => anId('fed'),
  slotOfferId: () => anId('slo'),
  eventId: () => anId('evt'),
  calendarEventId: () => anId('cal'),
  closureId: () => anId('clo'),
  week: () => '2026-W48',
  slug: () => 'busy',
  area: () => 'attendance',
  version: () => 'evt_none',
  profile: () => 'kindergarten',
};
const parameterNamed = (name: string, { path }: Route) => {
  // Two kinds of threads, of events and of customers (ours are organisations), by one name.
  const kinds: Readonly<Record<string, string>> = {
    ...(path.includes('/data-protection-officer/') && { threadId: 'dpoThreadId' }),
    ...(path.includes('/calendar/') && { eventId: 'calendarEventId' }),
    ...(path.startsWith('/v1/platform/organisations/') && { customerId: 'organisationOfCustomer' }),
  };
  const value = valuesByParameter[kinds[name] ?? name];
  if (!value) throw new Error(`No value for the parameter ${name}`);
  return value();
};

/** A body of the right shape, from the contract's own examples. */
function bodyLike(id: string, route: Route): object {
  const content = operationOf(route)?.requestBody?.content?.['application/json'];
  return { ...(exampleOf(content?.schema ?? {}, document.components.schemas) as object), ...bodies[id] };
}
/** One that the schema takes. */
function acceptableBody(id: string, route: Route): unknown {
  if (!route.body) return undefined;
  const body = bodyLike(id, route);
  const checked = route.body.safeParse(body);
  if (!checked.success) throw new Error(`The example of ${id} is not taken: ${JSON.stringify(checked.error.issues)}`);
  return body;
}
const document = contract as unknown as OpenApiDocument;
/** Where one field must fit another, and an example of each alone does not. */
const openDay = {
  from: '2026-12-01T10:00:00.000Z',
  until: '2026-12-01T12:00:00.000Z',
  signUpUntil: '2026-11-30T10:00:00.000Z',
};
const bodies: Readonly<Record<string, object>> = { createOpenEvent: openDay, changeOpenEvent: openDay };

/** Of people: what a program may not is refused in test/features/service-clients. */
const rolesAt = (place: 'operator' | 'organisation'): RoleName[] =>
  roleNames.filter((role) => role !== 'integration' && role.startsWith('platform-') === (place === 'operator'));
const placeOf = (route: Route) => (route.path.includes('{organisationId}') ? 'organisation' : 'operator');
/** Roles of that place that have no rule for what the route does. */
const rolesWithoutRight = (route: Route): RoleName[] => {
  if (route.access.to !== 'role') return [];
  const allowed = rules[route.access.may].map(({ role }): RoleName => role);
  return rolesAt(placeOf(route)).filter((role) => role !== 'member' && !allowed.includes(role));
};

const demanding = Object.entries(apiFunctions).filter(([, { routes }]) =>
  Object.values<Route>(routes).some(({ access, query, body }) => access.to !== 'anyone' || query || body),
);
// A function at a time: the service keeps fewer of them than there are, and begins anew with each that it let go.
describe.each(demanding)('every route of %s', (_function, { routes }) => {
  const own = Object.entries(routes);
  const guarded = own.filter(([, route]) => route.access.to !== 'anyone');
  /** Signed by a device, and by no token: without a signature it is told nothing of what it sent. */
  const byToken = own.filter(([, route]) => route.access.to !== 'device');
  const ownForRoles = own.filter(([, route]) => route.access.to === 'role');
  const inOrganisation = ownForRoles.filter(([, route]) => route.path.includes('{organisationId}'));
  const deniedToSome = ownForRoles.filter(([, route]) => rolesWithoutRight(route).length > 0);

  it.each(guarded)('%s answers nobody 401', async (_id, route) => {
    expect((await ask(route)).status).toBe(401);
  });

  it.each(guarded)('%s answers an ID token 401', async (_id, route) => {
    const { person } = administrator();
    expect((await ask(route, { token: idTokenOf(person) })).status).toBe(401);
  });

  it.each(guarded)('%s answers a forged token 401', async (_id, route) => {
    const token = accessTokenOf(administrator().person);
    const [head, body, signature = ''] = token.split('.');
    const forged = `${head}.${body}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
    expect((await ask(route, { token: forged })).status).toBe(401);
  });

  it.each(byToken.filter(([id, route]) => route.body && !ignoring.includes(id)))(
    '%s refuses an unknown field and names it',
    async (id, route) => {
      const { person, role } = administrator();
      const { status, slug, problem } = await ask(route, {
        token: accessTokenOf(person),
        role: role.roleId,
        body: { ...bodyLike(id, route), fieldThatNobodyDeclared: 1 },
      });
      expect([status, slug]).toEqual([400, 'malformed-request']);
      expect(JSON.stringify(problem)).toContain('fieldThatNobodyDeclared');
    },
  );

  it.each(byToken.filter(([, route]) => route.access.to !== 'anyone' || route.query))(
    '%s refuses an unknown query parameter',
    async (_id, route) => {
      const { person, role } = administrator();
      const { status } = await ask(route, {
        token: accessTokenOf(person),
        role: role.roleId,
        query: '?parameterThatNobodyDeclared=1',
      });
      expect(status).toBe(400);
    },
  );

  it.each(inOrganisation)('%s answers someone of another organisation 404', async (id, route) => {
    const { person, role } = administrator();
    const elsewhere = await ask(route, {
      token: accessTokenOf(person),
      role: role.roleId,
      organisationId: anId('org'),
      body: acceptableBody(id, route),
    });
    expect([elsewhere.status, elsewhere.slug]).toEqual([404, 'organisation-not-found']);
  });

  it.each(deniedToSome)('%s answers a role without the right 403', async (id, route) => {
    const names = rolesWithoutRight(route);
    const { person, role } = someoneAs((held) => names.includes(held.role));
    const { organisationId } = role;
    const options = { token: accessTokenOf(person), role: role.roleId, organisationId };
    const answer = await ask(route, { ...options, body: acceptableBody(id, route) });
    expect([answer.status, answer.slug]).toEqual([403, 'not-allowed']);
  });
});

describe('every route', () => {
  it('is there: the catalogue and the running service agree', () => expect(everyRoute.length).toBeGreaterThan(40));

  it('for roles is denied to some role of its place, but for what everyone there may', () => {
    const open = forRoles.filter(([, route]) => rolesWithoutRight(route).length === 0);
    const actions = new Set(open.map(([, route]) => (route.access.to === 'role' ? route.access.may : '')));
    expect([...actions].sort()).toEqual([
      'calendar:read',
      'closure:read',
      'notice-preferences:manage',
      'organisation:read',
    ]);
  });
});
