import { createHmac, randomBytes } from 'node:crypto';
import { encodeTime } from 'ulid';
import * as z from 'zod';
import { oneLine } from '../../http/free-text.ts';
import { type ActivityRecordId, type OrganisationId, WebhookId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import type { PointerKey } from '../../platform/records.ts';
import { ChangeTold } from '../changes/change.ts';
import { isTold } from '../changes/told.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { terms } from '../retention/terms.ts';

export const WEBHOOKS_MAX = 10;
/** How long the secret before still signs, beside the new one. */
export const OLD_SECRET_HOURS = 24;
/** How long what was sent can be seen, and sent again. */
export const MESSAGE_KEPT_DAYS = terms['webhook-message'].length.days;

/** Messages that one request sends again. */
export const REPLAYED_MAX = 200;

const SECRET_BYTES = 32;
/** The newest, and those before that still sign; whoever renews more often in a day loses the oldest. */
const SECRETS_MAX = 4;
const ULID_TIME_CHARACTERS = 10;

/** `noun.happened`, or `noun.*`. */
export const EventPattern = z
  .string()
  .max(80)
  .regex(/^[a-z-]+\.(?:\*|[a-z-]+)$/)
  .refine(isTold, 'No such event is told to programs.')
  .meta({ id: 'EventPattern', examples: ['person.*', 'attendance.checked-in'] });

/** As the URL Standard writes it. Whether messages may be sent there is decided by the door that sends them. */
export const WebhookUrl = z
  .url({ protocol: /^https$/ })
  .max(500)
  .meta({
    description: '`https`, by name, on port 443; every address of the name must be public.',
    examples: ['https://hooks.example.no/vern'],
  });

export const disabledReasons = ['by-administrator', 'gone', 'failing'] as const;

export const Webhook = z.strictObject({
  id: WebhookId,
  url: z.string().max(500),
  description: oneLine({ max: 120 }).optional(),
  events: z.array(z.string().max(80)).min(1).max(50),
  /** `whsec_…`; the newest first, and those before until `until`. */
  secrets: z
    .array(z.strictObject({ secret: z.string().max(100), until: z.iso.datetime().optional() }))
    .min(1)
    .max(SECRETS_MAX),
  state: z.enum(['active', 'disabled']),
  disabledReason: z.enum(disabledReasons).optional(),
  /** Since when nothing has got through. */
  failingSince: z.iso.datetime().optional(),
  createdAt: z.iso.datetime(),
});
export type Webhook = z.output<typeof Webhook>;

export const webhookEntity = entity({
  name: 'webhook',
  table: 'core',
  sortKey: 'WEBHOOK',
  schema: Webhook,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: "to tell the organisation's own systems that something has changed",
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: 'controller',
  retentionClass: 'organisation',
  exported: { not: 'it holds secrets of programs, and ids of changes that are in the copy themselves' },
  onErasure: 'delete',
});

export const latencies = ['under-1-s', '1-to-5-s', 'over-5-s'] as const;
export const outcomes = ['delivered', 'refused', 'address-refused', 'timeout', 'certificate', 'connection'] as const;

/** One change on its way to one webhook: ids and codes, and nothing of what was answered. */
export const WebhookMessage = z.strictObject({
  change: ChangeTold,
  state: z.enum(['waiting', 'delivered', 'failed']),
  attempts: z.int().min(0).max(1000),
  /** When it may next be tried; absent when it is done with. */
  dueAt: z.iso.datetime().optional(),
  lastAttemptAt: z.iso.datetime().optional(),
  lastOutcome: z.enum(outcomes).optional(),
  lastStatus: z.int().min(0).max(999).optional(),
  lastLatency: z.enum(latencies).optional(),
});
export type WebhookMessage = z.output<typeof WebhookMessage>;

export const webhookMessageEntity = entity({
  name: 'webhook-message',
  table: 'transient',
  sortKey: 'WEBHOOK-MESSAGE',
  schema: WebhookMessage,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: "to tell the organisation's own systems of a change, and to show that they were told",
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: 'use',
  retentionClass: 'notice',
  exported: { not: 'ids of changes that are in the copy themselves' },
  onErasure: 'delete',
});

export const webhookRef = (organisationId: OrganisationId, id: WebhookId) =>
  ({ entity: webhookEntity, owner: organisationOwner(organisationId), key: id }) as const;
export const messageRef = (organisationId: OrganisationId, webhookId: WebhookId, id: ActivityRecordId) =>
  ({ entity: webhookMessageEntity, owner: organisationOwner(organisationId), key: `${webhookId}#${id}` }) as const;

export const webhookPointers = {
  /** Every webhook of every organisation. Attributes: `leaf`, where in the log it has come to. */
  all: (organisationId: OrganisationId | '', id: WebhookId | ''): PointerKey => ({
    table: 'core',
    pk: 'WEBHOOKS',
    sk: `${organisationId}#${id}`,
  }),
  /** Messages that wait, by when the sweep takes them. Attributes: `organisationId`, `webhookId`, `id`. */
  due: (at: string, webhookId: WebhookId | '', id: ActivityRecordId | ''): PointerKey => ({
    table: 'transient',
    pk: 'WEBHOOKS-DUE',
    sk: `${at}#${webhookId}#${id}`,
  }),
};

/** Below every message of what was recorded from then on: their ids begin with the time. */
export const messagesFrom = (at: Date): string => `evt_${encodeTime(at.getTime(), ULID_TIME_CHARACTERS).toLowerCase()}`;

export const newWebhookSecret = (): string => `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;

/**
 * The new one, and those before for a day: all sign, so that the receiver can change over without losing any, also when
 * the answer to a renewal was lost and it is asked for again. Pure.
 */
export function rotatedSecrets({ secrets }: Pick<Webhook, 'secrets'>, secret: string, now: Date): Webhook['secrets'] {
  const until = new Date(now.getTime() + OLD_SECRET_HOURS * 60 * 60 * 1000).toISOString();
  const before = secrets.filter((one) => one.until === undefined || now < new Date(one.until));
  return [{ secret }, ...before.map((one) => ({ ...one, until: one.until ?? until }))].slice(0, SECRETS_MAX);
}

/** What is sent: ids and the name of the event, never what changed. */
export const bodyOf = (organisationId: OrganisationId, { id, at, event, subjectId, about }: ChangeTold): string =>
  JSON.stringify({
    type: event,
    timestamp: at,
    data: { id, organisationId, subjectId, ...(about && { about }) },
  });

/** Standard Webhooks 1.0: `webhook-id`, `webhook-timestamp` (seconds), `webhook-signature` (`v1,` and HMAC-SHA256 in base64). */
export function signedHeaders(
  { secrets }: Pick<Webhook, 'secrets'>,
  message: { readonly id: string; readonly body: string },
  now: Date,
): Record<string, string> {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const valid = secrets.filter(({ until }) => until === undefined || now < new Date(until));
  const signatures = valid.map(({ secret }) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    const signed = `${message.id}.${timestamp}.${message.body}`;
    return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
  });
  return {
    'content-type': 'application/json',
    'user-agent': 'Vern-Webhooks/1',
    'webhook-id': message.id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}

/** Whether a webhook asked for it. Pure. */
export const wantsEvent = ({ events }: Pick<Webhook, 'events'>, event: string): boolean =>
  events.some((wanted) => wanted === event || (wanted.endsWith('.*') && event.startsWith(wanted.slice(0, -1))));
