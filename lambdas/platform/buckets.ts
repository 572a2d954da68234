import type { ErasedBy } from './tables.ts';

interface BucketDeclaration {
  readonly holds: string;
  readonly erasedBy: ErasedBy;
  /** Whether the daily backup takes its files along: not where their own term is shorter than the backup's. */
  readonly inBackup: boolean;
}

/** The buckets, declared once: the CDK creates them, the capabilities name them. */
export const buckets = {
  quarantine: {
    holds: 'what was uploaded or came by mail, and nobody has looked at yet: one day, then gone',
    erasedBy: 'term',
    inBackup: false,
  },
  backup: { holds: 'the daily exports of the tables: ciphertext, gone at 90 days', erasedBy: 'key', inBackup: false },
  offline: {
    holds: 'copies of the backups that nobody can remove before their time: ciphertext, gone at 90 days',
    erasedBy: 'key',
    inBackup: false,
  },
  log: {
    holds: 'the hashes of the activity log as Merkle tiles, and its signed heads: nothing can be read from them',
    erasedBy: 'ids-only',
    inBackup: false,
  },
  files: {
    holds: 'documents, photos and attachments, each sealed under a key of its own that stands in its record',
    erasedBy: 'removal',
    inBackup: true,
  },
  exports: {
    holds: 'the files of people’s requests, sealed under their own keys: seven days',
    erasedBy: 'removal',
    inBackup: false,
  },
  downloads: {
    holds: 'plain copies of such files, for the minutes that a download takes',
    erasedBy: 'term',
    inBackup: false,
  },
} as const satisfies Record<string, BucketDeclaration>;
export type BucketName = keyof typeof buckets;

/** Where mail that SES has received waits in the quarantine, as it came (RFC 5322). */
export const INBOUND_MAIL_FOLDER = 'mail/';
