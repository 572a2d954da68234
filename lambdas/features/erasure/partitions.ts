import { type EntityDeclaration, keptThroughErasure, type Owner, type RetentionClass } from '../../platform/entity.ts';
import type { RawRow } from '../../platform/partition-rows.ts';
import { categories } from '../agreements/categories.ts';
import type { Eraser } from './eraser.ts';

export interface Partition {
  readonly table: 'core' | 'rights' | 'transient' | 'lookup';
  readonly pk: string;
}

/** Every partition in which an owner may have rows: its own in each table, and those that entities put apart. */
export function partitionsOf({ controller, subject }: Owner): Partition[] {
  const pk = `${controller}#${subject}`;
  const own = (['core', 'rights', 'transient', 'lookup'] as const).map((table) => ({ table, pk }));
  return [...own, ...partedTables.map(({ table, prefix }) => ({ table, pk: `${prefix}${pk}` }))];
}

const declared: readonly EntityDeclaration[] = categories.flatMap(({ entities }) => entities);

const partedTables = [
  ...new Map(
    declared.flatMap(({ table, partitionPrefix: prefix }) =>
      prefix === undefined ? [] : [[`${table}|${prefix}`, { table, prefix }] as const],
    ),
  ).values(),
];

/**
 * What lies there of shredded classes: sealed under an earlier generation of their keys. What has come since (a child is
 * back, with a new picture) is none of it.
 */
export async function* shreddedRows(
  owner: Owner,
  classes: readonly RetentionClass[],
  { rows, fences }: Pick<Eraser, 'rows' | 'fences'>,
): AsyncGenerator<RawRow> {
  const generations = await fences.generations(owner, classes);
  for (const { table, pk } of partitionsOf(owner)) {
    for await (const row of rows.of(table, pk)) {
      const { retentionClass, keyGeneration } = row.attributes;
      const current = generations.get(retentionClass as RetentionClass);
      if (current !== undefined && Number(keyGeneration ?? 1) < current) yield row;
    }
  }
}

/** Sealed under a key that the law keeps (ids, codes and instants): everything else goes. */
export const isKept = ({ attributes }: Pick<RawRow, 'attributes'>): boolean =>
  keptThroughErasure.some((retentionClass) => retentionClass === attributes['retentionClass']);
