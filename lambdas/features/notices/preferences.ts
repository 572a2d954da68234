import * as z from 'zod';
import type { Call } from '../../http/call.ts';
import { entity, type Owner, type Ref } from '../../platform/entity.ts';
import { type Change, StaleVersion } from '../../platform/records.ts';
import type { Link } from '../links/link.ts';
import { type Category, categories } from './notice.ts';

const DeclinedNotices = z.strictObject({ category: z.enum(categories), declinedAt: z.iso.datetime() });

/** That a person does not want a category of notices. Lies in the person's partition, under the category. */
export const declinedNoticesEntity = entity({
  name: 'declined-notices',
  table: 'core',
  sortKey: 'DECLINED-NOTICES',
  schema: DeclinedNotices,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to respect that a person does not want certain notices',
  // An objection has to be remembered to be respected (GDPR Art. 21).
  legalBasis: 'legal-obligation',
  article9: 'none',
  source: 'data-subject',
  retentionClass: 'membership',
  exported: 'copy',
  onErasure: 'delete',
});

export const declinedNoticesRef = (owner: Owner, category: Category): Ref<typeof declinedNoticesEntity> => ({
  entity: declinedNoticesEntity,
  owner,
  key: category,
});

/** The effect of a decline link. Declining twice is declined: the first time stands. */
export async function declineNotices(link: Link, change: Change, call: Call): Promise<void> {
  const category = categories.find((known) => known === link.about);
  if (!category) throw new Error('A decline link without a category');
  const ref = declinedNoticesRef(link.owner, category);
  if (await call.records.get(ref)) return;
  await change
    .put(ref, { category, declinedAt: call.now.toISOString() }, 'new')
    .activity({ event: 'notices.declined', subject: link.owner, detail: { category } })
    .commit()
    .catch((error: unknown) => {
      // Somebody else has just declined for the same person: all is as it should be.
      if (!(error instanceof StaleVersion)) throw error;
    });
}
