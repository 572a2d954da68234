import { type OrganisationId, PersonId, RequestId } from '../../http/ids.ts';
import type { Owner } from '../../platform/entity.ts';
import type { Pointer, PointerKey, Records } from '../../platform/records.ts';
import { type ConsentPurpose, consentPointers, isGivenRow, PURPOSES_MAX, purposeEntity } from '../consents/purpose.ts';
import { organisationOwner } from '../organisations/organisation.ts';

/** What one can have sent to oneself, and stop again (FW-12): the codes of the consents that it rests on. */
export const topics = ['newsletter', 'surveys'] as const;
export type Topic = (typeof topics)[number];

/**
 * `<org>#SUBSCRIBERS` / `<topic>#<req>`: who has asked for it without being registered in the organisation, and has
 * confirmed the address. Whoever is registered stands among the consents, and nowhere a second time.
 */
export const subscriberPointer = (organisationId: OrganisationId, topic: Topic, subject: RequestId | '') =>
  ({ table: 'core', pk: `${organisationId}#SUBSCRIBERS`, sk: `${topic}#${subject}` }) as const satisfies PointerKey;

const PAGE_ITEMS_MAX = 500;

export interface Subscribers {
  /** Persons of the organisation, and subjects of a subscription (`req_…`). */
  readonly recipients: readonly Owner[];
  /** Of the next page; absent after the last one. */
  readonly cursor?: string;
}

/**
 * A page of those who get a newsletter, or surveys, as the organisation knows them now: first the persons who consented
 * for themselves, then those who subscribed without an account. Two round trips. A page may be empty and have a next one.
 */
export async function subscribersOf(
  records: Records,
  organisationId: OrganisationId,
  topic: Topic,
  range: { readonly cursor?: string | undefined; readonly limit?: number } = {},
): Promise<Subscribers> {
  const { cursor, limit = PAGE_ITEMS_MAX } = range;
  const [list, after] = cursor === undefined ? ['persons', undefined] : split(cursor);
  if (list === 'persons') {
    const page = await consentedPersons(records, organisationId, topic, { limit, after });
    return { recipients: page.recipients, cursor: page.next === undefined ? 'outside:' : `persons:${page.next}` };
  }
  const first = subscriberPointer(organisationId, topic, '');
  const { items, next } = await records.pointers(first.table, first.pk, {
    prefix: first.sk,
    limit,
    ...(after && { after }),
  });
  const recipients = items.map(({ sk }) => ({
    controller: organisationId,
    subject: RequestId.parse(sk.slice(first.sk.length)),
  }));
  return { recipients, ...(next !== undefined && { cursor: `outside:${next}` }) };
}

/**
 * Which of them still want it at this moment, in their order; to be asked again before each mail. Two round trips for
 * up to 100 owners of one organisation. Says nothing of who was erased, or has no address: nobody can be read then.
 */
export async function areSubscribed(
  records: Records,
  organisationId: OrganisationId,
  topic: Topic,
  owners: readonly Owner[],
): Promise<readonly boolean[]> {
  const purpose = await openPurpose(records, organisationId, topic);
  const keys = owners.map(({ subject }) => {
    const requestId = RequestId.safeParse(subject);
    if (requestId.success) return subscriberPointer(organisationId, topic, requestId.data);
    return consentPointers.of(organisationId, purpose?.id ?? '', subject);
  });
  const rows = await records.pointersAt(keys);
  return owners.map((owner, i) => {
    const row = rows[i];
    if (!row || owner.controller !== organisationId) return false;
    return RequestId.safeParse(owner.subject).success || isForOneself(row, purpose);
  });
}

export async function isSubscribed(records: Records, owner: Owner, topic: Topic): Promise<boolean> {
  if (owner.controller === 'operator') return false;
  const [isOne = false] = await areSubscribed(records, owner.controller, topic, [owner]);
  return isOne;
}

/** The purpose that people are asked for now; undefined where the organisation asks for no such thing, or has stopped. */
export async function openPurpose(
  records: Records,
  organisationId: OrganisationId,
  topic: Topic,
): Promise<ConsentPurpose | undefined> {
  const { items } = await records.list(purposeEntity, organisationOwner(organisationId), { limit: PURPOSES_MAX });
  return items.find(({ value }) => value.code === topic && value.state === 'open')?.value;
}

async function consentedPersons(
  records: Records,
  organisationId: OrganisationId,
  topic: Topic,
  { limit, after }: { readonly limit: number; readonly after: string | undefined },
): Promise<{ readonly recipients: readonly Owner[]; readonly next?: string }> {
  const purpose = await openPurpose(records, organisationId, topic);
  if (!purpose) return { recipients: [] };
  const { table, pk, sk } = consentPointers.of(organisationId, purpose.id, '');
  const page = await records.pointers(table, pk, { prefix: sk, limit, ...(after && { after }) });
  const recipients = page.items
    .filter((row) => isForOneself(row, purpose))
    .map((row) => ({ controller: organisationId, subject: PersonId.parse(row.sk.slice(sk.length)) }));
  return { recipients, ...(page.next !== undefined && { next: page.next }) };
}

/**
 * In force, to the text that counts now, and given by whoever gets the mail: what a guardian says yes to for a child
 * sends that child no letters.
 */
const isForOneself = (row: Pointer, purpose: ConsentPurpose | undefined): boolean =>
  purpose !== undefined &&
  isGivenRow(row) &&
  row.attributes?.['capacity'] === 'self' &&
  Number(row.attributes['textVersion']) >= purpose.holdsSinceTextVersion;

function split(cursor: string): readonly [list: string, after: string | undefined] {
  const cut = cursor.indexOf(':');
  return [cursor.slice(0, cut), cursor.slice(cut + 1) || undefined];
}
