import * as z from 'zod';
import { page, pageQuery } from '../../http/cursor.ts';
import { MessageId } from '../../http/ids.ts';
import { inOrganisation } from '../../http/params.ts';
import { type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import {
  FOUND_MAX,
  FoundMessage,
  InboxView,
  MessageSearch,
  SEARCHED_MESSAGES_MAX,
  SEARCHED_THREADS_MAX,
} from './box.ts';
import { DRAFTS_MAX, Draft, DraftContent } from './draft.ts';
import { OutOfOffice } from './out-of-office.ts';
import { ThreadSummary } from './views.ts';

const Version = z.int().min(1).meta({ description: 'The version that `If-Match` takes.' });
const DraftView = Draft.extend({ version: Version }).meta({ id: 'Draft' });
const OutOfOfficeView = OutOfOffice.extend({ version: Version }).meta({ id: 'OwnOutOfOffice' });
const ofDraft = inOrganisation.extend({ draftId: MessageId });
const reading = [...readingRecords, 'activity:append'] as const;

const drafts = '/v1/organisations/{organisationId}/message-drafts';
const outOfOffice = '/v1/organisations/{organisationId}/out-of-office';

/** What is one’s own: the lists, the search, drafts, and word that one is away. */
export const boxRoutes = {
  listThreads: {
    summary: 'List my conversations',
    description:
      'Those that the role named takes part in, about children within its reach; what was last written first. Subjects ' +
      'of sensitive ones are shown after a sign-in of the last five minutes.',
    tag: 'Messages',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/threads',
    access: rolesThatMay('message:use'),
    params: inOrganisation,
    query: z.strictObject({ ...pageQuery, archived: z.enum(['true', 'false']).default('false') }),
    success: { status: 200, body: page(ThreadSummary) },
    problems: [],
    needs: reading,
    reads: 'messages',
  },
  getInbox: {
    summary: 'Read what waits for me',
    description: 'Ids and instants: nothing of what is written. At most the 200 newest are counted.',
    tag: 'Messages',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/inbox',
    access: rolesThatMay('message:use'),
    params: inOrganisation,
    success: { status: 200, body: InboxView },
    problems: [],
    needs: reading,
  },
  searchMessages: {
    summary: 'Search in my conversations',
    description:
      `All words, in any order, in the ${SEARCHED_MESSAGES_MAX} newest messages of the ${SEARCHED_THREADS_MAX} newest ` +
      'conversations. Letter case and accents do not count; æ, ø and å are letters of their own. By POST, so that what ' +
      'is searched for stands in no address and no log. Sensitive ones after a sign-in of the last five minutes.',
    tag: 'Messages',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/message-searches',
    access: rolesThatMay('message:use'),
    params: inOrganisation,
    body: MessageSearch,
    success: { status: 200, body: z.strictObject({ items: z.array(FoundMessage).max(FOUND_MAX), more: z.boolean() }) },
    problems: [],
    needs: reading,
    reads: 'messages',
  },
  createDraft: {
    summary: 'Keep a draft',
    description: `Yours alone. At most ${DRAFTS_MAX}.`,
    tag: 'Messages',
    method: 'POST',
    path: drafts,
    access: rolesThatMay('message:use'),
    params: inOrganisation,
    body: DraftContent,
    success: { status: 201, body: DraftView },
    problems: ['too-many'],
    needs: changingRecords,
    creates: true,
    versioned: true,
  },
  listDrafts: {
    summary: 'List my drafts',
    tag: 'Messages',
    method: 'GET',
    path: drafts,
    access: rolesThatMay('message:use'),
    params: inOrganisation,
    success: { status: 200, body: z.strictObject({ items: z.array(DraftView).max(DRAFTS_MAX) }) },
    problems: [],
    needs: reading,
  },
  changeDraft: {
    summary: 'Change a draft',
    tag: 'Messages',
    method: 'PUT',
    path: `${drafts}/{draftId}`,
    access: rolesThatMay('message:use'),
    params: ofDraft,
    body: DraftContent,
    success: { status: 200, body: DraftView },
    problems: ['draft-not-found'],
    needs: changingRecords,
    versioned: true,
  },
  removeDraft: {
    summary: 'Throw a draft away',
    tag: 'Messages',
    method: 'DELETE',
    path: `${drafts}/{draftId}`,
    access: rolesThatMay('message:use'),
    params: ofDraft,
    success: { status: 204 },
    problems: ['draft-not-found'],
    needs: changingRecords,
    versioned: true,
  },
  getOutOfOffice: {
    summary: 'Read whether I am away',
    description: 'Where nothing has been said, `period` is absent; `version` is what a first PUT takes.',
    tag: 'Messages',
    method: 'GET',
    path: outOfOffice,
    access: rolesThatMay('message:use'),
    params: inOrganisation,
    success: {
      status: 200,
      body: z.strictObject({ period: OutOfOffice.optional(), version: Version }).meta({ id: 'OutOfOfficeStanding' }),
    },
    problems: [],
    needs: reading,
    versioned: true,
  },
  setOutOfOffice: {
    summary: 'Say that I am away',
    description: 'Whoever writes to a member of staff who is away sees it then. Nothing is ever answered by itself.',
    tag: 'Messages',
    method: 'PUT',
    path: outOfOffice,
    access: rolesThatMay('message:use'),
    params: inOrganisation,
    body: OutOfOffice,
    success: { status: 200, body: OutOfOfficeView },
    problems: [],
    needs: changingRecords,
    versioned: true,
  },
  endOutOfOffice: {
    summary: 'Say that I am back',
    tag: 'Messages',
    method: 'DELETE',
    path: outOfOffice,
    access: rolesThatMay('message:use'),
    params: inOrganisation,
    success: { status: 204 },
    problems: [],
    needs: changingRecords,
    versioned: true,
  },
} as const satisfies Routes;
