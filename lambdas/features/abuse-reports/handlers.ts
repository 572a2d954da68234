import { type Call, personIdsOf } from '../../http/call.ts';
import { decodeCursor, encodeCursor, type List } from '../../http/cursor.ts';
import { AbuseReportId, type MessageId, type OrganisationId, type ThreadId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { Stored } from '../../platform/records.ts';
import { demandFreshProof } from '../access/admit.ts';
import { isStaffSide, mayRead, participantIn, type Thread, type ThreadMessage } from '../messages/thread.ts';
import { type AbuseReport, type abuseReportEntity, handledReport } from './abuse-report.ts';
import type { abuseReportRoutes } from './routes.ts';

export type StoredReport = Stored<typeof abuseReportEntity>;

export interface AbuseReportStore {
  /** Two waves. */
  message(
    organisationId: OrganisationId,
    threadId: ThreadId,
    messageId: MessageId,
    call: Call,
  ): Promise<{ readonly thread: Thread; readonly message: ThreadMessage | undefined } | undefined>;
  /**
   * Tells the administrators, and never the one whom it is about. Throws `wrong-state` where nobody else could handle it.
   */
  receive<A>(organisationId: OrganisationId, report: AbuseReport, call: Call, answer: A): Promise<A>;
  /** Newest first. */
  list(
    organisationId: OrganisationId,
    range: { readonly limit: number; readonly after?: string },
    call: Call,
  ): Promise<{ readonly reports: readonly AbuseReport[]; readonly next?: string }>;
  find(organisationId: OrganisationId, id: AbuseReportId, call: Call): Promise<StoredReport | undefined>;
  /** Which of them are about a message that somebody wrote who administers the organisation; three round trips. */
  areAboutAdministrators(
    organisationId: OrganisationId,
    reports: readonly AbuseReport[],
    call: Call,
  ): Promise<readonly boolean[]>;
  /** Tells the reporter. Throws `StaleVersion`. */
  handle(organisationId: OrganisationId, before: StoredReport, after: AbuseReport, call: Call): Promise<void>;
}

export const abuseReportHandlers = (store: AbuseReportStore): HandlersFor<typeof abuseReportRoutes, Call> => ({
  async reportMessage({ params, body }, call) {
    const { organisationId, personId: childId, threadId, messageId } = params;
    const { personId, role } = call.role!;
    const found = await store.message(organisationId, threadId, messageId, call);
    const me = found?.thread.childId === childId ? participantIn(found.thread, personId) : undefined;
    // Whoever takes no part in it does not learn that it is there.
    if (!found || !me || isStaffSide(me) !== (role === 'leader' || role === 'staff')) {
      throw new Problem('thread-not-found');
    }
    if (found.thread.isSensitive) demandFreshProof(call.account!, call.now);
    const { message } = found;
    if (!message || !mayRead(message, personId)) throw new Problem('message-not-found');
    if (message.by === personId) throw new Problem('wrong-state', 'It is your own: take it back instead.');
    const { by, at, text } = message;
    const report: AbuseReport = {
      id: call.newId('abr'),
      ...{ threadId, messageId, childId, ...body },
      reportedBy: personId,
      receivedAt: call.now.toISOString(),
      message: { by, at, ...(text !== undefined && { text }) },
      state: 'received',
    };
    const { id, receivedAt, state } = report;
    return store.receive(organisationId, report, call, { id, messageId, receivedAt, state });
  },

  async listAbuseReports({ params: { organisationId }, query: { cursor, limit } }, call) {
    const list: List = { name: 'abuse-reports', filter: {} };
    const after = cursor === undefined ? undefined : decodeCursor(list, cursor, AbuseReportId);
    const page = await store.list(organisationId, { limit, ...(after !== undefined && { after }) }, call);
    const reports = await handledBy(page.reports, organisationId, call, store);
    return {
      items: reports.map(({ id, receivedAt, kind, state }) => ({ id, receivedAt, kind, state })),
      ...(page.next !== undefined && { next: encodeCursor(list, page.next) }),
    };
  },

  async getAbuseReport({ params }, call) {
    const { value, version } = await existing(store, params, call);
    return { ...value, version };
  },

  async handleAbuseReport({ params, body, ifMatch }, call) {
    const before = await existing(store, params, call);
    if (before.version !== ifMatch) throw new Problem('stale-version');
    const after = handledReport(before.value, call.role!.personId, body.outcome, call.now);
    await store.handle(params.organisationId, before, after, call);
    return { ...after, version: before.version + 1 };
  },
});

async function existing(
  store: AbuseReportStore,
  { organisationId, abuseReportId }: { readonly organisationId: OrganisationId; readonly abuseReportId: AbuseReportId },
  call: Call,
): Promise<StoredReport> {
  const stored = await store.find(organisationId, abuseReportId, call);
  const [handled] = stored ? await handledBy([stored.value], organisationId, call, store) : [];
  if (!stored || !handled) throw new Problem('abuse-report-not-found');
  return stored;
}

/**
 * Those that are the caller's to handle. Whoever wrote the message does not learn that it was reported, nor by whom, in
 * whatever role they ask; the privacy officer handles what is about an administrator, and reads no other.
 */
async function handledBy(
  reports: readonly AbuseReport[],
  organisationId: OrganisationId,
  call: Call,
  store: AbuseReportStore,
): Promise<readonly AbuseReport[]> {
  const own = personIdsOf(call.role!);
  const others = reports.filter(({ message }) => !own.includes(message.by));
  if (call.role!.role !== 'privacy-officer' || others.length === 0) return others;
  const areTheirs = await store.areAboutAdministrators(organisationId, others, call);
  return others.filter((_, i) => areTheirs[i]);
}
