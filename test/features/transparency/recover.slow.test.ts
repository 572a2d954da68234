import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sequenceLogs } from '../../../lambdas/features/transparency/sequencer.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aProcess, expectHeadsInARow } from './crashes.ts';
import { aLogWorld, expectWhole } from './log-world.ts';
import { backUp, events, recover, recoverTheHeads, restored } from './restored-log.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());

describe('a restore of the log', () => {
  it('takes up what was under way at any moment when the tables were lost', async () => {
    for (const fate of ['dies-before', 'dies-after'] as const) {
      for (let at = 12; at <= 28; at++) {
        const world = await aLogWorld(db);
        await events(world, 2);
        await sequenceLogs(world.sequencer());
        const backup = await backUp(db, world);
        await events(world, 3);
        const process = aProcess(db.client, world.s3.client as never, (call) => (call === at ? fate : 'none'));
        await sequenceLogs(world.sequencer(process)).catch(() => {});
        const signed = (await world.log.checkpoint(world.organisation))!.checkpoint;

        await restored(db, world, backup);
        const { leaves, bodiesMissing } = await recover(world);
        await recoverTheHeads(world);
        world.store.clock = new Date(world.store.clock.getTime() + 10 * 60_000);
        await sequenceLogs(world.sequencer());
        await events(world, 1);
        await sequenceLogs(world.sequencer());
        const { size } = await expectWhole(world, db);
        // All three, or, where the sequencer had not come to copy them, none: never a part of what was signed.
        expect([3, 6], `${fate} ${at}`).toContain(size);
        expect(size).toBeGreaterThan(signed.size);
        expect(leaves).toBeLessThanOrEqual(3);
        expect(bodiesMissing).toBe(0);
        expect(world.lines.filter(({ metric }) => metric !== 'log-append-failed')).toEqual([]);
        await expectHeadsInARow(world);
      }
    }
  }, 900_000);
});
