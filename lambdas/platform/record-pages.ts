import type { Row } from './dynamo.ts';
import { type EntityDeclaration, sortKeyOf } from './entity.ts';
import type { Range } from './records.ts';

const PAGE_MAX = 1_000;

/** An owner's rows of one entity, or a whole partition (no sort key), as DynamoDB is asked for them. */
export function queryOf(table: string, pk: string, sortKey: string | undefined, range: Range) {
  const full = (part: string) => (sortKey === undefined ? part : sortKeyOf({ sortKey } as EntityDeclaration, part));
  const whole = boundsOf(sortKey, range, full);
  const { bounds, start } = startingAfter(range.after === undefined ? undefined : full(range.after), whole, range);
  return {
    TableName: table,
    KeyConditionExpression: bounds ? 'pk = :pk AND sk BETWEEN :low AND :high' : 'pk = :pk',
    ExpressionAttributeValues: {
      ':pk': { S: pk },
      ...(bounds && { ':low': { S: bounds.low }, ':high': { S: bounds.high } }),
    },
    ConsistentRead: true,
    Limit: Math.min(range.limit ?? PAGE_MAX, PAGE_MAX),
    ScanIndexForward: !range.newestFirst,
    ...(start !== undefined && { ExclusiveStartKey: { pk: { S: pk }, sk: { S: start } } }),
  };
}

interface Bounds {
  readonly low: string;
  readonly high: string;
}

/** Both included; undefined for the whole partition. `~` sorts after every character of an id or a date. */
function boundsOf(sortKey: string | undefined, range: Range, full: (part: string) => string): Bounds | undefined {
  const low = range.from ?? range.prefix;
  if (low === undefined && range.to === undefined) {
    return sortKey === undefined ? undefined : { low: sortKey, high: `${sortKey}#~` };
  }
  return { low: full(low ?? ''), high: full(range.to ?? `${range.prefix ?? ''}~`) };
}

/**
 * DynamoDB refuses to start outside the bounds, and a cursor comes from the caller: from before them everything is still
 * ahead, from behind them nothing is.
 */
function startingAfter(start: string | undefined, bounds: Bounds | undefined, { newestFirst }: Range) {
  if (start === undefined || !bounds || (bounds.low <= start && start <= bounds.high)) return { bounds, start };
  const isAhead = newestFirst ? start > bounds.high : start < bounds.low;
  return isAhead ? { bounds, start: undefined } : { bounds: { low: start, high: start }, start };
}

export function nextOf(page: { rows: Row[]; more: boolean }, sortKey: string | undefined): { next?: string } {
  const last = page.rows.at(-1)?.['sk']?.S;
  if (!page.more || last === undefined) return {};
  return { next: sortKey === undefined ? last : last.slice(sortKey.length + 1) };
}

/** What tells a row apart from the owner's others of the same entity. */
export function keyPart(entity: EntityDeclaration, row: Row): { key?: string } {
  const sk = row['sk']?.S ?? '';
  return sk === entity.sortKey ? {} : { key: sk.slice(entity.sortKey.length + 1) };
}
