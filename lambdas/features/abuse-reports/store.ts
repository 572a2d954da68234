import { AbuseReportId, type OrganisationId, ThreadId } from '../../http/ids.ts';
import type { Pointer } from '../../platform/records.ts';
import { messageRef, threadRef } from '../messages/thread.ts';
import { queueNotice } from '../notices/notice.ts';
import { organisationRef } from '../organisations/organisation.ts';
import { ownerOf } from '../people/person.ts';
import { CONTROLLERS_TOLD_MAX, decidersOf, reachable } from '../requests/people-told.ts';
import { type AbuseReport, abuseReportKey, abuseReportRef } from './abuse-report.ts';
import type { AbuseReportStore } from './handlers.ts';

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
    const { records, now } = call;
    const organisation = await records.get(organisationRef(organisationId));
    const timeZone = organisation?.value.timeZone ?? 'UTC';
    const administrators = await decidersOf(records, organisationId, timeZone, now, ['administrator']);
    const toTell = (await reachable(records, organisationId, administrators)).slice(0, CONTROLLERS_TOLD_MAX);
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

const refOf = (organisationId: OrganisationId, { sk, attributes }: Pointer) =>
  abuseReportRef(organisationId, ThreadId.parse(attributes?.['threadId']), AbuseReportId.parse(sk));

/** Opens while the reporter lives, and only while the child does. */
const sharingOf = (organisationId: OrganisationId, { reportedBy, childId }: AbuseReport) =>
  ({
    holders: [ownerOf(organisationId, reportedBy)],
    opensWhile: 'any',
    about: [ownerOf(organisationId, childId)],
  }) as const;
