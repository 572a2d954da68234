import * as z from 'zod';
import type { Language } from '../../http/call.ts';
import { ActivityRecordId, OrganisationId, PersonId } from '../../http/ids.ts';
import type { LoggedEntry } from './entry.ts';
import { EventName } from './event-name.ts';
import type { Cast } from './names.ts';
import { type Names, sentenceOf } from './sentences.ts';
import { Somebody } from './somebody.ts';

const line = {
  id: ActivityRecordId,
  at: z.iso.datetime(),
  event: EventName,
  sentence: z.string().meta({ description: 'What happened, in the language of `Accept-Language`.' }),
  actor: Somebody,
  subject: Somebody,
};

export const ActivityLine = z
  .strictObject({
    ...line,
    detail: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
      .optional()
      .meta({ description: 'Codes, counts and ids, as they were recorded.' }),
    leaf: z.int().nonnegative().optional().meta({
      description: 'Where it stands in the log; absent for the minute until it has been appended.',
    }),
  })
  .meta({ id: 'ActivityLine' });

export const MyActivityLine = z
  .strictObject({
    ...line,
    organisationId: OrganisationId.optional().meta({ description: 'Absent for what concerns the account itself.' }),
    personId: PersonId.optional().meta({ description: 'Whom it is about: the caller there, or a child of theirs.' }),
    leaf: z.int().nonnegative().optional(),
  })
  .meta({ id: 'MyActivityLine', description: 'Others appear by role and never by name.' });

/** Where a page of an organisation's log ended: the month, because records lie by it, and the record. */
export const PlaceInLog = z.string().regex(/^\d{4}-\d{2}#evt_[0-9a-z]{26}$/);

/** How one record is told. Pure. */
export function lineOf({ entry, leaf }: LoggedEntry, cast: Cast, names: Names, language: Language) {
  return {
    id: entry.id as ActivityRecordId,
    at: entry.at,
    event: entry.event,
    sentence: sentenceOf(entry, language, names),
    actor: cast.actorOf(entry),
    subject: cast.subjectOf(entry),
    ...(leaf !== undefined && { leaf }),
  };
}
