import { type ClassKeyRow, openClassKey } from './class-keys.ts';
import { type Row, rowId } from './dynamo.ts';
import { type EntityDeclaration, type Owner, partitionOf, type Ref, type RetentionClass } from './entity.ts';
import { keyPart, nextOf, queryOf } from './record-pages.ts';
import type { Session } from './record-reader.ts';
import { generationOf, logicalPlace, openWith, recordRows } from './record-rows.ts';
import type { Page, Range, Records, Stored } from './records.ts';
import { joinShares, open, placeOf } from './sealing.ts';

/**
 * Records about several people, each under an item key of its own that every holder's class key wraps a share of. Read
 * twice: once to learn who holds them, and once beside the holders' key rows, for what was read before those proves nothing.
 */
const REFS_MAX = 5_000;
/** A record whose holders changed between two looks is looked at again; another than these is not worth waiting for. */
const LOOKS_MAX = 4;

export interface Holder {
  readonly owner: Owner;
  readonly retentionClass: RetentionClass;
}

/** Where an item key's share is bound to: the item, and the holder under whose class key it is wrapped. */
export const sharePlace = (ref: Ref, holder: Holder) =>
  placeOf(
    'item-key',
    logicalPlace(ref).replaceAll('|', '/'),
    holder.owner.controller,
    holder.owner.subject,
    holder.retentionClass,
  );

export function sharedReader(session: Session): Pick<Records, 'getShared' | 'getManyShared' | 'listShared'> {
  const { ring, tableNames, dynamo } = session;
  const { physical, keyRowKey, batchGet, remember, isOpenTo, isExpired } = recordRows(session);
  const keyRowsOf = (row: Row) =>
    [...sharesOf(row), ...sharesOf(row, 'about')].map((holder) => keyRowKey(holder.owner, holder.retentionClass));

  /** The records that `seen` holds rows of, in the order of `refs`. */
  async function openShared<E extends EntityDeclaration>(
    refs: readonly Ref<E>[],
    seen: readonly (Row | undefined)[],
  ): Promise<(Stored<E> | undefined)[]> {
    const opened: (Stored<E> | undefined)[] = refs.map(() => undefined);
    let wanted = refs.flatMap((ref, i) => {
      const row = seen[i];
      return row && !isExpired(row) ? [{ ref, i, row }] : [];
    });
    for (let look = 0; wanted.length > 0 && look < LOOKS_MAX; look++) {
      const groups = wanted.map(({ ref, row }) => [physical(ref), ...keyRowsOf(row)]);
      const rows = await batchGet(groups);
      const changed: typeof wanted = [];
      for (const { ref, i, row } of wanted) {
        const again = rows.get(rowId(physical(ref)));
        if (!again || isExpired(again)) continue;
        const asked = new Set(keyRowsOf(row).map(rowId));
        if (keyRowsOf(again).some((key) => !asked.has(rowId(key)))) changed.push({ ref, i, row: again });
        else opened[i] = await openRow(ref, again, rows);
      }
      wanted = changed;
    }
    return opened;
  }

  async function openRow<E extends EntityDeclaration>(ref: Ref<E>, row: Row, rows: Map<string, Row>) {
    const opened = async (shares: readonly Share[]) => {
      const found: Uint8Array[] = [];
      for (const share of shares) {
        const keyRow = remember(keyRowKey(share.owner, share.retentionClass), rows);
        const part = await openShare(ref, share, keyRow);
        if (part) found.push(part);
      }
      return found;
    };
    const [ofHolders, ofAbout] = [sharesOf(row), sharesOf(row, 'about')];
    const [held, about] = [await opened(ofHolders), await opened(ofAbout)];
    const all = row['opensWhile']?.S === 'all';
    if (about.length < ofAbout.length) return undefined;
    if (all ? held.length < ofHolders.length : held.length === 0) return undefined;
    return openWith(ref, row, joinShares([...(all ? held : [held[0]!]), ...about]));
  }

  async function openShare(ref: Ref, share: Share, keyRow: ClassKeyRow | undefined) {
    if (!isOpenTo(ref.entity, keyRow) || share.generation !== keyRow.generation) return undefined;
    const key = await openClassKey(ring, share.owner, share.retentionClass, keyRow, session);
    return key && open(key, share.wrapped, sharePlace(ref, share));
  }

  async function getManyShared<E extends EntityDeclaration>(refs: readonly Ref<E>[]) {
    if (refs.length > REFS_MAX) throw new Error(`More than ${REFS_MAX} records in one read`);
    const rows = await batchGet(refs.map((ref) => [physical(ref)]));
    return openShared(
      refs,
      refs.map((ref) => rows.get(rowId(physical(ref)))),
    );
  }

  return {
    getManyShared,

    async getShared(ref) {
      const [stored] = await getManyShared([ref]);
      return stored;
    },

    async listShared<E extends EntityDeclaration>(
      entity: E,
      owner: Owner,
      range: Range = {},
    ): Promise<Page<Stored<E>>> {
      const pk = partitionOf(entity, owner);
      const page = await dynamo.query(queryOf(tableNames[entity.table], pk, entity.sortKey, range));
      const refs = page.rows.map((row) => ({ entity, owner, ...keyPart(entity, row) }) as Ref<E>);
      const opened = await openShared(refs, page.rows);
      return { items: opened.filter((stored) => stored !== undefined), ...nextOf(page, entity.sortKey) };
    },
  };
}

type Share = Holder & { readonly wrapped: Uint8Array; readonly generation: number };

function sharesOf(row: Row, of: 'holders' | 'about' = 'holders'): Share[] {
  return (row[of]?.L ?? []).map((holder) => ({
    owner: { controller: holder.M?.['controller']?.S, subject: holder.M?.['subject']?.S } as unknown as Owner,
    retentionClass: holder.M?.['retentionClass']?.S as RetentionClass,
    wrapped: holder.M?.['wrapped']?.B ?? new Uint8Array(),
    generation: generationOf(holder.M ?? {}),
  }));
}
