import { errorName } from '../../platform/error-name.ts';
import { attempted, type SignInAttempts, stillToWait, succeeded, whoAttempts } from './sign-in-attempts.ts';

/** What Cognito says around a password: before it is checked, and after it was right. */
interface SignInEvent {
  readonly triggerSource: string;
  readonly userName: string;
  readonly request: { readonly userAttributes: Readonly<Record<string, string>> };
}

export interface PasswordWatch extends SignInAttempts {
  now(): Date;
  /** False while the service is being restored: then nothing is written. */
  isOpen(): Promise<boolean>;
  /** Since the function began, and until it must have answered. */
  spentMilliseconds(): number;
  leftMilliseconds(): number;
  wait(milliseconds: number): Promise<void>;
  log(line: { readonly metric: string; readonly error: string }): void;
}

/**
 * Counts an attempt and holds it up, or forgets those before it. Whatever goes wrong here must keep nobody out: Cognito
 * takes a trigger that fails for a refusal.
 */
export async function aroundPassword<E extends SignInEvent>(event: E, watch: PasswordWatch): Promise<E> {
  const who = whoAttempts(event.userName, event.request.userAttributes);
  if (who === undefined) return event;
  try {
    if (!(await watch.isOpen())) return event;
    if (event.triggerSource === 'PostAuthentication_Authentication') {
      await succeeded(who, watch.now(), watch);
      return event;
    }
    const delay = await attempted(who, watch.now(), watch);
    await watch.wait(stillToWait(delay, { spent: watch.spentMilliseconds(), left: watch.leftMilliseconds() }));
  } catch (error) {
    watch.log({ metric: 'sign-in-not-counted', error: errorName(error) });
  }
  return event;
}
