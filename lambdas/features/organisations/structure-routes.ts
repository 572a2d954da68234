import * as z from 'zod';
import { DepartmentId, GroupId } from '../../http/ids.ts';
import { inOrganisation } from '../../http/params.ts';
import { type Routes, rolesThatMay, rolesThatMayBeforeAgreement } from '../../http/route.ts';
import type { Capability } from '../../platform/capabilities.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { DEPARTMENTS_MAX, Department, GROUPS_MAX, Group } from './organisation.ts';
import { DepartmentView, GroupView } from './views.ts';

const naming = [...changingRecords, 'lookup:write'] as const satisfies readonly Capability[];

/** Departments and groups hold nothing about a person, so they need not wait for the agreement (FW-01). */
export const structureRoutes = {
  createDepartment: {
    summary: 'Create a department',
    tag: 'Organisations',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/departments',
    access: rolesThatMayBeforeAgreement('structure:manage'),
    params: inOrganisation,
    body: z.strictObject({ name: Department.shape.name }).meta({ id: 'NewDepartment' }),
    success: { status: 201, body: DepartmentView },
    problems: ['name-taken', 'too-many'],
    needs: naming,
    creates: true,
    versioned: true,
  },
  listDepartments: {
    summary: 'List the departments',
    tag: 'Organisations',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/departments',
    access: rolesThatMay('structure:read'),
    params: inOrganisation,
    success: { status: 200, body: z.strictObject({ items: z.array(DepartmentView).max(DEPARTMENTS_MAX) }) },
    problems: [],
    needs: readingRecords,
  },
  changeDepartment: {
    summary: 'Rename, close or reopen a department',
    description: 'A closed department gives its name back. It cannot be closed while it has an open group.',
    tag: 'Organisations',
    method: 'PATCH',
    path: '/v1/organisations/{organisationId}/departments/{departmentId}',
    access: rolesThatMayBeforeAgreement('structure:manage'),
    params: inOrganisation.extend({ departmentId: DepartmentId }),
    body: Department.omit({ id: true }).partial().meta({ id: 'DepartmentChanges' }),
    success: { status: 200, body: DepartmentView },
    problems: ['department-not-found', 'name-taken', 'wrong-state'],
    needs: naming,
    versioned: true,
  },
  createGroup: {
    summary: 'Create a group',
    tag: 'Organisations',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/groups',
    access: rolesThatMayBeforeAgreement('structure:manage'),
    params: inOrganisation,
    body: Group.omit({ id: true, state: true }).meta({ id: 'NewGroup' }),
    success: { status: 201, body: GroupView },
    problems: ['department-not-found', 'name-taken', 'too-many', 'wrong-state'],
    needs: naming,
    creates: true,
    versioned: true,
  },
  listGroups: {
    summary: 'List the groups',
    tag: 'Organisations',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/groups',
    access: rolesThatMay('structure:read'),
    params: inOrganisation,
    success: { status: 200, body: z.strictObject({ items: z.array(GroupView).max(GROUPS_MAX) }) },
    problems: [],
    needs: readingRecords,
  },
  changeGroup: {
    summary: 'Rename, move, close or reopen a group',
    description:
      'A closed group gives its name back; who was placed there stays on record. `departmentId: null` takes it out of its department.',
    tag: 'Organisations',
    method: 'PATCH',
    path: '/v1/organisations/{organisationId}/groups/{groupId}',
    access: rolesThatMayBeforeAgreement('structure:manage'),
    params: inOrganisation.extend({ groupId: GroupId }),
    body: Group.omit({ id: true })
      .extend({ departmentId: DepartmentId.nullable() })
      .partial()
      .meta({ id: 'GroupChanges' }),
    success: { status: 200, body: GroupView },
    problems: ['group-not-found', 'department-not-found', 'name-taken', 'wrong-state'],
    needs: naming,
    versioned: true,
  },
} as const satisfies Routes;
