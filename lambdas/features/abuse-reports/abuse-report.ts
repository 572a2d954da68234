import * as z from 'zod';
import { freeText } from '../../http/free-text.ts';
import { AbuseReportId, MessageId, type OrganisationId, PersonId, ThreadId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { entity } from '../../platform/entity.ts';
import type { PointerKey } from '../../platform/records.ts';
import { TEXT_CHARACTERS_MAX, threadOwner } from '../messages/thread.ts';

const REASON_CHARACTERS_MAX = 1_000;
const Instant = z.iso.datetime();

export const abuseKinds = ['harassment', 'threat', 'hate', 'sexual', 'private-information', 'spam', 'other'] as const;
export const abuseOutcomes = ['no-misuse', 'talked-to', 'access-ended', 'reported-to-police'] as const;
export const Reason = freeText({ max: REASON_CHARACTERS_MAX }).min(1);

/**
 * A message that somebody reported as misuse (CE-08), with the message as it stood then: whoever handles it reads that and
 * nothing else of the conversation. It lies with the conversation, about the same child, under a share that the reporter
 * alone holds: it goes with either of them.
 */
export const AbuseReport = z.strictObject({
  id: AbuseReportId,
  threadId: ThreadId,
  messageId: MessageId,
  childId: PersonId,
  reportedBy: PersonId,
  receivedAt: Instant,
  kind: z.enum(abuseKinds),
  reason: z.string().max(REASON_CHARACTERS_MAX),
  message: z.strictObject({ by: PersonId, at: Instant, text: z.string().max(TEXT_CHARACTERS_MAX).optional() }),
  state: z.enum(['received', 'handled']),
  handled: z.strictObject({ by: PersonId, at: Instant, outcome: z.enum(abuseOutcomes) }).optional(),
});
export type AbuseReport = z.output<typeof AbuseReport>;

/** As it stands in the reporter’s copy: not who handled it. */
export const AbuseReportCopy = AbuseReport.pick({
  id: true,
  messageId: true,
  receivedAt: true,
  kind: true,
  reason: true,
  state: true,
}).extend({ outcome: z.enum(abuseOutcomes).optional(), handledAt: Instant.optional() });
export const abuseReportCopy = (report: AbuseReport): z.output<typeof AbuseReportCopy> => {
  const { id, messageId, receivedAt, kind, reason, state, handled } = report;
  const closing = handled && { outcome: handled.outcome, handledAt: handled.at };
  return { id, messageId, receivedAt, kind, reason, state, ...closing };
};

export const abuseReportEntity = entity({
  name: 'abuse-report',
  table: 'core',
  sortKey: 'ABUSE-REPORT',
  schema: AbuseReport,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to stop misuse of messages',
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: 'data-subject',
  retentionClass: 'daily-life',
  exported: 'copy',
  onErasure: 'delete',
});

export const abuseReportRef = (organisationId: OrganisationId, threadId: ThreadId, id: AbuseReportId) =>
  ({ entity: abuseReportEntity, owner: threadOwner(organisationId, threadId), key: id }) as const;

/** `<org>#ABUSE-REPORTS` / `<abr>`: all of an organisation. Attribute: `threadId`, where it lies. */
export const abuseReportKey = (organisationId: OrganisationId, id: AbuseReportId | '') =>
  ({ table: 'core', pk: `${organisationId}#ABUSE-REPORTS`, sk: id }) as const satisfies PointerKey;

/** Closes a report. Throws `wrong-state`. Pure. */
export function handledReport(
  report: AbuseReport,
  by: PersonId,
  outcome: (typeof abuseOutcomes)[number],
  now: Date,
): AbuseReport {
  if (report.state === 'handled') throw new Problem('wrong-state', 'It has been handled already.');
  return { ...report, state: 'handled', handled: { by, at: now.toISOString(), outcome } };
}
