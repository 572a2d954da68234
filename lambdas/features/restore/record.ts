import { OrganisationId } from '../../http/ids.ts';
import { organisationOwner, organisationPointers } from '../organisations/organisation.ts';
import { operatorItself } from '../registers/operator-itself.ts';
import type { Restoration } from './restoration.ts';
import { type OwnStep, type Restorer, targetOf } from './restorer.ts';

/** How many organisations' logs are written to at once. */
const RECORDED_AT_ONCE = 20;

const restorePointers = {
  /** That this restore stands in this controller's log: ids alone. */
  recorded: (id: string, controller: string) =>
    ({ table: 'core', pk: 'operator#RESTORES', sk: `${id}#${controller}` }) as const,
};

/**
 * That there was a restore, and to when, in every controller's own log: what was entered between the backup and the
 * restore is not there any more, and each may ask about that. Written once for each, whatever is repeated.
 */
export const recordRestore: OwnStep = async (restoration, restorer) => {
  const { records } = restorer.callOn(targetOf(restoration));
  const page = await records.pointers('core', ALL_ORGANISATIONS, {
    limit: RECORDED_AT_ONCE,
    ...(restoration.cursor !== undefined && { after: restoration.cursor }),
  });
  const owners = page.items.map(({ sk }) => organisationOwner(OrganisationId.parse(sk)));
  if (restoration.cursor === undefined) owners.unshift(operatorItself);
  await Promise.all(owners.map((owner) => recordFor(owner, restoration, restorer)));
  const figures = { recorded: owners.length };
  return page.next === undefined ? { done: true, figures } : { done: false, cursor: page.next, figures };
};

const { pk: ALL_ORGANISATIONS } = organisationPointers.all('' as OrganisationId);

async function recordFor(owner: typeof operatorItself, restoration: Restoration, restorer: Restorer): Promise<void> {
  const { records } = restorer.callOn(targetOf(restoration));
  const pointer = restorePointers.recorded(restoration.id, owner.controller);
  const [recorded] = await records.pointersAt([pointer]);
  if (recorded) return;
  const { id, from, day, tables, begunAt } = restoration;
  const detail = { restore: id, from, day, restoredTo: tables.core.exportTime, begunAt };
  await records
    .change()
    .point(pointer, { ifNew: () => new Error('Another run has recorded it') })
    .activity({ event: 'service.restored', subject: owner, detail })
    .commit();
}

/** Before the gate closes, for the log that is recovered into the new tables; nothing when there are no tables any more. */
export async function recordBeginning(restoration: Restoration, restorer: Restorer): Promise<void> {
  if (restoration.areTablesLost) return;
  const { id, from, day } = restoration;
  await restorer
    .callOn(restoration.generation)
    .records.change()
    .activity({ event: 'service.restore-begun', subject: operatorItself, detail: { restore: id, from, day } })
    .commit();
}

/** In the old generation, which lives on. */
export async function recordAbort(restoration: Restoration, restorer: Restorer): Promise<void> {
  if (restoration.areTablesLost) return;
  await restorer
    .callOn(restoration.generation)
    .records.change()
    .activity({ event: 'service.restore-aborted', subject: operatorItself, detail: { restore: restoration.id } })
    .commit();
}
