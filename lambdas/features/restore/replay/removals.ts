import { chatEntity } from '../../chats/chat.ts';
import { correctionEntity, registerCorrectionEntity } from '../../corrections/correction.ts';
import { personDocumentEntity, sharedDocumentEntity } from '../../documents/document.ts';
import { geofenceEntity, sharedGeofenceEntity } from '../../geofences/geofence.ts';
import { guardianLinkEntity } from '../../people/person.ts';
import { receiverEntity } from '../../receivers/receiver.ts';
import { safetyDeviceEntity } from '../../safety-devices/safety-device.ts';
import {
  supportTicketEntity,
  supportTicketEntryEntity,
  ticketEntity,
  ticketEntryEntity,
} from '../../tickets/ticket.ts';
import { webhookEntity } from '../../webhooks/webhook.ts';

/** What goes when an event says that a record was taken away: the id that the event is about first stands in all of it. */
export interface Removed {
  /** First parts of sort keys in the subject's own partition. */
  readonly rows: readonly string[];
  /** The controller's lists in which rows name it. */
  readonly lists?: readonly string[];
  /** It lies in a partition of its own, which goes as a whole: what several share, or what has a key of its own. */
  readonly hasPartition?: true;
  /** The event by which the same is there again: ids of people return, those of things do not. */
  readonly undoneBy?: string;
}

/** Where an organisation finds what is its own and has a key: a chat of a stranger, a time sheet, a site. */
const DEPENDANT = 'SUBJECT';
const chat: Removed = { rows: [chatEntity.sortKey, DEPENDANT], lists: ['CHATS'] };

/**
 * What people, or terms, take away record by record while the key goes on: no ledger knows of it, but the activity log
 * does, which is never set back. By the names of its events.
 */
export const removals: Readonly<Record<string, Removed>> = {
  'chat.erased': chat,
  'chat.ended-by-term': chat,
  'correction.ended': {
    rows: [correctionEntity.sortKey, registerCorrectionEntity.sortKey],
    lists: ['CORRECTIONS'],
  },
  'document.removed': { rows: [sharedDocumentEntity.sortKey, personDocumentEntity.sortKey] },
  'geofence.removed': { rows: [geofenceEntity.sortKey] },
  'guardian.unlinked': { rows: [guardianLinkEntity.sortKey], undoneBy: 'guardian.linked' },
  'photo.removed': { rows: ['HELD', 'ABOUT'], hasPartition: true },
  'receiver.removed': { rows: [receiverEntity.sortKey], undoneBy: 'receiver.added' },
  'safety-device.removed': { rows: [safetyDeviceEntity.sortKey] },
  'shared-geofence.removed': { rows: [sharedGeofenceEntity.sortKey] },
  'site.ended': { rows: [DEPENDANT], lists: ['SITES'], hasPartition: true },
  'ticket.ended': {
    rows: [ticketEntity, ticketEntryEntity, supportTicketEntity, supportTicketEntryEntity].map(
      ({ sortKey }) => sortKey,
    ),
    lists: ['TICKETS', 'TICKET-NUMBERS', 'TICKETS-DUE'],
  },
  'timesheet.ended': { rows: [DEPENDANT], lists: ['TIMESHEETS'], hasPartition: true },
  'webhook.ended': { rows: [webhookEntity.sortKey] },
};
