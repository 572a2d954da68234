import * as z from 'zod';
import type { AccountId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import { terms } from '../retention/terms.ts';

/** The answer to a creating request, kept 24 hours beside what it created: the same key gets the same answer. */
export const idempotentAnswerEntity = entity({
  name: 'idempotent-answer',
  table: 'transient',
  sortKey: 'IDEMPOTENT-ANSWER',
  /** `request`: an HMAC of method, path and body; the key answers for no other request. */
  schema: z.strictObject({ request: z.string(), body: z.unknown().optional() }),
  schemaVersion: 1,
  ourRole: 'controller',
  purpose: 'to carry out a repeated request once',
  legalBasis: 'contract',
  article9: 'none',
  source: 'use',
  retentionClass: 'transient',
  exported: { not: 'it repeats an answer that was given already, for a day' },
  onErasure: 'delete',
});
export const IDEMPOTENT_ANSWER_KEPT_SECONDS = terms.transient.length.days * 24 * 60 * 60;

export const idempotentAnswerRef = (accountId: AccountId, keyHash: string) =>
  ({
    entity: idempotentAnswerEntity,
    owner: { controller: 'operator', subject: accountId },
    key: keyHash,
  }) as const;
