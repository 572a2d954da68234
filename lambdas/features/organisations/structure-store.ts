import type { OrganisationId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { Change } from '../../platform/records.ts';
import { groupRef } from '../people/writes.ts';
import { nameHeld } from './name-held.ts';
import {
  DEPARTMENTS_MAX,
  type Department,
  departmentEntity,
  departmentRef,
  GROUPS_MAX,
  type Group,
  groupEntity,
  organisationOwner,
} from './organisation.ts';
import type { StructureStore } from './structure-handlers.ts';

const nameTaken = () => new Problem('name-taken');
const departmentNotFound = () => new Problem('department-not-found');

export const structureStore: StructureStore = {
  async departments(organisationId, { records }) {
    const range = { limit: DEPARTMENTS_MAX };
    return (await records.list(departmentEntity, organisationOwner(organisationId), range)).items;
  },

  async groups(organisationId, { records }) {
    return (await records.list(groupEntity, organisationOwner(organisationId), { limit: GROUPS_MAX })).items;
  },

  department: (organisationId, id, { records }) => records.get(departmentRef(organisationId, id)),
  group: (organisationId, id, { records }) => records.get(groupRef(organisationId, id)),

  async addDepartment(organisationId, department, { records }, answer) {
    const change = records.change();
    claimName(change, organisationId, undefined, department);
    return change
      .put(departmentRef(organisationId, department.id), department, 'new')
      .activity({
        event: 'department.created',
        subject: organisationOwner(organisationId),
        about: [department.id],
      })
      .commit(answer);
  },

  async saveDepartment(before, after, { records }) {
    const { owner } = before.ref;
    const change = records.change();
    claimName(change, owner.controller as OrganisationId, before.value, after);
    await change
      .put(before.ref, after, { version: before.version })
      .activity({ event: 'department.changed', subject: owner, about: [after.id], detail: { state: after.state } })
      .commit();
  },

  async addGroup(organisationId, group, { records }, answer) {
    const change = records.change();
    claimName(change, organisationId, undefined, group);
    requireDepartment(change, organisationId, group);
    return change
      .put(groupRef(organisationId, group.id), group, 'new')
      .activity({ event: 'group.created', subject: organisationOwner(organisationId), about: [group.id] })
      .commit(answer);
  },

  async saveGroup(before, after, { records }) {
    const { owner } = before.ref;
    const organisationId = owner.controller as OrganisationId;
    const change = records.change();
    claimName(change, organisationId, before.value, after);
    requireDepartment(change, organisationId, after);
    await change
      .put(before.ref, after, { version: before.version })
      .activity({ event: 'group.changed', subject: owner, about: [after.id], detail: { state: after.state } })
      .commit();
  },
};

function requireDepartment(change: Change, organisationId: OrganisationId, { departmentId }: Group): void {
  if (departmentId) change.requirePresent(departmentRef(organisationId, departmentId), departmentNotFound);
}

/** An open department's or group's name is its own; a closed one gives it back. */
function claimName<T extends Department | Group>(
  change: Change,
  organisationId: OrganisationId,
  before: T | undefined,
  after: T,
): void {
  const [left, taken] = [before && nameHeld(before), nameHeld(after)];
  if (left === taken) return;
  if (left !== undefined) change.release(organisationId, 'name', left, after.id);
  if (taken !== undefined) change.claim(organisationId, 'name', taken, after.id, nameTaken);
}
