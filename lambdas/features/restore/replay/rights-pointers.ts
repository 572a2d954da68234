import { OrganisationId } from '../../../http/ids.ts';
import { dependantPointers, keyOf, neverRestricted, type Owner } from '../../../platform/entity.ts';
import type { RawRow } from '../../../platform/partition-rows.ts';
import type { Pointer, Records } from '../../../platform/records.ts';
import { accountRef } from '../../accounts/account.ts';
import { type ConsentEvent, consentEventEntity, consentTo, currentConsents, rowOf } from '../../consents/consent.ts';
import { consentPointers } from '../../consents/purpose.ts';
import type { Eraser } from '../../erasure/eraser.ts';
import { personRef } from '../../people/writes.ts';
import { HOLDS_MAX, holdNumberPointer, legalHoldEntity, legalHoldPointer } from '../../requests/hold.ts';
import { duePartition, dueShards, type RequestRecord, requestEntity, requestPointers } from '../../requests/request.ts';

const REQUESTS_READ_MAX = 1_000;
const EVENTS_PAGE_MAX = 400;

/** Ids by which an owner is found in a controller's lists. */
type Lists = ReadonlyMap<string, readonly RawRow[]>;

/**
 * The rows of Core that lead to what lies in Rights: which requests a controller has, when the clock looks at them, which
 * consents somebody has given, what is held. Rights is as it was at last and Core as it was backed up: these follow.
 */
export async function pointersOfRights(owner: Owner, records: Records, { rows }: Pick<Eraser, 'rows'>) {
  const [there, states, requests, events, holds] = await Promise.all([
    rows.at([homeOf(owner)]),
    records.keyStates(owner),
    requestsOf(owner, records),
    eventsOf(owner, records),
    records.list(legalHoldEntity, owner, { limit: HOLDS_MAX }),
  ]);
  const isErased = states.get(neverRestricted(owner)) === 'ERASED';
  // Registered after the backup: what they asked for is answered, and there is nobody whom it could lead from.
  const isThere = there.length > 0 && !isErased;
  return [
    ...requests.flatMap((request) => ofRequest(owner, request, isThere)),
    ...(isThere ? ofConsents(owner, events) : []),
    ...(isThere ? holds.items.flatMap(({ value }, i) => ofHold(owner, value, i)) : []),
  ];
}

/** The row that everybody has who is there at all. */
function homeOf({ controller, subject }: Owner) {
  const ref = controller === 'operator' ? accountRef(subject as never) : personRef(controller, subject as never);
  return { table: 'core' as const, ...keyOf(ref) };
}

async function requestsOf(owner: Owner, records: Records): Promise<RequestRecord[]> {
  const { items, next } = await records.list(requestEntity, owner, { limit: REQUESTS_READ_MAX });
  if (next !== undefined) throw new Error(`More than ${REQUESTS_READ_MAX} requests of one person`);
  return items.map(({ value }) => value);
}

async function eventsOf(owner: Owner, records: Records): Promise<ConsentEvent[]> {
  const events: ConsentEvent[] = [];
  let after: string | undefined;
  do {
    const range = { limit: EVENTS_PAGE_MAX, ...(after !== undefined && { after }) };
    const page = await records.list(consentEventEntity, owner, range);
    events.push(...page.items.map(({ value }) => value));
    after = page.next;
  } while (after !== undefined);
  return events;
}

function ofRequest(owner: Owner, request: RequestRecord, isThere: boolean): Pointer[] {
  const { controller, subject } = owner;
  const { id, state, askedBy, nextAt } = request;
  return [
    { ...requestPointers.place(controller, id), attributes: { subject } },
    { ...requestPointers.byDue(controller, request), attributes: { subject, state } },
    ...(nextAt === undefined
      ? []
      : [{ ...requestPointers.due(id, nextAt), attributes: { controller, subject } } satisfies Pointer]),
    ...(isThere ? [dependantPointers.subject(owner, id)] : []),
    ...(isThere && askedBy.as !== 'claim'
      ? [{ ...requestPointers.asked(askedBy.accountId, id), attributes: { controller, subject } }]
      : []),
  ];
}

function ofConsents(owner: Owner, events: readonly ConsentEvent[]): Pointer[] {
  const organisationId = OrganisationId.safeParse(owner.controller);
  if (!organisationId.success) return [];
  const states = currentConsents(events);
  const purposes = new Set(states.map(({ purposeId }) => purposeId));
  return [
    ...states.map(({ consentId }) => dependantPointers.subject(owner, consentId)),
    ...[...purposes].map((purposeId) => {
      const { events: ofConsent } = consentTo(states, purposeId)!;
      return {
        ...consentPointers.of(organisationId.data, purposeId, owner.subject),
        attributes: rowOf(ofConsent.findLast(({ state }) => state !== 'asked-anew')!),
      };
    }),
  ];
}

const ofHold = (
  owner: Owner,
  { id, liftedAt }: { readonly id: Parameters<typeof legalHoldPointer>[1]; readonly liftedAt?: string | undefined },
  number: number,
): Pointer[] => [
  holdNumberPointer(owner, number),
  ...(liftedAt === undefined
    ? [{ ...legalHoldPointer(owner.controller, id), attributes: { subject: owner.subject } }]
    : []),
];

/** A controller's rows of that kind as they are in the restored Core, by whom they are about. */
export async function listedIn(controller: Owner['controller'], { rows }: Pick<Eraser, 'rows'>): Promise<Lists> {
  const lists = new Map<string, RawRow[]>();
  const add = (subject: unknown, row: RawRow) =>
    lists.set(String(subject), [...(lists.get(String(subject)) ?? []), row]);
  for (const list of ['REQUESTS', 'REQUESTS-OPEN', 'REQUESTS-CLOSED', 'LEGAL-HOLDS']) {
    for await (const row of rows.of('core', `${controller}#${list}`)) add(row.attributes['subject'], row);
  }
  for (const shard of dueShards) {
    for await (const row of rows.of('core', duePartition(shard))) {
      if (row.attributes['controller'] === controller) add(row.attributes['subject'], row);
    }
  }
  for await (const row of rows.of('core', `${controller}#CONSENTS`)) add(row.sk.slice(row.sk.indexOf('#') + 1), row);
  return lists;
}
