import type { GroupId, OrganisationId, PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { Owner, Ref } from '../../platform/entity.ts';
import { type Change, type Records, StaleVersion, type Stored } from '../../platform/records.ts';
import { groupEntity, organisationOwner } from '../organisations/organisation.ts';
import { pointEndOfPlacements } from '../retention/due-index.ts';
import { childIdentity, grownUpIdentity, type Identity } from './identity.ts';
import {
  type Block,
  blockEntity,
  type GuardianLink,
  guardianLinkEntity,
  ownerOf,
  type PersonRecord,
  peoplePointers,
  personEntity,
} from './person.ts';

/**
 * What a change to people writes, each with its pointers, its uniqueness and its activity record. Handlers commit one
 * of these; the import puts several into one transaction.
 */

export const personRef = (organisationId: OrganisationId, personId: PersonId) =>
  ({ entity: personEntity, owner: ownerOf(organisationId, personId) }) as const;
export const linkRef = (organisationId: OrganisationId, childId: PersonId, guardianId: PersonId) =>
  ({ entity: guardianLinkEntity, owner: ownerOf(organisationId, childId), key: guardianId }) as const;
export const blockRef = (organisationId: OrganisationId, childId: PersonId, otherId: PersonId) =>
  ({ entity: blockEntity, owner: ownerOf(organisationId, childId), key: otherId }) as const;
export const groupRef = (organisationId: OrganisationId, groupId: GroupId): Ref<typeof groupEntity> => ({
  entity: groupEntity,
  owner: organisationOwner(organisationId),
  key: groupId,
});

/** Why a person is written; codes and ids for the activity record. */
export type Cause = Readonly<Record<string, string | number | boolean>>;

const notFound = () => new Problem('person-not-found');
const alreadyLinked = () => new Problem('already-linked');
const blocked = () => new Problem('blocked');
const emailTaken = () => new Problem('email-taken');
const groupNotFound = () => new Problem('group-not-found');

export interface WriteOptions {
  readonly cause?: Cause;
  /** The caller has seen to it that the groups exist. Many transactions that check one row cancel each other. */
  readonly groupsAreKnown?: true;
}

export function addPerson(change: Change, person: PersonRecord, claims: Claims, options: WriteOptions = {}): void {
  const { organisationId, id, kind } = person;
  change
    .put(personRef(organisationId, id), person, 'new')
    .point(peoplePointers.person(organisationId, kind, id))
    .activity({ event: 'person.created', subject: ownerOf(organisationId, id), detail: { kind, ...options.cause } });
  pointGroups(change, undefined, person, options);
  pointEndOfPlacements(change, undefined, person);
  applyClaims(change, person, claims);
}

/** Throws `StaleVersion` when the person has been changed meanwhile. */
export function savePerson(
  change: Change,
  before: Stored<typeof personEntity>,
  after: PersonRecord,
  claims: Claims,
  options: WriteOptions = {},
): void {
  const { organisationId, id } = after;
  const fields = (Object.keys({ ...before.value, ...after }) as (keyof PersonRecord)[]).filter(
    (field) => JSON.stringify(before.value[field]) !== JSON.stringify(after[field]),
  );
  // Told by the sweep when its term is over; whoever is placed anew has not left.
  const { expiresAtEpochSeconds } = before;
  const keepsExpiry =
    expiresAtEpochSeconds !== undefined && !fields.includes('placements') ? { expiresAtEpochSeconds } : {};
  change.put(before.ref, after, { version: before.version }, keepsExpiry).activity({
    event: 'person.changed',
    subject: ownerOf(organisationId, id),
    detail: { fields: fields.join(','), ...options.cause },
  });
  pointGroups(change, before.value, after, options);
  pointEndOfPlacements(change, before.value, after);
  applyClaims(change, after, claims);
}

function pointGroups(
  change: Change,
  before: PersonRecord | undefined,
  after: PersonRecord,
  { groupsAreKnown }: WriteOptions,
): void {
  const { organisationId, id, kind } = after;
  const groupsOf = (person: PersonRecord | undefined) => new Set(person?.placements.map(({ groupId }) => groupId));
  const [left, entered] = [groupsOf(before), groupsOf(after)];
  for (const groupId of entered) {
    if (left.has(groupId)) continue;
    const pointer = peoplePointers.groupMember(organisationId, groupId, id);
    if (!groupsAreKnown) change.requirePresent(groupRef(organisationId, groupId), groupNotFound);
    change.point({ ...pointer, attributes: { kind } });
  }
  for (const groupId of left) {
    if (!entered.has(groupId)) change.unpoint(peoplePointers.groupMember(organisationId, groupId, id));
  }
}

/** What the person's identity takes and gives back in Lookup. */
export interface Claims {
  readonly claim: readonly Identity[];
  readonly release: readonly Identity[];
}

/** Another person has this identity since we looked; look again. Never an answer to a caller. */
export class IdentityTaken extends Error {
  override readonly name = 'IdentityTaken';
}

function applyClaims(change: Change, { organisationId, id }: PersonRecord, claims: Claims): void {
  for (const { kind, value } of claims.release) change.release(organisationId, kind, value, id);
  for (const { kind, value } of claims.claim) {
    // An e-mail address is unique by promise; a name with a birth date only mostly, so that there nobody is refused.
    change.claim(organisationId, kind, value, id, kind === 'email' ? emailTaken : () => new IdentityTaken());
  }
}

export function identityOf(person: PersonRecord): Identity | undefined {
  if (person.kind !== 'child') return grownUpIdentity(person);
  return person.birthDate === undefined ? undefined : childIdentity({ ...person, birthDate: person.birthDate });
}

/** Decides the claims of a change. One round trip, and none while the identity stays as it was. */
export async function claimsFor(
  records: Records,
  before: PersonRecord | undefined,
  after: PersonRecord,
): Promise<Claims> {
  const [left, taken] = [before && identityOf(before), identityOf(after)];
  if (left?.kind === taken?.kind && left?.value === taken?.value) return { claim: [], release: [] };
  const rows = [left, taken].filter((identity) => identity?.kind === 'import-row');
  const holders = await records.findMany(
    after.organisationId,
    'import-row',
    rows.map((identity) => identity!.value),
  );
  const holderOf = (identity: Identity) => holders[rows.indexOf(identity)];
  const isOurs = (identity: Identity) => identity.kind === 'email' || holderOf(identity) === after.id;
  const isFree = (identity: Identity) => identity.kind === 'email' || holderOf(identity) === undefined;
  return {
    release: left && isOurs(left) ? [left] : [],
    claim: taken && isFree(taken) ? [taken] : [],
  };
}

/**
 * A block beats the link: the write itself is conditioned on there being none. Persons written in the same transaction
 * cannot be checked in it as well: they are named as `written`.
 */
export function addLink(
  change: Change,
  organisationId: OrganisationId,
  childId: PersonId,
  link: GuardianLink,
  options: { readonly written?: ReadonlySet<PersonId>; readonly cause?: Cause } = {},
): void {
  const { guardianId } = link;
  for (const personId of [childId, guardianId]) {
    if (!options.written?.has(personId)) change.requirePresent(personRef(organisationId, personId), notFound);
  }
  change
    .requireAbsent(blockRef(organisationId, childId, guardianId), blocked)
    // Between two members a block may have been put from the other's side.
    .requireAbsent(blockRef(organisationId, guardianId, childId), blocked)
    .put(linkRef(organisationId, childId, guardianId), link, 'new', { otherwise: alreadyLinked })
    .point(peoplePointers.child(organisationId, guardianId, childId))
    .activity({
      event: 'guardian.linked',
      subject: ownerOf(organisationId, childId),
      about: [guardianId],
      detail: { rights: link.rights, ...options.cause },
    });
}

export function saveLink(
  change: Change,
  before: Stored<typeof guardianLinkEntity>,
  after: GuardianLink,
  cause: Cause = {},
): void {
  change.put(before.ref, after, { version: before.version }).activity({
    event: 'guardian.link-changed',
    subject: before.ref.owner,
    about: [after.guardianId],
    detail: { rights: after.rights, ...cause },
  });
}

export function removeLink(
  change: Change,
  organisationId: OrganisationId,
  link: Stored<typeof guardianLinkEntity>,
  cause: Cause = {},
): void {
  const childId = link.ref.owner.subject as PersonId;
  const { guardianId } = link.value;
  change
    .remove(link.ref, { version: link.version })
    .unpoint(peoplePointers.child(organisationId, guardianId, childId))
    .activity({ event: 'guardian.unlinked', subject: link.ref.owner, about: [guardianId], detail: cause });
}

/** The facts about two persons that a block between them is decided on. */
export interface Between {
  readonly block: Stored<typeof blockEntity> | undefined;
  readonly link: Stored<typeof guardianLinkEntity> | undefined;
  /** Of two members, where it is the other who has guardians. */
  readonly linkBack?: Stored<typeof guardianLinkEntity> | undefined;
}

/** Puts the block and takes the link away. A link made meanwhile fails the write (`StaleVersion`): look again. */
export function addBlock(
  change: Change,
  organisationId: OrganisationId,
  childId: PersonId,
  block: Block,
  between: Between,
  cause: Cause = {},
): void {
  const owner: Owner = ownerOf(organisationId, childId);
  const { personId: otherId, basis } = block;
  change
    // The row of ids in the other's partition is sealed under nobody's key.
    .requireUnerased(ownerOf(organisationId, otherId))
    .put(blockRef(organisationId, childId, otherId), block, between.block ? { version: between.block.version } : 'new')
    .point(peoplePointers.blockedFrom(organisationId, otherId, childId))
    .activity({ event: 'block.set', subject: owner, about: [otherId], detail: { basis, ...cause } });
  for (const [link, ref] of [
    [between.link, linkRef(organisationId, childId, otherId)],
    [between.linkBack, linkRef(organisationId, otherId, childId)],
  ] as const) {
    if (link) removeLink(change, organisationId, link, { by: 'block' });
    else change.requireAbsent(ref, () => new StaleVersion('A link was made'));
  }
}
