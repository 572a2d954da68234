import type { KeyObject } from 'node:crypto';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { type ClassKeyRow, classKeyRow, classKeyRowKey, type Opening, openClassKey } from './class-keys.ts';
import { type Dynamo, type Row, type RowKey, rowId } from './dynamo.ts';
import {
  type ControllerId,
  classesOf,
  type EntityDeclaration,
  keyOf,
  type Owner,
  partitionOf,
  type Ref,
  type RetentionClass,
  sortKeyOf,
} from './entity.ts';
import type { KeyRing } from './key-ring.ts';
import type { LookupKind, Page, Pointer, PointerKey, PointerTable, Range, Records, Stored } from './records.ts';
import { joinShares, open, placeOf } from './sealing.ts';
import type { TableName } from './tables.ts';

const REFS_MAX = 5_000;
const PAGE_MAX = 1_000;

/** What reading and writing have in common within one request. */
export interface Session extends Opening {
  readonly dynamo: Dynamo;
  readonly ring: KeyRing;
  /** Physical names by logical ones. */
  readonly tableNames: Readonly<Record<TableName, string>>;
  now(): Date;
  /** Key rows seen in this request, by row id: good enough to seal with, because the write itself checks the state. */
  readonly keyRows: Map<string, ClassKeyRow | undefined>;
}

export const logicalPlace = (ref: Ref) => {
  const { pk, sk } = keyOf(ref);
  return placeOf(ref.entity.table, pk, sk, ref.entity.schemaVersion);
};

/** Where an item key's share is bound to: the item, and the holder under whose class key it is wrapped. */
export const sharePlace = (ref: Ref, holder: Holder) =>
  placeOf(
    'item-key',
    logicalPlace(ref).replaceAll('|', '/'),
    holder.owner.controller,
    holder.owner.subject,
    holder.retentionClass,
  );

/** A file's place, as what its sealing is bound to. */
export const filePlace = (owner: Owner, retentionClass: RetentionClass, place: string) =>
  placeOf('file', owner.controller, owner.subject, retentionClass, place.replaceAll('|', '/'));

export interface Holder {
  readonly owner: Owner;
  readonly retentionClass: RetentionClass;
}

export type Reader = Omit<
  Records,
  'change' | 'roundTrips' | 'activityLog' | 'prepareController' | 'sealFile' | 'openFile'
>;

export function recordReader(session: Session): Reader {
  const { dynamo, ring, tableNames } = session;
  const physical = (ref: Ref): RowKey => ({ table: tableNames[ref.entity.table], ...keyOf(ref) });
  const keyRowKey = (owner: Owner, retentionClass: RetentionClass) =>
    classKeyRowKey(tableNames.keys, owner, retentionClass);

  async function batchGet(groups: readonly (readonly RowKey[])[]) {
    return groups.length === 0 ? new Map<string, Row>() : dynamo.batchGet(groups);
  }

  function remember(rowKey: RowKey, rows: Map<string, Row>): ClassKeyRow | undefined {
    const row = classKeyRow(rows.get(rowId(rowKey)));
    session.keyRows.set(rowId(rowKey), row);
    return row;
  }

  async function openRow<E extends EntityDeclaration>(
    ref: Ref<E>,
    row: Row | undefined,
    keyRow: ClassKeyRow | undefined,
  ): Promise<Stored<E> | undefined> {
    if (!row || isExpired(row)) return undefined;
    if (!isOpenTo(ref.entity, keyRow) || generationOf(row) !== keyRow.generation) return undefined;
    const key = await openClassKey(ring, ref.owner, ref.entity.retentionClass, keyRow, session);
    return key && openWith(ref, row, key);
  }

  /** An objection (Art. 21) closes an entity; whoever answers for the rights still sees what there is. */
  const isOpenTo = (entity: EntityDeclaration, keyRow: ClassKeyRow | undefined): keyRow is ClassKeyRow =>
    keyRow !== undefined && (session.throughRestriction || !keyRow.refused.has(entity.name));

  function isExpired(row: Row) {
    const expiresAt = row['expiresAtEpochSeconds']?.N;
    return expiresAt !== undefined && Number(expiresAt) * 1000 <= session.now().getTime();
  }

  async function together(refs: readonly Ref[]): Promise<(Stored<EntityDeclaration> | undefined)[]> {
    if (refs.length > REFS_MAX) throw new Error(`More than ${REFS_MAX} records in one read`);
    const groups = refs.map((ref) => [physical(ref), keyRowKey(ref.owner, ref.entity.retentionClass)] as const);
    const rows = await batchGet(groups);
    return Promise.all(
      groups.map(([itemKey, keyKey], i) => openRow(refs[i]!, rows.get(rowId(itemKey)), remember(keyKey, rows))),
    );
  }

  return {
    together: together as Records['together'],
    getMany: together as Records['getMany'],
    async get<E extends EntityDeclaration>(ref: Ref<E>) {
      const [stored] = await together([ref]);
      return stored as Stored<E> | undefined;
    },

    async list<E extends EntityDeclaration>(entity: E, owner: Owner, range: Range = {}): Promise<Page<Stored<E>>> {
      const pk = partitionOf(entity, owner);
      const keyKey = keyRowKey(owner, entity.retentionClass);
      const [page, keys] = await Promise.all([
        dynamo.query(queryOf(tableNames[entity.table], pk, entity.sortKey, range)),
        dynamo.batchGet([[keyKey]]),
      ]);
      const keyRow = remember(keyKey, keys);
      const opened = await Promise.all(
        page.rows.map((row) => openRow({ entity, owner, ...keyPart(entity, row) } as Ref<E>, row, keyRow)),
      );
      return { items: opened.filter((stored) => stored !== undefined), ...nextOf(page, entity.sortKey) };
    },

    async pointers(table: PointerTable, pk: string, range: Range = {}): Promise<Page<Pointer>> {
      const page = await dynamo.query(queryOf(tableNames[table], pk, undefined, range));
      return {
        items: page.rows.filter((row) => !isExpired(row)).map((row) => pointerOf(table, row)),
        ...nextOf(page, undefined),
      };
    },

    async pointersAt(keys: readonly PointerKey[]) {
      const physicalKeys = keys.map(({ table, pk, sk }) => ({ table: tableNames[table], pk, sk }));
      const rows = await batchGet(physicalKeys.map((key) => [key]));
      return physicalKeys.map((key, i) => {
        const row = rows.get(rowId(key));
        return row && !isExpired(row) ? pointerOf(keys[i]!.table, row) : undefined;
      });
    },

    async keyStates(owner: Owner) {
      const keys = classesOf(owner.subject).map((retentionClass) => ({
        retentionClass,
        key: keyRowKey(owner, retentionClass),
      }));
      const rows = await batchGet(keys.map(({ key }) => [key]));
      return new Map(
        keys.flatMap(({ retentionClass, key }) => {
          const row = remember(key, rows);
          return row ? [[retentionClass, row.state] as const] : [];
        }),
      );
    },

    async find(controller: ControllerId, kind: LookupKind, value: string) {
      const [id] = await this.findMany(controller, kind, [value]);
      return id;
    },

    async findMany(controller: ControllerId, kind: LookupKind, values: readonly string[]) {
      const keys = await Promise.all(
        values.map(async (value) => ({
          table: tableNames.lookup,
          ...(await lookupKey(ring, controller, kind, value)),
        })),
      );
      const rows = await batchGet(keys.map((key) => [key]));
      return keys.map((key) => rows.get(rowId(key))?.['id']?.S);
    },

    async getShared<E extends EntityDeclaration>(ref: Ref<E>) {
      const itemKey = physical(ref);
      const row = (await batchGet([[itemKey]])).get(rowId(itemKey));
      if (!row || isExpired(row)) return undefined;
      const holders = sharesOf(row);
      const keyKeys = holders.map((holder) => keyRowKey(holder.owner, holder.retentionClass));
      // The item once more beside its holders' key rows: what was read before them proves nothing.
      const rows = await batchGet([[itemKey, ...keyKeys]]);
      const again = rows.get(rowId(itemKey));
      if (!again) return undefined;
      const shares = await Promise.all(
        sharesOf(again).map(async (holder) => {
          const keyKey = keyRowKey(holder.owner, holder.retentionClass);
          const keyRow = remember(keyKey, rows);
          if (!isOpenTo(ref.entity, keyRow) || holder.generation !== keyRow.generation) return undefined;
          const key = await openClassKey(ring, holder.owner, holder.retentionClass, keyRow, session);
          return key && open(key, holder.wrapped, sharePlace(ref, holder));
        }),
      );
      const opened = shares.filter((share) => share !== undefined);
      const all = again['opensWhile']?.S === 'all';
      if (all ? opened.length < shares.length : opened.length === 0) return undefined;
      return openWith(ref, again, joinShares(all ? opened : [opened[0]!]));
    },
  };
}

function openWith<E extends EntityDeclaration>(ref: Ref<E>, row: Row, key: KeyObject): Stored<E> {
  const sealed = row['sealed']?.B;
  if (!sealed) throw new Error('A record without its payload');
  const value = ref.entity.schema.parse(JSON.parse(open(key, sealed, logicalPlace(ref)).toString('utf8')));
  const expiresAt = row['expiresAtEpochSeconds']?.N;
  return {
    ref,
    value: value as Stored<E>['value'],
    version: Number(row['version']?.N ?? 1),
    ...(expiresAt !== undefined && { expiresAtEpochSeconds: Number(expiresAt) }),
  };
}

/** Of the class key that something is sealed under; see `generation` of the key row. */
const generationOf = (row: Row) => Number(row['keyGeneration']?.N ?? 1);

function sharesOf(row: Row): (Holder & { wrapped: Uint8Array; generation: number })[] {
  return (row['holders']?.L ?? []).map((holder) => ({
    owner: { controller: holder.M?.['controller']?.S, subject: holder.M?.['subject']?.S } as unknown as Owner,
    retentionClass: holder.M?.['retentionClass']?.S as RetentionClass,
    wrapped: holder.M?.['wrapped']?.B ?? new Uint8Array(),
    generation: generationOf(holder.M ?? {}),
  }));
}

/** The place of a value's claim in Lookup: an HMAC, so that one controller cannot learn another's customers. */
export async function lookupKey(ring: KeyRing, controller: ControllerId, kind: LookupKind, value: string) {
  const normalised = value.normalize('NFC').trim().toLowerCase();
  return { pk: `${controller}#${kind}#${await ring.hmac(controller, kind, normalised)}`, sk: 'CLAIM' };
}

function queryOf(table: string, pk: string, sortKey: string | undefined, range: Range) {
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

function nextOf(page: { rows: Row[]; more: boolean }, sortKey: string | undefined): { next?: string } {
  const last = page.rows.at(-1)?.['sk']?.S;
  if (!page.more || last === undefined) return {};
  return { next: sortKey === undefined ? last : last.slice(sortKey.length + 1) };
}

function keyPart(entity: EntityDeclaration, row: Row): { key?: string } {
  const sk = row['sk']?.S ?? '';
  return sk === entity.sortKey ? {} : { key: sk.slice(entity.sortKey.length + 1) };
}

function pointerOf(table: PointerTable, row: Row): Pointer {
  const { pk, sk, expiresAtEpochSeconds, ...attributes } = unmarshall(row) as Record<string, string | number>;
  return {
    table,
    pk: String(pk),
    sk: String(sk),
    attributes,
    ...(expiresAtEpochSeconds !== undefined && { expiresAtEpochSeconds: Number(expiresAtEpochSeconds) }),
  };
}
