import { createHash, randomUUID } from 'node:crypto';
import { ACCOUNT_ID, REGION } from '../account.ts';
import type { RunnerState } from '../state.ts';
import type { CloudTemplate } from '../template/template.ts';
import { type ScheduleExpression, scheduleExpression } from './schedule-expression.ts';
import type { DeliverTo } from './targets.ts';

/** One thing to do at its times, from a Scheduler schedule or a rule with a schedule. */
export interface ScheduleDeclaration {
  readonly name: string;
  readonly arn: string;
  readonly expression: ScheduleExpression;
  readonly targetArn: string;
  /** The event for a due moment, as JSON. */
  eventAt(dueEpochMilliseconds: number): string;
}

interface SchedulerProperties {
  readonly ScheduleExpression: string;
  readonly ScheduleExpressionTimezone?: string;
  readonly State?: string;
  readonly Target: { readonly Arn: string; readonly Input?: string };
}
interface RuleProperties {
  readonly ScheduleExpression?: string;
  readonly State?: string;
  readonly Targets?: readonly { readonly Id: string; readonly Arn: string; readonly Input?: string }[];
}

/** The enabled schedules of AWS::Scheduler::Schedule and AWS::Events::Rule. */
export function schedulesOf(template: CloudTemplate): readonly ScheduleDeclaration[] {
  const schedules = template.ofType('AWS::Scheduler::Schedule').flatMap((resource) => {
    const { ScheduleExpression, ScheduleExpressionTimezone, State, Target } =
      resource.properties as unknown as SchedulerProperties;
    if (State === 'DISABLED') return [];
    const arn = resource.attribute('Arn');
    return {
      name: resource.physicalId,
      arn,
      expression: scheduleExpression(ScheduleExpression, ScheduleExpressionTimezone),
      targetArn: Target.Arn,
      eventAt: (due: number) => withContext(Target.Input ?? scheduledEvent('aws.scheduler', arn, due), arn, due),
    };
  });
  const rules = template.ofType('AWS::Events::Rule').flatMap((resource) => {
    const { ScheduleExpression, State, Targets = [] } = resource.properties as unknown as RuleProperties;
    if (!ScheduleExpression || State === 'DISABLED') return [];
    const arn = resource.attribute('Arn');
    const expression = scheduleExpression(ScheduleExpression);
    return Targets.map(({ Id, Arn, Input }) => ({
      name: `${resource.physicalId}/${Id}`,
      arn,
      expression,
      targetArn: Arn,
      eventAt: (due: number) => Input ?? scheduledEvent('aws.events', arn, due),
    }));
  });
  return [...schedules, ...rules];
}

export interface RunningSchedules {
  /** Fires what has become due; to be called when the clock has moved. */
  check(): Promise<void>;
  close(): void;
}

const CHECK_MILLISECONDS = 1000;

/**
 * Fires schedules on the moved clock. However far it jumps (or however long the machine was off), each schedule fires once
 * for all the moments that it passed, with the latest of them as its time: work that is due thirty times over is done
 * by doing it now. A due moment is stored as fired only after the target has taken it.
 */
export function runSchedules(options: {
  readonly schedules: readonly ScheduleDeclaration[];
  readonly state: RunnerState;
  readonly deliver: DeliverTo;
  nowMilliseconds(): number;
}): RunningSchedules {
  const { schedules, state, deliver, nowMilliseconds } = options;
  let checking: Promise<void> = Promise.resolve();

  async function fireDue(): Promise<void> {
    const now = nowMilliseconds();
    for (const schedule of schedules) {
      const { anchor, since } = remembered(schedule.name, now);
      const due = schedule.expression.latestDue(since, now, anchor);
      if (due === undefined) continue;
      await deliver(schedule.targetArn, schedule.eventAt(due));
      state.set(`schedule/${schedule.name}`, JSON.stringify({ anchor, since: due }));
    }
  }

  function remembered(name: string, now: number): { readonly anchor: number; readonly since: number } {
    const stored = state.get(`schedule/${name}`);
    if (stored) return JSON.parse(stored) as { anchor: number; since: number };
    const first = { anchor: now, since: now };
    state.set(`schedule/${name}`, JSON.stringify(first));
    return first;
  }

  function check(): Promise<void> {
    // One check at a time, or a schedule would fire twice for one moment.
    checking = checking.then(fireDue).catch((error: unknown) => console.error('schedules:', error));
    return checking;
  }

  const timer = setInterval(() => void check(), CHECK_MILLISECONDS);
  void check();
  return { check, close: () => clearInterval(timer) };
}

/** The event of a schedule without input of its own (EventBridge user guide, "Scheduled events"). */
function scheduledEvent(source: string, arn: string, due: number): string {
  return JSON.stringify({
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source,
    account: ACCOUNT_ID,
    time: instantText(due),
    region: REGION,
    resources: [arn],
    detail: {},
  });
}

/** Fills in Scheduler's context attributes (user guide, "Adding context attributes"). */
function withContext(input: string, arn: string, due: number): string {
  // The same moment has the same execution, also when it is delivered again.
  const execution = createHash('sha256').update(`${arn} ${due}`).digest('hex').slice(0, 32);
  return input
    .replaceAll('<aws.scheduler.scheduled-time>', instantText(due))
    .replaceAll('<aws.scheduler.schedule-arn>', arn)
    .replaceAll('<aws.scheduler.execution-id>', execution)
    .replaceAll('<aws.scheduler.attempt-number>', '1');
}

const instantText = (epochMilliseconds: number) => new Date(epochMilliseconds).toISOString().replace(/\.\d{3}Z$/, 'Z');
