import { QueryCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { consentEventEntity } from '../../../lambdas/features/consents/consent.ts';
import { uploadRef } from '../../../lambdas/features/files/file.ts';
import { photoHome } from '../../../lambdas/features/photos/home.ts';
import { photoEntity, photoOwner } from '../../../lambdas/features/photos/photo.ts';
import { photoStore } from '../../../lambdas/features/photos/store.ts';
import type { FileId, GroupId, PersonId, PhotoId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aCall, anId } from '../../support/store.ts';
import { type Album, anAlbum, IMAGE } from './album.ts';

const today = '2026-11-23';
let db: TestDynamoDb;
let album: Album;
let groupId: GroupId;
type Person = Awaited<ReturnType<Album['as']>>;
let staff: Person;
let leader: Person;
beforeAll(async () => {
  db = await startDynamoDb();
  album = await anAlbum(db);
  [staff, leader] = [await album.as('staff'), await album.as('leader')];
});
afterAll(() => db.stop());
beforeEach(async () => {
  groupId = await album.group();
});

const refused = (slug: string) => ({ name: 'ProblemError', slug });
const inHouse = () => ({ organisationId: album.organisationId });
async function children(count: number): Promise<PersonId[]> {
  const ids = await Promise.all(Array.from({ length: count }, () => album.child(groupId)));
  await Promise.all(ids.map((id) => album.consent(id)));
  return ids;
}
async function add(
  personIds: PersonId[],
  but: { by?: Person; fileId?: FileId; caption?: string; takenOn?: string } = {},
) {
  const { by = staff, fileId = await album.upload(by.personId), ...rest } = but;
  return (await by.client.addPhoto({ params: inHouse(), body: { fileId, personIds, groupId, ...rest } })).body;
}
const ofChild = async ({ client }: Person, personId: PersonId) =>
  (await client.listPhotos({ params: { ...inHouse(), personId }, query: { from: today, to: today } })).body;
const ofGroup = async ({ client }: Person) =>
  (await client.listGroupPhotos({ params: { ...inHouse(), groupId }, query: {} })).body;
const open = ({ client }: Person, fileId: FileId) => client.getFileContent({ params: { ...inHouse(), fileId } });
const change = (by: Person, photoId: PhotoId, body: { personIds?: PersonId[]; caption?: string | null }, ifMatch = 1) =>
  by.client.changePhoto({ params: { ...inHouse(), photoId }, body, ifMatch });
const remove = (by: Person, photoId: PhotoId) => by.client.removePhoto({ params: { ...inHouse(), photoId } });
async function guardianOf(childId: PersonId, link: Parameters<Album['link']>[2] = {}): Promise<Person> {
  const { id } = await album.person({ kind: 'guardian' });
  await album.link(childId, id, link);
  return album.as('guardian', { personId: id });
}
async function rowsOf(table: 'core' | 'activity', id: string) {
  const { Items = [] } = await db.client.send(
    new QueryCommand({
      TableName: album.store.tableNames[table],
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: `${album.organisationId}#${id}` } },
      ConsistentRead: true,
    }),
  );
  return Items;
}
const eventsOf = async (id: string) => (await rowsOf('activity', id)).map((row) => row['event']?.S);

describe('a photo of several children (KP-04)', () => {
  it('is seen by the guardians of each, who learn nothing of who else is in it', async () => {
    const [mine, other] = (await children(2)) as [PersonId, PersonId];
    const { file } = await add([mine, other], { caption: 'Tur i skogen.' });
    for (const [childId, rights] of [
      [mine, 'parental-responsibility'],
      [other, 'information-only'],
    ] as const) {
      const guardian = await guardianOf(childId, { rights });
      const { items, unresolved } = await ofChild(guardian, childId);
      expect(items).toMatchObject([{ shownTo: 'guardian', takenOn: today, caption: 'Tur i skogen.' }]);
      expect(JSON.stringify(items)).not.toMatch(/per_|"key"/);
      expect(unresolved).toEqual([]);
      const image = await open(guardian, file.id);
      expect(Buffer.from(image.body.content)).toEqual(IMAGE);
    }
    for (const childId of [mine, other]) {
      const events = await eventsOf(childId);
      expect(events.filter((event) => event === 'file.opened')).toHaveLength(2);
      expect(events.filter((event) => event === 'photos.seen')).toHaveLength(1);
    }
  });

  it('is nobody else’s: other groups’ staff, other children’s guardians, who only picks up', async () => {
    const [childId] = (await children(1)) as [PersonId];
    const { file } = await add([childId]);
    const strangers = [
      await album.as('staff', { scope: { kind: 'group', id: await album.group() } }),
      await guardianOf(await album.child(groupId)),
      await guardianOf(childId, { rights: 'pick-up-only' }),
      await guardianOf(childId, { until: '2026-11-22' }),
    ];
    for (const stranger of strangers) {
      await expect(ofChild(stranger, childId)).rejects.toMatchObject(refused('person-not-found'));
      await expect(ofGroup(stranger)).rejects.toMatchObject(refused('group-not-found'));
      await expect(open(stranger, file.id)).rejects.toMatchObject(refused('file-not-found'));
    }
    const colleague = await album.as('staff', { scope: { kind: 'group', id: groupId } });
    expect((await ofGroup(colleague)).items).toMatchObject([{ shownTo: 'organisation', personIds: [childId] }]);
    expect((await open(colleague, file.id)).status).toBe(200);
  });

  it('names to staff of one group nobody of another', async () => {
    const [childId] = (await children(1)) as [PersonId];
    const elsewhere = await album.child(await album.group());
    await album.consent(elsewhere);
    const { id } = await add([childId, elsewhere]);
    const colleague = await album.as('leader', { scope: { kind: 'group', id: groupId } });
    for (const { items } of [await ofGroup(colleague), await ofChild(colleague, childId)])
      expect(items).toMatchObject([{ id, personIds: [childId] }]);
    expect((await ofGroup(staff)).items).toMatchObject([{ id, personIds: [childId, elsewhere] }]);
    // Nor is somebody whom they do not know of said to be in it no more: their consent would count no longer.
    await expect(change(colleague, id, { personIds: [childId] })).rejects.toMatchObject(refused('person-not-found'));
  });

  it('takes as many as a transaction holds', async () => {
    const { id } = await add(await children(18));
    const body = { personIds: Array.from({ length: 19 }, () => anId('per')) };
    await expect(change(staff, id, body)).rejects.toMatchObject(refused('malformed-request'));
  });

  it('is added by whoever uploaded it, to a group and about children in reach, on a day that was', async () => {
    const [childId] = (await children(1)) as [PersonId];
    const tries = async (but: Parameters<typeof add>[1], slug: string, ids = [childId]) =>
      expect(add(ids, but)).rejects.toMatchObject(refused(slug));
    await tries({}, 'person-not-found', [childId, anId('per')]);
    await tries({ fileId: await album.upload(leader.personId) }, 'file-not-found');
    await tries({ fileId: await album.upload(staff.personId, { state: 'awaiting' }) }, 'file-not-checked');
    await tries({ fileId: await album.upload(staff.personId, { contentType: 'application/pdf' }) }, 'not-a-picture');
    await tries({ takenOn: '2026-11-24' }, 'wrong-state');
    await tries({ takenOn: '2026-10-22' }, 'wrong-state');
    await tries({ caption: 'Kortet er 4242 4242 4242 4242' }, 'forbidden-content');
    const colleague = await album.as('staff', { scope: { kind: 'group', id: groupId } });
    groupId = await album.group();
    await tries({ by: colleague }, 'group-not-found');
    groupId = anId('grp');
    await tries({}, 'group-not-found');
    expect((await ofChild(staff, childId)).items).toEqual([]);
  });

  it('of one file is one photo, however often and fast it is claimed', async () => {
    const [childId] = (await children(1)) as [PersonId];
    const fileId = await album.upload(staff.personId);
    const answers = await Promise.allSettled([add([childId], { fileId }), add([childId], { fileId })]);
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await ofChild(staff, childId)).items).toHaveLength(1);
  });

  it('is of nobody who has not consented', async () => {
    const [childId] = (await children(1)) as [PersonId];
    const unasked = await album.child(groupId);
    await expect(add([childId, unasked])).rejects.toMatchObject({
      ...refused('may-not-be-shown'),
      problem: { personIds: [unasked] },
    });
    const { id } = await add([childId]);
    await expect(change(staff, id, { personIds: [childId, unasked] })).rejects.toMatchObject(
      refused('may-not-be-shown'),
    );
    await expect(change(staff, id, { personIds: [childId, anId('per')] })).rejects.toMatchObject(
      refused('person-not-found'),
    );
  });

  it('is of nobody where the organisation does not ask for that consent', async () => {
    const theirs = { album, staff, groupId };
    album = await anAlbum(db, 'none');
    [staff, groupId] = [await album.as('staff'), await album.group()];
    await expect(add([await album.child(groupId)])).rejects.toMatchObject(refused('consent-purpose-not-found'));
    ({ album, staff, groupId } = theirs);
  });
});

describe('a photo of which one may not be shown any more', () => {
  const closings: [string, (childId: PersonId) => Promise<void>][] = [
    ['a withdrawn consent', (childId) => album.withdraw(childId)],
    ['a restriction (Art. 18)', (childId) => album.keys(childId, 'restrict')],
    ['an erasure (Art. 17)', (childId) => album.keys(childId, 'erase')],
    ['a block', (childId) => album.block(childId, anId('per'))],
  ];
  it.each(closings)('closes for all at once: %s', async (_, close) => {
    const [mine, other] = (await children(2)) as [PersonId, PersonId];
    const { id, file } = await add([mine, other]);
    const guardian = await guardianOf(mine);
    expect((await ofChild(guardian, mine)).items).toHaveLength(1);
    await close(other);
    for (const reader of [guardian, staff, leader]) {
      expect((await ofChild(reader, mine)).items).toEqual([]);
      await expect(open(reader, file.id)).rejects.toMatchObject(refused('file-not-found'));
    }
    expect((await ofGroup(staff)).items).toEqual([]);
    // Whoever put it there, and the leaders, learn that it waits to be put right: an id, and nothing else.
    for (const reader of [staff, leader]) {
      expect((await ofChild(reader, mine)).unresolved).toMatchObject([{ photoId: id }]);
      expect((await ofGroup(reader)).unresolved).toMatchObject([{ photoId: id }]);
    }
    expect((await ofChild(await album.as('staff'), mine)).unresolved).toEqual([]);
    expect((await ofChild(guardian, mine)).unresolved).toEqual([]);
    await remove(leader, id);
    expect((await ofChild(leader, mine)).unresolved).toEqual([]);
    expect(await rowsOf('core', id)).toEqual([]);
  });

  it('opens again when the restriction ends', async () => {
    const [mine, other] = (await children(2)) as [PersonId, PersonId];
    const { id } = await add([mine, other]);
    await album.keys(other, 'restrict');
    await expect(change(leader, id, { personIds: [mine] })).rejects.toMatchObject(refused('wrong-state'));
    await album.keys(other, 'lift');
    expect((await ofChild(leader, mine)).items).toMatchObject([{ id }]);
  });

  it('is shown again when it is said anew who is in it', async () => {
    const [mine, other] = (await children(2)) as [PersonId, PersonId];
    const { id } = await add([mine, other], { caption: 'I skogen.' });
    await album.withdraw(other);
    const { body } = await change(staff, id, { personIds: [mine], caption: null });
    expect(body).toMatchObject({ personIds: [mine], version: 2 });
    expect(body).not.toHaveProperty('caption');
    expect((await ofChild(await guardianOf(mine), mine)).items).toMatchObject([{ id }]);
    const ofOther = await ofChild(leader, other);
    expect([ofOther.items, ofOther.unresolved]).toEqual([[], []]);
    // Its key is not the other's any more either: an erasure there does not close it.
    await album.keys(other, 'erase');
    expect((await ofChild(leader, mine)).items).toMatchObject([{ id }]);
  });

  it('is its uploader’s and the leaders’ to change and to remove, with the version that was seen', async () => {
    const [childId, ...others] = (await children(5)) as [PersonId, ...PersonId[]];
    const { id, file } = await add([childId]);
    const colleague = await album.as('staff');
    const elsewhere = await album.as('leader', { scope: { kind: 'department', id: anId('dep') } });
    for (const stranger of [colleague, elsewhere]) {
      await expect(change(stranger, id, { caption: 'Min' })).rejects.toMatchObject(refused('photo-not-found'));
      await expect(remove(stranger, id)).rejects.toMatchObject(refused('photo-not-found'));
    }
    await expect(change(staff, id, { caption: 'Ny' }, 2)).rejects.toMatchObject(refused('stale-version'));
    const card = change(staff, id, { caption: 'Kortet er 4242 4242 4242 4242' });
    await expect(card).rejects.toMatchObject(refused('forbidden-content'));
    expect((await change(staff, id, { personIds: [childId, ...others] })).body).toMatchObject({ version: 2 });
    const many = await children(14);
    await expect(change(staff, id, { personIds: many }, 2)).rejects.toMatchObject(refused('too-many'));
    await remove(staff, id);
    await expect(remove(staff, id)).rejects.toMatchObject(refused('photo-not-found'));
    await expect(open(staff, file.id)).rejects.toMatchObject(refused('file-not-found'));
    expect(await eventsOf(childId)).toContain('photo.removed');
    await expect(ofChild(staff, anId('per'))).rejects.toMatchObject(refused('person-not-found'));
  });
});

describe('the image, while a consent is withdrawn', () => {
  const placeOf = (photoId: PhotoId) =>
    ({ owner: photoOwner(album.organisationId, photoId), kind: 'photo', ids: { photoId } }) as const;
  const asLeader = () =>
    aCall(album.store, { organisationId: album.organisationId, role: 'leader', personId: leader.personId });

  it('stays closed when the withdrawal comes between the photo and the consents', async () => {
    const [mine, other] = (await children(2)) as [PersonId, PersonId];
    const { id, file } = await add([mine, other]);
    const call = asLeader();
    let withdrawal: Promise<void> | undefined;
    const list: typeof call.records.list = async (entity, owner, range) => {
      if (entity.name === consentEventEntity.name) {
        withdrawal ??= album.withdraw(other);
        await withdrawal;
      }
      return call.records.list(entity, owner, range);
    };
    const racing = { ...call, records: { ...call.records, list } };
    expect(await photoHome.find(placeOf(id), file.id, racing)).toBeUndefined();
    expect(withdrawal).toBeDefined();
  });

  it('never opens for a reading that began after the withdrawal was answered', async () => {
    const [mine, other] = (await children(2)) as [PersonId, PersonId];
    const { file } = await add([mine, other]);
    let isWithdrawn = false;
    const reading = async () => {
      const beganAfter = isWithdrawn;
      const answer = await open(leader, file.id).then(
        () => 'opened' as const,
        () => 'refused' as const,
      );
      return { beganAfter, answer };
    };
    const withdrawal = (async () => {
      await reading();
      await album.withdraw(other);
      isWithdrawn = true;
    })();
    const answers: Awaited<ReturnType<typeof reading>>[] = [];
    while (answers.filter(({ beganAfter }) => beganAfter).length < 3) {
      answers.push(...(await Promise.all([reading(), reading()])));
    }
    await withdrawal;
    expect(answers.filter(({ beganAfter, answer }) => beganAfter && answer === 'opened')).toEqual([]);
    expect(answers.some(({ answer }) => answer === 'opened')).toBe(true);
  });

  const fates = ['consented', 'not-asked', 'withdrawn', 'blocked', 'restricted'] as const;
  it('opens if and only if every child in it may be shown, whoever they are', async () => {
    const childWith = async (fate: (typeof fates)[number]): Promise<PersonId> => {
      const id = await album.child(groupId);
      if (fate !== 'not-asked') await album.consent(id);
      return id;
    };
    const befall = async (id: PersonId, fate: (typeof fates)[number]) => {
      if (fate === 'withdrawn') await album.withdraw(id);
      if (fate === 'blocked') await album.block(id, anId('per'));
      if (fate === 'restricted') await album.keys(id, 'restrict');
    };
    const sets = fc.array(
      fc.oneof({ weight: 4, arbitrary: fc.constant('consented' as const) }, fc.constantFrom(...fates)),
      {
        minLength: 1,
        maxLength: 4,
      },
    );
    await fc.assert(
      fc.asyncProperty(sets, async (set) => {
        const depicted = await Promise.all(set.map(childWith));
        const call = asLeader();
        const upload = (await call.records.get(
          uploadRef(album.organisationId, leader.personId, await album.upload(leader.personId)),
        ))!;
        const facts = {
          id: anId('pho'),
          takenOn: today,
          groupId,
          depicted,
          purposeId: album.purpose!.id,
          by: leader.personId,
          addedAt: '2026-11-23T11:00:00.000Z',
        };
        // Past the check of the route: it is the reading that is looked at.
        await photoStore.add(album.organisationId, facts, upload, call, () => undefined as never);
        await Promise.all(depicted.map((id, i) => befall(id, set[i]!)));
        const found = await photoHome.find(placeOf(facts.id), upload.value.id, asLeader());
        expect(found !== undefined).toBe(set.every((fate) => fate === 'consented'));
      }),
      { numRuns: 12 },
    );
  });

  it('lies under an item key that all hold a share of, in the class that goes a month after the placement', async () => {
    const depicted = await children(3);
    const { id } = await add(depicted);
    const row = (await rowsOf('core', id)).find(({ sk }) => sk?.S === photoEntity.sortKey)!;
    expect(row['opensWhile']?.S).toBe('all');
    const holders = (row['holders']?.L ?? []).map(({ M }) => [M?.['subject']?.S, M?.['retentionClass']?.S]);
    expect(holders).toEqual(depicted.map((childId) => [childId, 'photo']));
    for (const childId of depicted) {
      const rows = (await rowsOf('core', childId)).map(({ sk }) => sk?.S);
      expect(rows).toEqual(expect.arrayContaining([`HELD#${id}`, `ABOUT#${id}`]));
    }
  });

  it('is listed in four round trips for a child and six for a group, however many there are', async () => {
    const [childId] = (await children(4)) as [PersonId];
    for (let n = 0; n < 3; n++) await add([childId]);
    const call = asLeader();
    const days = { from: today, to: today };
    expect((await photoStore.ofChild(album.organisationId, childId, days, call)).photos).toHaveLength(3);
    expect(call.records.roundTrips).toBe(4);
    const again = asLeader();
    expect((await photoStore.ofGroup(album.organisationId, groupId, today, again)).photos).toHaveLength(3);
    expect(again.records.roundTrips).toBe(6);
  });
});
