import * as z from 'zod';
import { page, pageQuery } from '../../http/cursor.ts';
import { EnquiryId } from '../../http/ids.ts';
import { inOrganisation } from '../../http/params.ts';
import { type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { EnquiryText } from '../forms/form.ts';
import { Enquiry } from './enquiry.ts';

const ofEnquiry = inOrganisation.extend({ enquiryId: EnquiryId });
const { id, name, state, receivedAt } = Enquiry.shape;
const EnquiryLine = z.strictObject({ id, name, state, receivedAt }).meta({ id: 'EnquiryLine' });
const EnquiryView = z
  .strictObject({ ...Enquiry.shape, email: z.email().optional() })
  .meta({ id: 'Enquiry', description: '`dueAt`: when it is erased at the latest.' });
const reading = [...readingRecords, 'rights:read', 'activity:append'] as const;

/** For staff: what people outside the organisation have asked it (KP-03). */
export const enquiryRoutes = {
  listEnquiries: {
    summary: 'List enquiries',
    description: 'The newest first. Only those whose writer has confirmed the address.',
    tag: 'Enquiries',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/enquiries',
    access: rolesThatMay('enquiry:read'),
    params: inOrganisation,
    query: z.strictObject({ ...pageQuery }),
    success: { status: 200, body: page(EnquiryLine) },
    problems: [],
    needs: reading,
    reads: 'enquiries',
  },
  getEnquiry: {
    summary: 'Read an enquiry',
    tag: 'Enquiries',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/enquiries/{enquiryId}',
    access: rolesThatMay('enquiry:read'),
    params: ofEnquiry,
    success: { status: 200, body: EnquiryView },
    problems: ['enquiry-not-found'],
    needs: reading,
    reads: 'enquiries',
  },
  answerEnquiry: {
    summary: 'Answer an enquiry',
    description:
      'A mail says that an answer waits; it is read on a page that the link in the mail opens, and can be answered there.',
    tag: 'Enquiries',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/enquiries/{enquiryId}/answers',
    access: rolesThatMay('enquiry:answer'),
    params: ofEnquiry,
    body: z.strictObject({ text: EnquiryText }).meta({ id: 'NewEnquiryAnswer' }),
    // Kept for a day to be given again: nothing of whoever asked is in it.
    success: { status: 201, body: z.strictObject({ id, state }).meta({ id: 'EnquiryAnswered' }) },
    problems: ['enquiry-not-found', 'wrong-state', 'too-many', 'forbidden-content'],
    needs: [...changingRecords, 'rights:read'],
    creates: true,
  },
  closeEnquiry: {
    summary: 'Close an enquiry',
    description: 'It can be read for 30 days more and is then erased.',
    tag: 'Enquiries',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/enquiries/{enquiryId}/state',
    access: rolesThatMay('enquiry:answer'),
    params: ofEnquiry,
    body: z.strictObject({ state: z.literal('closed') }).meta({ id: 'EnquiryStateChange' }),
    success: { status: 200, body: EnquiryView },
    problems: ['enquiry-not-found', 'wrong-state'],
    needs: [...changingRecords, 'rights:read'],
  },
} as const satisfies Routes;
