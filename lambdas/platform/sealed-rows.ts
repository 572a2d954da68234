import type { KeyObject } from 'node:crypto';
import { type ClassKeyRow, classKeyRow, classKeyRowKey, openClassKey } from './class-keys.ts';
import { rowId } from './dynamo.ts';
import type { Owner, RetentionClass } from './entity.ts';
import { NoOrganisationKey } from './key-ring.ts';
import type { Store } from './open-records.ts';
import type { RawRow } from './partition-rows.ts';
import { joinShares, open, placeOf, SealBroken } from './sealing.ts';

/**
 * What a row is to whoever reads it. `closed`: its key is a fence, was shredded since, or was never kept; nothing opens
 * it. `broken`: its key is there and does not open it, which no order of backups explains.
 */
export type Seal = 'plain' | 'opens' | 'closed' | 'broken';

interface Share {
  readonly owner: Owner;
  readonly retentionClass: RetentionClass;
  readonly generation: number;
  /** Of a record about several people; absent where the class key seals the record itself. */
  readonly wrapped?: Uint8Array;
  /** Of whom the record is about: needed beside the holders'. */
  readonly isNeeded?: boolean;
}

/** Looks at the seals of rows, with all keys that they need read in one wave. A restriction closes nothing here. */
export async function sealsOf(store: Store, rows: readonly RawRow[]): Promise<Seal[]> {
  const shares = rows.map(sharesOf);
  const keys = shares.flat().map(({ owner, retentionClass }) => keyOfShare(store, owner, retentionClass));
  const found = keys.length === 0 ? new Map() : await store.dynamo.batchGet(keys.map((key) => [key]));
  const rowOf = ({ owner, retentionClass }: Share) =>
    classKeyRow(found.get(rowId(keyOfShare(store, owner, retentionClass))));
  return Promise.all(rows.map((row, i) => sealOf(store, row, shares[i]!, rowOf)));
}

const keyOfShare = (store: Store, owner: Owner, retentionClass: RetentionClass) =>
  classKeyRowKey(store.tableNames.keys, owner, retentionClass);

function sharesOf({ pk, attributes }: RawRow): Share[] {
  if (!(attributes['sealed'] instanceof Uint8Array)) return [];
  const generation = (of: Readonly<Record<string, unknown>>) => Number(of['keyGeneration'] ?? 1);
  const sharesIn = (of: 'holders' | 'about', isNeeded: boolean) =>
    ((attributes[of] ?? []) as readonly Readonly<Record<string, unknown>>[]).map((holder) => ({
      owner: { controller: holder['controller'], subject: holder['subject'] } as Owner,
      retentionClass: holder['retentionClass'] as RetentionClass,
      generation: generation(holder),
      wrapped: holder['wrapped'] as Uint8Array,
      isNeeded,
    }));
  if (attributes['holders']) {
    return [...sharesIn('holders', attributes['opensWhile'] === 'all'), ...sharesIn('about', true)];
  }
  // What an entity puts before the owner in a partition comes first.
  const [controller, subject] = pk.split('#').slice(-2);
  const retentionClass = attributes['retentionClass'] as RetentionClass;
  return [{ owner: { controller, subject } as Owner, retentionClass, generation: generation(attributes) }];
}

async function sealOf(
  store: Store,
  { table, pk, sk, attributes }: RawRow,
  shares: readonly Share[],
  rowOf: (share: Share) => ClassKeyRow | undefined,
): Promise<Seal> {
  if (shares.length === 0) return 'plain';
  const place = placeOf(table, pk, sk, Number(attributes['schemaVersion']));
  try {
    let own: KeyObject | undefined;
    const needed: Uint8Array[] = [];
    let anyOf: Uint8Array | undefined;
    for (const share of shares) {
      const row = rowOf(share);
      const key =
        row?.generation === share.generation
          ? await classKeyOf(store, share.owner, share.retentionClass, row)
          : undefined;
      if (!key && share.isNeeded) return 'closed';
      if (!key) continue;
      if (!share.wrapped) own = key;
      else if (share.isNeeded) needed.push(open(key, share.wrapped, placeOfShare(place, share)));
      else anyOf ??= open(key, share.wrapped, placeOfShare(place, share));
    }
    const parts = [...(anyOf ? [anyOf] : []), ...needed];
    const isAnyMissing = !anyOf && shares.some(({ wrapped, isNeeded }) => wrapped && !isNeeded);
    const key = own ?? (parts.length > 0 && !isAnyMissing ? joinShares(parts) : undefined);
    if (!key) return 'closed';
    open(key, attributes['sealed'] as Uint8Array, place);
    return 'opens';
  } catch (error) {
    if (error instanceof SealBroken) return 'broken';
    throw error;
  }
}

const placeOfShare = (place: string, { owner, retentionClass }: Share) =>
  placeOf('item-key', place.replaceAll('|', '/'), owner.controller, owner.subject, retentionClass);

async function classKeyOf(store: Store, owner: Owner, retentionClass: RetentionClass, row: ClassKeyRow) {
  try {
    return await openClassKey(store.ring, owner, retentionClass, row, { throughRestriction: true });
  } catch (error) {
    // At the end of an agreement, and of what the law kept of it, the organisation's own key goes.
    if (error instanceof NoOrganisationKey) return undefined;
    throw error;
  }
}
