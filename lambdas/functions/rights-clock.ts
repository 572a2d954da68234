import type { ScheduledEvent } from 'aws-lambda';
import { tickChats } from '../features/chats/clock.ts';
import { tickConsents } from '../features/consents/clock.ts';
import { tickDpoThreads } from '../features/data-protection-officer/clock.ts';
import { tickForms } from '../features/forms/clock.ts';
import { tickRegisters } from '../features/registers/tick.ts';
import { type RequestClock, tickRequests } from '../features/requests/clock.ts';
import { tickStatements } from '../features/statements/clock.ts';
import { tickTickets } from '../features/tickets/clock.ts';
import { transparencyLog } from '../features/transparency/log.ts';
import { mailCheckpoints } from '../features/transparency/witness.ts';
import { tickWorkplaceEnds } from '../features/workplace-clock/clock.ts';
import { env } from '../platform/env.ts';
import { errorName } from '../platform/error-name.ts';
import { bucketFiles, filesClient } from '../platform/files.ts';
import { logTable } from '../platform/log-table.ts';
import { containerStore, systemCall, whileOpen } from './container.ts';

const store = containerStore();
/** The last one begun must be finished before Lambda ends the run. */
const LAST_MILLISECONDS = 10_000;

const activity = transparencyLog(logTable(store), bucketFiles(filesClient(), env('LOG_BUCKET')));
const KEYS_URL = `${env('PUBLIC_URL')}/v1/proofs/keys`;

/** What the rights demand at their time. Each step is a use case of its own feature; one that fails stops no other. */
const steps: Readonly<Record<string, (clock: RequestClock) => Promise<object>>> = {
  requests: tickRequests,
  registers: tickRegisters,
  consents: tickConsents,
  statements: tickStatements,
  dpoThreads: tickDpoThreads,
  forms: tickForms,
  'workplace-ends': tickWorkplaceEnds,
  tickets: tickTickets,
  chats: tickChats,
  checkpoints: ({ log, ...clock }) =>
    mailCheckpoints({
      ...clock,
      log: activity,
      keysUrl: KEYS_URL,
      report: ({ about, ...line }) => log({ ...line, requestId: about }),
    }),
};

/** Every quarter of an hour: deadlines, delays, endings. */
async function work(
  _event: ScheduledEvent,
  context: { readonly awsRequestId: string; getRemainingTimeInMillis(): number },
): Promise<Record<string, object>> {
  const { awsRequestId: requestId } = context;
  const log = (line: object) => console.log(JSON.stringify({ requestId, ...line }));
  const clock: RequestClock = {
    // Whoever has restricted their data is answered in time as well.
    openCall: () => systemCall(store, 'rights-clock', requestId, { throughRestriction: true }),
    hasTimeLeft: () => context.getRemainingTimeInMillis() > LAST_MILLISECONDS,
    log: ({ requestId: about, ...line }) => log({ metric: line.event, ...(about !== undefined && { about }), ...line }),
  };
  const ticked: Record<string, object> = {};
  const failures: unknown[] = [];
  for (const [name, tick] of Object.entries(steps)) {
    try {
      ticked[name] = await tick(clock);
      log({ metric: `${name}-ticked`, ...ticked[name] });
    } catch (error) {
      failures.push(error);
      log({ metric: 'rights-clock-step-failed', step: name, error: errorName(error) });
    }
  }
  // Lambda's own error count alarms.
  if (failures.length > 0) throw failures[0];
  return ticked;
}

export const handler = whileOpen(store, work);
