import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decidedAudienceOf } from '../../../lambdas/features/activity/who-may-know.ts';
import { filePointers, type UploadedFile, uploadRef } from '../../../lambdas/features/files/file.ts';
import { messageFileHome } from '../../../lambdas/features/messages/file-home-store.ts';
import { inboxOf } from '../../../lambdas/features/messages/inbox.ts';
import { outOfOfficeRef } from '../../../lambdas/features/messages/out-of-office.ts';
import { SENT_PER_HOUR_MAX } from '../../../lambdas/features/messages/rate.ts';
import { pointSent } from '../../../lambdas/features/messages/sent.ts';
import { threadOwner } from '../../../lambdas/features/messages/thread.ts';
import { organisationOwner } from '../../../lambdas/features/organisations/organisation.ts';
import { ownerOf, peoplePointers, personEntity } from '../../../lambdas/features/people/person.ts';
import type { FileId, PersonId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import type { SignedIn } from '../../support/service.ts';
import { aCall, anId } from '../../support/store.ts';
import { aHouse, type House } from './house.ts';

let db: TestDynamoDb;
let house: House;
beforeAll(async () => {
  db = await startDynamoDb();
  house = await aHouse(db);
});
afterAll(() => db.stop());

const refused = (slug: string) => ({ name: 'ProblemError', slug });

/** A child with its group, two of the staff, and a mother and a father who live together. */
async function aFamily() {
  const groupId = await house.group();
  const childId = await house.child(groupId);
  const siri = await house.staff(groupId);
  const mother = await house.guardian(childId);
  return { groupId, childId, siri, mother, of: house.of(childId) };
}
type Family = Awaited<ReturnType<typeof aFamily>>;
type OfThread = Family['of'] & { readonly threadId: ReturnType<typeof anId<'thr'>> };

async function begun(family: Pick<Family, 'of'>, by: SignedIn, body: object = {}): Promise<OfThread[]> {
  const written = { subject: 'Regntøy', text: 'Hun trenger nye støvler.', ...body };
  const { items } = (await house.as(by).beginThread({ params: family.of, body: written })).body;
  return items.map(({ id }) => ({ ...family.of, threadId: id }));
}
const messagesOf = async (someone: SignedIn, params: OfThread) =>
  (await house.as(someone).listMessages({ params, query: {} })).body.items;
const textsOf = async (someone: SignedIn, params: OfThread) =>
  (await messagesOf(someone, params)).map(({ text }) => text);
const waitingFor = async ({ personId }: SignedIn) =>
  (await inboxOf(aCall(house.store).records, house.organisationId, personId)).waiting;

describe('a conversation', () => {
  it('that staff begin is read by the home; an answer goes to the sender alone unless said otherwise', async () => {
    const family = await aFamily();
    const { siri, mother } = family;
    const ola = await house.staff(family.groupId, 'staff', 'Ola');
    const father = await house.guardian(family.childId, { relation: 'father' }, { firstName: 'Per' });
    const [thread] = await begun(family, siri, { withTeam: true });
    expect(await textsOf(mother, thread!)).toEqual(['Hun trenger nye støvler.']);
    expect(await textsOf(ola, thread!)).toEqual(['Hun trenger nye støvler.']);

    await house.as(mother).reply({ params: thread!, body: { text: 'Til deg.' } });
    expect((await textsOf(siri, thread!))[0]).toBe('Til deg.');
    for (const other of [ola, father]) expect(await textsOf(other, thread!)).toHaveLength(1);

    await house.as(father).reply({ params: thread!, body: { text: 'Til alle.', toAll: true } });
    for (const one of [siri, ola, mother]) expect((await textsOf(one, thread!))[0]).toBe('Til alle.');
  });

  it('is one for each home, and none shows that there is another', async () => {
    const { of, siri, mother, childId } = await aFamily();
    const father = await house.guardian(childId, { livesWith: false }, { firstName: 'Fjern' });
    const threads = await begun({ of }, siri);
    expect(threads).toHaveLength(2);
    for (const [one, other] of [
      [mother, father],
      [father, mother],
    ] as const) {
      const { items } = (
        await house
          .as(one)
          .listMessages({ params: threads[0]!, query: {} })
          .catch(() => undefined)
      )?.body ?? {
        items: [],
      };
      const mine = threads[items.length > 0 ? 0 : 1]!;
      const theirs = threads[items.length > 0 ? 1 : 0]!;
      const seen = JSON.stringify([
        (await house.as(one).getThread({ params: mine })).body,
        await messagesOf(one, mine),
      ]);
      for (const trace of [other.personId, one === mother ? 'Fjern' : 'Kari', theirs.threadId]) {
        expect(seen).not.toContain(trace);
      }
      await expect(house.as(one).getThread({ params: theirs })).rejects.toMatchObject(refused('thread-not-found'));
    }
  });

  it('that a guardian begins goes to the team of the group as it is then; who comes later is added by one of them', async () => {
    const family = await aFamily();
    const { siri, mother, groupId } = family;
    const leader = await house.staff(undefined, 'leader', 'Lene');
    const [thread] = await begun(family, mother, { text: 'Hun har sovet lite.' });
    const late = await house.staff(groupId, 'staff', 'Sen');
    const params = thread!;
    for (const outside of [late, leader]) {
      await expect(house.as(outside).getThread({ params })).rejects.toMatchObject(refused('thread-not-found'));
    }
    const { body } = await house.as(siri).addParticipant({ params, body: { personId: late.personId } });
    expect(body.participants.map(({ name }) => name)).toEqual(['Kari Olstad', 'Siri Ås', 'Sen Ås']);
    expect(await textsOf(late, params)).toEqual([]);
    await house.as(mother).reply({ params, body: { text: 'Hun er bedre.', toAll: true } });
    expect(await textsOf(late, params)).toEqual(['Hun er bedre.']);
    await house.as(siri).removeParticipant({ params: { ...params, participantId: late.personId } });
    await expect(house.as(late).getThread({ params })).rejects.toMatchObject(refused('thread-not-found'));
  });

  it('is closed to a guardian from the moment of a block or of the end of the link, and nothing more comes to them', async () => {
    const { of, siri, mother, childId } = await aFamily();
    const father = await house.guardian(childId, {}, { firstName: 'Per' });
    const [thread] = await begun({ of }, siri);
    const params = thread!;
    await house.block(childId, father.personId);
    await expect(house.as(father).getThread({ params })).rejects.toMatchObject(refused('person-not-found'));
    const rowsBefore = await house.rows(`${house.organisationId}#${father.personId}`, 'INBOX#');
    house.pass(1);
    await house.as(siri).reply({ params, body: { text: 'Etterpå.', toAll: true } });
    expect(await house.rows(`${house.organisationId}#${father.personId}`, 'INBOX#')).toEqual(rowsBefore);
    expect((await messagesOf(siri, params))[0]!.to.map(({ name }) => name)).toEqual(['Kari Olstad']);
    expect(await textsOf(mother, params)).toContain('Etterpå.');
    // The only one left is blocked as well: there is nobody to write to.
    await house.block(childId, mother.personId);
    const body = { text: 'Hallo?' };
    await expect(house.as(siri).reply({ params, body })).rejects.toMatchObject(refused('wrong-state'));
    const alone = house.as(siri).beginThread({ params: of, body: { subject: 'x', text: 'x' } });
    await expect(alone).rejects.toMatchObject(refused('wrong-state'));
  });

  it('does not go on for all when its guardians have come to live apart', async () => {
    const { of, siri, mother, childId } = await aFamily();
    const father = await house.guardian(childId, {}, { firstName: 'Per' });
    const [thread] = await begun({ of }, siri);
    const ref = { entity: personEntity, owner: ownerOf(house.organisationId, father.personId) };
    const stored = (await aCall(house.store).records.get(ref))!;
    const change = aCall(house.store).records.change().activity({ event: 'test.prepared', subject: ref.owner });
    await change.put(ref, { ...stored.value, protectedAddress: true }, { version: stored.version }).commit();
    const toAll = { params: thread!, body: { text: 'Til begge?', toAll: true } };
    await expect(house.as(siri).reply(toAll)).rejects.toMatchObject(refused('wrong-state'));
    const seen = JSON.stringify((await house.as(mother).getThread({ params: thread! })).body);
    expect(seen).not.toContain('Per');
    await house.as(mother).reply({ params: thread!, body: { text: 'Bare til deg.' } });
  });

  it('is not read by leaders and administrators who take no part', async () => {
    const family = await aFamily();
    const [params] = await begun(family, family.siri);
    const leader = await house.staff(undefined, 'leader');
    await expect(house.as(leader).getThread({ params: params! })).rejects.toMatchObject(refused('thread-not-found'));
    const administrator = await house.staff(undefined, 'administrator');
    await expect(house.as(administrator).getThread({ params: params! })).rejects.toMatchObject(refused('not-allowed'));
  });

  it('keeps what an erased guardian wrote, by a former user, and goes on without them', async () => {
    const { of, siri, mother, childId } = await aFamily();
    const father = await house.guardian(childId, {}, { firstName: 'Per' });
    const [thread] = await begun({ of }, siri);
    const params = thread!;
    await house.as(father).reply({ params, body: { text: 'Husk meg.', toAll: true } });
    await house.erase(father.personId);
    const messages = await messagesOf(mother, params);
    expect(messages[0]).toMatchObject({ text: 'Husk meg.', by: { isFormer: true, role: 'guardian' } });
    expect(JSON.stringify(messages)).not.toContain('Per');
    await house.as(siri).reply({ params, body: { text: 'Videre.', toAll: true } });
    expect((await textsOf(mother, params))[0]).toBe('Videre.');
  });
});

describe('what waits', () => {
  it('is told by one mail until it is read, and by none when it is muted', async () => {
    const family = await aFamily();
    const { siri, mother, childId } = family;
    const [thread] = await begun(family, siri);
    const params = thread!;
    await house.as(siri).reply({ params, body: { text: 'Og votter.' } });
    const parameters = { childId, from: 'staff', isSensitive: false };
    expect(await house.notices(mother.personId)).toEqual([{ template: 'message-waiting', parameters }]);
    expect(await waitingFor(mother)).toBe(1);
    const [newest] = await messagesOf(mother, params);
    const { body } = await house.as(mother).markRead({ params, body: { messageId: newest!.id } });
    expect(body.isWaiting).toBe(false);
    expect(await waitingFor(mother)).toBe(0);
    expect((await messagesOf(mother, params))[0]).toMatchObject({ shownTo: 'family', isReadByStaff: false });
    expect((await house.as(siri).getThread({ params })).body.participants).toContainEqual(
      expect.objectContaining({ name: 'Kari Olstad', readTo: 2, readAt: house.store.clock.toISOString() }),
    );
    await house.as(mother).keepThread({ params, body: { muted: true, archived: true } });
    await house.as(siri).reply({ params, body: { text: 'Og lue.' } });
    expect(await house.notices(mother.personId)).toHaveLength(1);
    expect(await waitingFor(mother)).toBe(0);
    await house.as(mother).keepThread({ params, body: { muted: false, archived: false } });
    expect(await waitingFor(mother)).toBe(1);
  });

  it('is read in one wave', async () => {
    const family = await aFamily();
    await begun(family, family.siri);
    const { records } = aCall(house.store);
    const before = records.roundTrips;
    expect(await inboxOf(records, house.organisationId, family.mother.personId)).toMatchObject({
      waiting: 1,
      next: { childId: family.childId },
    });
    expect(records.roundTrips - before).toBe(1);
  });

  it('says to the writer who is away, and answers nothing by itself', async () => {
    const family = await aFamily();
    const { siri, mother, of } = family;
    const away = { from: '2026-11-01', until: '2027-12-24', text: 'Tilbake til jul.' };
    const ref = outOfOfficeRef(house.organisationId, siri.personId);
    const change = aCall(house.store).records.change().activity({ event: 'test.prepared', subject: ref.owner });
    await change.put(ref, away, 'new').commit();
    const shown = { until: away.until, text: away.text };
    expect((await house.as(mother).showRecipients({ params: of })).body).toEqual({
      shownTo: 'family',
      team: [{ name: 'Siri Ås', away: shown }],
    });
    const [params] = await begun(family, mother);
    const { participants } = (await house.as(mother).getThread({ params: params! })).body;
    expect(participants).toContainEqual({ name: 'Siri Ås', role: 'staff', isYou: false, isFormer: false, away: shown });
    expect(await messagesOf(mother, params!)).toHaveLength(1);
  });
});

describe('a message', () => {
  it('is changed or taken back for fifteen minutes, by its writer alone', async () => {
    const family = await aFamily();
    const { siri, mother } = family;
    const [thread] = await begun(family, siri);
    const [message] = await messagesOf(siri, thread!);
    const params = { ...thread!, messageId: message!.id };
    const changed = await house.as(siri).editMessage({ params, body: { text: 'Nye sko.' }, ifMatch: 1 });
    expect(changed.body).toMatchObject({ text: 'Nye sko.', editedAt: house.store.clock.toISOString(), version: 2 });
    const body = { text: 'x' };
    await expect(house.as(mother).editMessage({ params, body, ifMatch: 2 })).rejects.toMatchObject(
      refused('not-allowed'),
    );
    await expect(house.as(siri).takeBackMessage({ params, ifMatch: 1 })).rejects.toMatchObject(
      refused('stale-version'),
    );
    const clock = house.store.clock;
    house.pass(16);
    const late = house.fresh(siri);
    await expect(house.as(late).editMessage({ params, body, ifMatch: 2 })).rejects.toMatchObject(
      refused('message-settled'),
    );
    await expect(house.as(late).takeBackMessage({ params, ifMatch: 2 })).rejects.toMatchObject(
      refused('message-settled'),
    );
    house.store.clock = clock;
    await house.as(siri).takeBackMessage({ params, ifMatch: 2 });
    const [gone] = await messagesOf(mother, thread!);
    expect(gone).toMatchObject({ id: message!.id, deletedAt: clock.toISOString() });
    expect(gone).not.toHaveProperty('text');
    await expect(house.as(siri).editMessage({ params, body, ifMatch: 3 })).rejects.toMatchObject(
      refused('message-settled'),
    );
  });

  it('that is changed and taken back at once is one of the two, never half of each', async () => {
    const family = await aFamily();
    const { siri, mother } = family;
    const [thread] = await begun(family, siri);
    const [message] = await messagesOf(siri, thread!);
    const params = { ...thread!, messageId: message!.id };
    const both = await Promise.allSettled([
      house.as(siri).editMessage({ params, body: { text: 'Endret.' }, ifMatch: 1 }),
      house.as(siri).takeBackMessage({ params, ifMatch: 1 }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({ reason: refused('stale-version') });
    const [after] = await messagesOf(mother, thread!);
    expect(after!.version).toBe(2);
    expect(after!.deletedAt === undefined).toBe(after!.text === 'Endret.');
  });

  it('written beside another gets a number of its own, and the same request again gets the same answer', async () => {
    const family = await aFamily();
    const { siri, mother } = family;
    const [params] = await begun(family, siri);
    const again = { params: params!, body: { text: 'Bare én gang.' }, idempotencyKey: 'reply-000000000001' };
    await Promise.all([
      house.as(mother).reply({ params: params!, body: { text: 'Fra meg.' } }),
      house.as(siri).reply({ params: params!, body: { text: 'Fra deg.' } }),
    ]);
    const first = await house.as(siri).reply(again);
    expect((await house.as(siri).reply(again)).body).toEqual(first.body);
    const messages = await messagesOf(siri, params!);
    const numbers = messages.map((message) => (message.shownTo === 'staff' ? message.number : 0));
    expect([...numbers].sort()).toEqual([1, 2, 3, 4]);
  });

  it('carries files that its writer uploaded, for those who got it and nobody else', async () => {
    const family = await aFamily();
    const { siri, mother, childId } = family;
    const ola = await house.staff(family.groupId, 'staff', 'Ola');
    const [awaiting, checked] = [await upload(siri, 'awaiting'), await upload(siri, 'checked')];
    const body = (fileIds: FileId[]) => ({ subject: 'Vedlegg', text: 'Se her.', fileIds });
    for (const [fileId, slug] of [
      [anId('fil'), 'file-not-found'],
      [awaiting, 'file-not-checked'],
    ] as const) {
      const beginning = house.as(siri).beginThread({ params: family.of, body: body([fileId]) });
      await expect(beginning).rejects.toMatchObject(refused(slug));
    }
    const [params] = await begun(family, siri, body([checked, checked]));
    for (const [fileId, slug] of [
      [checked, 'file-not-found'],
      [awaiting, 'file-not-checked'],
    ] as const) {
      const replying = house.as(siri).reply({ params: params!, body: { text: 'x', fileIds: [fileId] } });
      await expect(replying).rejects.toMatchObject(refused(slug));
    }
    const [message] = await messagesOf(mother, params!);
    expect(message!.files).toEqual([{ id: checked, name: 'plan.pdf', contentType: 'application/pdf', bytes: 10 }]);
    const place = {
      owner: threadOwner(house.organisationId, params!.threadId),
      kind: 'message' as const,
      ids: { messageId: message!.id },
    };
    const asked = (someone: SignedIn, role: 'staff' | 'guardian') => {
      const { organisationId } = house;
      const scope =
        role === 'staff' ? { kind: 'group' as const, id: family.groupId } : { kind: 'person' as const, id: childId };
      return messageFileHome.find(
        place,
        checked,
        aCall(house.store, { organisationId, role, scope, personId: someone.personId }),
      );
    };
    const found = await asked(mother, 'guardian');
    expect(found).toMatchObject({ file: { id: checked }, subject: { subject: childId } });
    // The other home is not told that there is anything to open.
    expect(decidedAudienceOf(found?.openedAs ?? 'file.opened')).toBe('officer');
    expect(await asked(ola, 'staff')).toBeUndefined();
    expect(await asked(mother, 'staff')).toBeUndefined();
    await house.as(siri).takeBackMessage({ params: { ...params!, messageId: message!.id }, ifMatch: 1 });
    expect(await asked(mother, 'guardian')).toBeUndefined();
    expect(await house.rows(`${house.organisationId}#${params!.threadId}`, 'FILE#')).toEqual([]);
  });

  it('is one of a bounded number an hour', async () => {
    const family = await aFamily();
    const { siri, mother } = family;
    const [params] = await begun(family, siri);
    const call = aCall(house.store);
    const subject = organisationOwner(house.organisationId);
    const change = call.records.change().activity({ event: 'test.prepared', subject });
    for (let n = 0; n < SENT_PER_HOUR_MAX; n++) {
      pointSent(change, { ...call, account: { ...call.account!, accountId: mother.accountId }, requestId: `r${n}` });
    }
    await change.commit();
    const body = { text: 'Igjen.' };
    const refusal = refused('too-many-requests');
    await expect(house.as(mother).reply({ params: params!, body })).rejects.toMatchObject(refusal);
    await expect(begun(family, mother)).rejects.toMatchObject(refusal);
    house.pass(61);
    await house.as(mother).reply({ params: params!, body });
  });
});

async function upload(by: SignedIn, state: UploadedFile['state']): Promise<FileId> {
  const id = anId('fil');
  const dueAt = new Date(house.store.clock.getTime() + 86_400_000).toISOString();
  const ref = uploadRef(house.organisationId, by.personId, id);
  const value: UploadedFile = {
    id,
    name: 'plan.pdf',
    contentType: 'application/pdf',
    bytes: 10,
    key: Buffer.alloc(32).toString('base64'),
    state,
    uploadUntil: dueAt,
    dueAt,
  };
  await aCall(house.store)
    .records.change()
    .put(ref, value, 'new')
    .point(filePointers.due(dueAt, house.organisationId, id))
    .point(filePointers.held(ref.owner, id))
    .activity({ event: 'test.prepared', subject: ref.owner })
    .commit();
  return id;
}

describe('every way into a conversation', () => {
  const ways = (someone: SignedIn, params: OfThread, messageId = anId('msg')) => {
    const client = house.as(someone);
    const [ofMessage, body, ifMatch] = [{ ...params, messageId }, { text: 'x' }, 1];
    return {
      getThread: () => client.getThread({ params }),
      listMessages: () => client.listMessages({ params, query: {} }),
      reply: () => client.reply({ params, body: { text: 'x', inReplyTo: messageId } }),
      editMessage: () => client.editMessage({ params: ofMessage, body, ifMatch }),
      takeBackMessage: () => client.takeBackMessage({ params: ofMessage, ifMatch }),
      markRead: () => client.markRead({ params, body: { messageId } }),
      keepThread: () => client.keepThread({ params, body: { muted: true, archived: false } }),
      addParticipant: () => client.addParticipant({ params, body: { personId: anId('per') } }),
      removeParticipant: () => client.removeParticipant({ params: { ...params, participantId: someone.personId } }),
    };
  };

  it('is shut to whoever takes no part, as if there were none', async () => {
    const family = await aFamily();
    const [params] = await begun(family, family.siri);
    const ola = await house.staff(family.groupId, 'staff', 'Ola');
    for (const way of Object.values(ways(ola, params!))) {
      await expect(way()).rejects.toMatchObject(refused('thread-not-found'));
    }
  });

  it('of a sensitive one takes a fresh proof, also of those who take part; its mail and its list hide it', async () => {
    const family = await aFamily();
    const { siri, mother, childId } = family;
    const [params] = await begun(family, siri, { isSensitive: true, subject: 'Bekymring' });
    expect(await house.notices(mother.personId)).toEqual([
      { template: 'message-waiting', parameters: { childId, from: 'staff', isSensitive: true } },
    ]);
    house.pass(6);
    for (const way of Object.values(ways(mother, params!))) {
      await expect(way()).rejects.toMatchObject(refused('fresh-proof-required'));
    }
    expect(await textsOf(house.fresh(mother), params!)).toHaveLength(1);
  });

  it('knows no message but those that were for the reader', async () => {
    const family = await aFamily();
    const { siri, mother, groupId } = family;
    await house.staff(groupId, 'staff', 'Ola');
    const [params] = await begun(family, siri, { withTeam: true });
    const { reply, editMessage, takeBackMessage, markRead } = ways(mother, params!);
    for (const way of [reply, editMessage, takeBackMessage, markRead]) {
      await expect(way()).rejects.toMatchObject(refused('message-not-found'));
    }
    const asked = house.as(mother).addParticipant({ params: params!, body: { personId: siri.personId } });
    await expect(asked).rejects.toMatchObject(refused('not-allowed'));
  });
});

describe('who takes part', () => {
  it('is staff that reach the child, once each, and no more than can be told at once; one of them stays', async () => {
    const family = await aFamily();
    const { siri, mother, groupId } = family;
    const [params] = await begun(family, mother);
    const client = house.as(siri);
    const add = (personId: PersonId) => client.addParticipant({ params: params!, body: { personId } });
    const elsewhere = await house.staff(await house.group());
    await expect(add(elsewhere.personId)).rejects.toMatchObject(refused('person-not-found'));
    await expect(add(siri.personId)).rejects.toMatchObject(refused('wrong-state'));
    const leaving = { params: { ...params!, participantId: siri.personId } };
    await expect(client.removeParticipant(leaving)).rejects.toMatchObject(refused('wrong-state'));
    for (let n = 0; n < 8; n++) await add((await house.staff(groupId)).personId);
    await expect(add((await house.staff(groupId)).personId)).rejects.toMatchObject(refused('too-many'));
    await expect(begun(family, mother)).rejects.toMatchObject(refused('too-many'));
    const guardian = { params: { ...params!, participantId: mother.personId } };
    await expect(client.removeParticipant(guardian)).rejects.toMatchObject(refused('not-allowed'));
    await house.as(mother).removeParticipant(guardian);
    await expect(house.as(mother).getThread({ params: params! })).rejects.toMatchObject(refused('thread-not-found'));
  });

  it('is not looked for among more staff than can be read', async () => {
    const other = await aHouse(db);
    const childId = await other.child(await other.group());
    const mother = await other.guardian(childId);
    for (let first = 0; first <= 200; first += 90) {
      const change = aCall(other.store).records.change();
      change.activity({ event: 'test.prepared', subject: organisationOwner(other.organisationId) });
      for (let n = 0; n < 90; n++) change.point(peoplePointers.person(other.organisationId, 'staff', anId('per')));
      await change.commit();
    }
    const asked = other.as(mother).showRecipients({ params: other.of(childId) });
    await expect(asked).rejects.toMatchObject(refused('too-many'));
  });
});
