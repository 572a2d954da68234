import { type EntityDeclaration, keptThroughErasure, type Owner } from '../../platform/entity.ts';
import type { RawRow } from '../../platform/partition-rows.ts';
import { categories } from '../agreements/categories.ts';

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

/** Sealed under a key that the law keeps (ids, codes and instants): everything else goes. */
export const isKept = ({ attributes }: Pick<RawRow, 'attributes'>): boolean =>
  keptThroughErasure.some((retentionClass) => retentionClass === attributes['retentionClass']);
