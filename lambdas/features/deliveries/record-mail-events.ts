import type { Call } from '../../http/call.ts';
import type { NoticeId } from '../../http/ids.ts';
import { errorName } from '../../platform/error-name.ts';
import type { JobPlace } from '../distribution/mail-tag.ts';
import { inLanes } from '../walks/in-lanes.ts';
import type { MailEvent } from './mail-events.ts';
import { recordNoticeEvents } from './record-notice-events.ts';
import { type JobReport, type NoReport, type NoticeReport, readReport } from './ses-event.ts';

/** A message of the queue, as Lambda hands it over. */
export interface QueueMessage {
  readonly messageId: string;
  readonly body: string;
}

/** What SES said of one mail of a job: its place there, and the address that it went to. */
export type JobMailEvent = JobPlace & MailEvent & { readonly address: string };

export interface MailEventsWorker {
  /** A fresh one for each notice: what was read for one must not be trusted for the next. */
  openCall(): Call;
  /** Records a whole batch, or throws: then all of it comes again. */
  recordJobEvents(events: readonly JobMailEvent[], call: Call): Promise<void>;
  /** One line for the log: codes and counts only. */
  log(line: { readonly event: string; readonly [detail: string]: string | number }): void;
}

/**
 * Records what SES says of our mails. Messages come at least once and in any order. Returns those that failed
 * (ReportBatchItemFailures): they come again, and after a few times lie among the dead letters.
 */
export async function recordMailEvents(
  messages: readonly QueueMessage[],
  worker: MailEventsWorker,
): Promise<{ batchItemFailures: { itemIdentifier: string }[] }> {
  const { ofNotices, ofJobs, unreadable, dropped } = sorted(messages);
  const failed = new Set<string>(unreadable);
  if (unreadable.length > 0) worker.log({ event: 'mail-events-unreadable', count: unreadable.length });
  for (const [kind, count] of dropped) worker.log({ event: 'mail-events-dropped', kind, count });

  const isDone = async (work: () => Promise<void>, ids: readonly string[]) => {
    try {
      await work();
    } catch (error) {
      // A message may hold an address; a name never does.
      worker.log({ event: 'mail-events-failed', count: ids.length, error: errorName(error) });
      for (const id of ids) failed.add(id);
    }
  };
  if (ofJobs.length > 0) {
    const events = ofJobs.map(({ report: { place, event, address } }) => ({ ...place, ...event, address }));
    const work = () => worker.recordJobEvents(events, worker.openCall());
    await isDone(
      work,
      ofJobs.map(({ messageId }) => messageId),
    );
  }
  let gone = 0;
  await inLanes(each(ofNotices), async ([noticeId, received]) => {
    const reports = received.map(({ report }) => report);
    await isDone(
      async () => {
        if ((await recordNoticeEvents(noticeId, reports, worker.openCall)) === 'gone') gone += reports.length;
      },
      received.map(({ messageId }) => messageId),
    );
  });
  if (gone > 0) worker.log({ event: 'mail-events-dropped', kind: 'no-notice', count: gone });
  return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })) };
}

interface Received<R> {
  readonly messageId: string;
  readonly report: R;
}

/** By the notice: what has come of one mail at once is recorded at once. */
function sorted(messages: readonly QueueMessage[]) {
  const ofNotices = new Map<NoticeId, Received<NoticeReport>[]>();
  const ofJobs: Received<JobReport>[] = [];
  const unreadable: string[] = [];
  const dropped = new Map<Exclude<NoReport, 'unreadable'>, number>();
  for (const { messageId, body } of messages) {
    const report = readReport(body);
    if (report === 'unreadable') unreadable.push(messageId);
    else if (typeof report === 'string') dropped.set(report, (dropped.get(report) ?? 0) + 1);
    else if ('place' in report) ofJobs.push({ messageId, report });
    else ofNotices.set(report.noticeId, [...(ofNotices.get(report.noticeId) ?? []), { messageId, report }]);
  }
  return { ofNotices, ofJobs, unreadable, dropped };
}

async function* each<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}
