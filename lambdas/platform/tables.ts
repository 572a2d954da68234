/**
 * The tables, declared once: the CDK creates them, the functions find them, the tests recreate them.
 * `inBackup` false is a promise too: keys and what dies with them must never be in a backup (design, section 3).
 */
export interface TableDeclaration {
  readonly env: string;
  readonly holds: string;
  readonly timeToLive?: 'expiresAtEpochSeconds';
  readonly stream?: 'KEYS_ONLY' | 'NEW_IMAGE';
  readonly indexes?: Readonly<Record<string, IndexDeclaration>>;
  readonly inBackup: boolean;
  readonly afterRestore: AfterRestore;
  readonly pointInTimeRecoveryDays: number | undefined;
  readonly erasedBy: ErasedBy;
}

interface IndexDeclaration {
  readonly partitionKey: string;
  readonly sortKey: string;
  readonly projection: 'ALL' | 'KEYS_ONLY';
}

/**
 * What a restore does with a table. `imported`, `rebuilt` (from what was imported) and `emptied` become tables of the
 * next generation, which their names end in; `kept`: never restored, so never brought back to an earlier state.
 */
type AfterRestore = 'imported' | 'rebuilt' | 'emptied' | 'kept';

/**
 * How an erasure reaches what lies in a table or bucket; one without an answer does not compile. `removal`: rows and
 * files of the subject go, found from its own partition. `removal-but-evidence`: the same, but for ids, codes and
 * instants that the law keeps. `fence`: the key is gone, its row stays as a fence. `key`: nobody may change what lies
 * there, and it is unreadable without a key that is gone. `term`: gone by itself within days, or minutes. `ids-only`:
 * it never held more than opaque ids, which say nothing once all else is gone.
 */
export type ErasedBy = 'removal' | 'removal-but-evidence' | 'fence' | 'key' | 'term' | 'ids-only';

export const tables = {
  core: {
    env: 'CORE_TABLE',
    holds: "every organisation's domain data, tenant first in every partition key",
    erasedBy: 'removal',
    inBackup: true,
    afterRestore: 'imported',
    pointInTimeRecoveryDays: 35,
  },
  // Without a time to live: the retention worker alone prunes, in the order of the log.
  activity: {
    env: 'ACTIVITY_TABLE',
    holds: 'who did and saw what: append-only, ids only',
    indexes: {
      /** An organisation's log by the month (`<controller>#<YYYY-MM>`). */
      byMonth: { partitionKey: 'month', sortKey: 'sk', projection: 'ALL' },
      /** What the sequencer has not yet appended; sparse. */
      pending: { partitionKey: 'unsequenced', sortKey: 'sk', projection: 'KEYS_ONLY' },
    },
    erasedBy: 'ids-only',
    inBackup: true,
    afterRestore: 'imported',
    pointInTimeRecoveryDays: 35,
  },
  rights: {
    env: 'RIGHTS_TABLE',
    holds: 'consents, acknowledgements, agreements accepted, and the rights ledger',
    stream: 'NEW_IMAGE',
    erasedBy: 'removal-but-evidence',
    inBackup: true,
    afterRestore: 'imported',
    pointInTimeRecoveryDays: 35,
  },
  keys: {
    env: 'KEYS_TABLE',
    holds: 'wrapped data keys and their state',
    stream: 'NEW_IMAGE',
    erasedBy: 'fence',
    inBackup: false,
    afterRestore: 'kept',
    pointInTimeRecoveryDays: 1,
  },
  mirror: {
    env: 'KEYS_MIRROR_TABLE',
    holds: 'a copy of every key row; a fence always wins',
    erasedBy: 'fence',
    inBackup: false,
    afterRestore: 'kept',
    pointInTimeRecoveryDays: 1,
  },
  lookup: {
    env: 'LOOKUP_TABLE',
    holds: 'HMAC indexes (e-mail, phone, sub) and uniqueness',
    erasedBy: 'removal',
    inBackup: false,
    afterRestore: 'rebuilt',
    pointInTimeRecoveryDays: undefined,
  },
  transient: {
    env: 'TRANSIENT_TABLE',
    holds: 'idempotency, outbox, link tokens, role sessions, sign-in log: all expire',
    timeToLive: 'expiresAtEpochSeconds',
    stream: 'KEYS_ONLY',
    erasedBy: 'removal',
    inBackup: false,
    afterRestore: 'emptied',
    pointInTimeRecoveryDays: undefined,
  },
  gate: {
    env: 'GATE_TABLE',
    holds: 'which generation of the tables is active, whether the service is open, and a restore under way',
    erasedBy: 'ids-only',
    inBackup: false,
    afterRestore: 'kept',
    pointInTimeRecoveryDays: undefined,
  },
} as const satisfies Record<string, TableDeclaration>;

export type TableName = keyof typeof tables;

/** Every table has the same key schema: `pk` and `sk`, both strings. */
export const keySchema = { partitionKey: 'pk', sortKey: 'sk' } as const;
