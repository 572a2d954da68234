/** The buckets, declared once: the CDK creates them, the capabilities name them. */
export const buckets = {
  quarantine: { holds: 'what was uploaded and nobody has looked at yet: one day, then gone' },
  backup: { holds: 'the daily exports of the tables: ciphertext, gone at 90 days' },
  exports: { holds: 'the files of people’s requests, sealed under their own keys: seven days' },
  downloads: { holds: 'plain copies of such files, for the minutes that a download takes' },
} as const;
export type BucketName = keyof typeof buckets;
