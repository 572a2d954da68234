import type { PersonId } from '../../http/ids.ts';
import { childIdentity } from '../people/identity.ts';
import { changesOf } from './changes.ts';
import { type ImportRecord, ROWS_PER_CHUNK, type StoredRow, uploadKey } from './import.ts';
import type { ReadRow } from './import-row.ts';
import { FILE_BYTES_MAX, GROUPS_MAX } from './limits.ts';
import { planRow, type RowPlan } from './plan.ts';
import { findPossiblySame } from './possibly-same.ts';
import { learnAbout, readGroups } from './read-world.ts';
import { readRegister } from './register.ts';
import { CHUNKS_PER_TRANSACTION, chunkRefs, expiryFrom } from './store.ts';
import {
  findImport,
  type Importer,
  type Place,
  type Progress,
  progressOf,
  todayOf,
  unlessTakenOver,
} from './worker.ts';
import { newWorld, type World } from './world.ts';

/** Rows between two reports of progress. */
const SLICE_ROWS = 250;

/**
 * The dry run: reads an uploaded register, plans every row and writes nothing but the plan. The file is removed whatever
 * it was; what was read of it is sealed. Done again (events come twice), it changes nothing once the plan is ready.
 */
export async function readUpload(place: Place, importer: Importer): Promise<void> {
  const key = uploadKey(place.organisationId, place.importId);
  const stored = await findImport(place, importer.openCall().records);
  if (stored?.value.state === 'awaiting-upload' || stored?.value.state === 'reading') {
    const bytes = await importer.files.read(key, FILE_BYTES_MAX);
    const progress = progressOf(stored, importer.openCall);
    if (bytes !== undefined) await unlessTakenOver(() => readBytes(bytes, place, progress, importer));
    else if (stored.value.state === 'reading') await unlessTakenOver(() => giveUp(progress));
  }
  await importer.files.remove(key);
}

/** The quarantine keeps a file for a day: one that nobody could read by then has to be uploaded again. */
const giveUp = (progress: Progress) =>
  progress.save({ state: 'failed', fileErrors: [{ code: 'file-gone' }] }, 'import.failed');

async function readBytes(
  bytes: Uint8Array | 'too-large',
  place: Place,
  progress: Progress,
  importer: Importer,
): Promise<void> {
  const today = await todayOf(place.organisationId, importer.openCall());
  const read =
    bytes === 'too-large'
      ? { errors: [{ code: 'file-too-large' as const }] }
      : readRegister(progress.record.kind, bytes, today);
  if ('errors' in read) {
    await progress.save({ state: 'failed', fileErrors: [...read.errors] }, 'import.failed');
    return;
  }
  await progress.save({ state: 'reading', rowsTotal: read.rows.length, rowsDone: 0 }, 'import.read');
  const world = newWorld(today);
  const newGroups = await nameGroups(read.rows, world, place, importer);
  if (!newGroups) {
    await progress.save({ state: 'failed', fileErrors: [{ code: 'groups-too-many' }] }, 'import.failed');
    return;
  }
  const rows = await planAll(read.rows, world, place, progress, importer);
  await storeRows(rows, place, importer);
  await progress.save({ state: 'ready', rowsDone: rows.length, newGroups, ...countsOf(rows) }, 'import.planned');
}

/** Puts in the groups that there are and, under ids for the plan alone, those that the rows name; undefined for too many. */
async function nameGroups(
  read: readonly ReadRow[],
  world: World,
  { organisationId }: Place,
  importer: Importer,
): Promise<string[] | undefined> {
  const call = importer.openCall();
  const groups = await readGroups(organisationId, call.records);
  for (const { id, name } of groups) world.addGroup(name, id);
  const newGroups: string[] = [];
  for (const { row } of read) {
    if (row?.groupName === undefined || world.groupNamed(row.groupName)) continue;
    world.addGroup(row.groupName, call.newId('grp'));
    newGroups.push(row.groupName);
  }
  return newGroups.length > 0 && groups.length + newGroups.length > GROUPS_MAX ? undefined : newGroups;
}

async function planAll(
  read: readonly ReadRow[],
  world: World,
  { organisationId }: Place,
  progress: Progress,
  importer: Importer,
): Promise<StoredRow[]> {
  const { newId } = importer.openCall();
  const rows: StoredRow[] = [];
  const inFile = new Set(read.flatMap(({ row }) => (row?.kind === 'child' ? childIdentity(row).value : [])));
  for (let from = 0; from < read.length; from += SLICE_ROWS) {
    const slice = read.slice(from, from + SLICE_ROWS);
    const understood = slice.flatMap(({ row }) => row ?? []);
    const { records } = importer.openCall();
    await learnAbout(understood, world, organisationId, records);
    const sameAs = await findPossiblySame(understood, inFile, { world, organisationId, records });
    for (const each of slice) {
      const plan = planRow(each, { organisationId, world, newId });
      rows.push(storedRow(each, plan, world, sameAs.get(each.line)));
      world.carryOut(plan.steps);
    }
    if (rows.length < read.length) await progress.save({ rowsDone: rows.length }, 'import.progressed');
  }
  return rows;
}

/** The world is the one before the plan is carried out: a child that is in it then is held, or stands on an earlier row. */
function storedRow({ row }: ReadRow, plan: RowPlan, world: World, sameAs: PersonId | undefined): StoredRow {
  const { line, verdict, errors, remarks } = plan;
  const isTakenIn = verdict !== 'error' && verdict !== 'remark';
  const held = row?.kind === 'child' ? world.personBy(childIdentity(row)) : undefined;
  const mayBeHeld = sameAs !== undefined && isTakenIn;
  return {
    line,
    verdict,
    changes: changesOf(plan.steps, world),
    errors: [...errors],
    remarks: mayBeHeld
      ? [...remarks, { line, code: 'possibly-same', who: 'child', needsDecision: true }]
      : [...remarks],
    ...(row && isTakenIn && { row }),
    ...(held && { childId: held.value.id }),
    ...(mayBeHeld && { sameAs }),
  };
}

/** A try before this one may have stored some already: those are written over. */
async function storeRows(rows: readonly StoredRow[], { organisationId, importId }: Place, importer: Importer) {
  const { records, now } = importer.openCall();
  const refs = chunkRefs(organisationId, importId, rows.length);
  const present = await records.getMany(refs);
  for (let from = 0; from < refs.length; from += CHUNKS_PER_TRANSACTION) {
    const change = records.change();
    for (const [i, ref] of refs.slice(from, from + CHUNKS_PER_TRANSACTION).entries()) {
      const chunk = from + i;
      const version = present[chunk]?.version;
      const value = rows.slice(chunk * ROWS_PER_CHUNK, (chunk + 1) * ROWS_PER_CHUNK);
      change.put(ref, value, version === undefined ? 'new' : { version }, { expiresAtEpochSeconds: expiryFrom(now) });
    }
    await change
      .activity({ event: 'import.rows-stored', subject: refs[0]!.owner, about: [importId], detail: { from } })
      .commit();
  }
}

function countsOf(rows: readonly StoredRow[]): Pick<ImportRecord, 'verdicts' | 'rowsToDecide'> {
  const verdicts: NonNullable<ImportRecord['verdicts']> = {};
  for (const { verdict } of rows) verdicts[verdict] = (verdicts[verdict] ?? 0) + 1;
  const rowsToDecide = rows.filter(({ remarks }) => remarks.some(({ needsDecision }) => needsDecision)).length;
  return { verdicts, rowsToDecide };
}
