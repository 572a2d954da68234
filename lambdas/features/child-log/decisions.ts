import type { LogEntryId, PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { dayIn, daysAfter } from '../../platform/calendar.ts';
import { type LogContent, type NewContent, textOf } from './content.ts';
import { CORRECTIONS_MAX, type LogEntry } from './entry.ts';

/** How long whoever wrote an entry may change it as if it had never been otherwise. */
export const FREE_EDIT_MINUTES = 15;
/** How far back an entry may be made. */
export const DAYS_BACK_MAX = 31;
/** Clocks of phones go ahead of ours. */
const AHEAD_SECONDS_MAX = 120;
const SLEEP_HOURS_MAX = 24;

/** Everything that changes an entry, decided purely. Instants are RFC 3339 in UTC. */
export interface Hand {
  readonly by: PersonId;
  readonly now: Date;
  /** The organisation's. */
  readonly timeZone: string;
}

/** What a client sent, with the time and the giver that it left out. */
export function filledIn(content: NewContent, { by, now }: Pick<Hand, 'by' | 'now'>): LogContent {
  const at = content.at ?? now.toISOString();
  return content.kind === 'medicine' ? { ...content, at, givenBy: content.givenBy ?? by } : { ...content, at };
}

/** Throws `wrong-state` for a time that cannot be. */
export function newEntry(
  { id, content, visibleTo }: { readonly id: LogEntryId } & Pick<LogEntry, 'content' | 'visibleTo'>,
  hand: Hand,
): LogEntry {
  demandPossibleTimes(content, hand);
  const { by, now, timeZone } = hand;
  const day = dayIn(timeZone, new Date(content.at));
  if (day < daysAfter(dayIn(timeZone, now), -DAYS_BACK_MAX))
    throw new Problem('wrong-state', `At most ${DAYS_BACK_MAX} days back.`);
  return { id, day, content, visibleTo, by, createdAt: now.toISOString(), corrections: [] };
}

/**
 * Its author may change it freely for a quarter of an hour, while nobody has vouched for it; after that, and by anybody
 * else, it is a correction that keeps what stood there. Throws `wrong-state` and `too-many`.
 */
export function edited(entry: LogEntry, after: Pick<LogEntry, 'content' | 'visibleTo'>, hand: Hand): LogEntry {
  demandStanding(entry);
  if (after.content.kind !== entry.content.kind)
    throw new Problem('wrong-state', 'An entry stays of its kind. Remove it and make another.');
  demandPossibleTimes(after.content, hand);
  if (dayIn(hand.timeZone, new Date(after.content.at)) !== entry.day)
    throw new Problem('wrong-state', 'An entry stays on its day. Remove it and make another.');
  const { confirmed, ...rest } = entry;
  // The end of a sleep is the entry's own second half, not a correction of the first.
  const isWakingUp = isEndOfSleep(entry.content, after.content) && after.visibleTo === entry.visibleTo;
  if (isFree(entry, hand) || isWakingUp) return { ...rest, ...after };
  if (entry.corrections.length >= CORRECTIONS_MAX)
    throw new Problem('too-many', `At most ${CORRECTIONS_MAX} corrections.`);
  const { content, visibleTo } = entry;
  const before = { content, visibleTo, ...(confirmed && { confirmed }) };
  const correction = { at: hand.now.toISOString(), by: hand.by, before };
  return { ...rest, ...after, corrections: [...entry.corrections, correction] };
}

/** Undefined: nothing of it is left. Throws `wrong-state` for one that is removed already. */
export function removed(entry: LogEntry, hand: Hand): LogEntry | undefined {
  demandStanding(entry);
  if (isFree(entry, hand)) return undefined;
  return { ...entry, removed: { by: hand.by, at: hand.now.toISOString() } };
}

/** Throws `wrong-state` for what nobody confirms, and `second-person-required` for whoever gave it or wrote it down. */
export function confirmed(entry: LogEntry, { by, now }: Pick<Hand, 'by' | 'now'>): LogEntry {
  demandStanding(entry);
  const { content } = entry;
  if (content.kind !== 'medicine') throw new Problem('wrong-state', 'Only medicine is confirmed.');
  if (entry.confirmed) throw new Problem('wrong-state', 'It is confirmed already.');
  if (by === content.givenBy || by === entry.by)
    throw new Problem('second-person-required', 'Another member of staff confirms a medicine.');
  return { ...entry, confirmed: { by, at: now.toISOString() } };
}

interface Named {
  readonly firstName: string;
  readonly lastName: string;
}
/**
 * Whether a text that is kept about several children names one of them: each would stand in the others' records. Also
 * with the `s` of the genitive. Pure.
 */
export function namesOneOf(children: readonly Named[], content: NewContent): boolean {
  const written = new Set(wordsOf(textOf(content)));
  const names = children.flatMap(({ firstName, lastName }) => wordsOf(`${firstName} ${lastName}`));
  return names.some((name) => name.length >= 2 && (written.has(name) || written.has(`${name}s`)));
}

const wordsOf = (text: string): string[] =>
  text
    .normalize('NFC')
    .toLocaleLowerCase('nb')
    .match(/\p{L}+/gu) ?? [];

const isFree = ({ by, createdAt, confirmed, corrections }: LogEntry, hand: Hand): boolean =>
  by === hand.by &&
  confirmed === undefined &&
  corrections.length === 0 &&
  hand.now.getTime() - Date.parse(createdAt) <= FREE_EDIT_MINUTES * 60_000;

const isEndOfSleep = (before: LogContent, after: LogContent): boolean =>
  before.kind === 'sleep' &&
  after.kind === 'sleep' &&
  before.until === undefined &&
  after.until !== undefined &&
  before.at === after.at;

function demandStanding(entry: LogEntry): void {
  if (entry.removed) throw new Problem('wrong-state', 'The entry has been removed.');
}

function demandPossibleTimes(content: LogContent, { now }: Hand): void {
  const latest = now.getTime() + AHEAD_SECONDS_MAX * 1000;
  const at = Date.parse(content.at);
  const until = content.kind === 'sleep' && content.until !== undefined ? Date.parse(content.until) : at;
  if (at > latest || until > latest) throw new Problem('wrong-state', 'It lies ahead.');
  if (until < at) throw new Problem('wrong-state', 'It ends before it begins.');
  if (until - at > SLEEP_HOURS_MAX * 3_600_000)
    throw new Problem('wrong-state', `At most ${SLEEP_HOURS_MAX} hours of sleep.`);
}
