import {
  answerRestoreCommand,
  type RestoreAnswer,
  type RestoreCommand,
} from '../../../lambdas/features/restore/operator.ts';
import type { Restoration } from '../../../lambdas/features/restore/restoration.ts';
import { restorationIn } from '../../../lambdas/features/restore/run.ts';
import type { TestDynamoDb } from '../../support/dynoxide.ts';
import { aWorld, type Fault } from './world.ts';

export type World = Awaited<ReturnType<typeof aWorld>>;
export const MONDAY = '2026-11-23';
export const organisation = `org_${'1'.repeat(26)}`;
export const coreOfMonday = [{ pk: { S: 'ORGANISATIONS' }, sk: { S: organisation }, timeZone: { S: 'Europe/Oslo' } }];
const MINUTES_MAX = 60;

const commandOfMonday = { command: 'restore', backup: MONDAY, from: 'backup', areTablesLost: false } as const;
type Asked = Exclude<RestoreCommand, { command: 'restore-go-on' }>;

/** An operator's word; by default to restore Monday's backup. */
export const begin = (
  world: World,
  command: Partial<Asked> = {},
  restorer = world.restorer(),
): Promise<RestoreAnswer> => {
  const isRestoreOfDay = (command.command ?? 'restore') === 'restore' && !('pointInTime' in command);
  return answerRestoreCommand((isRestoreOfDay ? { ...commandOfMonday, ...command } : command) as Asked, restorer);
};

const documentOf = async (world: World, name: 'RESTORE' | 'DRILL') =>
  restorationIn((await world.read()).documents.get(name)?.content);
export const restoreOf = (world: World) => documentOf(world, 'RESTORE');
export const drillOf = (world: World) => documentOf(world, 'DRILL');

export async function untilEnded(world: World, of = restoreOf): Promise<Restoration> {
  for (let minute = 0; minute < MINUTES_MAX; minute++) {
    await world.minute();
    const restoration = await of(world);
    if (restoration?.endedAt !== undefined) return restoration;
    if (restoration?.step === 'drain') world.pass(15);
  }
  throw new Error(`Not at its end: ${JSON.stringify(await of(world))} ${JSON.stringify(world.log)}`);
}

/** With Monday's backup, which holds one organisation. */
export async function aRestoredWorld(db: TestDynamoDb, faultAt?: (call: number) => Fault): Promise<World> {
  const world = await aWorld(db, faultAt);
  world.aBackup(MONDAY, coreOfMonday);
  return world;
}
