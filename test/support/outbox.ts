import type { Outbox, OutboxLine, Post } from '../../lambdas/features/notices/outbox-call.ts';
import { openRecords, type Store } from '../../lambdas/platform/open-records.ts';
import { aCall, anId, type TestStore } from './store.ts';

/** A supplier that a test does not reckon with. */
const unexpected = async (): Promise<never> => {
  throw new Error('an unexpected call to SNS');
};

/**
 * The outbox as its worker opens it: sends by what it is given, to a supplier whose events have all been read. What it
 * logs is a failure, unless the test takes it.
 */
export const anOutbox = (
  store: TestStore,
  post: Pick<Post, 'sendMail'> & Partial<Post>,
  log: (line: OutboxLine) => void = (line) => {
    throw new Error(JSON.stringify(line));
  },
) =>
  ({
    post: {
      further: { sendSms: unexpected, sendPush: unexpected, endpoints: { remove: unexpected } },
      countUnreadEvents: async () => 0,
      senderAddress: 'notices@vern.example',
      publicUrl: 'https://vern.test',
      ...post,
    },
    openCall: () => ({ ...aCall(store), throughRestriction: recordsThroughRestriction(store) }),
    hasTimeLeft: () => true,
    log,
  }) satisfies Outbox;

const recordsThroughRestriction = (store: Store) =>
  openRecords(store, { requestId: 'test', actor: 'system:outbox', newEventId: () => anId('evt') }, undefined, {
    throughRestriction: true,
  });
