import type { PostAuthenticationTriggerEvent, PreAuthenticationTriggerEvent } from 'aws-lambda';
import { attempted, type SignInAttempts, succeeded, whoAttempts } from '../features/misuse/sign-in-attempts.ts';
import { errorName } from '../platform/error-name.ts';
import { containerStore, systemCall } from './container.ts';

const store = containerStore();

/**
 * Cognito's triggers around each password: before it is checked, and after it was right. Whatever goes wrong here must
 * keep nobody out: Cognito takes a trigger that fails for a refusal.
 */
export async function handler<E extends PreAuthenticationTriggerEvent | PostAuthenticationTriggerEvent>(
  event: E,
  { awsRequestId }: { readonly awsRequestId: string },
): Promise<E> {
  const who = whoAttempts(event.userName, event.request.userAttributes);
  if (who === undefined || !(await store.gate.current()).isOpen) return event;
  const attempts: SignInAttempts = {
    counters: store.counters,
    pseudonym: (value) => store.ring.hmac('operator', 'sign-in-attempts', value),
    openCall: () => systemCall(store, 'sign-in-triggers', awsRequestId),
  };
  try {
    if (event.triggerSource === 'PostAuthentication_Authentication') await succeeded(who, store.now(), attempts);
    else await held(await attempted(who, store.now(), attempts));
  } catch (error) {
    console.log(JSON.stringify({ metric: 'sign-in-not-counted', error: errorName(error) }));
  }
  return event;
}

const held = (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds));
