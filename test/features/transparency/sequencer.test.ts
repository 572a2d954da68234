import { DeleteItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appendPending } from '../../../lambdas/features/transparency/append.ts';
import { parseHead } from '../../../lambdas/features/transparency/checkpoint.ts';
import { isConsistent, rootOf, rootOfRange } from '../../../lambdas/features/transparency/merkle.ts';
import { sequenceLogs } from '../../../lambdas/features/transparency/sequencer.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anId } from '../../support/store.ts';
import { aLogWorld, expectWhole, type LogWorld, newEvent } from './log-world.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());

const someEvents = async ({ organisation }: LogWorld, container: LogWorld['store'], count: number) => {
  const written = [];
  for (let i = 0; i < count; i++) written.push(await newEvent(container, organisation));
  return written;
};

describe('the sequencer', () => {
  it('brings what several containers recorded into the log, and signs it', async () => {
    const world = await aLogWorld(db);
    await Promise.all([1, 2, 3].map(() => someEvents(world, world.container(), 5)));
    expect(await sequenceLogs(world.sequencer())).toEqual({
      organisations: 1,
      failed: 0,
      leaves: 15,
      waiting: 0,
      findings: 0,
      head: 1,
    });
    const { size } = await expectWhole(world, db);
    expect(size).toBe(15);
  });

  it('appends to what is there, and proves that it only grew', async () => {
    const world = await aLogWorld(db);
    const container = world.container();
    const roots = new Map<number, Uint8Array>();
    for (const count of [3, 1, 7]) {
      await someEvents(world, container, count);
      await sequenceLogs(world.sequencer());
      const { signed } = await expectWhole(world, db);
      roots.set(signed.checkpoint.size, signed.checkpoint.root);
    }
    expect([...roots.keys()]).toEqual([3, 4, 11]);
    for (const [first, firstRoot] of roots) {
      const proof = await world.log.consistencyProof(world.organisation, first, 11);
      expect(isConsistent({ first, second: 11, firstRoot, secondRoot: roots.get(11)!, proof })).toBe(true);
    }
  });

  it('fills tile after tile: proofs hold at every size, from any part of it', async () => {
    const world = await aLogWorld(db);
    const container = world.container();
    await Promise.all(Array.from({ length: 20 }, () => someEvents(world, world.container(), 13)));
    await sequenceLogs(world.sequencer());
    await someEvents(world, container, 5);
    await sequenceLogs(world.sequencer());
    const { size, signed } = await expectWhole(world, db);
    expect(size).toBe(265);
    const { organisation, log } = world;
    const leaves = await log.leaves(organisation, 0, size);
    // No checkpoint was ever made at 100, and the tile of that width was never written.
    const proof = await log.consistencyProof(organisation, 100, size);
    const claim = {
      first: 100,
      second: size,
      firstRoot: rootOf(leaves.slice(0, 100)),
      secondRoot: signed.checkpoint.root,
    };
    expect(isConsistent({ ...claim, proof })).toBe(true);
    const around = await log.rangeProof(organisation, 200, 262, size);
    const part = await log.leaves(organisation, 200, 262);
    expect(rootOfRange({ from: 200, leaves: part, size, ...around })).toEqual(signed.checkpoint.root);
    await expect(log.inclusionProof(organisation, 0, size + 1)).rejects.toThrow(RangeError);
  });

  it('signs nothing when nothing has changed', async () => {
    const world = await aLogWorld(db);
    await someEvents(world, world.container(), 2);
    await sequenceLogs(world.sequencer());
    const before = new Map(world.s3.objects);
    const neverSigned = { sign: () => Promise.reject(new Error('signed')) };
    expect(await sequenceLogs(world.sequencer({}, { signer: neverSigned }))).not.toHaveProperty('head');
    expect(world.s3.objects).toEqual(before);
  });

  it('signs one head over all organisations, each head chained to the one before', async () => {
    const world = await aLogWorld(db);
    const container = world.container();
    const other = anId('org');
    await newEvent(container, world.organisation);
    await sequenceLogs(world.sequencer());
    await newEvent(container, other);
    await newEvent(container, 'operator', anId('acc'));
    await sequenceLogs(world.sequencer());
    const [first, second] = await Promise.all([world.organisation, other].map((id) => expectWhole(world, db, id)));
    await expectWhole(world, db, 'operator');
    const heads = [first!, second!].map(({ signed }) => parseHead(signed.head.text));
    expect(heads).toMatchObject([
      { stage: 'test', head: { number: 1, size: 1, previous: '' } },
      { stage: 'test', head: { number: 2, size: 3 } },
    ]);
    expect(heads[1]!.head.previous).toHaveLength(64);
  });

  it('leaves it to another who holds the lease, until that is over', async () => {
    const world = await aLogWorld(db);
    await someEvents(world, world.container(), 1);
    const now = world.store.clock;
    const until = new Date(now.getTime() + 1000).toISOString();
    expect(await world.sequencer().table.takeLease('another', now.toISOString(), until)).toBe(true);
    expect(await sequenceLogs(world.sequencer())).toMatchObject({ organisations: 0, leaves: 0 });
    world.store.clock = new Date(now.getTime() + 1000);
    expect(await sequenceLogs(world.sequencer())).toMatchObject({ leaves: 1, head: 1 });
  });

  it('does not let one organisation that fails stop the others', async () => {
    const world = await aLogWorld(db);
    const broken = anId('org');
    await newEvent(world.container(), broken);
    await sequenceLogs(world.sequencer());
    // Somebody has put another tile into the bucket.
    const tile = [...world.s3.objects.keys()].find((name) => name.startsWith(`log/${broken}/tile/`))!;
    world.s3.objects.set(tile, new Uint8Array(32));
    await newEvent(world.container(), broken);
    await newEvent(world.container(), world.organisation);
    expect(await sequenceLogs(world.sequencer())).toMatchObject({ organisations: 2, failed: 1, leaves: 1, head: 2 });
    expect(world.lines).toContainEqual({ metric: 'log-split', organisationId: broken, error: 'LogSplit' });
    await expectWhole(world, db);
  });

  it('begins no batch when time is up, and takes it up in the next run', async () => {
    const world = await aLogWorld(db);
    await someEvents(world, world.container(), 3);
    const { leaves, head } = await sequenceLogs(world.sequencer({}, { hasTimeLeft: () => false }));
    expect([leaves, head]).toEqual([0, undefined]);
    expect(await sequenceLogs(world.sequencer())).toMatchObject({ leaves: 3 });
    await expectWhole(world, db);
  });

  it('forgets where chains ended two days after their last record', async () => {
    const world = await aLogWorld(db);
    const container = world.container();
    await newEvent(container, world.organisation);
    const ended = (await world.store.dynamo.query(chainsOf(world))).rows;
    expect(ended).toEqual([]);
    await sequenceLogs(world.sequencer());
    expect((await world.store.dynamo.query(chainsOf(world))).rows).toHaveLength(1);
    world.store.clock = new Date(world.store.clock.getTime() + 49 * 60 * 60 * 1000);
    // The container ends its own after a day.
    await newEvent(container, world.organisation);
    await sequenceLogs(world.sequencer());
    expect((await world.store.dynamo.query(chainsOf(world))).rows).toHaveLength(1);
    expect(world.lines).toEqual([]);
    await expectWhole(world, db);
  });
});

describe('a run that cannot look through all that waits', () => {
  it('says that the rest still waits, so that nothing is forgotten before it', async () => {
    const world = await aLogWorld(db);
    const { organisation } = world;
    const keys = Array.from({ length: 5_001 }, (_, i) => ({ pk: `${organisation}#${anId('per')}`, sk: `evt_${i}` }));
    expect(await appendPending(organisation, { keys, isWhole: true }, world.sequencer())).toMatchObject({ waiting: 1 });
  });

  it('forgets no chain while the index holds more than it gave', async () => {
    const world = await aLogWorld(db);
    const container = world.container();
    await newEvent(container, world.organisation);
    await sequenceLogs(world.sequencer());
    world.store.clock = new Date(world.store.clock.getTime() + 49 * 60 * 60 * 1000);
    await newEvent(container, world.organisation);
    const { table } = world.sequencer();
    const pending = async () => ({ ...(await table.pending()), isWhole: false });
    await sequenceLogs(world.sequencer({}, { table: { ...table, pending } }));
    expect((await world.store.dynamo.query(chainsOf(world))).rows).toHaveLength(2);
  });
});

const chainsOf = ({ store, organisation }: LogWorld) => ({
  TableName: store.tableNames.activity,
  KeyConditionExpression: 'pk = :pk',
  ExpressionAttributeValues: { ':pk': { S: `${organisation}#LOG` } },
});

describe('a record that was taken away before it was in the log', () => {
  it('is missed: what follows waits first, then comes in, and the log says so itself', async () => {
    const world = await aLogWorld(db);
    const { store, organisation } = world;
    const [, second] = await someEvents(world, world.container(), 3);
    await remove(world, second!);
    expect(await sequenceLogs(world.sequencer())).toMatchObject({ leaves: 1, waiting: 1, findings: 0 });
    store.clock = new Date(store.clock.getTime() + 3 * 60 * 1000);
    expect(await sequenceLogs(world.sequencer())).toMatchObject({ leaves: 1, waiting: 0, findings: 1 });
    expect(world.lines).toMatchObject([
      { metric: 'log-gap', organisationId: organisation, kind: 'missing', from: 2, to: 2 },
    ]);
    // Its own report comes into the log like anything else.
    expect(await sequenceLogs(world.sequencer())).toMatchObject({ leaves: 1, findings: 0 });
    const { rows } = await expectWhole(world, db);
    const reports = rows.filter((row) => row['event'] === 'log.gap-found');
    expect(reports).toMatchObject([{ actor: 'system:sequencer', detail: { kind: 'missing', from: 2, to: 2 } }]);
  });

  it('is missed in every chain, also when there are more of them than one transaction can report', async () => {
    const world = await aLogWorld(db);
    const { store } = world;
    const chains = 101;
    await Promise.all(
      Array.from({ length: chains }, async () => {
        const [first] = await someEvents(world, world.container(), 2);
        await remove(world, first!);
      }),
    );
    store.clock = new Date(store.clock.getTime() + 3 * 60 * 1000);
    expect(await sequenceLogs(world.sequencer())).toMatchObject({ failed: 0, leaves: chains, findings: chains });
    expect(await sequenceLogs(world.sequencer())).toMatchObject({ failed: 0, leaves: chains, findings: 0 });
    await expectWhole(world, db);
  });

  it('is missed as well when it was changed', async () => {
    const world = await aLogWorld(db);
    const [first] = await someEvents(world, world.container(), 2);
    await db.client.send(
      new UpdateItemCommand({
        TableName: world.store.tableNames.activity,
        Key: { pk: { S: first!.pk }, sk: { S: first!.sk } },
        UpdateExpression: 'SET actor = :actor',
        ExpressionAttributeValues: { ':actor': { S: anId('acc') } },
      }),
    );
    expect(await sequenceLogs(world.sequencer())).toMatchObject({ leaves: 2, findings: 1 });
    expect(world.lines).toMatchObject([{ metric: 'log-gap', kind: 'altered', from: 1, to: 1 }]);
  });

  it('stays a leaf when its place was fixed already, and nothing is made in its stead', async () => {
    const world = await aLogWorld(db);
    const [, second] = await someEvents(world, world.container(), 3);
    const crash = { putOnce: () => Promise.reject(new Error('crashed')) };
    await sequenceLogs(world.sequencer({}, { offlineFiles: crash }));
    await remove(world, second!);
    expect(await sequenceLogs(world.sequencer())).toMatchObject({ failed: 0, head: 1 });
    const signed = await world.log.checkpoint(world.organisation);
    expect(signed?.checkpoint.size).toBe(3);
    const rows = (await world.sequencer().table.rows([second!])).size;
    expect(rows).toBe(0);
  });

  const remove = ({ store }: LogWorld, { pk, sk }: { pk: string; sk: string }) =>
    db.client.send(
      new DeleteItemCommand({ TableName: store.tableNames.activity, Key: { pk: { S: pk }, sk: { S: sk } } }),
    );
});
