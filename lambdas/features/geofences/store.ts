import { profileSettings } from '../../access/profile-settings.ts';
import { departmentEntity, organisationOwner, organisationRef } from '../organisations/organisation.ts';
import { ownerOf } from '../people/person.ts';
import { personRef } from '../people/writes.ts';
import {
  GEOFENCES_MAX,
  geofenceEntity,
  geofenceRef,
  SHARED_GEOFENCES_MAX,
  sharedGeofenceEntity,
  sharedGeofenceRef,
} from './geofence.ts';
import type { GeofenceStore } from './handlers.ts';

export const geofenceStore: GeofenceStore = {
  async list({ organisationId, personId }, { records }) {
    const [[organisation, person], { items }] = await Promise.all([
      records.together([organisationRef(organisationId), personRef(organisationId, personId)]),
      records.list(geofenceEntity, ownerOf(organisationId, personId), { limit: GEOFENCES_MAX }),
    ]);
    const isKept = organisation !== undefined && profileSettings[organisation.value.profile].safetyDevices;
    return { isRecipient: isKept && person?.value.kind === 'member', fences: items };
  },

  get: ({ organisationId, personId }, id, { records }) => records.get(geofenceRef(organisationId, personId, id)),

  async shared(organisationId, { records }) {
    const [organisation, { items }] = await Promise.all([
      records.get(organisationRef(organisationId)),
      records.list(sharedGeofenceEntity, organisationOwner(organisationId), { limit: SHARED_GEOFENCES_MAX }),
    ]);
    const hasRecipients = organisation !== undefined && profileSettings[organisation.value.profile].safetyDevices;
    return { hasRecipients, fences: items };
  },

  async hasDepartment(organisationId, key, { records }) {
    const found = await records.get({ entity: departmentEntity, owner: organisationOwner(organisationId), key });
    return found !== undefined;
  },

  put: ({ organisationId, personId }, fence, before, { records }, answer) =>
    records
      .change()
      .put(geofenceRef(organisationId, personId, fence.id), fence, before ? { version: before.version } : 'new')
      .activity({
        event: before ? 'geofence.redrawn' : 'geofence.drawn',
        subject: ownerOf(organisationId, personId),
        about: [fence.id],
        detail: { alarmOn: fence.alarmOn },
      })
      .commit(answer),

  async remove({ organisationId, personId }, before, { records }) {
    await records
      .change()
      .remove(before.ref, { version: before.version })
      .activity({
        event: 'geofence.removed',
        subject: ownerOf(organisationId, personId),
        about: [before.value.id],
      })
      .commit();
  },

  putShared: (organisationId, fence, before, { records }, answer) =>
    records
      .change()
      .put(sharedGeofenceRef(organisationId, fence.id), fence, before ? { version: before.version } : 'new')
      .activity({
        event: before ? 'shared-geofence.redrawn' : 'shared-geofence.drawn',
        subject: organisationOwner(organisationId),
        about: [fence.id],
        detail: { alarmOn: fence.alarmOn },
      })
      .commit(answer),

  async removeShared(organisationId, before, { records }) {
    await records
      .change()
      .remove(before.ref, { version: before.version })
      .activity({
        event: 'shared-geofence.removed',
        subject: organisationOwner(organisationId),
        about: [before.value.id],
      })
      .commit();
  },
};
