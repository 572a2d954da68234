import type { Pointer, PointerKey, Range, Records } from '../../platform/records.ts';

/** Rows of one query; more of the same partition are read page by page. */
const PAGE_ITEMS_MAX = 500;

/** What a worker walks with. */
export interface Walk {
  /** A fresh one for each page: what was read for one must not be trusted for the next. */
  openCall(): { readonly records: Pick<Records, 'pointers'> };
  /** False when the worker's time is nearly over: the next run goes on where this one stopped. */
  hasTimeLeft(): boolean;
}

/** All rows of a partition (or from one sort key to another), page by page, while there is time. */
export async function* pointersIn(
  { table, pk }: Pick<PointerKey, 'table' | 'pk'>,
  walk: Walk,
  between: Range = {},
): AsyncGenerator<Pointer> {
  for (let after: string | undefined; walk.hasTimeLeft(); ) {
    const range = { ...between, limit: PAGE_ITEMS_MAX, ...(after !== undefined && { after }) };
    const { items, next } = await walk.openCall().records.pointers(table, pk, range);
    for (const pointer of items) {
      if (!walk.hasTimeLeft()) return;
      yield pointer;
    }
    if (next === undefined) return;
    after = next;
  }
}
