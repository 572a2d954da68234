import {
  AccountId,
  AlarmId,
  DistributionJobId,
  DocumentId,
  ExportId,
  InvoiceId,
  NoticeId,
  OrganisationId,
  PersonId,
  RoleId,
  SafetyDeviceId,
  ServiceClientId,
  WebhookId,
} from '../../http/ids.ts';
import { dependantPointers, keyOf, type Owner } from '../../platform/entity.ts';
import type { RawRow } from '../../platform/partition-rows.ts';
import type { PointerKey } from '../../platform/records.ts';
import { rolePointers } from '../access/role.ts';
import { accountLinkEntity, accountPointers } from '../accounts/account.ts';
import { alarmPointers } from '../alarms/pointers.ts';
import { attendancePointers } from '../attendance/attendance-day.ts';
import { type Issuer, issuerIn, issuerOwner } from '../billing/issuer.ts';
import { CHAT_TOKEN, chatTokenKey } from '../chats/chat.ts';
import { logPointers } from '../child-log/entry.ts';
import { mailKey } from '../deliveries/mail-events.ts';
import { holderPointer } from '../devices/device.ts';
import { DISTRIBUTED, jobRows } from '../distribution/rows.ts';
import { documentPointers } from '../documents/document.ts';
import { exportPointers } from '../exports/export.ts';
import { filePointers } from '../files/file.ts';
import { rowsOfInvoice } from '../invoices/invoice.ts';
import { failedPointers } from '../notices/conclude.ts';
import { noticeEntity } from '../notices/notice.ts';
import { listedAs, undeliverableAddressEntity } from '../notices/undeliverable.ts';
import { blockEntity, guardianLinkEntity, ownerOf, peoplePointers, personKinds } from '../people/person.ts';
import { receiverEntity, receiverRef, receivesPointer } from '../receivers/receiver.ts';
import { standingWeekPointer } from '../reservations/standing-week.ts';
import { rowsOfSafetyDevice } from '../safety-devices/safety-device.ts';
import { clientPointer } from '../service-clients/service-client.ts';
import { MAIL_ADDRESS, mailAddressKey } from '../tickets/mail-address.ts';
import { timeClockPointers } from '../time-clock/work-day.ts';
import { webhookPointers } from '../webhooks/webhook.ts';
import { fileIn } from './files.ts';

/** What else must be known, beside a row, to find what it leads to. */
export interface Ties {
  /** The account that a person signs in with. */
  readonly accountId: AccountId | undefined;
  /** Who may have been given an export of this child. */
  readonly guardianIds: readonly PersonId[];
}

const core = (key: { pk: string; sk: string }): PointerKey => ({ table: 'core', ...key });

/**
 * The rows in others' partitions that name the subject, by the row in its own partition that leads to them. They go
 * before it does, so that after a crash it still leads there. A row that leads nowhere just goes. Pure.
 */
export function rowsElsewhere(
  { table, sk, attributes }: Pick<RawRow, 'table' | 'sk'> & Partial<Pick<RawRow, 'attributes'>>,
  owner: Owner,
  ties: Ties,
): PointerKey[] {
  const cut = sk.indexOf('#');
  const kind = cut < 0 ? sk : sk.slice(0, cut);
  const rest = cut < 0 ? '' : sk.slice(cut + 1);
  if (table === 'transient' && kind === DISTRIBUTED) return distributedTo(rest, attributes);
  if (table === 'transient') return rowsOfTransient(kind, rest, owner, ties);
  if (table !== 'core') return [];
  const { controller, subject } = owner;
  const invoiceId = InvoiceId.safeParse(subject).data;
  if (invoiceId !== undefined)
    return kind === 'INVOICE' ? rowsOfEndedInvoice(issuerIn(controller), invoiceId, rest) : [];
  const fileId = fileIn(sk);
  if (fileId && controller !== 'operator') return [filePointers.home(controller, fileId)];
  if (AccountId.safeParse(subject).success) return rowsOfAccount(kind, rest);
  const personId = PersonId.safeParse(subject).data;
  if (personId === undefined) return rowsOfProgram(controller, rest);
  const roleId = RoleId.safeParse(rest).data;
  if (kind === 'ROLE' && roleId) return rowsOfRole(controller, roleId, ties);
  // Of the operator's own staff there are roles, and nothing else.
  if (controller === 'operator') return [];
  if (kind === 'ACCOUNT-LINK')
    return ties.accountId ? [accountPointers.person(ties.accountId, controller, personId)] : [];
  if (kind === 'PERSON-DOCUMENT') {
    const documentId = DocumentId.safeParse(rest).data;
    return documentId ? [documentPointers.home(controller, documentId)] : [];
  }
  if (kind === 'LOG' || kind === 'CARE') return rowsOfLogEntry(controller, rest, personId);
  if (kind === 'ALARM') {
    const alarmId = AlarmId.safeParse(rest).data;
    return alarmId ? [alarmPointers.open(controller, alarmId)] : [];
  }
  if (kind === 'DAY') return [attendancePointers.expected(controller, rest, personId)];
  const safetyDeviceId = SafetyDeviceId.safeParse(rest).data;
  if (safetyDeviceId) return rowsOfSafetyDevice(controller, safetyDeviceId);
  const otherId = PersonId.safeParse(rest).data;
  return otherId ? rowsOfTie(kind, controller, personId, otherId) : [];
}

/** What leads to a program of the organisation, and to what it is told by. */
function rowsOfProgram(controller: Owner['controller'], rest: string): PointerKey[] {
  const clientId = ServiceClientId.safeParse(rest).data;
  const webhookId = WebhookId.safeParse(rest).data;
  if (clientId) return [clientPointer(clientId)];
  return webhookId && controller !== 'operator' ? [webhookPointers.all(controller, webhookId)] : [];
}

/** What leads to an invoice whose term is over; its number stays, so that it is never given again. */
const rowsOfEndedInvoice = (issuer: Issuer, id: InvoiceId, key: string): PointerKey[] => [
  ...rowsOfInvoice(issuer, id, key),
  ...(issuer === 'operator' ? [] : [dependantPointers.subject(issuerOwner(issuer), id)]),
];

/** That the guardians may have something to be told of that day. The row's key does not depend on the zone. */
function rowsOfLogEntry(controller: OrganisationId, rest: string, personId: PersonId): PointerKey[] {
  const { table, pk, sk } = logPointers.today(controller, 'Europe/Oslo', rest.slice(0, 'yyyy-mm-dd'.length), personId);
  return [{ table, pk, sk }];
}

function rowsOfTransient(kind: string, rest: string, owner: Owner, ties: Ties): PointerKey[] {
  if (kind === 'LINK') return [{ table: 'transient', pk: `LINK#${rest}`, sk: 'LINK' }];
  if (kind === MAIL_ADDRESS) return [mailAddressKey(rest)];
  if (kind === CHAT_TOKEN) return [chatTokenKey(rest)];
  if (kind === undeliverableAddressEntity.sortKey) return [listedAs(owner)].filter((row) => row !== undefined);
  const noticeId = NoticeId.safeParse(rest).data;
  if (kind === noticeEntity.sortKey && noticeId) return [mailKey(noticeId), failedPointers.one(noticeId)];
  const exportId = ExportId.safeParse(rest).data;
  return kind === 'EXPORT' && exportId ? rowsOfExport(exportId, owner, ties) : [];
}

/** The place in a job's chunk: what became of the mail stays there, and says of nobody's. */
function distributedTo(rest: string, attributes: RawRow['attributes'] | undefined): PointerKey[] {
  const jobId = DistributionJobId.safeParse(rest).data;
  return jobId ? [jobRows.recipient(jobId, Number(attributes?.['chunk']), Number(attributes?.['index']))] : [];
}

/** Between a child and a grown-up: the record lies with the child, a row of ids with the grown-up. */
function rowsOfTie(kind: string, controller: OrganisationId, personId: PersonId, otherId: PersonId): PointerKey[] {
  switch (kind) {
    case 'GUARDIAN':
      return [peoplePointers.child(controller, otherId, personId)];
    case 'BLOCK':
      return [peoplePointers.blockedFrom(controller, otherId, personId)];
    case 'CHILD':
      return [core(keyOf({ entity: guardianLinkEntity, owner: ownerOf(controller, otherId), key: personId }))];
    case 'BLOCKED':
      return [core(keyOf({ entity: blockEntity, owner: ownerOf(controller, otherId), key: personId }))];
    case receiverEntity.sortKey:
      return [receivesPointer(controller, otherId, personId)];
    case 'RECEIVES':
      return [core(keyOf(receiverRef(controller, otherId, personId)))];
    default:
      return [];
  }
}

function rowsOfAccount(kind: string, rest: string): PointerKey[] {
  if (kind === 'DEVICE') return [holderPointer(rest)];
  return kind === 'PERSON' ? rowsOfLinkedPerson(rest) : [];
}

/** From an account (`PERSON#<organisation>#<person>`): the link in that person's partition. */
function rowsOfLinkedPerson(rest: string): PointerKey[] {
  const [organisation, person] = rest.split('#');
  const organisationId = OrganisationId.safeParse(organisation).data;
  const personId = PersonId.safeParse(person).data;
  if (!organisationId || !personId) return [];
  return [core(keyOf({ entity: accountLinkEntity, owner: ownerOf(organisationId, personId) }))];
}

const rowsOfRole = (controller: Owner['controller'], roleId: RoleId, { accountId }: Ties): PointerKey[] => [
  rolePointers.inOrganisation(controller, roleId),
  ...(accountId ? [rolePointers.ofAccount(accountId, controller, roleId)] : []),
];

function rowsOfExport(id: ExportId, owner: Owner, { guardianIds }: Ties): PointerKey[] {
  const { controller } = owner;
  const receivers = guardianIds.map((subject) => exportPointers.receiver({ controller, subject }, id));
  return [exportPointers.job(owner, id), exportPointers.all(id), ...receivers];
}

/** Rows about a person in its organisation's own lists: where they lie follows from the ids alone. Pure. */
export const rowsInLists = (
  organisationId: OrganisationId,
  personId: PersonId,
  groupIds: readonly string[],
): PointerKey[] => [
  ...personKinds.map((kind) => peoplePointers.person(organisationId, kind, personId)),
  attendancePointers.open(organisationId, personId),
  timeClockPointers.clockedIn(organisationId, personId),
  standingWeekPointer(organisationId, personId),
  ...groupIds.map((groupId) => core({ pk: `${organisationId}#${groupId}`, sk: `MEMBER#${personId}` })),
];
