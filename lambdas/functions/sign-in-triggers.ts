import type { PostAuthenticationTriggerEvent, PreAuthenticationTriggerEvent } from 'aws-lambda';
import { aroundPassword } from '../features/misuse/around-password.ts';
import { containerStore, systemCall } from './container.ts';

const store = containerStore();

/** Cognito's triggers around each password. */
export function handler<E extends PreAuthenticationTriggerEvent | PostAuthenticationTriggerEvent>(
  event: E,
  context: { readonly awsRequestId: string; getRemainingTimeInMillis(): number },
): Promise<E> {
  const begunAt = performance.now();
  return aroundPassword(event, {
    counters: store.counters,
    pseudonym: (value) => store.ring.hmac('operator', 'sign-in-attempts', value),
    openCall: () => systemCall(store, 'sign-in-triggers', context.awsRequestId),
    now: () => store.now(),
    isOpen: async () => (await store.gate.current()).isOpen,
    spentMilliseconds: () => performance.now() - begunAt,
    leftMilliseconds: () => context.getRemainingTimeInMillis(),
    wait: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)),
    log: (line) => console.log(JSON.stringify(line)),
  });
}
