import type { AccountCaller, Call } from '../../http/call.ts';
import { networkOf } from '../../http/network.ts';
import { type Records, StaleVersion } from '../../platform/records.ts';
import { queueNotice } from '../notices/notice.ts';
import { expiryAfter, terms } from '../retention/terms.ts';
import { deviceOf } from '../usage/browser.ts';
import { accountOwner, lastSignInEntity, signInEntity } from './account.ts';
import { noveltyToTell } from './novelty.ts';

/** Sign-ins that a new one is compared with: of three weeks, and of nobody's more. */
const EARLIER_MAX = 500;

/**
 * Writes the sign-in record at the first request with a new `origin_jti` (CE-14): Cognito's triggers know neither
 * address nor browser. Two first requests at once leave one record. Where the log knows neither browser nor network of
 * it, its owner is told (CE-08).
 */
export async function recordSignIn(
  account: AccountCaller,
  origin: Call['origin'],
  { now, newId }: Pick<Call, 'now' | 'newId'>,
  records: Records,
): Promise<void> {
  const owner = accountOwner(account.accountId);
  const [last, { items: earlier }] = await Promise.all([
    records.get({ entity: lastSignInEntity, owner }),
    records.list(signInEntity, owner, { limit: EARLIER_MAX }),
  ]);
  const expiresAtEpochSeconds = expiryAfter(terms['sign-in'].length, now);
  const signIn = {
    at: now.toISOString(),
    network: networkOfSignIn(origin.sourceIp),
    browser: origin.userAgent.slice(0, 256),
  };
  const change = records.change();
  const novelty =
    last &&
    noveltyToTell(
      signIn,
      earlier.map(({ value }) => value),
    );
  if (novelty) {
    const parameters = { at: signIn.at, novelty, browser: deviceOf(signIn.browser).browser };
    queueNotice(change, { to: owner, template: 'sign-in-new', parameters }, { now, newId });
  }
  await change
    .put({ entity: signInEntity, owner, key: account.originJti }, signIn, 'new', { expiresAtEpochSeconds })
    .put({ entity: lastSignInEntity, owner }, { at: now.toISOString() }, last ? { version: last.version } : 'new')
    .activity({ event: 'account.signed-in', subject: owner })
    .commit()
    .catch((error) => {
      if (!(error instanceof StaleVersion)) throw error;
    });
}

/** The network that an address is in: /24 of IPv4, /48 of IPv6. The whole address is nobody's to keep this long. */
const networkOfSignIn = (address: string): string => networkOf(address, { numbers: 3, groups: 3 }) ?? 'unknown';
