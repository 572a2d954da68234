import type { CertificateId } from '../../http/ids.ts';
import { keptThroughErasure } from '../../platform/entity.ts';
import type { RecoveryFacts } from '../../platform/recovery-window.ts';
import type { Erasure, Place } from './erasure.ts';

/**
 * Whether nothing older than the last fence can be brought back, by what AWS says: every table of keys restores at the
 * earliest to a moment after it (or cannot be restored at all), there is no backup of any kind, no copy. Pure.
 */
export function isBeyondRecovery(lastKeyGoneAt: string, { tables, backups, copies }: RecoveryFacts): boolean {
  const isLater = tables.every(
    ({ earliestRestorableAt }) => earliestRestorableAt === undefined || earliestRestorableAt > lastKeyGoneAt,
  );
  return tables.length > 0 && isLater && backups.length === 0 && copies.length === 0;
}

/**
 * What a certificate says, as the JSON that is signed: which ids, when, on what grounds, what the law keeps. Whoever has
 * the public key (`GET /v1/proofs/keys`) can check it without us: ECDSA P-256 with SHA-256 over exactly these bytes.
 */
export function certificateDocument(
  id: CertificateId,
  { owner }: Pick<Place, 'owner'>,
  erasure: Erasure,
  facts: RecoveryFacts,
  now: Date,
): string {
  return JSON.stringify({
    type: 'vern-certificate-of-erasure',
    version: 1,
    certificateId: id,
    erasureId: erasure.id,
    controller: owner.controller,
    subject: owner.subject,
    cause: erasure.cause,
    orderedAt: erasure.orderedAt,
    erasedAt: erasure.fencedAt,
    verifiedAt: erasure.verifiedAt,
    issuedAt: now.toISOString(),
    verified: ['tables', 'keys', 'key mirror', 'lookup', 'sign-in', 'mail suppression list', 'files'],
    kept: { classes: keptThroughErasure, law: 'GDPR Art. 5(2), Art. 17(3)(b) and (e)' },
    recovery: {
      earliestRestorableAt: facts.tables.map(({ earliestRestorableAt }) => earliestRestorableAt ?? null),
      backupsOfKeys: facts.backups.length,
      copiesOfKeys: facts.copies.length,
    },
  });
}
