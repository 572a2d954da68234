/**
 * The tables, declared once: the CDK creates them, the functions find them, the tests recreate them.
 * `inBackup` false is a promise too: keys and what dies with them must never be in a backup (design, section 3).
 */
export interface TableDeclaration {
  readonly env: string;
  readonly holds: string;
  readonly timeToLive?: 'expiresAtEpochSeconds';
  readonly stream?: 'KEYS_ONLY' | 'NEW_IMAGE';
  readonly indexes?: Readonly<Record<string, { readonly partitionKey: string; readonly sortKey: string }>>;
  readonly inBackup: boolean;
  readonly pointInTimeRecoveryDays: number | undefined;
}

export const tables = {
  core: {
    env: 'CORE_TABLE',
    holds: "every organisation's domain data, tenant first in every partition key",
    inBackup: true,
    pointInTimeRecoveryDays: 35,
  },
  activity: {
    env: 'ACTIVITY_TABLE',
    holds: 'who did and saw what: append-only, ids only',
    timeToLive: 'expiresAtEpochSeconds',
    inBackup: true,
    pointInTimeRecoveryDays: 35,
  },
  rights: {
    env: 'RIGHTS_TABLE',
    holds: 'consents, acknowledgements, agreements accepted, and the rights ledger',
    inBackup: true,
    pointInTimeRecoveryDays: 35,
  },
  keys: {
    env: 'KEYS_TABLE',
    holds: 'wrapped data keys and their state',
    stream: 'NEW_IMAGE',
    inBackup: false,
    pointInTimeRecoveryDays: 1,
  },
  mirror: {
    env: 'KEYS_MIRROR_TABLE',
    holds: 'a copy of every key row; a fence always wins',
    inBackup: false,
    pointInTimeRecoveryDays: 1,
  },
  lookup: {
    env: 'LOOKUP_TABLE',
    holds: 'HMAC indexes (e-mail, phone, sub) and uniqueness',
    inBackup: false,
    pointInTimeRecoveryDays: undefined,
  },
  transient: {
    env: 'TRANSIENT_TABLE',
    holds: 'idempotency, outbox, link tokens, role sessions, sign-in log: all expire',
    timeToLive: 'expiresAtEpochSeconds',
    stream: 'KEYS_ONLY',
    inBackup: false,
    pointInTimeRecoveryDays: undefined,
  },
} as const satisfies Record<string, TableDeclaration>;

export type TableName = keyof typeof tables;

/** Every table has the same key schema: `pk` and `sk`, both strings. */
export const keySchema = { partitionKey: 'pk', sortKey: 'sk' } as const;
