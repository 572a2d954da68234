import * as z from 'zod';
import { type OrganisationId, PersonId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import { ownerOf, PlainDate } from '../people/person.ts';
import { daysAfterMonday, daysFrom, mondayOf } from '../reservations/days.ts';

export const EXCEPTIONS_MAX = 100;
/** Guardians of one home. */
const HOME_GUARDIANS_MAX = 4;
/** Weeks before the pattern begins anew. */
const CYCLE_WEEKS_MAX = 4;

/** Which of the two homes. */
const Home = z.enum(['first', 'second']);
/** Monday first. */
const SevenDays = z
  .array(Home)
  .length(7)
  .meta({ examples: [['first', 'first', 'first', 'first', 'second', 'second', 'second']] });
const HomeGuardians = z.array(PersonId).min(1).max(HOME_GUARDIANS_MAX);

/**
 * With whom a child is, that lives in two homes. `weeks` is a cycle: each week says for its seven days, Monday first,
 * which home; the first of them is the week of `from`. Ids and days: no address.
 */
export const Custody = z.strictObject({
  homes: z.strictObject({ first: HomeGuardians, second: HomeGuardians }),
  from: PlainDate,
  /** The last day; absent: until further notice. */
  until: PlainDate.optional(),
  weeks: z
    .array(z.strictObject({ days: SevenDays }))
    .min(1)
    .max(CYCLE_WEEKS_MAX),
  /** Holidays and swaps; where two hold for a day, the later in the list. */
  exceptions: z.array(z.strictObject({ from: PlainDate, until: PlainDate, home: Home })).max(EXCEPTIONS_MAX),
});
export type Custody = z.output<typeof Custody>;

export const custodyEntity = entity({
  name: 'custody',
  table: 'core',
  sortKey: 'CUSTODY',
  schema: Custody,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to ask the guardian with whom the child is, and not the other',
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: 'controller',
  retentionClass: 'daily-life',
  // Others appear by role: each home's guardians get labels.
  exported: 'copy',
  onErasure: 'delete',
});

export const custodyRef = (organisationId: OrganisationId, childId: PersonId) =>
  ({ entity: custodyEntity, owner: ownerOf(organisationId, childId) }) as const;

/**
 * The guardians with whom the child is on a day; undefined when nothing is agreed for it. Weeks are counted from the
 * week of `from`, never by the calendar's numbers: after a week 53 odd and even would change places.
 */
export function homeOn(custody: Custody, day: string): PersonId[] | undefined {
  const { homes, from, until, weeks, exceptions } = custody;
  if (day < from || (until !== undefined && day > until)) return undefined;
  const exception = exceptions.findLast((one) => one.from <= day && day <= one.until);
  if (exception) return homes[exception.home];
  const week = daysFrom(mondayOf(from), mondayOf(day)) / 7;
  const home = weeks[week % weeks.length]?.days[daysAfterMonday(day)];
  return home && homes[home];
}
