import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { invitationStore } from '../../../lambdas/features/invitations/store.ts';
import { organisationEntity, organisationOwner } from '../../../lambdas/features/organisations/organisation.ts';
import { blockEntity, ownerOf, peoplePointers, personEntity } from '../../../lambdas/features/people/person.ts';
import type { OrganisationId, PersonId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation, aPerson, someoneWith, tokenOf } from '../../support/service.ts';
import { aCall, anId } from '../../support/store.ts';
import { aWorld, type World } from '../accounts/world.ts';

let db: TestDynamoDb;
let world: World;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
beforeEach(async () => {
  world = await aWorld(db);
});

async function anInvitedGuardian() {
  const organisation = await anOrganisation(world.store);
  const administrator = await someoneWith(world.store, organisation.id, 'administrator');
  const guardian = await aPerson(world.store, organisation.id, { kind: 'guardian', email: 'mor@example.no' });
  const params = { organisationId: organisation.id, personId: guardian.id };
  await world.service.as(administrator).invitePerson({ params, body: {} });
  const owner = ownerOf(organisation.id, guardian.id);
  return { organisation, administrator, guardian, owner, invitation: await world.tokenTo(owner, 'invitation') };
}
const register = (invitation: string, email = 'mor@example.no') =>
  world.service.as().register({ body: { invitation, email, language: 'nb', statementVersion: 's1' } });

async function changed(organisationId: OrganisationId, personId: PersonId, email: string) {
  const stored = (await world.records().get({ entity: personEntity, owner: ownerOf(organisationId, personId) }))!;
  await world
    .records()
    .change()
    .put(stored.ref, { ...stored.value, email }, { version: stored.version })
    .activity({ event: 'person.changed', subject: stored.ref.owner })
    .commit();
}

describe('an invitation in a mailbox that is not the person’s', () => {
  it('opens nothing once the organisation has corrected the address', async () => {
    const { invitation, organisation, guardian } = await anInvitedGuardian();
    await changed(organisation.id, guardian.id, 'riktig@example.no');
    await register(invitation, 'fremmed@example.no');
    expect(world.pool.users.size).toBe(0);
    const stranger = await someoneWith(world.store, (await anOrganisation(world.store)).id, 'guardian');
    await expect(
      world.service.as(stranger).acceptInvitation({ body: { invitation, statementVersion: 's1' } }),
    ).rejects.toMatchObject({ slug: 'invitation-not-found' });
  });

  it('still opens when only the case of the address was changed', async () => {
    const { invitation, organisation, guardian } = await anInvitedGuardian();
    await changed(organisation.id, guardian.id, 'Mor@Example.no');
    await register(invitation);
    expect(world.pool.users.size).toBe(1);
  });
});

describe('registering', () => {
  it('with another address than the invited one lets nobody in before that address has signed in and accepted', async () => {
    const { invitation, organisation, guardian, owner } = await anInvitedGuardian();
    expect((await register(invitation, 'nor@example.no')).status).toBe(202);
    const { sub } = world.pool.users.get('nor@example.no')!;
    const stranger = world.service.as({ token: tokenOf({ sub }, world.store.clock) });
    expect((await stranger.getMe()).body).toMatchObject({ persons: [], roles: [] });
    // The invitation stays open for whoever holds it, and is mailed once more to where the person is.
    expect(await world.noticesTo(owner)).toHaveLength(2);
    await register(invitation);
    const mother = world.service.as({
      token: tokenOf({ sub: world.pool.users.get('mor@example.no')!.sub }, world.store.clock),
    });
    expect((await mother.getMe()).body.persons).toEqual([
      { organisationId: organisation.id, personId: guardian.id, kind: 'guardian' },
    ]);
  });

  it('with another address of one’s own works by accepting after signing in', async () => {
    const { invitation } = await anInvitedGuardian();
    await register(invitation, 'privat@example.no');
    const { sub } = world.pool.users.get('privat@example.no')!;
    const mother = world.service.as({ token: tokenOf({ sub }, world.store.clock) });
    await mother.acceptInvitation({ body: { invitation, statementVersion: 's1' } });
    expect((await mother.getMe()).body.persons).toHaveLength(1);
  });

  it('at the same moment with one invitation is answered alike, and links once', async () => {
    const { invitation, organisation, guardian } = await anInvitedGuardian();
    const answers = await Promise.all([register(invitation), register(invitation), register(invitation)]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    const { sub } = world.pool.users.get('mor@example.no')!;
    const { body: me } = await world.service.as({ token: tokenOf({ sub }, world.store.clock) }).getMe();
    expect(me.persons).toEqual([{ organisationId: organisation.id, personId: guardian.id, kind: 'guardian' }]);
    expect(me.roles).toHaveLength(1);
  });

  it('is answered alike by an organisation that has closed, and makes no user', async () => {
    const { invitation, organisation } = await anInvitedGuardian();
    const ref = { entity: organisationEntity, owner: organisationOwner(organisation.id) };
    await world
      .records()
      .change()
      .put(ref, { ...organisation, state: 'closed' }, { version: 1 })
      .activity({ event: 'organisation.closed', subject: ref.owner })
      .commit();
    expect((await register(invitation)).status).toBe(202);
    expect(world.pool.users.size).toBe(0);
  });

  it('names no organisation in the repeated letter to a guardian of a child with a protected address', async () => {
    const first = await anInvitedGuardian();
    await register(first.invitation);
    world.pool.users.get('mor@example.no')!.signedIn = true;
    const { organisation, guardian, owner, invitation } = await anInvitedGuardian();
    const child = await aPerson(world.store, organisation.id, { kind: 'child', protectedAddress: true });
    await world
      .records()
      .change()
      .point(peoplePointers.child(organisation.id, guardian.id, child.id))
      .activity({ event: 'guardian.linked', subject: owner })
      .commit();
    await register(invitation);
    const repeated = (await world.noticesTo(owner)).at(-1)!;
    expect(repeated.content).toMatchObject({ template: 'invitation', parameters: { childIds: [child.id] } });
  });
});

describe('a role by invitation or approval', () => {
  it('has a scope of its own kind, and a guardian’s is the guardian', async () => {
    const organisation = await anOrganisation(world.store);
    const administrator = world.service.as(await someoneWith(world.store, organisation.id, 'administrator'));
    const person = await aPerson(world.store, organisation.id, { kind: 'staff', email: 'ansatt@example.no' });
    const child = await aPerson(world.store, organisation.id, { kind: 'child' });
    const invite = (
      personId: PersonId,
      scope: { kind: 'department' | 'person'; id: string },
      role: 'staff' | 'guardian',
    ) => administrator.invitePerson({ params: { organisationId: organisation.id, personId }, body: { role, scope } });
    await expect(invite(person.id, { kind: 'department', id: anId('grp') }, 'staff')).rejects.toMatchObject({
      slug: 'wrong-state',
    });
    await expect(invite(person.id, { kind: 'person', id: child.id }, 'guardian')).rejects.toMatchObject({
      slug: 'wrong-state',
    });
  });

  async function aJoinRequest() {
    const organisation = await anOrganisation(world.store);
    const administrator = await someoneWith(world.store, organisation.id, 'administrator');
    const { accountId } = await someoneWith(world.store, (await anOrganisation(world.store)).id, 'guardian');
    await ask(organisation.id, accountId);
    return { organisation, administrator, accountId };
  }
  const ask = (organisationId: OrganisationId, accountId: ReturnType<typeof anId<'acc'>>) => {
    const at = world.store.clock.toISOString();
    const evidence = { statementVersion: 's1', basis: 'acknowledged', consents: [], language: 'nb', at } as const;
    return invitationStore.requestToJoin(
      organisationId,
      { accountId, email: 'far@example.no', requestedAt: at, evidence: { ...evidence, consents: [] } },
      { ...aCall(world.store), records: world.records() },
    );
  };

  it('is not given over a person whom a block keeps from the one who approves', async () => {
    const { organisation, administrator, accountId } = await aJoinRequest();
    const member = await aPerson(world.store, organisation.id, { kind: 'guardian' });
    const parent = await aPerson(world.store, organisation.id, { kind: 'guardian' });
    const owner = ownerOf(organisation.id, member.id);
    const change = world.records().change().activity({ event: 'block.put', subject: owner });
    for (const { personId } of [administrator, { personId: parent.id }]) {
      const block = { personId, basis: 'court-order', since: '2026-11-01' } as const;
      change.put({ entity: blockEntity, owner, key: personId }, block, 'new');
    }
    await change.commit();
    const params = { organisationId: organisation.id, accountId };
    await expect(
      world.service.as(administrator).approveJoinRequest({ params, body: { personId: member.id } }),
    ).rejects.toMatchObject({ slug: 'person-not-found' });
    const asAnother = await someoneWith(world.store, organisation.id, 'administrator', {
      personId: (await aPerson(world.store, organisation.id, { kind: 'staff' })).id,
      otherPersonIds: [parent.id],
    });
    await expect(
      world.service.as(asAnother).approveJoinRequest({ params, body: { personId: member.id } }),
    ).rejects.toMatchObject({ slug: 'person-not-found' });
  });

  it('is given however many others wait', async () => {
    const { organisation, administrator, accountId } = await aJoinRequest();
    // Ids sort by time: those who come later by hundreds must not hide the first, nor the first the last.
    const others = Array.from({ length: 101 }, () => anId('acc'));
    for (const other of others) await ask(organisation.id, other);
    const last = await someoneWith(world.store, (await anOrganisation(world.store)).id, 'guardian');
    await ask(organisation.id, last.accountId);
    for (const waiting of [accountId, last.accountId]) {
      const person = await aPerson(world.store, organisation.id, { kind: 'guardian' });
      const params = { organisationId: organisation.id, accountId: waiting };
      const { status } = await world.service
        .as(administrator)
        .approveJoinRequest({ params, body: { personId: person.id } });
      expect(status).toBe(201);
    }
  });
});
