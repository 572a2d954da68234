import { QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findLink } from '../../../lambdas/features/links/link.ts';
import { type NoticeRequest, noticeEntity, noticeRef, queueNotice } from '../../../lambdas/features/notices/notice.ts';
import { deliverFromStream, sweepOutbox } from '../../../lambdas/features/notices/outbox.ts';
import type { OutboxLine } from '../../../lambdas/features/notices/outbox-call.ts';
import { declineNotices } from '../../../lambdas/features/notices/preferences.ts';
import { ATTEMPTS_MAX, LEASE_SECONDS, UNSURE_ATTEMPTS_MAX } from '../../../lambdas/features/notices/progress.ts';
import { personEntity } from '../../../lambdas/features/people/person.ts';
import type { NoticeId, OrganisationId } from '../../../lambdas/http/ids.ts';
import { classKeyRowKey } from '../../../lambdas/platform/class-keys.ts';
import { keyOf, type Owner } from '../../../lambdas/platform/entity.ts';
import { startDynamoDb, type TestDynamoDb } from '../../support/dynoxide.ts';
import { anOutbox } from '../../support/outbox.ts';
import { aCall, anId, aStore, type TestStore } from '../../support/store.ts';
import { aKindergarten, anAccount, fakeSes } from './kindergarten.ts';

let dynamoDb: TestDynamoDb;
let store: TestStore;
let organisationId: OrganisationId;
let ses: ReturnType<typeof fakeSes>;

beforeAll(async () => {
  dynamoDb = await startDynamoDb();
});
afterAll(() => dynamoDb.stop());
beforeEach(async () => {
  organisationId = anId('org');
  store = await aStore(dynamoDb.client, await dynamoDb.createTables(), [organisationId, 'operator']);
  ses = fakeSes();
});

describe('a notice', () => {
  it('is sent once the change that causes it has been committed, and not if it has not (FW-03)', async () => {
    const { childId, guardian } = await aKindergarten(store, organisationId);
    const change = aCall(store).records.change();
    const id = queueNotice(change, checkedIn(guardian, childId), aCall(store));
    await stream(guardian, id);
    expect(ses.mails).toHaveLength(0);

    await change.activity({ event: 'attendance.checked-in', subject: guardian }).commit();
    await stream(guardian, id);

    const mail = await onlyMail();
    expect(mail.to).toEqual([{ name: '', address: 'kari@example.org' }]);
    expect(mail.from).toEqual({ name: 'Solbakken barnehage', address: 'notices@vern.example' });
    expect(mail.text).toContain('Åse ble krysset inn klokken 07.58.');
    expect(await stateOf(guardian, id)).toMatchObject({ state: 'accepted', attempts: 1, sesMessageId: 'ses-1' });
  });

  it('KP-14 reaches a person whose data is restricted when it is about their rights, and otherwise not', async () => {
    const { childId, guardian } = await aKindergarten(store, organisationId);
    const change = aCall(store).records.change().activity({ event: 'request.executed', subject: guardian });
    await change.keys({ do: 'restrict', owner: guardian, retentionClass: 'person' }).commit();
    const news = await queued(checkedIn(guardian, childId));
    const parameters = { at: '2026-11-23T07:00:00.000Z', childIds: [] };
    const rights = await queued({ to: guardian, template: 'consent-withdrawn', parameters });
    await sweep();
    expect(await stateOf(guardian, news)).toMatchObject({ state: 'not-sent', reason: 'recipient-gone' });
    expect(await stateOf(guardian, rights)).toMatchObject({ state: 'accepted' });
    expect((await onlyMail()).to?.[0]?.address).toBe('kari@example.org');
  });

  it('is sent once however many try at the same time', async () => {
    const { childId, guardian } = await aKindergarten(store, organisationId);
    const id = await queued(checkedIn(guardian, childId));
    await Promise.all([stream(guardian, id), stream(guardian, id), sweep(), sweep()]);
    await sweep();
    expect(ses.mails).toHaveLength(1);
  });

  it('is looked at when it is new, and by nothing else that the stream tells', async () => {
    const { childId, guardian } = await aKindergarten(store, organisationId);
    const id = await queued(checkedIn(guardian, childId));
    const { dynamodb } = inserted(guardian, id);
    const [pk, sk] = [dynamodb.Keys.pk, { S: 'UNDELIVERABLE-ADDRESS' }];
    const others = [
      { eventName: 'MODIFY', dynamodb },
      { eventName: 'REMOVE', dynamodb },
      { eventName: 'INSERT', dynamodb: { SequenceNumber: '8', Keys: { pk, sk } } },
      { eventName: 'INSERT', dynamodb: { SequenceNumber: '9', Keys: { pk: { S: 'LINK#x' }, sk: { S: 'LINK' } } } },
    ];
    expect(await deliverFromStream(others, outbox())).toEqual({ batchItemFailures: [] });
    expect(ses.mails).toHaveLength(0);
  });

  it('goes to SES with nothing but the recipient, the message and its own id (KP-08)', async () => {
    const { childId, guardian } = await aKindergarten(store, organisationId);
    const id = await queued(checkedIn(guardian, childId));
    await sweep();
    const [{ raw, ...rest } = { raw: new Uint8Array() }] = ses.mails;
    expect(rest).toEqual({
      senderAddress: 'notices@vern.example',
      recipientAddress: 'kari@example.org',
      noticeId: id,
    });
    for (const hidden of [childId, guardian.subject, organisationId, 'Ødegård']) {
      expect(Buffer.from(raw).toString()).not.toContain(hidden);
    }
  });

  it('keeps neither address, link nor ids of others once it has been sent', async () => {
    const owner = await anAccount(store);
    const id = await queued({
      to: owner,
      template: 'email-change-confirm',
      parameters: { token: 't'.repeat(32), expiresAt: '2026-11-24T07:00:00.000Z' },
      address: 'ny@example.org',
    });
    await sweep();
    expect((await onlyMail()).to?.[0]?.address).toBe('ny@example.org');
    expect(await stateOf(owner, id)).toEqual({
      id,
      content: { template: 'done', was: 'email-change-confirm' },
      channel: 'email',
      state: 'accepted',
      attempts: 1,
      createdAt: '2026-11-23T07:00:00.000Z',
      sentAt: '2026-11-23T07:00:00.000Z',
      sesMessageId: 'ses-1',
    });
  });

  it('reads address and language when it is sent, not when it was written', async () => {
    const { childId, guardian, guardianId } = await aKindergarten(store, organisationId);
    await queued(checkedIn(guardian, childId));
    const call = aCall(store);
    const ref = { entity: personEntity, owner: guardian };
    const person = await call.records.get(ref);
    await call.records
      .change()
      .put(ref, { ...person!.value, email: 'ny@example.org', language: 'en' }, { version: 1 })
      .activity({ event: 'person.changed', subject: guardian, about: [guardianId] })
      .commit();
    await sweep();
    const mail = await onlyMail();
    expect(mail.to?.[0]?.address).toBe('ny@example.org');
    expect(mail.text).toContain('was checked in at 07:58');
  });
});

describe('a notice is not sent', () => {
  it.each([
    ['blocked', { isBlocked: true }],
    ['no-longer-guardian', { link: { until: '2026-11-22' } }],
    ['no-longer-guardian', { link: { rights: 'pick-up-only' as const } }],
    ['no-address', { guardian: { email: undefined } }],
  ])('when the recipient is %s', async (reason, but) => {
    const { childId, guardian } = await aKindergarten(store, organisationId, but as object);
    const id = await queued(checkedIn(guardian, childId));
    await sweep();
    expect(ses.mails).toHaveLength(0);
    expect(await stateOf(guardian, id)).toMatchObject({ state: 'not-sent', reason, attempts: 0 });
  });

  it('when the day has passed, so that nobody is alarmed by yesterday', async () => {
    const { childId, guardian } = await aKindergarten(store, organisationId);
    const id = await queued(checkedIn(guardian, childId));
    store.clock = new Date('2026-11-24T07:00:00Z');
    await sweep();
    expect(await stateOf(guardian, id)).toMatchObject({ state: 'not-sent', reason: 'too-late' });
  });

  it('after the recipient declined by the link in an earlier one; what concerns safety still comes', async () => {
    const { childId, guardian } = await aKindergarten(store, organisationId);
    await queued(checkedIn(guardian, childId));
    await sweep();
    const token = /\/l\/([\w-]+)/.exec(await header('list-unsubscribe'))?.[1] ?? '';
    const call = aCall(store);
    const link = await findLink(call.records, token);
    expect(link).toMatchObject({ purpose: 'decline-notices', owner: guardian, about: 'arrivals' });
    await declineNotices(link!, call.records.change(), call);
    await declineNotices(link!, aCall(store).records.change(), aCall(store));

    const second = await queued(checkedIn(guardian, childId));
    await queued({
      to: guardian,
      template: 'not-arrived',
      parameters: { childId, expectedAt: '2026-11-23T06:30:00.000Z' },
    });
    await sweep();
    expect(await stateOf(guardian, second)).toMatchObject({ state: 'not-sent', reason: 'declined' });
    expect(ses.mails).toHaveLength(2);
    expect((await parsed(1)).subject).toBe('Viktig melding om oppmøte i dag');
  });

  it('to an address that refused mail, until the address is another', async () => {
    const { childId, guardian } = await aKindergarten(store, organisationId);
    ses.answers = { outcome: 'refused' };
    const first = await queued(checkedIn(guardian, childId));
    await sweep();
    const second = await queued(checkedIn(guardian, childId));
    await sweep();
    expect(await stateOf(guardian, first)).toMatchObject({ state: 'permanent-failure' });
    expect(await stateOf(guardian, second)).toMatchObject({ state: 'not-sent', reason: 'undeliverable-address' });
    expect(ses.mails).toHaveLength(1);

    const call = aCall(store);
    const ref = { entity: personEntity, owner: guardian };
    const person = await call.records.get(ref);
    await call.records
      .change()
      .put(ref, { ...person!.value, email: 'virker@example.org' }, { version: 1 })
      .activity({ event: 'person.changed', subject: guardian })
      .commit();
    ses.answers = { outcome: 'accepted', sesMessageId: 'ses-2' };
    const third = await queued(checkedIn(guardian, childId));
    await sweep();
    expect(await stateOf(guardian, third)).toMatchObject({ state: 'accepted' });
  });

  it('to somebody who was erased: the row is dropped from the sweep', async () => {
    const { childId, guardian } = await aKindergarten(store, organisationId);
    const id = await queued(checkedIn(guardian, childId));
    await fence(guardian);
    expect(await sweep()).toEqual({ swept: 1, failed: 0 });
    expect(ses.mails).toHaveLength(0);
    expect(await sweep()).toEqual({ swept: 0, failed: 0 });
    expect(await stateOf(guardian, id)).toBeUndefined();
  });
});

describe('a notice that failed', () => {
  it('is not sent again before the lease is over when nobody knows whether it went out', async () => {
    const { guardian } = await aKindergarten(store, organisationId);
    ses.answers = { outcome: 'unknown' };
    const id = await queued(invitation(guardian));
    await sweep();
    later(LEASE_SECONDS - 1);
    await sweep();
    await stream(guardian, id);
    expect(ses.mails).toHaveLength(1);
    later(1);
    ses.answers = { outcome: 'accepted', sesMessageId: 'ses-2' };
    const lines: OutboxLine[] = [];
    await sweepOutbox(outbox((line) => void lines.push(line)));
    expect(await stateOf(guardian, id)).toMatchObject({ state: 'accepted', attempts: 2 });
    expect(lines).toEqual([{ event: 'mail-maybe-twice', metric: 'mail-maybe-twice', noticeId: id }]);
  });

  it(`is given up after ${ATTEMPTS_MAX} tries, with an activity record`, async () => {
    const { guardian } = await aKindergarten(store, organisationId);
    ses.answers = { outcome: 'later' };
    const id = await queued(invitation(guardian));
    const lines: OutboxLine[] = [];
    for (let tries = 0; tries < ATTEMPTS_MAX; tries++) {
      await sweepOutbox(outbox((line) => void lines.push(line)));
      later(12 * 60 * 60);
    }
    // A clear no is no doubt.
    expect(lines).toEqual([
      { event: 'notice-held-up', metric: 'notice-failed', noticeId: id },
      { event: 'notice-failed', metric: 'notice-failed', noticeId: id },
    ]);
    expect(ses.mails).toHaveLength(ATTEMPTS_MAX);
    expect(await stateOf(guardian, id)).toMatchObject({
      state: 'technical-failure',
      content: { template: 'invitation' },
    });
    expect(await sweep()).toEqual({ swept: 0, failed: 0 });
    expect(await events(guardian)).toContain('notice.technical-failure');
  });

  it('outlasts a day on which SES takes nothing more', async () => {
    const { guardian } = await aKindergarten(store, organisationId);
    ses.answers = { outcome: 'later' };
    const id = await queued({ to: guardian, template: 'addresses-unreachable', parameters: {} });
    for (let minutes = 0; minutes < 25 * 60; minutes += 30) {
      await sweepOutbox(outbox(() => undefined));
      later(30 * 60);
    }
    ses.answers = { outcome: 'accepted', sesMessageId: 'ses-2' };
    later(12 * 60 * 60);
    await sweep();
    expect(await stateOf(guardian, id)).toMatchObject({ state: 'accepted' });
  });

  it('when our own code fails after the claim: the lease runs out, and the sweep ends it', async () => {
    const { guardian } = await aKindergarten(store, organisationId);
    const id = await queued(invitation(guardian));
    const broken = outbox();
    broken.post.sendMail = async () => {
      throw new TypeError('a bug');
    };
    const lines: OutboxLine[] = [];
    const log = (line: OutboxLine) => void lines.push(line);
    for (let round = 0; round <= UNSURE_ATTEMPTS_MAX; round++) {
      await sweepOutbox({ ...broken, log });
      later(LEASE_SECONDS);
    }
    expect(lines.filter(({ error }) => error === 'TypeError')).toHaveLength(UNSURE_ATTEMPTS_MAX);
    expect(lines.at(-1)).toEqual({ event: 'notice-failed', metric: 'notice-failed', noticeId: id });
    expect(await stateOf(guardian, id)).toMatchObject({ state: 'technical-failure', attempts: UNSURE_ATTEMPTS_MAX });
  });

  it('is named to Lambda, which tries it again', async () => {
    const { guardian } = await aKindergarten(store, organisationId);
    const id = await queued(invitation(guardian));
    const broken = { ...outbox(), log: () => {} };
    broken.post.sendMail = () => Promise.reject(new TypeError('a bug'));
    expect(await deliverFromStream([inserted(guardian, id)], broken)).toEqual({
      batchItemFailures: [{ itemIdentifier: '7' }],
    });
  });
});

describe('what a letter tells', () => {
  it.each([
    ['the child', { child: { protectedAddress: true } }],
    ['the guardian', { guardian: { protectedAddress: true } }],
  ])('names no organisation and no family name when %s has a protected address', async (_, but) => {
    const { childId, guardian } = await aKindergarten(store, organisationId, but);
    await queued(checkedIn(guardian, childId));
    await queued(invitation(guardian, childId));
    await sweep();
    expect(ses.mails).toHaveLength(2);
    for (const index of [0, 1]) {
      const mail = await parsed(index);
      expect(mail.from?.name).toBe('Vern');
      const all = `${mail.subject} ${mail.text} ${mail.html} ${JSON.stringify(mail.headers)}`;
      expect(all).not.toMatch(/Solbakken|Ødegård|barnehage/);
    }
  });

  it('names nobody when a child of the invitation is gone and may have been protected', async () => {
    const { guardian } = await aKindergarten(store, organisationId);
    await queued(invitation(guardian, anId('per')));
    await sweep();
    expect((await onlyMail()).html).not.toContain('Solbakken');
  });
});

const checkedIn = (to: Owner, childId: ReturnType<typeof anId<'per'>>): NoticeRequest => ({
  to,
  template: 'checked-in',
  parameters: { childId, at: '2026-11-23T06:58:00.000Z' },
});
const invitation = (to: Owner, ...childIds: ReturnType<typeof anId<'per'>>[]): NoticeRequest => ({
  to,
  template: 'invitation',
  parameters: { token: 't'.repeat(32), expiresAt: '2026-12-07T07:00:00.000Z', role: 'guardian', childIds },
});

async function queued(request: NoticeRequest): Promise<NoticeId> {
  const call = aCall(store);
  const change = call.records.change();
  const id = queueNotice(change, request, call);
  await change.activity({ event: 'test.happened', subject: request.to }).commit();
  return id;
}

const outbox = (log?: (line: OutboxLine) => void) => anOutbox(store, { sendMail: ses.sendMail }, log);

const inserted = (owner: Owner, id: NoticeId) => {
  const { pk, sk } = keyOf(noticeRef(owner, id));
  return { eventName: 'INSERT', dynamodb: { SequenceNumber: '7', Keys: { pk: { S: pk }, sk: { S: sk } } } };
};
const stream = (owner: Owner, id: NoticeId) => deliverFromStream([inserted(owner, id)], outbox());
const sweep = () => sweepOutbox(outbox());
const later = (seconds: number) => {
  store.clock = new Date(store.clock.getTime() + seconds * 1000);
};
const stateOf = async (owner: Owner, key: NoticeId) =>
  (await aCall(store).records.get({ entity: noticeEntity, owner, key }))?.value;

const parsed = (index: number) => PostalMime.parse(ses.mails[index]!.raw);
async function onlyMail() {
  expect(ses.mails).toHaveLength(1);
  return parsed(0);
}
const header = async (name: string) => (await parsed(0)).headers.find(({ key }) => key === name)?.value ?? '';

async function fence(owner: Owner) {
  const { table, pk, sk } = classKeyRowKey(store.tableNames.keys, owner, 'notice');
  await dynamoDb.client.send(
    new UpdateItemCommand({
      TableName: table,
      Key: { pk: { S: pk }, sk: { S: sk } },
      UpdateExpression: 'SET #state = :erased REMOVE wrappedKey',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':erased': { S: 'ERASED' } },
    }),
  );
}

async function events({ controller, subject }: Owner) {
  const { Items = [] } = await dynamoDb.client.send(
    new QueryCommand({
      TableName: store.tableNames.activity,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': { S: `${controller}#${subject}` } },
    }),
  );
  return Items.map((item) => item['event']?.S);
}
