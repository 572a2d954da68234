import { setTimeout as sleep } from 'node:timers/promises';
import type { AwsJsonCall } from '../aws-json.ts';
import type { Invoker } from '../lambda/invocation.ts';
import type { Messaging } from '../messaging/messaging.ts';
import type { RunnerState } from '../state.ts';
import type { CloudTemplate } from '../template/template.ts';
import { type EventSourceMapping, mappingsOf } from './mapping.ts';
import { pollQueue } from './queue-poller.ts';
import { pollStream, type StreamPollerOptions } from './stream-poller.ts';
import { assertReachable } from './targets.ts';

export interface EventSources {
  readonly streams: readonly EventSourceMapping[];
  readonly queues: readonly EventSourceMapping[];
}

/** The template's mappings; throws for one whose source, function or destination the embedded cloud does not have. */
export function eventSourcesOf(template: CloudTemplate, invoker: Invoker): EventSources {
  const known = (mapping: EventSourceMapping) => {
    if (!invoker.find(mapping.functionName))
      throw new Error(`${mapping.id}: there is no function ${mapping.functionName}`);
    if (mapping.onFailureArn) assertReachable(mapping.onFailureArn, mapping.id, invoker);
    return mapping;
  };
  return {
    streams: mappingsOf(template, 'dynamodb').map(known),
    queues: mappingsOf(template, 'sqs').map(known),
  };
}

export interface EventSourceOptions extends Pick<StreamPollerOptions, 'isExpiry' | 'sendFailure' | 'clock'> {
  readonly sources: EventSources;
  readonly dynamoDb: AwsJsonCall;
  readonly messaging: Messaging;
  readonly invoker: Invoker;
  readonly state: RunnerState;
}

/** How long a batch under way may take to end by itself when the cloud stops; cut short, it comes again. */
const STOP_MILLISECONDS_MAX = 2000;

/** Starts a poller for every mapping. The returned function stops them. */
export function startEventSources(options: EventSourceOptions): () => Promise<void> {
  const { sources, messaging, invoker } = options;
  const stopping = new AbortController();
  const queueUrl = (arn: string) => `${messaging.endpoint}/${arn.split(':').slice(4).join('/')}`;
  const pollers = [
    ...sources.streams.map((mapping) => pollStream({ ...options, mapping }, stopping.signal)),
    ...sources.queues.map((mapping) =>
      pollQueue({ mapping, queueUrl: queueUrl(mapping.sourceArn), sqs: messaging.sqs, invoker }, stopping.signal),
    ),
  ];
  return async () => {
    stopping.abort();
    await Promise.race([Promise.all(pollers), sleep(STOP_MILLISECONDS_MAX, undefined, { ref: false })]);
  };
}
