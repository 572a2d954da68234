import type { ServiceDocument } from '../../platform/service-rows.ts';
import type { Restorer } from './restorer.ts';
import { dueRetired, Retired, withoutRetired, withRetired } from './retired.ts';
import { removeGeneration } from './table-steps.ts';

/** Two who write at once: the second looks again. */
const RACES_MAX = 10;

export const retiredIn = (document: ServiceDocument | undefined): Retired =>
  document ? Retired.parse(document.content) : { generations: [] };

/** Writes down that nothing works on a generation any more, and when its tables go. */
export const retire = (restorer: Restorer, generation: number, goesAt: string): Promise<void> =>
  change(restorer, (retired) => withRetired(retired, generation, goesAt));

async function change({ rows }: Restorer, to: (retired: Retired) => Retired): Promise<void> {
  for (let race = 0; race < RACES_MAX; race++) {
    const document = (await rows.read()).documents.get('RETIRED');
    const before = retiredIn(document);
    const after = to(before);
    if (after.generations.length === before.generations.length) return;
    if (await rows.swap('RETIRED', after, document?.revision)) return;
  }
  throw new Error('The list of retired generations keeps changing');
}

/** Takes away the tables of what is due, as far as it can be done now. */
export async function removeRetired(restorer: Restorer): Promise<void> {
  const { gate, documents } = await restorer.rows.read();
  const generation = dueRetired(retiredIn(documents.get('RETIRED')), gate.generation, restorer.now());
  if (generation === undefined || !(await removeGeneration(generation, restorer))) return;
  await change(restorer, (retired) => withoutRetired(retired, generation));
  restorer.log({ metric: 'generation-removed', generation });
}
