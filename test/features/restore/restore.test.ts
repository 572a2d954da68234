import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RestoreRefused } from '../../../lambdas/features/restore/step.ts';
import { type TableDeclaration, tables } from '../../../lambdas/platform/tables.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anId } from '../../support/store.ts';
import { aRestoredWorld, begin, coreOfMonday, drillOf, MONDAY, organisation, restoreOf, untilEnded } from './acting.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());
const aWorldWithBackup = () => aRestoredWorld(db);

describe('a restore', () => {
  it('brings the day back in the next generation, and only then opens', async () => {
    const world = await aWorldWithBackup();
    expect(await begin(world)).toMatchObject({ outcome: 'begun', isOpen: true });
    await world.minute();
    expect((await world.read()).gate).toEqual({ generation: 1, isOpen: false });
    expect(await untilEnded(world)).toMatchObject({ outcome: 'restored', nextGeneration: 2 });
    expect((await world.read()).gate).toEqual({ generation: 2, isOpen: true });
    expect(await world.get('core', 2, 'ORGANISATIONS', organisation)).toEqual(coreOfMonday[0]);
  });

  it('waits until whatever was let in has come to its end: Lambda’s longest run, begun while the gate was believed open', async () => {
    const world = await aWorldWithBackup();
    await begin(world);
    for (let minute = 0; minute < 16; minute++) await world.minute();
    expect(await restoreOf(world)).toMatchObject({ step: 'drain' });
    expect(world.tableNames()).not.toContain(world.physical('core', 2));
    await world.minute();
    await world.minute();
    expect((await restoreOf(world))?.step).not.toBe('drain');
  });

  it('gives the new tables every setting that is declared, and the tags of the old', async () => {
    const world = await aWorldWithBackup();
    await begin(world);
    await untilEnded(world);
    for (const [name, declared] of Object.entries<TableDeclaration>(tables)) {
      if (declared.afterRestore === 'kept') continue;
      const settings = world.settingsOf(world.physical(name, 2));
      expect(settings, name).toMatchObject({ isProtected: true });
      expect(settings?.timeToLive, name).toBe(declared.timeToLive);
      expect(settings?.stream, name).toBe(declared.stream);
      expect(settings?.recoveryDays, name).toBe(declared.pointInTimeRecoveryDays);
      expect([...settings!.tags], name).toEqual([['vern:stage', 'dev']]);
    }
  });

  it('lets whoever heard of the old tables hear of the new, by the same settings, and of nothing that was replayed', async () => {
    const world = await aWorldWithBackup();
    let heardDuringReplay = 0;
    world.replay['integrity-check'] = async () => {
      heardDuringReplay += world.mappingsOf(world.physical('rights', 2)).length;
      heardDuringReplay += world.settingsOf(world.physical('rights', 2))?.stream === undefined ? 0 : 1;
      return { done: true };
    };
    // Lambda may have turned off what heard of a table that is gone.
    for (const mapping of world.mappingsOf(world.physical('rights', 1))) mapping.State = 'Disabled';
    await begin(world);
    await untilEnded(world);
    expect(heardDuringReplay).toBe(0);
    const heard = (name: string, generation: number) =>
      world.mappingsOf(world.physical(name, generation)).map(({ FunctionArn, BatchSize }) => [FunctionArn, BatchSize]);
    expect(heard('transient', 2)).toEqual([
      ['arn:outbox', 100],
      ['arn:erasure', 50],
    ]);
    expect(heard('rights', 2)).toEqual([['arn:copy', 100]]);
    expect(world.mappingsOf(world.physical('rights', 2))).toMatchObject([{ Enabled: true }]);
    expect(world.mappingsOf(world.physical('keys'))).toHaveLength(1);
  });

  it('stands in the log of the operator and of every organisation, once', async () => {
    const world = await aWorldWithBackup();
    await begin(world);
    await untilEnded(world);
    const told = async (pk: string) => (await world.partition('activity', 2, pk)).map((row) => row['event']?.S);
    expect(await told(`operator#org_${'0'.repeat(26)}`)).toEqual(['service.restored']);
    expect(await told(`${organisation}#${organisation}`)).toEqual(['service.restored']);
    const [record] = await world.partition('activity', 2, `${organisation}#${organisation}`);
    expect(record?.['detail']?.M).toMatchObject({ day: { S: MONDAY }, restoredTo: { S: `${MONDAY}T01:15:00.000Z` } });
  });

  it('reads the copy that nobody can change, where that is wanted', async () => {
    const world = await aWorldWithBackup();
    world.aBackup('2026-11-22', coreOfMonday, ['offline']);
    await begin(world, { from: 'offline', backup: '2026-11-22' });
    expect(await untilEnded(world)).toMatchObject({ outcome: 'restored', from: 'offline' });
    expect(await world.get('core', 2, 'ORGANISATIONS', organisation)).toBeDefined();
  });

  it('ALL-04: brings back the files that its records lead to, and none of what was erased since', async () => {
    const [org, here, kept, erased] = [anId('org'), anId('fil'), anId('fil'), anId('fil')];
    const home = (fileId: string) => ({ pk: { S: `${org}#${fileId}` }, sk: { S: 'HOME' }, kind: { S: 'document' } });
    const world = await aWorldWithBackup();
    world.aBackup('2026-11-22', [...coreOfMonday, home(here), home(kept)], ['offline']);
    for (const id of [kept, erased]) world.files.set(`offline/copies/files/${org}/${id}`, `copy of ${id}`);
    world.files.set(`uploaded/${org}/${here}`, 'never lost');
    await begin(world, { from: 'offline', backup: '2026-11-22' });
    expect(await untilEnded(world)).toMatchObject({ outcome: 'restored' });
    const there = [...world.files].filter(([key]) => key.startsWith('uploaded/'));
    expect(Object.fromEntries(there)).toEqual({
      [`uploaded/${org}/${here}`]: 'never lost',
      [`uploaded/${org}/${kept}`]: `copy of ${kept}`,
    });
  });

  it('of a backup whose files hold less than it says stops, with the gate closed', async () => {
    const world = await aWorldWithBackup();
    world.loseData();
    await begin(world);
    for (let minute = 0; minute < 30; minute++) await world.minute();
    const stopped = { code: 'items-missing', detail: { table: 'core', expected: 1, imported: 0 } };
    expect(await restoreOf(world)).toMatchObject({ step: 'import', stopped });
    expect((await world.read()).gate.isOpen).toBe(false);
    expect(world.log).toContainEqual(expect.objectContaining({ metric: 'restore-refused', code: 'items-missing' }));
  });

  it('that a check refuses stays closed until the same command is given again, and then lays the rights over once more', async () => {
    const world = await aWorldWithBackup();
    let [refuses, overlays] = [true, 0];
    world.replay['overlay-rights'] = async () => ({ done: true, figures: { overlays: ++overlays } });
    world.replay['integrity-check'] = async () => {
      if (refuses) throw new RestoreRefused('sealed-rows-broken', { rows: 3 });
      return { done: true };
    };
    await begin(world);
    for (let minute = 0; minute < 30; minute++) await world.minute();
    expect(await restoreOf(world)).toMatchObject({ stopped: { code: 'sealed-rows-broken', detail: { rows: 3 } } });
    expect((await world.read()).gate.isOpen).toBe(false);
    refuses = false;
    expect(await begin(world)).toMatchObject({ outcome: 'resumed' });
    expect(await untilEnded(world)).toMatchObject({ outcome: 'restored' });
    expect(overlays).toBe(2);
  });

  it('says aloud that a step keeps failing, and is healed by the first run that does not', async () => {
    const world = await aWorldWithBackup();
    let failures = 5;
    world.replay['replay-ledger'] = async () => {
      if (failures-- > 0) throw new Error('not yet');
      return { done: true };
    };
    await begin(world);
    expect(await untilEnded(world)).toMatchObject({ outcome: 'restored' });
    expect(world.log.filter(({ metric }) => metric === 'restore-failing')).toHaveLength(3);
  });

  it('goes on from the cursor of a step that ran out of time', async () => {
    const world = await aWorldWithBackup();
    const seen: (string | undefined)[] = [];
    world.replay['rebuild-lookup'] = async ({ cursor }) => {
      seen.push(cursor);
      return seen.length < 4
        ? { done: false, cursor: `after-${seen.length}`, figures: { claims: 10 } }
        : { done: true, figures: { claims: 1 } };
    };
    await begin(world);
    const { done } = await untilEnded(world);
    expect(seen).toEqual([undefined, 'after-1', 'after-2', 'after-3']);
    expect(done.find(({ step }) => step === 'rebuild-lookup')?.figures).toEqual({ claims: 31 });
  });

  it('is done three times in a row, each on the generation before', async () => {
    const world = await aWorldWithBackup();
    for (const generation of [2, 3, 4]) {
      await begin(world);
      expect(await untilEnded(world)).toMatchObject({ outcome: 'restored', nextGeneration: generation });
      expect((await world.read()).gate).toEqual({ generation, isOpen: true });
    }
  });
});

describe('the old generation', () => {
  it('is there for seven days after the switch, and then goes without leaving a backup of AWS’s own', async () => {
    const world = await aWorldWithBackup();
    await begin(world);
    await untilEnded(world);
    world.pass(7 * 24 * 60 - 60);
    for (let minute = 0; minute < 10; minute++) await world.minute();
    expect(world.tableNames()).toContain(world.physical('core', 1));
    world.pass(60);
    for (let minute = 0; minute < 10; minute++) await world.minute();
    const left = world.tableNames().filter((name) => name.endsWith('-g1'));
    expect(left).toEqual([]);
    expect(world.mappingsOf(world.physical('transient', 1))).toEqual([]);
    expect(world.backupsOfAws).toEqual([]);
    expect(world.tableNames()).toEqual(expect.arrayContaining(['keys', 'mirror'].map((name) => world.physical(name))));
    expect((await world.read()).gate).toEqual({ generation: 2, isOpen: true });
  });
});

describe('a drill', () => {
  it('restores the newest backup beside the service, reports, and leaves nothing behind', async () => {
    const world = await aWorldWithBackup();
    await begin(world, { command: 'restore-drill' });
    const drill = await untilEnded(world, drillOf);
    expect(drill).toMatchObject({ outcome: 'passed', day: MONDAY });
    expect((await world.read()).gate).toEqual({ generation: 1, isOpen: true });
    expect(world.tableNames().filter((name) => name.endsWith('-drill'))).toEqual([]);
    const [report] = await world.partition('core', 1, 'operator#DRILLS');
    expect(report).toMatchObject({ outcome: { S: 'passed' }, day: { S: MONDAY }, items: { N: '1' } });
  });

  it('that fails says so, reports, and leaves nothing behind', async () => {
    const world = await aWorldWithBackup();
    world.replay['integrity-check'] = async () => {
      throw new RestoreRefused('sealed-rows-broken', { rows: 3 });
    };
    await begin(world, { command: 'restore-drill' });
    expect(await untilEnded(world, drillOf)).toMatchObject({ outcome: 'failed' });
    expect(world.log).toContainEqual(expect.objectContaining({ metric: 'drill-failed', code: 'sealed-rows-broken' }));
    expect(world.tableNames().filter((name) => name.endsWith('-drill'))).toEqual([]);
  });

  it('that keeps failing is over', async () => {
    const world = await aWorldWithBackup();
    world.replay['replay-ledger'] = async () => {
      throw new Error('not yet');
    };
    await begin(world, { command: 'restore-drill' });
    expect(await untilEnded(world, drillOf)).toMatchObject({ outcome: 'failed', stopped: { code: 'keeps-failing' } });
  });

  it('begins by itself once a month, and stands back while a restore is under way', async () => {
    const world = await aWorldWithBackup();
    await world.minute();
    expect(await untilEnded(world, drillOf)).toMatchObject({ outcome: 'passed' });
    const first = (await drillOf(world))?.id;
    for (let minute = 0; minute < 3; minute++) await world.minute();
    expect((await drillOf(world))?.id).toBe(first);
    world.pass(30 * 24 * 60);
    await begin(world);
    await world.minute();
    expect((await drillOf(world))?.id).toBe(first);
    await untilEnded(world);
    await world.minute();
    expect((await drillOf(world))?.id).not.toBe(first);
  });
});
