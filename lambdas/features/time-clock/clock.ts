import { OrganisationId, PersonId } from '../../http/ids.ts';
import { errorName } from '../../platform/error-name.ts';
import { type Pointer, StaleVersion } from '../../platform/records.ts';
import { queueNotice } from '../notices/notice.ts';
import { organisationPointers } from '../organisations/organisation.ts';
import { ownerOf } from '../people/person.ts';
import type { FamilyClock } from '../walks/family-clock.ts';
import { inLanes } from '../walks/in-lanes.ts';
import { pointersIn } from '../walks/pointers-in.ts';
import { openEntryOf, timeClockPointers, workDayRef } from './work-day.ts';

/** As long as a day may be with all overtime (Working Environment Act, section 10-6(8)). */
const ASKED_AFTER_HOURS = 13;
/** A question about yesterday is not worth a mail any more. */
const WORTH_HOURS = 12;

interface Ticked {
  asked: number;
  failed: number;
}

/** Asks, once a day, whether whoever is still at work after thirteen hours forgot to stamp out. It ends no hours itself. */
export async function tickTimeClock(clock: FamilyClock): Promise<Ticked> {
  const ticked: Ticked = { asked: 0, failed: 0 };
  await inLanes(pointersIn(organisationPointers.all('' as OrganisationId), clock), async ({ sk }) => {
    const organisationId = OrganisationId.safeParse(sk).data;
    // The clock of attendance says so of a row that cannot be read.
    if (!organisationId) return;
    for await (const row of pointersIn(timeClockPointers.clockedIn(organisationId, ''), clock)) {
      if (hoursSince(row, clock.openCall().now) < ASKED_AFTER_HOURS) continue;
      try {
        if (await ask(organisationId, row, clock)) ticked.asked++;
      } catch (error) {
        // The employee stamped meanwhile.
        if (error instanceof StaleVersion) continue;
        ticked.failed++;
        clock.log({ event: 'time-clock.not-asked', organisationId, error: errorName(error) });
      }
    }
  });
  return ticked;
}

const hoursSince = ({ attributes }: Pointer, now: Date) =>
  (now.getTime() - Date.parse(String(attributes?.['since']))) / 3_600_000;

async function ask(organisationId: OrganisationId, { sk, attributes }: Pointer, clock: FamilyClock): Promise<boolean> {
  const call = clock.openCall();
  const personId = PersonId.parse(sk);
  const ref = workDayRef(organisationId, personId, String(attributes?.['day']));
  const stored = await call.records.get(ref);
  const open = stored && openEntryOf(stored.value);
  // Restricted: nothing is asked, and nothing is known.
  if (!open || stored.value.askedAt !== undefined) return false;
  const askedAt = call.now.toISOString();
  const expiresAt = new Date(call.now.getTime() + WORTH_HOURS * 3_600_000).toISOString();
  const change = call.records.change().put(ref, { ...stored.value, askedAt }, { version: stored.version });
  queueNotice(
    change,
    { to: ref.owner, template: 'still-clocked-in', parameters: { since: open.startedAt, expiresAt } },
    call,
  );
  const subject = ownerOf(organisationId, personId);
  await change.activity({ event: 'time-clock.asked', subject, detail: { day: stored.value.day } }).commit();
  return true;
}
