import type { Call } from '../../http/call.ts';
import type { NoticeId } from '../../http/ids.ts';
import type { Owner } from '../../platform/entity.ts';
import { Busy, type Change, Closed, StaleVersion } from '../../platform/records.ts';
import { dueKey, keptUntil, type Notice, noticeRef } from '../notices/notice.ts';
import {
  asksWhoseAddress,
  isNews,
  listedAs,
  stopMailTo,
  type UndeliverableAddress,
  undeliverableAddressRef,
} from '../notices/undeliverable.ts';
import { eventPointer, eventsOf, type MailEvent, mailKey } from './mail-events.ts';
import { outcomeOf, settled, stopsMail } from './outcome.ts';
import type { Report } from './ses-event.ts';
import { tellAdministrators } from './tell-administrators.ts';

/** Others may move the notice meanwhile: the outbox, or another event of the same mail. */
const RACES_MAX = 10;

/** `known`: nothing of it was new. `gone`: no such notice, or its recipient has been erased. */
type Recorded = 'recorded' | 'known' | 'gone';

/**
 * Records what SES has said of a notice's mail, in one transaction: the events, the notice's state, and that its address
 * gets no more mail. The same again changes nothing, in no order; cut off anywhere, it is done again as a whole.
 */
export async function recordNoticeEvents(
  noticeId: NoticeId,
  reports: readonly Report[],
  openCall: () => Call,
): Promise<Recorded> {
  for (let race = 0; race < RACES_MAX; race++) {
    const recorded = await tryToRecord(noticeId, reports, openCall());
    if (recorded !== 'outrun') return recorded;
  }
  throw new Busy('The notice kept changing');
}

async function tryToRecord(noticeId: NoticeId, reports: readonly Report[], call: Call): Promise<Recorded | 'outrun'> {
  const { records } = call;
  const [pointer] = await records.pointersAt([mailKey(noticeId)]);
  if (!pointer) return 'gone';
  const { controller, subject } = pointer.attributes ?? {};
  // Written by whoever queues or claims a notice, and by nobody else.
  const owner = { controller, subject } as Owner;
  const stored = await records.get(noticeRef(owner, noticeId));
  if (!stored) return 'gone';
  const { value: notice } = stored;
  // After the notice, never beside it: then no event is missing that its version has been written with.
  const known = await eventsOf(records, noticeId);

  const fresh = notYetKnown(reports, known);
  const [first] = fresh;
  if (!first || fresh.every(({ event }) => isSaidAlready(notice, event))) return 'known';
  const events = [...known, ...fresh.map(({ event }) => event)];
  const after = settled(notice, events, first);

  const stop = asksWhoseAddress(notice) ? undefined : stopIn(fresh);
  const listed = stop && listedAs(owner);
  // Told first: cut off in between, this is all done again, and they are told only once anyway.
  if (listed && owner.controller !== 'operator') await tellAdministrators(owner.controller, call);

  const expiresAtEpochSeconds = keptUntil(notice.createdAt);
  const change = records.change().put(stored.ref, after, { version: stored.version }, { expiresAtEpochSeconds });
  if (notice.dueAt !== undefined) change.unpoint(dueKey(noticeId, notice.dueAt));
  for (const { event } of fresh) change.point(eventPointer(noticeId, event, expiresAtEpochSeconds));
  change.activity({
    event: happenedTo(events),
    subject: owner,
    about: [noticeId],
    detail: { events: fresh.map(({ event }) => event.type).join(' ') },
  });
  if (stop) await putStop(change, owner, stop, call);
  return commit(change);
}

/** Each once, also when a batch holds it twice. */
function notYetKnown(reports: readonly Report[], known: readonly MailEvent[]): Report[] {
  const seen = new Set(known.map(keyOf));
  return reports.filter(({ event }) => {
    const isNew = !seen.has(keyOf(event));
    seen.add(keyOf(event));
    return isNew;
  });
}
const keyOf = ({ type, bounce, at }: MailEvent) => `${type} ${bounce ?? ''} ${at}`;

/** That SES took it, SES's own answer has said; then most mails have one thing less to be written. */
const isSaidAlready = ({ state, dueAt }: Notice, { type }: MailEvent) =>
  type === 'send' && dueAt === undefined && (state === 'accepted' || state === 'delivered');

const happened = {
  accepted: 'notice.confirmed',
  delivered: 'notice.delivered',
  'temporary-failure': 'notice.delayed',
  'permanent-failure': 'notice.undelivered',
} as const;
const happenedTo = (events: readonly MailEvent[]) => happened[outcomeOf(events) ?? 'accepted'];

function stopIn(reports: readonly Report[]): UndeliverableAddress | undefined {
  const [first] = reports.filter(({ event }) => stopsMail(event));
  if (!first) return undefined;
  const reason = first.event.type === 'complaint' ? 'complained' : 'bounced';
  return { address: first.address, since: first.event.at, reason };
}

async function putStop(change: Change, owner: Owner, stop: UndeliverableAddress, { records }: Call): Promise<void> {
  const before = await records.get(undeliverableAddressRef(owner));
  if (!isNews(stop, before?.value)) return;
  stopMailTo(change, owner, stop, before).activity({
    event: 'notices.stopped',
    subject: owner,
    detail: { reason: stop.reason },
  });
}

async function commit(change: Change): Promise<Recorded | 'outrun'> {
  try {
    await change.commit();
    return 'recorded';
  } catch (error) {
    if (error instanceof StaleVersion) return 'outrun';
    // Erased between the look and the write.
    if (error instanceof Closed) return 'gone';
    throw error;
  }
}
