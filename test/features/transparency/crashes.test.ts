import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, it } from 'vitest';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aHistory, dieAtEveryCall, expectHeadsInARow, playHistory } from './crashes.ts';
import { aLogWorld, type LogWorld } from './log-world.ts';

let db: TestDynamoDb;
let world: LogWorld;
beforeAll(async () => {
  db = await startDynamoDb();
  world = await aLogWorld(db);
});
afterEach(() => expectHeadsInARow(world));
afterAll(() => db.stop());

describe('a sequencer that dies', () => {
  it('after what any of its calls has done leaves a log that the next one finishes', () =>
    dieAtEveryCall(world, db, 'dies-after'));
});

describe('writers and sequencers that do not wait for each other, and die', () => {
  it('lose no record, log none twice, and sign one log', async () => {
    await fc.assert(
      fc.asyncProperty(aHistory, (history) => playHistory(world, db, history)),
      { numRuns: 8 },
    );
  }, 60_000);
});
