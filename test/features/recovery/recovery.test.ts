import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RoleName } from '../../../lambdas/access/roles.ts';
import { grantRole } from '../../../lambdas/features/access/grant-role.ts';
import {
  accountLinkEntity,
  accountOwner,
  accountPointers,
  accountRef,
} from '../../../lambdas/features/accounts/account.ts';
import { linkRoutes } from '../../../lambdas/features/links/routes.ts';
import { noticeEntity } from '../../../lambdas/features/notices/notice.ts';
import type { Organisation } from '../../../lambdas/features/organisations/organisation.ts';
import { ownerOf } from '../../../lambdas/features/people/person.ts';
import { resetTotpEffect } from '../../../lambdas/features/recovery/reset-totp.ts';
import { stateAfterReset } from '../../../lambdas/features/recovery/second-factor-reset.ts';
import type { AccountId, PersonId, RoleId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { someLinkHandlers } from '../../support/links.ts';
import { anOrganisation, aPerson, aService, type SignedIn, someoneWith, tokenOf } from '../../support/service.ts';
import { anId } from '../../support/store.ts';
import { aWorld, type World } from '../organisations/world.ts';

let dynamoDb: TestDynamoDb;
let world: World;
let organisation: Organisation;
let administrator: SignedIn;
let lost: SignedIn;
/** Cognito, as the outside world that it is. */
let cognito: { turnedOff: string[]; signedOut: string[]; isDown: boolean };
const HOUR = 60 * 60 * 1000;

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});
afterAll(() => dynamoDb.stop());
beforeEach(async () => {
  world = await aWorld(dynamoDb);
  cognito = { turnedOff: [], signedOut: [], isDown: false };
  organisation = await anOrganisation(world.store);
  administrator = await employee(organisation, 'administrator');
  lost = await employee(organisation, 'administrator');
});

/** Someone with an account whose second factor is on. */
async function employee(at: Organisation, role: RoleName): Promise<SignedIn> {
  const { id: personId } = await aPerson(world.store, at.id, { kind: 'staff' });
  const signedIn = await someoneWith(world.store, at.id, role, { personId });
  const account = (await world.records().get(accountRef(signedIn.accountId)))!;
  const totpOnSince = new Date(world.store.now().getTime() - 24 * HOUR).toISOString();
  await world
    .records()
    .change()
    .put(account.ref, { ...account.value, totpOnSince }, { version: account.version })
    .activity({ event: 'account.totp-turned-on', subject: account.ref.owner })
    .commit();
  return signedIn;
}

/** A role of the same account in another organisation (or on the platform). */
async function alsoAt(at: Organisation | 'operator', role: RoleName): Promise<{ personId: PersonId; id: RoleId }> {
  const controller = at === 'operator' ? at : at.id;
  const personId = at === 'operator' ? anId('per') : (await aPerson(world.store, at.id, { kind: 'staff' })).id;
  const id = anId('rol');
  const change = world.records().change();
  grantRole(
    change,
    controller,
    { id, personId, role, scope: { kind: 'organisation' }, validFrom: '2026-01-01', state: 'active' },
    lost.accountId,
  );
  if (at !== 'operator') {
    change
      .put(
        { entity: accountLinkEntity, owner: ownerOf(at.id, personId) },
        { accountId: lost.accountId, since: world.store.now().toISOString() },
        'new',
      )
      .point(accountPointers.person(lost.accountId, at.id, personId));
  }
  await change.activity({ event: 'role.given', subject: { controller, subject: personId } }).commit();
  return { personId, id };
}

const factors = {
  async turnOffTotp(sub: string) {
    if (cognito.isDown) throw new Error('Cognito is down');
    cognito.turnedOff.push(sub);
  },
  async signOutEverywhere(sub: string) {
    cognito.signedOut.push(sub);
  },
};
const door = () =>
  aService(
    world.store,
    linkRoutes,
    someLinkHandlers({
      'reset-totp': resetTotpEffect(factors),
    }),
  ).as();
const press = (token: string) => door().useLink({ params: { token } });

const reset = (personId: PersonId = lost.personId, by: SignedIn = administrator) =>
  world.as(by).resetSecondFactor({ params: { organisationId: organisation.id, personId } });
/** The tokens of the links in the account's letters, in no certain order. */
async function tokensMailed(to: AccountId = lost.accountId): Promise<string[]> {
  const { items } = await world.records().list(noticeEntity, accountOwner(to));
  return items.flatMap(({ value: { content } }) =>
    content.template === 'totp-reset' ? [content.parameters.token] : [],
  );
}
const tokenMailed = async () => (await tokensMailed())[0] ?? '';
const accountNow = async () => (await world.records().get(accountRef(lost.accountId)))?.value;

describe('a lost second factor', () => {
  it('is reset by an administrator and a link to the account’s own address, and by nothing less', async () => {
    const { body, status } = await reset();
    expect([status, Date.parse(body.confirmBefore) - world.store.now().getTime()]).toEqual([201, 24 * HOUR]);
    expect((await accountNow())?.totpOnSince).toBeDefined();
    expect(cognito.turnedOff).toEqual([]);

    await press(await tokenMailed());
    expect(cognito).toMatchObject({ turnedOff: [lost.sub], signedOut: [lost.sub] });
    expect(await accountNow()).not.toHaveProperty('totpOnSince');
  });

  it('kills every token that was alive, and a new sign-in is taken', async () => {
    await reset();
    const read = (token = lost.token) =>
      world.as({ token, role: lost.role }).getOrganisation({ params: { organisationId: organisation.id } });
    expect((await read()).status).toBe(200);
    await press(await tokenMailed());
    await expect(read()).rejects.toMatchObject({ slug: 'not-signed-in' });
    world.store.clock = new Date(world.store.clock.getTime() + 60_000);
    // Signed in again, the guarded role is closed until it is opened with the new factor.
    const fresh = tokenOf({ sub: lost.sub, originJti: 'another' }, world.store.now());
    await expect(read(fresh)).rejects.toMatchObject({ slug: 'role-session-required' });
  });

  it('suspends the roles in other organisations and on the platform, and keeps those of the one that answered for it', async () => {
    const other = await anOrganisation(world.store);
    const colleague = await someoneWith(world.store, other.id, 'administrator');
    const [there, platform] = [await alsoAt(other, 'staff'), await alsoAt('operator', 'platform-support')];
    await reset();
    await press(await tokenMailed());
    expect(await world.roleOf(other.id, there.personId, there.id)).toMatchObject({ state: 'suspended' });
    expect(await world.roleOf('operator', platform.personId, platform.id)).toMatchObject({ state: 'suspended' });
    expect(await world.roleOf(organisation.id, lost.personId, lost.role)).toMatchObject({ state: 'active' });

    const params = { organisationId: other.id, roleId: there.id };
    expect((await world.as(colleague).confirmRole({ params })).body.state).toBe('active');
    const operator = await someoneWith(world.store, 'operator', 'platform-operator');
    await world.as(operator).confirmPlatformRole({ params: { roleId: platform.id } });
    expect(await world.roleOf('operator', platform.personId, platform.id)).toMatchObject({ state: 'active' });
  });

  it('is told in the log of everyone concerned', async () => {
    const other = await anOrganisation(world.store);
    const there = await alsoAt(other, 'staff');
    await reset();
    await press(await tokenMailed());
    const done = ['second-factor-reset.requested', 'second-factor-reset.done'];
    expect(await world.events('operator', lost.accountId)).toEqual(expect.arrayContaining(done));
    expect(await world.events(organisation.id, lost.personId)).toEqual(expect.arrayContaining(done));
    expect(await world.events(other.id, there.personId)).toContain('role.suspended');
  });

  it('is reset once by one link, and not by the link of an earlier request', async () => {
    await reset();
    const earlier = await tokenMailed();
    await reset();
    const later = (await tokensMailed()).find((token) => token !== earlier)!;
    await expect(press(earlier)).rejects.toMatchObject({ slug: 'link-not-found' });
    expect(cognito.turnedOff).toEqual([]);
    await press(later);
    await expect(press(later)).rejects.toMatchObject({ slug: 'link-not-found' });
    expect(cognito.turnedOff).toEqual([lost.sub]);
  });

  it('is not reset after 24 hours', async () => {
    await reset();
    const token = await tokenMailed();
    world.store.clock = new Date(world.store.clock.getTime() + 24 * HOUR);
    await expect(press(token)).rejects.toMatchObject({ slug: 'link-not-found' });
    expect(cognito.turnedOff).toEqual([]);
  });

  it('is reset at the second press when Cognito was down at the first', async () => {
    await reset();
    const token = await tokenMailed();
    cognito.isDown = true;
    await expect(press(token)).rejects.toMatchObject({ status: 500 });
    expect((await accountNow())?.totpOnSince).toBeDefined();
    cognito.isDown = false;
    await press(token);
    expect(await accountNow()).not.toHaveProperty('totpOnSince');
  });
});

describe('who may have a second factor reset', () => {
  it('is nobody for themselves', async () => {
    const before = await world.written();
    await expect(reset(administrator.personId)).rejects.toMatchObject({ slug: 'wrong-state' });
    expect(await world.written()).toEqual(before);
  });

  it('is an administrator with a fresh proof of identity', async () => {
    const leader = await employee(organisation, 'leader');
    const before = await world.written();
    await expect(reset(lost.personId, leader)).rejects.toMatchObject({ slug: 'not-allowed' });
    const now = world.store.now().getTime() / 1000;
    const stale = {
      ...administrator,
      token: tokenOf({ sub: administrator.sub, authTime: now - 301 }, world.store.now()),
    };
    await expect(reset(lost.personId, stale)).rejects.toMatchObject({ slug: 'fresh-proof-required' });
    expect(await world.written()).toEqual(before);
  });

  it('is a person of the organisation with an account that has one', async () => {
    const elsewhere = await employee(await anOrganisation(world.store), 'staff');
    const withoutAccount = await aPerson(world.store, organisation.id, { kind: 'staff' });
    const noFactor = await aPerson(world.store, organisation.id, { kind: 'guardian' });
    await someoneWith(world.store, organisation.id, 'guardian', { personId: noFactor.id });
    const before = await world.written();
    await expect(reset(elsewhere.personId)).rejects.toMatchObject({ slug: 'person-not-found' });
    await expect(reset(withoutAccount.id)).rejects.toMatchObject({ slug: 'wrong-state' });
    await expect(reset(noFactor.id)).rejects.toMatchObject({ slug: 'wrong-state' });
    expect(await world.written()).toEqual(before);
  });
});

describe('an only administrator', () => {
  let first: SignedIn;
  let second: SignedIn;
  beforeEach(async () => {
    first = await someoneWith(world.store, 'operator', 'platform-support');
    second = await someoneWith(world.store, 'operator', 'platform-operator');
    await world.as(lost).endRole({ params: { organisationId: organisation.id, roleId: administrator.role } });
  });
  const ask = (personId = lost.personId, at = organisation) =>
    world.as(first).requestSecondFactorReset({ body: { organisationId: at.id, personId } });
  const approve = (by: SignedIn) => world.as(by).approveSecondFactorReset({ params: { accountId: lost.accountId } });

  it('is let in again by two of the platform staff and the mailed link', async () => {
    const { body } = await ask();
    expect(body).toMatchObject({ accountId: lost.accountId, state: 'waiting-for-approval' });
    expect(await tokensMailed()).toEqual([]);
    expect((await approve(second)).body).toMatchObject({ state: 'mailed' });
    await press(await tokenMailed());
    expect(cognito.turnedOff).toEqual([lost.sub]);
    expect(await world.events('operator', lost.accountId)).toEqual(
      expect.arrayContaining(['second-factor-reset.requested', 'second-factor-reset.approved']),
    );
  });

  it('is not let in by one of them alone, nor twice', async () => {
    await ask();
    const before = await world.written();
    await expect(approve(first)).rejects.toMatchObject({ slug: 'wrong-state' });
    expect(await world.written()).toEqual(before);
    await approve(second);
    const mailed = await world.written();
    const third = await someoneWith(world.store, 'operator', 'platform-support');
    await expect(approve(third)).rejects.toMatchObject({ slug: 'wrong-state' });
    expect((await world.written()).filter((row) => mailed.includes(row))).toEqual(mailed);
    expect(await tokensMailed()).toHaveLength(1);
  });

  it('gets one letter also when two approve at once', async () => {
    await ask();
    const third = await someoneWith(world.store, 'operator', 'platform-support');
    const both = await Promise.allSettled([approve(second), approve(third)]);
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await tokensMailed()).toHaveLength(1);
  });

  it('is not let in by an approval after 24 hours, or of nothing', async () => {
    await expect(approve(second)).rejects.toMatchObject({ slug: 'recovery-not-found' });
    await ask();
    world.store.clock = new Date(world.store.clock.getTime() + 24 * HOUR);
    const later = await someoneWith(world.store, 'operator', 'platform-operator');
    await expect(approve(later)).rejects.toMatchObject({ slug: 'recovery-not-found' });
    expect(await tokensMailed()).toEqual([]);
  });

  it('is the only one whom platform staff reset: where there is a colleague, the colleague does it', async () => {
    const colleague = await employee(organisation, 'administrator');
    const staff = await employee(organisation, 'staff');
    const before = await world.written();
    await expect(ask()).rejects.toMatchObject({ slug: 'wrong-state' });
    await expect(ask(colleague.personId)).rejects.toMatchObject({ slug: 'wrong-state' });
    await expect(ask(staff.personId)).rejects.toMatchObject({ slug: 'wrong-state' });
    await expect(ask(anId('per'))).rejects.toMatchObject({ slug: 'person-not-found' });
    expect(await world.written()).toEqual(before);
  });

  it('of two organisations is locked out of neither: where nobody could confirm, nothing is suspended', async () => {
    const other = await anOrganisation(world.store);
    const there = await alsoAt(other, 'administrator');
    await ask();
    await approve(second);
    await press(await tokenMailed());
    expect(await world.roleOf(other.id, there.personId, there.id)).toMatchObject({ state: 'active' });
  });

  it('whom an administrator elsewhere had reset comes back the same way', async () => {
    const other = await anOrganisation(world.store);
    const helper = await someoneWith(world.store, other.id, 'administrator');
    const there = await alsoAt(other, 'staff');
    const params = { organisationId: other.id, personId: there.personId };
    await world.as(helper).resetSecondFactor({ params });
    await press(await tokenMailed());
    expect(await world.roleOf(organisation.id, lost.personId, lost.role)).toMatchObject({ state: 'suspended' });

    const account = (await world.records().get(accountRef(lost.accountId)))!;
    await world
      .records()
      .change()
      .put(
        account.ref,
        { ...account.value, totpOnSince: world.store.now().toISOString() },
        { version: account.version },
      )
      .activity({ event: 'account.totp-turned-on', subject: account.ref.owner })
      .commit();
    const [used] = await tokensMailed();
    await ask();
    await approve(second);
    await press((await tokensMailed()).find((token) => token !== used)!);
    expect(await world.roleOf(organisation.id, lost.personId, lost.role)).toMatchObject({ state: 'active' });
  });
});

describe('what a reset does to a role', () => {
  const here = anId('org');
  const role = (state: 'active' | 'suspended' | 'ended') => ({
    id: anId('rol'),
    personId: anId('per'),
    role: 'administrator' as const,
    scope: { kind: 'organisation' as const },
    validFrom: '2026-01-01',
    state,
  });
  const stateOf = (
    state: 'active' | 'suspended' | 'ended',
    where: { isHere?: boolean; isSole?: boolean; by?: 'administrator' | 'platform' },
  ) =>
    stateAfterReset(
      {
        organisationId: where.isHere ? here : anId('org'),
        role: role(state),
        isSoleAdministrator: where.isSole ?? false,
      },
      { organisationId: here, by: where.by ?? 'administrator' },
    );

  it('never brings an ended one back', () => {
    for (const isHere of [true, false]) expect(stateOf('ended', { isHere })).toBe('ended');
  });

  it('takes a suspension back in the organisation that answered for the person', () => {
    expect(stateOf('suspended', { isHere: true })).toBe('active');
  });

  it('suspends it elsewhere, also where nobody could confirm it, unless two platform staff answered', () => {
    expect(stateOf('active', {})).toBe('suspended');
    expect(stateOf('active', { isSole: true })).toBe('suspended');
    expect(stateOf('active', { by: 'platform' })).toBe('suspended');
    expect(stateOf('active', { isSole: true, by: 'platform' })).toBe('active');
    expect(stateOf('suspended', { isSole: true, by: 'platform' })).toBe('suspended');
  });
});
