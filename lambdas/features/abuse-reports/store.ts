import type { Call } from '../../http/call.ts';
import { AbuseReportId, type OrganisationId, ThreadId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { Pointer } from '../../platform/records.ts';
import { messageRef, threadRef } from '../messages/thread.ts';
import { queueNotice } from '../notices/notice.ts';
import { ownerOf } from '../people/person.ts';
import { CONTROLLERS_TOLD_MAX, reachable } from '../requests/people-told.ts';
import { type AbuseReport, abuseReportKey, abuseReportRef } from './abuse-report.ts';
import type { AbuseReportStore } from './handlers.ts';
import { holdersOf } from './impartial.ts';

export const abuseReportStore: AbuseReportStore = {
  async message(organisationId, threadId, messageId, { records }) {
    const [thread, message] = await Promise.all([
      records.getShared(threadRef(organisationId, threadId)),
      records.getShared(messageRef(organisationId, threadId, messageId)),
    ]);
    if (!thread) return undefined;
    return { thread: thread.value, message: message?.value };
  },

  async receive(organisationId, report, call, answer) {
    const { records } = call;
    const toTell = (await reachable(records, organisationId, await handlersOf(organisationId, report, call))).slice(
      0,
      CONTROLLERS_TOLD_MAX,
    );
    const reporter = ownerOf(organisationId, report.reportedBy);
    const change = records
      .change()
      .putShared(
        abuseReportRef(organisationId, report.threadId, report.id),
        report,
        sharingOf(organisationId, report),
        'new',
      )
      .point({ ...abuseReportKey(organisationId, report.id), attributes: { threadId: report.threadId } });
    for (const id of toTell) {
      const to = ownerOf(organisationId, id);
      queueNotice(change, { to, template: 'abuse-reported', parameters: {}, about: report.id }, call);
    }
    return change
      .activity({
        event: 'abuse-report.received',
        subject: reporter,
        about: [report.id],
        detail: { kind: report.kind },
      })
      .commit(answer);
  },

  async list(organisationId, { limit, after }, { records }) {
    const { table, pk } = abuseReportKey(organisationId, '');
    const range = { limit, newestFirst: true, ...(after !== undefined && { after }) };
    const { items, next } = await records.pointers(table, pk, range);
    const stored = await records.getManyShared(items.map((pointer) => refOf(organisationId, pointer)));
    return {
      reports: stored.flatMap((one) => (one ? [one.value] : [])),
      ...(next !== undefined && { next }),
    };
  },

  async find(organisationId, id, { records }) {
    const [pointer] = await records.pointersAt([abuseReportKey(organisationId, id)]);
    return pointer && records.getShared(refOf(organisationId, pointer));
  },

  async areAboutAdministrators(organisationId, reports, call) {
    const writers = reports.map(({ message }) => message.by);
    const administrators = await holdersOf('administrator', organisationId, writers, call);
    return writers.map(administrators.isOneOf);
  },

  async handle(organisationId, before, after, call) {
    const reporter = ownerOf(organisationId, after.reportedBy);
    const change = call.records
      .change()
      .putShared(before.ref, after, sharingOf(organisationId, after), { version: before.version });
    queueNotice(change, { to: reporter, template: 'abuse-report-handled', parameters: {}, about: after.id }, call);
    await change
      .activity({
        event: 'abuse-report.handled',
        subject: reporter,
        about: [after.id],
        detail: { outcome: after.handled?.outcome ?? '' },
      })
      .commit();
  },
};

/** The administrators, without the one whom it is about; where that was the only one, the privacy officers. */
async function handlersOf(organisationId: OrganisationId, { message }: AbuseReport, call: Call) {
  for (const role of ['administrator', 'privacy-officer'] as const) {
    const found = (await holdersOf(role, organisationId, [message.by], call)).impartial(message.by);
    if (found.length > 0) return found;
  }
  throw new Problem('wrong-state', NOBODY_TO_HANDLE);
}
const NOBODY_TO_HANDLE =
  'Nobody in the organisation could handle it but the one whom it is about, so nothing was stored. Write to the data ' +
  'protection officer, whom the organisation does not read (`POST /v1/me/data-protection-officer/messages`).';

const refOf = (organisationId: OrganisationId, { sk, attributes }: Pointer) =>
  abuseReportRef(organisationId, ThreadId.parse(attributes?.['threadId']), AbuseReportId.parse(sk));

/** Opens while the reporter lives, and only while the child does. */
const sharingOf = (organisationId: OrganisationId, { reportedBy, childId }: AbuseReport) =>
  ({
    holders: [ownerOf(organisationId, reportedBy)],
    opensWhile: 'any',
    about: [ownerOf(organisationId, childId)],
  }) as const;
