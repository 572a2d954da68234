import { entryOfRow } from '../../lambdas/features/transparency/leaf.ts';
import type { OrganisationId } from '../../lambdas/http/ids.ts';
import { type Act, mutatedEntry, type Pick, type Tampered } from './tampering.ts';
import type { Row, TrustWorld } from './world.ts';

type TamperedRows = Omit<Tampered, 'lines'> & { undo(): Promise<void> };

/**
 * One event tampered with where it lies in the table, by somebody with every right there; the tiles and heads are in a
 * locked bucket, out of reach. `rows` are the organisation's, untouched.
 */
export async function tamperWithRows(
  world: TrustWorld,
  controller: OrganisationId,
  rows: readonly Row[],
  act: Act,
  pick: Pick,
): Promise<TamperedRows> {
  const row = rows[pick(rows.length)]!;
  const [leaf, id] = [row['leaf'] as number, row.sk];
  const restore =
    (...touched: readonly Row[]) =>
    async () => {
      for (const each of touched) await world.put(each);
    };
  if (act === 'mutated') {
    const { subject, salt, controller: _, id: __, ...facts } = mutatedEntry(entryOfRow(row), pick);
    const changed = { ...row, ...facts, pk: `${controller}#${subject}`, salt: Buffer.from(salt, 'base64url') };
    await world.remove(row);
    await world.put(withoutUndefined(changed));
    const undo = async () => {
      await world.remove(changed);
      await world.put(row);
    };
    return { expected: ['mutated'], eventIds: [id], leaves: [leaf], undo };
  }
  if (act === 'deleted') {
    await world.remove(row);
    return { expected: ['deleted'], eventIds: [], leaves: [leaf], undo: restore(row) };
  }
  if (act === 'reordered') {
    const other = rows.filter((each) => each !== row)[pick(rows.length - 1)]!;
    await world.put({ ...row, leaf: other['leaf'] });
    await world.put({ ...other, leaf });
    const leaves = [leaf, other['leaf'] as number];
    return { expected: ['reordered'], eventIds: [id, other.sk], leaves, undo: restore(row, other) };
  }
  if (act === 'inserted') {
    const forged = { ...row, sk: `evt_7zzzzzzzzzzzzzzzzzzzzzzzz${pick(10)}`, actor: 'acc_somebody-else' };
    await world.put(forged);
    const undo = () => world.remove(forged).then(() => undefined);
    return { expected: ['inserted'], eventIds: [id, forged.sk], leaves: [leaf], undo };
  }
  const cut = rows.filter((each) => (each['leaf'] as number) >= leaf);
  for (const each of cut) await world.remove(each);
  return {
    expected: ['deleted'],
    eventIds: [],
    leaves: cut.map((each) => each['leaf'] as number),
    undo: restore(...cut),
  };
}

const withoutUndefined = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as Row;
