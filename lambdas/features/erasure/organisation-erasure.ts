import { DistributionJobId, OrganisationId, PersonId } from '../../http/ids.ts';
import type { Owner } from '../../platform/entity.ts';
import type { RawRow } from '../../platform/partition-rows.ts';
import type { PointerKey } from '../../platform/records.ts';
import { distributionJobEntity, openJobs } from '../distribution/job.ts';
import { jobRows } from '../distribution/rows.ts';
import { JOB_KEY_PREFIX as IMPORT_JOBS, unfinishedPointer } from '../imports/import.ts';
import { meterPointers } from '../metering/meter.ts';
import { undeliverablePointers } from '../notices/undeliverable.ts';
import { organisationPointers } from '../organisations/organisation.ts';
import { type Eraser, type StepOutcome, type StoredErasure, save } from './eraser.ts';
import type { Place } from './erasure.ts';
import { idsInKeys } from './files.ts';
import { orderErasure } from './order.ts';
import type { Partition } from './partitions.ts';

/** Each order is nine writes, and its class keys' rows. */
const PERSONS_PER_CHANGE = 6;
const LOOK_AGAIN_SECONDS = 2 * 60;

/**
 * At the end of an agreement everybody in it is erased first, by an order of their own. `none-left` when the lists
 * are empty: only then are the organisation's own keys fenced.
 */
export async function orderPersons(
  stored: StoredErasure,
  place: Place,
  eraser: Eraser,
): Promise<StepOutcome | 'none-left'> {
  const ids = await personsOf(place.owner, eraser);
  if (ids.length === 0) return 'none-left';
  const { after, isAll } = stored.value.personsOrdered ?? { isAll: false };
  const next = isAll ? [] : ids.filter((id) => after === undefined || id > after).slice(0, PERSONS_PER_CHANGE);
  const call = eraser.openCall();
  const last = next.at(-1);
  if (last === undefined) {
    // Whoever was registered after the last round was missed by it: another round, unless all are only on their way.
    const nextTryAt = new Date(call.now.getTime() + LOOK_AGAIN_SECONDS * 1000).toISOString();
    await save(call.records.change(), stored, place, { personsOrdered: { isAll: true }, nextTryAt })
      .activity({ event: 'erasure.waiting', subject: place.owner, about: [place.id], detail: { persons: ids.length } })
      .commit();
    return 'waiting';
  }
  const change = call.records.change();
  for (const id of next) {
    const owner: Owner = { controller: place.owner.controller, subject: id };
    orderErasure(change, { id: call.newId('ers'), owner, cause: 'agreement-end' }, call.now);
  }
  await save(change, stored, place, { personsOrdered: { after: last, isAll: false } })
    .activity({ event: 'erasure.persons-ordered', subject: place.owner, about: [...next] })
    .commit();
  return 'went-on';
}

/** In the order of their ids: everyone in the lists of people, and everyone who holds or held a role. */
async function personsOf({ controller }: Owner, { rows }: Eraser): Promise<PersonId[]> {
  const found = new Set<PersonId>();
  for await (const { sk } of rows.of('core', `${controller}#PEOPLE`)) found.add(PersonId.parse(sk.split('#')[1]));
  for await (const { attributes } of rows.of('core', `${controller}#ROLES`)) {
    found.add(PersonId.parse(attributes['personId']));
  }
  return [...found].sort();
}

/** Lists of ids that an organisation has beside its own partition; all but the registers that the law keeps. */
const LISTS = [
  'PEOPLE',
  'ROLES',
  'OPEN',
  'CLOCKED-IN',
  'QUALIFICATIONS-DUE',
  'TIMESHEETS',
  'SITES',
  'ALARMS',
  'EXPECTED',
  'GRANTS',
  'LEGAL-HOLDS',
  'CONSENTS',
  'CONSENTS-WALKED',
  'RETENTION',
  'FORMER-USERS',
  'CALENDAR',
  'SLOTS',
  'ANNOUNCEMENTS-DUE',
  'CALENDAR-NOTICES',
  'STANDING-WEEKS',
  'SUBSCRIBERS',
  'ENQUIRIES',
  'ABUSE-REPORTS',
  'SIGN-UPS',
  'INVOICES',
  'INVOICES-OPEN',
  'INVOICES-RECEIVED',
  'INVOICE-RUN',
  'INVOICE-RUNS',
  'INVOICE-NUMBERS',
  'TEXTS-SENT',
  'SAFETY-DEVICES',
  'CUSTOMER-CONTACTS',
  'TICKETS',
  'TICKET-NUMBERS',
  'TICKETS-DUE',
  'BILLABLE-TIME',
  'CHATS',
  'CORRECTIONS',
];
/** Those of them that are ordered by something else than by whom a row is about. */
const SEARCHED_LISTS = [
  'CONSENTS',
  'RETENTION',
  'QUALIFICATIONS-DUE',
  'LEGAL-HOLDS',
  'CALENDAR',
  'CALENDAR-NOTICES',
  'SLOTS',
  'CUSTOMER-CONTACTS',
  'TICKETS',
  'TICKET-NUMBERS',
  'TICKETS-DUE',
  'CHATS',
  'CORRECTIONS',
];
/** Those of them in which a row is about a record of a person, and goes with that: its id is a part of both sort keys. */
const LISTS_OF_RECORDS = ['CALENDAR', 'QUALIFICATIONS-DUE', 'SLOTS'];

/** A subject's rows in its controller's lists, found by going through them: at an agreement's end they go as a whole. */
export async function rowsInSearchedLists({ controller, subject }: Owner, { rows }: Eraser): Promise<PointerKey[]> {
  const found: PointerKey[] = [];
  for (const list of SEARCHED_LISTS) {
    for await (const { pk, sk, attributes } of rows.of('core', `${controller}#${list}`)) {
      const isAbout = sk.endsWith(`#${subject}`) || attributes['subject'] === subject || attributes['of'] === subject;
      if (isAbout) found.push({ table: 'core', pk, sk });
    }
  }
  return found;
}

/** Rows that say where records of a person are found, of records that go while the person stays. */
export async function rowsOfListedRecords(
  gone: readonly Pick<RawRow, 'sk'>[],
  { controller, subject }: Owner,
  { rows }: Pick<Eraser, 'rows'>,
): Promise<PointerKey[]> {
  const ids = idsInKeys(gone);
  const found: PointerKey[] = [];
  if (ids.size === 0) return found;
  for (const list of LISTS_OF_RECORDS) {
    for await (const { pk, sk, attributes } of rows.of('core', `${controller}#${list}`)) {
      if (attributes['subject'] === subject && sk.split('#').some((part) => ids.has(part))) {
        found.push({ table: 'core', pk, sk });
      }
    }
  }
  return found;
}

const JOB_ROW = `${distributionJobEntity.sortKey}#`;

/** Where else an organisation has rows: its lists, its notices to many, and what its groups and departments have in partitions of theirs. */
export async function partitionsOfOrganisation(owner: Owner, { rows }: Eraser): Promise<Partition[]> {
  const { controller, subject } = owner;
  if (controller !== subject) return [];
  const own = `${controller}#${subject}`;
  const structure: string[] = [];
  for (const prefix of ['GROUP#', 'DEPARTMENT#']) {
    for await (const { sk } of rows.of('core', own, prefix)) structure.push(sk.slice(prefix.length));
  }
  const jobs: Partition[] = [];
  for await (const { sk } of rows.of('transient', own, JOB_ROW)) {
    jobs.push(jobRows.partition(DistributionJobId.parse(sk.slice(JOB_ROW.length))));
  }
  return [
    ...[...structure, ...LISTS].map((part) => ({ table: 'core' as const, pk: `${controller}#${part}` })),
    ...jobs,
  ];
}

/** Single rows elsewhere that lead to the organisation. They go last: its code leads to one of them. */
export async function rowsOfOrganisation(owner: Owner, { rows }: Eraser): Promise<PointerKey[]> {
  const organisationId = OrganisationId.safeParse(owner.subject);
  if (!organisationId.success || owner.controller !== owner.subject) return [];
  const found: PointerKey[] = [organisationPointers.all(organisationId.data)];
  const ownCode = organisationPointers.ownCode(organisationId.data);
  for await (const { attributes } of rows.of('core', ownCode.pk)) {
    found.push(organisationPointers.code(String(attributes['code'])), ownCode);
  }
  for await (const { pk, sk } of rows.of('transient', `${IMPORT_JOBS}${organisationId.data}`)) {
    found.push({ table: 'transient', pk, sk });
  }
  // What was counted of it has been invoiced long since: the organisation goes three months after its agreement.
  const counted = meterPointers.day(organisationId.data, '');
  for await (const { pk, sk } of rows.of('core', counted.pk, counted.sk)) found.push({ table: 'core', pk, sk });
  const { person, told } = undeliverablePointers;
  for (const list of [person(organisationId.data, ''), told(organisationId.data, '')]) {
    for await (const { pk, sk } of rows.of('transient', list.pk)) found.push({ table: 'transient', pk, sk });
  }
  for await (const { pk, sk } of rows.of('transient', openJobs.pk, `${organisationId.data}#`)) {
    found.push({ table: 'transient', pk, sk });
  }
  const unfinished = unfinishedPointer('', '');
  for await (const { pk, sk } of rows.of('transient', unfinished.pk, `${organisationId.data}#`)) {
    found.push({ table: 'transient', pk, sk });
  }
  return found;
}
