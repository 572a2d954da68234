import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  type AbuseReport,
  abuseReportKey,
  abuseReportRef,
} from '../../../lambdas/features/abuse-reports/abuse-report.ts';
import { filePointers, objectKey } from '../../../lambdas/features/files/file.ts';
import { inboxPointers } from '../../../lambdas/features/messages/inbox.ts';
import type { FileId, PersonId, PhotoId, ThreadId } from '../../../lambdas/http/ids.ts';
import { entity, type Owner, type RetentionClass, sharedPointers } from '../../../lambdas/platform/entity.ts';
import { Closed } from '../../../lambdas/platform/records.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aPerson } from '../../support/service.ts';
import { aCall, anId } from '../../support/store.ts';
import { aWorld, isAllowedToStay, type World } from './world.ts';

const declared = {
  table: 'core',
  schema: z.strictObject({ text: z.string() }),
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'a test',
  legalBasis: 'contract',
  article9: 'none',
  source: 'controller',
  exported: 'copy',
  onErasure: 'delete',
} as const;
const message = entity({ ...declared, name: 'message', sortKey: 'MESSAGE', retentionClass: 'daily-life' });
const photo = entity({ ...declared, name: 'photo', sortKey: 'PHOTO', retentionClass: 'photo' });
const paper = entity({ ...declared, name: 'paper', sortKey: 'PAPER', retentionClass: 'daily-life' });

let db: TestDynamoDb;
let world: World;
beforeAll(async () => {
  db = await startDynamoDb();
  world = await aWorld(db);
});
afterAll(() => db.stop());

const ownerOfId = <I extends Owner['subject']>(subject: I) => ({ controller: world.organisationId, subject });
const somebody = async () => (await aPerson(world.store, world.organisationId)).id;
const idsOf = (count: number) => Promise.all(Array.from({ length: count }, somebody));

/** What a claimed file leaves behind: its object, and the two rows that lead to it and back. */
async function aFile(holder: Owner, ids: Record<string, string>): Promise<FileId> {
  const fileId = anId('fil');
  world.files.contents.set(objectKey(world.organisationId, fileId), world.store.now());
  await aCall(world.store)
    .records.change()
    .point(filePointers.held(holder, fileId))
    .point({
      ...filePointers.home(world.organisationId, fileId),
      attributes: { ...ids, kind: 'message', subject: holder.subject },
    })
    .activity({ event: 'file.claimed', subject: holder })
    .commit();
  return fileId;
}

async function aThread(
  about: PersonId,
  participants: readonly PersonId[],
  threadId: ThreadId = anId('thr'),
): Promise<ThreadId> {
  const change = aCall(world.store)
    .records.change()
    .point(sharedPointers.about(ownerOfId(about), threadId));
  for (const id of participants) {
    change.point(sharedPointers.held(ownerOfId(id), threadId));
    change.point({
      ...inboxPointers.waiting(world.organisationId, id, threadId),
      attributes: { at: 'now', childId: about },
    });
  }
  await change.activity({ event: 'thread.begun', subject: ownerOfId(threadId) }).commit();
  return threadId;
}

async function write(threadId: ThreadId, text: string, holders: readonly PersonId[]): Promise<string> {
  const key = anId('msg');
  const owner = ownerOfId(threadId);
  await aCall(world.store)
    .records.change()
    .putShared({ entity: message, owner, key }, { text }, { holders: holders.map(ownerOfId), opensWhile: 'any' }, 'new')
    .activity({ event: 'message.sent', subject: owner })
    .commit();
  return key;
}

async function aPhoto(depicted: readonly PersonId[]): Promise<{ photoId: PhotoId; fileId: FileId }> {
  const photoId = anId('pho');
  const owner = ownerOfId(photoId);
  const change = aCall(world.store).records.change();
  for (const id of depicted) {
    change.point(sharedPointers.held(ownerOfId(id), photoId)).point(sharedPointers.about(ownerOfId(id), photoId));
  }
  await change
    .putShared(
      { entity: photo, owner },
      { text: 'on the swing' },
      { holders: depicted.map(ownerOfId), opensWhile: 'all' },
      'new',
    )
    .activity({ event: 'photo.taken', subject: owner })
    .commit();
  return { photoId, fileId: await aFile(owner, { photoId }) };
}

const textsOf = async (threadId: ThreadId) =>
  (await aCall(world.store).records.listShared(message, ownerOfId(threadId))).items.map(({ value }) => value.text);
const left = async (...ids: string[]) => (await world.naming(...ids)).filter((row) => !isAllowedToStay(row));
const isStored = (fileId: FileId) => world.files.contents.has(objectKey(world.organisationId, fileId));

async function erase(id: PersonId, retentionClasses?: readonly RetentionClass[]) {
  const place = await world.order({
    owner: ownerOfId(id),
    cause: retentionClasses ? 'retention' : 'request',
    ...(retentionClasses && { retentionClasses }),
  });
  await world.run(place);
  expect(await world.erasure(place)).toMatchObject({ failures: 0 });
  return world.erasure(place);
}

describe('what several people share, when one of them is erased', () => {
  it('KP-12: a message opens while one of its people remains, and its rows and files go with the last', async () => {
    const [child, guardian, staff] = (await idsOf(3)) as [PersonId, PersonId, PersonId];
    const threadId = await aThread(child, [guardian, staff]);
    const key = await write(threadId, 'a rash', [guardian, staff]);
    const fileId = await aFile(ownerOfId(threadId), { threadId, messageId: key });

    await erase(guardian);
    expect(await textsOf(threadId)).toEqual(['a rash']);
    expect(isStored(fileId)).toBe(true);
    // Not even as one who had a share.
    expect(await left(guardian)).toEqual([]);

    await erase(staff);
    expect(await left(staff, fileId)).toEqual([]);
    expect((await left(threadId)).map(({ sk }) => sk)).toEqual([`ABOUT#${threadId}`]);
    expect(isStored(fileId)).toBe(false);
  });

  it('KP-12: a message that only the erased could open goes alone, with its file; the others and theirs stay', async () => {
    const [child, guardian, staff] = (await idsOf(3)) as [PersonId, PersonId, PersonId];
    const threadId = await aThread(child, [guardian, staff]);
    const draft = await write(threadId, 'a draft', [guardian]);
    const sent = await write(threadId, 'sent', [guardian, staff]);
    const [ofDraft, ofSent] = [
      await aFile(ownerOfId(threadId), { threadId, messageId: draft }),
      await aFile(ownerOfId(threadId), { threadId, messageId: sent }),
    ];
    await erase(guardian);
    expect(await textsOf(threadId)).toEqual(['sent']);
    expect(await left(draft, ofDraft)).toEqual([]);
    expect([isStored(ofDraft), isStored(ofSent)]).toEqual([false, true]);
  });

  it('KP-12: a thread about a child goes whole with the child, whoever else holds it', async () => {
    const [child, guardian, staff] = (await idsOf(3)) as [PersonId, PersonId, PersonId];
    const threadId = await aThread(child, [guardian, staff]);
    const key = await write(threadId, 'a rash', [guardian, staff]);
    const fileId = await aFile(ownerOfId(threadId), { threadId, messageId: key });
    const other = await aThread(guardian, [staff]);
    await write(other, 'of the guardian', [staff]);

    await erase(child);
    expect(await left(child, threadId, fileId)).toEqual([]);
    expect(isStored(fileId)).toBe(false);
    expect(await textsOf(other)).toEqual(['of the guardian']);
    const late = aCall(world.store)
      .records.change()
      .requireUnerased(ownerOfId(child))
      .putShared(
        { entity: message, owner: ownerOfId(threadId), key: anId('msg') },
        { text: 'too late' },
        { holders: [ownerOfId(staff)], opensWhile: 'any' },
        'new',
      )
      .activity({ event: 'message.sent', subject: ownerOfId(threadId) });
    await expect(late.commit()).rejects.toThrow(Closed);
  });

  it('KP-12: a report of misuse leaves the list of all with whoever reported, and with the child', async () => {
    const { organisationId } = world;
    const reports = async () =>
      (await aCall(world.store).records.pointers('core', abuseReportKey(organisationId, '').pk)).items.map(
        ({ sk }) => sk,
      );
    const at = '2026-11-23T07:00:00.000Z';
    const reported = async (childId: PersonId, reportedBy: PersonId, by: PersonId, threadId: ThreadId) => {
      const report: AbuseReport = {
        ...{ id: anId('abr'), threadId, messageId: anId('msg'), childId, reportedBy, receivedAt: at },
        ...{ kind: 'threat', reason: 'read it', message: { by, at, text: 'a threat' }, state: 'received' },
      };
      const sharing = { holders: [ownerOfId(reportedBy)], opensWhile: 'any', about: [ownerOfId(childId)] } as const;
      await aCall(world.store)
        .records.change()
        .putShared(abuseReportRef(organisationId, threadId, report.id), report, sharing, 'new')
        .point({ ...abuseReportKey(organisationId, report.id), attributes: { threadId } })
        .activity({ event: 'abuse-report.received', subject: ownerOfId(reportedBy) })
        .commit();
      return report.id;
    };
    const [child, guardian, other, staff] = (await idsOf(4)) as [PersonId, PersonId, PersonId, PersonId];
    const threadId = await aThread(child, [guardian, other, staff]);
    await write(threadId, 'a threat', [guardian, other, staff]);
    const [first, second] = [
      await reported(child, guardian, staff, threadId),
      await reported(child, other, staff, threadId),
    ];
    await erase(guardian);
    expect(await reports()).toEqual([second]);
    expect(await left(first)).toEqual([]);
    expect(await textsOf(threadId)).toEqual(['a threat']);
    await erase(child);
    expect(await reports()).toEqual([]);
  });

  it('KP-12: a photo of three goes with its file when one of them is erased', async () => {
    const [one, two, three] = (await idsOf(3)) as [PersonId, PersonId, PersonId];
    const { photoId, fileId } = await aPhoto([one, two, three]);
    const { photoId: another } = await aPhoto([two, three]);
    await erase(two);
    expect(await left(photoId, fileId, another)).toEqual([]);
    expect(isStored(fileId)).toBe(false);
    expect(await left(two)).toEqual([]);
  });

  it('KP-12: what the person uploaded and held goes from the bucket; what nothing holds yet is left to the sweep, as nobody’s', async () => {
    const id = await somebody();
    const kept = await aFile(ownerOfId(id), { paperId: anId('doc') });
    const waiting = anId('fil');
    const due = filePointers.due('2026-11-24T07:00:00.000Z', world.organisationId, waiting);
    await aCall(world.store)
      .records.change()
      .point(filePointers.held(ownerOfId(id), waiting))
      .point({ ...due, attributes: { uploaderId: id } })
      .activity({ event: 'file.announced', subject: ownerOfId(id) })
      .commit();
    await erase(id);
    expect(isStored(kept)).toBe(false);
    expect(await left(id, kept)).toEqual([]);
    expect((await left(waiting)).map(({ pk }) => pk)).toEqual([due.pk]);
  });
});

describe('what several people share, when the term of a class is over', () => {
  it('goes as far as it was about the person then; what has come since stays', async () => {
    const [child, guardian, staff] = (await idsOf(3)) as [PersonId, PersonId, PersonId];
    const before = await aThread(child, [guardian, staff]);
    await write(before, 'before', [guardian, staff]);
    const begunAfter = `thr_${ulid(world.store.clock.getTime() + 1).toLowerCase()}` as ThreadId;
    const since = await aThread(child, [guardian, staff], begunAfter);
    await write(since, 'since', [guardian, staff]);
    const { photoId, fileId } = await aPhoto([child, guardian]);
    const paperKey = anId('doc');
    await aCall(world.store)
      .records.change()
      .put({ entity: paper, owner: ownerOfId(child), key: paperKey }, { text: 'a plan' }, 'new')
      .activity({ event: 'paper.written', subject: ownerOfId(child) })
      .commit();
    const ofPaper = await aFile(ownerOfId(child), { paperId: paperKey });
    const ofNothing = await aFile(ownerOfId(child), { paperId: anId('doc') });

    await erase(child, ['daily-life']);
    expect(await left(before, paperKey, ofPaper)).toEqual([]);
    expect([isStored(ofPaper), isStored(ofNothing)]).toEqual([false, true]);
    expect(await textsOf(since)).toEqual(['since']);
    expect(await aCall(world.store).records.getShared({ entity: photo, owner: ownerOfId(photoId) })).toBeDefined();

    await erase(child, ['photo']);
    expect(await left(photoId, fileId)).toEqual([]);
    expect(isStored(fileId)).toBe(false);
  });

  it('leaves a thread to those who still open it, and what the person was told after they came back', async () => {
    const [child, guardian, staff] = (await idsOf(3)) as [PersonId, PersonId, PersonId];
    const threadId = await aThread(child, [guardian, staff]);
    await write(threadId, 'to both', [guardian, staff]);
    await write(threadId, 'to themself', [guardian]);
    const order = await world.order({
      owner: ownerOfId(guardian),
      cause: 'retention',
      retentionClasses: ['daily-life'],
    });
    await world.run(order);
    await write(threadId, 'back again', [guardian]);
    expect((await textsOf(threadId)).sort()).toEqual(['back again', 'to both']);
    const shares = (await world.rows('core')).filter(
      ({ pk, holders }) => String(pk).endsWith(threadId) && JSON.stringify(holders ?? '').includes(guardian),
    );
    expect(shares).toHaveLength(1);
  });
});

describe('the end of an organisation', () => {
  it('ALL-09: leaves nothing in its part of the bucket, and nothing of another’s is touched', async () => {
    const ending = await aWorld(db);
    const { organisationId } = ending;
    const owner: Owner = { controller: organisationId, subject: organisationId };
    const foreign = objectKey(world.organisationId, anId('fil'));
    ending.files.contents.set(foreign, ending.store.now());
    for (let i = 0; i < 3; i++) ending.files.contents.set(objectKey(organisationId, anId('fil')), ending.store.now());
    await aCall(ending.store)
      .records.change()
      .point({ table: 'core', pk: `${organisationId}#CALENDAR`, sk: `ONCE#2026-12-01#${anId('cal')}` })
      .activity({ event: 'calendar.changed', subject: owner })
      .commit();
    const place = await ending.order({ owner, cause: 'agreement-end' });
    await ending.run(place);
    expect(await ending.erasure(place)).toMatchObject({ failures: 0 });
    expect([...ending.files.contents.keys()]).toEqual([foreign]);
    expect((await ending.naming('#CALENDAR')).filter((row) => !isAllowedToStay(row))).toEqual([]);
  });
});
