import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { roleRef } from '../../../lambdas/features/access/role.ts';
import { confirmEmail } from '../../../lambdas/features/accounts/email-change.ts';
import { accountHandlers, changed } from '../../../lambdas/features/accounts/handlers.ts';
import { accountRoutes } from '../../../lambdas/features/accounts/routes.ts';
import { accountStore } from '../../../lambdas/features/accounts/store.ts';
import {
  acceptanceHandlers,
  invitationHandlers,
  registrationHandlers,
} from '../../../lambdas/features/invitations/handlers.ts';
import {
  type RegistrationEvidence,
  registrationEvidenceEntity,
} from '../../../lambdas/features/invitations/invitation.ts';
import {
  acceptanceRoutes,
  invitationRoutes,
  registrationRoutes,
} from '../../../lambdas/features/invitations/routes.ts';
import { invitationStore } from '../../../lambdas/features/invitations/store.ts';
import { linkRoutes } from '../../../lambdas/features/links/routes.ts';
import { noticeEntity } from '../../../lambdas/features/notices/notice.ts';
import {
  groupEntity,
  type Organisation,
  organisationEntity,
  organisationOwner,
  organisationPointers,
} from '../../../lambdas/features/organisations/organisation.ts';
import type { Owner } from '../../../lambdas/platform/entity.ts';
import { openRecords } from '../../../lambdas/platform/open-records.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { someLinkHandlers } from '../../support/links.ts';
import { anOrganisation, aPerson, aService, someoneWith, tokenOf } from '../../support/service.ts';
import { aCall, anId, aStore, type TestStore } from '../../support/store.ts';
import { aUserPool } from '../../support/user-pool.ts';

const undertaking = { version: 'v1', nb: 'Jeg lover å tie.', en: 'I promise to keep silent.' };
const statementVersion = () => 's1';
let db: TestDynamoDb;
let store: TestStore;
let pool: ReturnType<typeof aUserPool>;
let service: ReturnType<typeof theService>;

function theService() {
  return aService(
    store,
    { ...accountRoutes, ...acceptanceRoutes, ...registrationRoutes, ...invitationRoutes, ...linkRoutes },
    {
      ...accountHandlers(accountStore, pool, undertaking),
      ...acceptanceHandlers(invitationStore, statementVersion),
      ...registrationHandlers(invitationStore, pool, statementVersion),
      ...invitationHandlers(invitationStore),
      ...someLinkHandlers({
        'confirm-email': confirmEmail(pool),
      }),
    },
  );
}

beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  store = await aStore(db.client, await db.createTables(), ['operator']);
  pool = aUserPool();
  service = theService();
});

const records = () => openRecords(store, { requestId: 'test', actor: 'test', newEventId: () => anId('evt') });
const noticesTo = async (owner: Owner) => (await records().list(noticeEntity, owner)).items.map(({ value }) => value);
async function tokenInNotice(owner: Owner, template: string): Promise<string> {
  const notice = (await noticesTo(owner)).findLast(({ content }) => content.template === template);
  return (notice!.content as { parameters: { token: string } }).parameters.token;
}
async function withoutAgreement({ acceptedAgreementVersion: _, ...organisation }: Organisation) {
  const owner = organisationOwner(organisation.id);
  const change = records().change().put({ entity: organisationEntity, owner }, organisation, { version: 1 });
  await change.activity({ event: 'organisation.changed', subject: owner }).commit();
}
const soon = (seconds: number) => {
  store.clock = new Date(store.clock.getTime() + seconds * 1000);
};

async function anInvitedGuardian(profile: 'kindergarten' | 'safety' = 'kindergarten') {
  const organisation = await anOrganisation(store, { profile });
  const leader = await someoneWith(store, organisation.id, 'administrator');
  const guardian = await aPerson(store, organisation.id, {
    kind: profile === 'safety' ? 'member' : 'guardian',
    email: 'mor@example.no',
  });
  await service
    .as(leader)
    .invitePerson({ params: { organisationId: organisation.id, personId: guardian.id }, body: {} });
  const owner = { controller: organisation.id, subject: guardian.id };
  return { organisation, leader, guardian, owner, invitation: await tokenInNotice(owner, 'invitation') };
}

describe('registering by an invitation', () => {
  const register = (invitation: string, more: object = {}) =>
    service
      .as()
      .register({ body: { invitation, email: 'mor@example.no', language: 'nb', statementVersion: 's1', ...more } });

  it('links the account to the person who was invited, with the role', async () => {
    const { invitation, organisation, guardian } = await anInvitedGuardian();
    expect((await register(invitation)).status).toBe(202);
    const { sub } = pool.users.get('mor@example.no')!;
    const { body: me } = await service.as({ token: tokenOf({ sub }, store.clock) }).getMe();
    expect(me.persons).toEqual([{ organisationId: organisation.id, personId: guardian.id, kind: 'guardian' }]);
    expect(me.roles).toMatchObject([
      { role: 'guardian', title: 'foresatt', organisationName: 'Solbakken barnehage', guarded: false },
    ]);
  });

  it('AT-15 keeps which version of the statement was acknowledged, and when', async () => {
    const { invitation, owner } = await anInvitedGuardian();
    await register(invitation);
    const { items } = await records().list(registrationEvidenceEntity, owner);
    expect(items.map(({ value }) => value)).toMatchObject([
      { statementVersion: 's1', basis: 'acknowledged', at: store.clock.toISOString() },
    ]);
  });

  it('SM-07 makes no account under the safety profile without consent', async () => {
    const { invitation } = await anInvitedGuardian('safety');
    await expect(register(invitation)).rejects.toMatchObject({ slug: 'consent-required' });
    expect(pool.users.size).toBe(0);
    await register(invitation, { consents: ['account'] });
    expect(pool.users.size).toBe(1);
  });

  it('is refused for a statement that is no longer the present one, and makes no user', async () => {
    const { invitation } = await anInvitedGuardian();
    await expect(register(invitation, { statementVersion: 's0' })).rejects.toMatchObject({
      slug: 'statement-outdated',
    });
    expect(pool.users.size).toBe(0);
  });

  it('answers an unknown invitation like a known one', async () => {
    const known = await register((await anInvitedGuardian()).invitation);
    const unknown = await register('A'.repeat(32));
    expect([unknown.status, unknown.body]).toEqual([known.status, known.body]);
    expect(pool.users.size).toBe(1);
  });

  it('works once: the second time there is nothing to accept', async () => {
    const { invitation } = await anInvitedGuardian();
    await register(invitation);
    await register(invitation, { email: 'another@example.no' });
    expect([...pool.users.keys()]).toEqual(['mor@example.no']);
  });

  it('does not work after two weeks', async () => {
    const { invitation } = await anInvitedGuardian();
    soon(14 * 24 * 60 * 60);
    await register(invitation);
    expect(pool.users.size).toBe(0);
  });

  it('goes on where a crash between Cognito and our tables left it', async () => {
    const { invitation } = await anInvitedGuardian();
    await pool.invite('mor@example.no');
    await register(invitation);
    const { sub } = pool.users.get('mor@example.no')!;
    expect((await service.as({ token: tokenOf({ sub }, store.clock) }).getMe()).body.persons).toHaveLength(1);
  });

  it('asks the owner of an existing account to sign in and accept, and links nothing before', async () => {
    const first = await anInvitedGuardian();
    await register(first.invitation);
    pool.users.get('mor@example.no')!.signedIn = true;
    const { sub } = pool.users.get('mor@example.no')!;
    const second = await anInvitedGuardian();
    await register(second.invitation);
    const mother = service.as({ token: tokenOf({ sub }, store.clock) });
    expect((await mother.getMe()).body.persons).toHaveLength(1);
    expect(await noticesTo(second.owner)).toHaveLength(2);
    await mother.acceptInvitation({ body: { invitation: second.invitation, statementVersion: 's1' } });
    expect((await mother.getMe()).body.persons).toHaveLength(2);
    await expect(
      mother.acceptInvitation({ body: { invitation: second.invitation, statementVersion: 's1' } }),
    ).rejects.toMatchObject({ slug: 'invitation-not-found' });
  });

  it('CE-01 by the organisation’s code gives no role before an administrator approves', async () => {
    const organisation = await anOrganisation(store);
    const administrator = await someoneWith(store, organisation.id, 'administrator');
    await records()
      .change()
      .point({ ...organisationPointers.code('SKBAKKE2'), attributes: { organisationId: organisation.id } })
      .activity({ event: 'organisation.code-set', subject: { controller: organisation.id, subject: organisation.id } })
      .commit();
    await service.as().register({
      body: {
        organisationCode: 'SKBAKKE2',
        email: 'far@example.no',
        name: 'Lars Olstad',
        language: 'nb',
        statementVersion: 's1',
      },
    });
    const father = service.as({ token: tokenOf({ sub: pool.users.get('far@example.no')!.sub }, store.clock) });
    expect((await father.getMe()).body.roles).toEqual([]);
    const params = { organisationId: organisation.id };
    const { body: waiting } = await service.as(administrator).listJoinRequests({ params });
    expect(waiting.items).toMatchObject([{ email: 'far@example.no', name: 'Lars Olstad' }]);
    const person = await aPerson(store, organisation.id, { kind: 'guardian' });
    await service.as(administrator).approveJoinRequest({
      params: { ...params, accountId: waiting.items[0]!.accountId },
      body: { personId: person.id },
    });
    expect((await father.getMe()).body.roles).toMatchObject([{ role: 'guardian' }]);
    expect((await service.as(administrator).listJoinRequests({ params })).body.items).toEqual([]);
  });
});

describe('an invitation', () => {
  it('to staff is given by whoever may give that role', async () => {
    const organisation = await anOrganisation(store);
    const leader = await someoneWith(store, organisation.id, 'leader');
    const person = await aPerson(store, organisation.id, { kind: 'staff', email: 'ansatt@example.no' });
    const params = { organisationId: organisation.id, personId: person.id };
    const invite = (role: 'staff' | 'administrator') => service.as(leader).invitePerson({ params, body: { role } });
    await expect(invite('administrator')).rejects.toMatchObject({ slug: 'not-allowed' });
    expect((await invite('staff')).body).toMatchObject({ role: 'staff', scope: { kind: 'organisation' } });
  });

  it('is closed by a newer one', async () => {
    const { leader, organisation, guardian, invitation, owner } = await anInvitedGuardian();
    await service
      .as(leader)
      .invitePerson({ params: { organisationId: organisation.id, personId: guardian.id }, body: {} });
    await service
      .as()
      .register({ body: { invitation, email: 'mor@example.no', language: 'nb', statementVersion: 's1' } });
    expect(pool.users.size).toBe(0);
    await service.as().register({
      body: {
        invitation: await tokenInNotice(owner, 'invitation'),
        email: 'mor@example.no',
        language: 'nb',
        statementVersion: 's1',
      },
    });
    expect(pool.users.size).toBe(1);
  });

  it('FW-01 is refused before the data-processing agreement, and mails nothing', async () => {
    const organisation = await anOrganisation(store);
    await withoutAgreement(organisation);
    const leader = await someoneWith(store, organisation.id, 'administrator');
    const guardian = await aPerson(store, organisation.id, { kind: 'guardian', email: 'mor@example.no' });
    await expect(
      service.as(leader).invitePerson({ params: { organisationId: organisation.id, personId: guardian.id }, body: {} }),
    ).rejects.toMatchObject({ slug: 'dpa-not-accepted' });
    expect(await noticesTo({ controller: organisation.id, subject: guardian.id })).toEqual([]);
  });
});

describe('a guarded role', () => {
  async function anEmployee() {
    const organisation = await anOrganisation(store);
    const employee = await someoneWith(store, organisation.id, 'staff', { isOpen: false });
    const body = { organisationId: organisation.id, roleId: employee.role };
    return { organisation, employee, body, me: service.as(employee) };
  }

  it('opens only with TOTP, proven after it was turned on, and with an undertaking (SM-15)', async () => {
    const { employee, body, me } = await anEmployee();
    await expect(me.openRole({ body })).rejects.toMatchObject({ slug: 'totp-required' });
    soon(10);
    await me.turnOnTotp({ body: { code: '123456' } });
    await expect(me.openRole({ body })).rejects.toMatchObject({ slug: 'fresh-proof-required' });
    soon(1);
    const again = service.as({
      token: tokenOf({ sub: employee.sub, originJti: 'second' }, store.clock),
      role: employee.role,
    });
    await expect(again.openRole({ body })).rejects.toMatchObject({ slug: 'confidentiality-undertaking-required' });
    await again.giveUndertaking({ body: { ...body, version: 'v1' } });
    expect((await again.openRole({ body })).status).toBe(201);
  });

  it('stays shut when Cognito no longer lists the factor, whatever we believe', async () => {
    const { employee, body, me } = await anEmployee();
    await me.turnOnTotp({ body: { code: '123456' } });
    soon(1);
    const again = service.as({
      token: tokenOf({ sub: employee.sub, originJti: 'second' }, store.clock),
      role: employee.role,
    });
    await again.giveUndertaking({ body: { ...body, version: 'v1' } });
    pool.totp.clear();
    await expect(again.openRole({ body })).rejects.toMatchObject({ slug: 'totp-required' });
  });

  it('FW-08 demands a fresh proof where the organisation wants one', async () => {
    const organisation = await anOrganisation(store, { openingRoleNeedsFreshProof: true });
    const guardian = await someoneWith(store, organisation.id, 'guardian');
    const body = { organisationId: organisation.id, roleId: guardian.role };
    soon(301);
    await expect(service.as(guardian).openRole({ body })).rejects.toMatchObject({ slug: 'fresh-proof-required' });
    const again = { token: tokenOf({ sub: guardian.sub, originJti: 'again' }, store.clock) };
    expect((await service.as(again).openRole({ body })).status).toBe(201);
  });

  it('SM-08 is shown with the name of the group that it is for', async () => {
    const organisation = await anOrganisation(store);
    const group = { id: anId('grp'), name: 'Blåveis', state: 'open' } as const;
    const owner = organisationOwner(organisation.id);
    const change = records().change().put({ entity: groupEntity, owner, key: group.id }, group, 'new');
    await change.activity({ event: 'group.created', subject: owner }).commit();
    const employee = await someoneWith(store, organisation.id, 'staff', { scope: { kind: 'group', id: group.id } });
    expect((await service.as(employee).getMe()).body.roles).toMatchObject([{ role: 'staff', scopeName: 'Blåveis' }]);
  });

  it('is nobody else’s: another account gets 404', async () => {
    const { body } = await anEmployee();
    const stranger = await someoneWith(store, (await anOrganisation(store)).id, 'staff');
    await expect(service.as(stranger).openRole({ body })).rejects.toMatchObject({ slug: 'role-not-found' });
  });

  it('is open for 30 minutes of that sign-in, and for no other', async () => {
    const organisation = await anOrganisation(store);
    const administrator = await someoneWith(store, organisation.id, 'administrator');
    const list = (token = administrator.token) =>
      service.as({ token, role: administrator.role }).listJoinRequests({ params: { organisationId: organisation.id } });
    await list();
    await expect(list(tokenOf({ sub: administrator.sub, originJti: 'elsewhere' }, store.clock))).rejects.toMatchObject({
      slug: 'role-session-required',
    });
    soon(30 * 60 - 1);
    await list();
    soon(1);
    await expect(list()).rejects.toMatchObject({ slug: 'role-session-required' });
  });
});

describe('TOTP', () => {
  it('FW-06 is set up with any authenticator app: a URI and a QR code', async () => {
    const someone = await someoneWith(store, (await anOrganisation(store)).id, 'guardian', { email: 'mor@example.no' });
    const { body } = await service.as(someone).beginTotp();
    expect(body.otpauthUri).toBe('otpauth://totp/Vern%3Amor%40example.no?secret=JBSWY3DPEHPK3PXP&issuer=Vern');
    expect(body.qrSvg).toMatch(/^<svg[^>]*>/);
    expect(body.qrSvg).not.toMatch(/script|href/);
  });
  it('is not turned on by a wrong code', async () => {
    const someone = await someoneWith(store, (await anOrganisation(store)).id, 'guardian');
    await expect(service.as(someone).turnOnTotp({ body: { code: '000000' } })).rejects.toMatchObject({
      slug: 'wrong-code',
    });
    expect((await service.as(someone).getMe()).body.totpOn).toBe(false);
  });
  it('demands a proof of the last five minutes', async () => {
    const someone = await someoneWith(store, (await anOrganisation(store)).id, 'guardian');
    soon(300);
    await service.as(someone).beginTotp();
    soon(1);
    await expect(service.as(someone).beginTotp()).rejects.toMatchObject({ slug: 'fresh-proof-required' });
  });
});

describe('signing out everywhere', () => {
  it('takes effect at once on tokens that are still alive', async () => {
    const someone = await someoneWith(store, (await anOrganisation(store)).id, 'guardian');
    await service.as(someone).signOutEverywhere();
    expect(pool.signedOut.has(someone.sub)).toBe(true);
    await expect(service.as(someone).getMe()).rejects.toMatchObject({ slug: 'not-signed-in' });
    soon(1);
    await service.as({ token: tokenOf({ sub: someone.sub, originJti: 'new' }, store.clock) }).getMe();
  });
});

describe('my account', () => {
  it('CE-11 is changed by myself, and only the version that I read', async () => {
    const someone = await someoneWith(store, (await anOrganisation(store)).id, 'guardian');
    const me = service.as(someone);
    const { etag } = await me.getMe();
    const { body } = await me.changeMe({
      ifMatch: etag!,
      body: { firstName: 'Åse', phone: '+4790000000', settings: { styleSheet: 'dark' } },
    });
    expect(body).toMatchObject({ firstName: 'Åse', phone: '+4790000000', settings: { styleSheet: 'dark' } });
    await expect(me.changeMe({ ifMatch: etag!, body: { firstName: 'X' } })).rejects.toMatchObject({
      slug: 'stale-version',
    });
    const emptied = await me.changeMe({ ifMatch: body.version, body: { phone: null } });
    expect(emptied.body).not.toHaveProperty('phone');
    expect(emptied.body.firstName).toBe('Åse');
  });

  it('CE-14 lists sign-ins with network and browser, once per sign-in, for three weeks', async () => {
    const someone = await someoneWith(store, (await anOrganisation(store)).id, 'guardian');
    await service.as(someone).getMe();
    await service.as(someone).getMe();
    const list = async () => (await service.as(someone).listMySignIns()).body.items;
    expect(await list()).toEqual([{ at: store.clock.toISOString(), network: '203.0.113.0/24', browser: 'test' }]);
    const signedInAt = store.clock;
    store.clock = new Date(signedInAt.getTime() + 21 * 24 * 60 * 60 * 1000 - 1000);
    expect(await list()).toHaveLength(1);
    store.clock = new Date(signedInAt.getTime() + 21 * 24 * 60 * 60 * 1000);
    expect((await list()).map(({ at }) => at)).not.toContain(signedInAt.toISOString());
  });

  it('changes its address only when the new one confirms, tells the old one, and takes only the newest link', async () => {
    const someone = await someoneWith(store, (await anOrganisation(store)).id, 'guardian', {
      email: 'gammel@example.no',
    });
    const owner: Owner = { controller: 'operator', subject: someone.accountId };
    await service.as(someone).changeMyEmail({ body: { email: 'feil@example.no' } });
    const outdated = await tokenInNotice(owner, 'email-change-confirm');
    soon(1);
    await service.as(someone).changeMyEmail({ body: { email: 'ny@example.no' } });
    const tokens = (await noticesTo(owner)).filter(({ address }) => address === 'ny@example.no');
    const link = (tokens[0]!.content as { parameters: { token: string } }).parameters.token;
    const outdatedIsOther = outdated !== link ? outdated : '';
    await service.send(`https://vern.test/l/${link}`, { method: 'GET' });
    expect((await service.as(someone).getMe()).body.email).toBe('gammel@example.no');
    if (outdatedIsOther)
      expect((await service.send(`https://vern.test/l/${outdatedIsOther}`, { method: 'POST' })).status).toBe(404);
    expect((await service.send(`https://vern.test/l/${link}`, { method: 'POST' })).status).toBe(200);
    expect((await service.as(someone).getMe()).body.email).toBe('ny@example.no');
    expect(pool.addresses.get(someone.sub)).toBe('ny@example.no');
    expect(
      (await noticesTo(owner)).filter(
        ({ address, content }) => content.template === 'email-changed' && address === 'gammel@example.no',
      ),
    ).toHaveLength(1);
    expect((await service.send(`https://vern.test/l/${link}`, { method: 'POST' })).status).toBe(404);
  });
});

describe('a new address that another user has by now', () => {
  it('is not confirmed: nothing changes, the page says so, and the link stays', async () => {
    const someone = await someoneWith(store, (await anOrganisation(store)).id, 'guardian', {
      email: 'gammel@example.no',
    });
    await service.as(someone).changeMyEmail({ body: { email: 'opptatt@example.no' } });
    const owner: Owner = { controller: 'operator', subject: someone.accountId };
    const link = await tokenInNotice(owner, 'email-change-confirm');
    const press = (accept: string) =>
      service.send(`https://vern.test/l/${link}`, { method: 'POST', headers: { accept } });

    await pool.changeEmail('sub-of-another', 'opptatt@example.no');
    const refused = await press('application/json');
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({ type: 'https://vern.test/problems/email-taken' });
    expect(await (await press('text/html')).text()).toContain('Det gikk ikke');
    expect((await service.as(someone).getMe()).body.email).toBe('gammel@example.no');
    expect((await noticesTo(owner)).map(({ content }) => content.template)).not.toContain('email-changed');

    await pool.changeEmail('sub-of-another', 'ledig@example.no');
    expect((await press('text/html')).status).toBe(200);
    expect((await service.as(someone).getMe()).body.email).toBe('opptatt@example.no');
  });
});

describe('the gate', () => {
  it('answers an outsider 404, a member without the right 403, and nobody 401', async () => {
    const [mine, other] = [await anOrganisation(store), await anOrganisation(store)];
    const guardian = await someoneWith(store, mine.id, 'guardian');
    const list = (organisationId: typeof mine.id, caller?: typeof guardian) =>
      service.as(caller).listJoinRequests({ params: { organisationId } });
    await expect(list(other.id, guardian)).rejects.toMatchObject({ status: 404, slug: 'organisation-not-found' });
    await expect(list(mine.id, guardian)).rejects.toMatchObject({ status: 403, slug: 'not-allowed' });
    await expect(list(mine.id)).rejects.toMatchObject({ status: 401 });
  });
  it('SM-02 tells a leader of one department that what has no department is not theirs', async () => {
    const organisation = await anOrganisation(store);
    const scope = { kind: 'department', id: anId('dep') } as const;
    const leader = await someoneWith(store, organisation.id, 'leader', { scope });
    await expect(
      service.as(leader).inviteGuardians({ params: { organisationId: organisation.id } }),
    ).rejects.toMatchObject({ status: 403, slug: 'not-allowed' });
  });
  it('asks for the role where none is named', async () => {
    const organisation = await anOrganisation(store);
    const { token } = await someoneWith(store, organisation.id, 'administrator');
    await expect(
      service.as({ token }).listJoinRequests({ params: { organisationId: organisation.id } }),
    ).rejects.toMatchObject({ slug: 'role-required' });
  });
  it('carries out a creating request once, whatever is sent twice', async () => {
    const organisation = await anOrganisation(store);
    const administrator = await someoneWith(store, organisation.id, 'administrator');
    const guardian = await aPerson(store, organisation.id, { kind: 'guardian', email: 'mor@example.no' });
    const params = { organisationId: organisation.id, personId: guardian.id };
    const invite = (idempotencyKey: string, body = {}) =>
      service.as(administrator).invitePerson({ params, body, idempotencyKey });
    const [a, b] = await Promise.all([invite('one'), invite('one')]);
    expect(a.body).toEqual(b.body);
    expect((await invite('one')).body).toEqual(a.body);
    expect(await noticesTo({ controller: organisation.id, subject: guardian.id })).toHaveLength(1);
    await expect(invite('one', { role: 'guardian' })).rejects.toMatchObject({ status: 422 });
    soon(24 * 60 * 60);
  });
});

describe('a dead link', () => {
  const press = (accept?: string) =>
    service.send(`https://vern.test/l/${'A'.repeat(32)}`, { method: 'POST', ...(accept && { headers: { accept } }) });
  it('is a page for a person and a problem document for a program', async () => {
    const page = await press('text/html,application/xhtml+xml,*/*;q=0.8');
    expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await page.text()).toContain('Lenken virker ikke lenger');
    const looked = await service.send(`https://vern.test/l/${'A'.repeat(32)}`, { method: 'GET' });
    expect(looked.status).toBe(404);
    const document = await press();
    expect([document.status, document.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
  });
});

describe('refusals', () => {
  it('of an invitation say why', async () => {
    const { leader, organisation, guardian, invitation } = await anInvitedGuardian();
    const params = { organisationId: organisation.id, personId: guardian.id };
    const as = service.as(leader);
    const invite = (personId = guardian.id, body: object = {}) =>
      as.invitePerson({ params: { ...params, personId }, body });
    await expect(invite(anId('per'))).rejects.toMatchObject({ slug: 'person-not-found' });
    const nameless = await aPerson(store, organisation.id, { kind: 'guardian' });
    await expect(invite(nameless.id)).rejects.toMatchObject({ slug: 'wrong-state' });
    await expect(
      invite(guardian.id, { role: 'guardian', scope: { kind: 'group', id: anId('grp') } }),
    ).rejects.toMatchObject({ slug: 'wrong-state' });
    await service
      .as()
      .register({ body: { invitation, email: 'mor@example.no', language: 'nb', statementVersion: 's1' } });
    await expect(invite()).rejects.toMatchObject({ slug: 'account-already-linked' });
  });

  it('of an acceptance say why, and use nothing up', async () => {
    const { invitation, guardian, organisation } = await anInvitedGuardian('safety');
    const someone = await someoneWith(store, (await anOrganisation(store)).id, 'guardian');
    const accept = (statementVersion: string, consents: 'account'[] = []) =>
      service.as(someone).acceptInvitation({ body: { invitation, statementVersion, consents } });
    await expect(accept('s0', ['account'])).rejects.toMatchObject({ slug: 'statement-outdated' });
    await expect(accept('s1')).rejects.toMatchObject({ slug: 'consent-required' });
    await accept('s1', ['account']);
    expect((await service.as(someone).getMe()).body.persons).toContainEqual({
      organisationId: organisation.id,
      personId: guardian.id,
      kind: 'member',
    });
  });

  it('of an invitation whose person has an account by now', async () => {
    const { organisation, guardian, invitation } = await anInvitedGuardian();
    const other = await someoneWith(store, organisation.id, 'guardian', { personId: guardian.id });
    await expect(
      service.as(other).acceptInvitation({ body: { invitation, statementVersion: 's1' } }),
    ).rejects.toMatchObject({ slug: 'account-already-linked' });
  });

  it('of an approval say why, and leave the request waiting', async () => {
    const organisation = await anOrganisation(store);
    const administrator = service.as(await someoneWith(store, organisation.id, 'administrator'));
    const someone = await someoneWith(store, (await anOrganisation(store)).id, 'guardian');
    const evidence: RegistrationEvidence = {
      statementVersion: 's1',
      basis: 'acknowledged',
      consents: [],
      language: 'nb',
      at: store.clock.toISOString(),
    };
    const request = { accountId: someone.accountId, email: 'far@example.no', requestedAt: evidence.at, evidence };
    await invitationStore.requestToJoin(organisation.id, request, { ...aCall(store), records: records() });
    const person = await aPerson(store, organisation.id, { kind: 'guardian' });
    const approve = (accountId = someone.accountId, personId = person.id, body: object = {}) =>
      administrator.approveJoinRequest({
        params: { organisationId: organisation.id, accountId },
        body: { personId, ...body },
      });
    await expect(approve(anId('acc'))).rejects.toMatchObject({ slug: 'account-not-found' });
    await expect(approve(someone.accountId, anId('per'))).rejects.toMatchObject({ slug: 'person-not-found' });
    await expect(approve(someone.accountId, person.id, { role: 'member' })).rejects.toMatchObject({
      slug: 'wrong-state',
    });
    const taken = await aPerson(store, organisation.id, { kind: 'guardian' });
    await someoneWith(store, organisation.id, 'guardian', { personId: taken.id });
    await expect(approve(someone.accountId, taken.id)).rejects.toMatchObject({ slug: 'account-already-linked' });
    await withoutAgreement(organisation);
    await expect(approve()).rejects.toMatchObject({ slug: 'dpa-not-accepted' });
    expect(
      (await administrator.listJoinRequests({ params: { organisationId: organisation.id } })).body.items,
    ).toHaveLength(1);
  });

  it('of a role and its undertaking say why', async () => {
    const organisation = await anOrganisation(store);
    const employee = await someoneWith(store, organisation.id, 'staff', { isOpen: false });
    const body = { organisationId: organisation.id, roleId: employee.role };
    const me = service.as(employee);
    await expect(me.giveUndertaking({ body: { ...body, version: 'v0' } })).rejects.toMatchObject({
      slug: 'undertaking-outdated',
    });
    await expect(me.giveUndertaking({ body: { ...body, roleId: anId('rol'), version: 'v1' } })).rejects.toMatchObject({
      slug: 'role-not-found',
    });
    const ref = roleRef(organisation.id, employee.personId, employee.role);
    const role = (await records().get(ref))!;
    await records()
      .change()
      .put(ref, { ...role.value, state: 'suspended' }, { version: role.version })
      .activity({ event: 'role.suspended', subject: ref.owner })
      .commit();
    await expect(me.openRole({ body })).rejects.toMatchObject({ slug: 'role-suspended' });
    await expect(me.listJoinRequests({ params: { organisationId: organisation.id } })).rejects.toMatchObject({
      slug: 'role-suspended',
    });
  });

  it('of a second TOTP while the first is on', async () => {
    const someone = await someoneWith(store, (await anOrganisation(store)).id, 'guardian');
    await service.as(someone).turnOnTotp({ body: { code: '123456' } });
    await expect(service.as(someone).beginTotp()).rejects.toMatchObject({ slug: 'wrong-state' });
    await service.as(someone).turnOffTotp();
    expect((await service.as(someone).beginTotp()).status).toBe(200);
  });
});

describe('pieces', () => {
  it('leaves what was not sent, and empties what is null', () => {
    const account = { firstName: 'A', phone: '+4790000000' } as Parameters<typeof changed>[0];
    expect(changed(account, { phone: null })).toEqual({ firstName: 'A' });
  });
});
