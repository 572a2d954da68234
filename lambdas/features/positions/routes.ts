import * as z from 'zod';
import { SafetyDeviceId } from '../../http/ids.ts';
import { ofPerson } from '../../http/params.ts';
import { type Routes, rolesThatMay } from '../../http/route.ts';
import { readingRecords } from '../../platform/capabilities.ts';
import { DeviceEventId } from '../device-events/device-event.ts';
import { POSITIONS_MAX, Position, reasonsForLooking } from './position.ts';

const Instant = z.iso.datetime();

const SeenPosition = z
  .strictObject({ id: DeviceEventId, at: Instant, safetyDeviceId: SafetyDeviceId, position: Position })
  .meta({ id: 'SeenPosition' });

export const positionRoutes = {
  lookAtPositions: {
    summary: 'Look where a service recipient is, or was',
    description:
      'The last known position, or those of a period, newest first. For the recipient, and for receivers with the right ' +
      'to positions within their hours; of a period a relative is shown what was within them alone. **Recorded before the answer leaves**, with the reason, in the log of whoever ' +
      'looks and of the one looked at, who reads it as `GET …/views`. A reason is needed where the organisation’s profile ' +
      'says so; it travels in the body and stands in no web log.',
    tag: 'Safety',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/people/{personId}/position-views',
    access: rolesThatMay('position:read'),
    params: ofPerson,
    body: z
      .strictObject({
        reason: z.enum(reasonsForLooking).optional(),
        from: Instant.optional(),
        to: Instant.optional().meta({ description: 'Not included.' }),
      })
      .refine(({ from, to }) => (from === undefined) === (to === undefined), {
        path: ['from'],
        message: '`from` and `to` go together; without them the last known position is answered.',
      })
      .meta({ id: 'PositionView' }),
    success: {
      status: 200,
      body: z
        .strictObject({
          items: z.array(SeenPosition).max(POSITIONS_MAX),
          isMore: z.boolean().meta({ description: 'There are earlier ones: ask again `to` the last instant given.' }),
        })
        .meta({ id: 'Positions' }),
    },
    problems: ['no-right-to-positions', 'reason-required'],
    needs: [...readingRecords, 'transient:read', 'activity:append'],
  },
} as const satisfies Routes;
