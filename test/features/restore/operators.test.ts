import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aRestoredWorld, begin, coreOfMonday, MONDAY, organisation, restoreOf, untilEnded } from './acting.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
const aWorldWithBackup = () => aRestoredWorld(db);

describe('an operator', () => {
  it('who names a day without a backup is told the days that have one, and nothing is closed', async () => {
    const world = await aWorldWithBackup();
    world.aBackup('2026-11-21');
    const refusal = { outcome: 'refused', reason: 'no-such-backup', days: [MONDAY, '2026-11-21'] };
    expect(await begin(world, { backup: '2026-11-22' })).toEqual(refusal);
    await world.minute();
    expect((await world.read()).gate).toEqual({ generation: 1, isOpen: true });
    expect(await restoreOf(world)).toBeUndefined();
  });

  it('who names a backup that is not whole is refused', async () => {
    const world = await aWorldWithBackup();
    world.files.set('backup/daily/2026-11-24/core/AWSDynamoDB/01-a/manifest-summary.json', '{}');
    const answer = await begin(world, { backup: '2026-11-24' });
    expect(answer).toMatchObject({ outcome: 'refused', reason: 'backup-incomplete', days: [MONDAY] });
  });

  it('and another at the same moment begin one restore', async () => {
    const world = await aWorldWithBackup();
    const both = Promise.withResolvers<void>();
    let ready = 0;
    // Neither writes before both have read that nothing is under way.
    const atOnce = () => {
      const restorer = world.restorer();
      const swap: typeof restorer.rows.swap = async (...args) => {
        if (++ready === 2) both.resolve();
        await both.promise;
        return restorer.rows.swap(...args);
      };
      return { ...restorer, rows: { ...restorer.rows, swap } };
    };
    const answers = await Promise.all([begin(world, {}, atOnce()), begin(world, {}, atOnce())]);
    expect(answers.map(({ outcome }) => outcome).sort()).toEqual(['begun', 'refused']);
    expect(answers).toContainEqual({ outcome: 'refused', reason: 'somebody-was-faster' });
  });

  it('who gives the same command again is shown the one under way; with another backup, refused', async () => {
    const world = await aWorldWithBackup();
    world.aBackup('2026-11-21');
    await begin(world);
    await world.minute();
    expect(await begin(world)).toMatchObject({ outcome: 'under-way', isOpen: false });
    const other = await begin(world, { backup: '2026-11-21' });
    expect(other).toMatchObject({ outcome: 'refused', reason: 'another-restore-under-way' });
  });

  it('may not say that tables are lost while all of them are there', async () => {
    const world = await aWorldWithBackup();
    const answer = await begin(world, { areTablesLost: true });
    expect(answer).toMatchObject({ outcome: 'refused', reason: 'tables-are-there' });
  });

  it('waits two minutes and not sixteen when there is nothing left to be written to', async () => {
    const world = await aWorldWithBackup();
    for (const table of ['core', 'activity', 'rights', 'lookup', 'transient'] as const) await world.loseTable(table);
    await begin(world, { areTablesLost: true });
    for (let minute = 0; minute < 4; minute++) await world.minute();
    expect((await restoreOf(world))?.step).not.toBe('drain');
    expect(await untilEnded(world)).toMatchObject({ outcome: 'restored' });
  });

  it('waits in full while one of the lost tables’ neighbours can still be written to', async () => {
    const world = await aWorldWithBackup();
    await world.loseTable('core');
    await begin(world, { areTablesLost: true });
    for (let minute = 0; minute < 16; minute++) await world.minute();
    expect((await restoreOf(world))?.step).toBe('drain');
    expect(await untilEnded(world)).toMatchObject({ outcome: 'restored' });
  });

  it('who aborts before the switch opens the old tables again, and nothing half-made is left', async () => {
    const world = await aWorldWithBackup();
    world.replay['replay-ledger'] = async () => ({ done: false });
    await begin(world);
    for (let minute = 0; minute < 30; minute++) await world.minute();
    expect(world.tableNames()).toContain(world.physical('core', 2));
    expect(await begin(world, { command: 'restore-abort' })).toMatchObject({ outcome: 'aborting' });
    expect(await untilEnded(world)).toMatchObject({ outcome: 'aborted' });
    expect((await world.read()).gate).toEqual({ generation: 1, isOpen: true });
    for (let minute = 0; minute < 10; minute++) await world.minute();
    expect(world.tableNames().filter((name) => name.endsWith('-g2'))).toEqual([]);
    expect(world.tableNames()).toContain(world.physical('core', 1));
  });

  it('who aborts while a run is in the middle of a step has the gate opened only after that run', async () => {
    const world = await aWorldWithBackup();
    let gateDuringStep: boolean | undefined;
    world.replay['replay-ledger'] = async () => {
      await begin(world, { command: 'restore-abort' });
      await world.minute();
      gateDuringStep = (await world.read()).gate.isOpen;
      return { done: true };
    };
    await begin(world);
    expect(await untilEnded(world)).toMatchObject({ outcome: 'aborted' });
    expect(gateDuringStep).toBe(false);
    expect((await world.read()).gate).toEqual({ generation: 1, isOpen: true });
  });

  it('can begin anew after an abort, on tables that no earlier attempt made', async () => {
    const world = await aWorldWithBackup();
    world.replay['replay-ledger'] = async () => ({ done: false });
    await begin(world);
    for (let minute = 0; minute < 30; minute++) await world.minute();
    await begin(world, { command: 'restore-abort' });
    await world.minute();
    world.replay['replay-ledger'] = async () => ({ done: true });
    expect(await begin(world)).toMatchObject({ outcome: 'begun' });
    expect(await untilEnded(world)).toMatchObject({ outcome: 'restored', nextGeneration: 3 });
  });

  it('has nothing to abort where nothing is under way', async () => {
    const world = await aWorldWithBackup();
    expect(await begin(world, { command: 'restore-abort' })).toMatchObject({ reason: 'nothing-under-way' });
  });

  it('goes back to an instant by AWS’s own recovery, and to none outside its window', async () => {
    const world = await aWorldWithBackup();
    await world.put('core', 1, coreOfMonday[0]!);
    const tooEarly = { command: 'restore', pointInTime: '2026-10-01T07:00:00Z' } as const;
    expect(await begin(world, tooEarly)).toMatchObject({ reason: 'instant-not-restorable' });
    await begin(world, { command: 'restore', pointInTime: '2026-11-22T07:00:00Z' });
    expect(await untilEnded(world)).toMatchObject({ outcome: 'restored', from: 'instant', day: '2026-11-22' });
    expect(await world.get('core', 2, 'ORGANISATIONS', organisation)).toBeDefined();
    expect(world.settingsOf(world.physical('core', 2))).toMatchObject({ recoveryDays: 35, isProtected: true });
  });
});
