import { dayIn, daysAfter, endOfTerm, instantOf } from '../../platform/calendar.ts';
import { terms } from '../retention/terms.ts';
import { isClosed, type RequestRecord } from './request.ts';

/** Art. 12(3): one calendar month, and two more where the person has been told why within the first. */
const MONTHS = 1;
const MONTHS_EXTENDED = 3;
/** Days before the end at which whoever has to answer is warned. */
const WARNING_DAYS = [14, 7, 2] as const;
/** An overdue request is said again every day until it is answered. */
const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;
/** What was said in a request is kept so long after its final answer, for who wants to come back to it. */
const TEXT_KEPT_DAYS = terms.request.length.days;
/** One administrator alone decides an erasure: time for somebody to notice. */
export const LONE_DECISION_HOURS = 72;
/** Art. 18(3): the person is told before a restriction ends. */
export const LIFT_NOTICE_HOURS = 72;

type Received = Pick<RequestRecord, 'receivedAt' | 'timeZone'>;

export const dueAt = ({ timeZone, receivedAt }: Received, isExtended = false): string =>
  endOfTerm(timeZone, new Date(receivedAt), isExtended ? MONTHS_EXTENDED : MONTHS).toISOString();

/** An extension is told within the first month, or not at all. */
export const mayExtend = (request: Received, now: Date): boolean => now.toISOString() < dueAt(request);

/** The warning's instant: midnight of the local day that lies so many days before the end. */
export const warningAt = ({ timeZone, dueAt }: Pick<RequestRecord, 'timeZone' | 'dueAt'>, days: number): string =>
  instantOf(timeZone, daysAfter(dayIn(timeZone, new Date(dueAt)), -days)).toISOString();

/** The warnings that stand open now: the one to give, and earlier ones that it makes superfluous. */
export const warningsDue = (request: RequestRecord, now: Date): readonly number[] =>
  isClosed(request.state) || now.toISOString() >= request.dueAt
    ? []
    : WARNING_DAYS.filter((days) => !request.warned.includes(days) && warningAt(request, days) <= now.toISOString());

export const isOverdue = ({ state, dueAt }: Pick<RequestRecord, 'state' | 'dueAt'>, now: Date): boolean =>
  !isClosed(state) && dueAt <= now.toISOString();

export const textErasedFrom = ({
  timeZone,
  closedAt,
}: Pick<RequestRecord, 'timeZone'> & { closedAt: string }): string =>
  instantOf(timeZone, daysAfter(dayIn(timeZone, new Date(closedAt)), TEXT_KEPT_DAYS + 1)).toISOString();

export const isAnsweredByCopy = ({ right }: Pick<RequestRecord, 'right'>): boolean =>
  right === 'access' || right === 'portability';

/** When the clock has to look at the request next; undefined when there is nothing left to do. Pure. */
export function nextAt(request: RequestRecord, now: Date): string | undefined {
  const instants: string[] = [];
  if (!isClosed(request.state)) {
    const ahead = request.dueAt > now.toISOString() ? WARNING_DAYS : [];
    for (const days of ahead) if (!request.warned.includes(days)) instants.push(warningAt(request, days));
    instants.push(request.overdueSince === undefined ? request.dueAt : later(now, DAY_MILLISECONDS));
  }
  // Later than that only a legal hold keeps it waiting, and whoever lifts the hold says so.
  const { executesAt } = request;
  if (request.state === 'approved' && executesAt !== undefined && executesAt > now.toISOString())
    instants.push(executesAt);
  if (request.state === 'incomplete') instants.push(later(now, RETRY_MILLISECONDS));
  if (request.state === 'executing' && isAnsweredByCopy(request)) instants.push(later(now, COPY_MILLISECONDS));
  if (request.endsAt !== undefined && request.endedAt === undefined) instants.push(request.endsAt);
  const { closedAt, textErasedAt } = request;
  if (closedAt !== undefined && textErasedAt === undefined) instants.push(textErasedFrom({ ...request, closedAt }));
  return instants.sort()[0];
}

/** How soon a copy that is not there yet is looked for: others' data in it may have to be taken out first. */
const COPY_MILLISECONDS = 15 * 60 * 1000;
/** How soon what failed is looked at again. */
const RETRY_MILLISECONDS = 60 * 60 * 1000;
const later = (now: Date, milliseconds: number) => new Date(now.getTime() + milliseconds).toISOString();
export const hoursAfter = (now: Date, hours: number): string => later(now, hours * 60 * 60 * 1000);
