import type { AwsJsonCall } from '../aws-json.ts';
import type { MovableClock } from '../clock.ts';
import type { TableDeclaration } from '../dynamodb/tables.ts';
import { timeToLiveSweep } from '../dynamodb/time-to-live.ts';
import type { Invoker } from '../lambda/invocation.ts';
import type { Messaging } from '../messaging/messaging.ts';
import type { RunnerState } from '../state.ts';
import type { CloudTemplate } from '../template/template.ts';
import type { RuleDeclaration } from './rules.ts';
import { runSchedules, schedulesOf } from './schedules.ts';
import { eventSourcesOf, startEventSources } from './sources.ts';
import { assertReachable, type DeliverTo } from './targets.ts';

export interface DriverOptions {
  readonly template: CloudTemplate;
  readonly clock: MovableClock;
  readonly state: RunnerState;
  readonly dynamoDb: AwsJsonCall;
  readonly tables: readonly TableDeclaration[];
  readonly rules: readonly RuleDeclaration[];
  readonly messaging: Messaging;
  readonly invoker: Invoker;
  readonly deliver: DeliverTo;
  /** Plays the lifecycle of objects up to now. */
  sweepObjects(): Promise<void>;
}

/**
 * Starts all that happens without a request: streams, queues, schedules, time to live, lifecycles, and the events that an earlier
 * process took and did not finish. A move of the clock sets off at once what it made due. The returned function ends it.
 */
export function driveEvents(options: DriverOptions): () => Promise<void> {
  const { template, clock, state, dynamoDb, invoker, deliver } = options;
  const nowMilliseconds = () => clock.now();
  // Everything is read before anything runs: what is refused must leave nothing behind.
  const sources = eventSourcesOf(template, invoker);
  const declared = schedulesOf(template);
  for (const { name, targets } of options.rules) for (const { Arn } of targets) assertReachable(Arn, name, invoker);
  for (const { name, targetArn } of declared) assertReachable(targetArn, name, invoker);

  const sweepObjects = () => options.sweepObjects().catch((error: unknown) => console.error('S3 lifecycle:', error));
  const expiries = timeToLiveSweep(options.tables, dynamoDb, nowMilliseconds);
  const stopSources = startEventSources({ ...options, sources, isExpiry: expiries.isExpiry, sendFailure: deliver });
  const schedules = runSchedules({ schedules: declared, state, deliver, nowMilliseconds });
  const stopListening = clock.onChange(() => {
    void expiries.sweep();
    void sweepObjects();
    void schedules.check();
  });
  invoker.resume();
  // What a bucket's lifecycle ended while the machine was off.
  void sweepObjects();
  return async () => {
    stopListening();
    schedules.close();
    expiries.close();
    await stopSources();
  };
}
