import { afterAll, beforeAll, describe, it } from 'vitest';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aStore } from '../../support/store.ts';
import { playSequences } from './sequences.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());

describe('alarms, whatever happens in whatever order', () => {
  it('SM-03: of 1,000 random sequences none loses an alarm, tells anybody twice, or has two who answered', async () => {
    await playSequences(await aStore(db.client, await db.createTables(), ['operator']), 1_000);
  }, 3_600_000);
});
