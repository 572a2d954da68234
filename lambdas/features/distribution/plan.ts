import { type OrganisationId, RequestId } from '../../http/ids.ts';
import type { Owner } from '../../platform/entity.ts';
import { Busy, type Change, Closed } from '../../platform/records.ts';
import { noticeEntity } from '../notices/notice.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { subscriberPointer } from '../subscriptions/subscribers.ts';
import { type AudiencePage, audiencePage, beginning, type Setting, topicOf } from './audience.ts';
import type { Dispatcher } from './distributor.ts';
import { type Audience, type DistributionJob, jobKeptUntil } from './job.ts';
import { CHUNK_MAILS_MAX, CHUNKS_MAX, jobRows, type Recipient, recipientAttributes } from './rows.ts';

/** Pages read at once to fill one chunk: of a list of those who are gone, most pages hold nobody. */
const PAGES_MAX = 20;

/** The last chunk that was planned; none at the beginning. */
export interface Planned {
  readonly chunk: number;
  /** Absent when everybody is planned. */
  readonly reached?: string;
}

/**
 * Plans the next chunks of a job, for at most so many: who is in each, once. Every chunk's row must be new, so of two planners one goes on and
 * the other is told so (`undefined`). Where it is cut off, the next one goes on from the last chunk that is there.
 */
export async function planNext(
  job: DistributionJob,
  setting: Setting,
  last: Planned | undefined,
  mailsMax: number,
  dispatcher: Dispatcher,
): Promise<readonly (Planned & { readonly count: number })[] | undefined> {
  const from = last ? last.reached : beginning;
  if (from === undefined) return [];
  const page = await fresh(job, setting, from, dispatcher);
  const recipients = page.recipients.slice(0, mailsMax);
  const isWhole = recipients.length === page.recipients.length;
  const parts: (readonly Recipient[])[] = [recipients.slice(0, CHUNK_MAILS_MAX)];
  for (let first = CHUNK_MAILS_MAX; first < recipients.length; first += CHUNK_MAILS_MAX) {
    parts.push(recipients.slice(first, first + CHUNK_MAILS_MAX));
  }
  const planned: (Planned & { count: number })[] = [];
  for (const [i, part] of parts.entries()) {
    const chunk = (last?.chunk ?? -1) + 1 + i;
    if (chunk > CHUNKS_MAX) throw new Error('A job of more chunks than can be counted');
    // Cut off here, the same page is looked at again, and those who have their place already are left out.
    const reached = i < parts.length - 1 || !isWhole ? from : page.reached;
    const plan = { chunk, ...(reached !== undefined && { reached }) };
    const place = { job, organisationId: setting.organisation.id };
    const count = await write(place, plan, part, dispatcher);
    if (count === undefined) return undefined;
    planned.push({ ...plan, count });
  }
  return planned;
}

/** The next page on which there is anybody who has no place in the job yet, each once. */
async function fresh(
  job: DistributionJob,
  setting: Setting,
  from: string,
  { openCall }: Dispatcher,
): Promise<AudiencePage> {
  let at = from;
  for (let pages = 1; ; pages++) {
    const { records } = openCall();
    const page = await audiencePage(records, job.audience, setting, at);
    const once = [...new Map(page.recipients.map((one) => [one.owner.subject, one])).values()];
    const places = await records.pointersAt(once.map(({ owner }) => jobRows.received(owner, job.id)));
    const recipients = once.filter((_, i) => !places[i]);
    const isEnough = recipients.length > 0 || page.reached === undefined || pages === PAGES_MAX;
    if (isEnough) return { recipients, ...(page.reached !== undefined && { reached: page.reached }) };
    at = page.reached!;
  }
}

interface Planning {
  readonly job: DistributionJob;
  readonly organisationId: OrganisationId;
}

class PlannedByAnother extends Error {
  override readonly name = 'PlannedByAnother';
}

/** How many are in it; undefined when another planner was faster. */
async function write(
  place: Planning,
  plan: Planned,
  recipients: readonly Recipient[],
  dispatcher: Dispatcher,
): Promise<number | undefined> {
  try {
    await planned(place, plan, recipients, dispatcher);
    return recipients.length;
  } catch (error) {
    if (error instanceof PlannedByAnother) return undefined;
    if (!(error instanceof Closed) || recipients.length === 0) throw error;
  }
  // Somebody was erased since the list was read: the others go on without.
  const there = await dispatcher.openCall().records.mayHold(
    [noticeEntity],
    recipients.map(({ owner }) => owner),
  );
  const left = recipients.filter((_, i) => there[i]);
  if (left.length === recipients.length) throw new Busy('Somebody is being erased');
  return write(place, plan, left, dispatcher);
}

async function planned(
  { job, organisationId }: Planning,
  { chunk, reached }: Planned,
  recipients: readonly Recipient[],
  { openCall }: Dispatcher,
): Promise<void> {
  const { records, now } = openCall();
  const expiresAtEpochSeconds = jobKeptUntil(job);
  const change = records.change().point(
    {
      ...jobRows.chunk(job.id, chunk),
      attributes: {
        organisationId,
        count: recipients.length,
        at: now.toISOString(),
        ...(reached !== undefined && { reached }),
      },
      expiresAtEpochSeconds,
    },
    { ifNew: () => new PlannedByAnother() },
  );
  for (const [index, recipient] of recipients.entries()) {
    const attributes = recipientAttributes(recipient);
    change
      .point({ ...jobRows.recipient(job.id, chunk, index), attributes, expiresAtEpochSeconds })
      .point({ ...jobRows.received(recipient.owner, job.id), attributes: { chunk, index }, expiresAtEpochSeconds });
    requireThere(change, recipient.owner, job.audience);
  }
  await change
    .activity({
      event: 'distribution.planned',
      subject: organisationOwner(organisationId),
      about: [job.id],
      detail: { chunk, recipients: recipients.length },
    })
    .commit();
}

/** At the moment of the write they are still there to be written to. Throws `Closed` when not. */
export function requireThere(change: Change, owner: Owner, audience: Audience): void {
  const subscription = RequestId.safeParse(owner.subject);
  const topic = topicOf(audience);
  if (!subscription.success || !topic || owner.controller === 'operator') return void change.requireUnerased(owner);
  const row = subscriberPointer(owner.controller, topic, subscription.data);
  change.requirePresent(row, () => new Closed('The subscription has ended'));
}
