import type { Call } from '../../http/call.ts';
import type { DepartmentId, GroupId, OrganisationId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { Stored } from '../../platform/records.ts';
import { changed } from './handlers.ts';
import {
  DEPARTMENTS_MAX,
  type Department,
  type departmentEntity,
  GROUPS_MAX,
  type Group,
  type groupEntity,
} from './organisation.ts';
import type { structureRoutes } from './structure-routes.ts';
import { departmentView, groupView } from './views.ts';

type StoredDepartment = Stored<typeof departmentEntity>;
type StoredGroup = Stored<typeof groupEntity>;

export interface StructureStore {
  departments(organisationId: OrganisationId, call: Call): Promise<readonly StoredDepartment[]>;
  groups(organisationId: OrganisationId, call: Call): Promise<readonly StoredGroup[]>;
  department(organisationId: OrganisationId, id: DepartmentId, call: Call): Promise<StoredDepartment | undefined>;
  group(organisationId: OrganisationId, id: GroupId, call: Call): Promise<StoredGroup | undefined>;
  /** All four throw `name-taken` when another open one has the name. */
  addDepartment<A>(organisationId: OrganisationId, department: Department, call: Call, answer: A): Promise<A>;
  saveDepartment(before: StoredDepartment, after: Department, call: Call): Promise<void>;
  /** With a department, the two throw `department-not-found` when it is gone. */
  addGroup<A>(organisationId: OrganisationId, group: Group, call: Call, answer: A): Promise<A>;
  saveGroup(before: StoredGroup, after: Group, call: Call): Promise<void>;
}

export const structureHandlers = (structure: StructureStore): HandlersFor<typeof structureRoutes, Call> => ({
  async createDepartment({ params: { organisationId }, body }, call) {
    const departments = await structure.departments(organisationId, call);
    if (departments.length >= DEPARTMENTS_MAX) throw new Problem('too-many', `At most ${DEPARTMENTS_MAX} departments.`);
    const value: Department = { id: call.newId('dep'), ...body, state: 'open' };
    return structure.addDepartment(organisationId, value, call, departmentView({ value, version: 1 }));
  },

  listDepartments: async ({ params }, call) => ({
    items: (await structure.departments(params.organisationId, call)).map(departmentView),
  }),

  async changeDepartment({ params: { organisationId, departmentId }, body, ifMatch }, call) {
    const before = await structure.department(organisationId, departmentId, call);
    if (!before) throw new Problem('department-not-found');
    if (before.version !== ifMatch) throw new Problem('stale-version');
    const value = changed(before.value, body);
    if (value.state === 'closed' && before.value.state === 'open') {
      await demandNoOpenGroup(structure, organisationId, departmentId, call);
    }
    await structure.saveDepartment(before, value, call);
    return departmentView({ value, version: before.version + 1 });
  },

  async createGroup({ params: { organisationId }, body }, call) {
    const groups = await structure.groups(organisationId, call);
    if (groups.length >= GROUPS_MAX) throw new Problem('too-many', `At most ${GROUPS_MAX} groups.`);
    await demandOpenDepartment(structure, organisationId, body.departmentId, call);
    const value: Group = { id: call.newId('grp'), ...body, state: 'open' };
    return structure.addGroup(organisationId, value, call, groupView({ value, version: 1 }));
  },

  listGroups: async ({ params }, call) => ({
    items: (await structure.groups(params.organisationId, call)).map(groupView),
  }),

  async changeGroup({ params: { organisationId, groupId }, body, ifMatch }, call) {
    const before = await structure.group(organisationId, groupId, call);
    if (!before) throw new Problem('group-not-found');
    if (before.version !== ifMatch) throw new Problem('stale-version');
    const value = changedGroup(before.value, body);
    if (value.state === 'open') await demandOpenDepartment(structure, organisationId, value.departmentId, call);
    await structure.saveGroup(before, value, call);
    return groupView({ value, version: before.version + 1 });
  },
});

type GroupChanges = { readonly [K in 'name' | 'state']?: Group[K] | undefined } & {
  readonly departmentId?: DepartmentId | null | undefined;
};
function changedGroup(before: Group, { departmentId, ...changes }: GroupChanges): Group {
  const after = changed<Group>(before, changes);
  if (departmentId === undefined) return after;
  const { departmentId: _, ...outside } = after;
  return departmentId === null ? outside : { ...outside, departmentId };
}

async function demandOpenDepartment(
  structure: StructureStore,
  organisationId: OrganisationId,
  departmentId: DepartmentId | undefined,
  call: Call,
): Promise<void> {
  if (departmentId === undefined) return;
  const department = await structure.department(organisationId, departmentId, call);
  if (!department) throw new Problem('department-not-found');
  if (department.value.state === 'closed') throw new Problem('wrong-state', 'The department is closed.');
}

async function demandNoOpenGroup(
  structure: StructureStore,
  organisationId: OrganisationId,
  departmentId: DepartmentId,
  call: Call,
): Promise<void> {
  const groups = await structure.groups(organisationId, call);
  const hasOpenGroup = groups.some(({ value }) => value.departmentId === departmentId && value.state === 'open');
  if (hasOpenGroup) throw new Problem('wrong-state', 'The department has an open group.');
}
