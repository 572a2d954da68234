import * as z from 'zod';
import { page, pageQuery } from '../../http/cursor.ts';
import { AbuseReportId, MessageId, ThreadId } from '../../http/ids.ts';
import { inOrganisation, ofPerson } from '../../http/params.ts';
import { type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { AbuseReport, abuseKinds, abuseOutcomes, Reason } from './abuse-report.ts';

const ofMessage = ofPerson.extend({ threadId: ThreadId, messageId: MessageId });
const ofReport = inOrganisation.extend({ abuseReportId: AbuseReportId });
const { id, messageId, receivedAt, kind, state } = AbuseReport.shape;
const AbuseReportView = AbuseReport.extend({ version: z.int().min(1) }).meta({ id: 'AbuseReport' });
const AbuseReportLine = z.strictObject({ id, receivedAt, kind, state }).meta({ id: 'AbuseReportLine' });

export const abuseReportRoutes = {
  reportMessage: {
    summary: 'Report a message as misuse',
    description:
      'By whoever may read it. The administrators get the message as it stands now, and nothing else of the conversation; ' +
      'they are told by mail that a report waits. Whoever wrote it learns nothing of it, an administrator neither: then the ' +
      'others handle it, or the privacy officer. Where there is no other, it is refused with `wrong-state`, and the data ' +
      'protection officer can be written to.',
    tag: 'Messages',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/people/{personId}/threads/{threadId}/messages/{messageId}/reports',
    access: rolesThatMay('thread:use'),
    params: ofMessage,
    body: z.strictObject({ kind: z.enum(abuseKinds), reason: Reason }).meta({ id: 'NewAbuseReport' }),
    success: {
      status: 201,
      body: z.strictObject({ id, messageId, receivedAt, state }).meta({ id: 'AbuseReportReceipt' }),
    },
    problems: ['thread-not-found', 'message-not-found', 'wrong-state', 'fresh-proof-required', 'forbidden-content'],
    needs: changingRecords,
    creates: true,
  },
  listAbuseReports: {
    summary: 'List reports of misuse',
    description:
      'The newest first. For administrators, without those about themselves; for privacy officers those about an administrator.',
    tag: 'Messages',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/abuse-reports',
    access: rolesThatMay('abuse-report:handle'),
    params: inOrganisation,
    query: z.strictObject({ ...pageQuery }),
    success: { status: 200, body: page(AbuseReportLine) },
    problems: [],
    needs: [...readingRecords, 'activity:append'],
    reads: 'abuse-reports',
  },
  getAbuseReport: {
    summary: 'Read a report of misuse',
    description: 'With the message that was reported, and nothing else of its conversation.',
    tag: 'Messages',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/abuse-reports/{abuseReportId}',
    access: rolesThatMay('abuse-report:handle'),
    params: ofReport,
    success: { status: 200, body: AbuseReportView },
    problems: ['abuse-report-not-found'],
    needs: [...readingRecords, 'activity:append'],
    reads: 'abuse-reports',
    versioned: true,
  },
  handleAbuseReport: {
    summary: 'Close a report of misuse',
    description: 'The one who reported is told by mail that it has been handled.',
    tag: 'Messages',
    method: 'PATCH',
    path: '/v1/organisations/{organisationId}/abuse-reports/{abuseReportId}',
    access: rolesThatMay('abuse-report:handle'),
    params: ofReport,
    body: z.strictObject({ outcome: z.enum(abuseOutcomes) }).meta({ id: 'AbuseReportOutcome' }),
    success: { status: 200, body: AbuseReportView },
    problems: ['abuse-report-not-found', 'wrong-state'],
    needs: changingRecords,
    versioned: true,
  },
} as const satisfies Routes;
