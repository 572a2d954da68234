import fc from 'fast-check';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aHistory, dieAtEveryCall, expectHeadsInARow, playHistory } from './crashes.ts';
import { aLogWorld, type LogWorld } from './log-world.ts';

let db: TestDynamoDb;
let world: LogWorld;
beforeAll(async () => {
  db = await startDynamoDb();
  world = await aLogWorld(db);
});
afterAll(() => db.stop());

describe('three hundred histories of writers and sequencers that die', () => {
  it('lose no record, log none twice, and sign one log', async () => {
    await fc.assert(
      fc.asyncProperty(aHistory, (history) => playHistory(world, db, history)),
      { numRuns: 300 },
    );
    await expectHeadsInARow(world);
  }, 1_800_000);
});

describe('a sequencer that dies', () => {
  it(
    'before any of its calls leaves a log that the next one finishes',
    () => dieAtEveryCall(world, db, 'dies-before'),
    120_000,
  );
});
