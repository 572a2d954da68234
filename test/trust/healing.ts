import { unpackedBodies } from '../../lambdas/features/transparency/bodies.ts';
import { entryHash, entryOfRow } from '../../lambdas/features/transparency/leaf.ts';
import type { OrganisationId } from '../../lambdas/http/ids.ts';
import { logTable } from '../../lambdas/platform/log-table.ts';
import type { PutOnce } from '../../lambdas/platform/put-once.ts';
import type { TestDynamoDb } from '../support/dynoxide.ts';
import { aTrustWorld, type Row, type TrustWorld } from './world.ts';

/** Runs after a crash by which all must be well. */
const HEALING_RUNS_MAX = 3;

/** At which call the sequencer dies, and whether the call had been carried out: `after` is a timeout that succeeded. */
interface Crash {
  readonly call: number;
  readonly when: 'before' | 'after';
}
class Crashed extends Error {}

/**
 * Lets a sequencer die at each of the calls that it makes to DynamoDB, the buckets and KMS, before the call and after it,
 * and lets the next ones finish: the log must be the same as of a sequencer that never failed, leaf by leaf.
 */
export async function proveHealing(
  db: TestDynamoDb,
  {
    events,
    everyCrash,
  }: {
    /** Of each organisation; more than 256 take more than one batch (append.ts). */
    readonly events: readonly number[];
    readonly everyCrash: number;
  },
  say: (line: string) => void,
) {
  const world = await aTrustWorld(db, events.length, 3);
  const waiting = await written(world, events);
  const failures: string[] = [];

  const { calls, error } = await run(world);
  const expected = await logOf(world);
  if (error) failures.push('A sequencer that nothing befalls fails');
  if (calls === 0) failures.push('No call was counted');
  const all = waiting.flatMap(({ rows }) => rows);
  if (expected.leaves.length !== all.length)
    failures.push(`${expected.leaves.length} of ${all.length} came into the log`);

  let crashes = 0;
  for (let call = 0; call < calls; call += everyCrash) {
    for (const when of ['before', 'after'] as const) {
      await startOver(world, waiting);
      const crashed = await run(world, { call, when });
      if (!crashed.isCrashed) continue;
      crashes += 1;
      for (let n = 0; n < HEALING_RUNS_MAX; n++) await run(world);
      const difference = await differenceOf(expected, world);
      if (difference) failures.push(`A crash ${when} call ${call} of ${calls}: ${difference}`);
    }
  }
  say(`${crashes} crashes at ${calls} calls of a sequencer over ${all.length} events: healed`);
  return { failures, crashes };
}

interface WaitingRows {
  readonly controller: OrganisationId;
  readonly rows: readonly Row[];
}

async function written(world: TrustWorld, events: readonly number[]): Promise<readonly WaitingRows[]> {
  for (const [i, controller] of world.organisationIds.entries()) {
    for (let event = 0; event < events[i]!; event += 3) await world.happened(event % 2, controller, 3);
  }
  return Promise.all(
    world.organisationIds.map(async (controller) => ({ controller, rows: await world.rows(controller) })),
  );
}

/** As if no sequencer had ever come. */
async function startOver(world: TrustWorld, waiting: readonly WaitingRows[]): Promise<void> {
  world.logFiles.files.clear();
  world.offlineFiles.files.clear();
  for (const row of await world.logRows()) await world.remove(row);
  const reset = waiting.flatMap(({ rows }) => rows);
  for (let from = 0; from < reset.length; from += 50) await Promise.all(reset.slice(from, from + 50).map(world.put));
}

/** One run, counted call by call. */
async function run(world: TrustWorld, crash?: Crash) {
  let calls = 0;
  let isCrashed = false;
  let error: unknown;
  async function counted<T>(work: () => Promise<T>): Promise<T> {
    // What is dead does nothing more.
    if (isCrashed) throw new Crashed();
    const isHere = crash?.call === calls++;
    if (!isHere) return work();
    isCrashed = true;
    if (crash?.when === 'after') await work();
    throw new Crashed();
  }
  const putting =
    (put: PutOnce): PutOnce =>
    (...file) =>
      counted(() => put(...file));
  const { client, logFiles, offlineFiles } = world;
  try {
    await world.sequence({
      table: logTable(world.throughClient((command) => counted(() => client.send(command)))),
      logFiles: { get: (key) => counted(() => logFiles.get(key)), putOnce: putting(logFiles.putOnce) },
      offlineFiles: { putOnce: putting(offlineFiles.putOnce) },
    });
  } catch (failure) {
    error = failure;
  }
  return { calls, isCrashed, error };
}

interface LogAsItIs {
  /** `<controller> <leaf> <event id> <hash>`, in order. */
  readonly leaves: readonly string[];
  readonly waiting: number;
  /** By key: tiles, and how far each log has been signed. */
  readonly tiles: ReadonlyMap<string, string>;
  readonly checkpoints: readonly string[];
}

async function logOf(world: TrustWorld): Promise<LogAsItIs> {
  const rows = (await Promise.all(world.organisationIds.map(world.rows))).flat();
  const signed = await Promise.all(world.organisationIds.map(world.signed));
  const files = [...world.logFiles.files, ...world.offlineFiles.files];
  return {
    leaves: rows
      .map((row) => {
        const entry = entryOfRow(row);
        const place = String(row['leaf'] ?? 'none').padStart(12, '0');
        return `${entry.controller} ${place} ${entry.id} ${Buffer.from(entryHash(entry)).toString('hex')}`;
      })
      .sort(),
    waiting: rows.filter((row) => row['unsequenced'] !== undefined).length,
    tiles: new Map(
      files
        .filter(([key]) => key.includes('/tile/') || key.startsWith('activity/'))
        .map(([key, content]) => [key, key.startsWith('activity/') ? bodiesText(content) : base64(content)]),
    ),
    checkpoints: signed.map(
      ({ checkpoint }) => `${checkpoint.controller} ${checkpoint.size} ${Buffer.from(checkpoint.root).toString('hex')}`,
    ),
  };
}

async function differenceOf(expected: LogAsItIs, world: TrustWorld): Promise<string | undefined> {
  const { leaves, waiting, tiles, checkpoints } = await logOf(world);
  if (waiting > 0) return `${waiting} records wait still`;
  if (leaves.join('\n') !== expected.leaves.join('\n')) return 'records stand at other leaves';
  if (checkpoints.join('\n') !== expected.checkpoints.join('\n')) return 'another checkpoint was signed';
  for (const [key, content] of expected.tiles) {
    if (tiles.get(key) !== content) return `${key} is missing or another`;
  }
  const [more] = [...tiles.keys()].filter((key) => !expected.tiles.has(key));
  if (more) return `${more} was written too`;
  const states = (await world.logRows()).filter((row) => row['batch'] !== undefined);
  return states.length > 0 ? 'a batch is under way still' : undefined;
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
/** Which records a file of bodies holds: a map in a record may come back in another order, which its hash does not see. */
const bodiesText = (content: Uint8Array) =>
  unpackedBodies(content)
    .leaves.map(({ hash, entry }) => `${base64(hash)} ${entry?.id}`)
    .join('\n');
