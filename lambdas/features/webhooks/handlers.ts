import type { Call } from '../../http/call.ts';
import { decodeCursor, encodeCursor, type List } from '../../http/cursor.ts';
import { ActivityRecordId, type OrganisationId, type WebhookId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { Page, Stored } from '../../platform/records.ts';
import type { webhookRoutes } from './routes.ts';
import {
  newWebhookSecret,
  REPLAYED_MAX,
  rotatedSecrets,
  WEBHOOKS_MAX,
  type Webhook,
  type WebhookMessage,
  type webhookEntity,
  type webhookMessageEntity,
} from './webhook.ts';

export type StoredWebhook = Stored<typeof webhookEntity>;
export type StoredMessage = Stored<typeof webhookMessageEntity>;

export interface WebhookStore {
  list(organisationId: OrganisationId, call: Call): Promise<readonly StoredWebhook[]>;
  find(organisationId: OrganisationId, id: WebhookId, call: Call): Promise<StoredWebhook | undefined>;
  /** It is told of what happens from now on. */
  add<A>(organisationId: OrganisationId, webhook: Webhook, call: Call, answer: A): Promise<A>;
  save(before: StoredWebhook, after: Webhook, event: `webhook.${string}`, call: Call): Promise<void>;
  remove(organisationId: OrganisationId, webhook: StoredWebhook, call: Call): Promise<void>;
  messages(
    organisationId: OrganisationId,
    id: WebhookId,
    range: { limit: number; after?: string },
    call: Call,
  ): Promise<Page<WebhookMessage>>;
  message(
    organisationId: OrganisationId,
    id: WebhookId,
    messageId: ActivityRecordId,
    call: Call,
  ): Promise<StoredMessage | undefined>;
  /** Oldest first, from an instant or after a message on. */
  messagesSince(
    organisationId: OrganisationId,
    id: WebhookId,
    since: { readonly at: Date } | { readonly after: ActivityRecordId },
    limit: number,
    call: Call,
  ): Promise<readonly StoredMessage[]>;
  sendAgain(
    organisationId: OrganisationId,
    id: WebhookId,
    messages: readonly StoredMessage[],
    call: Call,
  ): Promise<void>;
}

/** `isAllowed`: whether messages may be sent to such an address at all. */
export const webhookHandlers = (
  webhooks: WebhookStore,
  isAllowed: (url: URL) => boolean,
): HandlersFor<typeof webhookRoutes, Call> => {
  function demandAllowed(url: string): void {
    if (!isAllowed(new URL(url))) throw new Problem('address-refused');
  }
  async function found(organisationId: OrganisationId, id: WebhookId, call: Call): Promise<StoredWebhook> {
    const webhook = await webhooks.find(organisationId, id, call);
    if (!webhook) throw new Problem('webhook-not-found');
    return webhook;
  }
  return {
    async createWebhook({ params: { organisationId }, body }, call) {
      demandAllowed(body.url);
      if ((await webhooks.list(organisationId, call)).length >= WEBHOOKS_MAX) {
        throw new Problem('too-many', `At most ${WEBHOOKS_MAX} webhooks.`);
      }
      const secret = newWebhookSecret();
      const { description, ...wanted } = body;
      const webhook: Webhook = {
        ...{ id: call.newId('whk'), ...wanted, secrets: [{ secret }], state: 'active' },
        ...(description !== undefined && { description }),
        createdAt: call.now.toISOString(),
      };
      // What a repeated request is answered with is kept for a day, and so without the secret.
      const view = viewOf({ value: webhook, version: 1 });
      return { ...(await webhooks.add(organisationId, webhook, call, { webhook: view })), secret };
    },

    async listWebhooks({ params: { organisationId } }, call) {
      return { items: (await webhooks.list(organisationId, call)).map(viewOf) };
    },

    getWebhook: async ({ params }, call) => viewOf(await found(params.organisationId, params.webhookId, call)),

    async changeWebhook({ params: { organisationId, webhookId }, body, ifMatch }, call) {
      const before = await found(organisationId, webhookId, call);
      if (before.version !== ifMatch) throw new Problem('stale-version');
      if (body.url !== undefined) demandAllowed(body.url);
      const { disabledReason: reason, failingSince, ...rest } = before.value;
      const { url = rest.url, events = rest.events, description = rest.description, state = rest.state } = body;
      const isTurnedOn = state === 'active' && rest.state === 'disabled';
      const disabledReason = state === 'active' ? undefined : (reason ?? 'by-administrator');
      const after: Webhook = {
        ...{ ...rest, url, events, state },
        ...(description !== undefined && { description }),
        ...(disabledReason && { disabledReason }),
        ...(failingSince !== undefined && !isTurnedOn && { failingSince }),
      };
      await webhooks.save(before, after, 'webhook.changed', call);
      return viewOf({ value: after, version: before.version + 1 });
    },

    async renewWebhookSecret({ params: { organisationId, webhookId } }, call) {
      const before = await found(organisationId, webhookId, call);
      const secret = newWebhookSecret();
      const after = { ...before.value, secrets: rotatedSecrets(before.value, secret, call.now) };
      await webhooks.save(before, after, 'webhook.secret-renewed', call);
      return { webhook: viewOf({ value: after, version: before.version + 1 }), secret };
    },

    async endWebhook({ params: { organisationId, webhookId } }, call) {
      await webhooks.remove(organisationId, await found(organisationId, webhookId, call), call);
    },

    async listWebhookMessages({ params: { organisationId, webhookId }, query }, call) {
      await found(organisationId, webhookId, call);
      const list: List = { name: 'webhook-messages', filter: { organisationId, webhookId } };
      const after = query.cursor === undefined ? undefined : decodeCursor(list, query.cursor, ActivityRecordId);
      const range = { limit: query.limit, ...(after !== undefined && { after }) };
      const { items, next } = await webhooks.messages(organisationId, webhookId, range, call);
      return { items: [...items], ...(next !== undefined && { next: encodeCursor(list, next) }) };
    },

    async replayWebhookMessages({ params: { organisationId, webhookId }, body }, call) {
      await found(organisationId, webhookId, call);
      if ('messageId' in body) {
        const message = await webhooks.message(organisationId, webhookId, body.messageId, call);
        if (!message) throw new Problem('webhook-message-not-found');
        await webhooks.sendAgain(organisationId, webhookId, [message], call);
        return { count: 1 };
      }
      const since = 'since' in body ? { at: new Date(body.since) } : { after: body.after };
      const messages = await webhooks.messagesSince(organisationId, webhookId, since, REPLAYED_MAX + 1, call);
      const again = messages.slice(0, REPLAYED_MAX);
      await webhooks.sendAgain(organisationId, webhookId, again, call);
      const last = messages.length > again.length ? again.at(-1)?.value.change.id : undefined;
      return { count: again.length, ...(last !== undefined && { next: last }) };
    },
  };
};

/** No secret. */
function viewOf({ value, version }: Pick<StoredWebhook, 'value' | 'version'>) {
  const { secrets: _, ...shown } = value;
  return { ...shown, version };
}
