import { createHash } from 'node:crypto';
import { accessDecision, type Target } from '../../access/decide.ts';
import { roles } from '../../access/roles.ts';
import type { AccountCaller, Call, OwnPerson, RoleCaller } from '../../http/call.ts';
import { type GroupId, type OrganisationId, PersonId, RoleId } from '../../http/ids.ts';
import { Problem, type ProblemSlug } from '../../http/problem.ts';
import type { Access } from '../../http/route.ts';
import { demandsIdempotencyKey } from '../../http/route-facts.ts';
import type { Admission, Replay } from '../../http/steps.ts';
import { dayIn } from '../../platform/calendar.ts';
import { type ControllerId, keyOf, type Ref } from '../../platform/entity.ts';
import type { Idempotency } from '../../platform/record-change.ts';
import type { Records, Stored } from '../../platform/records.ts';
import { type Account, type accountEntity, accountPointers, accountRef, signInEntity } from '../accounts/account.ts';
import { agreementStanding, currentAgreementVersion } from '../organisations/agreement-standing.ts';
import {
  groupEntity,
  type Organisation,
  organisationEntity,
  organisationOwner,
} from '../organisations/organisation.ts';
import { blocksBetween } from '../people/blocks.ts';
import {
  type blockEntity,
  guardianLinkEntity,
  isLinkedOn,
  isPlacedOn,
  ownerOf,
  personEntity,
} from '../people/person.ts';
import { IDEMPOTENT_ANSWER_KEPT_SECONDS, idempotentAnswerRef } from './idempotent-answer.ts';
import { ownPersonsOf } from './own-persons.ts';
import { type RoleRecord, type RoleSession, rolePointers, roleRef, roleSessionRef } from './role.ts';

/** STEP_UP: how long after the proof of identity (`auth_time`) it still counts as fresh. */
export const FRESH_PROOF_SECONDS = 300;

/** What one container has learnt and may keep: rows that never change, and ids only. */
export interface Learnt {
  /** `account|controller|role` → the person who holds it. */
  readonly personOfRole: Map<string, PersonId>;
}
const LEARNT_MAX = 10_000;

export interface Gate {
  readonly records: Records;
  readonly learnt: Learnt;
  hmac(kind: string, value: string): Promise<string>;
  recordSignIn(account: AccountCaller, origin: Call['origin'], records: Records): Promise<void>;
}

export interface Admitted {
  readonly role: RoleCaller | undefined;
  /** Of the path, on a route for roles. */
  readonly organisation: Organisation | undefined;
  readonly ownPersons: readonly OwnPerson[] | undefined;
  readonly idempotency: Idempotency | undefined;
  readonly replay: Replay | undefined;
}

/**
 * Decides a request of a signed-in account: one wave of reads for the account, the sign-in, the stored answer, the
 * role, its session, the organisation, what the path names, and who the caller is elsewhere on a route that wants it
 * (one more wave in a container that has not met the role before, one more for a role scoped to a department and for a
 * caller who is several persons there).
 */
export async function admit(request: Admission & { account: AccountCaller }, gate: Gate): Promise<Admitted> {
  const { account, route, now } = request;
  const { records } = gate;
  // A program has nothing of its own: no account to read, no roles to open.
  if (account.isMachine && route.access.to !== 'role') throw new Problem('not-signed-in');
  const wanted = await wantedOf(request, gate);
  const idempotencyRef =
    request.idempotency && idempotentAnswerRef(account.accountId, keyHash(request.idempotency.key));

  const own: Ref[] = [accountRef(account.accountId), signInRef(account)];
  const [stored, otherPersonIds, answered, ownPersons] = await Promise.all([
    records.getMany([...own, ...(wanted?.refs ?? [])]),
    wanted ? otherPersonsOfCaller(account, wanted, records) : [],
    idempotencyRef ? records.pointersAt([{ table: 'transient', ...keyOf(idempotencyRef) }]) : [],
    route.withOwnPersons ? ownPersonsOf(account.accountId, records) : undefined,
  ]);
  const accountRecord = stored[0] as Stored<typeof accountEntity> | undefined;
  const signIn = stored[1];

  if (!accountRecord || account.authTimeEpochSeconds < accountRecord.value.notBeforeEpochSeconds) {
    throw new Problem('not-signed-in');
  }
  if (!signIn && !account.isMachine) await gate.recordSignIn(account, request.origin, records);
  if (needsFreshProof(route.access)) demandFreshProof(account, now);

  const found = { holder: accountRecord.value, stored: stored.slice(own.length), otherPersonIds };
  const role = wanted && (await roleCaller(request, wanted, found, gate));
  const organisation = wanted?.organisationId ? (found.stored[2]?.value as Organisation | undefined) : undefined;

  if (!idempotencyRef || !request.idempotency || !demandsIdempotencyKey(route)) {
    return { role, organisation, ownPersons, idempotency: undefined, replay: undefined };
  }
  // In another role it is another request: what one role was answered is not for the other to see (FW-07).
  const fingerprint = await gate.hmac('idempotency', `${role?.roleId ?? 'account'} ${request.idempotency.request}`);
  if (answered[0]) {
    const replay = replayOf(await answerOf(idempotencyRef, records), fingerprint, route.success.status);
    return { role, organisation, ownPersons, idempotency: undefined, replay };
  }
  const idempotency: Idempotency = {
    ref: idempotencyRef,
    value: (body) => ({ request: fingerprint, body }),
    expiresAtEpochSeconds: Math.floor(now.getTime() / 1000) + IDEMPOTENT_ANSWER_KEPT_SECONDS,
    repeated: () => new Repeated(idempotencyRef, fingerprint),
    committed: false,
  };
  return { role, organisation, ownPersons, idempotency, replay: undefined };
}

/** The same key came in twice at once, and the other request was faster: its answer is the answer. */
export class Repeated extends Error {
  override readonly name = 'Repeated';
  readonly ref: ReturnType<typeof idempotentAnswerRef>;
  readonly fingerprint: string;
  constructor(ref: ReturnType<typeof idempotentAnswerRef>, fingerprint: string) {
    super('This request has been carried out already');
    this.ref = ref;
    this.fingerprint = fingerprint;
  }
}

export async function answerOfRepeated(repeated: Repeated, records: Records): Promise<unknown> {
  return replayOf(await answerOf(repeated.ref, records), repeated.fingerprint, 200).body;
}

/** The answer opens while everyone it is about lives: it outlives no erasure. */
async function answerOf(ref: ReturnType<typeof idempotentAnswerRef>, records: Records) {
  const stored = await records.getShared(ref);
  if (!stored) throw new Problem('answer-closed');
  return stored.value;
}

function replayOf(stored: { request: string; body?: unknown }, fingerprint: string, status: number): Replay {
  if (stored.request !== fingerprint) throw new Problem('idempotency-key-reused');
  return { status, body: stored.body };
}

const keyHash = (key: string) => createHash('sha256').update(key).digest('base64url');
const signInRef = (account: AccountCaller) =>
  ({
    entity: signInEntity,
    owner: { controller: 'operator', subject: account.accountId },
    key: account.originJti,
  }) as const;

const needsFreshProof = (access: Access) => 'proof' in access && access.proof === 'fresh';

export function demandFreshProof(account: AccountCaller, now: Date): void {
  const ageSeconds = now.getTime() / 1000 - account.authTimeEpochSeconds;
  if (ageSeconds > FRESH_PROOF_SECONDS) throw new Problem('fresh-proof-required');
}

/** What a route for roles makes us read: whose role it is, where, and what the path names. */
interface Wanted {
  readonly refs: readonly Ref[];
  readonly roleId: RoleId;
  readonly personId: PersonId;
  /** Where the role is held. */
  readonly holder: ControllerId;
  /** The organisation of the path; absent under /v1/platform. */
  readonly organisationId: OrganisationId | undefined;
  readonly targetPersonId: PersonId | undefined;
  readonly targetGroupId: GroupId | undefined;
}

async function wantedOf(request: Admission & { account: AccountCaller }, gate: Gate): Promise<Wanted | undefined> {
  const { account, route, input, roleHeader } = request;
  if (route.access.to !== 'role') return undefined;
  const roleId = RoleId.safeParse(roleHeader);
  if (!roleId.success) throw new Problem('role-required');
  const params = (input.params ?? {}) as { organisationId?: OrganisationId; personId?: PersonId; groupId?: GroupId };
  const { organisationId } = params;

  const held = await holderOf(account, roleId.data, organisationId, gate);
  // 404, not 403: an outsider must not learn that the organisation exists.
  if (!held) throw new Problem('organisation-not-found');
  const { holder, personId } = held;

  const refs: Ref[] = [
    roleRef(holder, personId, roleId.data),
    roleSessionRef(account.accountId, account.originJti, roleId.data),
  ];
  if (organisationId) refs.push({ entity: organisationEntity, owner: organisationOwner(organisationId) });
  if (organisationId && params.personId) {
    const target = ownerOf(organisationId, params.personId);
    refs.push(
      { entity: personEntity, owner: target },
      { entity: guardianLinkEntity, owner: target, key: personId },
      ...blocksBetween(organisationId, [personId], params.personId),
    );
  } else if (organisationId && params.groupId) {
    refs.push({ entity: groupEntity, owner: organisationOwner(organisationId), key: params.groupId });
  }
  return {
    refs,
    roleId: roleId.data,
    personId,
    holder,
    organisationId,
    targetPersonId: params.personId,
    targetGroupId: params.personId ? undefined : params.groupId,
  };
}

/** A role is held in the organisation of the path, or at the operator (platform staff). */
async function holderOf(
  account: AccountCaller,
  roleId: RoleId,
  organisationId: OrganisationId | undefined,
  gate: Gate,
) {
  const holders: ControllerId[] = organisationId ? [organisationId, 'operator'] : ['operator'];
  const learntKey = (holder: ControllerId) => `${account.accountId}|${holder}|${roleId}`;
  for (const holder of holders) {
    const personId = gate.learnt.personOfRole.get(learntKey(holder));
    if (personId) return { holder, personId };
  }
  const pointers = await gate.records.pointersAt(
    holders.map((holder) => rolePointers.ofAccount(account.accountId, holder, roleId)),
  );
  for (const [i, pointer] of pointers.entries()) {
    const personId = PersonId.safeParse(pointer?.attributes?.['personId']);
    if (!personId.success) continue;
    if (gate.learnt.personOfRole.size >= LEARNT_MAX) gate.learnt.personOfRole.clear();
    gate.learnt.personOfRole.set(learntKey(holders[i]!), personId.data);
    return { holder: holders[i]!, personId: personId.data };
  }
  return undefined;
}

/**
 * Who the caller also is in the organisation: a parent may work there too. A block keeps the one who signs in from the
 * child, whichever role they name.
 */
async function otherPersonsOfCaller(account: AccountCaller, wanted: Wanted, records: Records): Promise<PersonId[]> {
  const { organisationId, personId } = wanted;
  if (!organisationId) return [];
  const { pk, sk } = accountPointers.person(account.accountId, organisationId, '' as PersonId);
  const { items } = await records.pointers('core', pk, { prefix: sk });
  return items.map((pointer) => PersonId.parse(pointer.sk.slice(sk.length))).filter((id) => id !== personId);
}

interface Found {
  readonly holder: Account;
  /** In the order of {@link Wanted}'s references. */
  readonly stored: readonly (Stored<Ref['entity']> | undefined)[];
  readonly otherPersonIds: readonly PersonId[];
}

async function roleCaller(
  { account, route, now }: Admission & { account: AccountCaller },
  wanted: Wanted,
  { holder, stored, otherPersonIds }: Found,
  gate: Gate,
): Promise<RoleCaller> {
  if (route.access.to !== 'role') throw new Error('Not a route for roles');
  const [roleRow, session, organisationRow] = stored;
  const role = roleRow?.value as RoleRecord | undefined;
  const organisation = wanted.organisationId ? (organisationRow?.value as Organisation | undefined) : undefined;
  if (!role || role.state === 'ended') throw new Problem('organisation-not-found');
  // Neither is a person signed in in a program's role, nor a program in a person's.
  if ((role.role === 'integration') !== (account.isMachine === true)) throw new Problem('organisation-not-found');
  if (wanted.organisationId && !organisation) throw new Problem('organisation-not-found');
  const today = dayIn(organisation?.timeZone ?? 'Europe/Oslo', now);
  if (today < role.validFrom || (role.validUntil !== undefined && role.validUntil < today)) {
    throw new Problem('organisation-not-found');
  }
  if (role.state === 'suspended') throw new Problem('role-suspended');
  // Platform staff see no tenant's content without a grant that the tenant can see and end.
  if (wanted.holder === 'operator' && wanted.organisationId)
    await demandGrant(wanted.organisationId, account, now, gate);
  if (roles[role.role].guarded && !isOpen(session?.value as RoleSession | undefined, holder)) {
    throw new Problem('role-session-required');
  }

  const target = await targetOf(wanted, { stored: stored.slice(3), otherPersonIds }, today, role, gate);
  const decision = accessDecision(route.access.may, {
    role: {
      name: role.role,
      scope: scopeOf(role),
      personId: wanted.personId,
      ...(role.actions && { actions: role.actions }),
    },
    organisation,
    target,
  });
  if (decision === 'not-allowed') throw new Problem('not-allowed');
  if (target === undefined && wanted.targetPersonId) throw new Problem('person-not-found');
  if (target === undefined && wanted.targetGroupId) throw new Problem('group-not-found');
  if (decision === 'out-of-reach') throw new Problem(outOfReach(wanted));
  if (organisation && route.method !== 'GET' && !route.access.beforeAgreement) {
    const standing = agreementStanding(organisation, currentAgreementVersion(organisation.profile), today);
    if (standing !== 'in-force') throw new Problem(standing);
  }
  return {
    roleId: wanted.roleId,
    role: role.role,
    scope: scopeOf(role),
    ...(role.actions && { actions: role.actions }),
    organisationId: wanted.organisationId ?? 'operator',
    personId: wanted.personId,
    otherPersonIds,
  };
}

/** A session that was opened with a factor ends with it: turned off, reset, or found gone at Cognito. */
const isOpen = (session: RoleSession | undefined, { totpOnSince }: Account): boolean =>
  session !== undefined && totpOnSince !== undefined && session.openedAt >= totpOnSince;

/** Where nothing was named there is nothing to keep secret: the role is too narrow for it. */
function outOfReach({ targetPersonId, targetGroupId }: Wanted): ProblemSlug {
  if (targetPersonId) return 'person-not-found';
  return targetGroupId ? 'group-not-found' : 'not-allowed';
}

const scopeOf = ({ scope }: RoleRecord) => ({ kind: scope.kind, ...(scope.id !== undefined && { id: scope.id }) });

async function demandGrant(organisationId: OrganisationId, account: AccountCaller, now: Date, gate: Gate) {
  const [grant] = await gate.records.pointersAt([rolePointers.grant(organisationId, account.accountId)]);
  const until = grant?.attributes?.['untilEpochSeconds'];
  if (typeof until !== 'number' || until * 1000 <= now.getTime()) throw new Problem('access-grant-required');
}

async function targetOf(
  wanted: Wanted,
  { stored, otherPersonIds }: Pick<Found, 'stored' | 'otherPersonIds'>,
  today: string,
  role: RoleRecord,
  gate: Gate,
): Promise<Target | undefined> {
  const { organisationId } = wanted;
  if (!organisationId) return undefined;
  if (wanted.targetGroupId) {
    const group = stored[0] as Stored<typeof groupEntity> | undefined;
    return group && { kind: 'group', groupId: group.value.id, departmentId: group.value.departmentId };
  }
  if (!wanted.targetPersonId) return undefined;
  const [person, link, blockAtTarget, blockAtCaller] = stored as [
    Stored<typeof personEntity>?,
    Stored<typeof guardianLinkEntity>?,
    Stored<typeof blockEntity>?,
    Stored<typeof blockEntity>?,
  ];
  if (!person) return undefined;
  const groupIds = person.value.placements
    .filter((placement) => isPlacedOn(placement, today))
    .map((placement) => placement.groupId);
  return {
    kind: 'person',
    personId: person.value.id,
    groupIds,
    departmentIds: role.scope.kind === 'department' ? await departmentsOf(organisationId, groupIds, gate) : [],
    guardianRights: link && isLinkedOn(link.value, today) ? link.value.rights : undefined,
    isBlocked:
      blockAtTarget !== undefined ||
      blockAtCaller !== undefined ||
      (await isBlockedFromAny(organisationId, wanted.targetPersonId, otherPersonIds, gate)),
  };
}

async function isBlockedFromAny(
  organisationId: OrganisationId,
  targetId: PersonId,
  personIds: readonly PersonId[],
  { records }: Gate,
): Promise<boolean> {
  if (personIds.length === 0) return false;
  const blocks = await records.getMany(blocksBetween(organisationId, personIds, targetId));
  return blocks.some((block) => block !== undefined);
}

async function departmentsOf(
  organisationId: OrganisationId,
  groupIds: readonly GroupId[],
  gate: Gate,
): Promise<string[]> {
  const owner = organisationOwner(organisationId);
  const groups = await gate.records.getMany(groupIds.map((key) => ({ entity: groupEntity, owner, key })));
  return groups.map((group) => group?.value.departmentId).filter((id) => id !== undefined);
}
