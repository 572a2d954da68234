import * as z from 'zod';
import { page, pageQuery } from '../../http/cursor.ts';
import { MessageId } from '../../http/ids.ts';
import { inOrganisation } from '../../http/params.ts';
import { type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { AnnouncedTo, Announcement, readerships } from './announcement.ts';
import { MessageText, Subject } from './thread.ts';

const { id, role, to, subject, text, at } = Announcement.shape;
const Writer = z.strictObject({ name: z.string().max(161).optional(), role });
const Received = z
  .strictObject({ id, by: Writer, to, subject, text, at, readAt: z.iso.datetime().optional() })
  .meta({ id: 'ReceivedAnnouncement' });
const { by: _, progress: __, ...sent } = Announcement.shape;
const SentAnnouncement = z.strictObject({ ...sent, by: Writer }).meta({ id: 'Announcement' });

const reading = [...readingRecords, 'activity:append'] as const;

export const announcementRoutes = {
  announce: {
    summary: 'Send a notice to a group, a department or everybody',
    description:
      'To the guardians of those who are placed there (or who are served at all), or to the staff whose roles reach ' +
      'there. Everybody gets it once, within a quarter of an hour or, of many hundreds, as soon as may be; a mail says ' +
      'that something waits. Nobody sees who else got it, and nobody can answer to all.',
    tag: 'Messages',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/announcements',
    access: rolesThatMay('message:announce'),
    params: inOrganisation,
    body: z
      .strictObject({
        to: AnnouncedTo,
        readers: z.enum(readerships).default('families'),
        subject: Subject,
        text: MessageText,
      })
      .meta({ id: 'NewAnnouncement' }),
    success: { status: 201, body: SentAnnouncement },
    problems: ['group-not-found', 'department-not-found', 'too-many-requests'],
    needs: changingRecords,
    creates: true,
  },
  listSentAnnouncements: {
    summary: 'List the notices that have been sent',
    description: 'To what the role named reaches; the newest first, with how many got each.',
    tag: 'Messages',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/sent-announcements',
    access: rolesThatMay('message:announce'),
    params: inOrganisation,
    query: z.strictObject({ ...pageQuery }),
    success: { status: 200, body: page(SentAnnouncement) },
    problems: [],
    needs: reading,
  },
  listAnnouncements: {
    summary: 'List the notices that I got',
    description: 'The newest first.',
    tag: 'Messages',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/announcements',
    access: rolesThatMay('message:use'),
    params: inOrganisation,
    query: z.strictObject({ ...pageQuery }),
    success: { status: 200, body: page(Received) },
    problems: [],
    needs: reading,
  },
  markAnnouncementRead: {
    summary: 'Say that I have read a notice',
    tag: 'Messages',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/announcements/{announcementId}/read-mark',
    access: rolesThatMay('message:use'),
    params: inOrganisation.extend({ announcementId: MessageId }),
    success: { status: 204 },
    problems: ['announcement-not-found'],
    needs: changingRecords,
  },
} as const satisfies Routes;
