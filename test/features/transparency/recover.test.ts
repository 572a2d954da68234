import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sequenceLogs } from '../../../lambdas/features/transparency/sequencer.ts';
import { activityLog } from '../../../lambdas/platform/activity-log.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anId } from '../../support/store.ts';
import { expectHeadsInARow } from './crashes.ts';
import { aLogWorld, expectWhole, newEvent, recordsOf } from './log-world.ts';
import { backUp, events, type Items, recover, recoverTheHeads, restored } from './restored-log.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());

describe('the log of a restored table', () => {
  it('is brought up to the locked one, with the records that the backup had not seen', async () => {
    const world = await aLogWorld(db);
    const container = world.container();
    await events(world, 4, container);
    await sequenceLogs(world.sequencer());
    const backup = await backUp(db, world);
    await events(world, 3, container);
    await sequenceLogs(world.sequencer());
    await events(world, 2, container);
    await sequenceLogs(world.sequencer());
    const lost = await expectWhole(world, db);

    await restored(db, world, backup);
    expect(await recover(world)).toEqual({ leaves: 5, bodiesAdded: 5, bodiesMissing: 0 });
    expect(await recoverTheHeads(world)).toBe(2);
    const found = await expectWhole(world, db);
    expect(found.rows).toEqual(expect.arrayContaining(lost.rows));
    expect(found.size).toBe(9);

    // It goes on where it was, with new writers, and nothing seems amiss.
    await events(world, 2);
    expect(await sequenceLogs(world.sequencer())).toMatchObject({ leaves: 2, findings: 0, failed: 0, head: 4 });
    expect((await expectWhole(world, db)).size).toBe(11);
    await expectHeadsInARow(world);
    expect(world.lines).toEqual([]);
  });

  it('may be recovered again, with the same outcome', async () => {
    const world = await aLogWorld(db);
    const backup = await backUp(db, world);
    await events(world, 3);
    await sequenceLogs(world.sequencer());
    await restored(db, world, backup);
    expect(await recover(world)).toEqual({ leaves: 3, bodiesAdded: 3, bodiesMissing: 0 });
    expect(await recover(world)).toEqual({ leaves: 0, bodiesAdded: 0, bodiesMissing: 0 });
    await expectWhole(world, db);
  });

  it('comes up to an old backup’s log piece by piece, whatever lies signed, unsigned or under way', async () => {
    const world = await aLogWorld(db);
    const container = world.container();
    await events(world, 1, container);
    await sequenceLogs(world.sequencer());
    const backup = await backUp(db, world);
    for (let minute = 0; minute < 5; minute++) {
      await events(world, 2, container);
      await sequenceLogs(world.sequencer());
    }
    const unsigned = { sign: () => Promise.reject(new Error('crashed')) };
    await events(world, 2, container);
    await sequenceLogs(world.sequencer({}, { signer: unsigned })).catch(() => {});
    const noTiles = { ...world.sequencer().logFiles, putOnce: () => Promise.reject(new Error('crashed')) };
    await events(world, 2, container);
    await sequenceLogs(world.sequencer({}, { logFiles: noTiles })).catch(() => {});

    await restored(db, world, backup);
    const pieces = [];
    for (let piece = await recover(world, undefined, 2); ; piece = await recover(world, undefined, 2)) {
      pieces.push(piece);
      if (!piece.isCutOff || pieces.length > 7) break;
    }
    expect(pieces.map(({ leaves, bodiesMissing }) => [leaves, bodiesMissing])).toEqual([
      [4, 0],
      [4, 0],
      [4, 0],
      [0, 0],
    ]);
    expect(await recoverTheHeads(world)).toBe(5);
    expect(await sequenceLogs(world.sequencer())).toMatchObject({ failed: 0, findings: 0 });
    expect((await expectWhole(world, db)).size).toBe(15);
    await expectHeadsInARow(world);
  });

  it('is brought up past several records that somebody had taken away before they were copied', async () => {
    const world = await aLogWorld(db);
    const backup = await backUp(db, world);
    const taken = await Promise.all([1, 2].map(() => newEvent(world.container(), world.organisation)));
    await events(world, 2);
    const crash = { putOnce: () => Promise.reject(new Error('crashed')) };
    await sequenceLogs(world.sequencer({}, { offlineFiles: crash }));
    for (const { pk, sk } of taken) {
      const Key = { pk: { S: pk }, sk: { S: sk } };
      await db.client.send(new DeleteItemCommand({ TableName: world.store.tableNames.activity, Key }));
    }
    await sequenceLogs(world.sequencer());
    await restored(db, world, backup);
    expect(await recover(world)).toEqual({ leaves: 4, bodiesAdded: 2, bodiesMissing: 2 });
    await events(world, 1);
    expect(await sequenceLogs(world.sequencer())).toMatchObject({ leaves: 1, failed: 0 });
  });

  it('begins where there was none yet', async () => {
    const world = await aLogWorld(db);
    await events(world, 2);
    await restored(db, world, await backUp(db, world));
    expect(await recover(world)).toEqual({ leaves: 0, bodiesAdded: 0, bodiesMissing: 0 });
    expect(await sequenceLogs(world.sequencer())).toMatchObject({ leaves: 2, failed: 0, head: 1 });
    await expectWhole(world, db);
  });

  it('knows what waited at the time of the backup and came into the log after', async () => {
    const world = await aLogWorld(db);
    await events(world, 3);
    const backup = await backUp(db, world);
    await sequenceLogs(world.sequencer());
    await restored(db, world, backup);
    expect(await recover(world)).toEqual({ leaves: 3, bodiesAdded: 0, bodiesMissing: 0 });
    expect(await sequenceLogs(world.sequencer())).toMatchObject({ leaves: 0 });
    expect((await expectWhole(world, db)).size).toBe(3);
  });

  it('knows it by the leaf alone when the copies are gone, and counts what is lost', async () => {
    const world = await aLogWorld(db);
    await events(world, 3);
    const backup = await backUp(db, world);
    await events(world, 2);
    await sequenceLogs(world.sequencer());
    for (const name of [...world.s3.objects.keys()]) if (name.startsWith('offline/')) world.s3.objects.delete(name);
    await restored(db, world, backup);
    expect(await recover(world)).toEqual({ leaves: 5, bodiesAdded: 0, bodiesMissing: 2 });
    expect(await sequenceLogs(world.sequencer())).toMatchObject({ leaves: 0 });
    expect(await recordsOf(world, db, world.organisation)).toHaveLength(3);
    expect((await world.log.checkpoint(world.organisation))?.checkpoint.size).toBe(5);

    // Whoever reads it in its order (the feed, webhooks) goes past what is lost.
    await events(world, 1);
    await sequenceLogs(world.sequencer());
    const inOrder = await activityLog(world.store).inOrder(world.organisation, 0, 100);
    expect(inOrder).toHaveLength(6);
    expect(inOrder.filter((row) => row === undefined)).toHaveLength(2);
  });

  it.each([
    ['its records had been copied, and no tile put', 'log'],
    ['nothing had been put at all', 'offline'],
  ] as const)('takes up what was under way when the tables were lost: %s', async (_, bucket) => {
    const world = await aLogWorld(db);
    await events(world, 2);
    await sequenceLogs(world.sequencer());
    const backup = await backUp(db, world);
    await events(world, 3);
    const refused = { ...world.sequencer().logFiles, putOnce: () => Promise.reject(new Error('crashed')) };
    await sequenceLogs(world.sequencer({}, bucket === 'log' ? { logFiles: refused } : { offlineFiles: refused }));

    await restored(db, world, backup);
    const isCopied = bucket === 'log';
    expect(await recover(world)).toEqual({ leaves: 0, bodiesAdded: isCopied ? 3 : 0, bodiesMissing: 0 });
    expect(await sequenceLogs(world.sequencer())).toMatchObject({ failed: 0, findings: 0 });
    await events(world, 1);
    await sequenceLogs(world.sequencer());
    expect((await expectWhole(world, db)).size).toBe(isCopied ? 6 : 3);
  });

  it('is refused when it is not the beginning of the locked one', async () => {
    const world = await aLogWorld(db);
    await events(world, 3);
    await sequenceLogs(world.sequencer());
    const backup = await backUp(db, world);
    await events(world, 1);
    await sequenceLogs(world.sequencer());
    const forged = backup.map((item) =>
      'root' in item ? { ...item, root: { B: new Uint8Array(32) } } : item,
    ) as unknown as Items;
    await restored(db, world, forged);
    await expect(recover(world)).rejects.toThrow('does not continue');
  });

  it('of an organisation that has none stays empty', async () => {
    const world = await aLogWorld(db);
    expect(await recover(world, anId('org'))).toEqual({ leaves: 0, bodiesAdded: 0, bodiesMissing: 0 });
    expect(await recoverTheHeads(world)).toBe(0);
  });
});
