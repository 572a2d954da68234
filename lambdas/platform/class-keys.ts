import type { KeyObject } from 'node:crypto';
import type { Row, RowKey } from './dynamo.ts';
import { classesOf, type Owner, type RetentionClass } from './entity.ts';
import { type KeyRing, ORGANISATION_KEY_VERSION } from './key-ring.ts';
import { newWrappedKey, placeOf, unwrapKey } from './sealing.ts';

/**
 * A class key: one per owner and retention class, wrapped by the controller's key, in the Keys table. Its row is the
 * one place where erasure and restriction are decided: read with every item, checked by every write, never cached.
 */
export interface ClassKeyRow {
  readonly state: 'ACTIVE' | 'RESTRICTED' | 'ERASED';
  readonly wrapped: Uint8Array | undefined;
  /** Names of the entities that the person objects to (Art. 21): closed under this key, the others are not. */
  readonly refused: ReadonlySet<string>;
  /** One more each time that the key was shredded and made anew. */
  readonly generation: number;
}

/** Restricted data is stored and not used (Art. 18(2)), but for what asks to see it all the same: the rights themselves. */
export interface Opening {
  readonly throughRestriction: boolean;
}

export function classKeyId(owner: Owner, retentionClass: RetentionClass) {
  // A class that the subject's kind does not have would be one that no erasure fences.
  if (!classesOf(owner.subject).includes(retentionClass))
    throw new Error(`No ${retentionClass} key for such a subject`);
  return { pk: `${owner.controller}#${owner.subject}`, sk: `CLASS#${retentionClass}` };
}

export const classKeyRowKey = (keysTable: string, owner: Owner, retentionClass: RetentionClass): RowKey => ({
  table: keysTable,
  ...classKeyId(owner, retentionClass),
});

export function classKeyRow(row: Row | undefined): ClassKeyRow | undefined {
  const state = row?.['state']?.S;
  if (state !== 'ACTIVE' && state !== 'RESTRICTED' && state !== 'ERASED') return undefined;
  return {
    state,
    wrapped: row?.['wrappedKey']?.B,
    refused: new Set(row?.['refused']?.SS),
    generation: Number(row?.['generation']?.N ?? 1),
  };
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
  { throughRestriction }: Opening,
): Promise<KeyObject | undefined> {
  const isOpen = row?.state === 'ACTIVE' || (throughRestriction && row?.state === 'RESTRICTED');
  if (!isOpen || !row.wrapped) return undefined;
  return unwrapKey(await ring.sealingKey(owner.controller), row.wrapped, placeOfClassKey(owner, retentionClass));
}

export async function newClassKey(
  ring: KeyRing,
  owner: Owner,
  retentionClass: RetentionClass,
): Promise<{ key: KeyObject; wrapped: Uint8Array }> {
  return newWrappedKey(await ring.sealingKey(owner.controller), placeOfClassKey(owner, retentionClass));
}
