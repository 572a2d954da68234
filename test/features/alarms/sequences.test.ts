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
  it('SM-03: none is lost, nobody is told twice, and one answers (a few sequences; a thousand by VERN_TESTS=slow)', async () => {
    await playSequences(await aStore(db.client, await db.createTables(), ['operator']), 12);
  }, 60_000);
});
