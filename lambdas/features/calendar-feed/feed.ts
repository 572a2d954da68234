import { createHash, randomBytes } from 'node:crypto';
import * as z from 'zod';
import { oneLine } from '../../http/free-text.ts';
import { type AccountId, CalendarFeedId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import type { PointerKey } from '../../platform/records.ts';
import { accountOwner } from '../accounts/account.ts';
import { PlainDate } from '../people/person.ts';
import { expiryAfter, terms } from '../retention/terms.ts';

/** Addresses of one account at a time: a phone, a family's screen, a grandparent; more is a mistake. */
export const FEEDS_MAX = 10;
export const ICALENDAR = 'text/calendar; charset=utf-8';

/** 192 bits: an address cannot be guessed, so knowing it is having been given it. */
const TOKEN_BYTES = 24;
const TOKEN_CHARACTERS = 32;
/**
 * How much an address tells whoever has it. `initials`: no name of a child, no description. `busy`: when, and nothing
 * else.
 */
export const levels = ['full', 'initials', 'busy'] as const;
export type Level = (typeof levels)[number];

const Instant = z.iso.datetime();

/** An address at which a calendar app reads the calendar of an account (FW-04), for whoever has the address. */
export const CalendarFeed = z.strictObject({
  id: CalendarFeedId,
  name: oneLine({ max: 60 }),
  level: z.enum(levels),
  /** Of the secret part; the secret itself is kept nowhere. */
  hash: z.string().length(43),
  createdAt: Instant,
  expiresAt: Instant,
  /** The last day (in Oslo) on which it was read. */
  lastFetchedOn: PlainDate.optional(),
});
export type CalendarFeed = z.output<typeof CalendarFeed>;

/** In Transient, of which no backup is made: a restore must not bring back an address that was revoked. */
export const calendarFeedEntity = entity({
  name: 'calendar-feed',
  table: 'transient',
  sortKey: 'CALENDAR-FEED',
  schema: CalendarFeed,
  schemaVersion: 1,
  ourRole: 'controller',
  purpose: 'to let a person follow their calendar in an app of their own',
  legalBasis: 'contract',
  article9: 'none',
  source: 'data-subject',
  retentionClass: 'account',
  exported: 'copy',
  onErasure: 'delete',
});

export const calendarFeedRef = (accountId: AccountId, id: CalendarFeedId) =>
  ({ entity: calendarFeedEntity, owner: accountOwner(accountId), key: id }) as const;

/** From an address to its feed, and from the account's own partition to that row: an erasure finds it as it finds links. */
export const feedPointers = {
  address: (hash: string) => ({ table: 'transient', pk: `LINK#${hash}`, sk: 'LINK' }) as const satisfies PointerKey,
  ofAccount: (accountId: AccountId, hash: string) =>
    ({ table: 'transient', pk: `operator#${accountId}`, sk: `LINK#${hash}` }) as const satisfies PointerKey,
};

/** The last part of an address: the secret, as a file of calendars is called. */
export const FeedFile = z
  .string()
  .regex(new RegExp(`^[A-Za-z0-9_-]{${TOKEN_CHARACTERS}}\\.ics$`))
  .meta({
    description: 'The secret part of the address, with `.ics`.',
    examples: [`${'A'.repeat(TOKEN_CHARACTERS)}.ics`],
  });

/** A new feed, and the last part of its address, which is told once. */
export function newFeed(
  wanted: Pick<CalendarFeed, 'id' | 'name' | 'level'>,
  now: Date,
): { feed: CalendarFeed; file: string } {
  const file = `${randomBytes(TOKEN_BYTES).toString('base64url')}.ics`;
  // An address that somebody forgot ends by itself.
  const expires = new Date(expiryAfter(terms['calendar-feed'].length, now) * 1000);
  const feed = { ...wanted, hash: hashOf(file), createdAt: now.toISOString(), expiresAt: expires.toISOString() };
  return { feed, file };
}

/** SHA-256 without salt or stretching is enough for 192 random bits; no link from a letter has the same one. */
export const hashOf = (file: string): string => createHash('sha256').update(`calendar ${file}`).digest('base64url');
export const expiryOf = ({ expiresAt }: CalendarFeed): number => Math.floor(Date.parse(expiresAt) / 1000);
