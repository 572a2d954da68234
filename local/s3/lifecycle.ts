import type { BucketDeclaration, LifecycleRule } from './buckets.ts';
import { isLocked } from './object-lock.ts';
import type { Upload } from './storage.ts';
import type { Versions } from './versions.ts';

const DAY_MILLISECONDS = 86_400_000;

export type LifecycleAction =
  | { kind: 'expire-current'; versionId: string; dueEpochMilliseconds: number }
  | { kind: 'delete-version'; versionId: string; dueEpochMilliseconds: number }
  | { kind: 'transition'; versionId: string; storageClass: string; dueEpochMilliseconds: number };

/** S3's rule: the days are added, and the result is rounded up to the next midnight UTC. */
export function dueAfterDays(fromEpochMilliseconds: number, days: number): number {
  return Math.ceil(fromEpochMilliseconds / DAY_MILLISECONDS + days) * DAY_MILLISECONDS;
}

/**
 * What is due first for one key, or undefined. The caller carries it out and asks again, so that a clock moved by a
 * year plays the story in its order: the marker at its midnight, and the noncurrent version the days after that.
 */
export function nextLifecycleAction(
  key: string,
  versions: Versions,
  bucket: Pick<BucketDeclaration, 'lifecycleRules' | 'versioning'>,
  now: number,
): LifecycleAction | undefined {
  const due = bucket.lifecycleRules
    .filter((rule) => rule.isEnabled && key.startsWith(rule.prefix))
    .flatMap((rule) => [
      ...currentActions(versions, rule, bucket.versioning),
      ...noncurrentActions(versions, rule),
      ...transitionActions(versions, rule),
    ])
    .filter((action) => action.dueEpochMilliseconds <= now && !waitsForLock(versions, action, bucket.versioning, now));
  return due.sort((left, right) => left.dueEpochMilliseconds - right.dueEpochMilliseconds)[0];
}

/** Whether a rule aborts the incomplete upload by now. */
export function isUploadAbandoned(upload: Upload, rules: readonly LifecycleRule[], now: number): boolean {
  return rules.some(
    ({ isEnabled, prefix, abortUploadsAfterDays }) =>
      isEnabled &&
      abortUploadsAfterDays !== undefined &&
      upload.key.startsWith(prefix) &&
      dueAfterDays(upload.initiatedEpochMilliseconds, abortUploadsAfterDays) <= now,
  );
}

function currentActions(
  versions: Versions,
  rule: LifecycleRule,
  versioning: BucketDeclaration['versioning'],
): LifecycleAction[] {
  const current = versions[0];
  if (!current) return [];
  const { versionId, createdEpochMilliseconds } = current;
  if (current.kind === 'delete-marker') {
    if (versions.length > 1 || !concerns(rule, current)) return [];
    // Without days of its own the rule removes a lone marker at the next midnight.
    const days = rule.expirationDays ?? (rule.removesExpiredDeleteMarkers ? 0 : undefined);
    if (days === undefined) return [];
    return [{ kind: 'delete-version', versionId, dueEpochMilliseconds: dueAfterDays(createdEpochMilliseconds, days) }];
  }
  if (rule.expirationDays === undefined || !concerns(rule, current)) return [];
  const dueEpochMilliseconds = dueAfterDays(createdEpochMilliseconds, rule.expirationDays);
  return [{ kind: versioning === 'Off' ? 'delete-version' : 'expire-current', versionId, dueEpochMilliseconds }];
}

function noncurrentActions(versions: Versions, rule: LifecycleRule): LifecycleAction[] {
  const { noncurrentDays } = rule;
  if (noncurrentDays === undefined) return [];
  return versions.slice(1 + rule.newerNoncurrentVersions).flatMap((version, index): LifecycleAction[] => {
    if (!concerns(rule, version)) return [];
    // A version became noncurrent when the one in front of it was made.
    const successor = versions[rule.newerNoncurrentVersions + index];
    if (!successor) return [];
    const dueEpochMilliseconds = dueAfterDays(successor.createdEpochMilliseconds, noncurrentDays);
    return [{ kind: 'delete-version', versionId: version.versionId, dueEpochMilliseconds }];
  });
}

const storageClassesDownwards = [
  'STANDARD',
  'STANDARD_IA',
  'INTELLIGENT_TIERING',
  'ONEZONE_IA',
  'GLACIER_IR',
  'GLACIER',
  'DEEP_ARCHIVE',
];

function transitionActions(versions: Versions, rule: LifecycleRule): LifecycleAction[] {
  const current = versions[0];
  if (current?.kind !== 'object' || !concerns(rule, current)) return [];
  return rule.transitions
    .filter(({ storageClass }) => isColder(storageClass, current.storageClass))
    .map(({ storageClass, days }) => ({
      kind: 'transition',
      versionId: current.versionId,
      storageClass,
      dueEpochMilliseconds: dueAfterDays(current.createdEpochMilliseconds, days),
    }));
}

function isColder(storageClass: string, than: string): boolean {
  return storageClassesDownwards.indexOf(storageClass) > storageClassesDownwards.indexOf(than);
}

// A delete marker has neither tags nor a size, so a rule that asks for them leaves it alone.
function concerns(rule: LifecycleRule, version: Versions[number]): boolean {
  const { tags, sizeGreaterThanBytes = -1, sizeLessThanBytes = Number.POSITIVE_INFINITY } = rule;
  const hasCriteria = Object.keys(tags).length > 0 || sizeGreaterThanBytes >= 0 || Number.isFinite(sizeLessThanBytes);
  if (version.kind === 'delete-marker') return !hasCriteria;
  return (
    Object.entries(tags).every(([name, value]) => version.tags[name] === value) &&
    version.sizeBytes > sizeGreaterThanBytes &&
    version.sizeBytes < sizeLessThanBytes
  );
}

// An expiry that only adds a marker takes nothing away, so a lock does not hold it up, unless it replaces `null`.
function waitsForLock(
  versions: Versions,
  action: LifecycleAction,
  versioning: BucketDeclaration['versioning'],
  now: number,
): boolean {
  if (action.kind === 'transition') return false;
  if (action.kind === 'expire-current' && versioning === 'Enabled') return false;
  const version = versions.find(({ versionId }) => versionId === action.versionId);
  return version?.kind === 'object' && isLocked(version, now);
}
