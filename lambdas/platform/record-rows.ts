import type { KeyObject } from 'node:crypto';
import { type ClassKeyRow, classKeyRow, classKeyRowKey } from './class-keys.ts';
import { type Row, type RowKey, rowId } from './dynamo.ts';
import { type EntityDeclaration, keyOf, type Owner, type Ref, type RetentionClass } from './entity.ts';
import type { Session } from './record-reader.ts';
import type { Stored } from './records.ts';
import { open, placeOf } from './sealing.ts';

/** What reading one owner's rows and reading shared ones have in common. */
export function recordRows(session: Session) {
  const { dynamo, tableNames } = session;
  return {
    physical: (ref: Ref): RowKey => ({ table: tableNames[ref.entity.table], ...keyOf(ref) }),

    keyRowKey: (owner: Owner, retentionClass: RetentionClass) => classKeyRowKey(tableNames.keys, owner, retentionClass),

    async batchGet(groups: readonly (readonly RowKey[])[]) {
      return groups.length === 0 ? new Map<string, Row>() : dynamo.batchGet(groups);
    },

    remember(rowKey: RowKey, rows: Map<string, Row>): ClassKeyRow | undefined {
      const row = classKeyRow(rows.get(rowId(rowKey)));
      session.keyRows.set(rowId(rowKey), row);
      return row;
    },

    /** An objection (Art. 21) closes an entity; whoever answers for the rights still sees what there is. */
    isOpenTo: (entity: EntityDeclaration, keyRow: ClassKeyRow | undefined): keyRow is ClassKeyRow =>
      keyRow !== undefined && (session.throughRestriction || !keyRow.refused.has(entity.name)),

    isExpired(row: Row) {
      const expiresAt = row['expiresAtEpochSeconds']?.N;
      return expiresAt !== undefined && Number(expiresAt) * 1000 <= session.now().getTime();
    },
  };
}

export const logicalPlace = (ref: Ref) => {
  const { pk, sk } = keyOf(ref);
  return placeOf(ref.entity.table, pk, sk, ref.entity.schemaVersion);
};

export function openWith<E extends EntityDeclaration>(ref: Ref<E>, row: Row, key: KeyObject): Stored<E> {
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
export const generationOf = (row: Row) => Number(row['keyGeneration']?.N ?? 1);
