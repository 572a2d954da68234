import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerRestoreCommand } from '../../../lambdas/features/restore/operator.ts';
import { restorationIn } from '../../../lambdas/features/restore/run.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { aWorld, type Fault } from './world.ts';

let db: TestDynamoDb;
beforeAll(async () => {
  db = await startDynamoDb();
});
afterAll(() => db.stop());

type World = Awaited<ReturnType<typeof aWorld>>;
const organisation = `org_${'1'.repeat(26)}`;
const coreOfMonday = [{ pk: { S: 'ORGANISATIONS' }, sk: { S: organisation }, timeZone: { S: 'Europe/Oslo' } }];
const monday = { command: 'restore', backup: '2026-11-23', from: 'backup', areTablesLost: false } as const;
const MINUTES_MAX = 60;

const begin = (world: World, command: Parameters<typeof answerRestoreCommand>[0] = monday) =>
  answerRestoreCommand(command, world.restorer());
const restoreOf = async (world: World) => restorationIn((await world.read()).documents.get('RESTORE')?.content);

async function untilEnded(world: World, minutesMax = MINUTES_MAX) {
  for (let minute = 0; minute < minutesMax; minute++) {
    await world.minute();
    const restore = await restoreOf(world);
    if (restore?.endedAt !== undefined) return restore;
  }
  throw new Error(`Not at its end: ${JSON.stringify(await restoreOf(world))} ${JSON.stringify(world.log)}`);
}

async function aRestoredWorld(faultAt?: (call: number) => Fault) {
  const world = await aWorld(db, faultAt);
  world.aBackup('2026-11-23', coreOfMonday);
  return world;
}

describe('a restore', () => {
  it('brings the day back in the next generation, and only then opens', async () => {
    const world = await aRestoredWorld();
    expect(await begin(world)).toMatchObject({ outcome: 'begun', isOpen: true });
    await world.minute();
    expect((await world.read()).gate).toEqual({ generation: 1, isOpen: false });
    expect(await untilEnded(world)).toMatchObject({ outcome: 'restored', nextGeneration: 2 });
    expect((await world.read()).gate).toEqual({ generation: 2, isOpen: true });
    expect(await world.get('core', 2, 'ORGANISATIONS', organisation)).toEqual(coreOfMonday[0]);
  });
});
