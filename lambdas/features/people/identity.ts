import type { LookupKind } from '../../platform/records.ts';

/**
 * By what an organisation finds a person again: a grown-up by e-mail address (unique among its grown-ups), one without
 * by name and phone, a child by name and date of birth. Only ever stored as an HMAC under the organisation's key.
 */
export interface Identity {
  readonly kind: Extract<LookupKind, 'email' | 'import-row'>;
  readonly value: string;
}

export const normalisedEmail = (email: string): string => email.normalize('NFC').trim().toLowerCase();

/** A name as it is compared: NFC, lower case, one space between words. */
export const comparableName = (named: { readonly firstName: string; readonly lastName: string }): string =>
  comparable(`${named.firstName} ${named.lastName}`);
export const comparable = (text: string): string => text.normalize('NFC').toLowerCase().replace(/\s+/g, ' ').trim();

interface Named {
  readonly firstName: string;
  readonly lastName: string;
}

export const childIdentity = (child: Named & { readonly birthDate: string }): Identity => ({
  kind: 'import-row',
  value: `child|${comparableName(child)}|${child.birthDate}`,
});

/** None for a grown-up of whom the organisation holds neither e-mail address nor phone. */
export function grownUpIdentity(
  grownUp: Named & { readonly email?: string | undefined; readonly phone?: string | undefined },
): Identity | undefined {
  if (grownUp.email !== undefined) return { kind: 'email', value: normalisedEmail(grownUp.email) };
  if (grownUp.phone === undefined) return undefined;
  return { kind: 'import-row', value: `grown-up|${comparableName(grownUp)}|${grownUp.phone}` };
}
