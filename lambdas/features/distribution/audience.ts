import * as z from 'zod';
import type { OrganisationId, PersonId } from '../../http/ids.ts';
import { dayIn } from '../../platform/calendar.ts';
import type { PointerKey, Records } from '../../platform/records.ts';
import { roleEntity } from '../access/role.ts';
import { guardiansOf, mayBeTold } from '../attendance/guardians.ts';
import {
  GROUPS_MAX,
  type Group,
  groupEntity,
  type Organisation,
  organisationOwner,
} from '../organisations/organisation.ts';
import { isPlacedOn, ownerOf, type PersonRecord, peoplePointers, personEntity } from '../people/person.ts';
import { subscribersOf, type Topic } from '../subscriptions/subscribers.ts';
import type { Audience, ReaderKind } from './job.ts';
import type { Recipient } from './rows.ts';

/** Ids read at once from a list that is for whoever stands in it. */
const LISTED_PAGE = 1_000;
/** Where each needs a look at their consent. */
const SUBSCRIBERS_PAGE = 100;
/** Where each needs reads of their own: children with their guardians, staff with their roles. */
const LOOKED_UP_PAGE = 10;
const ROLES_MAX = 50;

/** Whom a group or a department is for follows from today's structure. */
export interface Setting {
  readonly organisation: Organisation;
  readonly groups: readonly Group[];
  readonly today: string;
}

export async function settingOf(records: Records, organisation: Organisation, now: Date): Promise<Setting> {
  const { items } = await records.list(groupEntity, organisationOwner(organisation.id), { limit: GROUPS_MAX });
  return { organisation, groups: items.map(({ value }) => value), today: dayIn(organisation.timeZone, now) };
}

/** Where the planner is: in which list of people, and after whom. */
const Cursor = z.strictObject({ source: z.int().min(0), after: z.string().max(200).optional() });
type Cursor = z.output<typeof Cursor>;
export const beginning = JSON.stringify({ source: 0 } satisfies Cursor);

export interface AudiencePage {
  readonly recipients: readonly Recipient[];
  /** Of the next page; absent after the last one. */
  readonly reached?: string;
}

/** The next of those whom a job is for. The same person may come twice, through two children. */
export async function audiencePage(
  records: Records,
  audience: Audience,
  setting: Setting,
  at: string,
): Promise<AudiencePage> {
  const cursor = Cursor.parse(JSON.parse(at));
  const topic = topicOf(audience);
  if (topic) return subscribersPage(records, setting.organisation.id, topic, cursor);
  const sources = sourcesOf(audience, setting);
  const source = sources[cursor.source];
  if (!source) return { recipients: [] };
  const { list, kind } = source;
  const isListed = audience.kind === 'organisation' && kind === 'members';
  const { items, next } = await records.pointers(list.table, list.pk, {
    prefix: list.sk,
    limit: isListed ? LISTED_PAGE : LOOKED_UP_PAGE,
    ...(cursor.after !== undefined && { after: cursor.after }),
  });
  const ids = items.map(({ sk }) => sk.slice(list.sk.length) as PersonId);
  const recipients = isListed
    ? ids.map((id) => ({ owner: ownerOf(setting.organisation.id, id) }))
    : await recipientsAmong(records, ids, kind, audience, setting);
  const following: Cursor = next === undefined ? { source: cursor.source + 1 } : { ...cursor, after: next };
  if (following.source >= sources.length) return { recipients };
  return { recipients, reached: JSON.stringify(following) };
}

export const topicOf = ({ kind }: Audience): Topic | undefined =>
  kind === 'newsletter-subscribers' ? 'newsletter' : kind === 'survey-subscribers' ? 'surveys' : undefined;

async function subscribersPage(
  records: Records,
  organisationId: OrganisationId,
  topic: Topic,
  { after }: Cursor,
): Promise<AudiencePage> {
  const page = await subscribersOf(records, organisationId, topic, {
    limit: SUBSCRIBERS_PAGE,
    ...(after !== undefined && { cursor: after }),
  });
  const recipients = page.recipients.map((owner) => ({ owner }));
  if (page.cursor === undefined) return { recipients };
  return { recipients, reached: JSON.stringify({ source: 0, after: page.cursor } satisfies Cursor) };
}

interface Source {
  readonly list: PointerKey;
  readonly kind: ReaderKind;
}

/** The lists of people in which those are whom it is for, in an order that stays the same. */
function sourcesOf(audience: Audience, setting: Setting): Source[] {
  if (!('readers' in audience)) return [];
  const { id: organisationId } = setting.organisation;
  const anyone = '' as PersonId;
  const whole = (kind: 'child' | 'member' | 'staff') => peoplePointers.person(organisationId, kind, anyone);
  const served = (kind: 'guardians' | 'members'): Source[] => {
    if (audience.kind === 'organisation') return [{ list: whole(kind === 'guardians' ? 'child' : 'member'), kind }];
    return groupsOf(audience, setting).map((group) => ({
      list: peoplePointers.groupMember(organisationId, group.id, anyone),
      kind,
    }));
  };
  const isFor = (kind: ReaderKind) => audience.readers.includes(kind);
  return [
    ...(isFor('guardians') ? served('guardians') : []),
    ...(isFor('members') ? served('members') : []),
    ...(isFor('staff') ? [{ list: whole('staff'), kind: 'staff' as const }] : []),
  ];
}

/** In the order of their ids: the cursor counts them. Closed ones have nobody placed in them. */
const groupsOf = (audience: Extract<Audience, { id: string }>, { groups }: Setting): Group[] =>
  groups
    .filter(({ id, departmentId }) => (audience.kind === 'group' ? id : departmentId) === audience.id)
    .sort((one, other) => (one.id < other.id ? -1 : 1));

async function recipientsAmong(
  records: Records,
  ids: readonly PersonId[],
  kind: ReaderKind,
  audience: Audience,
  setting: Setting,
): Promise<Recipient[]> {
  const { id: organisationId } = setting.organisation;
  const owners = ids.map((id) => ownerOf(organisationId, id));
  const persons = await records.getMany(owners.map((owner) => ({ entity: personEntity, owner })));
  const there = persons.flatMap((stored) => (stored ? [stored.value] : []));
  if (kind === 'staff') {
    const reached = await Promise.all(there.map((person) => isStaffIn(records, person, audience, setting)));
    return there.filter((_, i) => reached[i]).map(({ id }) => ({ owner: ownerOf(organisationId, id) }));
  }
  const served = there.filter((person) => isServedIn(person, kind, audience, setting));
  if (kind === 'members') return served.map(({ id }) => ({ owner: ownerOf(organisationId, id) }));
  const guardians = await Promise.all(served.map(({ id }) => guardiansOf(records, organisationId, id)));
  return served.flatMap(({ id: childId }, i) =>
    guardians[i]!.filter((guardian) => mayBeTold(guardian, setting.today)).map(({ link }) => ({
      owner: ownerOf(organisationId, link.guardianId),
      childId,
    })),
  );
}

/** The lists hold who is or was there; today's placements decide. Pure. */
export function isServedIn(
  { kind, placements }: Pick<PersonRecord, 'kind' | 'placements'>,
  as: 'guardians' | 'members',
  audience: Audience,
  setting: Setting,
): boolean {
  if (kind !== (as === 'guardians' ? 'child' : 'member')) return false;
  if (!('id' in audience)) return true;
  const groupIds = new Set<string>(groupsOf(audience, setting).map(({ id }) => id));
  return placements.some((placement) => groupIds.has(placement.groupId) && isPlacedOn(placement, setting.today));
}

/** Whoever holds a role of the staff that reaches as far as the audience, or into it. */
export async function isStaffIn(
  records: Records,
  { id }: Pick<PersonRecord, 'id'>,
  audience: Audience,
  setting: Setting,
): Promise<boolean> {
  const { items } = await records.list(roleEntity, ownerOf(setting.organisation.id, id), { limit: ROLES_MAX });
  const inside = new Set<string>('id' in audience ? groupsOf(audience, setting).map((group) => group.id) : []);
  const around = setting.groups.find((group) => 'id' in audience && group.id === audience.id)?.departmentId;
  return items.some(({ value: { role, scope, state, validFrom, validUntil } }) => {
    const isInForce =
      state === 'active' && validFrom <= setting.today && (validUntil === undefined || setting.today <= validUntil);
    if (!isInForce || (role !== 'staff' && role !== 'leader' && role !== 'administrator')) return false;
    if (!('id' in audience) || scope.kind === 'organisation') return true;
    return scope.id === audience.id || inside.has(scope.id ?? '') || (around !== undefined && scope.id === around);
  });
}
