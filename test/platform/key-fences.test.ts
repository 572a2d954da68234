import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Owner } from '../../lambdas/platform/entity.ts';
import { keyFences } from '../../lambdas/platform/key-fences.ts';
import type { TableName } from '../../lambdas/platform/tables.ts';
import { startDynamoDb, type TestDynamoDb } from '../support/dynoxide.ts';
import { aCall, anId, aStore, type TestStore } from '../support/store.ts';

let db: TestDynamoDb;
let store: TestStore;
let tableNames: Record<TableName, string>;
const organisationId = anId('org');
beforeAll(async () => {
  db = await startDynamoDb();
  tableNames = await db.createTables();
  store = await aStore(db.client, tableNames, [organisationId]);
});
afterAll(() => db.stop());

const classes = ['person', 'photo'] as const;
const aFencedPerson = async () => {
  const owner: Owner = { controller: organisationId, subject: anId('per') };
  const change = aCall(store).records.change();
  for (const retentionClass of classes) change.keys({ do: 'erase', owner, retentionClass });
  await change.activity({ event: 'erasure.fenced', subject: owner }).commit();
  return owner;
};
const inMirror = async (owner: Owner, retentionClass: string) => {
  const Key = marshall({ pk: `${owner.controller}#${owner.subject}`, sk: `CLASS#${retentionClass}` });
  return (await db.client.send(new GetItemCommand({ TableName: tableNames.mirror, Key }))).Item;
};

describe('the fences of an erased subject', () => {
  it('KP-12: are missed in the mirror until they stand there, and are written when the stream lags', async () => {
    const owner = await aFencedPerson();
    const fences = keyFences(store, db.client);
    expect(await fences.missing(owner, classes)).toEqual(['mirror:person', 'mirror:photo']);
    await fences.mirror(owner, classes);
    expect(await fences.missing(owner, classes)).toEqual([]);
    expect((await inMirror(owner, 'photo'))?.['wrappedKey']).toBeUndefined();
  });

  it('KP-12: win over a key that the mirror still holds', async () => {
    const owner = await aFencedPerson();
    const Item = marshall({
      pk: `${owner.controller}#${owner.subject}`,
      sk: 'CLASS#person',
      state: 'ACTIVE',
      wrappedKey: new Uint8Array([1]),
    });
    await db.client.send(new PutItemCommand({ TableName: tableNames.mirror, Item }));
    const fences = keyFences(store, db.client);
    expect(await fences.missing(owner, ['person'])).toEqual(['mirror:person']);
    await fences.mirror(owner, ['person']);
    expect(await inMirror(owner, 'person')).toMatchObject({ state: { S: 'ERASED' } });
    expect((await inMirror(owner, 'person'))?.['wrappedKey']).toBeUndefined();
  });

  it('are missed where a key lives, and none is written over it', async () => {
    const owner: Owner = { controller: organisationId, subject: anId('per') };
    const fences = keyFences(store, db.client);
    expect(await fences.missing(owner, ['person'])).toEqual(['keys:person', 'mirror:person']);
    await fences.mirror(owner, ['person']);
    expect(await inMirror(owner, 'person')).toBeUndefined();
  });
});
