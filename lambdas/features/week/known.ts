import { accessDecision } from '../../access/decide.ts';
import type { Action } from '../../access/rules.ts';
import type { GroupId, PersonId } from '../../http/ids.ts';
import { dayIn } from '../../platform/calendar.ts';
import type { RoleRecord } from '../access/role.ts';
import type { AttendanceDay } from '../attendance/attendance-day.ts';
import type { CalendarEvent } from '../calendar/event.ts';
import type { Custody } from '../custody/custody.ts';
import type { Inbox } from '../messages/inbox.ts';
import type { Organisation } from '../organisations/organisation.ts';
import { type GuardianLink, isLinkedOn, isPlacedOn, type PersonRecord } from '../people/person.ts';
import type { OpeningDays } from '../reservations/opening.ts';

/** All that a week is made of, before it is decided what of it may be seen. */
export interface Known {
  readonly places: readonly KnownPlace[];
  readonly persons: readonly KnownPerson[];
}

/** One person that the caller is, in one organisation. */
export interface KnownPlace {
  readonly organisation: Organisation;
  readonly callerId: PersonId;
  /** Roles that the caller holds there as that person. */
  readonly roles: readonly RoleRecord[];
  readonly inbox: Inbox;
  readonly opening: OpeningDays;
  /** All that happens there in the week. */
  readonly events: readonly CalendarEvent[];
  /** Of the groups that belong to a department: which one. */
  readonly departmentOf: ReadonlyMap<GroupId, string>;
}

/** The caller there, or a child, and what ties the caller to it. */
export interface KnownPerson {
  readonly place: KnownPlace;
  readonly person: PersonRecord;
  readonly link: GuardianLink | undefined;
  readonly isBlocked: boolean;
  readonly custody: Custody | undefined;
  /** One for each day of the week. */
  readonly days: readonly (AttendanceDay | undefined)[];
}

/**
 * The same rules as under `/v1/organisations/…`, for the roles of guardian and member; never a staff role (design,
 * section 7).
 */
export function may(action: Action, { place, person, link, isBlocked }: KnownPerson, now: Date): boolean {
  const { organisation, callerId } = place;
  const today = dayIn(organisation.timeZone, now);
  return rolesInForce(place, now)
    .filter(({ role }) => role === (person.id === callerId ? 'member' : 'guardian'))
    .some(({ role }) => {
      const decision = accessDecision(action, {
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

/** Roles of a guardian or a member that hold today; none in an organisation that is closed. */
export function rolesInForce({ organisation, roles }: KnownPlace, now: Date): readonly RoleRecord[] {
  if (organisation.state === 'closed') return [];
  const today = dayIn(organisation.timeZone, now);
  return roles.filter(
    ({ role, state, validFrom, validUntil }) =>
      (role === 'guardian' || role === 'member') &&
      state === 'active' &&
      validFrom <= today &&
      (validUntil === undefined || today <= validUntil),
  );
}

/** As what an event may be for a person on a day: themself, and where they are placed then. */
export function concernedOn({ person, place }: KnownPerson, day: string) {
  const groupIds = person.placements.filter((placement) => isPlacedOn(placement, day)).map(({ groupId }) => groupId);
  return {
    personId: person.id,
    groupIds,
    departmentIds: groupIds.flatMap((groupId) => place.departmentOf.get(groupId) ?? []),
  };
}
