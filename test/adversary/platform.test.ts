import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { classesOf, entity, keptThroughErasure, type Owner } from '../../lambdas/platform/entity.ts';
import type { TableName } from '../../lambdas/platform/tables.ts';
import { startDynamoDb, type TestDynamoDb } from '../support/dynoxide.ts';
import { anId } from '../support/store.ts';
import { evidenceBook } from './evidence.ts';
import { anInProcessStore, type InProcessStore } from './in-process.ts';
import { investigator } from './investigation.ts';
import type { Canary } from './needles.ts';

/** The adversary against the platform alone; `npm run prove:erasure` plays the whole service against it. */
const declared = {
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
const note = entity({ ...declared, name: 'note', table: 'core', sortKey: 'NOTE', retentionClass: 'person' });
const groupPhoto = entity({
  ...declared,
  name: 'group-photo',
  table: 'core',
  sortKey: 'GROUP-PHOTO',
  retentionClass: 'photo',
});
const thread = entity({ ...declared, name: 'thread', table: 'core', sortKey: 'THREAD', retentionClass: 'person' });
const passing = entity({
  ...declared,
  name: 'passing',
  table: 'transient',
  sortKey: 'PASSING',
  retentionClass: 'transient',
});

const org = anId('org');
const HOUR_MILLISECONDS = 3_600_000;

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());

/** Someone who is erased, and someone who stays: each with a note, a passing record and a part in what both share. */
async function aHistory() {
  const store = await anInProcessStore(db.client, (await db.createTables()) as Record<TableName, string>, [org]);
  const [gone, stays] = [person(), person()];
  const both = [gone.owner, stays.owner];
  for (const { owner, secret } of [gone, stays]) {
    await store
      .records()
      .change()
      .put({ entity: note, owner }, { text: `her name is ${secret.value}` }, 'new')
      .put({ entity: passing, owner }, { text: `${secret.value} asked` }, 'new')
      .putShared(
        { entity: groupPhoto, owner, key: 'both' },
        { text: `${secret.value} to the left` },
        { holders: both, opensWhile: 'all' },
        'new',
      )
      .claim(org, 'email', String(secret.value), owner.subject, () => new Error('taken'))
      .activity({ event: 'note.written', subject: owner })
      .commit();
  }
  await store
    .records()
    .change()
    .putShared(
      { entity: thread, owner: gone.owner, key: 'talk' },
      { text: 'what both wrote' },
      { holders: both, opensWhile: 'any' },
      'new',
    )
    .activity({ event: 'note.written', subject: gone.owner })
    .commit();
  return { store, gone, stays };
}

function person(): { owner: Owner; secret: Canary } {
  const subject = anId('per');
  const value = `${randomBytes(6).toString('hex')}@${randomBytes(6).toString('hex')}.no`;
  return { owner: { controller: org, subject }, secret: { name: subject, value } };
}

const kindOfRow = ({ place }: { place: string }) => place.split(' / ')[1]!.split('#')[0]!;

async function erase(store: InProcessStore, owner: Owner) {
  const change = store.records().change();
  for (const retentionClass of classesOf(owner.subject)) {
    if (!keptThroughErasure.includes(retentionClass)) change.keys({ do: 'erase', owner, retentionClass });
  }
  await change.activity({ event: 'person.erased', subject: owner }).commit();
}

describe('KP-12 ALL-04 the adversary, with every image of every table and full rights on KMS', () => {
  it('finds everything about someone who was not erased', async () => {
    const { store, gone, stays } = await aHistory();
    const book = evidenceBook();
    await store.photograph(book);
    const { sightings } = await investigator([gone.secret, stays.secret], store.unwrap)(book.all());
    for (const { secret } of [gone, stays]) {
      const places = sightings.filter(({ canary }) => canary === secret).map(kindOfRow);
      expect(new Set(places)).toEqual(new Set(['NOTE', 'PASSING', 'GROUP-PHOTO', 'LOOKUP', 'CLAIM']));
    }
  });

  it('finds nothing about someone who was, but for what Lookup and its pointer say until they are removed', async () => {
    const { store, gone, stays } = await aHistory();
    const before = evidenceBook();
    await store.photograph(before);
    store.clock = new Date(store.clock.getTime() + HOUR_MILLISECONDS);
    await erase(store, gone.owner);
    const all = evidenceBook();
    for (const exhibit of before.all()) all.add(exhibit, exhibit.seenUntilEpochMilliseconds);
    await store.photograph(all);

    const investigated = investigator([gone.secret, stays.secret], store.unwrap);
    const after = await investigated(all.obtainable(store.clock.getTime()));
    const seen = after.sightings.filter(({ canary }) => canary === gone.secret);
    expect(seen.filter(({ how }) => !how.includes('lookup hmac'))).toEqual([]);
    const theirs = after.attack.opened.filter(({ sealed }) => sealed.partition.includes(gone.owner.subject));
    // Two wrote the thread, and one of them lives.
    expect(new Set(theirs.map(({ sealed }) => kindOfRow(sealed)))).toEqual(new Set(['THREAD']));
    expect(after.sightings.some(({ canary, how }) => canary === stays.secret && how.startsWith('opened'))).toBe(true);

    const handedTheOldKeys = await investigated(all.all());
    const places = handedTheOldKeys.sightings.filter(
      ({ canary, how }) => canary === gone.secret && how.startsWith('opened'),
    );
    expect(new Set(places.map(kindOfRow))).toEqual(new Set(['NOTE', 'PASSING', 'GROUP-PHOTO']));
  });
});
