import * as z from 'zod';
import { GeofenceId } from '../../http/ids.ts';
import { inOrganisation, ofPerson } from '../../http/params.ts';
import { type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import {
  AppliesTo,
  GEOFENCES_MAX,
  Geofence,
  GeofenceFields,
  SHARED_GEOFENCES_MAX,
  SharedGeofence,
} from './geofence.ts';

const GeofenceView = Geofence.extend({ version: z.int() }).meta({ id: 'Geofence' });
const SharedGeofenceView = SharedGeofence.extend({ version: z.int() }).meta({ id: 'SharedGeofence' });
const NewGeofence = GeofenceFields.meta({ id: 'GeofenceFields' });
const NewSharedGeofence = GeofenceFields.extend({ appliesTo: AppliesTo }).meta({ id: 'SharedGeofenceFields' });

const ofGeofence = ofPerson.extend({ geofenceId: GeofenceId });
const ofShared = inOrganisation.extend({ geofenceId: GeofenceId });
const reading = [...readingRecords, 'activity:append'] as const;

export const geofenceRoutes = {
  listGeofences: {
    summary: 'List the geofences of a service recipient',
    description: 'Those that are drawn for the recipient alone; those of the place are listed by themselves.',
    tag: 'Safety',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/people/{personId}/geofences',
    access: rolesThatMay('geofence:read'),
    params: ofPerson,
    success: {
      status: 200,
      body: z.strictObject({ items: z.array(GeofenceView).max(GEOFENCES_MAX) }).meta({ id: 'Geofences' }),
    },
    problems: [],
    needs: reading,
    reads: 'geofences',
  },
  drawGeofence: {
    summary: 'Draw a geofence for a service recipient',
    description:
      'Coming and going is found from positions in the order of their instants, when they lie further from the border ' +
      `than they may be wrong. At most ${GEOFENCES_MAX} each.`,
    tag: 'Safety',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/people/{personId}/geofences',
    access: rolesThatMay('geofence:manage'),
    params: ofPerson,
    body: NewGeofence,
    success: { status: 201, body: GeofenceView },
    problems: ['not-a-service-recipient', 'too-many'],
    needs: changingRecords,
    creates: true,
  },
  redrawGeofence: {
    summary: 'Draw a geofence of a service recipient anew',
    description: 'From then on it is another one: where the recipient was of the old one is forgotten.',
    tag: 'Safety',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/people/{personId}/geofences/{geofenceId}',
    access: rolesThatMay('geofence:manage'),
    params: ofGeofence,
    body: NewGeofence,
    success: { status: 200, body: GeofenceView },
    problems: ['geofence-not-found'],
    needs: changingRecords,
    versioned: true,
  },
  removeGeofence: {
    summary: 'Remove a geofence of a service recipient',
    tag: 'Safety',
    method: 'DELETE',
    path: '/v1/organisations/{organisationId}/people/{personId}/geofences/{geofenceId}',
    access: rolesThatMay('geofence:manage'),
    params: ofGeofence,
    success: { status: 204 },
    problems: ['geofence-not-found'],
    needs: changingRecords,
    versioned: true,
  },
  listSharedGeofences: {
    summary: 'List the geofences of a place and its departments',
    description: 'Of the departments those that the role’s scope holds.',
    tag: 'Safety',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/geofences',
    access: rolesThatMay('shared-geofence:read'),
    params: inOrganisation,
    success: {
      status: 200,
      body: z
        .strictObject({ items: z.array(SharedGeofenceView).max(SHARED_GEOFENCES_MAX) })
        .meta({ id: 'SharedGeofences' }),
    },
    problems: [],
    needs: reading,
  },
  drawSharedGeofence: {
    summary: 'Draw a geofence for all service recipients of a place or a department',
    description: `A department head for their own department. At most ${SHARED_GEOFENCES_MAX}.`,
    tag: 'Safety',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/geofences',
    access: rolesThatMay('shared-geofence:manage'),
    params: inOrganisation,
    body: NewSharedGeofence,
    success: { status: 201, body: SharedGeofenceView },
    problems: ['department-not-found', 'not-a-service-recipient', 'too-many'],
    needs: changingRecords,
    creates: true,
  },
  redrawSharedGeofence: {
    summary: 'Draw a geofence of a place or a department anew',
    tag: 'Safety',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/geofences/{geofenceId}',
    access: rolesThatMay('shared-geofence:manage'),
    params: ofShared,
    body: NewSharedGeofence,
    success: { status: 200, body: SharedGeofenceView },
    problems: ['geofence-not-found', 'department-not-found'],
    needs: changingRecords,
    versioned: true,
  },
  removeSharedGeofence: {
    summary: 'Remove a geofence of a place or a department',
    tag: 'Safety',
    method: 'DELETE',
    path: '/v1/organisations/{organisationId}/geofences/{geofenceId}',
    access: rolesThatMay('shared-geofence:manage'),
    params: ofShared,
    success: { status: 204 },
    problems: ['geofence-not-found'],
    needs: changingRecords,
    versioned: true,
  },
} as const satisfies Routes;
