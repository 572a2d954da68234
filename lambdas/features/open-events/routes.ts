import * as z from 'zod';
import { page, pageQuery } from '../../http/cursor.ts';
import { OpenEventId, SignUpId } from '../../http/ids.ts';
import { inOrganisation } from '../../http/params.ts';
import { type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, orderingErasure, readingRecords } from '../../platform/capabilities.ts';
import { NewOpenEvent, OPEN_EVENTS_MAX, OpenEvent, SignUp } from './open-event.ts';

const ofEvent = inOrganisation.extend({ openEventId: OpenEventId });
const ofSignUp = ofEvent.extend({ signUpId: SignUpId });
const { tell: _, ...shown } = OpenEvent.shape;
const OpenEventView = z
  .strictObject({
    ...shown,
    version: z.int().min(1),
    formPath: z.string().meta({ description: 'Where anybody signs up.' }),
  })
  .meta({ id: 'OpenEvent' });
const SignUpView = z
  .strictObject({ ...SignUp.shape, email: z.email().optional() })
  .meta({ id: 'SignUp', description: '`dueAt`: when it is erased at the latest.' });
const managing = rolesThatMay('open-event:manage');

/** For staff: events that anybody may come to, and who has signed up. */
export const openEventRoutes = {
  createOpenEvent: {
    summary: 'Hold an open event',
    description: 'Its form is open to anybody until `signUpUntil`, at `formPath`.',
    tag: 'Enquiries',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/open-events',
    access: managing,
    params: inOrganisation,
    body: NewOpenEvent,
    success: { status: 201, body: OpenEventView },
    problems: ['too-many', 'forbidden-content'],
    needs: changingRecords,
    creates: true,
  },
  listOpenEvents: {
    summary: 'List open events',
    tag: 'Enquiries',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/open-events',
    access: managing,
    params: inOrganisation,
    success: {
      status: 200,
      body: z.strictObject({ items: z.array(OpenEventView).max(OPEN_EVENTS_MAX) }).meta({ id: 'OpenEvents' }),
    },
    problems: [],
    needs: readingRecords,
  },
  getOpenEvent: {
    summary: 'See an open event',
    tag: 'Enquiries',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/open-events/{openEventId}',
    access: managing,
    params: ofEvent,
    success: { status: 200, body: OpenEventView },
    problems: ['open-event-not-found'],
    needs: readingRecords,
    versioned: true,
  },
  changeOpenEvent: {
    summary: 'Change an open event, or cancel it',
    description:
      'Whoever has signed up is told by mail, within a quarter of an hour, when it is cancelled or when its time or place ' +
      'changes. More places go to those who wait, in their order; fewer take nobody’s place away.',
    tag: 'Enquiries',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/open-events/{openEventId}',
    access: managing,
    params: ofEvent,
    body: z
      .strictObject({ ...NewOpenEvent.shape, state: z.enum(['open', 'cancelled']) })
      .refine(({ from, until }) => from < until, { path: ['until'], message: 'It ends after it begins.' })
      .meta({ id: 'OpenEventChange' }),
    success: { status: 200, body: OpenEventView },
    problems: ['open-event-not-found', 'wrong-state', 'forbidden-content'],
    needs: changingRecords,
    versioned: true,
  },
  listSignUps: {
    summary: 'List who has signed up for an open event',
    description: 'In the order in which they asked; those without a place wait.',
    tag: 'Enquiries',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/open-events/{openEventId}/sign-ups',
    access: managing,
    params: ofEvent,
    query: z.strictObject({ ...pageQuery }),
    success: { status: 200, body: page(SignUpView) },
    problems: ['open-event-not-found'],
    needs: [...readingRecords, 'rights:read', 'activity:append'],
    reads: 'sign-ups',
  },
  removeSignUp: {
    summary: 'Cancel a sign-up for who has asked for it',
    description: 'What was kept of it is erased, and whoever waits moves up.',
    tag: 'Enquiries',
    method: 'DELETE',
    path: '/v1/organisations/{organisationId}/open-events/{openEventId}/sign-ups/{signUpId}',
    access: managing,
    params: ofSignUp,
    success: { status: 204 },
    problems: ['open-event-not-found', 'sign-up-not-found'],
    needs: [...changingRecords, ...orderingErasure],
  },
} as const satisfies Routes;
