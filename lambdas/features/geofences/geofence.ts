import * as z from 'zod';
import { oneLine } from '../../http/free-text.ts';
import { DepartmentId, GeofenceId, type OrganisationId, PersonId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { ownerOf } from '../people/person.ts';
import { WeeklyHours } from '../receivers/weekly-hours.ts';
import { Shape } from './shape.ts';

/** Geofences of one recipient, and those that an organisation has for many: each position is held against all. */
export const GEOFENCES_MAX = 10;
export const SHARED_GEOFENCES_MAX = 50;

export const GeofenceFields = z.strictObject({
  name: oneLine({ max: 60 }),
  shape: Shape,
  hours: WeeklyHours.optional().meta({ description: 'When it counts; absent: always.' }),
  alarmOn: z.enum(['enter', 'leave', 'both']).meta({
    description:
      'What raises an alarm. Whoever is on the wrong side when its hours begin raises one too, but for `both`, which ' +
      'knows no wrong side.',
  }),
});

const Drawn = { id: GeofenceId, drawnAt: z.iso.datetime(), drawnBy: PersonId };

/** For one recipient. */
export const Geofence = GeofenceFields.extend(Drawn);
export type Geofence = z.output<typeof Geofence>;

export const geofenceEntity = entity({
  name: 'geofence',
  table: 'core',
  sortKey: 'GEOFENCE',
  schema: Geofence,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to notice when a service recipient comes or goes where that matters for their safety',
  legalBasis: 'controllers-agreement',
  article9: 'health-or-social-care',
  source: 'controller',
  retentionClass: 'daily-life',
  exported: 'copy',
  onErasure: 'delete',
});

export const AppliesTo = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('organisation') }),
    z.strictObject({ kind: z.literal('department'), departmentId: DepartmentId }),
  ])
  .meta({ id: 'GeofenceAppliesTo', description: 'Every recipient, or those placed in a group of the department.' });
export type AppliesTo = z.output<typeof AppliesTo>;

/** For all recipients of a department, or of the organisation: it says nothing about any of them. */
export const SharedGeofence = GeofenceFields.extend({ ...Drawn, appliesTo: AppliesTo });
export type SharedGeofence = z.output<typeof SharedGeofence>;

export const sharedGeofenceEntity = entity({
  name: 'shared-geofence',
  table: 'core',
  sortKey: 'SHARED-GEOFENCE',
  schema: SharedGeofence,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to notice when service recipients come or go where that matters for their safety',
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: 'controller',
  retentionClass: 'organisation',
  exported: { not: 'it is about a place and about nobody' },
  onErasure: 'delete',
});

export const geofenceRef = (organisationId: OrganisationId, recipientId: PersonId, id: GeofenceId) =>
  ({ entity: geofenceEntity, owner: ownerOf(organisationId, recipientId), key: id }) as const;
export const sharedGeofenceRef = (organisationId: OrganisationId, id: GeofenceId) =>
  ({ entity: sharedGeofenceEntity, owner: organisationOwner(organisationId), key: id }) as const;
