import { profileSettings } from '../../access/profile-settings.ts';
import type { Call } from '../../http/call.ts';
import { OrganisationId, PersonId } from '../../http/ids.ts';
import { dayIn, daysAfter, timeOfDayIn } from '../../platform/calendar.ts';
import type { ControllerId } from '../../platform/entity.ts';
import { errorName } from '../../platform/error-name.ts';
import { Closed, type Pointer, StaleVersion } from '../../platform/records.ts';
import { type Organisation, organisationPointers, organisationRef } from '../organisations/organisation.ts';
import { ownerOf } from '../people/person.ts';
import { readStatementStanding } from '../statements/read-standing.ts';
import { pointersIn, type Walk } from '../walks/pointers-in.ts';
import { categoriesOf } from './categorise.ts';
import { COUNTS_KEPT_DAYS, SHARDS, usageDayOf, usageDayRef, usageOwner, usageRows } from './usage-day.ts';
import { usageCategoriesRef, usageEventEntity, usageSettingsRef } from './usage-event.ts';

/** Until a day is put together: what was let in at midnight has been counted by then. */
const SETTLING_MILLISECONDS = 60 * 60 * 1000;
/** Days that are looked at again, should the clock have stood still. */
const DAYS_BACK = COUNTS_KEPT_DAYS / 2;
/** While people sleep; more than one hour, so that one that fails does not cost a day. */
const CATEGORISED_BETWEEN = ['03:00', '06:00'] as const;
/** Each day they are computed anew: where that ends, because somebody turned it off, they go by themselves. */
const CATEGORIES_KEPT_SECONDS = 2 * 24 * 60 * 60;
const EVENTS_PER_PAGE = 500;
const EVENTS_MAX = 20_000;
const OPERATORS_ZONE = 'Europe/Oslo';

export interface UsageClock extends Walk {
  openCall(): Call;
  log(line: { readonly event: string; readonly organisationId?: string; readonly error: string }): void;
}

export interface UsageTicked {
  daysCounted: number;
  categorised: number;
  failed: number;
}

/**
 * Every hour: puts the days that are over together, throws their salts away, and at night categorises whoever has been
 * told of it and does not object. Running it twice, or twice at once, changes nothing more.
 */
export async function tickUsage(clock: UsageClock): Promise<UsageTicked> {
  const ticked: UsageTicked = { daysCounted: 0, categorised: 0, failed: 0 };
  await tried(() => countDays('operator', OPERATORS_ZONE, clock, ticked), 'operator', clock, ticked);
  for await (const { sk, attributes } of pointersIn(organisationPointers.all('' as OrganisationId), clock)) {
    const organisationId = OrganisationId.parse(sk);
    const timeZone = String(attributes?.['timeZone'] ?? OPERATORS_ZONE);
    await tried(() => countDays(organisationId, timeZone, clock, ticked), organisationId, clock, ticked);
    await tried(() => categoriseAll(organisationId, timeZone, clock, ticked), organisationId, clock, ticked);
  }
  return ticked;
}

async function countDays(controller: ControllerId, timeZone: string, clock: UsageClock, ticked: UsageTicked) {
  const { now, records } = clock.openCall();
  const today = dayIn(timeZone, new Date(now.getTime() - SETTLING_MILLISECONDS));
  const days = Array.from({ length: DAYS_BACK }, (_, i) => daysAfter(today, i - DAYS_BACK));
  const counted = await records.getMany(days.map((day) => usageDayRef(controller, day)));
  for (const [i, day] of days.entries()) {
    if (!counted[i] && clock.hasTimeLeft() && (await countDay(controller, day, clock))) ticked.daysCounted++;
  }
}

/** The counts of a day become its record, and its salt goes, in one transaction: nobody was counted twice, or can be told. */
async function countDay(controller: ControllerId, day: string, clock: UsageClock): Promise<boolean> {
  const rows: Pointer[] = [];
  for (let shard = 0; shard < SHARDS; shard++) {
    const of = { table: 'transient', pk: usageRows.shard(controller, day, shard) } as const;
    for await (const row of pointersIn(of, clock)) rows.push(row);
  }
  if (rows.length === 0 || !clock.hasTimeLeft()) return false;
  const usage = usageDayOf(rows);
  const change = clock.openCall().records.change();
  try {
    await change
      .put(usageDayRef(controller, day), usage, 'new')
      .unpoint({ table: 'transient', ...usageRows.salt(controller, day) })
      .activity({
        event: 'usage.counted',
        subject: usageOwner(controller),
        detail: { day, functions: usage.functions.length },
      })
      .commit();
    return true;
  } catch (error) {
    // Counted by another run, or nobody is left to count for.
    if (error instanceof StaleVersion || error instanceof Closed) return false;
    throw error;
  }
}

async function categoriseAll(organisationId: OrganisationId, timeZone: string, clock: UsageClock, ticked: UsageTicked) {
  const { now, records } = clock.openCall();
  const time = timeOfDayIn(timeZone, now);
  if (time < CATEGORISED_BETWEEN[0] || time >= CATEGORISED_BETWEEN[1]) return;
  const [organisation, settings] = await records.together([
    organisationRef(organisationId),
    usageSettingsRef(organisationId),
  ]);
  if (!organisation || !profileSettings[organisation.value.profile].identifiedUsage) return;
  if (!settings?.value.categorisation) return;
  for await (const { sk } of pointersIn({ table: 'core', pk: `${organisationId}#PEOPLE` }, clock)) {
    const personId = PersonId.parse(sk.split('#')[1]);
    const isDone = await tried(
      () => categorise(organisation.value, personId, clock.openCall()),
      organisationId,
      clock,
      ticked,
    );
    if (isDone) ticked.categorised++;
  }
}

/** Only whoever has been told that it is done (CE-06): the statement in force stands acknowledged. */
async function categorise(organisation: Organisation, personId: PersonId, call: Call): Promise<boolean> {
  const { records, now } = call;
  const { id: organisationId, timeZone } = organisation;
  const ref = usageCategoriesRef(organisationId, personId);
  const [before, standing] = await Promise.all([
    records.get(ref),
    readStatementStanding(organisation, personId, records),
  ]);
  if (!standing.acknowledged || standing.mustAcknowledge) return false;
  if (before && dayIn(timeZone, new Date(before.value.computedAt)) === dayIn(timeZone, now)) return false;
  const categories = categoriesOf(await eventsOf(organisationId, personId, call), timeZone, now);
  if (!categories) return false;
  const expiresAtEpochSeconds = Math.floor(now.getTime() / 1000) + CATEGORIES_KEPT_SECONDS;
  try {
    await records
      .change()
      .put(ref, categories, before ? { version: before.version } : 'new', { expiresAtEpochSeconds })
      .activity({
        event: 'usage.categorised',
        subject: ownerOf(organisationId, personId),
        detail: { modules: categories.modules.length },
      })
      .commit();
    return true;
  } catch (error) {
    // They object (Art. 21), have restricted their data, or were faster.
    if (error instanceof Closed || error instanceof StaleVersion) return false;
    throw error;
  }
}

async function eventsOf(organisationId: OrganisationId, personId: PersonId, { records }: Call) {
  const events = [];
  let after: string | undefined;
  do {
    const range = { limit: EVENTS_PER_PAGE, newestFirst: true, ...(after !== undefined && { after }) };
    const page = await records.list(usageEventEntity, ownerOf(organisationId, personId), range);
    events.push(...page.items.map(({ value }) => value));
    after = page.next;
  } while (after !== undefined && events.length < EVENTS_MAX);
  return events;
}

/** One that fails stops no other. */
async function tried<T>(
  work: () => Promise<T>,
  controller: ControllerId,
  { log }: UsageClock,
  ticked: UsageTicked,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    ticked.failed++;
    log({
      event: 'usage-not-put-together',
      organisationId: controller,
      error: errorName(error),
    });
    return undefined;
  }
}
