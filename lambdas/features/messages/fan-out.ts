import type { Call } from '../../http/call.ts';
import { type GroupId, type MessageId, OrganisationId, type PersonId } from '../../http/ids.ts';
import { dayIn } from '../../platform/calendar.ts';
import { errorName } from '../../platform/error-name.ts';
import { type Change, Closed, type PointerKey, StaleVersion, type Stored } from '../../platform/records.ts';
import { roleEntity } from '../access/role.ts';
import { type GuardianOfChild, guardiansOf } from '../attendance/guardians.ts';
import { queueNotice } from '../notices/notice.ts';
import {
  GROUPS_MAX,
  groupEntity,
  organisationOwner,
  organisationPointers,
  organisationRef,
} from '../organisations/organisation.ts';
import { isPlacedOn, ownerOf, type PersonRecord, peoplePointers, personEntity } from '../people/person.ts';
import type { FamilyClock } from '../walks/family-clock.ts';
import { inLanes } from '../walks/in-lanes.ts';
import { pointersIn } from '../walks/pointers-in.ts';
import {
  type AnnouncedTo,
  type Announcement,
  type announcementEntity,
  announcementPointers,
  announcementRef,
  mayAnnounceTo,
} from './announcement.ts';
import { mayBeWrittenTo } from './households.ts';
import { inboxPointers } from './inbox.ts';

/** People looked at in one slice, each with their guardians. */
const SLICE_PEOPLE = 8;
/** Told in one transaction: each takes six writes. */
const TOLD_AT_ONCE = 11;
const ROLES_MAX = 50;

type StoredAnnouncement = Stored<typeof announcementEntity>;

interface Recipient {
  readonly personId: PersonId;
  /** Through whom; absent for staff, and for whoever is served themselves. */
  readonly childId?: PersonId;
}

export interface MessagesTicked {
  organisations: number;
  slices: number;
  told: number;
  failed: number;
}

/**
 * Every quarter of an hour: brings notices to the people they are for, slice by slice, each person once. Where it stops
 * (no time, a crash) the next run goes on; running it twice, or twice at once, tells nobody twice.
 */
export async function tickMessages(clock: FamilyClock): Promise<MessagesTicked> {
  const ticked: MessagesTicked = { organisations: 0, slices: 0, told: 0, failed: 0 };
  await inLanes(pointersIn(organisationPointers.all('' as OrganisationId), clock), async ({ sk }) => {
    const organisationId = OrganisationId.safeParse(sk);
    if (!organisationId.success) return;
    ticked.organisations++;
    for await (const { sk: id } of pointersIn(announcementPointers.due(organisationId.data, ''), clock)) {
      try {
        await spread(organisationId.data, id as MessageId, clock, ticked);
      } catch (error) {
        // One that fails must not keep the others waiting; the next run tries it again.
        ticked.failed++;
        clock.log({
          event: 'announcement-failed',
          announcementId: id,
          error: errorName(error),
        });
      }
    }
  });
  return ticked;
}

async function spread(organisationId: OrganisationId, id: MessageId, clock: FamilyClock, ticked: MessagesTicked) {
  while (clock.hasTimeLeft()) {
    const isDone = await slice(organisationId, id, clock, ticked);
    ticked.slices++;
    if (isDone) return;
  }
}

/** True when everybody has got it, or another run is at it. */
async function slice(
  organisationId: OrganisationId,
  id: MessageId,
  clock: FamilyClock,
  ticked: MessagesTicked,
): Promise<boolean> {
  const { records, now } = clock.openCall();
  const [[organisation, announcement], groups] = await Promise.all([
    records.together([organisationRef(organisationId), announcementRef(organisationId, id)]),
    records.list(groupEntity, organisationOwner(organisationId), { limit: GROUPS_MAX }),
  ]);
  if (organisation?.value.state !== 'open' || !announcement?.value.progress) return true;
  const { source: number, after } = announcement.value.progress;
  const structure = groups.items.map(({ value }) => value);
  const place: Place = {
    organisationId,
    announcement,
    today: dayIn(organisation.value.timeZone, now),
    departmentOf: (groupId) => structure.find((group) => group.id === groupId)?.departmentId,
  };
  const source = sourcesOf(
    place,
    structure.map((group) => group.id),
  )[number];
  if (!source) {
    await conclude(place, clock);
    return true;
  }
  const { pk, prefix } = source;
  const range = { prefix, limit: SLICE_PEOPLE, ...(after !== undefined && { after }) };
  const { items, next } = await records.pointers('core', pk, range);
  const ids = items.map(({ sk }) => sk.slice(prefix.length) as PersonId);
  const found = await recipientsAmong(ids, place, clock);
  const wanted = await notYetTold(found, place, clock);
  const reached = next === undefined ? { source: number + 1 } : { source: number, after: next };
  const told = await tell(wanted, place, reached, clock);
  if (told === undefined) return true;
  ticked.told += told;
  return false;
}

interface Place {
  readonly organisationId: OrganisationId;
  readonly announcement: StoredAnnouncement;
  readonly today: string;
  departmentOf(groupId: string): string | undefined;
}

/** The lists of people in which those are whom it is for, in an order that stays the same. */
function sourcesOf(
  { organisationId, announcement, departmentOf }: Place,
  groupIds: readonly GroupId[],
): { readonly pk: string; readonly prefix: string }[] {
  const { to, readers } = announcement.value;
  const anyone = '' as PersonId;
  const listOf = ({ pk, sk: prefix }: PointerKey) => ({ pk, prefix });
  if (readers === 'staff') return [listOf(peoplePointers.person(organisationId, 'staff', anyone))];
  if (to.kind === 'organisation') {
    return (['child', 'member'] as const).map((kind) => listOf(peoplePointers.person(organisationId, kind, anyone)));
  }
  const isFor = (groupId: string) => (to.kind === 'group' ? groupId === to.id : departmentOf(groupId) === to.id);
  return [...groupIds]
    .sort()
    .filter(isFor)
    .map((groupId) => listOf(peoplePointers.groupMember(organisationId, groupId, anyone)));
}

async function recipientsAmong(ids: readonly PersonId[], place: Place, clock: FamilyClock): Promise<Recipient[]> {
  const { organisationId, announcement } = place;
  const { records } = clock.openCall();
  const persons = await records.getMany(ids.map((id) => personRef(organisationId, id)));
  const there = persons.flatMap((stored) => (stored ? [stored.value] : []));
  if (announcement.value.readers === 'staff') {
    const reaching = await Promise.all(there.map((person) => isStaffOf(person, place, clock)));
    return there.filter((_, i) => reaching[i]).map(({ id }) => ({ personId: id }));
  }
  const served = there.filter((person) => isServedThere(person, announcement.value.to, place));
  const guardians = await Promise.all(served.map(({ id }) => guardiansOf(records, organisationId, id)));
  return served.flatMap((person, i) => [
    ...(person.kind === 'member' ? [{ personId: person.id }] : []),
    ...guardians[i]!.filter((guardian: GuardianOfChild) => mayBeWrittenTo(guardian, place.today)).map(({ link }) => ({
      personId: link.guardianId,
      childId: person.id,
    })),
  ]);
}

/** The lists hold who is or was there; today’s placements decide. */
function isServedThere(person: PersonRecord, to: AnnouncedTo, { today, departmentOf }: Place): boolean {
  if (person.kind !== 'child' && person.kind !== 'member') return false;
  if (to.kind === 'organisation') return true;
  const groupIds = person.placements.filter((one) => isPlacedOn(one, today)).map(({ groupId }) => groupId);
  return groupIds.some((groupId) => (to.kind === 'group' ? groupId === to.id : departmentOf(groupId) === to.id));
}

/** Whoever holds a role of the staff that reaches as far as the notice, or into it. */
async function isStaffOf({ id }: PersonRecord, place: Place, clock: FamilyClock): Promise<boolean> {
  const { organisationId, announcement, today, departmentOf } = place;
  const { records } = clock.openCall();
  const { items } = await records.list(roleEntity, ownerOf(organisationId, id), { limit: ROLES_MAX });
  const { to } = announcement.value;
  return items.some(({ value: { role, scope, state, validFrom, validUntil } }) => {
    const isInForce = state === 'active' && validFrom <= today && (validUntil === undefined || today <= validUntil);
    if (!isInForce || (role !== 'staff' && role !== 'leader' && role !== 'administrator')) return false;
    if (to.kind === 'organisation') return true;
    const held = { kind: scope.kind, ...(scope.id !== undefined && { id: scope.id }) };
    const isInside = to.kind === 'department' && scope.kind === 'group' && departmentOf(scope.id ?? '') === to.id;
    return isInside || mayAnnounceTo(to, held, departmentOf);
  });
}

/** Each once: of two children in a group, through the first. Whoever is gone is left out. */
async function notYetTold(found: readonly Recipient[], place: Place, clock: FamilyClock): Promise<Recipient[]> {
  const { organisationId, announcement } = place;
  const once = [...new Map(found.map((one) => [one.personId, one])).values()];
  const { records } = clock.openCall();
  const [received, persons] = await Promise.all([
    records.pointersAt(
      once.map(({ personId }) => announcementPointers.received(organisationId, personId, announcement.value.id)),
    ),
    records.getMany(once.map(({ personId }) => personRef(organisationId, personId))),
  ]);
  return once.filter(
    ({ personId }, i) => !received[i] && persons[i] !== undefined && personId !== announcement.value.by,
  );
}

/**
 * The last transaction moves the notice on: what is cut off before that is looked at again. Each is conditioned on the
 * version that was read. Returns how many were told; undefined when another run is at it.
 */
async function tell(
  wanted: readonly Recipient[],
  { organisationId, announcement }: Place,
  reached: NonNullable<Announcement['progress']>,
  clock: FamilyClock,
): Promise<number | undefined> {
  const { ref, value } = announcement;
  const parts: (readonly Recipient[])[] = [wanted.slice(0, TOLD_AT_ONCE)];
  for (let first = TOLD_AT_ONCE; first < wanted.length; first += TOLD_AT_ONCE) {
    parts.push(wanted.slice(first, first + TOLD_AT_ONCE));
  }
  let { version } = announcement;
  let told = 0;
  for (let some = parts.shift(); some; some = parts.shift()) {
    const call = clock.openCall();
    const change = call.records.change();
    for (const recipient of some) bring(change, { organisationId, announcement: value, ...recipient }, call);
    const recipients = value.recipients + told + some.length;
    const progress = parts.length === 0 ? reached : value.progress;
    change.put(ref, { ...value, recipients, progress }, { version }).activity({
      event: 'announcement.spread',
      subject: organisationOwner(organisationId),
      about: [value.id],
      detail: { recipients: some.length },
    });
    try {
      await change.commit();
      version++;
      told += some.length;
    } catch (error) {
      if (error instanceof StaleVersion) return undefined;
      if (!(error instanceof Closed) || some.length === 0) throw error;
      // Nothing can be stored for somebody among them: each alone, and whoever it is goes without.
      if (some.length > 1) parts.unshift(...some.map((one) => [one]));
      else if (parts.length === 0) parts.unshift([]);
    }
  }
  return told;
}

/** To one person: that they got it, that it waits, and a mail that says so. */
function bring(
  change: Change,
  to: Recipient & { readonly organisationId: OrganisationId; readonly announcement: Announcement },
  call: Call,
): void {
  const { organisationId, announcement, personId, childId } = to;
  const { id, at, by, role: from, readers } = announcement;
  const owner = ownerOf(organisationId, personId);
  const attributes = { at, readers, ...(childId && { childId }) };
  change
    .point({ ...announcementPointers.received(organisationId, personId, id), attributes })
    .point({ ...inboxPointers.waiting(organisationId, personId, id), attributes })
    .requireUnerased(owner);
  const known = { sentBy: by, about: id };
  queueNotice(change, { to: owner, template: 'announcement-waiting', parameters: { from }, ...known }, call);
}

async function conclude({ organisationId, announcement }: Place, clock: FamilyClock) {
  const { records, now } = clock.openCall();
  const { ref, value, version } = announcement;
  const { progress: _, ...reached } = value;
  const change = records
    .change()
    .put(ref, { ...reached, spreadAt: now.toISOString() }, { version })
    .unpoint(announcementPointers.due(organisationId, value.id))
    .activity({
      event: 'announcement.reached-all',
      subject: organisationOwner(organisationId),
      about: [value.id],
      detail: { recipients: value.recipients },
    });
  await change.commit().catch((error: unknown) => {
    // Another run came to the end as well.
    if (!(error instanceof StaleVersion)) throw error;
  });
}

const personRef = (organisationId: OrganisationId, personId: PersonId) =>
  ({ entity: personEntity, owner: ownerOf(organisationId, personId) }) as const;
