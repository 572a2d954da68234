import type { EntityDeclaration, Ref } from '../../platform/entity.ts';
import type { Records, Stored } from '../../platform/records.ts';

type Lists = Readonly<Record<string, readonly Ref[]>>;
type StoredLists<L extends Lists> = {
  readonly [K in keyof L]: readonly (Stored<EntityOf<L[K][number]>> | undefined)[];
};
type EntityOf<R> = R extends Ref<infer E extends EntityDeclaration> ? E : never;

/** Several lists of references, each of one entity, in one round trip; each comes back in the order asked for. */
export async function inOneWave<const L extends Lists>(records: Records, lists: L): Promise<StoredLists<L>> {
  const names = Object.keys(lists);
  const labelled = Object.entries(lists).flatMap(([name, refs]) => refs.map((ref) => ({ name, ref })));
  const stored = await records.getMany(labelled.map(({ ref }) => ref));
  const entries = names.map((name) => [name, stored.filter((_, i) => labelled[i]?.name === name)]);
  // What was asked for as one entity was opened through that entity's schema.
  return Object.fromEntries(entries) as StoredLists<L>;
}
