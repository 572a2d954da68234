import * as z from 'zod';
import { NoticeId } from '../../../http/ids.ts';

/** More than anybody reads in one mail; what is beyond it comes in the next, at the same time. */
export const DIGEST_ITEMS_MAX = 50;
/** Sealed it must fit into one item of DynamoDB (400 KB); what is written to many may be 5,000 characters each. */
export const DIGEST_BYTES_MAX = 150_000;

/** A notice that came into a digest instead of being sent: all that its own letter would have needed. */
export const DigestItem = z.strictObject({
  id: NoticeId,
  template: z.string().max(60),
  /** As the template's own schema has checked them, and checks them again when they are read. */
  parameters: z.record(z.string().max(60), z.unknown()),
  about: z.string().max(60).optional(),
});
export type DigestItem = z.output<typeof DigestItem>;

export const digestTemplates = {
  digest: z.strictObject({ items: z.array(DigestItem).min(1).max(DIGEST_ITEMS_MAX) }),
} as const;
