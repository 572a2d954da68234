import * as z from 'zod';
import { oneLine } from '../../http/free-text.ts';
import { AccountId, OrganisationId, type PersonId } from '../../http/ids.ts';
import { entity, type Owner } from '../../platform/entity.ts';
import { Email, Phone } from '../people/person.ts';

/** Personal settings are kept by the service, not by the client (SM-09). */
export const Settings = z
  .strictObject({
    styleSheet: z.enum(['system', 'light', 'dark', 'high-contrast']).optional(),
    /** The solution last signed in to, for the redirect. */
    lastOrganisationId: OrganisationId.optional(),
    cachedVersion: oneLine({ max: 40 }).optional(),
    /** Codes of notices that have been shown. */
    noticesShown: z
      .array(
        z
          .string()
          .regex(/^[a-z][a-z0-9-]{0,59}$/)
          .meta({ examples: ['welcome'] }),
      )
      .max(200)
      .optional(),
  })
  .meta({ id: 'Settings' });

/** What signs in. The operator is its controller; persons in organisations are linked to it (design, section 3). */
export const Account = z.strictObject({
  id: AccountId,
  /** Cognito's subject: known here to talk to Cognito, elsewhere only as an HMAC in Lookup. */
  sub: z.string().max(64),
  firstName: oneLine({ max: 80 }).optional(),
  lastName: oneLine({ max: 80 }).optional(),
  email: Email,
  phone: Phone.optional(),
  language: z.enum(['nb', 'en']),
  settings: Settings,
  createdAt: z.iso.datetime(),
  /** Tokens whose proof of identity (`auth_time`) is older are refused: sign-out everywhere, with effect at once. */
  notBeforeEpochSeconds: z.int(),
  /** The second factor counts for proofs after this moment only. */
  totpOnSince: z.iso.datetime().optional(),
});
export type Account = z.output<typeof Account>;

const ofTheOperator = {
  table: 'core',
  schemaVersion: 1,
  ourRole: 'controller',
  article9: 'none',
  exported: 'copy',
  onErasure: 'delete',
} as const;

export const accountEntity = entity({
  ...ofTheOperator,
  name: 'account',
  sortKey: 'ACCOUNT',
  schema: Account,
  purpose: 'to let a person sign in and keep their settings',
  legalBasis: 'contract',
  source: 'data-subject',
  exported: 'portable',
  retentionClass: 'account',
});

/** One line of the sign-in log (CE-14): written at the first request of a sign-in, gone after 21 days. */
export const SignIn = z
  .strictObject({
    at: z.iso.datetime(),
    /** The network, not the address: the last part of an IPv4 and the last 80 bits of an IPv6 address are dropped. */
    network: z.string().max(64),
    browser: z.string().max(256),
  })
  .meta({ id: 'SignIn' });
export type SignIn = z.output<typeof SignIn>;

export const signInEntity = entity({
  ...ofTheOperator,
  name: 'sign-in',
  table: 'transient',
  sortKey: 'SIGN-IN',
  schema: SignIn,
  purpose: 'to show a person when, from where and with which browser they signed in, and to find misuse',
  legalBasis: 'legitimate-interest',
  source: 'use',
  retentionClass: 'sign-in',
});

/** The last sign-in outlives the log: SM-08 shows it, SM-11 counts from roles and not from it. */
export const LastSignIn = z.strictObject({ at: z.iso.datetime() });
export const lastSignInEntity = entity({
  ...ofTheOperator,
  name: 'last-sign-in',
  sortKey: 'LAST-SIGN-IN',
  schema: LastSignIn,
  purpose: 'to show when an account was last used',
  legalBasis: 'contract',
  source: 'use',
  retentionClass: 'account',
});

/** Which account a person of an organisation signs in with. In the person's partition, under the organisation's key. */
export const AccountLink = z.strictObject({ accountId: AccountId, since: z.iso.datetime() });
export const accountLinkEntity = entity({
  ...ofTheOperator,
  name: 'account-link',
  ourRole: 'processor',
  sortKey: 'ACCOUNT-LINK',
  schema: AccountLink,
  purpose: 'to let a person reach what an organisation holds for them',
  legalBasis: 'controllers-agreement',
  source: 'use',
  retentionClass: 'membership',
});

export const accountOwner = (accountId: AccountId): Owner => ({ controller: 'operator', subject: accountId });
export const accountRef = (accountId: AccountId) =>
  ({ entity: accountEntity, owner: accountOwner(accountId) }) as const;

export const accountPointers = {
  /** From an account to a person that it is linked to. */
  person: (accountId: AccountId, organisationId: OrganisationId, personId: PersonId) =>
    ({ table: 'core', pk: `operator#${accountId}`, sk: `PERSON#${organisationId}#${personId}` }) as const,
};
