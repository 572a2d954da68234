import type { Profile } from '../../access/roles.ts';
import type { RetentionClass } from '../../platform/entity.ts';

/** A length of time by the calendar; exactly one of the three. */
export type Length = { readonly days: number } | { readonly months: number } | { readonly years: number };

/** What a term counts from. */
export type After =
  | 'created'
  | 'placement-or-role-ended'
  | 'answered'
  | 'import-ended'
  | 'closed'
  | 'works-ended'
  | 'last-mattered'
  | 'agreement-ended'
  | 'accounting-year-ended'
  /** A time, or something that happens, has passed. */
  | 'over'
  | 'withdrawn'
  /** No term of its own: it goes with what it belongs to. */
  | 'none';

export interface Term {
  /** Absent where it goes at once, or with what it belongs to. */
  readonly length?: Length;
  readonly after: After;
  /** A statute that demands at least this much: no profile and no organisation goes below it. */
  readonly floor?: { readonly length: Length; readonly law: string };
}

/** What has a term beside the retention classes: by the table in promises.md, or sooner than the rest of its class. */
export type Beside =
  | 'join-request'
  | 'officer-thread'
  | 'slot'
  | 'past-event'
  | 'calendar-feed'
  | 'web-log'
  | 'activity'
  | 'enquiry'
  | 'closed-enquiry'
  | 'sign-up'
  | 'webhook-message'
  | 'subscription'
  | 'survey'
  | 'backup';
export type Kept = RetentionClass | Beside;

interface Declared extends Term {
  /** Absent: under every profile. */
  readonly profiles?: readonly Profile[];
}

const sixMonths = { length: { months: 6 }, after: 'placement-or-role-ended' } as const;
const bookkeepingAct = 'Bookkeeping Act (bokføringsloven), section 13';

/**
 * How long everything is kept: the table "Default terms" of promises.md, in one place. TTLs, the sweep, lifecycle
 * rules, log retention and the words of statements and agreements are derived from here.
 */
export const terms = {
  account: { after: 'none' },
  'sign-in': { length: { days: 21 }, after: 'created' },
  person: sixMonths,
  membership: sixMonths,
  photo: { length: { months: 1 }, after: 'placement-or-role-ended' },
  attendance: sixMonths,
  'daily-life': sixMonths,
  consented: { after: 'withdrawn' },
  export: { length: { days: 7 }, after: 'created' },
  request: { length: { days: 30 }, after: 'answered' },
  consent: {
    length: { years: 3 },
    after: 'last-mattered',
    floor: { length: { years: 3 }, law: 'GDPR Art. 5(2) and 7(1); Limitation Act (foreldelsesloven), section 2' },
  },
  agreement: { length: { months: 1 }, after: 'agreement-ended' },
  organisation: { length: { days: 90 }, after: 'agreement-ended' },
  import: { length: { days: 30 }, after: 'import-ended' },
  notice: { length: { years: 1 }, after: 'created' },
  transient: { length: { days: 1 }, after: 'created' },
  'join-request': { length: { days: 30 }, after: 'created' },
  // Free text proves nothing that has to be kept: it goes long before the rest of its class.
  'officer-thread': { length: { days: 30 }, after: 'closed' },
  slot: { length: { months: 6 }, after: 'over', profiles: ['family', 'kindergarten', 'safety'] },
  'past-event': { length: { years: 1 }, after: 'over' },
  'calendar-feed': { length: { years: 1 }, after: 'created' },
  'web-log': { length: { days: 14 }, after: 'created' },
  'identified-usage': { length: { days: 21 }, after: 'created', profiles: ['workplace'] },
  position: { length: { days: 30 }, after: 'created', profiles: ['safety', 'workplace'] },
  activity: { length: { years: 1 }, after: 'created' },
  chat: { length: { days: 90 }, after: 'created' },
  enquiry: { length: { months: 6 }, after: 'created' },
  'closed-enquiry': { length: { days: 30 }, after: 'closed' },
  'sign-up': { length: { days: 30 }, after: 'over' },
  'webhook-message': { length: { days: 30 }, after: 'created' },
  subscription: { after: 'withdrawn' },
  survey: { length: { months: 6 }, after: 'over' },
  ticket: { length: { years: 2 }, after: 'closed' },
  'site-list': {
    length: { months: 6 },
    after: 'works-ended',
    floor: { length: { months: 6 }, law: 'Construction Client Regulations (byggherreforskriften), section 15' },
    profiles: ['workplace'],
  },
  'time-sheet': {
    length: { months: 42 },
    after: 'accounting-year-ended',
    floor: { length: { months: 42 }, law: bookkeepingAct },
    profiles: ['workplace'],
  },
  invoice: {
    length: { years: 5 },
    after: 'accounting-year-ended',
    floor: { length: { years: 5 }, law: bookkeepingAct },
  },
  // ALL-05: the strictest of all profiles (AT-04), for every backup (SM-12 would allow four months).
  backup: { length: { days: 90 }, after: 'created' },
} as const satisfies Record<Kept, Declared>;

/** For comparing lengths, never for counting: an average month and year. */
export function daysIn(length: Length): number {
  if ('days' in length) return length.days;
  return 'months' in length ? length.months * 30.4375 : length.years * 365.25;
}

/** When what began at an instant has been kept for that long, in seconds since the epoch: to the second, by the UTC calendar. */
export function expiryAfter(length: Length, from: Date): number {
  const expiry = new Date(from);
  if ('days' in length) expiry.setUTCDate(expiry.getUTCDate() + length.days);
  else {
    const day = from.getUTCDate();
    expiry.setUTCMonth(from.getUTCMonth() + ('months' in length ? length.months : 12 * length.years));
    // 31 January plus a month is the last of February, not the third of March.
    if (expiry.getUTCDate() !== day) expiry.setUTCDate(0);
  }
  return Math.floor(expiry.getTime() / 1000);
}
