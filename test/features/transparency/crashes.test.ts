import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sequenceLogs } from '../../../lambdas/features/transparency/sequencer.ts';
import type { OrganisationId } from '../../../lambdas/http/ids.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anId } from '../../support/store.ts';
import { aHistory, aProcess, expectHeadsInARow, type Fate, playHistory } from './crashes.ts';
import { aLogWorld, expectWhole, type LogWorld, newEvent } from './log-world.ts';

let db: TestDynamoDb;
let world: LogWorld;
beforeAll(async () => {
  db = await startDynamoDb();
  world = await aLogWorld(db);
});
afterEach(() => expectHeadsInARow(world));
afterAll(() => db.stop());

describe('a sequencer that dies', () => {
  /** Three records in the log of an organisation, four that wait. */
  async function begun(): Promise<{ organisation: OrganisationId; ids: string[] }> {
    const [container, organisation] = [world.container(), anId('org')];
    const ids: string[] = [];
    for (let i = 0; i < 7; i++) {
      ids.push((await newEvent(container, organisation)).sk);
      if (i === 2) await sequenceLogs(world.sequencer());
    }
    return { organisation, ids };
  }
  const run = (fateOf: (call: number) => Fate) => {
    const process = aProcess(db.client, world.s3.client as never, fateOf);
    return { process, sequenced: sequenceLogs(world.sequencer(process)) };
  };

  it.each(['dies-before', 'dies-after'] as const)(
    'at any of its calls (%s) leaves a log that the next one finishes',
    async (fate) => {
      await begun();
      const { process, sequenced } = run(() => 'none');
      await sequenced;
      expect(process.calls).toBeGreaterThan(25);

      for (let at = 1; at <= process.calls; at++) {
        const { organisation, ids } = await begun();
        await run((call) => (call === at ? fate : 'none')).sequenced.catch(() => {});
        // The lease of the dead is over.
        world.store.clock = new Date(world.store.clock.getTime() + 10 * 60_000);
        await sequenceLogs(world.sequencer());
        const { rows } = await expectWhole(world, db, organisation);
        const order = rows.toSorted((one, next) => Number(one['leaf']) - Number(next['leaf'])).map((row) => row['sk']);
        expect(order, `${fate} ${at}`).toEqual(ids);
        expect(world.lines.filter(({ metric }) => metric !== 'log-append-failed')).toEqual([]);
      }
    },
  );
});

describe('writers and sequencers that do not wait for each other, and die', () => {
  it('lose no record, log none twice, and sign one log', async () => {
    await fc.assert(
      fc.asyncProperty(aHistory, (history) => playHistory(world, db, history)),
      { numRuns: 8 },
    );
  }, 60_000);
});
