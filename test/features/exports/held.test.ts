import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectRecords } from '../../../lambdas/features/exports/collect.ts';
import type { KeptFile } from '../../../lambdas/features/files/file.ts';
import {
  messageRef,
  type Recipient,
  type ThreadMessage,
  threadRef,
} from '../../../lambdas/features/messages/thread.ts';
import { blockEntity, ownerOf } from '../../../lambdas/features/people/person.ts';
import { photoRef } from '../../../lambdas/features/photos/photo.ts';
import type { OrganisationId, PersonId } from '../../../lambdas/http/ids.ts';
import { sharedPointers } from '../../../lambdas/platform/entity.ts';
import { newContentKey } from '../../../lambdas/platform/file-sealing.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation, aPerson } from '../../support/service.ts';
import { aCall, anId, aStore, type TestStore } from '../../support/store.ts';

const AT = '2026-11-20T08:00:00.000Z';

let db: TestDynamoDb;
let store: TestStore;
let organisationId: OrganisationId;
let [child, guardian, other, staff]: PersonId[] = [];
beforeAll(async () => {
  db = await startDynamoDb();
  store = await aStore(db.client, await db.createTables(), ['operator']);
  ({ id: organisationId } = await anOrganisation(store));
  const kinds = ['child', 'guardian', 'guardian', 'staff'] as const;
  [child, guardian, other, staff] = await Promise.all(
    kinds.map(async (kind) => (await aPerson(store, organisationId, { kind })).id),
  );
  await aConversation();
  await aPhoto();
});
afterAll(() => db.stop());

const ownerOfId = (id: PersonId) => ownerOf(organisationId, id);
const roleOf = (id: PersonId) => (id === staff ? ('staff' as const) : ('guardian' as const));

const attachment: KeptFile = {
  id: anId('fil'),
  name: 'Plan.pdf',
  contentType: 'application/pdf',
  bytes: 9,
  key: newContentKey(),
};

/** About the child: one message to both guardians, one to the first alone. */
async function aConversation(): Promise<void> {
  const threadId = anId('thr');
  const everybody = [guardian!, other!, staff!];
  const participants = everybody.map((personId) => ({
    personId,
    role: roleOf(personId),
    since: AT,
    newestFor: 1,
    lastAt: AT,
    readTo: 1,
    muted: false,
    archived: false,
  }));
  const sharedBy = (ids: readonly PersonId[]) => ({ holders: ids.map(ownerOfId), opensWhile: 'any' }) as const;
  const message = (number: number, text: string, audience: readonly PersonId[]): ThreadMessage => ({
    id: anId('msg'),
    number,
    by: staff!,
    role: 'staff',
    at: AT,
    audience: audience.map((personId): Recipient => ({ personId, role: roleOf(personId) })),
    text,
    files: number === 1 ? [attachment] : [],
  });
  const change = aCall(store)
    .records.change()
    .putShared(
      threadRef(organisationId, threadId),
      {
        id: threadId,
        childId: child!,
        subject: 'Om Emil',
        isSensitive: false,
        messages: 2,
        startedAt: AT,
        participants,
      },
      sharedBy(everybody),
      'new',
    )
    .point(sharedPointers.about(ownerOfId(child!), threadId));
  for (const one of [message(1, 'to both', [guardian!, other!]), message(2, 'to one', [guardian!])]) {
    const readers = [one.by, ...one.audience.map(({ personId }) => personId)];
    change.putShared(messageRef(organisationId, threadId, one.id), one, sharedBy(readers), 'new');
  }
  for (const id of everybody) change.point(sharedPointers.held(ownerOfId(id), threadId));
  await change.activity({ event: 'thread.begun', subject: ownerOfId(child!) }).commit();
}

async function aPhoto(): Promise<void> {
  const id = anId('pho');
  const file = {
    id: anId('fil'),
    name: 'bilde.jpg',
    contentType: 'image/jpeg',
    bytes: 9,
    key: newContentKey(),
  } as const;
  await aCall(store)
    .records.change()
    .putShared(
      photoRef(organisationId, id),
      {
        id,
        takenOn: '2026-11-20',
        groupId: anId('grp'),
        depicted: [child!],
        purposeId: anId('pur'),
        by: staff!,
        addedAt: AT,
        file,
      },
      { holders: [ownerOfId(child!)], opensWhile: 'all' },
      'new',
    )
    .point(sharedPointers.held(ownerOfId(child!), id))
    .point(sharedPointers.about(ownerOfId(child!), id))
    .activity({ event: 'photo.added', subject: ownerOfId(child!) })
    .commit();
}

const textsFor = async (id: PersonId) =>
  (await collectRecords(aCall(store).records, ownerOfId(id), { kind: 'self' }))
    .filter(({ entity }) => entity.name === 'thread-message')
    .map(({ value }) => (value as { text: string }).text)
    .sort();
const namesFor = async (id: PersonId, audience: Parameters<typeof collectRecords>[2] = { kind: 'self' }) =>
  new Set((await collectRecords(aCall(store).records, ownerOfId(id), audience)).map(({ entity }) => entity.name));

describe('a copy of what a person holds with others', () => {
  it('FW-13: holds the messages that were by or for them, and none that was for somebody else alone', async () => {
    expect(await textsFor(guardian!)).toEqual(['to both', 'to one']);
    expect(await textsFor(other!)).toEqual(['to both']);
    expect(await textsFor(staff!)).toEqual(['to both', 'to one']);
  });

  it('FW-13: holds nothing of a conversation that is only about them', async () => {
    expect(await textsFor(child!)).toEqual([]);
    expect((await namesFor(child!)).has('message-thread')).toBe(false);
  });

  it('FW-13: has what came along with messages, but not about a child that a block keeps from them', async () => {
    const filesFor = async (id: PersonId) =>
      (await collectRecords(aCall(store).records, ownerOfId(id), { kind: 'self' })).flatMap(({ files = [] }) => files);
    expect(await filesFor(guardian!)).toEqual([attachment]);
    const block = { personId: other!, basis: 'court-order', since: '2026-11-20' } as const;
    const change = aCall(store).records.change();
    change.put({ entity: blockEntity, owner: ownerOfId(child!), key: other! }, block, 'new');
    await change.activity({ event: 'block.added', subject: ownerOfId(child!) }).commit();
    expect(await filesFor(other!)).toEqual([]);
  });

  it('KP-14: holds the photos that show them, also for a guardian, and never the key of the file', async () => {
    const asked = [
      { kind: 'self' },
      { kind: 'guardian', guardianId: guardian!, rights: 'parental-responsibility' },
    ] as const;
    for (const audience of asked) {
      const held = await collectRecords(aCall(store).records, ownerOfId(child!), audience);
      const photos = held.filter(({ entity }) => entity.name === 'photo');
      expect(photos).toHaveLength(1);
      expect(JSON.stringify(photos.map(({ value }) => value))).not.toContain('"key"');
      // It shows the child alone, so its content goes along.
      expect(photos.flatMap(({ files }) => files)).toHaveLength(1);
    }
    expect((await namesFor(guardian!)).has('photo')).toBe(false);
  });
});
