import * as z from 'zod';
import type { RoleName } from '../../access/roles.ts';
import { type OrganisationId, PersonId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import type { PointerKey } from '../../platform/records.ts';
import { channels } from '../notices/notice.ts';
import { ownerOf } from '../people/person.ts';
import { WeeklyHours } from './weekly-hours.ts';

/** Receivers of one service recipient: a chain of more helps nobody. */
export const RECEIVERS_MAX = 20;

/** Somebody who is told of a recipient's alarms, may see where the recipient is, or both. */
export const Receiver = z.strictObject({
  personId: PersonId,
  /** A carer works for the organisation; a relative is linked to the recipient. */
  as: z.enum(['carer', 'relative']),
  rights: z.enum(['alarms', 'positions', 'both']),
  /** In the organisation's zone; absent: always. */
  hours: WeeklyHours.optional(),
  channels: z.array(z.enum(channels)).min(1).max(channels.length),
  /** The lowest comes first. */
  place: z.int().min(1).max(RECEIVERS_MAX),
});
export type Receiver = z.output<typeof Receiver>;

/**
 * In the recipient's partition, under the receiver's id. Of a class that no restriction closes (Art. 18(2): to protect a
 * person): whoever has their data restricted is helped all the same.
 */
export const receiverEntity = entity({
  name: 'receiver',
  table: 'core',
  sortKey: 'RECEIVER',
  schema: Receiver,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to know who is told when a service recipient needs help, and who may see where they are',
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: 'controller',
  retentionClass: 'membership',
  exported: 'copy',
  onErasure: 'delete',
});

export const receiverRef = (organisationId: OrganisationId, recipientId: PersonId, receiverId: PersonId) =>
  ({ entity: receiverEntity, owner: ownerOf(organisationId, recipientId), key: receiverId }) as const;

/** From a receiver to whom they receive for: an erasure finds the record here. */
export const receivesPointer = (
  organisationId: OrganisationId,
  receiverId: PersonId,
  recipientId: PersonId,
): PointerKey => ({ table: 'core', pk: `${organisationId}#${receiverId}`, sk: `RECEIVES#${recipientId}` });

export const mayReceiveAlarms = ({ rights }: Receiver): boolean => rights !== 'positions';
export const maySeePositions = ({ rights }: Receiver): boolean => rights !== 'alarms';

/**
 * As what somebody is a receiver in the role that their request names: what they hold beside it counts for nothing (FW-07).
 * That the role is in force there, or the link, has been decided before. Pure.
 */
export function standsAs(role: RoleName): Receiver['as'] | undefined {
  if (role === 'guardian') return 'relative';
  return role === 'staff' || role === 'leader' ? 'carer' : undefined;
}
