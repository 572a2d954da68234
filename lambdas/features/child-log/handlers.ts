import type { Call, RoleCaller } from '../../http/call.ts';
import type { GroupId, LogEntryId, OrganisationId, PersonId } from '../../http/ids.ts';
import { pointer } from '../../http/pointer.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import { daysAfter } from '../../platform/calendar.ts';
import { DAYS_MAX } from '../attendance/attendance-day.ts';
import type { Organisation } from '../organisations/organisation.ts';
import type { PersonRecord } from '../people/person.ts';
import { article9Decision, type SpecialCategoryAgreement } from '../registers/special-category.ts';
import type { ChildrenInReach } from './children-in-reach.ts';
import { isHealth, type LogContent } from './content.ts';
import { countsOf } from './day-summary.ts';
import { confirmed, edited, filledIn, type Hand, namesOneOf, newEntry, removed } from './decisions.ts';
import { healthEntryEntity, type LogEntry, type StoredEntry } from './entry.ts';
import type { childLogRoutes } from './routes.ts';
import { type ChildLogSettings, settingsByDefault } from './settings.ts';
import { entryFor, groupLogEntry, maySee } from './views.ts';

/** The house that an entry is written in. */
interface House {
  readonly organisation: Organisation;
  readonly agreed: SpecialCategoryAgreement | undefined;
}

export interface OneEntry extends House {
  readonly entry: StoredEntry | undefined;
  /** Day and id of the sleep from which the child has not been woken. */
  readonly asleepIn: string | undefined;
}

export interface LogOfChild {
  readonly timeZone: string;
  /** By the time at which each happened. */
  readonly entries: readonly StoredEntry[];
  readonly isCutShort: boolean;
}

export interface LogOfGroup {
  readonly timeZone: string;
  readonly day: string;
  /** Placed in the group on that day, and not kept from the caller by a block; nothing of anybody's health. */
  readonly children: readonly { readonly person: PersonRecord; readonly entries: readonly LogEntry[] }[];
}

export interface Addition {
  readonly childId: PersonId;
  readonly entry: LogEntry;
  /** A sleep of an earlier day was never ended: the new one takes its place. */
  readonly replacesSleep: boolean;
}

export interface ChildLogStore {
  /** One wave. Throws `person-not-found` unless the caller reaches every one of them. */
  reach(organisationId: OrganisationId, childIds: readonly PersonId[], call: Call): Promise<ChildrenInReach>;
  /** For each child the day and id of its open sleep; one wave. */
  asleep(
    organisationId: OrganisationId,
    childIds: readonly PersonId[],
    call: Call,
  ): Promise<readonly (string | undefined)[]>;
  /** Throws `person-not-found` for whoever does not work there; one wave. */
  demandStaff(organisationId: OrganisationId, personId: PersonId, call: Call): Promise<void>;
  /** All or none. Throws `already-asleep`. */
  add<A>(organisation: Organisation, additions: readonly Addition[], call: Call, answer: A): Promise<A>;
  /** One wave; undefined for whoever is no child, or is not there. */
  find(place: EntryPlace, call: Call): Promise<OneEntry | undefined>;
  /** `after` absent: nothing of it is left. Throws `StaleVersion`, and `already-asleep` for a sleep that is opened again. */
  save(place: EntryPlace, found: OneEntry, after: LogEntry | undefined, what: Saved, call: Call): Promise<void>;
  /** One wave; both days included. */
  log(
    organisationId: OrganisationId,
    childId: PersonId,
    days: { readonly from: string; readonly to: string },
    call: Call,
  ): Promise<LogOfChild | undefined>;
  /** Three waves; `day` absent is today. Throws `too-many`. */
  group(organisationId: OrganisationId, groupId: GroupId, day: string | undefined, call: Call): Promise<LogOfGroup>;
  settings(
    organisationId: OrganisationId,
    call: Call,
  ): Promise<{ value: ChildLogSettings; version: number } | undefined>;
  /** `before`: the version that was read, if there was one. */
  saveSettings(
    organisationId: OrganisationId,
    settings: ChildLogSettings,
    before: number | undefined,
    call: Call,
  ): Promise<void>;
}
export interface EntryPlace {
  readonly organisationId: OrganisationId;
  readonly personId: PersonId;
  readonly day: string;
  readonly entryId: LogEntryId;
}
type Saved = 'changed' | 'corrected' | 'removed' | 'confirmed';

export const childLogHandlers = (log: ChildLogStore): HandlersFor<typeof childLogRoutes, Call> => ({
  async addLogEntries({ params: { organisationId }, body }, call) {
    const childIds = [...new Set(body.personIds)];
    const [house, asleep] = await Promise.all([
      log.reach(organisationId, childIds, call),
      log.asleep(organisationId, childIds, call),
    ]);
    const hand = handOf(house, call);
    const content = filledIn(body.content, hand);
    demandAgreed(house, content);
    if (childIds.length > 1 && namesOneOf(house.children, body.content)) throw new Problem('names-another-child');
    if (content.kind === 'medicine' && content.givenBy !== hand.by)
      await log.demandStaff(organisationId, content.givenBy, call);
    const additions = childIds.map((childId, i): Addition => {
      const entry = newEntry({ id: call.newId('lge'), content, visibleTo: body.visibleTo }, hand);
      const open = asleep[i];
      return { childId, entry, replacesSleep: open !== undefined && open.slice(0, entry.day.length) < entry.day };
    });
    const caller = callerOf(call);
    const items = additions.map(({ childId, entry }) => entryFor(caller, childId, { value: entry, version: 1 }));
    return log.add(house.organisation, additions, call, { items });
  },

  async changeLogEntry({ params, body, ifMatch }, call) {
    const found = await entryToChange(log, params, ifMatch, call);
    const { value } = found.entry;
    const hand = handOf(found, call);
    const content = body.content
      ? filledIn({ ...body.content, at: body.content.at ?? value.content.at }, giverOf(value.content, hand))
      : value.content;
    demandAgreed(found, content);
    if (content.kind === 'medicine' && content.givenBy !== hand.by)
      await log.demandStaff(params.organisationId, content.givenBy, call);
    const after = edited(value, { content, visibleTo: body.visibleTo ?? value.visibleTo }, hand);
    const what = after.corrections.length > value.corrections.length ? 'corrected' : 'changed';
    return saved(log, params, found, after, what, call);
  },

  async removeLogEntry({ params, ifMatch }, call) {
    const found = await entryToChange(log, params, ifMatch, call);
    await log.save(params, found, removed(found.entry.value, handOf(found, call)), 'removed', call);
  },

  async confirmMedicine({ params, ifMatch }, call) {
    const found = await entryToChange(log, params, ifMatch, call);
    return saved(log, params, found, confirmed(found.entry.value, handOf(found, call)), 'confirmed', call);
  },

  async listLog({ params: { organisationId, personId }, query }, call) {
    demandRange(query);
    const { timeZone, entries, isCutShort } = await logOf(log, organisationId, personId, query, call);
    const caller = callerOf(call);
    const seen = entries.filter(({ value }) => maySee(caller, value));
    return { personId, timeZone, items: seen.map((entry) => entryFor(caller, personId, entry)), isCutShort };
  },

  async getLogSummary({ params: { organisationId, personId, day } }, call) {
    const { timeZone, entries } = await logOf(log, organisationId, personId, { from: day, to: day }, call);
    const caller = callerOf(call);
    const seen = entries.map(({ value }) => value).filter((entry) => maySee(caller, entry));
    return { personId, day, timeZone, ...countsOf(seen, timeZone, call.now) };
  },

  async getGroupLog({ params: { organisationId, groupId }, query }, call) {
    const { timeZone, day, children } = await log.group(organisationId, groupId, query.day, call);
    const items = children.map(({ person, entries }) => groupLogEntry(person, entries, timeZone, call.now));
    const byName = new Intl.Collator('nb');
    items.sort(
      (one, other) => byName.compare(one.firstName, other.firstName) || byName.compare(one.lastName, other.lastName),
    );
    return { groupId, day, timeZone, items };
  },

  async getChildLogSettings({ params }, call) {
    const stored = await log.settings(params.organisationId, call);
    return { ...(stored?.value ?? settingsByDefault), version: settingsVersionOf(stored) };
  },

  async putChildLogSettings({ params, body, ifMatch }, call) {
    const stored = await log.settings(params.organisationId, call);
    if (settingsVersionOf(stored) !== ifMatch) throw new Problem('stale-version');
    await log.saveSettings(params.organisationId, body, stored?.version, call);
    return { ...body, version: ifMatch + 1 };
  },
});

/** Settings that nobody has chosen yet have a version too, so that the first choice can be conditioned like any other. */
const settingsVersionOf = (stored: { readonly version: number } | undefined): number => (stored?.version ?? 0) + 1;

async function entryToChange(log: ChildLogStore, place: EntryPlace, ifMatch: number, call: Call) {
  const found = await log.find(place, call);
  if (!found) throw new Problem('person-not-found');
  const { entry } = found;
  if (!entry) throw new Problem('log-entry-not-found');
  if (entry.version !== ifMatch) throw new Problem('stale-version');
  return { ...found, entry };
}

async function saved(
  log: ChildLogStore,
  place: EntryPlace,
  found: OneEntry & { readonly entry: StoredEntry },
  after: LogEntry,
  what: Saved,
  call: Call,
) {
  await log.save(place, found, after, what, call);
  return entryFor(callerOf(call), place.personId, { value: after, version: found.entry.version + 1 });
}

async function logOf(
  log: ChildLogStore,
  organisationId: OrganisationId,
  personId: PersonId,
  days: { readonly from: string; readonly to: string },
  call: Call,
): Promise<LogOfChild> {
  const found = await log.log(organisationId, personId, days, call);
  if (!found) throw new Problem('person-not-found');
  return found;
}

/** Art. 9: what the profile refuses is written only under an agreement that names the condition (AT-12). */
function demandAgreed({ organisation, agreed }: House, content: LogContent): void {
  if (!isHealth(content)) return;
  const decision = article9Decision(organisation.profile, healthEntryEntity.article9, agreed);
  if (decision === 'refused') throw new Problem('special-categories-not-agreed');
}

const handOf = ({ organisation }: House, call: Call): Hand => ({
  by: callerOf(call).personId,
  now: call.now,
  timeZone: organisation.timeZone,
});

/** Whoever mends an entry did not thereby give the medicine. */
const giverOf = (content: LogContent, hand: Hand): Hand =>
  content.kind === 'medicine' ? { ...hand, by: content.givenBy } : hand;

function demandRange({ from, to }: { readonly from: string; readonly to: string }): void {
  if (to < from) throw malformed('The last day is before the first.');
  if (daysAfter(from, DAYS_MAX - 1) < to) throw malformed(`At most ${DAYS_MAX} days.`);
}

const malformed = (detail: string) =>
  new Problem('malformed-request', undefined, { errors: [{ pointer: pointer('query', 'to'), detail }] });

/** The chain lets nobody without a role reach a route for roles. */
function callerOf(call: Call): RoleCaller {
  if (!call.role) throw new Error('A route for roles without a role');
  return call.role;
}
