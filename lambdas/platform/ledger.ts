import { createHash } from 'node:crypto';
import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { rowId } from './dynamo.ts';
import type { ControllerId } from './entity.ts';
import type { Session } from './record-reader.ts';
import type { LedgerEntry } from './records.ts';

/**
 * The rights ledger (design, section 5): every erasure, withdrawal, objection, restriction and rectification of a
 * controller, in order, each with the hash of the one before. Its head is kept in Keys, which no restore brings back:
 * a restored service knows how much it has to replay. With it the last entries themselves (ids and codes): those may be
 * lost with Rights before their copy is in the locked bucket.
 */
export const LEDGER_HEAD = 'LEDGER-HEAD';
const SEQUENCE_DIGITS = 12;
/** Entries that Keys hold as well: far more than come in the seconds until they are copied. */
const RECENT_MAX = 16;

export interface LedgerHead {
  /** Entries so far. */
  readonly sequence: number;
  /** SHA-256 of the last entry, in hex; of nothing at all when there is none. */
  readonly hash: string;
}
const EMPTY: LedgerHead = { sequence: 0, hash: '' };

/** An entry as it lies in Rights. */
export interface LedgerRow extends Pick<LedgerEntry, 'kind'> {
  readonly pk: string;
  readonly sk: string;
  readonly at: string;
  readonly controller: string;
  readonly subject: string;
  readonly about: string | undefined;
  readonly detail: LedgerEntry['detail'] | undefined;
  readonly requestId: string;
  readonly previous: string;
  readonly hash: string;
}
interface HeadRow extends LedgerHead {
  readonly recent?: readonly LedgerRow[];
}

export const ledgerPartition = (controller: ControllerId) => `${controller}#LEDGER`;
export const ledgerSortKey = (sequence: number) => `ENTRY#${String(sequence).padStart(SEQUENCE_DIGITS, '0')}`;

/** The hash that chains an entry to the one before. */
export function ledgerHash(previous: string, sequence: number, at: string, entry: LedgerEntry): string {
  const { kind, subject, about, detail = {} } = entry;
  const sorted = Object.entries(detail).sort(([one], [other]) => (one < other ? -1 : 1));
  const facts = [previous, sequence, at, kind, subject.controller, subject.subject, about ?? null, sorted];
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}

/** The entry and the new head, on the condition that nobody else has moved the head meanwhile. */
export async function ledgerItems(session: Session, entry: LedgerEntry, requestId: string) {
  const { controller } = entry.subject;
  const key = { table: session.tableNames.keys, pk: controller, sk: LEDGER_HEAD };
  const row = (await session.dynamo.batchGet([[key]])).get(rowId(key));
  const { recent = [], ...head }: HeadRow = row ? (unmarshall(row) as unknown as HeadRow) : EMPTY;
  const sequence = head.sequence + 1;
  const at = session.now().toISOString();
  const hash = ledgerHash(head.hash, sequence, at, entry);
  const { kind, subject, about, detail } = entry;
  const entryRow: LedgerRow = {
    pk: ledgerPartition(controller),
    sk: ledgerSortKey(sequence),
    at,
    kind,
    controller: subject.controller,
    subject: subject.subject,
    about,
    detail,
    requestId,
    previous: head.hash,
    hash,
  };
  const items: TransactWriteItem[] = [
    {
      Put: {
        TableName: session.tableNames.rights,
        Item: marshall(entryRow, { removeUndefinedValues: true }),
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    },
    {
      Put: {
        TableName: session.tableNames.keys,
        Item: marshall(
          { pk: controller, sk: LEDGER_HEAD, sequence, hash, recent: [...recent, entryRow].slice(-RECENT_MAX) },
          { removeUndefinedValues: true },
        ),
        ConditionExpression: row ? '#sequence = :known' : 'attribute_not_exists(pk)',
        ...(row && {
          // A reserved word of DynamoDB's.
          ExpressionAttributeNames: { '#sequence': 'sequence' },
          ExpressionAttributeValues: { ':known': { N: String(head.sequence) } },
        }),
      },
    },
  ];
  return items;
}
