import * as z from 'zod';
import type { RoleCaller } from '../../http/call.ts';
import { PersonId } from '../../http/ids.ts';
import { PlainDate } from '../people/person.ts';
import { Custody, homeOn } from './custody.ts';

/** Days of one answer. */
export const CUSTODY_DAYS_MAX = 62;

const addressed = {
  personId: PersonId,
  version: z.int().min(1).meta({ description: 'The version that `If-Match` takes; 1 where nothing has been said.' }),
};

const ForStaff = z.strictObject({ shownTo: z.literal('organisation'), ...addressed, custody: Custody.optional() });
/** Nothing of the other home: a guardian may not learn from here with whom else, or whether somewhere else. */
const ForGuardian = z.strictObject({
  shownTo: z.literal('guardian'),
  ...addressed,
  days: z
    .array(
      z.strictObject({
        day: PlainDate,
        withMe: z.boolean().optional().meta({ description: 'Absent where nothing has been said of the day.' }),
      }),
    )
    .max(CUSTODY_DAYS_MAX),
});

export const CustodyView = z
  .discriminatedUnion('shownTo', [ForStaff, ForGuardian])
  .meta({ id: 'Custody', description: 'With whom a child is. A guardian sees the days with themselves, and no more.' });
export type CustodyView = z.output<typeof CustodyView>;

export interface SeenCustody {
  readonly personId: PersonId;
  readonly version: number;
  readonly custody: Custody | undefined;
}

export function custodyFor(
  { role, personId: callerId }: RoleCaller,
  { personId, version, custody }: SeenCustody,
  days: readonly string[],
): CustodyView {
  if (role !== 'guardian') return { shownTo: 'organisation', personId, version, ...(custody && { custody }) };
  return {
    shownTo: 'guardian',
    personId,
    version,
    days: days.map((day) => {
      const home = custody && homeOn(custody, day);
      return { day, ...(home && { withMe: home.includes(callerId) }) };
    }),
  };
}
