import { ActivityRecordId, type OrganisationId, type WebhookId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import type { StoredMessage, WebhookStore } from './handlers.ts';
import {
  messageRef,
  messagesFrom,
  WEBHOOKS_MAX,
  webhookEntity,
  webhookMessageEntity,
  webhookPointers,
  webhookRef,
} from './webhook.ts';

/** Each is three writes, and the record of them all. */
const AGAIN_PER_CHANGE = 30;

const notFound = () => new Problem('webhook-not-found');

export const webhookStore: WebhookStore = {
  async list(organisationId, { records }) {
    return (await records.list(webhookEntity, organisationOwner(organisationId), { limit: WEBHOOKS_MAX })).items;
  },

  find: (organisationId, id, { records }) => records.get(webhookRef(organisationId, id)),

  async add(organisationId, webhook, { records }, answer) {
    const leaf = await records.activityLog.nextLeaf(organisationId);
    return records
      .change()
      .put(webhookRef(organisationId, webhook.id), webhook, 'new')
      .point({ ...webhookPointers.all(organisationId, webhook.id), attributes: { leaf } })
      .activity({
        event: 'webhook.created',
        subject: organisationOwner(organisationId),
        about: [webhook.id],
        detail: { events: webhook.events.join(' ') },
      })
      .commit(answer);
  },

  async save(before, after, event, { records }) {
    await records
      .change()
      .put(before.ref, after, { version: before.version }, { otherwise: () => new Problem('stale-version') })
      .activity({ event, subject: before.ref.owner, about: [after.id], detail: { state: after.state } })
      .commit();
  },

  // Its messages go by their own term: nothing sends them any more.
  async remove(organisationId, { ref, version, value }, { records }) {
    await records
      .change()
      .remove(ref, { version }, notFound)
      .unpoint(webhookPointers.all(organisationId, value.id))
      .activity({ event: 'webhook.ended', subject: ref.owner, about: [value.id] })
      .commit();
  },

  async messages(organisationId, id, { limit, after }, { records }) {
    const { items, next } = await records.list(webhookMessageEntity, organisationOwner(organisationId), {
      prefix: `${id}#`,
      limit,
      newestFirst: true,
      ...(after !== undefined && { after: `${id}#${after}` }),
    });
    return {
      items: items.map(({ value }) => value),
      ...(next !== undefined && { next: next.slice(id.length + 1) }),
    };
  },

  message: (organisationId, id, messageId, { records }) => records.get(messageRef(organisationId, id, messageId)),

  async messagesSince(organisationId, id, since, limit, { records }) {
    const from = 'at' in since ? messagesFrom(since.at) : `${since.after}~`;
    const range = { from: `${id}#${from}`, to: `${id}#evt_~`, limit };
    return (await records.list(webhookMessageEntity, organisationOwner(organisationId), range)).items;
  },

  async sendAgain(organisationId, id, messages, { records, now }) {
    for (let begin = 0; begin < messages.length; begin += AGAIN_PER_CHANGE) {
      const some = messages.slice(begin, begin + AGAIN_PER_CHANGE);
      const change = records.change();
      for (const message of some) {
        const dueAt = now.toISOString();
        const { expiresAtEpochSeconds, value } = message;
        const kept = expiresAtEpochSeconds === undefined ? {} : { expiresAtEpochSeconds };
        change.put(message.ref, { ...value, state: 'waiting', attempts: 0, dueAt }, { version: message.version }, kept);
        change.point({
          ...webhookPointers.due(dueAt, id, value.change.id),
          attributes: placeOf(organisationId, id, message),
          ...kept,
        });
      }
      const about = some.map(({ value }) => value.change.id);
      const subject = organisationOwner(organisationId);
      await change
        .activity({ event: 'webhook.replayed', subject, about: [id, ...about], detail: { count: some.length } })
        .commit();
    }
  },
};

const placeOf = (organisationId: OrganisationId, webhookId: WebhookId, { value }: StoredMessage) => ({
  organisationId,
  webhookId,
  id: ActivityRecordId.parse(value.change.id),
});
