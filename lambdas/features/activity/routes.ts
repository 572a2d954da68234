import * as z from 'zod';
import { page, pageQuery } from '../../http/cursor.ts';
import { ActivityRecordId, OrganisationId, PersonId } from '../../http/ids.ts';
import { inOrganisation } from '../../http/params.ts';
import { account, type Routes, rolesThatMay } from '../../http/route.ts';
import { type Capability, readingRecords } from '../../platform/capabilities.ts';
import { PlainDate } from '../people/person.ts';
import { ActivityLine, MyActivityLine } from './activity.ts';
import { EventName } from './event-name.ts';
import { ActivityProof, LogCheckpoint } from './proof.ts';

/** In a tree of more leaves no number is exact. */
const LEAF_INDEX_MAX = Number.MAX_SAFE_INTEGER;
const inLog = (count: string) => z.coerce.number().int().min(0).max(LEAF_INDEX_MAX).meta({ description: count });

const ofDays = {
  from: PlainDate.optional().meta({ description: 'The first day, as the organisation counts days.' }),
  to: PlainDate.optional().meta({ description: 'The last day, included.' }),
  event: EventName.optional(),
};

const reading = [...readingRecords, 'activity:read'] as const satisfies readonly Capability[];
const proving = [...reading, 'log:read'] as const satisfies readonly Capability[];
/** The read is recorded. */
const recorded = 'activity:append';

export const activityRoutes = {
  listActivity: {
    summary: 'Read the activity log of an organisation',
    description:
      'Who did and saw what, newest first, for one year. Names are those of today: whoever has been erased is a former ' +
      'user. A page may hold fewer than `limit`; there is more as long as there is a `next`. The read is recorded.',
    tag: 'Activity',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/activity',
    access: rolesThatMay('activity:read'),
    params: inOrganisation,
    query: z.strictObject({
      ...pageQuery,
      ...ofDays,
      subject: z.union([PersonId, OrganisationId]).optional().meta({ description: 'Whom it is about.' }),
      person: PersonId.optional().meta({ description: 'Who acted.' }),
    }),
    success: { status: 200, body: page(ActivityLine) },
    problems: [],
    needs: [...reading, recorded],
    reads: 'activity',
  },
  getActivityProof: {
    summary: 'Read the proof that a record stands in the log',
    description: 'It can be checked with the public key alone. The read is recorded.',
    tag: 'Activity',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/activity/{eventId}/proof',
    access: rolesThatMay('activity:read'),
    params: inOrganisation.extend({ eventId: ActivityRecordId }),
    success: { status: 200, body: ActivityProof },
    problems: ['activity-record-not-found', 'not-in-the-log-yet'],
    needs: [...proving, recorded],
    reads: 'activity',
  },
  getLogCheckpoint: {
    summary: 'Read how long the log is, signed',
    description:
      'The newest signed checkpoint. Whoever kept an older one proves with `consistentWith` that nothing of it was ' +
      'changed or taken away since. It says nothing about anyone, so everybody inside may read it.',
    tag: 'Activity',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/log',
    access: rolesThatMay('organisation:read'),
    params: inOrganisation,
    query: z.strictObject({ consistentWith: inLog('The size of an older checkpoint.').optional() }),
    success: { status: 200, body: LogCheckpoint },
    problems: ['not-in-the-log-yet', 'log-is-shorter'],
    needs: proving,
  },
  getLeafProof: {
    summary: 'Read the proof that a leaf stands in the log',
    description: 'Also for a record that is gone, because its year is over: the leaf stays, and says nothing.',
    tag: 'Activity',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/log/leaves/{leafIndex}/proof',
    access: rolesThatMay('organisation:read'),
    params: inOrganisation.extend({ leafIndex: inLog('From 0.') }),
    success: { status: 200, body: ActivityProof },
    problems: ['not-in-the-log-yet'],
    needs: proving,
  },
} as const satisfies Routes;

export const myActivityRoutes = {
  listMyActivity: {
    summary: 'Read who saw you, and who changed what',
    description:
      'What concerns your account, yourself in each organisation, and the children that you have parental ' +
      'responsibility for; newest first, for one year. Others appear by role. A page may hold fewer than `limit`; there ' +
      'is more as long as there is a `next`.',
    tag: 'Activity',
    method: 'GET',
    path: '/v1/me/activity',
    access: account,
    query: z.strictObject({
      ...pageQuery,
      ...ofDays,
      organisationId: OrganisationId.optional(),
      personId: PersonId.optional().meta({ description: 'Yourself there, or a child of yours.' }),
    }),
    success: { status: 200, body: page(MyActivityLine) },
    problems: ['person-not-found'],
    needs: reading,
    throughRestriction: true,
  },
  getMyActivityProof: {
    summary: 'Read the proof that a record about you stands in the log',
    description:
      'The record itself is there where it names nobody else; otherwise its hash, which binds us to it. It can be ' +
      'checked with the public key alone.',
    tag: 'Activity',
    method: 'GET',
    path: '/v1/me/activity/{eventId}/proof',
    access: account,
    params: z.strictObject({ eventId: ActivityRecordId }),
    success: { status: 200, body: ActivityProof },
    problems: ['activity-record-not-found', 'not-in-the-log-yet'],
    needs: proving,
    throughRestriction: true,
  },
} as const satisfies Routes;
