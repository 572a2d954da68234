import { deviceOf } from '../usage/browser.ts';
import type { SignIn } from './account.ts';

/** What of a sign-in its account's log has not seen. */
export type Novelty = 'browser' | 'network' | 'browser-and-network';

const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;

/**
 * Whether a person is told that somebody signed in as them (CE-08): from a kind of browser or a network that the log of
 * the last 21 days does not hold. Not a version: browsers change that by themselves. Not a place either: nobody looks up
 * where a network is. At most once a day for each kind of novelty. Pure.
 *
 * @param earlier the account's sign-ins before this one that are still kept, in any order; not for its first one ever
 */
export function noveltyToTell(signIn: SignIn, earlier: readonly SignIn[]): Novelty | undefined {
  // Nothing is left of what was before: three weeks without a sign-in make everything new.
  if (earlier.length === 0) return 'browser-and-network';
  const { browser, network } = newIn(signIn, earlier);
  const lastDay = earlier.filter(({ at }) => Date.parse(signIn.at) - Date.parse(at) < DAY_MILLISECONDS);
  const alike = lastDay.map((one) => newIn(one, before(one, earlier)));
  const tellsBrowser = browser && !alike.some((told) => told.browser);
  const tellsNetwork = network && !alike.some((told) => told.network);
  if (tellsBrowser) return tellsNetwork ? 'browser-and-network' : 'browser';
  return tellsNetwork ? 'network' : undefined;
}

const before = (one: SignIn, all: readonly SignIn[]): readonly SignIn[] => all.filter(({ at }) => at < one.at);

/** Of the oldest one that is kept nobody knows: rather one mail more than none. */
function newIn(signIn: SignIn, earlier: readonly SignIn[]) {
  if (earlier.length === 0) return { browser: false, network: false };
  return {
    browser: earlier.every((one) => kindOf(one) !== kindOf(signIn)),
    network: earlier.every((one) => one.network !== signIn.network),
  };
}

function kindOf({ browser }: SignIn): string {
  const device = deviceOf(browser);
  return `${device.browser} ${device.system}`;
}
