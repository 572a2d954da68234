import { personIdsOf } from '../../http/call.ts';
import { DepartmentId, GroupId, PersonId, RoleId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { ControllerId } from '../../platform/entity.ts';
import type { Pointer, Records } from '../../platform/records.ts';
import { grantRole } from '../access/grant-role.ts';
import { roleEntity, roleOwner, rolePointers, roleRef } from '../access/role.ts';
import { accountLinkEntity } from '../accounts/account.ts';
import { departmentRef, organisationRef } from '../organisations/organisation.ts';
import { blocksBetween } from '../people/blocks.ts';
import { ownerOf } from '../people/person.ts';
import { groupRef, personRef } from '../people/writes.ts';
import { pointEndOfRole } from '../retention/due-index.ts';
import { ROLES_OF_PERSON_MAX } from './administration.ts';
import type { RoleStore } from './handlers.ts';

const accountLinkRef = (organisationId: ControllerId, personId: PersonId) =>
  ({ entity: accountLinkEntity, owner: roleOwner(organisationId, personId) }) as const;

export const roleStore: RoleStore = {
  organisation: async (organisationId, { records }) => (await records.get(organisationRef(organisationId)))?.value,

  async page(organisationId, range, { records }) {
    const { items, next } = await records.pointers('core', rolesOf(organisationId), range);
    const roles = await readRoles(records, organisationId, items);
    const persons = await records.getMany(roles.map(({ value }) => personRef(organisationId, value.personId)));
    return {
      roles: roles.map((role, i) => ({ role, person: persons[i]?.value })),
      ...(next !== undefined && { next }),
    };
  },

  async find(organisationId, roleId, { records }) {
    const [pointer] = await records.pointersAt([rolePointers.inOrganisation(organisationId, roleId)]);
    if (!pointer) return undefined;
    const [role] = await readRoles(records, organisationId, [pointer]);
    return role;
  },

  async candidate(organisationId, personId, { records, role }) {
    const [[person, link, ...blocks], roles] = await Promise.all([
      records.together([
        personRef(organisationId, personId),
        accountLinkRef(organisationId, personId),
        ...blocksBetween(organisationId, personIdsOf(role!), personId),
      ]),
      records.list(roleEntity, ownerOf(organisationId, personId), { limit: 10 * ROLES_OF_PERSON_MAX }),
    ]);
    // The path does not name this person, so nobody has looked for a block yet.
    if (!person || blocks.some((block) => block !== undefined)) return undefined;
    return { person: person.value, accountId: link?.value.accountId, roles: roles.items.map(({ value }) => value) };
  },

  async demandScope(organisationId, { kind, id }, { records }) {
    const isThere = {
      organisation: async () => true,
      department: async () => (await records.get(departmentRef(organisationId, DepartmentId.parse(id)))) !== undefined,
      group: async () => (await records.get(groupRef(organisationId, GroupId.parse(id)))) !== undefined,
      person: async () => (await records.get(personRef(organisationId, PersonId.parse(id)))) !== undefined,
    };
    if (kind !== 'organisation' && !(await isThere[kind]())) throw new Problem(`${kind}-not-found`);
  },

  async holdersOf(name, organisationId, { records }) {
    const found = [];
    let after: string | undefined;
    do {
      const range = after === undefined ? {} : { after };
      const page = await records.pointers('core', rolesOf(organisationId), range);
      found.push(...(await readRoles(records, organisationId, page.items)));
      after = page.next;
    } while (after !== undefined);
    return found.filter(({ value }) => value.role === name);
  },

  async give(organisationId, role, accountId, { records }, answer) {
    const change = records
      .change()
      // Whoever is unlinked meanwhile gets no role that nobody could see.
      .requirePresent(accountLinkRef(organisationId, role.personId), () => new Problem('person-not-found'));
    return grantRole(change, organisationId, role, accountId)
      .activity({
        event: 'role.given',
        subject: ownerOf(organisationId, role.personId),
        about: [role.id],
        detail: { role: role.role, scope: role.scope.kind },
      })
      .commit(answer);
  },

  async save(before, after, witness, { records }) {
    const { controller } = before.ref.owner;
    const change = records.change().put(before.ref, after, { version: before.version });
    // Written as it was, so that the transaction is conditioned on its version.
    if (witness) change.put(witness.ref, witness.value, { version: witness.version });
    if (after.validUntil !== undefined) pointEndOfRole(change, controller, after.personId, after.validUntil);
    if (after.state === 'ended') {
      change.unpoint(rolePointers.inOrganisation(controller, after.id));
      const link = await records.get(accountLinkRef(controller, after.personId));
      if (link) change.unpoint(rolePointers.ofAccount(link.value.accountId, controller, after.id));
    }
    await change
      .activity({
        event: eventOf(before.value.state, after.state),
        subject: before.ref.owner,
        about: [after.id],
        detail: { role: after.role, scope: after.scope.kind },
      })
      .commit();
  },
};

const rolesOf = (organisationId: ControllerId) => rolePointers.inOrganisation(organisationId, '' as RoleId).pk;

async function readRoles(records: Records, organisationId: ControllerId, pointers: readonly Pointer[]) {
  const refs = pointers.map(({ sk, attributes }) =>
    roleRef(organisationId, PersonId.parse(attributes?.['personId']), RoleId.parse(sk)),
  );
  const stored = await records.getMany(refs);
  // A program's role comes and goes with the program (features/service-clients).
  return stored.flatMap((role) =>
    role && role.value.state !== 'ended' && role.value.role !== 'integration' ? [role] : [],
  );
}

type State = 'active' | 'suspended' | 'ended';
function eventOf(before: State, after: State): `role.${string}` {
  if (after === 'ended') return 'role.ended';
  return before === 'suspended' && after === 'active' ? 'role.confirmed' : 'role.changed';
}
