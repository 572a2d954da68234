import * as z from 'zod';
import { AccountId } from '../../http/ids.ts';
import { dayIn, daysAfter, instantOf } from '../../platform/calendar.ts';
import type { TableName } from '../../platform/tables.ts';
import { terms } from '../retention/terms.ts';

/** A day's backup is the operator's: of all organisations at once. */
export const OPERATORS_ZONE = 'Europe/Oslo';

export const backedUpTables = ['core', 'activity', 'rights'] as const satisfies readonly TableName[];
export type BackedUpTable = (typeof backedUpTables)[number];

/**
 * A missed day is made up for as long as this, although AWS could go back 35 days: a copy shows its day but is locked
 * and expires by when it was made, so one that is made later would outlive the 90 days of whoever was erased meanwhile.
 */
const CATCH_UP_DAYS_MAX = 2;
/** What is not there by then is said to be missing (FW-11). */
const DUE_AT = '14:00';

/** S3's own terms: the lifecycle expires at 83, takes older versions a day later, and the lock ends before (ALL-05). */
export const LOCKED_DAYS = 82;
export const SWEPT_AFTER_DAYS = 87;
export const TOO_OLD_AFTER_DAYS = 88;
export const DAY_MILLISECONDS = 86_400_000;

const Day = z.iso.date();
const Instant = z.iso.datetime();

/** `backup.json`: written last, so a day that has it is whole. Counts, keys and instants alone. */
const BackupManifest = z.object({
  format: z.literal('vern-backup-1'),
  day: Day,
  generation: z.int().min(1),
  completedAt: Instant,
  tables: z.record(
    z.enum(backedUpTables),
    z.object({
      tableArn: z.string(),
      /** Of the export's `manifest-summary.json`; the data lies in `data/` beside it. */
      manifestKey: z.string(),
      exportTime: Instant,
      itemCount: z.int().min(0),
      bytes: z.int().min(0),
    }),
  ),
  users: z.object({
    /** What the keys of its parts begin with. */
    key: z.string(),
    count: z.int().min(0),
    takenAt: Instant,
  }),
  objects: z.array(z.object({ key: z.string(), bytes: z.int().min(0), etag: z.string() })),
});
export type BackupManifest = z.output<typeof BackupManifest>;

/** Throws for what is no manifest of ours. */
export const parseBackup = (bytes: Uint8Array): BackupManifest => BackupManifest.parse(parsedJson(bytes));
export const parsedJson = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString('utf8'));

export const prefixOfDay = (day: string) => `daily/${day}/`;
export const backupManifestKey = (day: string) => `${prefixOfDay(day)}backup.json`;
export const exportPrefix = (day: string, table: BackedUpTable) => `${prefixOfDay(day)}${table}`;
export const usersPrefix = (day: string) => `${prefixOfDay(day)}users/`;

/** A line of the user pool's snapshot; `sealed` under the account's own key. */
const UserLine = z.object({ account: AccountId, sealed: z.string() });
/** Whose lines stand in a part of the user pool's snapshot. Throws for what is no such part. */
export const accountsInPart = (part: Uint8Array): AccountId[] =>
  Buffer.from(part)
    .toString('utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => UserLine.parse(JSON.parse(line)).account);
/** Where the copy of a file lies in the offline bucket. */
export const offlineKey = (key: string) => `copies/${key}`;
/** Where the copy of an uploaded file lies, whichever day it was made on. */
export const filesKey = (key: string) => `files/${key}`;
/** Below it lies a folder for each day. */
export const OFFLINE_DAYS = offlineKey('daily/');

/** The days that may lack a backup now: today first, then those that can still be made up for. */
export function daysToBackUp(now: Date): string[] {
  const today = dayIn(OPERATORS_ZONE, now);
  return Array.from({ length: CATCH_UP_DAYS_MAX + 1 }, (_, back) => daysAfter(today, -back));
}

/** What a day's exports show: now, or the last second of a day that was missed. DynamoDB counts in seconds. */
export function momentOf(day: string, now: Date): string {
  const lastSecond = instantOf(OPERATORS_ZONE, daysAfter(day, 1)).getTime() - 1000;
  const thisSecond = Math.floor(now.getTime() / 1000) * 1000;
  return new Date(Math.min(lastSecond, thisSecond)).toISOString();
}

export const isDue = (day: string, now: Date): boolean => now >= instantOf(OPERATORS_ZONE, day, DUE_AT);

/** The moment that the whole backup shows; its lock and its end count from here, whenever it was copied. */
const shownBy = ({ tables }: BackupManifest): number =>
  Math.min(...Object.values(tables).map(({ exportTime }) => Date.parse(exportTime)));

export const lockedUntil = (backup: BackupManifest): Date => new Date(shownBy(backup) + LOCKED_DAYS * DAY_MILLISECONDS);

/** The day on which nothing of it is left anywhere, at the latest. */
export const expiresOn = (day: string): string => daysAfter(day, terms.backup.length.days);

const dayInKey = /(?:^|\/)daily\/(\d{4}-\d{2}-\d{2})\//;

/** Whole days since what lies there was current: by the day in its key, or by when it was written if that was earlier. */
export function ageInDays({ key, lastModified }: { key: string; lastModified: Date }, now: Date): number {
  const day = dayInKey.exec(key)?.[1];
  const shown = Math.min(lastModified.getTime(), day === undefined ? Number.POSITIVE_INFINITY : Date.parse(day));
  return Math.floor((now.getTime() - shown) / DAY_MILLISECONDS);
}
