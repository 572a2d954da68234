import type { ConsentId, PersonId } from '../../http/ids.ts';
import type { AgreementAcceptance } from '../organisations/agreement-acceptance.ts';
import { type ConsentState, type PrincipalFacts, standingOf } from './consent.ts';
import type { ConsentableField, ConsentPurpose } from './purpose.ts';

/**
 * Notice acknowledged, terms accepted and consent given are three different things, and using the service is none of
 * them (ALL-06). What demands one does not take another: the brands are known to this file alone.
 */
declare const kind: unique symbol;

/** The statement was read. It permits nothing. */
export interface Acknowledged {
  readonly statementVersion: string;
  readonly at: string;
  readonly [kind]: 'acknowledged';
}
/** The organisation's representative accepted an agreement. */
export interface Accepted {
  readonly version: string;
  readonly at: string;
  readonly [kind]: 'accepted';
}
/** The person, or who speaks for them, consented, and it is in force now. */
export interface Consented {
  readonly consentId: ConsentId;
  readonly principalId: PersonId;
  readonly fields: readonly ConsentableField[];
  readonly [kind]: 'consented';
}

export const acknowledged = (of: { readonly statementVersion: string; readonly at: string }): Acknowledged =>
  ({ statementVersion: of.statementVersion, at: of.at }) as Acknowledged;

export const accepted = ({ version, at }: Pick<AgreementAcceptance, 'version' | 'at'>): Accepted =>
  ({ version, at }) as Accepted;

/** The only way to a `Consented`: a consent whose standing is in force. */
export function consented(
  state: ConsentState | undefined,
  purpose: ConsentPurpose,
  facts: PrincipalFacts,
): Consented | undefined {
  if (!state || !standingOf(state, purpose, facts).isInForce) return undefined;
  const { consentId, principalId } = state;
  return { consentId, principalId, fields: purpose.fields } as unknown as Consented;
}
