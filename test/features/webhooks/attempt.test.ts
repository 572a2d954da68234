import { Webhook as Verifier } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { serviceClientScopes } from '../../../lambdas/access/rules.ts';
import { changeIn } from '../../../lambdas/features/changes/change.ts';
import { actionsOfNouns, isTold, mayReadOf } from '../../../lambdas/features/changes/told.ts';
import { concluded } from '../../../lambdas/features/webhooks/attempt.ts';
import {
  bodyOf,
  EventPattern,
  newWebhookSecret,
  rotatedSecrets,
  signedHeaders,
  type Webhook,
  type WebhookMessage,
  wantsEvent,
} from '../../../lambdas/features/webhooks/webhook.ts';
import { anId } from '../../support/store.ts';

const now = new Date('2026-11-23T07:00:00Z');
const aWebhook = (wanted: Partial<Webhook> = {}): Webhook => ({
  id: anId('whk'),
  url: 'https://hooks.example.no/vern',
  events: ['person.*'],
  secrets: [{ secret: newWebhookSecret() }],
  state: 'active',
  createdAt: now.toISOString(),
  ...wanted,
});
const aMessage = (wanted: Partial<WebhookMessage> = {}): WebhookMessage => ({
  change: { id: anId('evt'), at: now.toISOString(), event: 'person.created', subjectId: anId('per') },
  state: 'waiting',
  attempts: 0,
  dueAt: now.toISOString(),
  ...wanted,
});
const ok = { status: 204, milliseconds: 20 };
const down = { failure: 'connection', milliseconds: 20 } as const;

describe('a signed message', () => {
  const message = aMessage();
  const body = bodyOf(anId('org'), message.change);
  const headersOf = (webhook: Webhook, at: Date) => signedHeaders(webhook, { id: message.change.id, body }, at);

  it('is what another implementation of Standard Webhooks takes', () => {
    const webhook = aWebhook();
    const verifier = new Verifier(webhook.secrets[0]!.secret);
    const headers = headersOf(webhook, new Date());
    expect(verifier.verify(body, headers)).toMatchObject({ type: 'person.created', data: { id: message.change.id } });
    expect(() => verifier.verify(body.replace('created', 'changed'), headers)).toThrow();
  });

  it('carries both signatures for a day when the secret was renewed, and the new one alone after that', () => {
    const before = aWebhook();
    const fresh = newWebhookSecret();
    const at = new Date();
    const after = { ...before, secrets: rotatedSecrets(before, fresh, at) };
    for (const { secret } of [...before.secrets, { secret: fresh }]) {
      expect(() => new Verifier(secret).verify(body, headersOf(after, at))).not.toThrow();
    }
    const dayLater = new Date(at.getTime() + 24 * 60 * 60 * 1000);
    expect(headersOf(after, dayLater)['webhook-signature']?.split(' ')).toHaveLength(1);
  });

  it('holds ids and the name of the event, and nothing else', () => {
    expect(Object.keys(JSON.parse(body).data)).toEqual(['id', 'organisationId', 'subjectId']);
  });
});

describe('a try', () => {
  it('ends it when the answer is 2xx, and any other answer asks for another one', () => {
    expect(concluded(aMessage(), aWebhook(), ok, now).message).toMatchObject({ state: 'delivered', attempts: 1 });
    for (const status of [199, 301, 400, 404, 500]) {
      expect(concluded(aMessage(), aWebhook(), { ...ok, status }, now).message.state).toBe('waiting');
    }
  });

  it('is followed by nine more, over three days', () => {
    const instants: number[] = [];
    let message = aMessage();
    let at = now;
    while (message.dueAt !== undefined) {
      ({ message } = concluded(message, aWebhook(), down, at));
      if (message.dueAt === undefined) break;
      at = new Date(message.dueAt);
      instants.push((at.getTime() - now.getTime()) / 1000);
    }
    expect(message).toMatchObject({ state: 'failed', attempts: 10 });
    expect(instants.slice(0, 3)).toEqual([5, 305, 2105]);
    expect(instants.at(-1)! / 3600).toBeCloseTo(75.6, 1);
  });

  it('turns the webhook off when nothing has got through for five days, or its receiver is gone', () => {
    const since = (days: number) => new Date(now.getTime() - days * 24 * 60 * 60 * 1000).toISOString();
    const triedWhen = (failingSince: string, posted: Parameters<typeof concluded>[2] = down) =>
      concluded(aMessage({ attempts: 9 }), aWebhook({ failingSince }), posted, now);
    expect(triedWhen(since(4.9)).isDisabled).toBe(false);
    expect(triedWhen(since(5))).toMatchObject({
      isDisabled: true,
      webhook: { state: 'disabled', disabledReason: 'failing' },
    });
    expect(triedWhen(since(5), ok).webhook).not.toHaveProperty('failingSince');
    // After a quiet month the first failure is tried again like any other.
    const quiet = concluded(aMessage(), aWebhook({ failingSince: since(30) }), down, now);
    expect(quiet).toMatchObject({ isDisabled: false, message: { state: 'waiting' } });
    const gone = concluded(aMessage(), aWebhook(), { status: 410, milliseconds: 1 }, now);
    expect(gone).toMatchObject({ isDisabled: true, webhook: { disabledReason: 'gone' }, message: { state: 'failed' } });
  });
});

describe('what programs are told', () => {
  const row = (event: string) => ({
    ...{ pk: `${anId('org')}#${anId('per')}`, sk: anId('evt'), at: now.toISOString(), event },
    ...{ actor: 'system:test', requestId: 'r', writer: 'wri_1', sequence: 1, previous: '', salt: new Uint8Array(16) },
  });

  it('is never a read, a block, a right, an order or an event that nobody has decided about', () => {
    const secret = [
      'person.seen',
      'attendance.seen',
      'block.set',
      'block.lifted',
      'disclosure.recorded',
      'request.received',
    ];
    for (const event of [...secret, 'role.given', 'consent.withdrawn', 'something.new', 'toString.called']) {
      expect([event, mayReadOf(event)]).toEqual([event, undefined]);
      expect(changeIn(row(event), () => true)).toBeUndefined();
    }
  });

  it('is what some program may read', () => {
    expect(actionsOfNouns.filter((action) => !serviceClientScopes.includes(action))).toEqual([]);
    expect(changeIn(row('person.created'), (action) => action === 'person:list')).toMatchObject({
      event: 'person.created',
    });
    expect(changeIn(row('person.created'), () => false)).toBeUndefined();
  });

  it('is chosen by event or by noun', () => {
    expect(['person.*', 'person.created', 'block.*', 'person.seen'].map(isTold)).toEqual([true, true, false, false]);
    for (const pattern of ['block.*', 'constructor.*']) expect(EventPattern.safeParse(pattern).success).toBe(false);
    const webhook = aWebhook({ events: ['person.created', 'absence.*'] });
    const events = ['person.created', 'person.changed', 'absence.reported', 'absences.reported'];
    expect(events.map((event) => wantsEvent(webhook, event))).toEqual([true, false, true, false]);
  });
});
