import type { AccountCaller, Call } from '../../http/call.ts';
import { AccountId } from '../../http/ids.ts';
import type { PointerKey, Records } from '../../platform/records.ts';
import { accountOwner } from '../accounts/account.ts';
import { hashOf, linkKey, newToken, ownersLinkKey } from '../links/link.ts';
import { IsoWeek } from './iso-week.ts';

/** Long enough to pass it to a browser, or to a phone that prints; then it is worth nothing. */
export const PAGE_LINK_SECONDS = 180;
/** A browser that prints may ask once more, and a reader may turn the phone. */
export const OPENINGS_MAX = 3;
/** Not one of the purposes of a link from a letter: under `/l/…` such a link is none. */
const PURPOSE = 'show-week';

/** What opens the page of one week, for one account. Rows of ids and instants; the token itself is kept nowhere. */
export interface PageLink {
  readonly accountId: AccountId;
  readonly week: string;
  /** The proof of identity that the link descends from: what refuses tokens that are older refuses the link. */
  readonly authTimeEpochSeconds: number;
  /** Each may be used once. */
  readonly openings: readonly PointerKey[];
}

/** Makes a link to a week's page, and answers its token; 192 random bits. One transaction. */
export async function makePageLink(account: AccountCaller, week: string, { records, now }: Call) {
  const token = newToken();
  const hash = hashOf(token);
  const expires = new Date(now.getTime() + PAGE_LINK_SECONDS * 1000);
  const expiresAtEpochSeconds = Math.floor(expires.getTime() / 1000);
  const owner = accountOwner(account.accountId);
  const change = records
    .change()
    .point({
      ...linkKey(hash),
      attributes: {
        purpose: PURPOSE,
        accountId: account.accountId,
        week,
        authTimeEpochSeconds: account.authTimeEpochSeconds,
      },
      expiresAtEpochSeconds,
    })
    // From the account's own partition, so that an erasure finds it.
    .point({ ...ownersLinkKey(owner, hash), expiresAtEpochSeconds });
  for (let n = 1; n <= OPENINGS_MAX; n++) change.point({ ...openingKey(hash, n), expiresAtEpochSeconds });
  await change.activity({ event: 'week-page.linked', subject: owner }).commit();
  return { token, expiresAt: expires.toISOString() };
}

/** The link that a token is for, or none: never made, opened too often, over. One round trip; changes nothing. */
export async function findPageLink(token: string, { records }: Call): Promise<PageLink | undefined> {
  const { table, pk, sk } = linkKey(hashOf(token));
  const { items } = await records.pointers(table, pk);
  const attributes = items.find((item) => item.sk === sk)?.attributes;
  const openings = items.filter((item) => item.sk.startsWith(OPENING));
  if (attributes?.['purpose'] !== PURPOSE || openings.length === 0) return undefined;
  return {
    accountId: AccountId.parse(attributes['accountId']),
    week: IsoWeek.parse(attributes['week']),
    authTimeEpochSeconds: Number(attributes['authTimeEpochSeconds']),
    openings: openings.map(({ table: of, pk: partition, sk: key }) => ({ table: of, pk: partition, sk: key })),
  };
}

/** Uses one opening up; false when others were faster and have used them all. */
export async function openPage({ accountId, openings }: PageLink, records: Records): Promise<boolean> {
  for (const opening of openings) {
    const change = records
      .change()
      .unpoint(opening, { ifPresent: () => new UsedMeanwhile() })
      .activity({ event: 'week-page.opened', subject: accountOwner(accountId) });
    const isOpened = await change.commit(true).catch((error: unknown) => {
      if (error instanceof UsedMeanwhile) return false;
      throw error;
    });
    if (isOpened) return true;
  }
  return false;
}

class UsedMeanwhile extends Error {
  override readonly name = 'UsedMeanwhile';
}

const OPENING = 'OPENING#';
const openingKey = (hash: string, n: number): PointerKey => ({ ...linkKey(hash), sk: `${OPENING}${n}` });
