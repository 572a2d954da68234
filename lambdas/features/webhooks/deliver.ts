import type { Call } from '../../http/call.ts';
import { ActivityRecordId, OrganisationId, WebhookId } from '../../http/ids.ts';
import { errorName } from '../../platform/error-name.ts';
import type { Post } from '../../platform/outbound.ts';
import { type Pointer, type PointerKey, StaleVersion } from '../../platform/records.ts';
import { changesFrom } from '../changes/feed.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { administratorsOf, tellOf } from '../service-clients/tell-administrators.ts';
import { inLanes } from '../walks/in-lanes.ts';
import { concluded } from './attempt.ts';
import {
  bodyOf,
  MESSAGE_KEPT_DAYS,
  messageRef,
  signedHeaders,
  type WebhookMessage,
  wantsEvent,
  webhookPointers,
  webhookRef,
} from './webhook.ts';

/** Which message is to go to which webhook, as it lies in the queue: ids and a number. */
export interface WebhookTask {
  readonly organisationId: OrganisationId;
  readonly webhookId: WebhookId;
  readonly id: ActivityRecordId;
  /** How long the queue holds it back. */
  readonly delaySeconds: number;
}

export interface WebhookSender {
  readonly post: Post;
  openCall(): Call;
  /** Hands tasks to the queue. */
  release(tasks: readonly WebhookTask[]): Promise<void>;
  hasTimeLeft(): boolean;
  /** Codes, ids and counts only. */
  log(line: Readonly<Record<string, unknown>>): void;
}

/** Each is two writes. */
const MESSAGES_PER_CHANGE = 40;
/** The queue is faster than this; what it lost is found by the sweep. */
const QUEUE_GRACE_SECONDS = 2 * 60;
/** SQS holds nothing back for longer: what is further away waits for the sweep. */
const QUEUE_DELAY_SECONDS_MAX = 900;
/** A place in the log is written down when something was found, or when so much was passed by that found nothing. */
const PASSED_BY_MAX = 1_000;
const PAGE_ROWS_MAX = 100;
/** What two wrote at once is looked at again. */
const CONCLUDE_TRIES_MAX = 3;

/** Every minute: what the logs have grown by becomes messages, and what the queue has lost is put into it again. */
export async function sweepWebhooks(sender: WebhookSender): Promise<{ queued: number; again: number; failed: number }> {
  const found = { queued: 0, again: 0, failed: 0 };
  await inLanes(pointersIn(sender, webhookPointers.all('', '')), async (pointer) => {
    try {
      found.queued += await queueChanges(pointer, sender);
    } catch (error) {
      // One organisation's must not keep the others' waiting; the next minute tries it again.
      found.failed++;
      sender.log({ metric: 'webhook-not-queued', webhook: pointer.sk, error: errorName(error) });
    }
  });
  await inLanes(pointersIn(sender, webhookPointers.due('', '', '')), async (pointer) => {
    if (await putAgain(pointer, sender)) found.again++;
  });
  return found;
}

/** False for a pointer that leads nowhere any more, which goes: the message is done with, put off, or gone with its key. */
async function putAgain(pointer: Pointer, sender: WebhookSender): Promise<boolean> {
  const place = placeIn(pointer.attributes ?? {});
  const { organisationId, webhookId, id } = place;
  const { records } = sender.openCall();
  const message = await records.get(messageRef(organisationId, webhookId, id));
  const isDue =
    message && sweptAtOf(message.value).some((at) => webhookPointers.due(at, webhookId, id).sk === pointer.sk);
  if (isDue) {
    await sender.release([{ ...place, delaySeconds: 0 }]);
    return true;
  }
  await records
    .change()
    .unpoint(pointer)
    .activity({ event: 'webhook.message-dropped', subject: organisationOwner(organisationId), about: [webhookId, id] })
    .commit();
  return false;
}

/** All webhooks, or the messages that are due by now. */
async function* pointersIn(sender: WebhookSender, { table, pk }: PointerKey): AsyncGenerator<Pointer> {
  let after: string | undefined;
  do {
    const { records, now } = sender.openCall();
    // `~` sorts after every id; organisations' ids sort after every instant, and are all wanted.
    const to = table === 'transient' ? `${now.toISOString()}~` : '~';
    const page = await records.pointers(table, pk, {
      ...{ from: '0', to },
      limit: PAGE_ROWS_MAX,
      ...(after !== undefined && { after }),
    });
    for (const pointer of page.items) {
      if (!sender.hasTimeLeft()) return;
      yield pointer;
    }
    after = page.next;
  } while (after !== undefined);
}

/** What the log of an organisation has grown by since, as messages to one webhook. Gives how many. */
async function queueChanges(pointer: Pointer, sender: WebhookSender): Promise<number> {
  const [organisationId, webhookId] = placeOfWebhook(pointer);
  let leaf = Number(pointer.attributes?.['leaf'] ?? 0);
  let noted = leaf;
  let queued = 0;
  for (let hasMore = true; hasMore && sender.hasTimeLeft(); ) {
    const call = sender.openCall();
    const { records } = call;
    const webhook = await records.get(webhookRef(organisationId, webhookId));
    // What it missed while it was off it gets when it is on again.
    if (webhook?.value.state !== 'active') return queued;
    const told = await changesFrom(records.activityLog, organisationId, {
      ...{ leaf, limit: MESSAGES_PER_CHANGE, skipsWhatIsGone: true, may: () => true },
      // What came into the log after the webhook was made may have happened before.
      isWanted: ({ event, at }) => at >= webhook.value.createdAt && wantsEvent(webhook.value, event),
    });
    if (told === 'gone') return queued;
    const known = await records.getMany(told.items.map(({ id }) => messageRef(organisationId, webhookId, id)));
    const fresh = told.items.filter((_, i) => known[i] === undefined);
    leaf = told.next;
    hasMore = told.hasMore;
    // What it writes down here comes into the log as well: nothing found is nothing written, or it would never rest.
    if (fresh.length === 0 && leaf - noted < PASSED_BY_MAX) continue;
    const dueAt = call.now.toISOString();
    const sweptAt = new Date(call.now.getTime() + QUEUE_GRACE_SECONDS * 1000).toISOString();
    const expiresAtEpochSeconds = Math.floor(call.now.getTime() / 1000) + MESSAGE_KEPT_DAYS * 24 * 60 * 60;
    const change = records.change().point({ ...pointer, attributes: { leaf } });
    for (const item of fresh) {
      const message: WebhookMessage = { change: item, state: 'waiting', attempts: 0, dueAt };
      const attributes = { organisationId, webhookId, id: item.id };
      change
        .put(messageRef(organisationId, webhookId, item.id), message, 'new', { expiresAtEpochSeconds })
        .point({ ...webhookPointers.due(sweptAt, webhookId, item.id), attributes, expiresAtEpochSeconds });
    }
    await change
      .activity({
        event: 'webhook.messages-queued',
        subject: organisationOwner(organisationId),
        about: [webhookId],
        detail: { count: fresh.length },
      })
      .commit();
    noted = leaf;
    queued += fresh.length;
    await sender.release(fresh.map(({ id }) => ({ organisationId, webhookId, id, delaySeconds: 0 })));
  }
  return queued;
}

/**
 * Tries one message once. It may be sent twice, when two tasks meet or a try is cut off after it was sent: the receiver
 * knows it by `webhook-id` (Standard Webhooks, "Idempotency").
 */
export async function deliverMessage(task: WebhookTask, sender: WebhookSender): Promise<void> {
  const { organisationId, webhookId, id } = task;
  const call = sender.openCall();
  const [webhook, message] = await call.records.together([
    webhookRef(organisationId, webhookId),
    messageRef(organisationId, webhookId, id),
  ]);
  const dueAt = message?.value.dueAt;
  if (!webhook || !message || message.value.state !== 'waiting' || webhook.value.state !== 'active') {
    return forget(task, sender);
  }
  // Another task for it was here before, and has put it off.
  if (dueAt !== undefined && call.now < new Date(dueAt)) return;
  const body = bodyOf(organisationId, message.value.change);
  const headers = signedHeaders(webhook.value, { id, body }, call.now);
  const posted = await sender.post({ url: webhook.value.url, headers, body });
  for (let tries = 1; ; tries++) {
    try {
      return await conclude(task, posted, sender);
    } catch (error) {
      if (!(error instanceof StaleVersion) || tries === CONCLUDE_TRIES_MAX) throw error;
    }
  }
}

async function conclude(task: WebhookTask, posted: Awaited<ReturnType<Post>>, sender: WebhookSender): Promise<void> {
  const { organisationId, webhookId, id } = task;
  const call = sender.openCall();
  const { records, now } = call;
  const [webhook, before] = await records.together([
    webhookRef(organisationId, webhookId),
    messageRef(organisationId, webhookId, id),
  ]);
  if (!webhook || before?.value.state !== 'waiting') return;
  const { message, webhook: after, isDisabled } = concluded(before.value, webhook.value, posted, now);
  const administrators = isDisabled ? await administratorsOf(organisationId, call) : [];
  const { expiresAtEpochSeconds } = before;
  const kept = expiresAtEpochSeconds === undefined ? {} : { expiresAtEpochSeconds };
  const change = records.change().put(before.ref, message, { version: before.version }, kept);
  for (const at of sweptAtOf(before.value)) change.unpoint(webhookPointers.due(at, webhookId, id));
  const [sweptAt] = sweptAtOf(message);
  if (sweptAt !== undefined) {
    const attributes = { organisationId, webhookId, id };
    change.point({ ...webhookPointers.due(sweptAt, webhookId, id), attributes, ...kept });
  }
  if (after.state !== webhook.value.state || after.failingSince !== webhook.value.failingSince) {
    change.put(webhook.ref, after, { version: webhook.version });
  }
  const parameters = { host: new URL(after.url).hostname };
  tellOf(change, administrators, { template: 'webhook-disabled', parameters }, call);
  const subject = organisationOwner(organisationId);
  if (isDisabled) {
    const reason = after.disabledReason ?? 'failing';
    change.activity({ event: 'webhook.disabled', subject, about: [webhookId], detail: { reason } });
  }
  const { state, attempts, lastOutcome = 'connection' } = message;
  const event = state === 'delivered' ? 'webhook.delivered' : 'webhook.not-delivered';
  await change
    .activity({ event, subject, about: [webhookId, id], detail: { state, attempts, outcome: lastOutcome } })
    .commit();
  const delaySeconds = message.dueAt === undefined ? 0 : (Date.parse(message.dueAt) - now.getTime()) / 1000;
  if (message.dueAt !== undefined && delaySeconds <= QUEUE_DELAY_SECONDS_MAX) {
    await sender.release([{ organisationId, webhookId, id, delaySeconds }]);
  }
}

/**
 * When the sweep takes a message: a while after the queue should have, or when it is due where the queue holds nothing
 * back so long. Of a message that was never tried, when it was put down or asked for again.
 */
function sweptAtOf({ dueAt, attempts, lastAttemptAt }: WebhookMessage): readonly string[] {
  if (dueAt === undefined) return [];
  const later = new Date(Date.parse(dueAt) + QUEUE_GRACE_SECONDS * 1000).toISOString();
  if (attempts === 0) return [later, dueAt];
  const delay = (Date.parse(dueAt) - Date.parse(lastAttemptAt ?? dueAt)) / 1000;
  return [delay <= QUEUE_DELAY_SECONDS_MAX ? later : dueAt];
}

/** The webhook is off or gone: what waits for it waits no more. The sweep takes its pointer away. */
async function forget({ organisationId, webhookId, id }: WebhookTask, sender: WebhookSender): Promise<void> {
  const { records } = sender.openCall();
  const message = await records.get(messageRef(organisationId, webhookId, id));
  if (message?.value.state !== 'waiting') return;
  const { dueAt: _, ...rest } = message.value;
  const { expiresAtEpochSeconds } = message;
  const kept = expiresAtEpochSeconds === undefined ? {} : { expiresAtEpochSeconds };
  await records
    .change()
    .put(message.ref, { ...rest, state: 'failed' }, { version: message.version }, kept)
    .activity({ event: 'webhook.message-dropped', subject: organisationOwner(organisationId), about: [webhookId, id] })
    .commit();
}

function placeOfWebhook({ sk }: Pointer): readonly [OrganisationId, WebhookId] {
  const [organisationId, webhookId] = sk.split('#');
  return [OrganisationId.parse(organisationId), WebhookId.parse(webhookId)];
}
const placeIn = ({ organisationId, webhookId, id }: Readonly<Record<string, unknown>>) => ({
  organisationId: OrganisationId.parse(organisationId),
  webhookId: WebhookId.parse(webhookId),
  id: ActivityRecordId.parse(id),
});
