import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDynamoDb, type TestDynamoDb } from '../support/dynoxide.ts';
import { type Loss, type Proof, playLoss } from './prove-restore.ts';
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

const service = (what: Happening['what'], who = 0): Happening => ({ what, who, afterSeconds: 60 });

/** Work, help, safety and programs: all of it is in the backup, and then it is taken back, ends or runs out. */
const takenBack: Loss = {
  happenings: [
    ...[0, 1].flatMap((who) => happens('employee-comes').map((each) => ({ ...each, who }))),
    service('hours-are-approved', 0),
    service('site-is-opened'),
    ...[0, 1, 2].map((who) => service('chat-begins', who)),
    ...[0, 1].map((who) => service('ticket-is-opened', who)),
    ...happens('thread-is-written', 'photo-is-shared', 'device-is-registered'),
    service('device-is-registered', 1),
    ...happens('webhook-is-made', 'webhook-is-made', 'webhook-is-made', 'invoice-is-issued'),
    ...[0, 2].map((who) => service('program-is-made', who)),
    ...happens('sequencer-runs', 'worker-looks', 'worker-looks', 'worker-looks', 'worker-looks'),
    ...[0, 1].map((who) => service('chat-is-erased', who)),
    // A device, a geofence, and both who receive: one of these is given back.
    ...[0, 1, 2, 5].map((who) => service('safety-is-taken-back', who)),
    service('device-is-registered', 1),
    // One stays off, one is on again, one is gone.
    ...[0, 1, 1].map((who) => service('webhook-is-turned', who)),
    service('webhook-is-ended', 2),
    ...happens('photo-is-removed', 'program-is-renewed', 'role-is-ended', 'block-is-put'),
    service('program-is-ended', 1),
    ...[0, 1, 2, 3, 4].map((who) => service('term-runs-out', who)),
    ...happens('clocks-tick', 'worker-finishes', 'clocks-tick'),
  ],
  backupAt: 0.5,
  torn: { core: 0, activity: -2, rights: 1 },
  looksPerRun: 3,
  afterwards: [],
};

describe('ALL-04 a restore from a backup of before all rights were exercised', () => {
  let proof: Proof;
  beforeAll(async () => {
    proof = await playLoss(db, loss, { restores: 1, without: [['replay-ledger'], ['rebuild-lookup']] });
  });

  it('has them all as in the tables that were never lost', () => {
    const { differences, compared, figures } = proof;
    expect(differences).toEqual([]);
    expect(compared).toBeGreaterThan(40);
    expect(figures).toMatchObject({ rectified: 1, broken: 0, doubtfulValues: 0 });
    expect(figures['rowsRemoved']).toBeGreaterThan(5);
  });

  it.each(['replay-ledger', 'rebuild-lookup'])('is seen not to when %s is left out', (step) => {
    expect(proof.without[['replay-ledger', 'rebuild-lookup'].indexOf(step)]).not.toEqual([]);
  });
});

describe('ALL-04 a restore from a backup of before people took things back, and before terms ended', () => {
  let proof: Proof;
  beforeAll(async () => {
    proof = await playLoss(db, takenBack, { restores: 1, without: [['replay-removals', 'integrity-check']] });
  });

  it('has none of it again, record by record', () => {
    const { differences, figures } = proof;
    expect(differences).toEqual([]);
    expect(figures).toMatchObject({ broken: 0, accessEnded: 5 });
    expect(figures['thingsGone']).toBeGreaterThan(15);
  });

  const kinds = ['chat', 'ticket', 'correction', 'photo', 'safety-device', 'geofence', 'receiver', 'webhook'];
  it.each([...kinds, 'service-client', 'timesheet', 'site'])('is seen to have a %s again when nobody looks', (kind) => {
    expect(proof.without[0]).toContainEqual(expect.stringMatching(`^${kind} `));
  });

  const doors = [
    'secrets that are valid again',
    'roles that are held again',
    'kept from',
    'linked all the same',
    'sends again',
  ];
  it.each(doors)('is seen to open doors when nobody looks: %s', (door) => {
    expect(proof.without[0]).toContainEqual(expect.stringContaining(door));
  });
});
