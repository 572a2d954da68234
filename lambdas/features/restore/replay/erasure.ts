import type { RequestId } from '../../../http/ids.ts';
import type { Owner, RetentionClass } from '../../../platform/entity.ts';
import type { EntryInLedger } from '../../../platform/ledger-entries.ts';
import type { RawRow } from '../../../platform/partition-rows.ts';
import type { PointerKey } from '../../../platform/records.ts';
import { rowsByIdOf } from '../../erasure/cascade.ts';
import { rowsElsewhere, type Ties } from '../../erasure/elsewhere.ts';
import type { Eraser } from '../../erasure/eraser.ts';
import { type Cause, type Erasure, erasurePointers, erasureRef, placeOf } from '../../erasure/erasure.ts';
import { dependantsOf } from '../../erasure/fence.ts';
import { fileRowsOf, filesOfRows } from '../../erasure/files.ts';
import { formerUserNumbers, numberFormerUser } from '../../erasure/former-users.ts';
import {
  partitionsOfOrganisation,
  rowsInSearchedLists,
  rowsOfListedRecords,
  rowsOfOrganisation,
} from '../../erasure/organisation-erasure.ts';
import { isKept, type Partition, partitionsOf, shreddedRows } from '../../erasure/partitions.ts';
import { Removal } from '../../erasure/removal.ts';
import { endsOfShared, type Shredding } from '../../erasure/shared.ts';
import { filePointers } from '../../files/file.ts';
import { dueIn, ENDED, retentionPointers, shreddedOf } from '../../retention/due-index.ts';
import type { StepContext } from '../step.ts';
import { coreHoldsUntil } from './window.ts';

/** A look for rows that are past their term is made every day; one that failed was repeated on the next. */
const EVIDENCE_DAYS = 14;
const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;
/** Nothing of a former generation lies in the others: they are new. */
const imported = ({ table }: Partition): boolean => table === 'core' || table === 'rights';

/**
 * Whether a backup may still hold what an erasure removed: unless a sweep had found nothing left before the backup was
 * made. One round trip, two for what is older than the backup.
 */
export async function mayBeBack(context: StepContext, entry: EntryInLedger): Promise<boolean> {
  const held = coreHoldsUntil(context);
  if (entry.at >= held.toISOString()) return true;
  if (entry.about === undefined) return entry.at >= daysBefore(held, EVIDENCE_DAYS);
  const record = await erasureOf(context, entry);
  return record?.verifiedAt === undefined || record.verifiedAt >= held.toISOString();
}

const daysBefore = (instant: Date, days: number) => new Date(instant.getTime() - days * DAY_MILLISECONDS).toISOString();

async function erasureOf({ openCall }: StepContext, { about, subject }: EntryInLedger): Promise<Erasure | undefined> {
  const id = about as Erasure['id'];
  const { records } = openCall(true);
  const [pointer] = await records.pointersAt([erasurePointers.place(id)]);
  const holder = placeOf(id, pointer?.attributes)?.holder ?? subject;
  return (await records.get(erasureRef({ id, holder })))?.value;
}

/**
 * Removes from the restored tables what an erasure had removed, as its cascade does: the subject's rows, those that lead
 * to it elsewhere, its place in lists. Keys have been fences since, and stay as they are. Answers the rows removed.
 */
export async function replayErasure(context: StepContext, entry: EntryInLedger, eraser: Eraser): Promise<number> {
  const { subject: owner, detail } = entry;
  const removal = new Removal(eraser, owner);
  if (detail?.['classes'] !== undefined) {
    await removal.add(await requestsListed(owner, eraser));
    await removal.flush();
    return removal.removed;
  }
  const record = await erasureOf(context, entry);
  const cause = detail?.['cause'] as Cause | undefined;
  // Its cascade has not begun: nothing opens, and it goes on after the switch in its own order, an organisation's after its people's.
  if (record?.state === 'fenced') {
    if (cause !== 'agreement-end') await numberAgain(context, owner);
    return 0;
  }
  const ties: Ties = { accountId: record?.accountId, guardianIds: [] };
  for (const dependant of await dependantsOf(owner, record?.requestId as RequestId | undefined, eraser)) {
    for (const partition of partitionsOf(dependant)) await removeRows(partition, dependant, ties, removal, eraser);
  }
  await removeShared(owner, undefined, removal, eraser);
  await removal.add(await rowsByIdOf(owner, eraser));
  if (cause !== 'agreement-end') await removal.add(await rowsInSearchedLists(owner, eraser));
  for (const partition of await partitionsOfOrganisation(owner, eraser)) {
    await removeRows(partition, owner, ties, removal, eraser);
  }
  for (const partition of partitionsOf(owner)) await removeRows(partition, owner, ties, removal, eraser);
  await removal.add(await rowsOfOrganisation(owner, eraser));
  await removal.flush();
  if (cause !== 'agreement-end') await numberAgain(context, owner);
  return removal.removed;
}

/** The rows alone: what lies in the bucket was removed when the right was exercised, and no restore fills that. */
async function removeShared(owner: Owner, shredding: Shredding | undefined, removal: Removal, eraser: Eraser) {
  for await (const { keys, shares } of endsOfShared(owner, shredding, eraser)) {
    await removal.add(keys);
    await removal.drop(shares);
  }
}

async function removeRows(partition: Partition, owner: Owner, ties: Ties, removal: Removal, eraser: Eraser) {
  if (!imported(partition)) return;
  for await (const row of eraser.rows.of(partition.table, partition.pk)) {
    if (isKept(row)) continue;
    await removal.add([...rowsElsewhere(row, owner, ties), keyOfRow(row)]);
  }
}

const keyOfRow = ({ table, pk, sk }: { table: string; pk: string; sk: string }): PointerKey => ({
  table: table as PointerKey['table'],
  pk,
  sk,
});

/** What the law kept is over as well: the lists of a controller's requests forget them. */
async function requestsListed({ controller, subject }: Owner, { rows }: Eraser): Promise<PointerKey[]> {
  const found: PointerKey[] = [];
  for (const list of ['REQUESTS', 'REQUESTS-OPEN', 'REQUESTS-CLOSED']) {
    for await (const row of rows.of('core', `${controller}#${list}`)) {
      if (row.attributes['subject'] === subject) found.push(keyOfRow(row));
    }
  }
  return found;
}

/** In the ledger's order, so that everybody gets the number that they had. */
async function numberAgain({ openCall }: StepContext, owner: Owner): Promise<void> {
  const { controller, subject } = owner;
  if (controller === 'operator' || !subject.startsWith('per_')) return;
  const { records } = openCall(true);
  const numbers = await formerUserNumbers(records, controller, [subject as never]);
  if (numbers.size > 0) return;
  const change = records.change();
  await numberFormerUser(change, owner, records);
  await change.activity({ event: 'restore.former-user-numbered', subject: owner }).commit();
}

/**
 * Removes the rows that were sealed under an earlier generation of a class key, and what had it shredded: a class whose
 * term is over must not be shredded a second time with what has come since. Answers the rows removed.
 */
export async function replayShredding(context: StepContext, entry: EntryInLedger, eraser: Eraser): Promise<number> {
  const { subject: owner, detail, at } = entry;
  const classes = String(detail?.['classes'] ?? '')
    .split(' ')
    .filter((name) => name !== '') as RetentionClass[];
  const removal = new Removal(eraser, owner);
  await removeShared(owner, { classes, at }, removal, eraser);
  const rows: RawRow[] = [];
  for await (const row of shreddedRows(owner, classes, eraser)) if (imported(row as Partition)) rows.push(row);
  for (const fileId of await filesOfRows(await fileRows(owner, eraser), rows, owner, eraser)) {
    const held = filePointers.held(owner, fileId);
    await removal.add([...rowsElsewhere(held, owner, noTies), held]);
  }
  for (const row of rows) {
    await removal.add([...rowsElsewhere(row, owner, noTies), keyOfRow(row)]);
  }
  await removal.add(await rowsOfListedRecords(rows, owner, eraser));
  const { pk } = retentionPointers.due(owner.controller, '', '');
  for await (const row of eraser.rows.of('core', pk)) {
    const pointer = { ...keyOfRow(row), attributes: row.attributes as Readonly<Record<string, string>> };
    const due = dueIn(owner.controller, pointer);
    if (due?.owner.subject === owner.subject && row.sk.slice('DUE#'.length) <= at) await removal.add([pointer]);
    if (row.sk.startsWith(ENDED) && row.sk.endsWith(`#${owner.subject}`)) {
      await tellShredded(context, owner, pointer, classes);
    }
  }
  await removal.flush();
  return removal.removed;
}

const noTies: Ties = { accountId: undefined, guardianIds: [] };

async function fileRows(owner: Owner, eraser: Eraser): Promise<RawRow[]> {
  const found: RawRow[] = [];
  for await (const row of fileRowsOf(owner, eraser)) found.push(row);
  return found;
}

async function tellShredded(
  { openCall }: StepContext,
  owner: Owner,
  pointer: Parameters<typeof shreddedOf>[0],
  classes: readonly RetentionClass[],
): Promise<void> {
  const known = shreddedOf(pointer);
  if (classes.every((name) => known.includes(name))) return;
  const shredded = [...new Set([...known, ...classes])].join(' ');
  await openCall(true)
    .records.change()
    .point({ ...pointer, attributes: { ...pointer.attributes, shredded } })
    .activity({ event: 'restore.shredding-noted', subject: owner })
    .commit();
}
