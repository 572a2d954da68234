import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDynamoDb, type TestDynamoDb } from '../support/dynoxide.ts';
import { type Loss, playLoss } from './prove-restore.ts';
import type { Happening } from './prove-restore-history.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());

const happens = (...what: Happening['what'][]): Happening[] =>
  what.map((each) => ({ what: each, who: 0, afterSeconds: 60 }));

/** Two families come before; nearly everything happens to the first guardian. The backup is made before any right is exercised. */
const loss: Loss = {
  happenings: [
    ...happens('consent-is-given', 'note-is-written', 'address-changes', 'hold-is-put', 'hold-is-lifted'),
    ...happens('consent-is-withdrawn', 'objection', 'rectification', 'photo-is-shredded', 'worker-finishes'),
    ...happens('consent-is-given', 'restriction'),
    // Of the other family's guardian.
    { what: 'erasure-is-asked', who: 2, afterSeconds: 60 },
    ...happens('worker-finishes'),
  ],
  backupAt: 0.4,
  torn: { core: -1, activity: -3, rights: 2 },
  looksPerRun: 2,
  afterwards: [],
};

describe('ALL-04 a restore from a backup of before all rights were exercised', () => {
  it('has them all as in the tables that were never lost', async () => {
    const { differences, compared, figures } = await playLoss(db, loss, { restores: 1 });
    expect(differences).toEqual([]);
    expect(compared).toBeGreaterThan(40);
    expect(figures).toMatchObject({ rectified: 1, broken: 0, doubtfulValues: 0 });
    expect(figures['rowsRemoved']).toBeGreaterThan(5);
  });

  it.each(['replay-ledger', 'rebuild-lookup'])('is seen not to when %s is left out', async (step) => {
    const { differences } = await playLoss(db, loss, { restores: 1, without: [step] }).catch((error: Error) => ({
      differences: [error],
    }));
    expect(differences.length).toBeGreaterThan(0);
  });
});
