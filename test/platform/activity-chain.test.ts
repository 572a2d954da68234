import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ActivityEntry, entryHash, entryOfRow } from '../../lambdas/features/transparency/leaf.ts';
import type { OrganisationId } from '../../lambdas/http/ids.ts';
import { activityChains, PENDING_SHARDS, type UnlinkedEntry } from '../../lambdas/platform/activity-chain.ts';
import { type Dynamo, dynamo } from '../../lambdas/platform/dynamo.ts';
import type { Owner } from '../../lambdas/platform/entity.ts';
import { openRecords } from '../../lambdas/platform/open-records.ts';
import { startDynamoDb, type TestDynamoDb } from '../support/dynoxide.ts';
import { anId, aStore, type TestStore } from '../support/store.ts';

const now = new Date('2026-11-23T07:00:00Z');
const hex = (entry: ActivityEntry) => Buffer.from(entryHash(entry)).toString('hex');

describe('the chains of a container', () => {
  const controller = anId('org');
  const record = (): UnlinkedEntry => ({
    ...{ controller, subject: anId('per'), id: anId('evt'), at: now.toISOString(), event: 'person.seen' },
    ...{ actor: anId('acc'), requestId: 'req', salt: 'c2FsdHNhbHRzYWx0c2FsdA' },
  });
  const written = (chains: ReturnType<typeof activityChains>, at = now) => {
    const change = chains.take(at);
    const entry = change.link(record());
    change.settle('written');
    return entry;
  };

  it('link each record to the one before of the same writer', () => {
    const chains = activityChains(entryHash);
    const [first, second] = [written(chains), written(chains)];
    expect(first).toMatchObject({ sequence: 1, previous: '' });
    expect(first.writer).toMatch(/^wri_[0-9a-z]{26}$/);
    expect(second).toMatchObject({ writer: first.writer, sequence: 2, previous: hex(first) });
  });

  it('link the records of one change one after the other, each controller in a chain of its own', () => {
    const change = activityChains(entryHash).take(now);
    const [one, other, next] = [
      change.link(record()),
      change.link({ ...record(), controller: anId('org') }),
      change.link(record()),
    ];
    expect([one.sequence, other.sequence, next.sequence]).toEqual([1, 1, 2]);
    expect(next).toMatchObject({ writer: one.writer, previous: hex(one) });
    expect(other.writer).not.toBe(one.writer);
  });

  it('open another lane while a change still has the first', () => {
    const chains = activityChains(entryHash);
    const [slow, quick] = [chains.take(now), chains.take(now)];
    const [slowEntry, quickEntry] = [slow.link(record()), quick.link(record())];
    expect(quickEntry.writer).not.toBe(slowEntry.writer);
    slow.settle('written');
    quick.settle('written');
    expect([slowEntry.writer, quickEntry.writer]).toContain(written(chains).writer);
  });

  it('give the number of a refused change to the next one, and go on after what was written before', () => {
    const chains = activityChains(entryHash);
    const first = written(chains);
    const refused = chains.take(now);
    refused.link(record());
    refused.link(record());
    refused.settle('refused');
    expect(written(chains)).toMatchObject({ writer: first.writer, sequence: 2, previous: hex(first) });
  });

  it('end where nobody knows what became of a change', () => {
    const chains = activityChains(entryHash);
    const first = written(chains);
    const unknown = chains.take(now);
    expect(unknown.link(record()).writer).toBe(first.writer);
    unknown.settle('unknown');
    const next = written(chains);
    expect(next.writer).not.toBe(first.writer);
    expect(next).toMatchObject({ sequence: 1, previous: '' });
  });

  it('end after a day, so that the sequencer may forget them', () => {
    const chains = activityChains(entryHash);
    const first = written(chains);
    const hours = (count: number) => new Date(now.getTime() + count * 60 * 60 * 1000);
    expect(written(chains, hours(23)).writer).toBe(first.writer);
    expect(written(chains, hours(24)).writer).not.toBe(first.writer);
  });

  it('are remembered of a bounded number of organisations', () => {
    const chains = activityChains(entryHash);
    const first = written(chains);
    for (let i = 0; i < 5_000; i++) {
      const change = chains.take(now);
      change.link({ ...record(), controller: `org_${i}` as OrganisationId });
      change.settle('written');
    }
    expect(written(chains).writer).not.toBe(first.writer);
  });
});

describe('the activity row', () => {
  let db: TestDynamoDb;
  let store: TestStore;
  const [kindergarten, school] = [anId('org'), anId('org')];
  const about = (controller: OrganisationId): Owner => ({ controller, subject: anId('per') });

  beforeAll(async () => {
    db = await startDynamoDb();
    store = await aStore(db.client, await db.createTables(), [kindergarten, school]);
  });
  afterAll(() => db.stop());

  const recordsOf = (container: TestStore) =>
    openRecords(container, { requestId: 'req', actor: anId('acc'), role: anId('rol'), newEventId: () => anId('evt') });
  /** Another container: chains of its own on the same tables. */
  const aContainer = (change: Partial<TestStore> = {}): TestStore => ({
    ...store,
    now: () => store.clock,
    chains: activityChains(entryHash),
    ...change,
  });
  const see = (container: TestStore, owner: Owner) =>
    recordsOf(container).change().activity({ event: 'person.seen', subject: owner }).commit();

  async function rowOf({ controller, subject }: Owner): Promise<Record<string, unknown>> {
    const { Items = [] } = await db.client.send(
      new QueryCommand({
        TableName: store.tableNames.activity,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': { S: `${controller}#${subject}` } },
        ConsistentRead: true,
      }),
    );
    expect(Items).toHaveLength(1);
    return unmarshall(Items[0]!);
  }

  it('has its place in the writer’s chain, its month, and waits to be taken into the log', async () => {
    const container = aContainer();
    const [one, other] = [about(kindergarten), about(kindergarten)];
    await see(container, one);
    await recordsOf(container)
      .change()
      .activity({ event: 'person.changed', subject: other, about: [anId('per')], detail: { fields: 2, kind: 'child' } })
      .commit();
    const [first, second] = [await rowOf(one), await rowOf(other)];
    expect(first).toMatchObject({ sequence: 1, previous: '', month: `${kindergarten}#2026-11` });
    const shards = Array.from({ length: PENDING_SHARDS }, (_, shard) => `UNSEQUENCED#${shard}`);
    expect(shards).toContain(first['unsequenced']);
    expect(first).not.toHaveProperty('leaf');
    // The hash is of what the table gives back.
    expect(second).toMatchObject({ writer: first['writer'], sequence: 2, previous: hex(entryOfRow(first)) });
    expect(second['unsequenced']).toBe(first['unsequenced']);
  });

  it('of one change stands in one chain for each organisation that it is about', async () => {
    const container = aContainer();
    const subjects = [about(kindergarten), about(school), about(kindergarten)];
    const change = recordsOf(container).change();
    for (const subject of subjects) change.activity({ event: 'person.merged', subject });
    await change.commit();
    const [one, other, next] = await Promise.all(subjects.map(rowOf));
    expect([one!['sequence'], other!['sequence'], next!['sequence']]).toEqual([1, 1, 2]);
    expect(next).toMatchObject({ writer: one!['writer'], previous: hex(entryOfRow(one!)) });
    expect(other!['writer']).not.toBe(one!['writer']);
  });

  it('leaves no hole where a change was refused', async () => {
    const container = aContainer();
    const [one, other] = [about(kindergarten), about(kindergarten)];
    await see(container, one);
    const absent = { table: 'core', pk: `${kindergarten}#${anId('per')}`, sk: 'PERSON' } as const;
    const refused = recordsOf(container)
      .change()
      .requirePresent(absent, () => new Error('not there'))
      .activity({ event: 'person.changed', subject: about(kindergarten) })
      .commit();
    await expect(refused).rejects.toThrow('not there');
    await see(container, other);
    expect(await rowOf(other)).toMatchObject({ writer: (await rowOf(one))['writer'], sequence: 2 });
  });

  it('begins a new chain after an answer that never came', async () => {
    let isLost = false;
    const unanswered: Dynamo = {
      ...store.dynamo,
      async transact(items, token) {
        await store.dynamo.transact(items, token);
        if (isLost) throw new Error('timed out');
      },
    };
    const container = aContainer({ dynamo: unanswered });
    const [before, lost, after] = [about(kindergarten), about(kindergarten), about(kindergarten)];
    await see(container, before);
    isLost = true;
    await expect(see(container, lost)).rejects.toThrow('timed out');
    isLost = false;
    await see(container, after);
    // It was written after all, and nothing else has its number.
    const { writer } = await rowOf(before);
    expect(await rowOf(lost)).toMatchObject({ writer, sequence: 2 });
    const next = await rowOf(after);
    expect(next).toMatchObject({ sequence: 1, previous: '' });
    expect(next['writer']).not.toBe(writer);
  });

  it('costs no round trip more', async () => {
    const records = recordsOf(aContainer());
    await records
      .change()
      .activity({ event: 'person.seen', subject: about(kindergarten) })
      .commit();
    expect(records.roundTrips).toBe(1);
  });

  it('of a hundred containers that write at once never conflicts, and each keeps its own chain', async () => {
    const refusals: unknown[] = [];
    const client = {
      send: async (command: object) =>
        db.client.send(command as never).catch((error: unknown) => {
          refusals.push(error);
          throw error;
        }),
    } as unknown as Pick<DynamoDBClient, 'send'>;
    const watched = Array.from({ length: 100 }, () => aContainer({ dynamo: dynamo(client) }));
    const owners = await Promise.all(
      watched.map(async (container) => {
        const written = [about(kindergarten), about(kindergarten), about(kindergarten)];
        for (const owner of written) await see(container, owner);
        return written;
      }),
    );
    const chains = await Promise.all(owners.map((written) => Promise.all(written.map(rowOf))));
    expect(new Set(chains.map(([first]) => first!['writer'])).size).toBe(100);
    for (const chain of chains) expect(chain.map((row) => row['sequence'])).toEqual([1, 2, 3]);
    // Not one row is touched by two of them: nothing is there that they could have to wait for.
    expect(refusals).toEqual([]);
  });
});
