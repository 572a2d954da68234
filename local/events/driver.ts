import type { AwsJsonCall } from '../aws-json.ts';
import type { MovableClock } from '../clock.ts';
import type { ChangeCounter } from '../dynamodb/changes.ts';
import { timeToLiveSweep } from '../dynamodb/time-to-live.ts';
import type { Invoker } from '../lambda/invocation.ts';
import type { Messaging } from '../messaging/messaging.ts';
import { type OneOffSchedules, oneOffSchedules } from '../scheduler/one-off.ts';
import type { RunnerState } from '../state.ts';
import type { CloudTemplate } from '../template/template.ts';
import type { RuleDeclaration } from './rules.ts';
import { runSchedules, schedulesOf } from './schedules.ts';
import { type EventSources, eventSourcesOf, startEventSources } from './sources.ts';
import { assertReachable, type DeliverTo } from './targets.ts';

export interface DriverOptions {
  readonly template: CloudTemplate;
  readonly clock: MovableClock;
  readonly state: RunnerState;
  readonly dynamoDb: AwsJsonCall;
  readonly changes: ChangeCounter;
  readonly rules: readonly RuleDeclaration[];
  readonly messaging: Messaging;
  readonly invoker: Invoker;
  readonly deliver: DeliverTo;
  /** Plays the lifecycle of objects up to now. */
  sweepObjects(): Promise<void>;
}

export interface Driver {
  readonly sources: EventSources;
  readonly oneOffs: OneOffSchedules;
  close(): Promise<void>;
}

/**
 * Starts all that happens without a request: streams, queues, schedules, time to live, lifecycles, and the events that an earlier
 * process took and did not finish. A move of the clock sets off at once what it made due.
 */
export function driveEvents(options: DriverOptions): Driver {
  const { template, clock, state, dynamoDb, invoker, deliver } = options;
  const nowMilliseconds = () => clock.now();
  // Everything is read before anything runs: what is refused must leave nothing behind.
  const mappings = eventSourcesOf(template, invoker);
  const declared = schedulesOf(template);
  for (const { name, targets } of options.rules) for (const { Arn } of targets) assertReachable(Arn, name, invoker);
  for (const { name, targetArn } of declared) assertReachable(targetArn, name, invoker);

  const sweepObjects = () => options.sweepObjects().catch((error: unknown) => console.error('S3 lifecycle:', error));
  const expiries = timeToLiveSweep(state, dynamoDb, nowMilliseconds);
  const sources = startEventSources({
    ...options,
    declared: mappings,
    isExpiry: expiries.isExpiry,
    sendFailure: deliver,
  });
  const schedules = runSchedules({ schedules: declared, state, deliver, nowMilliseconds });
  const oneOffs = oneOffSchedules({ state, deliver, nowMilliseconds });
  const stopListening = clock.onChange(() => {
    void expiries.sweep();
    void sweepObjects();
    void schedules.check();
    void oneOffs.check();
  });
  invoker.resume();
  // What a bucket's lifecycle ended while the machine was off.
  void sweepObjects();
  return {
    sources,
    oneOffs,
    async close() {
      stopListening();
      schedules.close();
      oneOffs.close();
      expiries.close();
      await sources.close();
    },
  };
}
