import * as z from 'zod';
import { oneLine } from '../../http/free-text.ts';
import { ClosureId, type OrganisationId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import { TimeOfDay } from '../attendance/attendance-day.ts';
import { ofTheOrganisation } from '../organisations/of-the-organisation.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { PlainDate } from '../people/person.ts';

/** Periods of an organisation that are not over yet. */
export const CLOSURES_MAX = 200;
/** Days of one answer: a year, so that a calendar can be drawn at once. */
export const OPENING_DAYS_MAX = 366;
/** Days of one period. */
export const CLOSURE_DAYS_MAX = 92;

/**
 * `closed`: nobody comes. `must-answer`: guardians say, before a deadline, whether the child comes (times, or an
 * absence). `reduced-staff`: open, with fewer hands.
 */
export const closureKinds = ['closed', 'must-answer', 'reduced-staff'] as const;

/** A period of an organisation that is not like others; both days included. Nothing about a person. */
export const Closure = z.strictObject({
  id: ClosureId,
  title: oneLine({ max: 80 }),
  kind: z.enum(closureKinds),
  from: PlainDate,
  until: PlainDate,
  /** Where guardians must answer, and there alone: the deadline, in the organisation's zone. */
  answerBefore: z.strictObject({ day: PlainDate, at: TimeOfDay }).optional(),
});
export type Closure = z.output<typeof Closure>;

export const closureEntity = entity({
  ...ofTheOrganisation,
  name: 'closure',
  sortKey: 'CLOSURE',
  schema: Closure,
  purpose: 'to know on which days the organisation is closed, or has to know who comes',
});

/** Under its last day, so that what is over is never read. */
export const closureRef = (organisationId: OrganisationId, { id, until }: Pick<Closure, 'id' | 'until'>) =>
  ({ entity: closureEntity, owner: organisationOwner(organisationId), key: `${until}#${id}` }) as const;
