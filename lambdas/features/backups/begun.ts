import * as z from 'zod';
import type { BackupFiles } from '../../platform/backup-files.ts';
import { type BackedUpTable, backedUpTables, parsedJson, prefixOfDay } from './backup.ts';

const DayBegun = z.strictObject({ generation: z.int().min(1), exportTime: z.iso.datetime() });
/** What all exports of a day have in common. */
export type DayBegun = z.output<typeof DayBegun>;

const Attempt = z.union([
  z.strictObject({ exportArn: z.string() }),
  z.strictObject({ refused: z.literal('outside-recovery-window') }),
]);
export type Attempt = z.output<typeof Attempt>;

/** What a part of the user pool's snapshot says of itself; `next` is Cognito's token of the page after it, absent in the last. */
const UserPart = z.strictObject({ startedAt: z.iso.datetime(), count: z.int().min(0), next: z.string().optional() });
export type UserPart = z.output<typeof UserPart>;

/**
 * What has been begun for a day's backup, as the workers tell each other: small files in the day's own folder, apart for
 * each generation of the tables. What was begun of tables that a restore has replaced meanwhile counts no more. They are
 * of no use once the day is whole, so they are not copied.
 */
export interface Begun {
  readonly day: DayBegun | undefined;
  /** First to last. */
  readonly attempts: Readonly<Record<BackedUpTable, readonly Attempt[]>>;
  /** Of one and the same listing. */
  readonly userParts: readonly UserPart[];
}

const begunPrefix = (day: string) => `${prefixOfDay(day)}begun/`;
const numbered = (number: number) => String(number).padStart(5, '0');
const folderOf = (day: string, generation: number) => `${begunPrefix(day)}g${numbered(generation)}/`;
const generationIn = /\/begun\/g(\d+)\//;
export const begunDayKey = (day: string, generation: number) => `${folderOf(day, generation)}day.json`;
/** Attempts and parts are counted from 1. */
export const attemptKey = (day: string, generation: number, table: BackedUpTable, attempt: number) =>
  `${folderOf(day, generation)}${table}-${numbered(attempt)}.json`;
export const userPartStateKey = (day: string, generation: number, part: number) =>
  `${folderOf(day, generation)}users-${numbered(part)}.json`;

/** Of the newest generation that the day was begun in. */
export async function readBegun(day: string, files: Pick<BackupFiles, 'get' | 'files'>): Promise<Begun> {
  const stored = new Map<string, unknown>();
  let generation = 0;
  for await (const { key } of files.files(begunPrefix(day))) {
    generation = Math.max(generation, Number(generationIn.exec(key)?.[1] ?? 0));
    const content = await files.get(key);
    if (content) stored.set(key, parsedJson(content));
  }
  const attempts = backedUpTables.map((table) => [
    table,
    inOrder(stored, attemptKey(day, generation, table, 1), Attempt),
  ]);
  return {
    day: DayBegun.optional().parse(stored.get(begunDayKey(day, generation))),
    attempts: Object.fromEntries(attempts) as unknown as Begun['attempts'],
    userParts: ofOneListing(inOrder(stored, userPartStateKey(day, generation, 1), UserPart)),
  };
}

/** All that are numbered like the first, in S3's order, which is theirs. */
function inOrder<S extends z.ZodType>(stored: ReadonlyMap<string, unknown>, first: string, schema: S): z.output<S>[] {
  const prefix = first.slice(0, -`${numbered(1)}.json`.length);
  return [...stored].filter(([key]) => key.startsWith(prefix)).map(([, content]) => schema.parse(content));
}

/** What an earlier listing has left behind it tells another time. */
function ofOneListing(parts: readonly UserPart[]): UserPart[] {
  const end = parts.findIndex(({ next }) => next === undefined);
  const other = parts.findIndex(({ startedAt }) => startedAt !== parts[0]?.startedAt);
  return parts.slice(0, Math.min(...[end + 1, other].filter((at) => at > 0), parts.length));
}
