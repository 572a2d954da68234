import * as z from 'zod';
import { accessDecision } from '../../access/decide.ts';
import { OrganisationId, PersonId } from '../../http/ids.ts';
import { dayIn, daysOfWeek } from '../../platform/calendar.ts';
import type { RoleRecord } from '../access/role.ts';
import { type AttendanceDay, emptyDay } from '../attendance/attendance-day.ts';
import { OwnDay, ownDay } from '../attendance/views.ts';
import { Organisation } from '../organisations/organisation.ts';
import { type GuardianLink, isLinkedOn, PersonRecord, PlainDate } from '../people/person.ts';

/** Organisations in which one account is a person, and children of one guardian there: more is a mistake. */
export const PERSONS_MAX = 20;
export const CHILDREN_MAX = 20;
const DAYS = 7;

/** An ISO week (ISO 8601): Monday to Sunday. */
export const IsoWeek = z
  .string()
  .refine((week) => daysOfWeek(week) !== undefined, 'not an ISO week')
  .meta({ id: 'IsoWeek', examples: ['2026-W47'] });

export const WeekEntry = z
  .strictObject({
    organisationId: OrganisationId,
    organisationName: Organisation.shape.name,
    timeZone: Organisation.shape.timeZone,
    personId: PersonId,
    firstName: PersonRecord.shape.firstName,
    lastName: PersonRecord.shape.lastName,
    /** `me`: the caller is the member. */
    relation: z.enum(['child', 'me']),
    days: z.array(OwnDay).length(DAYS),
  })
  .meta({ id: 'WeekEntry', description: 'One person in one organisation. Controllers never share a person.' });
export type WeekEntry = z.output<typeof WeekEntry>;

export const Week = z
  .strictObject({
    week: IsoWeek,
    from: PlainDate,
    to: PlainDate,
    entries: z.array(WeekEntry).max(PERSONS_MAX * (CHILDREN_MAX + 1)),
  })
  .meta({ id: 'Week' });

/** All that is known of a person and of what ties the caller to it, in one organisation. */
export interface Known {
  readonly organisation: Organisation;
  /** Who the caller is there, and the roles held there. */
  readonly callerId: PersonId;
  readonly roles: readonly RoleRecord[];
  readonly person: PersonRecord;
  readonly link: GuardianLink | undefined;
  readonly isBlocked: boolean;
  readonly days: readonly (AttendanceDay | undefined)[];
}

/** What the caller may see of the week. Pure: whatever the zone of this process is, days are the organisation's. */
export function entriesOf(known: readonly Known[], days: readonly string[], now: Date): WeekEntry[] {
  const seen = known.filter((one) => mayBeSeen(one, now));
  // Once per organisation, also where the caller is two persons there.
  const distinct = new Map(seen.map((one) => [`${one.organisation.id}|${one.person.id}`, one]));
  const entries = [...distinct.values()].map((one) => entryOf(one, days, now.toISOString()));
  const inNorwegian = new Intl.Collator('nb');
  return entries.sort(
    (one, other) =>
      inNorwegian.compare(one.firstName, other.firstName) ||
      inNorwegian.compare(one.organisationName, other.organisationName),
  );
}

/**
 * The same rules as under `/v1/organisations/…`, for the roles of guardian and member; never a staff role (design,
 * section 7).
 */
function mayBeSeen({ organisation, callerId, roles, person, link, isBlocked }: Known, now: Date): boolean {
  const today = dayIn(organisation.timeZone, now);
  const isMe = person.id === callerId;
  return roles
    .filter((role) => role.role === (isMe ? 'member' : 'guardian') && isInForce(role, today))
    .some(({ role }) => {
      const decision = accessDecision('attendance:read', {
        role: { name: role, scope: { kind: 'person' }, personId: callerId },
        organisation,
        target: {
          kind: 'person',
          personId: person.id,
          groupIds: [],
          departmentIds: [],
          guardianRights: link && isLinkedOn(link, today) ? link.rights : undefined,
          isBlocked,
        },
      });
      return decision === 'allowed';
    });
}

const isInForce = ({ state, validFrom, validUntil }: RoleRecord, today: string): boolean =>
  state === 'active' && validFrom <= today && (validUntil === undefined || today <= validUntil);

function entryOf(known: Known, days: readonly string[], now: string): WeekEntry {
  const { organisation, person, callerId } = known;
  const { timeZone } = organisation;
  return {
    organisationId: organisation.id,
    organisationName: organisation.name,
    timeZone,
    personId: person.id,
    firstName: person.firstName,
    lastName: person.lastName,
    relation: person.id === callerId ? 'me' : 'child',
    days: days.map((day, i) => ownDay({ day: known.days[i] ?? emptyDay(day), timeZone, now })),
  };
}
