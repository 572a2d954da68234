import type { KeyObject } from 'node:crypto';
import type { Row, RowKey } from './dynamo.ts';
import type { Owner, RetentionClass } from './entity.ts';
import { type KeyRing, ORGANISATION_KEY_VERSION } from './key-ring.ts';
import { newWrappedKey, placeOf, unwrapKey } from './sealing.ts';

/**
 * A class key: one per owner and retention class, wrapped by the controller's key, in the Keys table. Its row is the
 * one place where erasure and restriction are decided: read with every item, checked by every write, never cached.
 */
export interface ClassKeyRow {
  readonly state: 'ACTIVE' | 'RESTRICTED' | 'ERASED';
  readonly wrapped: Uint8Array | undefined;
}

export const classKeyId = (owner: Owner, retentionClass: RetentionClass) => ({
  pk: `${owner.controller}#${owner.subject}`,
  sk: `CLASS#${retentionClass}`,
});

export const classKeyRowKey = (keysTable: string, owner: Owner, retentionClass: RetentionClass): RowKey => ({
  table: keysTable,
  ...classKeyId(owner, retentionClass),
});

export function classKeyRow(row: Row | undefined): ClassKeyRow | undefined {
  const state = row?.['state']?.S;
  if (state !== 'ACTIVE' && state !== 'RESTRICTED' && state !== 'ERASED') return undefined;
  return { state, wrapped: row?.['wrappedKey']?.B };
}

const placeOfClassKey = (owner: Owner, retentionClass: RetentionClass) => {
  const { pk, sk } = classKeyId(owner, retentionClass);
  return placeOf('keys', pk, sk, ORGANISATION_KEY_VERSION);
};

/** The key, or nothing when the row is missing, restricted or a fence: closed. */
export async function openClassKey(
  ring: KeyRing,
  owner: Owner,
  retentionClass: RetentionClass,
  row: ClassKeyRow | undefined,
): Promise<KeyObject | undefined> {
  if (row?.state !== 'ACTIVE' || !row.wrapped) return undefined;
  return unwrapKey(await ring.sealingKey(owner.controller), row.wrapped, placeOfClassKey(owner, retentionClass));
}

export async function newClassKey(
  ring: KeyRing,
  owner: Owner,
  retentionClass: RetentionClass,
): Promise<{ key: KeyObject; wrapped: Uint8Array }> {
  return newWrappedKey(await ring.sealingKey(owner.controller), placeOfClassKey(owner, retentionClass));
}
