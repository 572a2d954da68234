import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rules } from '../../../lambdas/access/rules.ts';
import { roleSessionRef } from '../../../lambdas/features/access/role.ts';
import type { Organisation } from '../../../lambdas/features/organisations/organisation.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation, aPerson, type SignedIn, someoneWith } from '../../support/service.ts';
import { anId } from '../../support/store.ts';
import { aWorld, type World } from '../organisations/world.ts';

let dynamoDb: TestDynamoDb;
let world: World;
let organisation: Organisation;
let administrator: SignedIn;
let support: SignedIn;

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});
afterAll(() => dynamoDb.stop());
beforeEach(async () => {
  world = await aWorld(dynamoDb);
  organisation = await anOrganisation(world.store);
  administrator = await someoneWith(world.store, organisation.id, 'administrator');
  support = await someoneWith(world.store, 'operator', 'platform-support');
});

const inOrg = () => ({ organisationId: organisation.id });
const admin = () => world.as(administrator);
const ask = (hours = 2) =>
  world.as(support).requestAccessGrant({ body: { ...inOrg(), reason: 'Sak 1042: feil i lista', hours } });
const look = () => world.as(support).listPeople({ params: inOrg() });
const end = (accessGrantId: Awaited<ReturnType<typeof ask>>['body']['id']) =>
  admin().endAccessGrant({ params: { ...inOrg(), accessGrantId } });

async function openAgain({ accountId, sub, role }: SignedIn) {
  const expires = new Date(world.store.now().getTime() + 30 * 60 * 1000);
  const session = { openedAt: world.store.now().toISOString(), expiresAt: expires.toISOString() };
  await world
    .records()
    .change()
    .put(roleSessionRef(accountId, `origin-${sub}`, role), session, 'new', {
      expiresAtEpochSeconds: expires.getTime() / 1000,
    })
    .activity({ event: 'role.opened', subject: { controller: 'operator', subject: accountId } })
    .commit();
}

describe('platform staff (SM-14, KP-13)', () => {
  it('see nothing of an organisation without a grant', async () => {
    await expect(look()).rejects.toMatchObject({ slug: 'access-grant-required' });
  });

  it('see it at once with one, until its hours are over', async () => {
    const { body } = await ask(1);
    expect(Date.parse(body.until) - Date.parse(body.from)).toBe(60 * 60 * 1000);
    expect((await look()).status).toBe(200);
    world.store.clock = new Date(world.store.clock.getTime() + 60 * 60 * 1000);
    // Decided before the role session, which is over as well.
    await expect(look()).rejects.toMatchObject({ slug: 'access-grant-required' });
  });

  it('see the organisation that the grant is for, and no other', async () => {
    await ask();
    const other = await anOrganisation(world.store);
    await expect(world.as(support).listPeople({ params: { organisationId: other.id } })).rejects.toMatchObject({
      slug: 'access-grant-required',
    });
  });

  it('see with a colleague’s grant nothing', async () => {
    await ask();
    const colleague = await someoneWith(world.store, 'operator', 'platform-support');
    await expect(world.as(colleague).listPeople({ params: inOrg() })).rejects.toMatchObject({
      slug: 'access-grant-required',
    });
  });

  it('change nothing, whatever grant they hold', async () => {
    await ask();
    const child = await aPerson(world.store, organisation.id);
    const before = await world.written();
    const refused = { slug: 'not-allowed' };
    const as = world.as(support);
    await expect(as.changeOrganisation({ params: inOrg(), body: { name: 'X' }, ifMatch: 1 })).rejects.toMatchObject(
      refused,
    );
    await expect(as.createGroup({ params: inOrg(), body: { name: 'X' } })).rejects.toMatchObject(refused);
    await expect(
      as.changePerson({ params: { ...inOrg(), personId: child.id }, body: { firstName: 'X' }, ifMatch: 1 }),
    ).rejects.toMatchObject(refused);
    await expect(as.listAccessGrants({ params: inOrg() })).rejects.toMatchObject(refused);
    expect(await world.written()).toEqual(before);
  });

  it('are named in no rule for an organisation but those that read', () => {
    const actions = Object.entries(rules).filter(
      ([action, ofAction]) =>
        !/^(platform|dpo):/.test(action) && ofAction.some(({ role }) => role.startsWith('platform-')),
    );
    expect(actions.length).toBeGreaterThan(0);
    for (const [action] of actions) expect(action).toMatch(/:(read|list)$/);
  });

  it('get a grant for eight hours at most, with a reason, for an organisation that is there', async () => {
    const before = await world.written();
    await expect(ask(9)).rejects.toMatchObject({ slug: 'malformed-request' });
    const as = world.as(support);
    await expect(as.requestAccessGrant({ body: { ...inOrg(), reason: ' ', hours: 1 } })).rejects.toMatchObject({
      slug: 'malformed-request',
    });
    await expect(
      as.requestAccessGrant({ body: { organisationId: anId('org'), reason: 'Sak 1', hours: 1 } }),
    ).rejects.toMatchObject({ slug: 'organisation-not-found' });
    expect(await world.written()).toEqual(before);
  });
});

describe('the organisation (SM-14)', () => {
  it('sees every grant with its reason, and ends it with effect on the next request', async () => {
    const { body } = await ask();
    await look();
    expect((await admin().listAccessGrants({ params: inOrg() })).body.items).toEqual([body]);
    await end(body.id);
    await expect(look()).rejects.toMatchObject({ slug: 'access-grant-required' });
    const [ended] = (await admin().listAccessGrants({ params: inOrg() })).body.items;
    expect(ended).toEqual({ ...body, endedAt: world.store.now().toISOString() });
    expect(await world.events(organisation.id, organisation.id)).toEqual(
      expect.arrayContaining(['access-grant.given', 'access-grant.ended']),
    );
  });

  it('ends a grant once, and one that is not there not at all', async () => {
    const { body } = await ask();
    await end(body.id);
    const before = await world.written();
    expect((await end(body.id)).status).toBe(204);
    await expect(end(anId('gnt'))).rejects.toMatchObject({ slug: 'access-grant-not-found' });
    expect(await world.written()).toEqual(before);
  });

  it('sees a second grant of the same account replace the first', async () => {
    const first = (await ask(1)).body;
    const second = (await ask(8)).body;
    const [newest, oldest] = (await admin().listAccessGrants({ params: inOrg() })).body.items;
    expect([newest, oldest?.endedAt]).toEqual([second, world.store.now().toISOString()]);
    await end(second.id);
    await expect(look()).rejects.toMatchObject({ slug: 'access-grant-required' });
    expect(first.id).toBe(oldest?.id);
  });

  it('takes nothing from a later grant when it ends one whose hours were over', async () => {
    const first = (await ask(1)).body;
    world.store.clock = new Date(world.store.clock.getTime() + 60 * 60 * 1000);
    administrator = await someoneWith(world.store, organisation.id, 'administrator');
    await openAgain(support);
    const second = (await ask(1)).body;
    await end(first.id);
    expect((await look()).status).toBe(200);
    await end(second.id);
    await expect(look()).rejects.toMatchObject({ slug: 'access-grant-required' });
  });

  it('sees one grant in force when the same account asks twice at once', async () => {
    await Promise.allSettled([ask(), ask()]);
    const { items } = (await admin().listAccessGrants({ params: inOrg() })).body;
    expect(items.filter(({ endedAt }) => endedAt === undefined)).toHaveLength(1);
  });

  it('lets no member of staff end it', async () => {
    const { body } = await ask();
    const staff = await someoneWith(world.store, organisation.id, 'staff');
    await expect(
      world.as(staff).endAccessGrant({ params: { ...inOrg(), accessGrantId: body.id } }),
    ).rejects.toMatchObject({ slug: 'not-allowed' });
    expect((await look()).status).toBe(200);
  });
});
