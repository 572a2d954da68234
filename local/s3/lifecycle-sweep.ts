import { isUploadAbandoned, type LifecycleAction, nextLifecycleAction } from './lifecycle.ts';
import { addDeleteMarker, removeVersion } from './object-deletes.ts';
import type { Bucket, S3Host } from './operation.ts';
import { withReplacedVersion } from './versions.ts';

/** Carries out everything that the buckets' lifecycle rules have due by the clock. Returns when it is durable. */
export function sweepLifecycle(host: S3Host): void {
  const now = host.clock.now();
  for (const bucket of host.buckets.values()) {
    const { storage, declaration } = bucket;
    for (const key of [...storage.sortedKeys()]) {
      for (;;) {
        const action = nextLifecycleAction(key, storage.versionsOf(key), declaration, now);
        if (!action) break;
        carryOut(host, bucket, key, action);
      }
    }
    for (const upload of storage.uploads()) {
      if (isUploadAbandoned(upload, declaration.lifecycleRules, now)) storage.removeUpload(upload);
    }
  }
}

function carryOut(host: S3Host, bucket: Bucket, key: string, action: LifecycleAction): void {
  const at = { atEpochMilliseconds: action.dueEpochMilliseconds, reason: 'Lifecycle Expiration' } as const;
  switch (action.kind) {
    case 'expire-current':
      addDeleteMarker(host, bucket, key, at);
      return;
    case 'delete-version':
      removeVersion(host, bucket, key, { versionId: action.versionId, ...at });
      return;
    case 'transition': {
      const versions = bucket.storage.versionsOf(key);
      const version = versions.find(({ versionId }) => versionId === action.versionId);
      if (version?.kind !== 'object') return;
      const colder = { ...version, storageClass: action.storageClass };
      bucket.storage.saveVersions(key, withReplacedVersion(versions, colder));
    }
  }
}
