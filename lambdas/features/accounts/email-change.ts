import * as z from 'zod';
import { AccountId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { entity } from '../../platform/entity.ts';
import type { LinkEffect } from '../links/handlers.ts';
import { queueNotice } from '../notices/notice.ts';
import { Email } from '../people/person.ts';
import { accountRef } from './account.ts';

/** A new address that waits to be confirmed; a later one replaces it. */
export const emailChangeEntity = entity({
  name: 'email-change',
  table: 'transient',
  sortKey: 'EMAIL-CHANGE',
  schema: z.strictObject({ email: Email, requestId: z.string().max(80), askedAt: z.iso.datetime() }),
  schemaVersion: 1,
  ourRole: 'controller',
  purpose: 'to change an e-mail address only when its owner confirms it',
  legalBasis: 'contract',
  article9: 'none',
  source: 'data-subject',
  retentionClass: 'account',
  exported: 'copy',
  onErasure: 'delete',
});

export interface AddressBook {
  /** Throws `EmailInUse`. */
  changeEmail(sub: string, email: string): Promise<void>;
}

/** What the link in the mail to the new address does; the old address is told. */
export const confirmEmail =
  (userPool: AddressBook): LinkEffect =>
  async (link, use, call) => {
    const accountId = AccountId.parse(link.owner.subject);
    const [account, waiting] = await call.records.together([
      accountRef(accountId),
      { entity: emailChangeEntity, owner: link.owner },
    ]);
    // A link of an earlier request would confirm an address that is no longer wanted.
    if (!account || !waiting || waiting.value.requestId !== link.about) throw new Problem('link-not-found');
    // Whoever signs out everywhere takes back what a stolen session asked for: this address would be the way in again.
    if (Date.parse(waiting.value.askedAt) < account.value.notBeforeEpochSeconds * 1000) {
      throw new Problem('link-not-found');
    }
    await userPool.changeEmail(account.value.sub, waiting.value.email).catch((error) => {
      throw error instanceof Error && error.name === 'EmailInUse' ? new Problem('email-taken') : error;
    });
    use
      .put(accountRef(accountId), { ...account.value, email: waiting.value.email }, { version: account.version })
      .remove({ entity: emailChangeEntity, owner: link.owner }, { version: waiting.version });
    queueNotice(
      use,
      {
        to: link.owner,
        template: 'email-changed',
        parameters: { at: call.now.toISOString() },
        address: account.value.email,
      },
      call,
    );
    await use.activity({ event: 'account.email-changed', subject: link.owner }).commit();
  };
