import type { Owner } from '../../platform/entity.ts';
import type { PointerKey } from '../../platform/records.ts';
import type { Eraser } from './eraser.ts';
import type { DeadShare } from './shared.ts';

/** Writes in one transaction of at most a hundred: the activity record is one, and each claim counts two. */
const WRITES_MAX = 90;

/** Begins the sort key of the row that leads to a claim in Lookup. */
export const CLAIM_PREFIX = 'LOOKUP#';

/**
 * Rows to be removed, in the order given, in transactions as large as they may be. What is gone already is no error, so
 * that a second run ends like the first.
 */
export class Removal {
  readonly #eraser: Eraser;
  readonly #subject: Owner;
  #keys = new Map<string, PointerKey>();
  #writes = 0;
  removed = 0;

  constructor(eraser: Eraser, subject: Owner) {
    this.#eraser = eraser;
    this.#subject = subject;
  }

  async add(keys: readonly PointerKey[]): Promise<void> {
    for (const key of keys) {
      const id = `${key.table}|${key.pk}|${key.sk}`;
      if (this.#keys.has(id)) continue;
      const writes = isClaim(key) ? 2 : 1;
      if (this.#writes + writes > WRITES_MAX) await this.flush();
      this.#keys.set(id, key);
      this.#writes += writes;
    }
  }

  /** Rows that others still open, without the share that nobody does. */
  async drop(shares: readonly DeadShare[]): Promise<void> {
    await this.flush();
    let left = [...shares];
    while (left.length > 0) {
      // A row stands in a transaction only once; its last share first, because each moves those behind it.
      const last = new Map(left.map((share) => [`${share.key.pk}|${share.key.sk}`, share]));
      const dropped = [...last.values()].slice(0, WRITES_MAX);
      const change = this.#eraser.openCall().records.change();
      for (const { key, at, owner } of dropped) change.dropShare(key, at, owner);
      await change
        .activity({ event: 'erasure.rows-removed', subject: this.#subject, detail: { shares: dropped.length } })
        .commit();
      left = left.filter((share) => !dropped.includes(share));
    }
  }

  async flush(): Promise<void> {
    if (this.#keys.size === 0) return;
    const { records } = this.#eraser.openCall();
    const change = records.change();
    for (const key of this.#keys.values()) {
      if (isClaim(key)) change.unclaim(key);
      else change.unpoint(key);
    }
    await change
      .activity({ event: 'erasure.rows-removed', subject: this.#subject, detail: { rows: this.#keys.size } })
      .commit();
    this.removed += this.#keys.size;
    this.#keys = new Map();
    this.#writes = 0;
  }
}

const isClaim = ({ table, sk }: PointerKey): boolean => table === 'lookup' && sk.startsWith(CLAIM_PREFIX);
