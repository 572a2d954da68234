import * as z from 'zod';
import type { RoleName } from '../../access/roles.ts';
import { OrganisationId, PersonId } from '../../http/ids.ts';
import type { KnownRole } from '../activity/names.ts';
import { Somebody } from '../activity/somebody.ts';
import { decidedAudienceOf } from '../activity/who-may-know.ts';
import { PlainDate } from '../people/person.ts';

/** What kind of data was looked at. */
export const viewKinds = [
  'person',
  'attendance',
  'calendar',
  'child-log',
  'photos',
  'documents',
  'files',
  'messages',
  'consents',
  'requests',
  'export',
  'positions',
  'alarms',
  'safety-devices',
  'geofences',
  'receivers',
  'tickets',
  'hours',
  'qualifications',
  'views',
] as const;
export type ViewKind = (typeof viewKinds)[number];

/** Records of somebody having looked; every other one says what was done. */
const kindOfEvent: Readonly<Record<string, ViewKind>> = {
  'person.seen': 'person',
  'attendance.seen': 'attendance',
  'calendar.seen': 'calendar',
  'child-log.seen': 'child-log',
  'photos.seen': 'photos',
  'documents.seen': 'documents',
  'file.opened': 'files',
  'document.file-opened': 'files',
  'document.own-file-opened': 'files',
  'thread.file-opened': 'files',
  'messages.seen': 'messages',
  'consents.seen': 'consents',
  'request.seen': 'requests',
  'export.looked-through': 'export',
  'export.fetched': 'export',
  'positions.seen': 'positions',
  'alarms.seen': 'alarms',
  'safety-devices.seen': 'safety-devices',
  'geofences.seen': 'geofences',
  'receivers.seen': 'receivers',
  'ticket.seen': 'tickets',
  'ticket.file-opened': 'files',
  'chat.seen': 'tickets',
  'work-hours.seen': 'hours',
  'timesheets.seen': 'hours',
  'working-time.seen': 'hours',
  'clock-positions.seen': 'positions',
  'qualifications.seen': 'qualifications',
  'views.seen': 'views',
};

/** Undefined for a record of something else. */
export const kindOf = (event: string): ViewKind | undefined => kindOfEvent[event];

export const View = z
  .strictObject({
    organisationId: OrganisationId,
    personId: PersonId.meta({ description: 'Who was looked at.' }),
    day: PlainDate.meta({ description: 'In the organisation’s zone.' }),
    at: z.iso.datetime().optional().meta({
      description: 'Absent where another guardian looked, or a member: at which hour they did is their own.',
    }),
    kind: z.enum(viewKinds),
    by: Somebody.pick({ kind: true, name: true, role: true })
      .extend({
        title: z.string().optional().meta({ description: 'What the organisation’s people call the role.' }),
      })
      .meta({ id: 'Viewer', description: 'Staff by name and role; other guardians by role alone.' }),
    sentence: z.string().meta({ description: 'The same in words, in the language of `Accept-Language`.' }),
  })
  .meta({ id: 'View' });

/** `officer`: the privacy officer, who sees all that is recorded. */
export type ReaderOfViews = 'self' | 'guardian' | 'officer';

/** What is known of somebody having looked. */
export interface Look {
  readonly event: string;
  readonly isByReader: boolean;
  /** Whom it is about looked themselves. */
  readonly isBySubject: boolean;
  readonly plain: Somebody | undefined;
  /** The role in which it was done, where that is still known. */
  readonly role: KnownRole | undefined;
  readonly isPerson: boolean;
  readonly isFormerUser: boolean;
  /** A block stands between them and whom it is about, or the reader. */
  readonly isKeptAway: boolean;
  /** Absent when it is closed: erased, or restricted. */
  readonly name: string | undefined;
}

/** Whether a reader may know of a look. Pure. */
export function mayKnowOf({ event, isByReader, isBySubject }: Look, as: ReaderOfViews): boolean {
  // Whoever reads this list would else read of nothing but their own reading.
  if (isByReader && event === 'views.seen') return false;
  if (as === 'officer') return true;
  const audience = decidedAudienceOf(event);
  if (as === 'self') return audience === 'subject' || audience === 'guardians';
  // What a child looked at by itself is its own.
  return audience === 'guardians' && (isByReader || !isBySubject);
}

/** Who works for the organisation is named to those whom they look at; whoever else looks, does so for themselves. */
const named: readonly RoleName[] = ['administrator', 'privacy-officer', 'leader', 'staff'];

/** How somebody who looked is told of; `hasHour`: whether the hour is told as well. Pure. */
export function viewerOf(look: Look): { readonly by: Somebody; readonly hasHour: boolean } {
  const { isByReader, plain, role, isPerson, isFormerUser, isKeptAway, name } = look;
  if (isByReader) return { by: { kind: 'you', ...(role && { role: role.name }) }, hasHour: true };
  if (plain) return { by: plain, hasHour: true };
  const isStaff = role !== undefined && (role.isOfOperator || named.includes(role.name));
  if (isFormerUser) return { by: { kind: 'former-user' }, hasHour: isStaff };
  if (!role) return { by: { kind: isPerson ? 'person' : 'account' }, hasHour: false };
  if (role.isOfOperator) return { by: { kind: 'operator-staff', role: role.name }, hasHour: true };
  // A program has no hours of its own to keep.
  if (role.name === 'integration') return { by: { kind: 'program', role: role.name }, hasHour: true };
  const isNamed = isStaff && !isKeptAway && name !== undefined;
  return { by: { kind: 'person', role: role.name, ...(isNamed && { name }) }, hasHour: isStaff };
}
