import type { Call } from '../../http/call.ts';
import { AccountId } from '../../http/ids.ts';
import type { BackupFiles } from '../../platform/backup-files.ts';
import { Closed } from '../../platform/records.ts';
import type { PoolListing, PoolUser } from '../../platform/user-directory.ts';
import { accountOwner } from '../accounts/account.ts';
import { backupManifestKey, daysToBackUp, usersPrefix } from './backup.ts';
import { readBegun, type UserPart, userPartStateKey } from './begun.ts';

/** Pages of the pool in one part, which is what a run that was cut off does again. */
const PAGES_PER_PART = 50;
const PARTS_MAX = 10_000;

export interface SnapshotMaker {
  readonly pool: PoolListing;
  readonly files: Pick<BackupFiles, 'get' | 'put' | 'files'>;
  /** Fresh records each time: whoever is erased meanwhile is seen to be. */
  openCall(): Call;
  hasTimeLeft(): boolean;
}

/** Makes the snapshots that days which have been begun still lack, and goes on with one that was cut off. */
export async function snapshotDays(maker: SnapshotMaker): Promise<void> {
  for (const day of daysToBackUp(maker.openCall().now)) {
    if (!maker.hasTimeLeft()) return;
    if (await maker.files.get(backupManifestKey(day))) continue;
    const { day: begun, attempts, userParts } = await readBegun(day, maker.files);
    const isLost = Object.values(attempts).some((ofTable) => ofTable.some((attempt) => 'refused' in attempt));
    if (begun && !isLost) await snapshotUsers({ day, generation: begun.generation }, userParts, maker);
  }
}

/** The day, and the generation of the tables that its accounts were found in. */
interface SnapshotOf {
  readonly day: string;
  readonly generation: number;
}

/**
 * The user pool of a day, in parts of JSON lines. Each line is sealed under its account's own key, so an erasure reaches
 * it there as well. Users without an account (never accepted) are left out: they have no key, and are invited again.
 */
async function snapshotUsers(of: SnapshotOf, before: readonly UserPart[], maker: SnapshotMaker): Promise<void> {
  let parts = before;
  while (maker.hasTimeLeft() && !isSnapshotWhole(parts) && parts.length < PARTS_MAX) {
    const part = await makePart(of, parts, maker);
    // Cognito has forgotten where its listing left off: from the beginning, under a first part that tells another time.
    parts = part === 'expired' ? [] : [...parts, part];
  }
}

async function makePart(
  { day, generation }: SnapshotOf,
  before: readonly UserPart[],
  maker: SnapshotMaker,
): Promise<UserPart | 'expired'> {
  const startedAt = before[0]?.startedAt ?? maker.openCall().now.toISOString();
  const lines: string[] = [];
  let next = before.at(-1)?.next;
  for (let page = 0; page < PAGES_PER_PART; page++) {
    const listed = await maker.pool.page(next);
    if (listed === 'expired') return listed;
    lines.push(...(await sealedLines(day, listed.users, maker.openCall())));
    next = listed.next;
    if (next === undefined) break;
  }
  const part: UserPart = { startedAt, count: lines.length, ...(next !== undefined && { next }) };
  const number = before.length + 1;
  await maker.files.put(userPartKey(day, number), lines.map((line) => `${line}\n`).join(''));
  await maker.files.put(userPartStateKey(day, generation, number), JSON.stringify(part));
  return part;
}

async function sealedLines(day: string, users: readonly PoolUser[], { records }: Call): Promise<string[]> {
  const found = await records.findMany(
    'operator',
    'sub',
    users.map(({ sub }) => sub),
  );
  const lines = await Promise.all(
    users.map(async (user, i) => {
      const account = AccountId.safeParse(found[i]);
      if (!account.success) return [];
      const content = Buffer.from(JSON.stringify(user));
      try {
        const sealed = await records.sealFile(accountOwner(account.data), 'account', placeOfUser(day), content);
        return [JSON.stringify({ account: account.data, sealed: Buffer.from(sealed).toString('base64') })];
      } catch (error) {
        // Erased between the listing and now.
        if (error instanceof Closed) return [];
        throw error;
      }
    }),
  );
  return lines.flat();
}

export const isSnapshotWhole = (parts: readonly UserPart[]): boolean =>
  parts.length > 0 && parts.at(-1)!.next === undefined;

/** Parts are counted from 1. */
export const userPartKey = (day: string, part: number) => `${usersPrefix(day)}${String(part).padStart(5, '0')}.jsonl`;
/** What a user's line is bound to, beside its account. */
const placeOfUser = (day: string) => `user-pool/${day}`;
