import { AccountId, ExportId, OrganisationId, PersonId } from '../../http/ids.ts';
import { keyOf, type Owner, type RetentionClass } from '../../platform/entity.ts';
import type { RawRow } from '../../platform/partition-rows.ts';
import type { PointerKey } from '../../platform/records.ts';
import { idempotentAnswerEntity } from '../access/idempotent-answer.ts';
import { rolePointers } from '../access/role.ts';
import { accountOwner } from '../accounts/account.ts';
import { fileKeyOf } from '../exports/export.ts';
import { filePointers } from '../files/file.ts';
import { joinRequestEntity } from '../invitations/invitation.ts';
import { DUE_SHARDS, duePartition } from '../notices/notice.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { rowsElsewhere, rowsInLists, type Ties } from './elsewhere.ts';
import { type Eraser, findErasure, type StepOutcome, type StoredErasure, save } from './eraser.ts';
import { type Erasure, isAccount, isPerson, type Place } from './erasure.ts';
import { dependantsOf, fenceDependants } from './fence.ts';
import { fileIn, fileRowsOf, filesOfOrganisation, filesOfRows, forgetUploads, removeFile } from './files.ts';
import { orderErasure } from './order.ts';
import {
  partitionsOfOrganisation,
  rowsInSearchedLists,
  rowsOfListedRecords,
  rowsOfOrganisation,
} from './organisation-erasure.ts';
import { isKept, type Partition, partitionsOf, shreddedRows } from './partitions.ts';
import { Removal } from './removal.ts';
import { endsOfShared, type Shredding } from './shared.ts';
import { type ErasureTraces, noTraces, tracesRef } from './traces.ts';
import { foldUsage } from './usage.ts';

/** Organisations whose rows are looked at side by side. */
const ORGANISATIONS_PER_READ = 500;
const STORED_ANSWERS_MILLISECONDS = 25 * 60 * 60 * 1000;

/** Removes every row of the subject, here and elsewhere, and what lies outside the tables. */
export async function cascade(stored: StoredErasure, place: Place, eraser: Eraser): Promise<StepOutcome> {
  const { owner } = place;
  const { value } = stored;
  const removal = new Removal(eraser, owner);
  if (value.retentionClasses) {
    const shredding = { classes: value.retentionClasses, at: value.fencedAt ?? '' };
    await removeShared(owner, shredding, removal, eraser);
    await removeRowsOf(value.retentionClasses, owner, removal, eraser);
    await removal.flush();
    return concluded(stored, place, eraser, {});
  }
  const dependants = await dependantsOf(owner, value.requestId, eraser);
  await fenceDependants(dependants, place, eraser);
  const traces = await tracesOf(value, owner, eraser);
  await eraseOutside(traces, eraser);
  await removeShared(owner, undefined, removal, eraser);
  await forgetUploads(owner, eraser);

  const ties: Ties = { accountId: value.accountId, guardianIds: traces.relatives };
  for (const dependant of dependants) {
    for (const partition of partitionsOf(dependant)) await removeRows(partition, dependant, ties, removal, eraser);
  }
  await removal.add(await rowsByIdOf(owner, eraser));
  if (value.cause !== 'agreement-end') await removal.add(await rowsInSearchedLists(owner, eraser));
  await removal.add(await noticesDueOf(owner, eraser));
  await removal.add(await answersAbout(owner, eraser));
  for (const partition of await partitionsOfOrganisation(owner, eraser)) {
    await removeRows(partition, owner, ties, removal, eraser);
  }
  for (const partition of partitionsOf(owner)) await removeRows(partition, owner, ties, removal, eraser);
  await removal.add(await rowsOfOrganisation(owner, eraser));
  await removal.flush();
  for (const { key } of await filesOfOrganisation(owner, eraser)) await eraser.files.remove(key);

  await foldUsage(stored, place, eraser);
  // The record may have been saved by the folding.
  const latest = await findErasure(place, eraser);
  return latest ? concluded(latest, place, eraser, await accountsEnd(latest, eraser)) : 'waiting';
}

async function concluded(
  stored: StoredErasure,
  place: Place,
  eraser: Eraser,
  orphaned: AccountsEnd,
): Promise<StepOutcome> {
  const call = eraser.openCall();
  const change = call.records.change();
  const after: Partial<Erasure> = { state: 'cascaded' };
  if (orphaned.accountId) {
    const id = call.newId('ers');
    const order = { id, owner: accountOwner(orphaned.accountId), cause: 'account-closed', follows: place.id } as const;
    orderErasure(change, order, call.now);
    after.accountErasureId = id;
  }
  await save(change, stored, place, after)
    .activity({ event: 'erasure.cascaded', subject: place.owner, about: [place.id] })
    .commit();
  return 'went-on';
}

interface AccountsEnd {
  readonly accountId?: NonNullable<Erasure['accountId']>;
}

/** The account goes with its last link; who has a role at the operator is linked there. */
async function accountsEnd({ value }: StoredErasure, { rows }: Eraser): Promise<AccountsEnd> {
  const { accountId, accountErasureId } = value;
  if (accountId === undefined || accountErasureId !== undefined) return {};
  const partition = `operator#${accountId}`;
  for await (const _ of rows.of('core', partition, 'PERSON#')) return {};
  for await (const _ of rows.of('core', partition, 'ROLE#operator#')) return {};
  return { accountId };
}

export async function tracesOf({ tracesId }: Erasure, { controller }: Owner, eraser: Eraser): Promise<ErasureTraces> {
  if (tracesId === undefined) return noTraces;
  const stored = await eraser.openCall().records.get(tracesRef(controller, tracesId));
  return stored?.value ?? noTraces;
}

/** Cognito's user, SES's list and SNS's endpoints. Each may be done again. */
async function eraseOutside({ sub, addresses, endpointArns }: ErasureTraces, eraser: Eraser): Promise<void> {
  if (sub !== undefined) await eraser.users.remove(sub);
  for (const address of addresses) await eraser.suppression.remove(address);
  for (const endpointArn of endpointArns) await eraser.endpoints.remove(endpointArn);
}

async function removeRows(partition: Partition, owner: Owner, ties: Ties, removal: Removal, eraser: Eraser) {
  for await (const row of eraser.rows.of(partition.table, partition.pk)) {
    if (isKept(row)) continue;
    // The row alone says which file it is.
    const exportId = row.table === 'transient' ? ExportId.safeParse(row.sk.split('EXPORT#')[1]) : undefined;
    if (exportId?.success) await eraser.exports.remove(fileKeyOf(exportId.data));
    const fileId = row.table === 'core' ? fileIn(row.sk) : undefined;
    if (fileId) await removeFile(owner, fileId, eraser);
    await removal.add([...rowsElsewhere(row, owner, ties), keyOfRow(row)]);
  }
}

const keyOfRow = ({ table, pk, sk }: RawRow): PointerKey => ({ table: table as PointerKey['table'], pk, sk });

/** What goes of what several people share: its files, the rows that lead to it, its own. */
async function removeShared(owner: Owner, shredding: Shredding | undefined, removal: Removal, eraser: Eraser) {
  for await (const { files, keys, shares } of endsOfShared(owner, shredding, eraser)) {
    for (const fileId of files) await removeFile(owner, fileId, eraser);
    await removal.add(keys);
    await removal.drop(shares);
  }
}

/** A class whose own term is over: its rows alone, and what they lead to. Its files first: the rows lead to them. */
async function removeRowsOf(classes: readonly RetentionClass[], owner: Owner, removal: Removal, eraser: Eraser) {
  const rows = await gathered(shreddedRows(owner, classes, eraser));
  for (const fileId of await filesOfRows(await gathered(fileRowsOf(owner, eraser)), rows, owner, eraser)) {
    await removeFile(owner, fileId, eraser);
    const held = filePointers.held(owner, fileId);
    await removal.add([...rowsElsewhere(held, owner, noTies), held]);
  }
  await removal.add(await rowsOfListedRecords(rows, owner, eraser));
  for (const row of rows) await removal.add([...rowsElsewhere(row, owner, noTies), keyOfRow(row)]);
}

const noTies: Ties = { accountId: undefined, guardianIds: [] };

async function gathered<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const row of rows) found.push(row);
  return found;
}

/** Rows at places that follow from ids alone: a person's in its organisation's lists, an account's in organisations. */
export async function rowsByIdOf(owner: Owner, eraser: Eraser): Promise<PointerKey[]> {
  const organisationId = OrganisationId.safeParse(owner.controller);
  const personId = PersonId.safeParse(owner.subject);
  if (organisationId.success && personId.success) {
    const groupIds: string[] = [];
    const own = `${organisationId.data}#${organisationId.data}`;
    for await (const { sk } of eraser.rows.of('core', own, 'GROUP#')) groupIds.push(sk.slice('GROUP#'.length));
    const departures: PointerKey[] = [];
    for await (const { pk, sk } of eraser.rows.of('core', `${organisationId.data}#RETENTION`, 'ENDED#')) {
      if (sk.endsWith(`#${personId.data}`)) departures.push({ table: 'core', pk, sk });
    }
    return [...departures, ...(await present(rowsInLists(organisationId.data, personId.data, groupIds), eraser))];
  }
  return isAccount(owner) ? rowsOfAccountInOrganisations(owner, eraser) : [];
}

/** Its requests to join, and grants to look into an organisation. */
async function rowsOfAccountInOrganisations({ subject }: Owner, eraser: Eraser): Promise<PointerKey[]> {
  const found: PointerKey[] = [];
  let wanted: PointerKey[] = [];
  for await (const { sk } of eraser.rows.of('core', 'ORGANISATIONS')) {
    const organisationId = OrganisationId.parse(sk);
    const owner = organisationOwner(organisationId);
    wanted.push({ table: 'transient', ...keyOf({ entity: joinRequestEntity, owner, key: subject }) });
    wanted.push(rolePointers.grant(organisationId, AccountId.parse(subject)));
    if (wanted.length < ORGANISATIONS_PER_READ) continue;
    found.push(...(await present(wanted, eraser)));
    wanted = [];
  }
  return [...found, ...(await present(wanted, eraser))];
}

async function present(keys: readonly PointerKey[], { rows }: Eraser): Promise<PointerKey[]> {
  return (await rows.at(keys)).map(keyOfRow);
}

/** Where the outbox's sweep would find notices that are still to be sent. */
export async function noticesDueOf({ controller, subject }: Owner, { rows }: Eraser): Promise<PointerKey[]> {
  const found: PointerKey[] = [];
  for (let shard = 0; shard < DUE_SHARDS; shard++) {
    for await (const row of rows.of('transient', duePartition(shard))) {
      const isTheirs = row.attributes['subject'] === subject && row.attributes['controller'] === controller;
      if (isTheirs) found.push(keyOfRow(row));
    }
  }
  return found;
}

/** Answers kept for a day for those who changed something about a person: they repeat what is held. */
async function answersAbout(owner: Owner, eraser: Eraser): Promise<PointerKey[]> {
  if (!isPerson(owner)) return [];
  const { now } = eraser.openCall();
  const since = new Date(now.getTime() - STORED_ANSWERS_MILLISECONDS).toISOString();
  const actors = new Set<string>();
  for await (const { attributes } of eraser.rows.of('activity', `${owner.controller}#${owner.subject}`)) {
    const actor = String(attributes['actor']);
    if (String(attributes['at']) >= since && actor.startsWith('acc_')) actors.add(actor);
  }
  const found: PointerKey[] = [];
  for (const actor of actors) {
    const { pk, sk } = keyOf({ entity: idempotentAnswerEntity, owner: accountOwner(AccountId.parse(actor)) });
    for await (const row of eraser.rows.of('transient', pk, `${sk}#`)) {
      // Sealed for everyone it is about together: it has not opened since the fence.
      const holders = (row.attributes['holders'] ?? []) as readonly { readonly subject?: unknown }[];
      if (holders.some(({ subject }) => subject === owner.subject)) found.push(keyOfRow(row));
    }
  }
  return found;
}
