import type { DefaultRetention } from './buckets.ts';
import { S3Error } from './errors.ts';
import type { LockMode, ObjectVersion, Retention } from './versions.ts';

const DAY_MILLISECONDS = 86_400_000;

/** Whether the version may not be deleted now: legal hold, or retention that has not ended. */
export function isLocked(version: ObjectVersion, now: number, bypassesGovernance = false): boolean {
  if (version.isLegallyHeld) return true;
  const { retention } = version;
  if (!retention || retention.retainUntilEpochMilliseconds <= now) return false;
  return retention.mode === 'COMPLIANCE' || !bypassesGovernance;
}

/** The bucket's default retention for an object created now; years are the calendar's. */
export function defaultRetention(rule: DefaultRetention | undefined, now: number): Retention | undefined {
  if (!rule) return undefined;
  const end = new Date(now + (rule.days ?? 0) * DAY_MILLISECONDS);
  end.setUTCFullYear(end.getUTCFullYear() + (rule.years ?? 0));
  return { mode: rule.mode, retainUntilEpochMilliseconds: end.getTime() };
}

/**
 * Decides what `PutObjectRetention` does; `wanted` undefined removes the retention. Compliance can only be
 * extended; governance can be shortened, changed or removed with the bypass header (S3 User Guide, "Object Lock").
 * Throws AccessDenied.
 */
export function changedRetention(
  present: Retention | undefined,
  wanted: Retention | undefined,
  facts: { now: number; bypassesGovernance: boolean },
): Retention | undefined {
  if (!present || present.retainUntilEpochMilliseconds <= facts.now) return wanted;
  const isExtension =
    wanted !== undefined &&
    wanted.mode === present.mode &&
    wanted.retainUntilEpochMilliseconds >= present.retainUntilEpochMilliseconds;
  if (isExtension) return wanted;
  if (present.mode === 'GOVERNANCE' && facts.bypassesGovernance) return wanted;
  throw lockedError();
}

export function lockedError(): S3Error {
  return new S3Error('AccessDenied', 'Access Denied because object protected by object lock.');
}

/** Reads mode and ISO 8601 date as requests carry them. Throws InvalidArgument. */
export function parseRetention(mode: string | undefined, retainUntil: string | undefined, now: number): Retention {
  const retainUntilEpochMilliseconds = Date.parse(retainUntil ?? '');
  if (!isLockMode(mode)) throw new S3Error('InvalidArgument', 'Unknown wormMode directive.');
  if (Number.isNaN(retainUntilEpochMilliseconds)) throw new S3Error('InvalidArgument', 'Invalid retain until date.');
  if (retainUntilEpochMilliseconds <= now) {
    throw new S3Error('InvalidArgument', 'The retain until date must be in the future!');
  }
  return { mode, retainUntilEpochMilliseconds };
}

function isLockMode(mode: string | undefined): mode is LockMode {
  return mode === 'COMPLIANCE' || mode === 'GOVERNANCE';
}
