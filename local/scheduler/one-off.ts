import { scheduleExpression } from '../events/schedule-expression.ts';
import type { DeliverTo } from '../events/targets.ts';
import type { RunnerState } from '../state.ts';

/** A schedule as CreateSchedule takes it and GetSchedule shows it, of what the embedded cloud plays. */
export interface OneOffSchedule {
  readonly Name: string;
  readonly GroupName: string;
  /** `at(yyyy-mm-ddThh:mm:ss)` */
  readonly ScheduleExpression: string;
  readonly ScheduleExpressionTimezone: string;
  readonly ActionAfterCompletion: 'NONE' | 'DELETE';
  readonly FlexibleTimeWindow: { readonly Mode: 'OFF' };
  readonly State: 'ENABLED' | 'DISABLED';
  readonly Target: {
    readonly Arn: string;
    readonly RoleArn: string;
    readonly Input: string;
    readonly RetryPolicy?: object | undefined;
    readonly DeadLetterConfig?: { readonly Arn: string } | undefined;
  };
  /** Seconds of the epoch, as AWS JSON has them. */
  readonly CreationDate: number;
}

/** The schedules that calls have made: kept over restarts, fired once by the movable clock. */
export interface OneOffSchedules {
  find(group: string, name: string): OneOffSchedule | undefined;
  all(): OneOffSchedule[];
  /** False when there is one of that name already. */
  add(schedule: OneOffSchedule): boolean;
  /** False when there is none. */
  remove(group: string, name: string): boolean;
  /** Fires what has become due; to be called when the clock has moved. */
  check(): Promise<void>;
  close(): void;
}

const PREFIX = 'one-off-schedule/';
const CHECK_MILLISECONDS = 1000;

interface Stored {
  readonly schedule: OneOffSchedule;
  readonly isDone: boolean;
}

/** A schedule is forgotten, or marked as done, only after its target has taken it: a crash between the two fires it again. */
export function oneOffSchedules(options: {
  readonly state: RunnerState;
  readonly deliver: DeliverTo;
  nowMilliseconds(): number;
}): OneOffSchedules {
  const { state, deliver, nowMilliseconds } = options;
  const kept = new Map(
    state.entries(PREFIX).map(({ name, value }) => [name.slice(PREFIX.length), JSON.parse(value) as Stored]),
  );
  let checking: Promise<void> = Promise.resolve();
  let isClosed = false;

  function keep(key: string, stored: Stored): void {
    kept.set(key, stored);
    state.set(PREFIX + key, JSON.stringify(stored));
  }

  function forget(key: string): boolean {
    state.delete(PREFIX + key);
    return kept.delete(key);
  }

  async function fireDue(): Promise<void> {
    const now = nowMilliseconds();
    for (const [key, { schedule, isDone }] of [...kept]) {
      if (isClosed) return;
      if (isDone || schedule.State === 'DISABLED' || dueOf(schedule) > now) continue;
      await deliver(schedule.Target.Arn, schedule.Target.Input);
      // Removed, or made anew under the same name, while it was being delivered.
      if (kept.get(key)?.schedule !== schedule) continue;
      if (schedule.ActionAfterCompletion === 'DELETE') forget(key);
      else keep(key, { schedule, isDone: true });
    }
  }

  function check(): Promise<void> {
    // One check at a time, or a schedule would fire twice.
    checking = checking.then(fireDue).catch((error: unknown) => console.error('one-off schedules:', error));
    return checking;
  }

  const timer = setInterval(() => void check(), CHECK_MILLISECONDS);
  void check();
  return {
    find: (group, name) => kept.get(keyOf(group, name))?.schedule,
    all: () => [...kept.values()].map(({ schedule }) => schedule),
    add(schedule) {
      const key = keyOf(schedule.GroupName, schedule.Name);
      if (kept.has(key)) return false;
      keep(key, { schedule, isDone: false });
      return true;
    },
    remove: (group, name) => forget(keyOf(group, name)),
    check,
    close() {
      isClosed = true;
      clearInterval(timer);
    },
  };
}

const keyOf = (group: string, name: string) => `${group}/${name}`;

/** In milliseconds of the epoch; throws for an expression or a zone that is none. */
export function dueOf({
  ScheduleExpression,
  ScheduleExpressionTimezone,
}: Pick<OneOffSchedule, 'ScheduleExpression' | 'ScheduleExpressionTimezone'>): number {
  const expression = scheduleExpression(ScheduleExpression, ScheduleExpressionTimezone);
  const due = expression.latestDue(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 0);
  if (due === undefined) throw new Error(`${ScheduleExpression} is never due`);
  return due;
}
