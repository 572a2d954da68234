import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type RoleName, roles } from '../../../lambdas/access/roles.ts';
import { grantRole } from '../../../lambdas/features/access/grant-role.ts';
import { type RoleRecord, roleSessionRef } from '../../../lambdas/features/access/role.ts';
import { accountOwner, accountPointers, accountRef } from '../../../lambdas/features/accounts/account.ts';
import { organisationEntity, organisationOwner } from '../../../lambdas/features/organisations/organisation.ts';
import { blockEntity, guardianLinkEntity, ownerOf } from '../../../lambdas/features/people/person.ts';
import type { Call } from '../../../lambdas/http/call.ts';
import { OrganisationId, PersonId } from '../../../lambdas/http/ids.ts';
import { type HandlersFor, type Routes, rolesThatMay } from '../../../lambdas/http/route.ts';
import { openRecords } from '../../../lambdas/platform/open-records.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation, aPerson, aService, tokenOf } from '../../support/service.ts';
import { anId, aStore, type TestStore } from '../../support/store.ts';

let db: TestDynamoDb;
let store: TestStore;
beforeAll(async () => {
  db = await startDynamoDb();
  store = await aStore(db.client, await db.createTables(), ['operator']);
});
afterAll(() => db.stop());

const params = z.strictObject({ organisationId: OrganisationId, personId: PersonId });
const plain = { summary: 'A route', tag: 'People', params, success: { status: 204 }, problems: [], needs: [] } as const;
const path = '/v1/organisations/{organisationId}/people/{personId}/thing';
const routes = {
  read: { ...plain, method: 'GET', path, access: rolesThatMay('person:read') },
  change: { ...plain, method: 'PUT', path, access: rolesThatMay('person:manage') },
} as const satisfies Routes;
const reached: Call[] = [];
const note = async (_: unknown, call: Call) => {
  reached.push(call);
};
const handlers: HandlersFor<typeof routes, Call> = { read: note, change: note };

const DAY = 24 * 60 * 60 * 1000;
const dayFromNow = (days: number) => new Date(store.clock.getTime() + days * DAY).toISOString().slice(0, 10);

/** Everything that a request's fate may depend on. */
interface Situation {
  readonly role: RoleName;
  readonly state: RoleRecord['state'];
  readonly term: 'yesterday' | 'today' | 'tomorrow' | 'over' | 'last-day';
  readonly session: 'none' | 'open' | 'other-sign-in' | 'over' | 'before-the-factor';
  readonly factor: boolean;
  readonly organisation: 'open' | 'closed' | 'without-agreement';
  readonly named: 'mine' | 'another' | 'nobody';
  readonly link: 'none' | 'parental-responsibility' | 'information-only' | 'pick-up-only' | 'over';
  readonly block: 'none' | 'at-child' | 'at-caller' | 'at-child-of-my-other-self' | 'at-my-other-self';
  readonly signedOut: boolean;
  readonly route: keyof typeof routes;
}

const inside = ['administrator', 'privacy-officer', 'leader', 'staff', 'guardian'] as const;
const mostly = <T>(usual: T, ...others: T[]) =>
  fc.oneof({ weight: 12, arbitrary: fc.constant(usual) }, fc.constantFrom(...others));
const situations: fc.Arbitrary<Situation> = fc.record({
  role: fc.constantFrom<RoleName>(...inside),
  state: mostly<RoleRecord['state']>('active', 'suspended', 'ended'),
  term: mostly<Situation['term']>('yesterday', 'today', 'tomorrow', 'over', 'last-day'),
  session: mostly<Situation['session']>('open', 'none', 'other-sign-in', 'over', 'before-the-factor'),
  factor: mostly(true, false),
  organisation: mostly<Situation['organisation']>('open', 'closed', 'without-agreement'),
  named: mostly<Situation['named']>('mine', 'another', 'nobody'),
  link: fc.constantFrom('none', 'parental-responsibility', 'information-only', 'pick-up-only', 'over'),
  block: mostly<Situation['block']>('none', 'at-child', 'at-caller', 'at-child-of-my-other-self', 'at-my-other-self'),
  signedOut: mostly(false, true),
  route: fc.constantFrom('read', 'change'),
});

/** What the promises say should become of it: written out case by case, and not as the gate decides it. */
function expected(it: Situation): string {
  if (it.signedOut) return 'not-signed-in';
  if (it.state === 'ended' || it.term === 'tomorrow' || it.term === 'over') return 'organisation-not-found';
  if (it.state === 'suspended') return 'role-suspended';
  const opens = it.factor && it.session === 'open';
  if (roles[it.role].guarded && !opens) return 'role-session-required';
  const may = { read: ['administrator', 'leader', 'staff', 'guardian'], change: ['administrator', 'leader'] }[it.route];
  if (!may.includes(it.role) || it.organisation === 'closed') return 'not-allowed';
  if (it.named !== 'mine' || it.block !== 'none') return 'person-not-found';
  const seesChild = it.link === 'parental-responsibility' || it.link === 'information-only';
  if (it.role === 'guardian' && !seesChild) return 'person-not-found';
  if (it.route === 'change' && it.organisation === 'without-agreement') return 'dpa-not-accepted';
  return 'done';
}

async function arranged(it: Situation) {
  const another = await anOrganisation(store);
  const organisation = await anOrganisation(store, { state: it.organisation === 'closed' ? 'closed' : 'open' });
  const child = await aPerson(store, organisation.id);
  const elsewhere = await aPerson(store, another.id);
  const [accountId, personId, otherSelf, roleId, sub] = [
    anId('acc'),
    anId('per'),
    anId('per'),
    anId('rol'),
    anId('evt'),
  ];
  const now = store.clock;
  const at = (seconds: number) => new Date(now.getTime() + seconds * 1000).toISOString();
  const terms = {
    yesterday: { validFrom: dayFromNow(-1) },
    today: { validFrom: dayFromNow(0) },
    tomorrow: { validFrom: dayFromNow(1) },
    over: { validFrom: dayFromNow(-9), validUntil: dayFromNow(-1) },
    'last-day': { validFrom: dayFromNow(-9), validUntil: dayFromNow(0) },
  }[it.term];
  const scope = it.role === 'guardian' ? { kind: 'person' as const, id: personId } : { kind: 'organisation' as const };
  const author = { requestId: 'setup', actor: 'setup', newEventId: () => anId('evt') };
  const change = openRecords(store, author)
    .change()
    .put(
      accountRef(accountId),
      {
        id: accountId,
        sub,
        email: 'a@example.no',
        language: 'nb',
        settings: {},
        createdAt: at(0),
        notBeforeEpochSeconds: it.signedOut ? Math.floor(now.getTime() / 1000) + 1 : 0,
        ...(it.factor && { totpOnSince: at(-60) }),
      },
      'new',
    )
    .claim('operator', 'sub', sub, accountId, () => new Error('taken'))
    .point(accountPointers.person(accountId, organisation.id, personId))
    .point(accountPointers.person(accountId, organisation.id, otherSelf))
    .activity({ event: 'account.created', subject: accountOwner(accountId) });
  grantRole(
    change,
    organisation.id,
    { id: roleId, personId, role: it.role, scope, ...terms, state: it.state },
    accountId,
  );
  if (it.session !== 'none') {
    const origin = it.session === 'other-sign-in' ? 'elsewhere' : `origin-${sub}`;
    const [openedAt, expiresAt] = { 'before-the-factor': [at(-120), at(600)], over: [at(-1800), at(0)] }[
      it.session as string
    ] ?? [at(-30), at(600)];
    change.put(roleSessionRef(accountId, origin, roleId), { openedAt: openedAt!, expiresAt: expiresAt! }, 'new', {
      expiresAtEpochSeconds: Math.floor(Date.parse(expiresAt!) / 1000),
    });
  }
  if (it.link !== 'none') {
    const isOver = it.link === 'over';
    change.put(
      { entity: guardianLinkEntity, owner: ownerOf(organisation.id, child.id), key: personId },
      {
        guardianId: personId,
        relation: 'mother',
        rights: it.link === 'over' ? 'parental-responsibility' : it.link,
        livesWith: true,
        from: dayFromNow(-9),
        ...(isOver && { until: dayFromNow(-1) }),
      },
      'new',
    );
  }
  const block = {
    'at-child': [child.id, personId],
    'at-caller': [personId, child.id],
    'at-child-of-my-other-self': [child.id, otherSelf],
    'at-my-other-self': [otherSelf, child.id],
    none: undefined,
  }[it.block];
  if (block) {
    const [of, key] = block as [PersonId, PersonId];
    change.put(
      { entity: blockEntity, owner: ownerOf(organisation.id, of), key },
      { personId: key, basis: 'court-order', since: dayFromNow(-1) },
      'new',
    );
  }
  await change.commit();
  if (it.organisation === 'without-agreement') await forgetAgreement(organisation.id);
  const target = { mine: child.id, another: elsewhere.id, nobody: anId('per') }[it.named];
  return { target, organisationId: organisation.id, role: roleId, token: tokenOf({ sub }, now) };
}

async function forgetAgreement(organisationId: OrganisationId) {
  const author = { requestId: 'setup', actor: 'setup', newEventId: () => anId('evt') };
  const records = openRecords(store, author);
  const ref = { entity: organisationEntity, owner: organisationOwner(organisationId) };
  const { value, version } = (await records.get(ref))!;
  const { acceptedAgreementVersion: _, ...without } = value;
  await records
    .change()
    .put(ref, without, { version })
    .activity({ event: 'organisation.changed', subject: ref.owner })
    .commit();
}

describe('the gate', () => {
  it('FW-07 KP-13 SM-01 decides every situation as the promises do, and lets nobody else through to a handler', async () => {
    const { send } = aService(store, routes, handlers);
    await fc.assert(
      fc.asyncProperty(situations, async (situation) => {
        const { organisationId, target, role, token } = await arranged(situation);
        reached.length = 0;
        const response = await send(`https://vern.test/v1/organisations/${organisationId}/people/${target}/thing`, {
          method: routes[situation.route].method,
          headers: { authorization: `Bearer ${token}`, 'vern-role': role },
        });
        const { type = '' } = response.status === 204 ? {} : ((await response.json()) as { type?: string });
        const outcome = response.status === 204 ? 'done' : type.slice('https://vern.test/problems/'.length);
        expect(outcome).toBe(expected(situation));
        expect(reached).toHaveLength(outcome === 'done' ? 1 : 0);
      }),
      { numRuns: 100 },
    );
  });
});
