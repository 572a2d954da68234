import type { ActivityChains } from './activity-chain.ts';
import { activityLog } from './activity-log.ts';
import type { Opening } from './class-keys.ts';
import type { Counters } from './counters.ts';
import type { Dynamo } from './dynamo.ts';
import { fileSealing } from './file-sealing.ts';
import type { KeyRing } from './key-ring.ts';
import { type Idempotency, recordChange } from './record-change.ts';
import { recordReader, type Session } from './record-reader.ts';
import type { Author, Records } from './records.ts';
import { type TableName, tables } from './tables.ts';

/** What all requests of a container share. */
export interface Store {
  readonly dynamo: Dynamo;
  readonly ring: KeyRing;
  /** The container's own: kept from request to request. */
  readonly chains: ActivityChains;
  readonly tableNames: Readonly<Record<TableName, string>>;
  /** Of requests and uses; absent where nothing is counted. */
  readonly counters?: Counters;
  now(): Date;
}

/** The records as one request, or one worker's item, sees them. */
export function openRecords(
  store: Store,
  author: Author,
  idempotency?: Idempotency,
  { throughRestriction }: Opening = { throughRestriction: false },
): Records {
  const { dynamo, waves } = countedInWaves(store.dynamo);
  // Not spread: a store may tell its time by an accessor.
  const { ring, tableNames } = store;
  const session: Session = { dynamo, ring, tableNames, now: () => store.now(), keyRows: new Map(), throughRestriction };
  return {
    ...recordReader(session),
    ...fileSealing(session),
    activityLog: activityLog(session),
    prepareController: (controller) => store.ring.create(controller),
    change: () => recordChange(session, store.chains, author, idempotency),
    get roundTrips() {
      return waves();
    },
  };
}

/** A call belongs to the wave after the latest one that had been answered when it was sent. */
function countedInWaves({ batchGet, query, transact }: Dynamo) {
  let [sent, answered] = [0, 0];
  const counted =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      const wave = answered + 1;
      sent = Math.max(sent, wave);
      try {
        return await call(...args);
      } finally {
        answered = Math.max(answered, wave);
      }
    };
  const dynamo: Dynamo = { batchGet: counted(batchGet), query: counted(query), transact: counted(transact) };
  return { dynamo, waves: () => sent };
}

/**
 * Physical names from the environment. A function has only the tables that it needs; naming another is a bug that
 * shows at the first use, not a reason to refuse to start.
 */
export function tableNamesFrom(environment: Readonly<Record<string, string | undefined>>): Store['tableNames'] {
  return Object.fromEntries(
    Object.entries(tables).map(([name, { env }]) => [name, environment[env] ?? `${name}-is-not-granted`]),
  ) as Record<TableName, string>;
}
