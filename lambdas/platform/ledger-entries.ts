import { unmarshall } from '@aws-sdk/util-dynamodb';
import { rowId } from './dynamo.ts';
import type { ControllerId, Owner } from './entity.ts';
import { LEDGER_HEAD, type LedgerHead, type LedgerRow, ledgerHash, ledgerPartition, ledgerSortKey } from './ledger.ts';
import type { Store } from './open-records.ts';
import type { LedgerEntry } from './records.ts';

const PAGE_ITEMS = 500;

export interface EntryInLedger extends LedgerEntry {
  readonly sequence: number;
  readonly at: string;
  readonly hash: string;
  /** It is the next after the one before, names that one's hash, and its own is that of what it says. */
  readonly isChained: boolean;
}

/** A controller's entries after one that is known, in order, with consistent reads. What comes after one that is not chained says nothing. */
export async function* ledgerEntries(
  { dynamo, tableNames }: Pick<Store, 'dynamo' | 'tableNames'>,
  controller: ControllerId,
  after: LedgerHead,
): AsyncGenerator<EntryInLedger> {
  const pk = ledgerPartition(controller);
  let before = after;
  for (let more = true; more; ) {
    const page = await dynamo.query({
      TableName: tableNames.rights,
      KeyConditionExpression: 'pk = :pk AND sk >= :next',
      ExpressionAttributeValues: { ':pk': { S: pk }, ':next': { S: ledgerSortKey(before.sequence + 1) } },
      ConsistentRead: true,
      Limit: PAGE_ITEMS,
    });
    for (const row of page.rows) {
      const entry = entryOf(controller, before, unmarshall(row));
      before = entry;
      yield entry;
    }
    more = page.more && page.rows.length > 0;
  }
}

function entryOf(
  controller: ControllerId,
  before: LedgerHead,
  { sk, at, kind, subject, about, detail, previous, hash }: Readonly<Record<string, unknown>>,
): EntryInLedger {
  const sequence = before.sequence + 1;
  const entry = {
    sequence,
    at: String(at),
    hash: String(hash),
    kind: kind as LedgerEntry['kind'],
    subject: { controller, subject } as Owner,
    ...(typeof about === 'string' && { about }),
    ...(typeof detail === 'object' && { detail: detail as NonNullable<LedgerEntry['detail']> }),
  };
  const isNext = sk === ledgerSortKey(sequence) && previous === before.hash;
  return { ...entry, isChained: isNext && hash === ledgerHash(before.hash, sequence, entry.at, entry) };
}

const NOTHING: LedgerHead = { sequence: 0, hash: '' };

/** How far a ledger has come by what Keys say, which no restore brings back. */
export async function ledgerHead(
  { dynamo, tableNames }: Pick<Store, 'dynamo' | 'tableNames'>,
  controller: ControllerId,
): Promise<LedgerHead> {
  const key = { table: tableNames.keys, pk: controller, sk: LEDGER_HEAD };
  const row = (await dynamo.batchGet([[key]])).get(rowId(key));
  return row ? (unmarshall(row) as unknown as LedgerHead) : NOTHING;
}

/** The entries after one that is known, as far as Keys still hold them: as rows of Rights, in order. */
export async function entriesInKeys(
  { dynamo, tableNames }: Pick<Store, 'dynamo' | 'tableNames'>,
  controller: ControllerId,
  after: LedgerHead,
): Promise<readonly LedgerRow[]> {
  const key = { table: tableNames.keys, pk: controller, sk: LEDGER_HEAD };
  const row = (await dynamo.batchGet([[key]])).get(rowId(key));
  const { recent = [] } = row ? (unmarshall(row) as { recent?: readonly LedgerRow[] }) : {};
  const next = recent.findIndex(
    ({ sk, previous }) => sk === ledgerSortKey(after.sequence + 1) && previous === after.hash,
  );
  return next < 0 ? [] : recent.slice(next);
}

/** How far it has come by its own last entry. */
export async function lastLedgerEntry(
  { dynamo, tableNames }: Pick<Store, 'dynamo' | 'tableNames'>,
  controller: ControllerId,
): Promise<LedgerHead> {
  const { rows } = await dynamo.query({
    TableName: tableNames.rights,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': { S: ledgerPartition(controller) } },
    ConsistentRead: true,
    ScanIndexForward: false,
    Limit: 1,
  });
  const [last] = rows;
  if (!last) return NOTHING;
  const { sk, hash } = unmarshall(last);
  return { sequence: Number(String(sk).slice('ENTRY#'.length)), hash: String(hash) };
}
