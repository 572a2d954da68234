import type { PersonId } from '../../http/ids.ts';
import { type Addressee, type Alarm, type AlarmOutcome, HISTORY_MAX, type HistoryLine, TOLD_MAX } from './alarm.ts';
import type { ChainInForce, Step } from './configuration.ts';
import { kindsOfAlarm } from './kinds.ts';

/** Told in one transaction: each by three ways takes nine writes, and a transaction has a hundred. */
export const TOLD_AT_ONCE_MAX = 9;
/** Round 1 goes step by step; from this one on everybody is told. */
const FIRST_ROUND_OF_ALL = 2;
/** Rounds after the first come less and less often, and never less often than this. */
const ROUND_MINUTES_MAX = 60;
/** An answer that nothing has followed for so long is none: the alarm rings anew (issue: auto-reset after an hour). */
const ANSWER_MINUTES = { urgent: 60, otherwise: 24 * 60 } as const;

/** What one alarm is, when it is raised. */
type NewAlarm = Pick<Alarm, 'id' | 'recipientId' | 'kind' | 'happenedAt' | 'deviceId' | 'geofenceId'>;

/** Due at once: nobody has been told yet. Pure, as all that follows. */
export function raised(what: NewAlarm, now: Date): Alarm {
  const at = now.toISOString();
  return {
    ...what,
    raisedAt: at,
    state: 'raised',
    isJoinable: true,
    round: 1,
    nextStep: 0,
    stepAt: at,
    told: [],
    history: [{ at, what: 'raised' }],
  };
}

/**
 * The button was pressed again, say, while nobody has answered: it rings as it does, and the history says so. Once it has
 * come to rounds that lie further and further apart, it brings the next one forward: somebody is still waiting.
 */
export function raisedAgain(alarm: Alarm, now: Date): Alarm {
  const again = withLine(alarm, { at: now.toISOString(), what: 'raised-again' });
  const { chain, round, stepAt } = alarm;
  if (!chain || stepAt === undefined || round <= FIRST_ROUND_OF_ALL) return again;
  const begunAt = Date.parse(stepAt) - minutesAfterRound(round - 1, chain) * 60_000;
  const soonest = Math.max(now.getTime(), begunAt + chain.repeatMinutes * 60_000);
  return soonest < Date.parse(stepAt) ? { ...again, stepAt: new Date(soonest).toISOString() } : again;
}

/** When it is to be looked at next; undefined when nothing is to come. */
export const dueAtOf = ({ owed, stepAt }: Alarm): string | undefined => owed?.since ?? stepAt;

/** A wake-up is a hint: too early, twice, or after all is over there is nothing to do. */
export function whatIsDue(alarm: Alarm, now: Date): 'nothing' | 'tell' | 'reset' | 'step' {
  const dueAt = dueAtOf(alarm);
  if (dueAt === undefined || now.getTime() < Date.parse(dueAt)) return 'nothing';
  if (alarm.owed) return 'tell';
  if (alarm.state === 'resolved') return 'nothing';
  return alarm.state === 'acknowledged' ? 'reset' : 'step';
}

/** Whom a step is for right now, and everybody together. */
export interface Audience {
  ofStep(step: Step): readonly Addressee[];
  readonly everybody: readonly Addressee[];
}

/**
 * Begins the next step that is for somebody: what is for nobody (no second receiver, none on at night) costs no time.
 * After the last one everybody is told, again and again, until somebody answers: an alarm never ends in silence.
 */
export function stepBegun(alarm: Alarm, chain: ChainInForce, audience: Audience, now: Date): Alarm {
  const at = now.toISOString();
  const { alsoTell, ...rest } = alarm;
  const also = alsoTell ? [alsoTell] : [];
  if (alarm.round === 1) {
    for (const [i, step] of [...chain.steps.entries()].slice(alarm.nextStep)) {
      const to = distinct([...audience.ofStep(step), ...also]);
      if (to.length === 0) continue;
      const stepAt = inMinutes(now, step.waitMinutes);
      return { ...rest, chain, nextStep: i + 1, stepAt, owed: { tiding: 'waits', since: at, to } };
    }
  }
  const round = Math.max(alarm.round, FIRST_ROUND_OF_ALL);
  const next = {
    ...rest,
    chain,
    round: round + 1,
    nextStep: 0,
    stepAt: inMinutes(now, minutesAfterRound(round, chain)),
  };
  const to = distinct([...audience.everybody, ...also]);
  if (to.length === 0) return withLine(next, { at, what: 'nobody-to-tell', round });
  return { ...next, owed: { tiding: 'waits', since: at, to } };
}

const minutesAfterRound = (round: number, { repeatMinutes }: ChainInForce): number =>
  Math.min(repeatMinutes * 2 ** Math.min(round - FIRST_ROUND_OF_ALL, 10), Math.max(ROUND_MINUTES_MAX, repeatMinutes));

/** Some of those who are owed word, and the alarm as it is when they have been told. */
export interface Telling {
  readonly tiding: NonNullable<Alarm['owed']>['tiding'];
  readonly now: readonly Addressee[];
  readonly after: Alarm;
}

/** Takes as many as one transaction holds; `isThere` leaves out whoever is gone or kept from the person by a block. */
export function told(alarm: Alarm, isThere: (personId: PersonId) => boolean, now: Date): Telling {
  const { owed, ...rest } = alarm;
  if (!owed) throw new Error('Nobody is owed word of this alarm');
  const at = now.toISOString();
  const { tiding } = owed;
  const taken = owed.to.slice(0, TOLD_AT_ONCE_MAX);
  const later = owed.to.slice(TOLD_AT_ONCE_MAX);
  const to = taken.filter(({ personId }) => isThere(personId));
  const left = later.length > 0 ? { ...rest, owed: { ...owed, since: at, to: later } } : rest;
  if (tiding !== 'waits') return { tiding, now: to, after: left };
  if (to.length === 0)
    return { tiding, now: to, after: withLine(left, { at, what: 'nobody-to-tell', ...placeOf(alarm) }) };
  const line = { at, what: 'told', to: to.map(({ personId }) => personId), ...placeOf(alarm) } as const;
  return {
    tiding,
    now: to,
    after: withLine({ ...left, state: 'notified', told: distinct([...alarm.told, ...to]) }, line),
  };
}

/** The step, or the round, that is being told. */
const placeOf = ({ round, nextStep }: Alarm) => (nextStep > 0 ? { round, step: nextStep } : { round: round - 1 });

/** Somebody's answer. `taken`: another has answered already. `over`: it is resolved. */
type Answered = 'taken' | 'over' | 'already' | Alarm;

export interface Answering {
  readonly by: PersonId;
  readonly how: 'signed-in' | 'link';
}

/** One acknowledger: the first. The others who were told are told who need not come any more. */
export function acknowledged(alarm: Alarm, { by, how }: Answering, now: Date): Answered {
  if (alarm.state === 'resolved') return 'over';
  if (alarm.acknowledged) return alarm.acknowledged.by === by ? 'already' : 'taken';
  const at = now.toISOString();
  const minutes = kindsOfAlarm[alarm.kind].isUrgent ? ANSWER_MINUTES.urgent : ANSWER_MINUTES.otherwise;
  const answered: Alarm = {
    ...withoutOwed(alarm),
    state: 'acknowledged',
    isJoinable: false,
    acknowledged: { by, at, how },
    stepAt: inMinutes(now, minutes),
  };
  return withLine(owing(answered, 'taken', others(alarm, by), at), { at, what: 'acknowledged', by });
}

/** Nothing has followed an answer: it rings as if it had just been raised, for whoever answered as well. */
export function reset(alarm: Alarm, now: Date): Alarm {
  const { acknowledged: answer, ...rest } = alarm;
  const at = now.toISOString();
  const answerer = alarm.told.find(({ personId }) => personId === answer?.by);
  const ringing: Alarm = { ...rest, state: 'raised', round: 1, nextStep: 0, stepAt: at };
  return withLine({ ...ringing, ...(answerer && { alsoTell: answerer }) }, { at, what: 'reset' });
}

/** Somebody has been there, or it was nothing. It need not have been acknowledged before. */
export function resolved(
  alarm: Alarm,
  { by, how }: Answering,
  outcome: AlarmOutcome,
  now: Date,
): Exclude<Answered, 'taken'> {
  if (alarm.resolved) return alarm.resolved.by === by && alarm.resolved.outcome === outcome ? 'already' : 'over';
  const at = now.toISOString();
  const { stepAt: _, alsoTell: __, ...rest } = withoutOwed(alarm);
  const over: Alarm = { ...rest, state: 'resolved', isJoinable: false, resolved: { by, at, how, outcome } };
  // Whoever was called out by SMS alone is called off by SMS; the others need not be rung up for it.
  const to = others(alarm, by).map(({ personId, channels }) => {
    const quiet = channels.filter((channel) => channel !== 'sms');
    return { personId, channels: quiet.length > 0 ? quiet : channels };
  });
  return withLine(owing(over, 'over', to, at), { at, what: 'resolved', by });
}

function withoutOwed(alarm: Alarm): Alarm {
  const { owed: _, ...rest } = alarm;
  return rest;
}

const others = ({ told: all }: Alarm, by: PersonId) => all.filter(({ personId }) => personId !== by);

const owing = (alarm: Alarm, tiding: 'taken' | 'over', to: readonly Addressee[], since: string): Alarm =>
  to.length > 0 ? { ...alarm, owed: { tiding, since, to: [...to] } } : alarm;

/** Each person once, by all the ways that were named for them, in the order in which they first stand. */
function distinct(all: readonly Addressee[]): Addressee[] {
  const byPerson = new Map<PersonId, Addressee>();
  for (const { personId, channels } of all) {
    const known = byPerson.get(personId)?.channels ?? [];
    byPerson.set(personId, { personId, channels: [...new Set([...known, ...channels])] });
  }
  return [...byPerson.values()].slice(0, TOLD_MAX);
}

/** Of an alarm that rings for days the oldest tellings go; who raised, answered and ended it stays. */
function withLine(alarm: Alarm, line: HistoryLine): Alarm {
  const history = [...alarm.history, line];
  if (history.length <= HISTORY_MAX) return { ...alarm, history };
  const oldest = history.findIndex(
    ({ what }) => what === 'told' || what === 'nobody-to-tell' || what === 'raised-again',
  );
  return { ...alarm, history: history.toSpliced(Math.max(oldest, 1), 1) };
}

const inMinutes = (now: Date, minutes: number) => new Date(now.getTime() + minutes * 60_000).toISOString();
