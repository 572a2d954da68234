import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RoleName } from '../../../lambdas/access/roles.ts';
import { accountOwner } from '../../../lambdas/features/accounts/account.ts';
import {
  deliveryHandlers,
  myDeliveryHandlers,
  ownAddressHandlers,
} from '../../../lambdas/features/deliveries/handlers.ts';
import { deliveryRoutes, myDeliveryRoutes, ownAddressRoutes } from '../../../lambdas/features/deliveries/routes.ts';
import { deliveryStore } from '../../../lambdas/features/deliveries/store.ts';
import { type Notice, type NoticeRequest, noticeRef, queueNotice } from '../../../lambdas/features/notices/notice.ts';
import { accepted, notSent } from '../../../lambdas/features/notices/progress.ts';
import { stopMailTo } from '../../../lambdas/features/notices/undeliverable.ts';
import { blockEntity, ownerOf, peoplePointers } from '../../../lambdas/features/people/person.ts';
import type { GroupId, NoticeId, OrganisationId, PersonId } from '../../../lambdas/http/ids.ts';
import type { Owner } from '../../../lambdas/platform/entity.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation, aPerson, aService, type SignedIn, someoneWith } from '../../support/service.ts';
import { aCall, anId, aStore, type TestStore } from '../../support/store.ts';

let dynamoDb: TestDynamoDb;
let store: TestStore;
let organisationId: OrganisationId;
let administrator: SignedIn;
let guardian: Owner;
let guardianId: PersonId;
let lifted: string[];

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
  store = await aStore(dynamoDb.client, await dynamoDb.createTables(), ['operator']);
});
afterAll(() => dynamoDb.stop());
beforeEach(async () => {
  lifted = [];
  organisationId = (await anOrganisation(store)).id;
  administrator = await staffIn('administrator');
  guardianId = (
    await aPerson(store, organisationId, { kind: 'guardian', firstName: 'Kari', email: 'kari@example.org' })
  ).id;
  guardian = ownerOf(organisationId, guardianId);
});

const as = (caller: SignedIn) =>
  aService(
    store,
    { ...deliveryRoutes, ...myDeliveryRoutes, ...ownAddressRoutes },
    {
      ...deliveryHandlers(deliveryStore),
      ...myDeliveryHandlers(deliveryStore),
      ...ownAddressHandlers(deliveryStore, {
        remove: async (address) => {
          lifted.push(address);
        },
      }),
    },
  ).as({ token: caller.token, role: caller.role });

describe('what became of what was sent about something', () => {
  it('is shown to whoever caused it and to administrators, counted by state, and to nobody else', async () => {
    const [leader, other] = [await staffIn('leader'), await staffIn('leader')];
    const about = anId('msg');
    const second = await aPerson(store, organisationId, { kind: 'guardian' });
    const sent = await noticeTo(guardian, { sentBy: leader.personId, about }, (notice) => took(notice));
    const failed = await noticeTo(ownerOf(organisationId, second.id), { sentBy: leader.personId, about }, (notice) => ({
      ...took(notice),
      state: 'permanent-failure',
    }));
    const answer = await bodyOf(as(leader).listNoticesAbout({ params: { organisationId }, query: { about } }));
    expect(answer.counts).toEqual({
      states: [
        { state: 'accepted', count: 1 },
        { state: 'permanent-failure', count: 1 },
      ],
      isWhole: true,
    });
    expect(answer.items).toEqual([
      expect.objectContaining({ id: sent, recipientId: guardianId, channel: 'email', state: 'accepted' }),
      expect.objectContaining({ id: failed, recipientId: second.id, state: 'permanent-failure' }),
    ]);
    expect(
      (await bodyOf(as(administrator).listNoticesAbout({ params: { organisationId }, query: { about } }))).items,
    ).toHaveLength(2);
    await expect(as(other).listNoticesAbout({ params: { organisationId }, query: { about } })).rejects.toMatchObject(
      problem('notices-not-found'),
    );
  });

  it('names no recipient whom the caller may not see: outside a narrow scope, or kept apart by a block', async () => {
    const groupId = anId('grp') as GroupId;
    const staff = await staffIn('staff', { kind: 'group', id: groupId });
    const about = anId('msg');
    const placed = await aPerson(store, organisationId, {
      kind: 'member',
      placements: [{ groupId, from: '2026-01-01' }],
    });
    await noticeTo(ownerOf(organisationId, placed.id), { sentBy: staff.personId, about });
    await noticeTo(guardian, { sentBy: staff.personId, about });
    const seen = await bodyOf(as(staff).listNoticesAbout({ params: { organisationId }, query: { about } }));
    expect(seen.items.map(({ recipientId }) => recipientId)).toEqual([placed.id, undefined]);

    await block(placed.id, administrator.personId);
    const apart = await bodyOf(as(administrator).listNoticesAbout({ params: { organisationId }, query: { about } }));
    expect(apart.items.map(({ recipientId }) => recipientId)).toEqual([undefined, guardianId]);
  });

  it('comes in pages, and the first one has counted all', async () => {
    const about = anId('msg');
    const ids: NoticeId[] = [];
    for (let i = 0; i < 3; i++) ids.push(await noticeTo(guardian, { sentBy: administrator.personId, about }));
    const list = (cursor?: string) =>
      bodyOf(
        as(administrator).listNoticesAbout({
          params: { organisationId },
          query: { about, limit: 2, ...(cursor !== undefined && { cursor }) },
        }),
      );
    const first = await list();
    const second = await list(first.next);
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids);
    expect(first.counts).toEqual({ states: [{ state: 'created', count: 3 }], isWhole: true });
    expect(second).not.toHaveProperty('counts');
    expect(second).not.toHaveProperty('next');
  });

  it('stays in the organisation: what another’s notices are about is not there', async () => {
    const elsewhere = (await anOrganisation(store)).id;
    const about = anId('msg');
    const theirs = await aPerson(store, elsewhere, { kind: 'guardian' });
    await noticeTo(ownerOf(elsewhere, theirs.id), { sentBy: anId('per'), about });
    await expect(
      as(administrator).listNoticesAbout({ params: { organisationId }, query: { about } }),
    ).rejects.toMatchObject(problem('notices-not-found'));
  });

  it('is what became of the digest, where it went into one', async () => {
    const about = anId('msg');
    const digestId = await noticeTo(guardian, {}, (notice) => ({ ...took(notice), state: 'delivered' }));
    await noticeTo(guardian, { sentBy: administrator.personId, about }, ({ dueAt: _, ...notice }) => ({
      ...notice,
      state: 'digested',
      digestId,
    }));
    const { items } = await bodyOf(
      as(administrator).listNoticesAbout({ params: { organisationId }, query: { about } }),
    );
    expect(items).toEqual([expect.objectContaining({ state: 'delivered', sentAt: '2026-11-23T07:00:00.000Z' })]);
  });
});

describe('what was sent to a person', () => {
  const arrived = { template: 'announcement-waiting', parameters: { from: 'leader' } } as const;
  const message = { template: 'message-waiting-for-you', parameters: { from: 'staff', isSensitive: true } } as const;
  const rights = {
    template: 'consent-withdrawn',
    parameters: { at: '2026-11-23T07:00:00.000Z', childIds: [] },
  } as const;

  it('is shown to each as far as it concerns them, the newest first, and the reading is recorded', async () => {
    const [leader, self] = [
      await staffIn('leader'),
      await someoneWith(store, organisationId, 'guardian', { personId: guardianId }),
    ];
    for (const content of [arrived, message, rights]) await noticeTo(guardian, {}, (notice) => took(notice), content);
    const templates = async (caller: SignedIn) =>
      (
        await bodyOf(as(caller).listPersonNotices({ params: { organisationId, personId: guardianId }, query: {} }))
      ).items.map(({ template }) => template);
    expect(await templates(self)).toEqual(['consent-withdrawn', 'message-waiting-for-you', 'announcement-waiting']);
    expect(await templates(administrator)).toEqual(['consent-withdrawn', 'announcement-waiting']);
    expect(await templates(leader)).toEqual(['announcement-waiting']);
    const { items } = await aCall(store).records.activityLog.of(guardian);
    expect(items.filter(({ event }) => event === 'notices.seen')).toHaveLength(3);
  });

  it('does not tell a person of what they were rightly not told', async () => {
    const self = await someoneWith(store, organisationId, 'guardian', { personId: guardianId });
    await noticeTo(guardian, {}, (notice) => notSent(notice, 'blocked'));
    await noticeTo(guardian, {});
    const declined = await noticeTo(guardian, {}, (notice) => notSent(notice, 'declined'));
    const own = await bodyOf(
      as(self).listPersonNotices({ params: { organisationId, personId: guardianId }, query: {} }),
    );
    expect(own.items).toEqual([expect.objectContaining({ id: declined, state: 'not-sent', reason: 'declined' })]);
    const managed = await bodyOf(
      as(administrator).listPersonNotices({
        params: { organisationId, personId: guardianId },
        query: {},
      }),
    );
    expect(managed.items.map(({ state, reason }) => reason ?? state)).toEqual(['declined', 'created', 'blocked']);
  });

  it('says whether mail to the present address is stopped', async () => {
    await stop(guardian);
    const params = { organisationId, personId: guardianId };
    expect(await bodyOf(as(administrator).listPersonNotices({ params, query: {} }))).toMatchObject({
      undeliverableSince: '2026-11-23T06:00:00.000Z',
    });
    await expect(
      as(administrator).listPersonNotices({ params: { organisationId, personId: anId('per') }, query: {} }),
    ).rejects.toMatchObject(problem('person-not-found'));
  });
});

describe('addresses that cannot be reached', () => {
  it('are listed for whoever runs the place, until they are corrected, and not past a block', async () => {
    const corrected = await aPerson(store, organisationId, { kind: 'guardian', email: 'ny@example.org' });
    const apart = await aPerson(store, organisationId, { kind: 'guardian', email: 'kari@example.org' });
    for (const owner of [guardian, ...[corrected, apart].map(({ id }) => ownerOf(organisationId, id))])
      await stop(owner);
    await block(apart.id, administrator.personId);
    expect(
      await bodyOf(as(administrator).listUndeliverableAddresses({ params: { organisationId }, query: {} })),
    ).toEqual({
      items: [
        {
          personId: guardianId,
          kind: 'guardian',
          firstName: 'Kari',
          lastName: 'Olstad',
          address: 'kari@example.org',
          since: '2026-11-23T06:00:00.000Z',
        },
      ],
    });
  });

  it('work again when the person says so: ours and SES’s stop are lifted, and the list forgets them', async () => {
    const self = await someoneWith(store, organisationId, 'guardian', {
      personId: guardianId,
      email: 'konto@example.no',
    });
    await stop(guardian);
    await stop(accountOwner(self.accountId), 'konto@example.no', 'complained');
    const { items } = await bodyOf(as(self).listMyUndeliverableAddresses({}));
    expect(items).toEqual([
      { ownerId: self.accountId, address: 'konto@example.no', since: '2026-11-23T06:00:00.000Z', reason: 'complained' },
      {
        ownerId: guardianId,
        organisationId,
        address: 'kari@example.org',
        since: '2026-11-23T06:00:00.000Z',
        reason: 'bounced',
      },
    ]);
    await as(self).resumeMail({ params: { ownerId: guardianId } });
    await as(self).resumeMail({ params: { ownerId: self.accountId } });
    expect(lifted).toEqual(['kari@example.org', 'konto@example.no']);
    expect((await bodyOf(as(self).listMyUndeliverableAddresses({}))).items).toEqual([]);
    expect(
      (await bodyOf(as(administrator).listUndeliverableAddresses({ params: { organisationId }, query: {} }))).items,
    ).toEqual([]);
    const { items: log } = await aCall(store).records.activityLog.of(guardian);
    expect(log.map(({ event }) => event)).toContain('notices.resumed');
  });

  it('are nobody else’s to say so of: nothing is lifted', async () => {
    const other = await staffIn('staff');
    await stop(guardian);
    await expect(as(other).resumeMail({ params: { ownerId: guardianId } })).rejects.toMatchObject(
      problem('undeliverable-address-not-found'),
    );
    expect(lifted).toEqual([]);
    expect(
      (await bodyOf(as(administrator).listUndeliverableAddresses({ params: { organisationId }, query: {} }))).items,
    ).toHaveLength(1);
  });
});

describe('what was sent to an account', () => {
  it('is the account’s own to see, and holds nothing of an organisation', async () => {
    const self = await someoneWith(store, organisationId, 'guardian', { personId: guardianId });
    await noticeTo(guardian, {}, (notice) => took(notice));
    const content = { template: 'email-changed', parameters: { at: '2026-11-23T07:00:00.000Z' } } as const;
    const id = await noticeTo(accountOwner(self.accountId), {}, (notice) => took(notice), content);
    expect(await bodyOf(as(self).listMyNotices({ query: {} }))).toEqual({
      items: [
        {
          id,
          template: 'email-changed',
          channel: 'email',
          state: 'accepted',
          createdAt: '2026-11-23T07:00:00.000Z',
          sentAt: '2026-11-23T07:00:00.000Z',
        },
      ],
    });
  });
});

const problem = (slug: string) => ({ slug });
const bodyOf = async <B>(answer: Promise<{ readonly body: B }>): Promise<B> => (await answer).body;

async function staffIn(role: RoleName, scope?: { readonly kind: 'group'; readonly id: string }): Promise<SignedIn> {
  const person = await aPerson(store, organisationId, { kind: 'staff' });
  return someoneWith(store, organisationId, role, { personId: person.id, ...(scope && { scope }) });
}

const took = (notice: Notice) => accepted(notice, '2026-11-23T07:00:00.000Z', 'ses-1');

type Content = Pick<NoticeRequest, 'template' | 'parameters'>;
async function noticeTo(
  to: Owner,
  known: { readonly sentBy?: PersonId; readonly about?: string },
  become: (notice: Notice) => Notice = (notice) => notice,
  content: Content = { template: 'announcement-waiting', parameters: { from: 'leader' } },
): Promise<NoticeId> {
  const call = aCall(store);
  const change = call.records.change();
  const id = queueNotice(change, { to, ...content, ...known } as NoticeRequest, call);
  await change.activity({ event: 'test.happened', subject: to }).commit();
  const ref = noticeRef(to, id);
  const { value, version } = (await aCall(store).records.get(ref))!;
  await aCall(store)
    .records.change()
    .put(ref, become(value), { version })
    .activity({ event: 'test.happened', subject: to })
    .commit();
  return id;
}

async function stop(owner: Owner, address = 'kari@example.org', reason: 'bounced' | 'complained' = 'bounced') {
  const change = aCall(store).records.change();
  await stopMailTo(change, owner, { address, since: '2026-11-23T06:00:00.000Z', reason }, undefined)
    .activity({ event: 'notices.stopped', subject: owner })
    .commit();
}

async function block(personId: PersonId, from: PersonId) {
  await aCall(store)
    .records.change()
    .put(
      { entity: blockEntity, owner: ownerOf(organisationId, personId), key: from },
      { personId: from, basis: 'court-order', since: '2026-01-01' },
      'new',
    )
    .point(peoplePointers.blockedFrom(organisationId, from, personId))
    .activity({ event: 'block.set', subject: ownerOf(organisationId, personId) })
    .commit();
}
