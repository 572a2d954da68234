import * as z from 'zod';
import { type BackupManifest, backupManifestKey, offlineKey, parseBackup } from '../backups/backup.ts';
import { aborted, begun, isSame, isUnderWay, isWaitingForSomebody, Restoration, resumed } from './restoration.ts';
import type { Restorer } from './restorer.ts';
import { nextGeneration } from './retired.ts';
import { retiredIn } from './retiring.ts';
import type { ImportedTable } from './step.ts';

/** What `npm run ops` may say to the worker. */
export const RestoreCommand = z.union([
  z.strictObject({
    command: z.literal('restore'),
    backup: z.iso.date(),
    from: z.enum(['backup', 'offline']),
    areTablesLost: z.boolean(),
  }),
  z.strictObject({ command: z.literal('restore'), pointInTime: z.iso.datetime() }),
  z.strictObject({ command: z.literal('restore-status') }),
  z.strictObject({ command: z.literal('restore-abort') }),
  z.strictObject({ command: z.literal('restore-drill') }),
  /** Goes on without waiting for the next minute. */
  z.strictObject({ command: z.literal('restore-go-on') }),
]);
export type RestoreCommand = z.output<typeof RestoreCommand>;
type Wanted = Extract<RestoreCommand, { command: 'restore' }>;

/** What is answered: what stands now, or why not. Codes, ids, days and counts. */
export type RestoreAnswer =
  | { readonly outcome: 'refused'; readonly reason: string; readonly days?: readonly string[] }
  | {
      readonly outcome: 'begun' | 'under-way' | 'resumed' | 'aborting' | 'status';
      readonly generation: number;
      readonly isOpen: boolean;
      readonly restore?: Restoration;
      readonly drill?: Restoration;
    };

const refused = (reason: string, days?: readonly string[]): RestoreAnswer => ({
  outcome: 'refused',
  reason,
  ...(days && { days }),
});

export async function answerRestoreCommand(
  command: Exclude<RestoreCommand, { command: 'restore-go-on' }>,
  restorer: Restorer,
) {
  if (command.command === 'restore') return beginRestore(command, restorer);
  if (command.command === 'restore-abort') return abortRestore(restorer);
  if (command.command === 'restore-drill') return beginDrill(restorer);
  return standing('status', restorer);
}

async function standing(
  outcome: Exclude<RestoreAnswer['outcome'], 'refused'>,
  { rows }: Restorer,
): Promise<RestoreAnswer> {
  const { gate, documents } = await rows.read();
  const [restore, drill] = (['RESTORE', 'DRILL'] as const).map((name) => {
    const document = documents.get(name);
    return document && Restoration.parse(document.content);
  });
  return { outcome, ...gate, ...(restore && { restore }), ...(drill && { drill }) };
}

/** Begins one; the same command given again goes on with the one under way. Of two operators at once one begins it. */
async function beginRestore(wanted: Wanted, restorer: Restorer): Promise<RestoreAnswer> {
  const point = await ('pointInTime' in wanted
    ? instantPoint(wanted.pointInTime, restorer)
    : backupPoint(wanted, restorer));
  if ('outcome' in point) return point;
  const areTablesLost = 'areTablesLost' in wanted && wanted.areTablesLost;
  if (areTablesLost && (await areAllThere(restorer))) return refused('tables-are-there');
  return begin('restore', { ...point, areTablesLost }, restorer);
}

/** The newest backup, from the copy that nobody can change where it has come that far. */
export async function beginDrill(restorer: Restorer): Promise<RestoreAnswer> {
  for (const from of ['offline', 'backup'] as const) {
    for (const day of (await daysIn(restorer, from)).slice(0, DAYS_TRIED_MAX)) {
      const manifest = await manifestOf(day, from, restorer);
      if (manifest) return begin('drill', { ...pointOf(manifest, from), areTablesLost: false }, restorer);
    }
  }
  return refused('no-backup');
}
/** The newest days may not be whole yet. */
const DAYS_TRIED_MAX = 7;

type Point = Pick<Restoration, 'from' | 'day' | 'tables'>;

async function begin(
  kind: Restoration['kind'],
  point: Point & Pick<Restoration, 'areTablesLost'>,
  restorer: Restorer,
): Promise<RestoreAnswer> {
  const { rows } = restorer;
  const name = kind === 'restore' ? 'RESTORE' : 'DRILL';
  const { gate, documents } = await rows.read();
  const document = documents.get(name);
  const known = document && Restoration.parse(document.content);
  const { generation } = gate;
  const next = nextGeneration(retiredIn(documents.get('RETIRED')), generation);
  const beginning = { ...point, id: restorer.newRestoreId(kind), kind, generation, nextGeneration: next };
  if (!known || !isUnderWay(known)) {
    const isFirst = await rows.swap(name, begun(beginning, restorer.now()), document?.revision);
    return isFirst ? standing('begun', restorer) : refused('somebody-was-faster');
  }
  if (kind === 'drill') return standing('under-way', restorer);
  if (!isSame(known, beginning)) return refused('another-restore-under-way');
  if (!isWaitingForSomebody(known)) return standing('under-way', restorer);
  const isFirst = await rows.swap(name, resumed(known, restorer.now()), document?.revision);
  return isFirst ? standing('resumed', restorer) : refused('somebody-was-faster');
}

async function abortRestore(restorer: Restorer): Promise<RestoreAnswer> {
  const document = (await restorer.rows.read()).documents.get('RESTORE');
  const restoration = document && Restoration.parse(document.content);
  if (!restoration || !isUnderWay(restoration)) return refused('nothing-under-way');
  const after = aborted(restoration, restorer.now());
  if (!after) return refused('already-switching');
  // The lease stays: whoever is in the middle of a step ends it, and finds out; only then the gate opens.
  if (!(await restorer.rows.swap('RESTORE', after, document.revision))) return refused('somebody-was-faster');
  return standing('aborting', restorer);
}

/** The three tables at one instant, if AWS can still bring all of them there. */
async function instantPoint(at: string, { rows, tables }: Restorer): Promise<Point | RestoreAnswer> {
  const { gate } = await rows.read();
  const windows = await Promise.all(tables.imported.map((table) => tables.restorable(table, gate.generation)));
  const instant = new Date(at);
  const isInAll = windows.every((window) => window && window.from <= instant && instant <= window.to);
  if (!isInAll) return refused('instant-not-restorable');
  const table = { exportTime: instant.toISOString() };
  return { from: 'instant', day: at.slice(0, 10), tables: { core: table, activity: table, rights: table } };
}

async function backupPoint(
  { backup: day, from }: Extract<Wanted, { backup: string }>,
  restorer: Restorer,
): Promise<Point | RestoreAnswer> {
  const manifest = await manifestOf(day, from, restorer);
  if (manifest) return pointOf(manifest, from);
  const days = await daysIn(restorer, from);
  const whole = await Promise.all(days.map(async (one) => ((await manifestOf(one, from, restorer)) ? [one] : [])));
  return refused(days.includes(day) ? 'backup-incomplete' : 'no-such-backup', whole.flat());
}

const keyIn = (from: 'backup' | 'offline', key: string) => (from === 'offline' ? offlineKey(key) : key);

async function manifestOf(day: string, from: 'backup' | 'offline', { copies }: Restorer) {
  const written = await copies[from].files.get(keyIn(from, backupManifestKey(day)));
  return written && parseBackup(written);
}

/** Newest first, whole or not. */
const daysIn = async ({ copies }: Restorer, from: 'backup' | 'offline'): Promise<readonly string[]> =>
  [...(await copies[from].folders(keyIn(from, 'daily/')))].sort().reverse();

function pointOf({ day, tables }: BackupManifest, from: 'backup' | 'offline'): Point {
  const table = (name: ImportedTable) => {
    const { exportTime, itemCount, manifestKey } = tables[name];
    const folder = manifestKey.slice(0, manifestKey.lastIndexOf('/') + 1);
    return { exportTime, itemCount, dataPrefix: keyIn(from, `${folder}data/`) };
  };
  return { from, day, tables: { core: table('core'), activity: table('activity'), rights: table('rights') } };
}

/** Whether every table of the active generation is still there. */
async function areAllThere({ rows, tables }: Restorer): Promise<boolean> {
  const { gate } = await rows.read();
  const all = [...tables.imported, ...tables.madeAnew];
  const there = await Promise.all(all.map((table) => tables.exists(table, gate.generation)));
  return there.every((one) => one);
}
