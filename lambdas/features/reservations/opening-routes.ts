import * as z from 'zod';
import { ClosureId } from '../../http/ids.ts';
import { inOrganisation } from '../../http/params.ts';
import { type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { PlainDate } from '../people/person.ts';
import { CLOSURE_DAYS_MAX, CLOSURES_MAX, Closure, OPENING_DAYS_MAX } from './closure.ts';
import { ReservationRules } from './rules.ts';

/** A year has twelve public holidays. */
const HOLIDAYS_MAX = 30;

const ofClosure = inOrganisation.extend({ closureId: ClosureId });

const RulesView = ReservationRules.extend({
  version: z.int().min(1).meta({ description: 'The version that `If-Match` takes; 1 where nothing has been said.' }),
}).meta({ id: 'ReservationRules' });
const ClosureView = Closure.extend({ version: z.int().min(1) }).meta({
  id: 'Closure',
  description: 'Days of the organisation that are not like others; both days included.',
});
const Holiday = z.strictObject({ day: PlainDate, name: z.string() }).meta({ id: 'PublicHoliday' });
const Closures = z.strictObject({
  items: z.array(ClosureView).max(CLOSURES_MAX),
  publicHolidays: z.array(Holiday).max(HOLIDAYS_MAX),
});

export const openingRoutes = {
  getReservationRules: {
    summary: 'Read when the organisation is open, and until when its days can be planned',
    tag: 'Attendance',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/reservation-rules',
    access: rolesThatMay('closure:read'),
    params: inOrganisation,
    success: { status: 200, body: RulesView },
    problems: [],
    needs: readingRecords,
    versioned: true,
  },
  setReservationRules: {
    summary: 'Say when the organisation is open, and until when its days can be planned',
    description:
      'Guardians are bound by the cut-off; staff may change a day as long as it lasts. Days that have been planned ' +
      'already stay as they are.',
    tag: 'Attendance',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/reservation-rules',
    access: rolesThatMay('closure:manage'),
    params: inOrganisation,
    body: ReservationRules.meta({ id: 'ReservationRulesChange' }),
    success: { status: 200, body: RulesView },
    problems: [],
    needs: changingRecords,
    versioned: true,
  },
  listClosures: {
    summary: 'List closed days, periods that want an answer, and public holidays',
    description: `Both days included, at most ${OPENING_DAYS_MAX}. What is over is not listed.`,
    tag: 'Attendance',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/closures',
    access: rolesThatMay('closure:read'),
    params: inOrganisation,
    query: z.strictObject({ from: PlainDate, to: PlainDate }),
    success: { status: 200, body: Closures },
    problems: [],
    needs: readingRecords,
  },
  addClosure: {
    summary: 'Close days, ask who comes on them, or say that staff is reduced',
    description:
      `At most ${CLOSURE_DAYS_MAX} days, from today on. \`must-answer\` needs \`answerBefore\`, and nothing else has it: ` +
      'until then guardians say for each of the days whether the child comes, by its times or an absence.',
    tag: 'Attendance',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/closures',
    access: rolesThatMay('closure:manage'),
    params: inOrganisation,
    body: Closure.omit({ id: true }).meta({ id: 'ClosureToAdd' }),
    success: { status: 201, body: ClosureView },
    problems: ['too-many', 'wrong-state'],
    needs: changingRecords,
    creates: true,
    versioned: true,
  },
  withdrawClosure: {
    summary: 'Withdraw a closure',
    description:
      'Its days are like others again, and nobody is reminded of it any more. What is over cannot be withdrawn.',
    tag: 'Attendance',
    method: 'DELETE',
    path: '/v1/organisations/{organisationId}/closures/{closureId}',
    access: rolesThatMay('closure:manage'),
    params: ofClosure,
    success: { status: 204 },
    problems: ['closure-not-found'],
    needs: changingRecords,
    versioned: true,
  },
} as const satisfies Routes;
