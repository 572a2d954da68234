import { describe, expect, it } from 'vitest';
import { readOpsCommand } from '../../bin/ops.ts';
import { followRestoration, tellStanding } from '../../bin/ops-restore.ts';
import { RestoreCommand } from '../../lambdas/features/restore/operator.ts';
import { afterRun, begun } from '../../lambdas/features/restore/restoration.ts';

const at = (time: string) => new Date(`2026-11-24T${time}Z`);
const table = { exportTime: '2026-11-23T01:15:00.000Z' };
const restore = begun(
  {
    id: 'rst_1',
    kind: 'restore',
    from: 'offline',
    day: '2026-11-23',
    tables: { core: table, activity: table, rights: table },
    areTablesLost: false,
    generation: 1,
    nextGeneration: 2,
  },
  at('07:00:00'),
);
const gate = { outcome: 'status', generation: 1, isOpen: false } as const;

describe('the console of restores', () => {
  it.each([
    [['restore', '--backup', '2026-11-23'], { backup: '2026-11-23', from: 'backup', areTablesLost: false }],
    [
      ['restore', '--backup', '2026-11-23', '--from', 'offline', '--tables-lost'],
      { backup: '2026-11-23', from: 'offline', areTablesLost: true },
    ],
    [['restore', '--point-in-time', '2026-11-23T08:15:00+01:00'], { pointInTime: '2026-11-23T07:15:00.000Z' }],
    [['restore-status'], {}],
    [['restore-abort'], {}],
    [['restore-drill'], {}],
  ])('sends %j as the worker takes it', (args, expected) => {
    const { functionName, event } = readOpsCommand([...args, '--stage', 'prod']);
    expect(functionName).toBe('vern-prod-restore');
    expect(RestoreCommand.parse(event)).toEqual({ command: args[0], ...expected });
  });

  it.each([
    [['restore']],
    [['restore', '--backup', 'yesterday']],
    [['restore', '--backup', '2026-11-23', '--from', 'tape']],
    [['restore', '--backup', '2026-11-23', '--point-in-time', '2026-11-23T07:15:00Z']],
    [['restore', '--point-in-time', 'noon']],
    [['restore', '--point-in-time', '2026-11-23T07:15:00Z', '--tables-lost']],
    [['restore-abort', 'now']],
  ])('refuses %j', (args) => {
    expect(() => readOpsCommand(args)).toThrow();
  });

  it('says which days have a backup when one was named that has none', () => {
    const told: string[] = [];
    const days = ['2026-11-23', '2026-11-22'];
    tellStanding({ outcome: 'refused', reason: 'no-such-backup', days }, (line) => told.push(line));
    expect(told).toEqual(['There is no backup of that day.', 'Whole backups: 2026-11-23, 2026-11-22']);
  });

  it('tells each step once, with its figures and its time, and has the worker go on where nobody is at it', async () => {
    const closed = afterRun(restore, { done: true }, at('07:00:02'));
    const working = { ...closed, lease: { holder: 'run', until: '2026-11-24T07:15:00.000Z' } };
    const over = {
      ...closed,
      done: [...closed.done, { ...closed.done[0]!, step: 'import' as const, figures: { core: 12 } }],
      endedAt: '2026-11-24T07:20:00.000Z',
      outcome: 'restored' as const,
    };
    const answers = [closed, working, over].map((one) => ({ ...gate, restore: one }));
    const told: string[] = [];
    let nudges = 0;
    const isGood = await followRestoration(
      { kind: 'restore', outcome: 'restored' },
      {
        ask: async () => answers.shift()!,
        goOn: async () => {
          nudges++;
        },
        tell: (line) => told.push(line),
        pause: async () => undefined,
      },
    );
    expect(isGood).toBe(true);
    expect(nudges).toBe(1);
    expect(told.map((line) => line.replaceAll(/ +/g, ' '))).toEqual([
      '07:00:02 close-gate (2 s)',
      '07:00:02 import core 12 (2 s)',
      'It is over: restored.',
    ]);
  });

  it('ends where a restore waits for somebody, and says what for', async () => {
    const stopped = { ...restore, stopped: { code: 'ledger-broken', detail: { controller: 'org_1' } } };
    const told: string[] = [];
    const isGood = await followRestoration(
      { kind: 'restore', outcome: 'restored' },
      {
        ask: async () => ({ ...gate, restore: stopped }),
        goOn: () => Promise.reject(new Error('Nobody is asked to go on')),
        tell: (line) => told.push(line),
      },
    );
    expect(isGood).toBe(false);
    expect(told[0]).toBe('STOPPED at close-gate: ledger-broken {"controller":"org_1"}');
  });
});
