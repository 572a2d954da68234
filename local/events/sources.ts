import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AwsJsonCall } from '../aws-json.ts';
import type { ChangeCounter } from '../dynamodb/changes.ts';
import type { Invoker } from '../lambda/invocation.ts';
import type { Messaging } from '../messaging/messaging.ts';
import type { RunnerState } from '../state.ts';
import type { CloudTemplate } from '../template/template.ts';
import {
  type DeclaredMapping,
  declaredMappings,
  type EventSourceMapping,
  type MappingProperties,
  mappingFrom,
  sourceService,
} from './mapping.ts';
import { pollQueue } from './queue-poller.ts';
import { pollStream, type StreamPollerOptions } from './stream-poller.ts';
import { type StreamReads, streamReads } from './stream-reads.ts';
import { assertReachable } from './targets.ts';

/** A mapping as Lambda's API knows it. */
export interface MappingRecord {
  readonly uuid: string;
  readonly id: string;
  readonly properties: MappingProperties;
  /** Milliseconds since the epoch. */
  readonly lastModified: number;
}

/** The mappings there are, each with its poller while it is enabled. Changes are durable when a call returns. */
export interface EventSources {
  list(): readonly MappingRecord[];
  find(uuid: string): MappingRecord | undefined;
  add(properties: MappingProperties): MappingRecord;
  change(record: MappingRecord, properties: MappingProperties): MappingRecord;
  /** Forgets how far it had read, too. */
  remove(record: MappingRecord): void;
  close(): Promise<void>;
}

export interface EventSourceOptions extends Pick<StreamPollerOptions, 'isExpiry' | 'sendFailure' | 'clock'> {
  readonly declared: readonly DeclaredMapping[];
  readonly dynamoDb: AwsJsonCall;
  readonly changes: ChangeCounter;
  readonly messaging: Messaging;
  readonly invoker: Invoker;
  readonly state: RunnerState;
}

/** The template's mappings; throws for one whose source, function or destination the embedded cloud does not have. */
export function eventSourcesOf(template: CloudTemplate, invoker: Invoker): readonly DeclaredMapping[] {
  return declaredMappings(template).map((declared) => {
    const { functionName, onFailureArn } = mappingFrom(declared.id, declared.properties);
    if (!invoker.find(functionName)) throw new Error(`${declared.id}: there is no function ${functionName}`);
    if (onFailureArn) assertReachable(onFailureArn, declared.id, invoker);
    return declared;
  });
}

/** How long a batch under way may take to end by itself when the cloud stops; cut short, it comes again. */
const STOP_MILLISECONDS_MAX = 2000;
const PREFIX = 'mapping/';

/** What is kept of a mapping that was made, changed or removed by a call. */
interface StoredMapping {
  /** Of the template when the call was made; once the template says something else, it counts again. */
  readonly declared?: string;
  readonly properties: MappingProperties | null;
  readonly lastModified: number;
}

/** Starts a poller for every enabled mapping, those of the template and those that were made by a call. */
export function startEventSources(options: EventSourceOptions): EventSources {
  const { state, clock } = options;
  const startedAt = clock.now();
  const reads = streamReads(options.dynamoDb);
  const declaredText = new Map(options.declared.map(({ uuid, properties }) => [uuid, JSON.stringify(properties)]));
  const records = new Map<string, MappingRecord>();
  const pollers = new Map<string, Poller>();
  let isClosed = false;

  for (const record of recordsAtStart()) {
    records.set(record.uuid, record);
    run(record);
  }

  function recordsAtStart(): readonly MappingRecord[] {
    const stored = new Map(
      state.entries(PREFIX).map(({ name, value }) => [name.slice(PREFIX.length), JSON.parse(value) as StoredMapping]),
    );
    const made = [...stored].flatMap(([uuid, { declared, properties, lastModified }]): MappingRecord[] =>
      declared === undefined && properties ? [{ uuid, id: uuid, properties, lastModified }] : [],
    );
    const fromTemplate = options.declared.flatMap(({ uuid, id, properties }): MappingRecord[] => {
      const changed = stored.get(uuid);
      if (changed?.declared === declaredText.get(uuid)) {
        return changed?.properties ? [{ uuid, id, ...changed, properties: changed.properties }] : [];
      }
      // A template that has caught up with a restore declares what the restore has made already.
      if (made.some((other) => isSame(other.properties, properties))) return [];
      return [{ uuid, id, properties, lastModified: startedAt }];
    });
    return [...fromTemplate, ...made];
  }

  function isSame(one: MappingProperties, other: MappingProperties): boolean {
    const resource = (properties: MappingProperties) => properties.EventSourceArn.split('/stream/')[0];
    const target = (properties: MappingProperties) => options.invoker.find(properties.FunctionName);
    return resource(one) === resource(other) && target(one) === target(other);
  }

  function run(record: MappingRecord): void {
    if (record.properties.Enabled === false) return;
    const before = pollers.get(record.uuid)?.ended ?? Promise.resolve();
    const mapping = mappingFrom(record.id, record.properties);
    // A mapping that is made together with its table misses nothing, also one that says LATEST.
    const isMadeWithTable = state.isFresh && declaredText.has(record.uuid);
    const startsAtLatest = mapping.startsAtLatest && !isMadeWithTable;
    pollers.set(record.uuid, startPoller({ ...mapping, startsAtLatest }, { ...options, reads }, before));
  }

  function save({ uuid, lastModified }: MappingRecord, properties: MappingProperties | null): void {
    const declared = declaredText.get(uuid);
    const stored: StoredMapping = { ...(declared !== undefined && { declared }), properties, lastModified };
    state.set(`${PREFIX}${uuid}`, JSON.stringify(stored));
  }

  return {
    list: () => [...records.values()],
    find: (uuid) => records.get(uuid),
    add(properties) {
      const uuid = randomUUID();
      const record = { uuid, id: uuid, properties, lastModified: clock.now() };
      save(record, properties);
      records.set(uuid, record);
      run(record);
      return record;
    },
    change(record, properties) {
      const changed = { ...record, properties, lastModified: clock.now() };
      save(changed, properties);
      records.set(record.uuid, changed);
      pollers.get(record.uuid)?.stop();
      run(changed);
      return changed;
    },
    remove(record) {
      if (declaredText.has(record.uuid)) save(record, null);
      else state.delete(`${PREFIX}${record.uuid}`);
      records.delete(record.uuid);
      const poller = pollers.get(record.uuid);
      poller?.stop();
      const forget = () => {
        for (const { name } of state.entries(`stream/${record.id}/`)) state.delete(name);
      };
      forget();
      // A batch that was under way may have told how far it had come.
      void poller?.ended.then(() => records.has(record.uuid) || isClosed || forget());
    },
    async close() {
      isClosed = true;
      for (const { stop } of pollers.values()) stop();
      const ended = Promise.all([...pollers.values()].map((poller) => poller.ended));
      await Promise.race([ended, sleep(STOP_MILLISECONDS_MAX, undefined, { ref: false })]);
    },
  };
}

interface Poller {
  stop(): void;
  readonly ended: Promise<void>;
}

/** Begins once the one before has ended: two at once would bring everything twice. */
function startPoller(
  mapping: EventSourceMapping,
  options: EventSourceOptions & { readonly reads: StreamReads },
  before: Promise<void>,
): Poller {
  const stopping = new AbortController();
  const { messaging, invoker } = options;
  const poll = () => {
    if (sourceService(mapping.sourceArn) === 'dynamodb') return pollStream({ ...options, mapping }, stopping.signal);
    const queueUrl = `${messaging.endpoint}/${mapping.sourceArn.split(':').slice(4).join('/')}`;
    return pollQueue({ mapping, queueUrl, sqs: messaging.sqs, invoker }, stopping.signal);
  };
  return { stop: () => stopping.abort(), ended: before.then(poll) };
}
