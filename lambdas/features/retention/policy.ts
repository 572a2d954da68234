import { profiles as allProfiles, type Profile } from '../../access/roles.ts';
import { dayIn, daysAfter, endOfTerm, instantOf } from '../../platform/calendar.ts';
import type { RetentionClass } from '../../platform/entity.ts';
import { daysIn, type Kept, type Length, type Term, terms } from './terms.ts';

/** The terms in force: of every retention class, and of what else the profile keeps. */
export type Policy = Readonly<Record<Everywhere, Term>> & Readonly<Partial<Record<Kept, Term>>>;
/** The classes that every profile has. */
type Everywhere = {
  [K in RetentionClass]: (typeof terms)[K] extends { readonly profiles: readonly Profile[] } ? never : K;
}[RetentionClass];

/** What an organisation has decided otherwise for. Lengthening needs a basis, which is recorded with it. */
export type Adjustments = {
  readonly [K in Adjustable]?: { readonly length: Length; readonly basis?: string | undefined } | undefined;
};

/** Of what an organisation is the controller, and may say how long. What hangs together dies together: see `follows`. */
export const adjustable = ['person', 'photo', 'position', 'chat', 'enquiry', 'ticket', 'identified-usage'] as const;
export type Adjustable = (typeof adjustable)[number];
/** Roles and attendance are nothing without the person: they are kept as long as the person, never longer. */
const follows = { person: ['membership', 'attendance', 'daily-life'] } as const;

/** An organisation may ask for more only so far, whatever its basis. */
export const LENGTHENED_YEARS_MAX = 5;
/** Less than a day cannot be held by a daily sweep. */
const SHORTENED_DAYS_MIN = 1;

/** The default terms of a profile; of several together, what any of them keeps, each for the shortest. */
export function policyOf(profiles: Profile | readonly Profile[], adjustments: Adjustments = {}): Policy {
  const under = typeof profiles === 'string' ? [profiles] : profiles;
  const held = Object.entries(terms).filter(([, term]) => isHeldUnder(under, term));
  const policy: Partial<Record<Kept, Term>> = Object.fromEntries(held.map(([kept, term]) => [kept, plain(term)]));
  for (const kept of adjustable) {
    const length = adjustments[kept]?.length;
    if (!length) continue;
    for (const one of [kept, ...(kept === 'person' ? follows.person : [])]) {
      const term = policy[one];
      if (term) policy[one] = { ...term, length: notBelow(term.floor?.length, length) };
    }
  }
  // A picture of nobody: it never outlives the person.
  const { person, photo } = policy;
  if (person?.length && photo?.length) policy.photo = { ...photo, length: shortest([photo.length, person.length]) };
  return policy as Policy;
}

type Declared = Term & { readonly profiles?: readonly Profile[] };
const isHeldUnder = (under: readonly Profile[], { profiles }: Declared) =>
  under.some((profile) => (profiles ?? allProfiles).includes(profile));
const plain = ({ length, after, floor }: Term): Term => ({ after, ...(length && { length }), ...(floor && { floor }) });

const shortest = (lengths: readonly [Length, ...Length[]]): Length =>
  lengths.reduce((least, length) => (daysIn(length) < daysIn(least) ? length : least));
const notBelow = (floor: Length | undefined, length: Length): Length =>
  floor && daysIn(length) < daysIn(floor) ? floor : length;

/** Why an organisation's wish cannot be granted; undefined when it can. */
export function refusalOf(
  profile: Profile,
  kept: Adjustable,
  { length, basis }: { readonly length: Length; readonly basis?: string | undefined },
): 'not-kept' | 'too-short' | 'below-statute' | 'basis-needed' | 'too-long' | undefined {
  const term = policyOf(profile)[kept];
  if (!term?.length) return 'not-kept';
  if (daysIn(length) < SHORTENED_DAYS_MIN) return 'too-short';
  if (term.floor && daysIn(length) < daysIn(term.floor.length)) return 'below-statute';
  if (daysIn(length) <= daysIn(term.length)) return undefined;
  if (daysIn(length) > daysIn({ years: LENGTHENED_YEARS_MAX })) return 'too-long';
  return basis === undefined ? 'basis-needed' : undefined;
}

/**
 * The first day on which it is kept no longer: terms count calendar months and days from the local date of the event
 * (a day, or an instant) and end at 24:00. What has no length is due the day after the event.
 */
export function dueDay({ length, after }: Term, event: string, timeZone: string): string {
  const day = event.length === 'yyyy-mm-dd'.length ? event : dayIn(timeZone, new Date(event));
  const from = after === 'accounting-year-ended' ? `${day.slice(0, 'yyyy'.length)}-12-31` : day;
  return daysAfter(length ? dayAfter(from, length) : from, 1);
}

/** The instant at which the term ends: 00:00 of the due day. */
export const dueAt = (term: Term, event: string, timeZone: string): Date =>
  instantOf(timeZone, dueDay(term, event, timeZone));

function dayAfter(day: string, length: Length): string {
  if ('days' in length) return daysAfter(day, length.days);
  const months = 'months' in length ? length.months : 12 * length.years;
  const end = endOfTerm('UTC', new Date(`${day}T12:00:00Z`), months);
  return daysAfter(end.toISOString().slice(0, 'yyyy-mm-dd'.length), -1);
}

/** What may happen to what is held about a subject in one class. */
interface Held {
  readonly retentionClass: RetentionClass;
  /** The day, or the instant, that its term counts from; absent while that has not come. */
  readonly endedOn: string | undefined;
  readonly timeZone: string;
  /** Legal holds and restrictions (Art. 18) in force. */
  readonly holds: readonly string[];
}

/** `held`: its term is over, but a legal hold or a restriction keeps it. */
export function retentionDecision(held: Held, policy: Policy, now: Date): 'keep' | 'erase' | 'held' {
  const { retentionClass, endedOn, timeZone, holds } = held;
  // What was kept under another profile is kept no longer than it would have been there.
  const term = policy[retentionClass] ?? terms[retentionClass];
  if (endedOn === undefined || term.after === 'none') return 'keep';
  if (now < dueAt(term, endedOn, timeZone)) return 'keep';
  return holds.length > 0 ? 'held' : 'erase';
}
