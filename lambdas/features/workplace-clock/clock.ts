import type { Call } from '../../http/call.ts';
import { dependantPointers, type EntityDeclaration } from '../../platform/entity.ts';
import { errorName } from '../../platform/error-name.ts';
import { type Change, type Pointer, StaleVersion, type Stored } from '../../platform/records.ts';
import { orderErasure } from '../erasure/order.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { sitePointers, siteRef } from '../sites/site.ts';
import { timesheetPointers, timesheetRef } from '../timesheets/timesheet.ts';
import { type Due, dueIn, WORKPLACE_DUE } from './due.ts';

/** Rows of one run; the next run, a quarter of an hour later, goes on. */
const ROWS_MAX = 500;

export interface WorkplaceClock {
  /** A fresh one for each row. */
  openCall(): Call;
  hasTimeLeft(): boolean;
  log(line: { readonly event: string; readonly error?: string }): void;
}
interface Ticked {
  ended: number;
  failed: number;
}

/**
 * Has erased the time sheets and sites that have been kept to the end of their term: their keys and all that lies under
 * them, whatever has become of the people in it. Running it twice, or twice at once, changes nothing more.
 */
export async function tickWorkplaceEnds(clock: WorkplaceClock): Promise<Ticked> {
  const ticked: Ticked = { ended: 0, failed: 0 };
  const { records, now } = clock.openCall();
  // `~` sorts after the id, so that what is due this very millisecond is in.
  const range = { from: '0', to: `${now.toISOString()}~`, limit: ROWS_MAX };
  const { items } = await records.pointers('core', WORKPLACE_DUE, range);
  for (const row of items) {
    if (!clock.hasTimeLeft()) break;
    try {
      if (await end(row, clock.openCall())) ticked.ended++;
    } catch (error) {
      // A site whose works go on, or another run: the next one looks at what they did.
      if (error instanceof StaleVersion) continue;
      ticked.failed++;
      clock.log({ event: 'workplace-end-failed', error: errorName(error) });
    }
  }
  return ticked;
}

async function end(row: Pointer, call: Call): Promise<boolean> {
  const due = dueIn(row);
  if (!due) throw new Error('A row that nobody here wrote');
  const change = call.records.change().unpoint(row, { ifPresent: () => new StaleVersion('Another run was here') });
  const stored = await found(due, change, call);
  const { organisationId, id } = due;
  const holder = organisationOwner(organisationId);
  const event = due.kind === 'timesheet' ? 'timesheet.ended' : 'site.ended';
  if (!stored) {
    // It went with its organisation.
    await change.activity({ event, subject: holder, about: [id] }).commit();
    return false;
  }
  change.remove(stored.ref, { version: stored.version }).unpoint(dependantPointers.subject(holder, id));
  orderErasure(change, { id: call.newId('ers'), owner: stored.ref.owner, of: holder, cause: 'retention' }, call.now);
  await change.activity({ event, subject: holder, about: [id] }).commit();
  return true;
}

/** The record, with the rows that lead to it taken along; a person's own pointer goes with the person, or leads nowhere. */
async function found(due: Due, change: Change, { records }: Call): Promise<Stored<EntityDeclaration> | undefined> {
  const { organisationId } = due;
  if (due.kind === 'site') {
    change.unpoint(sitePointers.ofOrganisation(organisationId, due.id));
    return records.get(siteRef(organisationId, due.id));
  }
  const sheet = await records.get(timesheetRef(organisationId, due.id));
  if (!sheet) return undefined;
  const { period, personId } = sheet.value;
  change
    .unpoint(timesheetPointers.ofOrganisation(organisationId, period, due.id))
    .unpoint(timesheetPointers.ofPerson({ controller: organisationId, subject: personId }, period));
  return sheet;
}
