import * as z from 'zod';
import { isInScope } from '../../access/decide.ts';
import type { Scope } from '../../http/call.ts';
import { DepartmentId, GroupId, MessageId, type OrganisationId, PersonId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import type { PointerKey } from '../../platform/records.ts';
import { ofTheOrganisation } from '../organisations/of-the-organisation.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { MessageText, Subject } from './thread.ts';

const writerRoles = ['administrator', 'leader', 'staff'] as const;
export type WriterRole = (typeof writerRoles)[number];

export const AnnouncedTo = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('organisation') }),
    z.strictObject({ kind: z.literal('department'), id: DepartmentId }),
    z.strictObject({ kind: z.literal('group'), id: GroupId }),
  ])
  .meta({ id: 'AnnouncedTo' });
export type AnnouncedTo = z.output<typeof AnnouncedTo>;

export const readerships = ['families', 'staff'] as const;

/** A notice to a group. About nobody: it is sealed under the organisation, and reaches people by rows of ids. */
export const Announcement = z.strictObject({
  id: MessageId,
  by: PersonId,
  role: z.enum(writerRoles),
  to: AnnouncedTo,
  readers: z.enum(readerships),
  subject: Subject,
  text: MessageText,
  at: z.iso.datetime(),
  /** How many have got it so far, and when it had reached everybody. */
  recipients: z.int().min(0),
  spreadAt: z.iso.datetime().optional(),
  /** How far it has come: which list of people, after whom. Moves with the record’s version, so that two cannot count the same. */
  progress: z.strictObject({ source: z.int().min(0), after: z.string().max(100).optional() }).optional(),
});
export type Announcement = z.output<typeof Announcement>;

export const announcementEntity = entity({
  ...ofTheOrganisation,
  name: 'announcement',
  sortKey: 'ANNOUNCEMENT',
  schema: Announcement,
  purpose: 'to tell a group, a department or everybody the same thing',
});

export const announcementRef = (organisationId: OrganisationId, id: MessageId) =>
  ({ entity: announcementEntity, owner: organisationOwner(organisationId), key: id }) as const;

export const announcementPointers = {
  /** That a person got it. Attributes: `at`, `readers`, `childId` (through whom), `readAt`. */
  received: (organisationId: OrganisationId, personId: PersonId, id: MessageId | '') =>
    ({ table: 'core', pk: `${organisationId}#${personId}`, sk: `ANNOUNCED#${id}` }) as const satisfies PointerKey,
  /** What has not reached everybody yet. */
  due: (organisationId: OrganisationId, id: MessageId | '') =>
    ({ table: 'core', pk: `${organisationId}#ANNOUNCEMENTS-DUE`, sk: id }) as const satisfies PointerKey,
};

/** Whether a role may tell all of them. Pure. */
export function mayAnnounceTo(
  to: AnnouncedTo,
  scope: Scope,
  departmentOfGroup: (id: GroupId) => string | undefined,
): boolean {
  if (scope.kind === 'organisation') return true;
  if (to.kind === 'organisation') return false;
  if (to.kind === 'department') return scope.kind === 'department' && scope.id === to.id;
  return isInScope(scope, { kind: 'group', groupId: to.id, departmentId: departmentOfGroup(to.id) });
}
