import * as z from 'zod';
import { PersonId } from '../../http/ids.ts';
import { ofPerson } from '../../http/params.ts';
import { type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { RECEIVERS_MAX, Receiver } from './receiver.ts';

const ReceiverView = Receiver.extend({
  version: z.int(),
  name: z.string().optional().meta({ description: 'Absent where it is closed.' }),
}).meta({ id: 'Receiver' });

const { personId, rights, hours, channels, place } = Receiver.shape;
const ReceiverFields = z.strictObject({ rights, hours, channels, place }).meta({ id: 'ReceiverFields' });
const NewReceiver = z.strictObject({ personId, rights, hours, channels, place }).meta({ id: 'NewReceiver' });

const ofReceiver = ofPerson.extend({ receiverId: PersonId });

export const receiverRoutes = {
  listReceivers: {
    summary: 'List who receives a service recipient’s alarms or may see where they are',
    description:
      'In their order, with rights and hours. The recipient and those who care for them see all; a relative their own entry. ' +
      'Whoever has no role in force there, is linked no more, or is kept away by a block receives nothing while that lasts.',
    tag: 'Safety',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/people/{personId}/receivers',
    access: rolesThatMay('receiver:read'),
    params: ofPerson,
    success: {
      status: 200,
      body: z.strictObject({ items: z.array(ReceiverView).max(RECEIVERS_MAX) }).meta({ id: 'Receivers' }),
    },
    problems: [],
    needs: [...readingRecords, 'activity:append'],
    reads: 'receivers',
  },
  addReceiver: {
    summary: 'Let somebody receive a service recipient’s alarms, or see where they are',
    description: `A carer with a role in force there, or a relative who is linked. At most ${RECEIVERS_MAX}.`,
    tag: 'Safety',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/people/{personId}/receivers',
    access: rolesThatMay('receiver:manage'),
    params: ofPerson,
    body: NewReceiver,
    success: { status: 201, body: ReceiverView },
    problems: ['not-a-service-recipient', 'may-not-receive', 'wrong-state', 'too-many'],
    needs: changingRecords,
    creates: true,
  },
  changeReceiver: {
    summary: 'Change the rights, hours, channels or place of a receiver',
    tag: 'Safety',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/people/{personId}/receivers/{receiverId}',
    access: rolesThatMay('receiver:manage'),
    params: ofReceiver,
    body: ReceiverFields,
    success: { status: 200, body: ReceiverView },
    problems: ['receiver-not-found'],
    needs: changingRecords,
    versioned: true,
  },
  removeReceiver: {
    summary: 'Let somebody receive nothing any more',
    tag: 'Safety',
    method: 'DELETE',
    path: '/v1/organisations/{organisationId}/people/{personId}/receivers/{receiverId}',
    access: rolesThatMay('receiver:manage'),
    params: ofReceiver,
    success: { status: 204 },
    problems: ['receiver-not-found'],
    needs: changingRecords,
    versioned: true,
  },
} as const satisfies Routes;
