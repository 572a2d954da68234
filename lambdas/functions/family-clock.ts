import type { ScheduledEvent } from 'aws-lambda';
import { tickCalendar } from '../features/calendar/clock.ts';
import { tickChildLog } from '../features/child-log/clock.ts';
import { tickDocuments } from '../features/documents/clock.ts';
import { tickMessages } from '../features/messages/fan-out.ts';
import { tickQualifications } from '../features/qualifications/clock.ts';
import { tickReservations } from '../features/reservations/clock.ts';
import { tickTimeClock } from '../features/time-clock/clock.ts';
import type { FamilyClock } from '../features/walks/family-clock.ts';
import { type Step, tickAll } from '../features/walks/tick-all.ts';
import { containerStore, systemCall, whileOpen } from './container.ts';

const store = containerStore();
/** The last one begun must be finished before Lambda ends the run. */
const LAST_MILLISECONDS = 10_000;

const steps: Readonly<Record<string, Step>> = {
  calendar: tickCalendar,
  'child-log': tickChildLog,
  documents: tickDocuments,
  messages: tickMessages,
  reservations: tickReservations,
  qualifications: tickQualifications,
  'time-clock': tickTimeClock,
};

/** Every quarter of an hour: reminders, daily summaries, the ends of calendar entries. */
async function work(
  _event: ScheduledEvent,
  context: { readonly awsRequestId: string; getRemainingTimeInMillis(): number },
): Promise<Record<string, object>> {
  const { awsRequestId: requestId } = context;
  const log = (line: object) => console.log(JSON.stringify({ requestId, ...line }));
  const clock: FamilyClock = {
    openCall: () => systemCall(store, 'family-clock', requestId),
    hasTimeLeft: () => context.getRemainingTimeInMillis() > LAST_MILLISECONDS,
    log,
  };
  return tickAll(steps, clock, log);
}

export const handler = whileOpen(store, work);
