import * as z from 'zod';
import { oneLine } from '../../http/free-text.ts';
import type { OrganisationId, PersonId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import { ownerOf, PlainDate } from '../people/person.ts';

const TEXT_CHARACTERS_MAX = 200;

/** Both days included. No answer is ever sent by it: the writer sees it when writing, so that nothing can loop. */
export const OutOfOffice = z
  .strictObject({
    from: PlainDate,
    until: PlainDate,
    text: oneLine({ max: TEXT_CHARACTERS_MAX }).meta({
      description: 'Shown to whoever writes. No health data: not why, but until when and who else to ask.',
    }),
  })
  .meta({ id: 'OutOfOffice' });
export type OutOfOffice = z.output<typeof OutOfOffice>;

export const outOfOfficeEntity = entity({
  name: 'out-of-office',
  table: 'core',
  sortKey: 'OUT-OF-OFFICE',
  schema: OutOfOffice,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to say to whoever writes that a member of staff is away',
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: 'data-subject',
  retentionClass: 'daily-life',
  exported: 'copy',
  onErasure: 'delete',
});

export const outOfOfficeRef = (organisationId: OrganisationId, personId: PersonId) =>
  ({ entity: outOfOfficeEntity, owner: ownerOf(organisationId, personId) }) as const;

export const isAwayOn = ({ from, until }: OutOfOffice, day: string): boolean => from <= day && day <= until;
