import type { PostAuthenticationTriggerEvent, PreAuthenticationTriggerEvent } from 'aws-lambda';
import {
  attempted,
  type SignInAttempts,
  stillToWait,
  succeeded,
  whoAttempts,
} from '../features/misuse/sign-in-attempts.ts';
import { errorName } from '../platform/error-name.ts';
import { containerStore, systemCall } from './container.ts';

const store = containerStore();

/**
 * Cognito's triggers around each password: before it is checked, and after it was right. Whatever goes wrong here must
 * keep nobody out: Cognito takes a trigger that fails for a refusal.
 */
export async function handler<E extends PreAuthenticationTriggerEvent | PostAuthenticationTriggerEvent>(
  event: E,
  context: { readonly awsRequestId: string; getRemainingTimeInMillis(): number },
): Promise<E> {
  const begunAt = performance.now();
  const who = whoAttempts(event.userName, event.request.userAttributes);
  if (who === undefined) return event;
  const attempts: SignInAttempts = {
    counters: store.counters,
    pseudonym: (value) => store.ring.hmac('operator', 'sign-in-attempts', value),
    openCall: () => systemCall(store, 'sign-in-triggers', context.awsRequestId),
  };
  try {
    if (!(await store.gate.current()).isOpen) return event;
    if (event.triggerSource === 'PostAuthentication_Authentication') await succeeded(who, store.now(), attempts);
    else {
      const delay = await attempted(who, store.now(), attempts);
      await held(stillToWait(delay, { spent: performance.now() - begunAt, left: context.getRemainingTimeInMillis() }));
    }
  } catch (error) {
    console.log(JSON.stringify({ metric: 'sign-in-not-counted', error: errorName(error) }));
  }
  return event;
}

const held = (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds));
