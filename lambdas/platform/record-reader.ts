import { unmarshall } from '@aws-sdk/util-dynamodb';
import { type ClassKeyRow, type Opening, openClassKey } from './class-keys.ts';
import { type Dynamo, type Row, rowId } from './dynamo.ts';
import {
  type ControllerId,
  classesOf,
  type EntityDeclaration,
  type Owner,
  partitionOf,
  type Ref,
  type RetentionClass,
} from './entity.ts';
import type { KeyRing } from './key-ring.ts';
import { keyPart, nextOf, queryOf } from './record-pages.ts';
import { generationOf, openWith, recordRows } from './record-rows.ts';
import { sharedReader } from './record-sharing.ts';
import type { LookupKind, Page, Pointer, PointerKey, PointerTable, Range, Records, Stored } from './records.ts';
import { placeOf } from './sealing.ts';
import type { TableName } from './tables.ts';

const REFS_MAX = 5_000;

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

/** A file's place, as what its sealing is bound to. */
export const filePlace = (owner: Owner, retentionClass: RetentionClass, place: string) =>
  placeOf('file', owner.controller, owner.subject, retentionClass, place.replaceAll('|', '/'));

export type Reader = Omit<
  Records,
  'change' | 'roundTrips' | 'activityLog' | 'prepareController' | 'sealFile' | 'openFile'
>;

export function recordReader(session: Session): Reader {
  const { dynamo, ring, tableNames } = session;
  const { physical, keyRowKey, batchGet, remember, isOpenTo, isExpired } = recordRows(session);

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

  async function together(refs: readonly Ref[]): Promise<(Stored<EntityDeclaration> | undefined)[]> {
    if (refs.length > REFS_MAX) throw new Error(`More than ${REFS_MAX} records in one read`);
    const groups = refs.map((ref) => [physical(ref), keyRowKey(ref.owner, ref.entity.retentionClass)] as const);
    const rows = await batchGet(groups);
    return Promise.all(
      groups.map(([itemKey, keyKey], i) => openRow(refs[i]!, rows.get(rowId(itemKey)), remember(keyKey, rows))),
    );
  }

  return {
    ...sharedReader(session),
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

    async mayHold(
      entities: readonly [EntityDeclaration, ...EntityDeclaration[]],
      owners: readonly Owner[],
    ): Promise<boolean[]> {
      const keys = owners.map((owner) => keyRowKey(owner, entities[0].retentionClass));
      const rows = await batchGet(keys.map((key) => [key]));
      return keys.map((key) => {
        const row = remember(key, rows);
        // Without a row the first write makes one.
        return row === undefined || (row.state === 'ACTIVE' && entities.every((entity) => isOpenTo(entity, row)));
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

    fingerprint: (kind: string, value: string) => ring.hmac('operator', kind, normalised(value)),
  };
}

/** The place of a value's claim in Lookup: an HMAC, so that one controller cannot learn another's customers. */
export async function lookupKey(ring: KeyRing, controller: ControllerId, kind: LookupKind, value: string) {
  return { pk: `${controller}#${kind}#${await ring.hmac(controller, kind, normalised(value))}`, sk: 'CLAIM' };
}

const normalised = (value: string) => value.normalize('NFC').trim().toLowerCase();

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
