import * as z from 'zod';
import { MessageId, type OrganisationId, PersonId, ThreadId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import { ownerOf } from '../people/person.ts';
import { MessageText, Subject } from './thread.ts';

/** What one person has begun to write and not sent. */
export const DRAFTS_MAX = 50;

export const DraftContent = z
  .strictObject({
    /** Whom it is about, or the conversation that it goes on with. */
    childId: PersonId.optional(),
    threadId: ThreadId.optional(),
    subject: Subject.optional(),
    text: MessageText,
  })
  .meta({ id: 'DraftContent' });
export type DraftContent = z.output<typeof DraftContent>;

export const Draft = DraftContent.extend({ id: MessageId, savedAt: z.iso.datetime() });
export type Draft = z.output<typeof Draft>;

/** The author's alone: nobody else holds a key to it. */
export const draftEntity = entity({
  name: 'message-draft',
  table: 'core',
  sortKey: 'MESSAGE-DRAFT',
  schema: Draft,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to keep what somebody has begun to write',
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: 'data-subject',
  retentionClass: 'daily-life',
  exported: 'copy',
  onErasure: 'delete',
});

export const draftRef = (organisationId: OrganisationId, personId: PersonId, draftId: MessageId) =>
  ({ entity: draftEntity, owner: ownerOf(organisationId, personId), key: draftId }) as const;
