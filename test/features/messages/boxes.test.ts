import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { grantRole } from '../../../lambdas/features/access/grant-role.ts';
import { announcementHandlers } from '../../../lambdas/features/messages/announcement-handlers.ts';
import { announcementRoutes } from '../../../lambdas/features/messages/announcement-routes.ts';
import { announcementStore } from '../../../lambdas/features/messages/announcement-store.ts';
import { boxHandlers } from '../../../lambdas/features/messages/box-handlers.ts';
import { boxRoutes } from '../../../lambdas/features/messages/box-routes.ts';
import { boxStore } from '../../../lambdas/features/messages/box-store.ts';
import { DRAFTS_MAX, draftRef } from '../../../lambdas/features/messages/draft.ts';
import { tickMessages } from '../../../lambdas/features/messages/fan-out.ts';
import { SENT_PER_HOUR_MAX } from '../../../lambdas/features/messages/rate.ts';
import { pointSent } from '../../../lambdas/features/messages/sent.ts';
import { organisationOwner, organisationPointers } from '../../../lambdas/features/organisations/organisation.ts';
import type { GroupId, PersonId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aService, type SignedIn } from '../../support/service.ts';
import { aCall, anId } from '../../support/store.ts';
import { aHouse, type House } from './house.ts';

const routes = { ...boxRoutes, ...announcementRoutes };
let db: TestDynamoDb;
let house: House;
let service: ReturnType<typeof aService<typeof routes>>;
beforeAll(async () => {
  db = await startDynamoDb();
  house = await aHouse(db);
  service = aService(house.store, routes, { ...boxHandlers(boxStore), ...announcementHandlers(announcementStore) });
  const change = prepared().point({
    ...organisationPointers.all(house.organisationId),
    attributes: { timeZone: 'Europe/Oslo' },
  });
  await change.commit();
});
afterAll(() => db.stop());

const refused = (slug: string) => ({ name: 'ProblemError', slug });
const as = (someone: SignedIn) => service.as(someone);
const inHouse = () => ({ organisationId: house.organisationId });
const prepared = () => {
  const subject = organisationOwner(house.organisationId);
  return aCall(house.store).records.change().activity({ event: 'test.prepared', subject });
};

async function aFamily(groupId?: GroupId) {
  const group = groupId ?? (await house.group());
  const childId = await house.child(group);
  const [siri, mother] = [await house.staff(group), await house.guardian(childId)];
  return { groupId: group, childId, siri, mother };
}

async function write(by: SignedIn, childId: PersonId, body: { subject: string; text: string; isSensitive?: boolean }) {
  house.pass(0.1);
  const { items } = (await house.as(by).beginThread({ params: house.of(childId), body })).body;
  return items[0]!.id;
}

describe('the list of conversations', () => {
  it('has what was last written first, page by page, without what is archived or out of reach', async () => {
    const { siri, mother, childId } = await aFamily();
    const [one, two, three] = [
      await write(siri, childId, { subject: 'Én', text: 'x' }),
      await write(siri, childId, { subject: 'To', text: 'x' }),
      await write(siri, childId, { subject: 'Tre', text: 'x' }),
    ];
    house.pass(0.1);
    await house.as(siri).reply({ params: { ...house.of(childId), threadId: one! }, body: { text: 'Nytt.' } });
    const first = (await as(mother).listThreads({ params: inHouse(), query: { limit: 2 } })).body;
    expect(first.items.map(({ id }) => id)).toEqual([one, three]);
    const query = { limit: 2, cursor: first.next! };
    expect((await as(mother).listThreads({ params: inHouse(), query })).body.items.map(({ id }) => id)).toEqual([two]);
    const ofTwo = { ...house.of(childId), threadId: two! };
    await house.as(mother).keepThread({ params: ofTwo, body: { muted: false, archived: true } });
    const archived = { params: inHouse(), query: { archived: 'true' as const } };
    expect((await as(mother).listThreads(archived)).body.items.map(({ id }) => id)).toEqual([two]);
    expect((await as(mother).getInbox({ params: inHouse() })).body.waiting).toBe(3);
    await house.block(childId, mother.personId);
    expect((await as(mother).listThreads({ params: inHouse(), query: {} })).body.items).toEqual([]);
    expect((await as(mother).getInbox({ params: inHouse() })).body).toEqual({ waiting: 0, items: [] });
  });

  it('hides the subject of a sensitive one until a fresh proof, and the search leaves it out', async () => {
    const { siri, mother, childId } = await aFamily();
    await write(siri, childId, { subject: 'Bekymring', text: 'Kan vi ta en prat?', isSensitive: true });
    house.pass(6);
    const seenBy = async (someone: SignedIn) => [
      (await as(someone).listThreads({ params: inHouse(), query: {} })).body.items[0]!.subject,
      (await as(someone).searchMessages({ params: inHouse(), body: { text: 'prat' } })).body.items.length,
    ];
    expect(await seenBy(mother)).toEqual([undefined, 0]);
    expect(await seenBy(house.fresh(mother))).toEqual(['Bekymring', 1]);
  });

  it('is searched by all words, in what the reader may read', async () => {
    const { siri, mother, childId } = await aFamily();
    const father = await house.guardian(childId, {}, { firstName: 'Per' });
    const threadId = await write(siri, childId, { subject: 'Tur', text: 'Ta med støvler på fredag.' });
    await house
      .as(mother)
      .reply({ params: { ...house.of(childId), threadId: threadId! }, body: { text: 'Ja, støvler.' } });
    const found = async (someone: SignedIn, text: string) =>
      (await as(someone).searchMessages({ params: inHouse(), body: { text, childId } })).body.items.map(
        (one) => one.text,
      );
    expect(await found(mother, 'STØVLER')).toHaveLength(2);
    expect(await found(father, 'støvler')).toEqual(['Ta med støvler på fredag.']);
    expect(await found(mother, 'stovler')).toEqual([]);
    expect(await found(await house.staff(undefined, 'leader'), 'støvler')).toEqual([]);
  });
});

describe('a draft', () => {
  it('is its author’s alone, and goes when it is sent', async () => {
    const { siri, mother, childId } = await aFamily();
    const content = { childId, subject: 'Tur', text: 'Husk' };
    const { body: draft } = await as(siri).createDraft({ params: inHouse(), body: content });
    const ofDraft = { ...inHouse(), draftId: draft.id };
    const { body: changed } = await as(siri).changeDraft({
      params: ofDraft,
      body: { ...content, text: 'Husk mat.' },
      ifMatch: 1,
    });
    expect((await as(siri).listDrafts({ params: inHouse() })).body.items).toEqual([changed]);
    expect((await as(mother).listDrafts({ params: inHouse() })).body.items).toEqual([]);
    const stolen = as(mother).changeDraft({ params: ofDraft, body: content, ifMatch: 2 });
    await expect(stolen).rejects.toMatchObject(refused('draft-not-found'));
    const thrown = as(mother).removeDraft({ params: ofDraft, ifMatch: 2 });
    await expect(thrown).rejects.toMatchObject(refused('draft-not-found'));
    const stale = as(siri).removeDraft({ params: ofDraft, ifMatch: 1 });
    await expect(stale).rejects.toMatchObject(refused('stale-version'));
    const body = { subject: 'Tur', text: 'Husk mat.', draftId: draft.id };
    await house.as(siri).beginThread({ params: house.of(childId), body });
    expect((await as(siri).listDrafts({ params: inHouse() })).body.items).toEqual([]);
  });

  it('is one of a bounded number', async () => {
    const { mother } = await aFamily();
    const change = prepared();
    for (let n = 0; n < DRAFTS_MAX; n++) {
      const id = anId('msg');
      change.put(draftRef(house.organisationId, mother.personId, id), { id, text: 'x', savedAt: now() }, 'new');
    }
    await change.commit();
    const another = as(mother).createDraft({ params: inHouse(), body: { text: 'x' } });
    await expect(another).rejects.toMatchObject(refused('too-many'));
  });
});
const now = () => house.store.clock.toISOString();

describe('word that one is away', () => {
  it('is given for a period, and taken back', async () => {
    const { siri } = await aFamily();
    const body = { from: '2026-12-01', until: '2026-12-24', text: 'Spør Ola.' };
    expect((await as(siri).getOutOfOffice({ params: inHouse() })).body).toEqual({ version: 1 });
    expect((await as(siri).setOutOfOffice({ params: inHouse(), body, ifMatch: 1 })).body).toEqual({
      ...body,
      version: 2,
    });
    const backwards = as(siri).setOutOfOffice({
      params: inHouse(),
      body: { ...body, until: '2026-11-01' },
      ifMatch: 2,
    });
    await expect(backwards).rejects.toMatchObject(refused('malformed-request'));
    const stale = as(siri).setOutOfOffice({ params: inHouse(), body, ifMatch: 1 });
    await expect(stale).rejects.toMatchObject(refused('stale-version'));
    await as(siri).endOutOfOffice({ params: inHouse(), ifMatch: 2 });
    expect((await as(siri).getOutOfOffice({ params: inHouse() })).body).toEqual({ version: 1 });
  });
});

describe('a notice to a group', () => {
  const clock = (turns = Number.POSITIVE_INFINITY) => {
    let left = turns;
    return { openCall: () => aCall(house.store), hasTimeLeft: () => left-- > 0, log: () => {} };
  };
  const readBy = async (someone: SignedIn) =>
    (await as(someone).listAnnouncements({ params: inHouse(), query: {} })).body.items;

  it('reaches everybody it is for once, wherever it was cut off, and nobody else', async () => {
    const { groupId, childId, siri, mother } = await aFamily();
    const sister = await house.child(groupId);
    await house.link(sister, mother.personId);
    const families = [mother];
    for (let n = 0; n < 14; n++) families.push((await aGuardianIn(groupId)).guardian);
    const blocked = await house.guardian(childId, {}, { firstName: 'Sperret' });
    await house.block(childId, blocked.personId);
    const elsewhere = (await aFamily()).mother;
    const body = { to: { kind: 'group', id: groupId } as const, subject: 'Tur', text: 'Vi går på tur fredag.' };
    const { body: sent } = await as(siri).announce({ params: inHouse(), body });
    // Cut off again and again, and run twice at once.
    for (let run = 0; run < 5; run++) await Promise.all([tickMessages(clock(6)), tickMessages(clock(6))]);
    await tickMessages(clock());
    for (const one of families) {
      expect((await readBy(one)).map(({ id }) => id)).toEqual([sent.id]);
      expect(await house.notices(one.personId)).toEqual([
        { template: 'announcement-waiting', parameters: { from: 'staff' } },
      ]);
    }
    for (const one of [blocked, elsewhere, siri]) expect(await readBy(one)).toEqual([]);
    const { items } = (await as(siri).listSentAnnouncements({ params: inHouse(), query: {} })).body;
    expect(items).toEqual([{ ...sent, spreadAt: now(), recipients: families.length }]);
    expect(await house.rows(`${house.organisationId}#ANNOUNCEMENTS-DUE`)).toEqual([]);
  });

  it('waits until it is read, and is gone for whoever has been blocked since', async () => {
    const { groupId, childId, siri, mother } = await aFamily();
    const body = { to: { kind: 'group', id: groupId } as const, subject: 'Dugnad', text: 'Lørdag.' };
    const { body: sent } = await as(siri).announce({ params: inHouse(), body });
    await tickMessages(clock());
    const inbox = await as(mother).getInbox({ params: inHouse() });
    expect(inbox.body).toEqual({ waiting: 1, items: [{ announcementId: sent.id, childId, at: sent.at }] });
    const params = { ...inHouse(), announcementId: sent.id };
    await as(mother).markAnnouncementRead({ params });
    expect((await as(mother).getInbox({ params: inHouse() })).body.waiting).toBe(0);
    expect(await readBy(mother)).toEqual([
      expect.objectContaining({ readAt: now(), by: { name: 'Siri Ås', role: 'staff' } }),
    ]);
    await expect(as(siri).markAnnouncementRead({ params })).rejects.toMatchObject(refused('announcement-not-found'));
    await house.block(childId, mother.personId);
    expect(await readBy(mother)).toEqual([]);
  });

  it('to the staff reaches those whose roles reach there', async () => {
    const { groupId, siri, mother } = await aFamily();
    const leader = await house.staff(undefined, 'leader', 'Lene');
    const elsewhere = (await aFamily()).siri;
    const body = {
      to: { kind: 'group', id: groupId } as const,
      readers: 'staff' as const,
      subject: 'Møte',
      text: 'Kl. 15.',
    };
    await as(leader).announce({ params: inHouse(), body });
    await tickMessages(clock());
    expect(await readBy(siri)).toHaveLength(1);
    for (const one of [leader, elsewhere, mother]) expect(await readBy(one)).toEqual([]);
  });

  it('is for one role of whoever holds several: what staff got is not shown to the parent that they also are', async () => {
    const { groupId, childId, siri } = await aFamily();
    await house.link(childId, siri.personId);
    const { accountId, personId } = siri;
    const role = { id: anId('rol'), personId, role: 'guardian', scope: { kind: 'organisation' } } as const;
    const change = prepared();
    grantRole(change, house.organisationId, { ...role, validFrom: '2026-01-01', state: 'active' }, accountId);
    await change.commit();
    const asParent = { ...siri, role: role.id };
    const leader = await house.staff(undefined, 'leader', 'Lene');
    const to = { kind: 'group', id: groupId } as const;
    for (const readers of ['staff', 'families'] as const) {
      await as(leader).announce({ params: inHouse(), body: { to, readers, subject: readers, text: 'x' } });
      await tickMessages(clock());
    }
    const subjectsFor = async (someone: SignedIn) => (await readBy(someone)).map(({ subject }) => subject);
    expect([await subjectsFor(siri), await subjectsFor(asParent)]).toEqual([['staff'], ['families']]);
    const waiting = async (someone: SignedIn) => (await as(someone).getInbox({ params: inHouse() })).body.items;
    const [[forStaff], [forParent]] = [await waiting(siri), await waiting(asParent)];
    expect([forStaff?.childId, forParent?.childId]).toEqual([undefined, childId]);
    const params = { ...inHouse(), announcementId: forStaff!.announcementId! };
    const marking = as(asParent).markAnnouncementRead({ params });
    await expect(marking).rejects.toMatchObject(refused('announcement-not-found'));
    expect([(await waiting(siri)).length, (await waiting(asParent)).length]).toEqual([1, 1]);
  });

  it('goes no further than the role of its writer, and so often', async () => {
    const { siri, mother } = await aFamily();
    const leader = await house.staff(undefined, 'leader');
    const to = (someone: SignedIn, target: Parameters<ReturnType<typeof as>['announce']>[0]['body']['to']) =>
      as(someone).announce({ params: inHouse(), body: { to: target, subject: 'x', text: 'x' } });
    const group = { kind: 'group', id: await house.group() } as const;
    await expect(to(siri, group)).rejects.toMatchObject(refused('group-not-found'));
    await expect(to(leader, { kind: 'department', id: anId('dep') })).rejects.toMatchObject(
      refused('department-not-found'),
    );
    await expect(to(siri, { kind: 'organisation' })).rejects.toMatchObject(refused('not-allowed'));
    await expect(to(mother, group)).rejects.toMatchObject(refused('not-allowed'));
    const call = aCall(house.store);
    const change = prepared();
    for (let n = 0; n < SENT_PER_HOUR_MAX; n++) {
      pointSent(change, { ...call, account: { ...call.account!, accountId: leader.accountId }, requestId: `r${n}` });
    }
    await change.commit();
    await expect(to(leader, group)).rejects.toMatchObject(refused('too-many-requests'));
  });
});

async function aGuardianIn(groupId: GroupId) {
  const childId = await house.child(groupId);
  return { childId, guardian: await house.guardian(childId) };
}
