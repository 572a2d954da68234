import type { RegisterRow } from './import-row.ts';
import { identitiesOf } from './read-world.ts';

/**
 * Rows that share a person, directly or over others: siblings, and their half-siblings. One family is taken in row by
 * row, several families at once: their transactions touch nothing in common.
 */
export function familiesOf<T extends { readonly row: RegisterRow }>(rows: readonly T[]): T[][] {
  // A child's own identity is on one row only; groups are shared by all and written by none.
  const parents = rows.map((_, i) => i);
  const rootOf = (i: number): number => {
    let root = i;
    while (parents[root] !== root) root = parents[root]!;
    parents[i] = root;
    return root;
  };
  const firstWith = new Map<string, number>();
  for (const [i, { row }] of rows.entries()) {
    for (const { kind, value } of identitiesOf(row)) {
      const key = `${kind} ${value}`;
      const other = firstWith.get(key);
      if (other === undefined) firstWith.set(key, i);
      else parents[rootOf(i)] = rootOf(other);
    }
  }
  const families = new Map<number, T[]>();
  for (const [i, row] of rows.entries()) {
    const family = families.get(rootOf(i)) ?? [];
    families.set(rootOf(i), [...family, row]);
  }
  return [...families.values()];
}
