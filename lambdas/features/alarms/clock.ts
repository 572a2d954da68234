import { AlarmId, OrganisationId, PersonId } from '../../http/ids.ts';
import { errorName } from '../../platform/error-name.ts';
import { type Change, Closed, StaleVersion } from '../../platform/records.ts';
import type { StreamRecord } from '../../platform/stream-record.ts';
import { ownerOf } from '../people/person.ts';
import { inLanes } from '../walks/in-lanes.ts';
import { pointersIn } from '../walks/pointers-in.ts';
import { type Alarm, alarmRef } from './alarm.ts';
import { audienceOf } from './audience.ts';
import { chainFor } from './configuration.ts';
import { reset, stepBegun, type Telling, told, whatIsDue } from './decisions.ts';
import { ALARM_DUE, alarmPointers, DUE_SHARDS, duePartition } from './pointers.ts';
import { type AlarmCall, reachOf, surroundingsOf, thoseThere } from './reach.ts';
import { queueTidings } from './tell.ts';
import { type StoredAlarm, writeAlarm } from './writes.ts';

/** Looks at one alarm in a run: each tells a few, or finds that somebody was faster. */
const LOOKS_MAX = 20;

/** Which row is due. Whoever is woken by it looks at the row: an old hint finds none. */
export interface Hint {
  readonly alarmId: AlarmId;
  readonly dueAt: string;
}

export interface AlarmClock {
  /** A fresh one for each look. */
  openCall(): AlarmCall;
  hasTimeLeft(): boolean;
  /** Since when devices can be heard: the end of the last restore. Undefined where there was none. */
  readonly openedAt: Date | undefined;
  /** Brings the hint back at its instant, or a little later; it may be lost, or come twice. */
  wakeUp(hint: Hint): Promise<void>;
  /** Ids and codes only. */
  log(line: { readonly event: string; readonly [field: string]: string | number | undefined }): void;
}

/**
 * Woken by the rows that say when an alarm is due: what is due now is done now, for what is due later a wake-up is made.
 * Returns what failed by its sequence number (ReportBatchItemFailures).
 */
export async function tickFromStream(
  records: readonly StreamRecord[],
  clock: AlarmClock,
): Promise<{ batchItemFailures: { itemIdentifier: string }[] }> {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const { eventName, dynamodb } of records) {
    const hint = eventName === 'INSERT' ? hintIn(dynamodb?.Keys) : undefined;
    if (!hint) continue;
    const isDone = await tried(hint, clock, () => wakeOrStep(hint, clock));
    if (!isDone) batchItemFailures.push({ itemIdentifier: dynamodb?.SequenceNumber ?? '' });
  }
  return { batchItemFailures };
}

/** What SQS hands out: the wake-ups that were asked for, late, twice or out of order. */
export async function tickQueued(
  messages: readonly { readonly messageId: string; readonly body: string }[],
  clock: AlarmClock,
): Promise<{ batchItemFailures: { itemIdentifier: string }[] }> {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const { messageId, body } of messages) {
    // Written by this clock, and by nobody else.
    const hint = JSON.parse(body) as Hint;
    if (!(await tried(hint, clock, () => tickHint(hint, clock)))) batchItemFailures.push({ itemIdentifier: messageId });
  }
  return { batchItemFailures };
}

function hintIn(keys: NonNullable<StreamRecord['dynamodb']>['Keys']): Hint | undefined {
  const [pk = '', sk = ''] = [keys?.['pk']?.S, keys?.['sk']?.S];
  const [dueAt = '', id] = sk.split('#');
  const alarmId = AlarmId.safeParse(id).data;
  return pk.startsWith(ALARM_DUE) && alarmId ? { alarmId, dueAt } : undefined;
}

async function wakeOrStep(hint: Hint, clock: AlarmClock): Promise<void> {
  const isDue = Date.parse(hint.dueAt) <= clock.openCall().now.getTime();
  await (isDue ? tickHint(hint, clock) : clock.wakeUp(hint));
}

/** Does what the hint's row says is due; nothing where the row has gone, or it is not time yet. */
export async function tickHint({ alarmId, dueAt }: Hint, clock: AlarmClock): Promise<void> {
  const key = alarmPointers.due(alarmId, dueAt);
  const [row] = await clock.openCall().records.pointersAt([key]);
  const organisationId = OrganisationId.safeParse(row?.attributes?.['organisationId']).data;
  const recipientId = PersonId.safeParse(row?.attributes?.['recipientId']).data;
  if (!organisationId || !recipientId) return;
  for (let looks = 0; looks < LOOKS_MAX; looks++) {
    const call = clock.openCall();
    const stored = await call.throughRestriction.get(alarmRef(organisationId, recipientId, alarmId));
    if (!stored) {
      // The recipient, or the organisation, has been erased.
      const change = call.records.change().unpoint(key);
      const subject = ownerOf(organisationId, recipientId);
      return change.activity({ event: 'alarm.dropped', subject, about: [alarmId] }).commit();
    }
    try {
      if (!(await moved(organisationId, stored, call, clock))) return;
    } catch (error) {
      // Somebody answered, another clock told, or somebody was erased meanwhile: that is looked at now.
      if (!(error instanceof StaleVersion || error instanceof Closed)) throw error;
    }
  }
}

/** Every minute: what is due and was not looked at in time, whatever became of its wake-up. */
export async function sweepAlarms(clock: AlarmClock): Promise<{ due: number; failed: number }> {
  const swept = { due: 0, failed: 0 };
  await inLanes(dueHints(clock), async (hint) => {
    swept.due++;
    if (!(await tried(hint, clock, () => tickHint(hint, clock)))) swept.failed++;
  });
  return swept;
}

async function* dueHints(clock: AlarmClock): AsyncGenerator<Hint> {
  for (let shard = 0; shard < DUE_SHARDS; shard++) {
    // `~` sorts after the id, so that what is due this very millisecond is in.
    const to = `${clock.openCall().now.toISOString()}~`;
    for await (const { sk } of pointersIn({ table: 'transient', pk: duePartition(shard) }, clock, { from: '0', to })) {
      const [dueAt = '', id] = sk.split('#');
      yield { dueAt, alarmId: AlarmId.parse(id) };
    }
  }
}

/** An alarm that fails must not keep the others waiting: the log says so, and the next minute tries again. */
async function tried({ alarmId }: Hint, clock: AlarmClock, look: () => Promise<void>): Promise<boolean> {
  try {
    await look();
    return true;
  } catch (error) {
    const name = errorName(error);
    clock.log({ event: 'alarm-step-failed', metric: 'alarm-step-failed', alarmId, error: name });
    return false;
  }
}

/** One thing that is due, in one transaction; false when nothing is. */
async function moved(
  organisationId: OrganisationId,
  stored: StoredAlarm,
  call: AlarmCall,
  clock: AlarmClock,
): Promise<boolean> {
  const { value: alarm } = stored;
  const { now } = call;
  switch (whatIsDue(alarm, now)) {
    case 'nothing':
      return false;
    case 'reset': {
      const change = call.records.change();
      writeAlarm(change, organisationId, stored, reset(alarm, now));
      await committed(change, organisationId, alarm, 'alarm.reset');
      return true;
    }
    case 'step': {
      const begun = await nextStepOf(organisationId, alarm, call);
      if (!begun) return false;
      return telling(organisationId, stored, begun, call, clock);
    }
    case 'tell':
      return telling(organisationId, stored, alarm, call, clock);
  }
}

/** Undefined where the organisation is gone, and with it whoever could be told. */
async function nextStepOf(organisationId: OrganisationId, alarm: Alarm, call: AlarmCall): Promise<Alarm | undefined> {
  const surroundings = await surroundingsOf(organisationId, alarm.recipientId, call);
  if (!surroundings) return undefined;
  const chain = alarm.chain ?? chainFor(alarm.kind, surroundings.configured);
  const reach = await reachOf(organisationId, alarm.recipientId, chain, surroundings, call);
  return stepBegun(alarm, chain, audienceOf(chain, reach, call.now), call.now);
}

/** Tells those whose turn it is, in the transaction that says that they have been told. */
async function telling(
  organisationId: OrganisationId,
  stored: StoredAlarm,
  alarm: Alarm,
  call: AlarmCall,
  clock: AlarmClock,
): Promise<boolean> {
  const { now } = call;
  const change = call.records.change();
  let tidings: Telling | undefined;
  if (alarm.owed) {
    const owedTo = alarm.owed.to.map(({ personId }) => personId);
    const there = await thoseThere(organisationId, alarm.recipientId, owedTo, call);
    tidings = told(alarm, (personId) => there.has(personId), now);
    queueTidings(change, organisationId, alarm, tidings, call);
  }
  const after = tidings?.after ?? alarm;
  writeAlarm(change, organisationId, stored, after);
  const about = tidings?.now.map(({ personId }) => personId) ?? [];
  await committed(change, organisationId, alarm, about.length > 0 ? 'alarm.told' : 'alarm.nobody-told', about);
  if (about.length === 0 && tidings?.tiding !== 'taken' && tidings?.tiding !== 'over') {
    clock.log({ event: 'alarm-unheard', metric: 'alarm-unheard', organisationId, alarmId: alarm.id });
  }
  return true;
}

async function committed(
  change: Change,
  organisationId: OrganisationId,
  { id, recipientId }: Alarm,
  event: `alarm.${string}`,
  about: readonly PersonId[] = [],
): Promise<void> {
  const subject = ownerOf(organisationId, recipientId);
  await change.activity({ event, subject, about: [id, ...about] }).commit();
}
