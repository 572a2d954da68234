import { unmarshall } from '@aws-sdk/util-dynamodb';
import { rowId } from '../../../platform/dynamo.ts';
import type { ControllerId, Owner } from '../../../platform/entity.ts';
import { LEDGER_HEAD, type LedgerHead, ledgerHash, ledgerPartition, ledgerSortKey } from '../../../platform/ledger.ts';
import type { LedgerEntry } from '../../../platform/records.ts';
import { RestoreRefused, type StepContext } from '../step.ts';

const PAGE_ITEMS = 500;

export interface EntryInLedger extends LedgerEntry {
  readonly sequence: number;
  readonly at: string;
  readonly hash: string;
}

export const BEGINNING: LedgerHead = { sequence: 0, hash: '' };

/**
 * A controller's entries after one that is known, in order. Each is checked against the one before it: refuses the
 * restore with `ledger-broken` where one is missing, another or changed.
 */
export async function* ledgerEntries(
  { openCall }: Pick<StepContext, 'openCall'>,
  controller: ControllerId,
  after: LedgerHead,
): AsyncGenerator<EntryInLedger> {
  const pk = ledgerPartition(controller);
  let before = after;
  for (;;) {
    const range = { from: ledgerSortKey(before.sequence + 1), limit: PAGE_ITEMS };
    const { items } = await openCall().records.pointers('rights', pk, range);
    for (const { sk, attributes = {} } of items) {
      const entry = entryOf(controller, before.sequence + 1, attributes);
      const { sequence, at, hash } = entry;
      const isNext = sk === ledgerSortKey(sequence) && attributes['previous'] === before.hash;
      if (!isNext || hash !== ledgerHash(before.hash, sequence, at, entry)) {
        throw new RestoreRefused('ledger-broken', { controller, sequence });
      }
      before = { sequence, hash };
      yield entry;
    }
    if (items.length < PAGE_ITEMS) return;
  }
}

function entryOf(
  controller: ControllerId,
  sequence: number,
  attributes: Readonly<Record<string, unknown>>,
): EntryInLedger {
  const { at, kind, subject, about, detail, hash } = attributes;
  return {
    sequence,
    at: String(at),
    hash: String(hash),
    kind: kind as LedgerEntry['kind'],
    subject: { controller, subject } as Owner,
    ...(typeof about === 'string' && { about }),
    ...(typeof detail === 'object' && { detail: detail as NonNullable<LedgerEntry['detail']> }),
  };
}

/** How far the ledger has come by what Keys say, which no restore brings back. One round trip. */
export async function headInKeys({ target }: Pick<StepContext, 'target'>, controller: ControllerId) {
  const key = { table: target.tableNames.keys, pk: controller, sk: LEDGER_HEAD };
  const row = (await target.dynamo.batchGet([[key]])).get(rowId(key));
  return row ? (unmarshall(row) as unknown as LedgerHead) : BEGINNING;
}
