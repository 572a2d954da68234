import { type DynamoDBClient, TransactionCanceledException, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { recordMailEvents } from '../../../lambdas/features/deliveries/record-mail-events.ts';
import { noticeRef } from '../../../lambdas/features/notices/notice.ts';
import { deliverFromStream, sweepOutbox } from '../../../lambdas/features/notices/outbox.ts';
import type { Outbox, OutboxLine } from '../../../lambdas/features/notices/outbox-call.ts';
import { entryHash } from '../../../lambdas/features/transparency/leaf.ts';
import type { NoticeId } from '../../../lambdas/http/ids.ts';
import { activityChains } from '../../../lambdas/platform/activity-chain.ts';
import { dynamo } from '../../../lambdas/platform/dynamo.ts';
import { keyOf, type Owner } from '../../../lambdas/platform/entity.ts';
import { keyRing } from '../../../lambdas/platform/key-ring.ts';
import { mailer } from '../../../lambdas/platform/mail.ts';
import { backlogOf } from '../../../lambdas/platform/queue-backlog.ts';
import type { TestDynamoDb } from '../../support/dynoxide.ts';
import { anOutbox } from '../../support/outbox.ts';
import { aCall, type fakeKms, type TestStore } from '../../support/store.ts';
import { sesMessage } from '../deliveries/ses-message.ts';

/** What can go wrong with one call to AWS. `duplicate`: a second worker gets the same notice while the call is on its way. */
export const faults = [
  'throttle',
  'timeout before',
  'timeout after success',
  'crash before',
  'crash after',
  'duplicate',
] as const;
export type Fault = (typeof faults)[number];

/** Waits in the way of every call: it may let it through, fail it, or never come back. */
export type Door = <T>(service: Service, name: string, through: () => Promise<T>) => Promise<T>;
export type Service = 'DynamoDB' | 'KMS' | 'SES' | 'SQS';

export const openDoor: Door = (_service, _name, through) => through();

/** SES and its events as the outside world that they are. What it took is out, whatever was heard of it. */
export function fakeSesWithEvents(now: () => Date) {
  const mails: { readonly noticeId: string; readonly messageId: string }[] = [];
  const ses = {
    mails,
    /** What waits in the queue; a test that empties it loses events, as SES never promises not to. */
    events: [] as string[],
    of: (id: NoticeId) => mails.filter(({ noticeId }) => noticeId === id),
    take(tags: readonly { Name?: string; Value?: string }[]) {
      const noticeId = tags.find(({ Name }) => Name === 'notice')?.Value ?? '';
      const messageId = `ses-${mails.length + 1}`;
      mails.push({ noticeId, messageId });
      const about = { tags: { notice: [noticeId] }, messageId, at: now().toISOString() };
      ses.events.push(sesMessage('Send', about), sesMessage('Delivery', about));
      return { MessageId: messageId };
    },
  };
  return ses;
}
export type FakeSes = ReturnType<typeof fakeSesWithEvents>;

/** What all processes have in common: tables, keys, SES, its queue, the clock. */
export interface Cloud {
  readonly db: TestDynamoDb;
  readonly tableNames: TestStore['tableNames'];
  readonly kms: ReturnType<typeof fakeKms>['kms'];
  readonly ses: FakeSes;
  clock: Date;
}

/** A container that has just started, with nothing in memory: its calls pass the door. */
export function aProcess(cloud: Cloud, door: Door) {
  const client = {
    send: (command: object) => door('DynamoDB', nameOf(command), () => cloud.db.client.send(command as never)),
  } as unknown as Pick<DynamoDBClient, 'send'>;
  const kms: typeof cloud.kms = {
    send: (command: never) =>
      door('KMS', nameOf(command), () => (cloud.kms.send as (it: never) => Promise<never>)(command)),
  } as never;
  const store: TestStore = {
    dynamo: dynamo(client, async () => {}),
    ring: keyRing({
      dynamo: client,
      kms,
      keysTable: cloud.tableNames.keys,
      kmsKeyId: 'key',
      now: () => cloud.clock.getTime(),
    }),
    chains: activityChains(entryHash),
    tableNames: cloud.tableNames,
    kmsCalls: { decrypt: 0, generate: 0 },
    now: () => cloud.clock,
    get clock() {
      return cloud.clock;
    },
  } as TestStore;
  const lines: OutboxLine[] = [];
  const sesClient = {
    send: (command: { input: { Tags: { Name: string; Value: string }[] } }) =>
      door('SES', nameOf(command), async () => cloud.ses.take(command.input.Tags)),
  };
  const sqsClient = {
    send: (command: object) =>
      door('SQS', nameOf(command), async () => {
        if (!(command instanceof GetQueueAttributesCommand)) throw new Error('an unexpected call to SQS');
        const waiting = String(cloud.ses.events.length);
        return { Attributes: { ApproximateNumberOfMessages: waiting, ApproximateNumberOfMessagesNotVisible: '0' } };
      }),
  };
  const outbox: Outbox = anOutbox(
    store,
    { sendMail: mailer(sesClient as never), countUnreadEvents: backlogOf(sqsClient as never, 'queue') },
    (line) => void lines.push(line),
  );
  return {
    lines,
    outbox,
    store,
    stream: (owner: Owner, id: NoticeId) => deliverFromStream([inserted(owner, id)], outbox),
    sweep: () => sweepOutbox(outbox),
    /** Reads what SES has said; what fails, or is cut off, stays in the queue and comes again. */
    async readEvents() {
      const messages = cloud.ses.events.map((body, i) => ({ messageId: String(i), body }));
      const { batchItemFailures } = await recordMailEvents(messages, {
        openCall: () => aCall(store),
        recordJobEvents: async () => {},
        log: () => {},
      });
      const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      const done = new Set(messages.filter(({ messageId }) => !failed.has(messageId)).map(({ body }) => body));
      cloud.ses.events = cloud.ses.events.filter((body) => !done.has(body));
    },
  };
}

function inserted(owner: Owner, id: NoticeId) {
  const { pk, sk } = keyOf(noticeRef(owner, id));
  return { eventName: 'INSERT', dynamodb: { SequenceNumber: '7', Keys: { pk: { S: pk }, sk: { S: sk } } } };
}

const nameOf = (command: object) => command.constructor.name.replace(/Command$/, '');

/** Never settles, and tells the test that the process is gone. */
export function crashes() {
  let crash = () => {};
  const crashed = new Promise<'crashed'>((resolve) => {
    crash = () => resolve('crashed');
  });
  const never = <T>(): Promise<T> => {
    crash();
    return new Promise(() => {});
  };
  return { crashed, never };
}

/** One fault at one call (counted from 0 over all services); what the process did is written down. */
export function faultAt(at: number, fault: Fault, never: <T>() => Promise<T>, duplicate: () => Promise<unknown>) {
  const calls: { readonly service: Service; readonly name: string }[] = [];
  const door: Door = async (service, name, through) => {
    const number = calls.push({ service, name }) - 1;
    if (number !== at) return through();
    switch (fault) {
      case 'throttle':
        throw throttled(service, name);
      case 'timeout before':
        throw timedOut();
      case 'timeout after success':
        await through();
        throw timedOut();
      case 'crash before':
        return never();
      case 'crash after':
        await through();
        return never();
      case 'duplicate':
        await duplicate();
        return through();
    }
  };
  return { door, calls };
}

const timedOut = () => Object.assign(new Error('timed out'), { name: 'TimeoutError' });

/** As each service says it. */
function throttled(service: Service, name: string): Error {
  if (name === TransactWriteItemsCommand.name.replace(/Command$/, '')) {
    return new TransactionCanceledException({
      message: 'throttled',
      $metadata: {},
      CancellationReasons: [{ Code: 'ThrottlingError' }],
    });
  }
  const names = {
    DynamoDB: 'ThrottlingException',
    KMS: 'ThrottlingException',
    SES: 'Throttling',
    SQS: 'RequestThrottled',
  };
  return Object.assign(new Error('Rate exceeded'), { name: names[service], $metadata: { httpStatusCode: 400 } });
}
