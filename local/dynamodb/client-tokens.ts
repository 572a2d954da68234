import type { Control, Input } from './control.ts';
import { Refusal } from './control.ts';

/** "A client token is valid for 8 hours after the first request that uses it is completed" (API reference). */
const TOKEN_MILLISECONDS = 8 * 3_600_000;

interface Remembered {
  readonly arn: string;
  readonly request: string;
  readonly at: number;
}

/**
 * The ARN of what a request with the same client token has started already, or undefined. Throws the conflict where the
 * token was used with other parameters.
 */
export function startedBefore({ state, now }: Control, input: Input, conflictCode: string): string | undefined {
  const { ClientToken: token, ...request } = input;
  const stored = token === undefined ? undefined : state.get(nameOf(token));
  if (stored === undefined) return undefined;
  const remembered = JSON.parse(stored) as Remembered;
  if (now() - remembered.at >= TOKEN_MILLISECONDS) return undefined;
  if (remembered.request === JSON.stringify(request)) return remembered.arn;
  throw new Refusal(conflictCode, 'There was a conflict: the client token was used with other parameters');
}

export function rememberStarted({ state, now }: Control, input: Input, arn: string): void {
  const { ClientToken: token, ...request } = input;
  if (token === undefined) return;
  const remembered: Remembered = { arn, request: JSON.stringify(request), at: now() };
  state.set(nameOf(token), JSON.stringify(remembered));
}

const nameOf = (token: unknown) => `client-token/${String(token)}`;
