import type { PersonId } from '../../http/ids.ts';
import { daysAfter, instantOf } from '../../platform/calendar.ts';
import type { PersonRecord } from '../people/person.ts';
import type { CalendarEvent, Invitation } from './event.ts';
import type { Occurrence } from './occurrences.ts';

/** How long after the event an answer to it is kept. */
const ANSWER_DAYS = 366;

/** When answers to an occurrence close: at 24:00 of a day in the event's zone. */
export const answersCloseAt = (invitation: Invitation, { firstDay, timeZone }: Occurrence): Date =>
  instantOf(timeZone, daysAfter(lastDayToAnswer(invitation, firstDay), 1));

export const lastDayToAnswer = ({ answersCloseDaysBefore }: Invitation, firstDay: string): string =>
  daysAfter(firstDay, -answersCloseDaysBefore);

/** Whether something is answered for this person: a child's guardians are asked, or members themselves. */
export const isAsked = ({ asks }: Invitation, { kind }: Pick<PersonRecord, 'kind'>): boolean =>
  asks === 'guardians' ? kind === 'child' : kind === 'member';

/** A guardian answers for the child, a member for themselves. */
export const mayAnswer = (invitation: Invitation, person: PersonRecord, callerId: PersonId): boolean =>
  isAsked(invitation, person) && (invitation.asks === 'guardians' || person.id === callerId);

/** In seconds since the epoch. */
export const answerKeptUntil = ({ lastDay, timeZone }: Pick<Occurrence, 'lastDay' | 'timeZone'>): number =>
  instantOf(timeZone, daysAfter(lastDay, ANSWER_DAYS)).getTime() / 1000;

export const asksAnyone = ({ invitation, cancelled }: CalendarEvent): boolean =>
  invitation !== undefined && cancelled === undefined;
