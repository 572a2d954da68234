import type { Language } from '../../http/call.ts';
import { PersonId, RequestId } from '../../http/ids.ts';
import type { EntityDeclaration, Owner, Ref } from '../../platform/entity.ts';
import type { Records, Stored } from '../../platform/records.ts';
import { mayBeTold } from '../attendance/guardians.ts';
import { noticeKinds } from '../notices/notice.ts';
import { declinedNoticesRef, preferencesRef, wishesOf } from '../notices/preferences.ts';
import { allSentToday } from '../notices/slots.ts';
import { planOf, recipientsDay } from '../notices/timing.ts';
import { undeliverableAddressRef } from '../notices/undeliverable.ts';
import { blockEntity, guardianLinkEntity, ownerOf, type PersonRecord, personEntity } from '../people/person.ts';
import { replyAddressRef } from '../requests/request.ts';
import { areSubscribed } from '../subscriptions/subscribers.ts';
import { isServedIn, isStaffIn, type Setting, topicOf } from './audience.ts';
import type { DistributionJob, JobKind } from './job.ts';
import type { Outcome, Recipient } from './rows.ts';

/** What is to be done about one recipient, at the moment of sending. */
export type Verdict =
  | { readonly do: 'skip'; readonly outcome: Outcome }
  /** At the hour, or in the way, that the recipient wishes: the outbox takes care. */
  | { readonly do: 'queue'; readonly reader: Reader }
  | { readonly do: 'send'; readonly reader: Reader; readonly slot?: { readonly day: string; readonly number: number } };

export interface Reader {
  readonly owner: Owner;
  readonly address: string;
  readonly language: Language;
  /** Reader or child lives at a protected address. */
  readonly isProtected: boolean;
  /** Through whom, of a guardian. */
  readonly childId?: PersonId;
}

export const templateOf = {
  news: 'job-news',
  newsletter: 'job-newsletter',
  survey: 'job-survey',
} as const satisfies Record<JobKind, string>;

const skip = (outcome: Outcome): Verdict => ({ do: 'skip', outcome });

/** It was sent, or not: nobody has said. */
export const mayBeOut = (outcome: Outcome | undefined): boolean => outcome === 'unknown' || outcome === 'claimed';

/**
 * Looks again at those whom a chunk is for, all at once: still there, still meant, still wanting it, still reachable.
 * Answers by their places in the chunk. `earlier`: what came of tries before this one. Whoever had one has been counted on
 * their day already; and what may be out must not come again in a digest.
 */
export async function verdictsOn(
  recipients: ReadonlyMap<number, Recipient>,
  earlier: ReadonlyMap<number, Outcome>,
  job: DistributionJob,
  setting: Setting,
  records: Records,
  now: Date,
): Promise<ReadonlyMap<number, Verdict>> {
  const places = [...recipients.keys()];
  const all = [...recipients.values()];
  const owners = all.map(({ owner }) => owner);
  const category = noticeKinds[templateOf[job.kind]].category;
  const topic = topicOf(job.audience);
  const [persons, replies, stops, preferences, declined, subscribed, meant] = await Promise.all([
    sparse(records, owners, personRef),
    sparse(records, owners, replyRef),
    records.getMany(owners.map(undeliverableAddressRef)),
    sparse(records, owners, (owner) => (isPerson(owner) ? preferencesRef(owner) : undefined)),
    sparse(records, owners, (owner) => (category && isPerson(owner) ? declinedNoticesRef(owner, category) : undefined)),
    topic ? areSubscribed(records, setting.organisation.id, topic, owners) : undefined,
    areMeant(all, job, setting, records),
  ]);
  const { timeZone } = setting.organisation;
  const wishes = persons.map((person, i) => {
    if (!person) return undefined;
    // Whether somebody has a device is the outbox's to find out.
    const reachedBy = [...(person.value.phone === undefined ? [] : (['sms'] as const)), 'push' as const];
    return wishesOf(preferences[i]?.value, category && declined[i] ? [category] : [], { timeZone, reachedBy });
  });
  const counted = owners.flatMap((owner, i) => {
    const ofPerson = wishes[i];
    return ofPerson && !earlier.has(places[i]!) ? [{ owner, day: recipientsDay(ofPerson, now), i }] : [];
  });
  const numbers = await allSentToday(records, counted);
  const slots = new Map(counted.map(({ i, day }, n) => [i, { day, number: numbers[n]! }]));
  const verdict = (owner: Owner, i: number): Verdict => {
    const person = persons[i]?.value;
    const reply = replies[i]?.value;
    if (!person && !reply) return skip('recipient-gone');
    if (subscribed?.[i] === false) return skip('not-subscribed');
    if (person && !meant.is(person, i)) return skip('not-allowed');
    const address = person ? person.email : reply?.email;
    if (address === undefined) return skip('no-address');
    if (stops[i]?.value.address === address) return skip('undeliverable-address');
    const ofPerson = wishes[i];
    if (!person || !ofPerson) {
      // Who gave the address at a form of the organisation itself knows whom it is from.
      const { language, fromForm } = reply!;
      return { do: 'send', reader: { owner, address, language, isProtected: fromForm !== true } };
    }
    const { childId } = all[i]!;
    const isProtected = person.protectedAddress || meant.throughProtected(i);
    const reader: Reader = { owner, address, language: person.language, isProtected, ...(childId && { childId }) };
    const before = earlier.get(places[i]!);
    const slot = slots.get(i);
    const { email, further } = planOf(noticeKinds[templateOf[job.kind]], ofPerson, slot?.number ?? 0, now);
    if (email.do === 'not' && further.length === 0) return skip('declined');
    if (mayBeOut(before)) return { do: 'send', reader };
    if (email.do !== 'now' || further.length > 0) return { do: 'queue', reader };
    return { do: 'send', reader, ...(slot && { slot }) };
  };
  return new Map(places.map((place, i) => [place, verdict(owners[i]!, i)]));
}

const isPerson = ({ subject }: Owner): boolean => PersonId.safeParse(subject).success;
const personRef = (owner: Owner) => (isPerson(owner) ? ({ entity: personEntity, owner } as const) : undefined);
const replyRef = ({ controller, subject }: Owner) => {
  const requestId = RequestId.safeParse(subject);
  return requestId.success ? replyAddressRef(controller, requestId.data) : undefined;
};

/** One wave: the records of those who can have one, in the order of all. */
async function sparse<E extends EntityDeclaration>(
  records: Records,
  owners: readonly Owner[],
  refOf: (owner: Owner) => Ref<E> | undefined,
): Promise<(Stored<E> | undefined)[]> {
  const refs = owners.map(refOf);
  const found = await records.getMany(refs.filter((ref) => ref !== undefined));
  let next = 0;
  return refs.map((ref) => (ref ? found[next++] : undefined));
}

interface Meant {
  is(person: PersonRecord, i: number): boolean;
  /** The organisation's name would say where a protected child is. */
  throughProtected(i: number): boolean;
}

/**
 * Whether they are still those whom it is meant for: a guardian by what stands between them and the child (a block beats
 * every link), members and staff by what they are themselves.
 */
async function areMeant(
  recipients: readonly Recipient[],
  { audience }: DistributionJob,
  setting: Setting,
  records: Records,
): Promise<Meant> {
  if (!('readers' in audience)) return { is: () => true, throughProtected: () => false };
  const { id: organisationId } = setting.organisation;
  const childIds = recipients.map(({ childId }) => childId);
  const tied = recipients.flatMap(({ owner, childId }) =>
    childId === undefined ? [] : [{ owner: ownerOf(organisationId, childId), key: owner.subject }],
  );
  const [links, blocks, children] = await Promise.all([
    records.getMany(tied.map((tie) => ({ entity: guardianLinkEntity, ...tie }))),
    records.getMany(tied.map((tie) => ({ entity: blockEntity, ...tie }))),
    records.getMany(tied.map(({ owner }) => ({ entity: personEntity, owner }))),
  ]);
  const staff = audience.readers.includes('staff')
    ? await staffAmong(recipients, audience, setting, records)
    : new Set();
  let next = 0;
  const ties = childIds.map((childId) => (childId === undefined ? undefined : next++));
  return {
    is: (person, i) => {
      const tie = ties[i];
      if (tie === undefined) return staff.has(person.id) || isServedIn(person, 'members', audience, setting);
      const [link, child] = [links[tie]?.value, children[tie]?.value];
      if (!link || !child || !isServedIn(child, 'guardians', audience, setting)) return false;
      return mayBeTold({ link, isBlocked: blocks[tie] !== undefined }, setting.today);
    },
    throughProtected: (i) => {
      const tie = ties[i];
      return tie !== undefined && (children[tie]?.value.protectedAddress ?? true);
    },
  };
}

async function staffAmong(
  recipients: readonly Recipient[],
  audience: DistributionJob['audience'],
  setting: Setting,
  records: Records,
): Promise<ReadonlySet<string>> {
  const ids = recipients.flatMap(({ owner, childId }) => (childId === undefined ? [owner.subject as PersonId] : []));
  const are = await Promise.all(ids.map((id) => isStaffIn(records, { id }, audience, setting)));
  return new Set(ids.filter((_, i) => are[i]));
}
