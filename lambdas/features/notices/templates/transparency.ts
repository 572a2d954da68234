import * as z from 'zod';

/** Three lines of checkpoint, six of the head, signature, key, place and up to 64 hashes. */
const WITNESS_CHARACTERS_MAX = 6_000;

export const transparencyTemplates = {
  /** Hashes and ids: nothing of what the log holds can be read from them. */
  'log-checkpoint': z.strictObject({
    events: z.int().min(1),
    signedAt: z.iso.datetime(),
    text: z.string().max(WITNESS_CHARACTERS_MAX),
    keysUrl: z.url(),
  }),
} as const;
