import * as z from 'zod';
import { page, pageQuery } from '../../http/cursor.ts';
import { AccountId, PersonId } from '../../http/ids.ts';
import { inOrganisation, ofPerson } from '../../http/params.ts';
import { account, type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { Notice, noticeStates } from '../notices/notice.ts';
import { PersonRecord } from '../people/person.ts';
import { COUNTED_MAX, NoticeStatus, OwnUndeliverableAddress, SentNotice } from './delivery.ts';

const reading = [...readingRecords, 'transient:read', 'activity:append'] as const;

/** The account, and the persons that it is. */
const OWN_ADDRESSES_MAX = 21;

const { kind, firstName, lastName } = PersonRecord.shape;
const UndeliverableAddress = z
  .strictObject({
    personId: PersonId,
    kind,
    firstName,
    lastName,
    address: z.string().max(254),
    since: z.iso.datetime(),
  })
  .meta({ id: 'UndeliverableAddress' });

export const deliveryRoutes = {
  listNoticesAbout: {
    summary: 'See what became of what was sent about something',
    description:
      'Of what the caller caused, such as an announcement; administrators see it of everybody. The first page counts the ' +
      `states of all notices about it, of ${COUNTED_MAX} at most. Who got one is named where the caller may see the person.`,
    tag: 'Notices',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/notices',
    access: rolesThatMay('notice:follow'),
    params: inOrganisation,
    query: z.strictObject({
      ...pageQuery,
      about: Notice.shape.about
        .unwrap()
        .meta({ description: 'The id of what it is about.', examples: ['msg_01jd8m3v5c2w7x9y4z6a8b0c1d'] }),
    }),
    success: {
      status: 200,
      body: page(SentNotice).extend({
        counts: z
          .strictObject({
            states: z.array(z.strictObject({ state: z.enum(noticeStates), count: z.int().min(1) })),
            /** False when there are more than were counted. */
            isWhole: z.boolean(),
          })
          .optional(),
      }),
    },
    problems: ['notices-not-found'],
    needs: reading,
    reads: 'notices',
  },
  listPersonNotices: {
    summary: 'See what was sent to a person, and what became of it',
    description:
      'The newest first, for one year; never what it said. The management does not see word of messages between people, ' +
      'and leaders not of requests about rights. A page may hold fewer than `limit`; there is more as long as there is a `next`.',
    tag: 'Notices',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/people/{personId}/notices',
    access: rolesThatMay('notice:read'),
    params: ofPerson,
    query: z.strictObject({ ...pageQuery }),
    success: {
      status: 200,
      body: page(NoticeStatus).extend({
        undeliverableSince: z.iso
          .datetime()
          .optional()
          .meta({ description: 'Mail to the present address has come back: none is sent there.' }),
      }),
    },
    problems: ['person-not-found'],
    needs: reading,
    reads: 'notices',
  },
  listUndeliverableAddresses: {
    summary: 'List the people whose e-mail address cannot be reached',
    description:
      'Mail has come back from there, or is not wanted there, so none is sent. A corrected address lifts it, and so does ' +
      'the person. Whoever a block keeps from the caller is left out; a page may hold fewer than `limit`.',
    tag: 'Notices',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/undeliverable-addresses',
    access: rolesThatMay('undeliverable:read'),
    params: inOrganisation,
    query: z.strictObject({ ...pageQuery }),
    success: { status: 200, body: page(UndeliverableAddress) },
    problems: [],
    needs: reading,
    reads: 'people',
  },
} as const satisfies Routes;

export const myDeliveryRoutes = {
  listMyNotices: {
    summary: 'See what was sent to my account, and what became of it',
    description:
      'The newest first, for one year. What an organisation sent is listed there, under the person that you are.',
    tag: 'Notices',
    method: 'GET',
    path: '/v1/me/notices',
    access: account,
    query: z.strictObject({ ...pageQuery }),
    success: { status: 200, body: page(NoticeStatus) },
    problems: [],
    needs: reading,
  },
} as const satisfies Routes;

export const ownAddressRoutes = {
  listMyUndeliverableAddresses: {
    summary: 'See which of my addresses get no more mail',
    description: 'Mail came back from there, or was reported as unwanted.',
    tag: 'Notices',
    method: 'GET',
    path: '/v1/me/undeliverable-addresses',
    access: account,
    success: {
      status: 200,
      body: z.strictObject({ items: z.array(OwnUndeliverableAddress).max(OWN_ADDRESSES_MAX) }),
    },
    problems: [],
    needs: reading,
    withOwnPersons: true,
  },
  resumeMail: {
    summary: 'Say that my address works again',
    description: 'Mail is sent there again. If it comes back once more, it is stopped once more.',
    tag: 'Notices',
    method: 'DELETE',
    path: '/v1/me/undeliverable-addresses/{ownerId}',
    access: account,
    params: z.strictObject({
      ownerId: z
        .union([AccountId, PersonId])
        .meta({ description: 'As in the list: the account, or a person of mine.' }),
    }),
    success: { status: 204 },
    problems: ['undeliverable-address-not-found'],
    needs: [...changingRecords, 'suppression:lift'],
    withOwnPersons: true,
  },
} as const satisfies Routes;
