import * as z from 'zod';
import { CustomerId, type OrganisationId, type PersonId, TimeClockEntryId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import { ownerOf } from '../people/person.ts';
import { Instant } from './work-day.ts';

/** Where a device was, as it says itself (WGS 84). */
export const StampPosition = z
  .strictObject({
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    accuracyMetres: z.number().min(0).max(10_000),
  })
  .meta({ id: 'StampPosition' });

/** Where a stamp was made, with the customer that it belongs to (CE-05). Apart from the hours, because it goes long before them. */
export const ClockPosition = StampPosition.extend({
  entryId: TimeClockEntryId,
  stamp: z.enum(['in', 'out']),
  customerId: CustomerId,
  at: Instant,
}).meta({ id: 'ClockPosition' });
export type ClockPosition = z.output<typeof ClockPosition>;

export const clockPositionEntity = entity({
  name: 'clock-position',
  table: 'transient',
  sortKey: 'CLOCK-POSITION',
  schema: ClockPosition,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to show that work was done at the customer',
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: 'data-subject',
  retentionClass: 'position',
  exported: 'portable',
  onErasure: 'delete',
});
export const clockPositionRef = (
  organisationId: OrganisationId,
  personId: PersonId,
  { at, entryId, stamp }: Pick<ClockPosition, 'at' | 'entryId' | 'stamp'>,
) =>
  ({
    entity: clockPositionEntity,
    owner: ownerOf(organisationId, personId),
    key: `${at}#${entryId}#${stamp}`,
  }) as const;
