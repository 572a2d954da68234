import type { Call } from '../../http/call.ts';
import { decodeCursor, encodeCursor, type List } from '../../http/cursor.ts';
import type { AccountId, OrganisationId, PersonId } from '../../http/ids.ts';
import { RoleId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import { dayIn } from '../../platform/calendar.ts';
import type { Stored } from '../../platform/records.ts';
import type { RoleRecord, roleEntity } from '../access/role.ts';
import type { Organisation } from '../organisations/organisation.ts';
import type { PersonRecord } from '../people/person.ts';
import type { AccessGrantStore } from './access-grants.ts';
import { demandGrantable, demandTerms, isSameGrant, ROLES_OF_PERSON_MAX, type RoleTerms } from './administration.ts';
import { confirm, end, type RoleChanges, roleOf, witnessOf } from './last-one.ts';
import type { roleRoutes } from './routes.ts';
import { roleView } from './views.ts';

type StoredRole = Stored<typeof roleEntity>;

export interface RolePage {
  readonly roles: readonly { readonly role: StoredRole; readonly person: PersonRecord | undefined }[];
  /** Where the page ended: a sort key. */
  readonly next?: string;
}

/** A person as somebody who may be given a role. */
export interface Candidate {
  readonly person: PersonRecord;
  /** Absent while nobody signs in for the person. */
  readonly accountId: AccountId | undefined;
  readonly roles: readonly RoleRecord[];
}

export interface RoleStore extends RoleChanges {
  organisation(organisationId: OrganisationId, call: Call): Promise<Organisation | undefined>;
  page(organisationId: OrganisationId, range: { limit: number; after?: string }, call: Call): Promise<RolePage>;
  /** Undefined for whoever is not there, or kept from the caller by a block. */
  candidate(organisationId: OrganisationId, personId: PersonId, call: Call): Promise<Candidate | undefined>;
  /** Throws `department-not-found`, `group-not-found` or `person-not-found`. */
  demandScope(organisationId: OrganisationId, scope: RoleRecord['scope'], call: Call): Promise<void>;
  give<A>(organisationId: OrganisationId, role: RoleRecord, accountId: AccountId, call: Call, answer: A): Promise<A>;
}

export const roleHandlers = (roles: RoleStore, grants: AccessGrantStore): HandlersFor<typeof roleRoutes, Call> => ({
  async listRoles({ params: { organisationId }, query }, call) {
    const list: List = { name: 'roles', filter: { organisationId } };
    const after = query.cursor === undefined ? undefined : decodeCursor(list, query.cursor, RoleId);
    const [organisation, found] = await Promise.all([
      organisationOf(roles, organisationId, call),
      roles.page(organisationId, { limit: query.limit, ...(after !== undefined && { after }) }, call),
    ]);
    return {
      items: found.roles.map(({ role, person }) => roleView(role, organisation, person, call.language)),
      ...(found.next !== undefined && { next: encodeCursor(list, found.next) }),
    };
  },

  async giveRole({ params: { organisationId }, body }, call) {
    const [organisation, candidate] = await Promise.all([
      organisationOf(roles, organisationId, call),
      roles.candidate(organisationId, body.personId, call),
    ]);
    if (!candidate) throw new Problem('person-not-found');
    const { person, accountId } = candidate;
    const terms: RoleTerms = {
      scope: body.scope,
      validFrom: body.validFrom ?? dayIn(organisation.timeZone, call.now),
      ...(body.validUntil !== undefined && { validUntil: body.validUntil }),
    };
    demandGrantable(body.role, terms, { profile: organisation.profile, kind: person.kind, personId: person.id });
    const held = candidate.roles.filter(({ state }) => state !== 'ended');
    if (held.some((role) => isSameGrant(role, body))) throw new Problem('wrong-state', 'The person has this role.');
    if (held.length >= ROLES_OF_PERSON_MAX) throw new Problem('too-many', `At most ${ROLES_OF_PERSON_MAX} roles.`);
    if (!accountId) throw new Problem('wrong-state', 'The person has no account: invite them with this role.');
    await roles.demandScope(organisationId, body.scope, call);
    const value: RoleRecord = {
      id: call.newId('rol'),
      personId: person.id,
      role: body.role,
      ...terms,
      state: 'active',
    };
    const answer = roleView({ value, version: 1 }, organisation, person, call.language);
    return roles.give(organisationId, value, accountId, call, answer);
  },

  async changeRole({ params: { organisationId, roleId }, body, ifMatch }, call) {
    const organisation = await organisationOf(roles, organisationId, call);
    const before = await roleOf(roles, organisationId, roleId, call);
    if (before.version !== ifMatch) throw new Problem('stale-version');
    const after = withTerms(before.value, body);
    demandTerms(after.role, after, after.personId);
    if (body.scope) await roles.demandScope(organisationId, body.scope, call);
    const today = dayIn(organisation.timeZone, call.now);
    const witness = await witnessOf(roles, before, after, today, call);
    await roles.save(before, after, witness, call);
    return roleView({ value: after, version: before.version + 1 }, organisation, undefined, call.language);
  },

  async endRole({ params: { organisationId, roleId } }, call) {
    const organisation = await organisationOf(roles, organisationId, call);
    await end(roles, organisationId, roleId, dayIn(organisation.timeZone, call.now), call);
  },

  async confirmRole({ params: { organisationId, roleId } }, call) {
    const organisation = await organisationOf(roles, organisationId, call);
    return roleView(await confirm(roles, organisationId, roleId, call), organisation, undefined, call.language);
  },

  listAccessGrants: async ({ params }, call) => ({ items: [...(await grants.list(params.organisationId, call))] }),

  async endAccessGrant({ params: { organisationId, accessGrantId } }, call) {
    const grant = await grants.find(organisationId, accessGrantId, call);
    if (!grant) throw new Problem('access-grant-not-found');
    if (grant.value.endedAt === undefined) await grants.end(grant, call);
  },
});

async function organisationOf(roles: RoleStore, organisationId: OrganisationId, call: Call): Promise<Organisation> {
  const organisation = await roles.organisation(organisationId, call);
  if (!organisation) throw new Problem('organisation-not-found');
  return organisation;
}

type TermChanges = { readonly [K in 'scope' | 'validFrom']?: RoleRecord[K] | undefined } & {
  readonly validUntil?: string | null | undefined;
};
function withTerms(
  { validUntil: before, ...role }: RoleRecord,
  { scope, validFrom, validUntil }: TermChanges,
): RoleRecord {
  const last = validUntil === undefined ? before : (validUntil ?? undefined);
  return {
    ...role,
    ...(scope && { scope }),
    ...(validFrom !== undefined && { validFrom }),
    ...(last !== undefined && { validUntil: last }),
  };
}
