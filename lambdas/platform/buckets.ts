import type { ErasedBy } from './tables.ts';

/** The buckets, declared once: the CDK creates them, the capabilities name them. */
export const buckets = {
  quarantine: { holds: 'what was uploaded and nobody has looked at yet: one day, then gone', erasedBy: 'term' },
  backup: { holds: 'the daily exports of the tables: ciphertext, gone at 90 days', erasedBy: 'key' },
  exports: { holds: 'the files of people’s requests, sealed under their own keys: seven days', erasedBy: 'removal' },
  downloads: { holds: 'plain copies of such files, for the minutes that a download takes', erasedBy: 'term' },
} as const satisfies Record<string, { readonly holds: string; readonly erasedBy: ErasedBy }>;
export type BucketName = keyof typeof buckets;
