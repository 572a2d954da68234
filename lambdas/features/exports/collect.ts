import { ConsentId, PersonId, RequestId } from '../../http/ids.ts';
import type { ActivityLine, ActivityLog } from '../../platform/activity-log.ts';
import type { EntityDeclaration, Owner, SubjectId } from '../../platform/entity.ts';
import type { Records } from '../../platform/records.ts';
import { accountLinkEntity } from '../accounts/account.ts';
import { readRoles } from '../activity/names.ts';
import { mayKnow } from '../activity/who-may-know.ts';
import { consentedInformationEntity } from '../consents/consented-information.ts';
import type { KeptFile } from '../files/file.ts';
import { invitationEntity } from '../invitations/invitation.ts';
import { undeliverableAddressEntity } from '../notices/undeliverable.ts';
import { groupEntity, type Organisation, organisationOwner, organisationRef } from '../organisations/organisation.ts';
import { guardianLinkEntity, ownerOf, type PersonKind, peoplePointers, personEntity } from '../people/person.ts';
import { rectificationEntity } from '../requests/rectified-values.ts';
import { type RequestRecord, requestEntity } from '../requests/request.ts';
import { entitiesOf, isExported } from './entities.ts';
import { type Audience, guardianIn } from './export.ts';
import { filesOf } from './files-of.ts';
import { heldWithOthers } from './held.ts';
import { idsIn } from './others.ts';
import { inOwnHistory } from './own-history.ts';
import { viewOf } from './views.ts';

/** Records of one entity of one person: a year of attendance, times ten. More stops the export rather than cutting it. */
const RECORDS_MAX = 5_000;
/** A position every half minute, for thirty days. */
const POSITIONS_MAX = 90_000;
const PAGE_ITEMS = 200;
/** Requests and consents of one person, and children of one guardian. */
const POINTERS_MAX = 200;
/** Lines of the activity log in one export: the newest. */
export const ACTIVITY_MAX = 20_000;

/** One record as it is exported: in its view, not yet without others' ids. */
export interface Held {
  readonly entity: EntityDeclaration;
  readonly value: unknown;
  /** Whose contents go along. */
  readonly files?: readonly KeptFile[];
}

export interface Collected {
  readonly owner: Owner;
  /** The owner, and the requests and consents of theirs that have keys of their own. */
  readonly subjects: readonly SubjectId[];
  readonly audience: Audience;
  /** The controller; absent for an account, whose controller is the operator. */
  readonly organisation: Organisation | undefined;
  readonly records: readonly Held[];
  readonly files: readonly KeptFile[];
  readonly activity: readonly ActivityLine[];
  /** The activity log had more lines than one export takes. */
  readonly isActivityCut: boolean;
  /** Whoever reads it: the subject, their account, and for a child the guardian. */
  readonly selves: ReadonlySet<string>;
  readonly kindOf: ReadonlyMap<string, PersonKind>;
  /** Role names by role id, of whoever did or saw something. */
  readonly roleOf: ReadonlyMap<string, string>;
  readonly groupNames: ReadonlyMap<string, string>;
}

/** Everything that is held about one person or account, as far as this audience may have it. */
export async function collect(
  records: Records,
  activityLog: ActivityLog,
  owner: Owner,
  audience: Audience,
): Promise<Collected> {
  const owners = [owner, ...(await dependantsOf(records, owner, audience))];
  const [own, organisation, { lines, isCut }] = await Promise.all([
    recordsOf(records, owners, audience),
    owner.controller === 'operator' ? undefined : records.get(organisationRef(owner.controller)),
    activityOf(activityLog, owner),
  ]);
  const held = own.flatMap((one) => shownTo(audience, one));
  const selves = new Set<string>([owner.subject]);
  const guardian = guardianIn(audience);
  if (guardian) for (const id of await idsOfGuardian(records, owner, guardian.guardianId)) selves.add(id);
  for (const { entity, value } of own) {
    if (entity.name === accountLinkEntity.name) selves.add((value as { accountId: string }).accountId);
  }
  const roles = await readRoles(records, owner.controller, lines);
  const activity = lines.filter(({ event, actor, person, role }) =>
    mayKnow(event, {
      as: guardian ? 'guardian' : 'self',
      isByReader: selves.has(actor) || (person !== undefined && selves.has(person)),
      isByService: actor.startsWith('system:'),
      role: roles.get(role ?? '')?.name,
    }),
  );
  const mentioned = new Set([
    ...idsIn(held.map(({ value }) => value)),
    ...activity.flatMap(({ person }) => person ?? []),
  ]);
  const who = await whoIsWho(records, owner, mentioned);
  return {
    owner,
    subjects: owners.map(({ subject }) => subject),
    audience,
    organisation: organisation?.value,
    records: held,
    files: held.flatMap(({ files = [] }) => files),
    activity,
    isActivityCut: isCut,
    selves,
    roleOf: new Map([...roles].map(([id, { name }]) => [id, name])),
    ...who,
  };
}

/** A guardian acts as a person, or in no role: then the account alone says who it was. */
async function idsOfGuardian(records: Records, { controller }: Owner, guardianId: PersonId): Promise<string[]> {
  const link = await records.get({ entity: accountLinkEntity, owner: { controller, subject: guardianId } });
  return [guardianId, ...(link ? [link.value.accountId] : [])];
}

/** The records alone, as far as this audience may have them. */
export async function collectRecords(records: Records, owner: Owner, audience: Audience): Promise<Held[]> {
  const owners = [owner, ...(await dependantsOf(records, owner, audience))];
  return (await recordsOf(records, owners, audience)).flatMap((one) => shownTo(audience, one));
}

async function recordsOf(records: Records, owners: readonly Owner[], audience: Audience): Promise<Held[]> {
  const [owner] = owners;
  const own = owner && guardianIn(audience) ? await requestsAskedBy(records, owner, audience) : undefined;
  const lists = await Promise.all(
    owners.flatMap((one) =>
      entitiesOf(one.subject)
        .filter(isExported)
        .map(async (entity) => {
          const found = await everyRecord(records, entity, one);
          // A guardian asks for themself: what the other guardian has asked for, or had put right, is not told.
          const shown = own ? found.filter(({ value }) => isOfRequests(own, entity, value)) : found;
          return shown.map(({ value }) => ({
            entity,
            value: viewOf(entity).of(value, undefined),
            files: filesOf(entity, value, audience),
          }));
        }),
    ),
  );
  if (!owner) return lists.flat();
  return [
    ...lists.flat(),
    ...(await linksToChildren(records, owner)),
    ...(await heldWithOthers(records, owner, audience)),
    ...(await inOwnHistory(records, owner)),
  ];
}

async function requestsAskedBy(records: Records, owner: Owner, audience: Audience): Promise<ReadonlySet<string>> {
  const requests = (await everyRecord(records, requestEntity, owner)).map(({ value }) => value as RequestRecord);
  return new Set(requests.filter((request) => isAskedBy(request, audience)).map(({ id }) => id));
}

function isOfRequests(own: ReadonlySet<string>, { name }: EntityDeclaration, value: unknown): boolean {
  if (name === requestEntity.name) return own.has((value as RequestRecord).id);
  return name !== rectificationEntity.name || own.has((value as { requestId: string }).requestId);
}

/** Page by page; throws when there are more than an export takes. */
export async function everyRecord(records: Records, entity: EntityDeclaration, owner: Owner) {
  const found: { readonly value: unknown }[] = [];
  for (let after: string | undefined; ; ) {
    const page = await records.list(entity, owner, { limit: PAGE_ITEMS, ...(after !== undefined && { after }) });
    found.push(...page.items);
    const most = entity.retentionClass === 'position' ? POSITIONS_MAX : RECORDS_MAX;
    if (found.length > most) throw new Error(`More than ${most} records of one entity`);
    if (page.next === undefined) return found;
    after = page.next;
  }
}

/**
 * Requests and consents have keys of their own, and are the person's none the less. What somebody else wrote in a request
 * about them (a guardian, the other guardian) is that person's own.
 */
async function dependantsOf(records: Records, owner: Owner, audience: Audience): Promise<Owner[]> {
  const { controller, subject } = owner;
  const prefix = 'SUBJECT#';
  const [{ items }, requests] = await Promise.all([
    records.pointers('core', `${controller}#${subject}`, { prefix, limit: POINTERS_MAX }),
    everyRecord(records, requestEntity, owner),
  ]);
  const others = new Set(
    requests.flatMap(({ value }) => (isAskedBy(value as RequestRecord, audience) ? [] : [(value as RequestRecord).id])),
  );
  return items.flatMap(({ sk }) => {
    const id = sk.slice(prefix.length);
    const isDependant = RequestId.safeParse(id).success || ConsentId.safeParse(id).success;
    return isDependant && !others.has(id as RequestRecord['id']) ? [{ controller, subject: id as SubjectId }] : [];
  });
}

function isAskedBy({ askedBy }: RequestRecord, audience: Audience): boolean {
  const askingGuardian = askedBy.as === 'self' ? undefined : askedBy.guardianId;
  return askingGuardian === guardianIn(audience)?.guardianId;
}

/** That somebody is a child's guardian lies with the child, and is about both. */
async function linksToChildren(records: Records, { controller, subject }: Owner): Promise<Held[]> {
  const guardianId = PersonId.safeParse(subject);
  if (controller === 'operator' || !guardianId.success) return [];
  const { pk, sk } = peoplePointers.child(controller, guardianId.data, '' as PersonId);
  const { items } = await records.pointers('core', pk, { prefix: sk, limit: POINTERS_MAX });
  const childIds = items.map((pointer) => PersonId.parse(pointer.sk.slice(sk.length)));
  const links = await records.getMany(
    childIds.map((childId) => ({
      entity: guardianLinkEntity,
      owner: ownerOf(controller, childId),
      key: guardianId.data,
    })),
  );
  return links.flatMap((link, i) =>
    link ? [{ entity: guardianLinkEntity, value: viewOf(guardianLinkEntity).of(link.value, childIds[i]) }] : [],
  );
}

async function activityOf(log: ActivityLog, owner: Owner) {
  const lines: ActivityLine[] = [];
  for (let after: string | undefined; lines.length < ACTIVITY_MAX; ) {
    const page = await log.of(owner, after);
    lines.push(...page.items);
    if (page.next === undefined) return { lines, isCut: false };
    after = page.next;
  }
  return { lines: lines.slice(0, ACTIVITY_MAX), isCut: true };
}

/** What stays between the organisation and the child when a guardian asks: where the child lives is the other guardian's too. */
const keptFromGuardians: Readonly<Record<string, readonly string[]>> = {
  [personEntity.name]: ['email', 'address', 'postcode', 'protectedAddress'],
  [consentedInformationEntity.name]: ['email', 'address', 'postcode', 'position'],
};
/** Where the organisation writes to the child. */
const wholeKeptFromGuardians: readonly string[] = [invitationEntity.name, undeliverableAddressEntity.name];

function shownTo(audience: Audience, held: Held): Held[] {
  const guardian = guardianIn(audience);
  if (!guardian) return [held];
  if (held.entity.name === guardianLinkEntity.name) {
    return (held.value as { guardianId: string }).guardianId === guardian.guardianId ? [held] : [];
  }
  if (wholeKeptFromGuardians.includes(held.entity.name)) return [];
  const kept = keptFromGuardians[held.entity.name];
  if (!kept) return [held];
  const shown = Object.entries(held.value as object).filter(([field]) => !kept.includes(field));
  return [{ ...held, value: Object.fromEntries(shown) }];
}

/** The kinds of whoever is mentioned: never a name. Who is erased is somebody. */
async function whoIsWho(records: Records, { controller }: Owner, mentioned: ReadonlySet<string>) {
  if (controller === 'operator') return { kindOf: new Map(), groupNames: new Map() };
  const people = [...mentioned].flatMap((id) => (PersonId.safeParse(id).success ? [id as PersonId] : []));
  const [persons, groups] = await Promise.all([
    records.getMany(people.map((id) => ({ entity: personEntity, owner: ownerOf(controller, id) }))),
    records.list(groupEntity, organisationOwner(controller)),
  ]);
  return {
    kindOf: new Map(
      persons.flatMap((person) => (person ? [[person.value.id as string, person.value.kind] as const] : [])),
    ),
    groupNames: new Map(groups.items.map(({ value }) => [value.id as string, value.name])),
  };
}
