import * as z from 'zod';
import { page, pageQuery } from '../../http/cursor.ts';
import { oneLine } from '../../http/free-text.ts';
import { ActivityRecordId, WebhookId } from '../../http/ids.ts';
import { inOrganisation } from '../../http/params.ts';
import { type Routes, rolesThatMay, rolesThatMayBeforeAgreement } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { ChangeTold } from '../changes/change.ts';
import { nounsTold } from '../changes/told.ts';
import {
  disabledReasons,
  EventPattern,
  latencies,
  MESSAGE_KEPT_DAYS,
  OLD_SECRET_HOURS,
  outcomes,
  REPLAYED_MAX,
  WEBHOOKS_MAX,
  WebhookUrl,
} from './webhook.ts';

const ofWebhook = inOrganisation.extend({ webhookId: WebhookId });

const asked = {
  url: WebhookUrl,
  events: z
    .array(EventPattern)
    .min(1)
    .max(50)
    .meta({ description: `Of these nouns: ${nounsTold.join(', ')}. \`noun.*\` for all of one.` }),
  description: oneLine({ max: 120 }).optional(),
};

const WebhookView = z
  .strictObject({
    id: WebhookId,
    url: z.string(),
    description: z.string().optional(),
    events: z.array(z.string()),
    state: z.enum(['active', 'disabled']),
    disabledReason: z.enum(disabledReasons).optional().meta({
      description: '`gone`: it answered 410. `failing`: nothing got through for five days.',
    }),
    failingSince: z.iso.datetime().optional(),
    createdAt: z.iso.datetime(),
    version: z.int().min(1),
  })
  .meta({ id: 'Webhook' });

const WithSecret = z
  .strictObject({
    webhook: WebhookView,
    secret: z.string().meta({ description: '`whsec_…`, to check signatures with; shown this once.' }),
  })
  .meta({ id: 'WebhookSecret' });

const Made = WithSecret.extend({
  secret: WithSecret.shape.secret.optional().meta({
    description: '`whsec_…`, to check signatures with; shown this once, and absent when the request is repeated.',
  }),
}).meta({ id: 'WebhookMade' });

const MessageView = z
  .strictObject({
    change: ChangeTold,
    state: z.enum(['waiting', 'delivered', 'failed']),
    attempts: z.int(),
    dueAt: z.iso.datetime().optional(),
    lastAttemptAt: z.iso.datetime().optional(),
    lastOutcome: z.enum(outcomes).optional(),
    lastStatus: z.int().optional(),
    lastLatency: z.enum(latencies).optional(),
  })
  .meta({ id: 'WebhookMessage' });

export const webhookRoutes = {
  createWebhook: {
    summary: 'Let a system be told when something changes',
    description:
      'Signed as Standard Webhooks 1.0 says. A message holds ids and the name of the event; what something is now, the ' +
      'system reads as a service client. The same message may come twice, and not in order: `webhook-id` tells. What is ' +
      'not answered with 2xx within 15 seconds is sent again, ten times in three days. A repeated request is answered ' +
      'with the same webhook and without the secret: it signs, so nothing beside the webhook itself keeps it. Whoever ' +
      'has lost it makes a new one.',
    tag: 'Integrations',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/webhooks',
    access: rolesThatMay('webhook:manage'),
    params: inOrganisation,
    body: z.strictObject(asked).meta({ id: 'NewWebhook' }),
    success: { status: 201, body: Made },
    problems: ['too-many', 'address-refused'],
    needs: [...changingRecords, 'activity:read'],
    creates: true,
  },
  listWebhooks: {
    summary: 'List the systems that are told of changes',
    tag: 'Integrations',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/webhooks',
    access: rolesThatMay('webhook:read'),
    params: inOrganisation,
    success: {
      status: 200,
      body: z.strictObject({ items: z.array(WebhookView).max(WEBHOOKS_MAX) }).meta({ id: 'Webhooks' }),
    },
    problems: [],
    needs: readingRecords,
  },
  getWebhook: {
    summary: 'Read how a system is told of changes',
    tag: 'Integrations',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/webhooks/{webhookId}',
    access: rolesThatMay('webhook:read'),
    params: ofWebhook,
    success: { status: 200, body: WebhookView },
    problems: ['webhook-not-found'],
    needs: readingRecords,
    versioned: true,
  },
  changeWebhook: {
    summary: 'Change where a system is told, and of what; turn it off and on',
    description: 'Turned on again, it is told of what it missed, as far back as changes are kept.',
    tag: 'Integrations',
    method: 'PATCH',
    path: '/v1/organisations/{organisationId}/webhooks/{webhookId}',
    access: rolesThatMay('webhook:manage'),
    params: ofWebhook,
    body: z
      .strictObject({ ...asked, state: z.enum(['active', 'disabled']) })
      .partial()
      .meta({ id: 'WebhookChanges' }),
    success: { status: 200, body: WebhookView },
    problems: ['webhook-not-found', 'address-refused'],
    needs: changingRecords,
    versioned: true,
  },
  renewWebhookSecret: {
    summary: 'Make a new secret for a webhook',
    description: `For ${OLD_SECRET_HOURS} hours the one before signs as well: a message then carries both signatures.`,
    tag: 'Integrations',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/webhooks/{webhookId}/secret',
    access: rolesThatMay('webhook:manage'),
    params: ofWebhook,
    success: { status: 201, body: WithSecret },
    problems: ['webhook-not-found'],
    needs: changingRecords,
  },
  endWebhook: {
    summary: 'Let a system be told no more',
    tag: 'Integrations',
    method: 'DELETE',
    path: '/v1/organisations/{organisationId}/webhooks/{webhookId}',
    // To stop telling must never have to wait for an agreement.
    access: rolesThatMayBeforeAgreement('webhook:manage'),
    params: ofWebhook,
    success: { status: 204 },
    problems: ['webhook-not-found'],
    needs: changingRecords,
  },
  listWebhookMessages: {
    summary: 'See what was sent to a system, and what became of it',
    description: `The newest first, for ${MESSAGE_KEPT_DAYS} days. Neither what was answered nor who answered is kept.`,
    tag: 'Integrations',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/webhooks/{webhookId}/messages',
    access: rolesThatMay('webhook:read'),
    params: ofWebhook,
    query: z.strictObject({ ...pageQuery }),
    success: { status: 200, body: page(MessageView) },
    problems: ['webhook-not-found'],
    needs: [...readingRecords, 'transient:read'],
  },
  replayWebhookMessages: {
    summary: 'Send messages again',
    description:
      `One, or all since an instant of the last ${MESSAGE_KEPT_DAYS} days, at most ${REPLAYED_MAX} at a time: go on from ` +
      '`next`. They are sent within a minute, with the ids that they had.',
    tag: 'Integrations',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/webhooks/{webhookId}/replays',
    access: rolesThatMay('webhook:manage'),
    params: ofWebhook,
    body: z
      .union([
        z.strictObject({ messageId: ActivityRecordId }),
        z.strictObject({ since: z.iso.datetime() }),
        z.strictObject({ after: ActivityRecordId }),
      ])
      .meta({ id: 'WebhookReplay' }),
    success: {
      status: 202,
      body: z
        .strictObject({
          count: z.int(),
          next: ActivityRecordId.optional().meta({ description: 'There are more: send it as `after`.' }),
        })
        .meta({ id: 'WebhookReplayed' }),
    },
    problems: ['webhook-not-found', 'webhook-message-not-found'],
    needs: changingRecords,
  },
} as const satisfies Routes;
