import type { Call } from '../../http/call.ts';
import { OrganisationId, PersonId } from '../../http/ids.ts';
import { dayIn, timeOfDayIn } from '../../platform/calendar.ts';
import { errorName } from '../../platform/error-name.ts';
import { StaleVersion } from '../../platform/records.ts';
import { guardiansOf, mayBeTold } from '../attendance/guardians.ts';
import { queueNotice } from '../notices/notice.ts';
import { organisationPointers, organisationRef } from '../organisations/organisation.ts';
import { ownerOf } from '../people/person.ts';
import { personRef } from '../people/writes.ts';
import type { FamilyClock } from '../walks/family-clock.ts';
import { inLanes } from '../walks/in-lanes.ts';
import { pointersIn } from '../walks/pointers-in.ts';
import { countsOf } from './day-summary.ts';
import { endOf, logPointers } from './entry.ts';
import { entriesOf } from './read-log.ts';
import { childLogSettingsRef, settingsByDefault } from './settings.ts';

interface ChildLogTicked {
  organisations: number;
  children: number;
  failed: number;
}

interface Place {
  readonly organisationId: OrganisationId;
  readonly timeZone: string;
  /** The organisation's. */
  readonly today: string;
}

/**
 * At the time that each organisation has chosen: one letter to each guardian of each child whose log of the day holds
 * something for them. What a run has no time for the next one does; a day is told once, whatever comes after.
 */
export async function tickChildLog(clock: FamilyClock): Promise<ChildLogTicked> {
  const ticked: ChildLogTicked = { organisations: 0, children: 0, failed: 0 };
  await inLanes(pointersIn(organisationPointers.all('' as OrganisationId), clock), async ({ sk, attributes }) => {
    const organisationId = OrganisationId.safeParse(sk).data;
    const timeZone = attributes?.['timeZone'];
    // The clock of attendance says so of a row that cannot be read.
    if (!organisationId || typeof timeZone !== 'string') return;
    const { now } = clock.openCall();
    const place = { organisationId, timeZone, today: dayIn(timeZone, now) };
    try {
      if (await isTime(place, clock)) await tellOrganisation(place, clock, ticked);
    } catch (error) {
      failed(error, place, clock, ticked);
    }
  });
  return ticked;
}

async function isTime({ organisationId, timeZone }: Place, clock: FamilyClock): Promise<boolean> {
  const { records, now } = clock.openCall();
  const [organisation, settings] = await records.together([
    organisationRef(organisationId),
    childLogSettingsRef(organisationId),
  ]);
  const { dailySummaryAt } = settings?.value ?? settingsByDefault;
  const isOpen = organisation?.value.state === 'open';
  return isOpen && dailySummaryAt !== 'off' && dailySummaryAt <= timeOfDayIn(timeZone, now);
}

async function tellOrganisation(place: Place, clock: FamilyClock, ticked: ChildLogTicked): Promise<void> {
  ticked.organisations++;
  const { organisationId, timeZone, today } = place;
  for await (const { sk } of pointersIn(logPointers.today(organisationId, timeZone, today, ''), clock)) {
    try {
      if (await tell(place, PersonId.parse(sk), clock.openCall())) ticked.children++;
    } catch (error) {
      failed(error, place, clock, ticked);
    }
  }
}

/** True when the guardians of the child were told. */
async function tell({ organisationId, timeZone, today }: Place, childId: PersonId, call: Call): Promise<boolean> {
  const { records, now } = call;
  const subject = ownerOf(organisationId, childId);
  const told = logPointers.told(subject, timeZone, today);
  const [isTold] = await records.pointersAt([told]);
  if (isTold) return false;
  const [child, { entries }, guardians] = await Promise.all([
    records.get(personRef(organisationId, childId)),
    entriesOf(records, organisationId, childId, { from: today, to: today }),
    guardiansOf(records, organisationId, childId),
  ]);
  const forThem = entries
    .map(({ value }) => value)
    .filter(({ visibleTo, removed }) => visibleTo === 'guardians' && !removed);
  if (!child || forThem.length === 0) return false;
  const ids = guardians.filter((guardian) => mayBeTold(guardian, today)).map(({ link }) => link.guardianId);
  const reachable = await records.getMany(ids.map((id) => personRef(organisationId, id)));
  const about = ids.filter((_, i) => reachable[i] !== undefined);

  const { sleeps, meals, nappies, notes } = countsOf(forThem, timeZone, now);
  const expiresAt = endOf(timeZone, today).toISOString();
  const parameters = { childId, sleeps, meals, nappies, notes, expiresAt };
  const change = records.change();
  change.point(told, { ifNew: () => new StaleVersion('Another run told them') });
  change.unpoint(logPointers.today(organisationId, timeZone, today, childId));
  for (const guardianId of about) {
    queueNotice(change, { to: ownerOf(organisationId, guardianId), template: 'daily-summary', parameters }, call);
  }
  await change.activity({ event: 'child-log.told', subject, about, detail: { day: today } }).commit();
  return true;
}

/** Who fails must not keep the others waiting: the log says so, and the next run tries again. */
function failed(error: unknown, { organisationId }: Place, clock: FamilyClock, ticked: ChildLogTicked): void {
  // Another run was faster.
  if (error instanceof StaleVersion) return;
  ticked.failed++;
  clock.log({ event: 'child-log-tick-failed', organisationId, error: errorName(error) });
}
