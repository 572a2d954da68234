import type { PersonId } from '../../http/ids.ts';
import type { Organisation } from '../organisations/organisation.ts';
import type { PersonRecord } from '../people/person.ts';
import { type ConsentState, consentTo, decidesAlone, type PrincipalFacts, standingOf } from './consent.ts';
import type { ConsentPurpose } from './purpose.ts';

/** A person whom consents are about, with all that decides them. */
export interface Principal {
  readonly organisation: Organisation;
  readonly person: PersonRecord;
  /** Guardians with parental responsibility today whom no block keeps away. */
  readonly guardianIds: readonly PersonId[];
  /** The organisation's, the retired ones too. */
  readonly purposes: readonly ConsentPurpose[];
  readonly states: readonly ConsentState[];
  /** The statement that is in force now. */
  readonly statementVersion: string;
  /** The organisation's day. */
  readonly today: string;
}

/** How a caller stands to a principal: themself, or a guardian with parental responsibility. */
export interface Speaker {
  readonly personId: PersonId;
  readonly capacity: 'self' | 'guardian';
}

export const factsOf = (
  { person, guardianIds, today }: Pick<Principal, 'person' | 'guardianIds' | 'today'>,
  purpose: ConsentPurpose,
): PrincipalFacts => ({ decidesAlone: decidesAlone(person, purpose, today), guardianIds });

export const isAsked = ({ person }: Pick<Principal, 'person'>, { kinds, state }: ConsentPurpose): boolean =>
  state === 'open' && kinds.includes(person.kind);

/** Whoever decides may give: the child itself from the age on, before that a guardian and not the child. */
export const mayGive = (principal: Principal, purpose: ConsentPurpose, { capacity }: Speaker): boolean =>
  isAsked(principal, purpose) && (capacity === 'self') === factsOf(principal, purpose).decidesAlone;

/** Whoever decides, and whoever gave it: taking back is never harder than giving (Art. 7(3)). */
export const mayWithdraw = (
  principal: Principal,
  purpose: ConsentPurpose,
  state: ConsentState,
  { personId, capacity }: Speaker,
): boolean =>
  (capacity === 'self') === factsOf(principal, purpose).decidesAlone ||
  state.givings.some((giving) => giving.personId === personId);

/** The purpose that a consent was given to: a retired one is still known. */
export const purposeOf = ({ purposes }: Principal, purposeId: ConsentPurpose['id']): ConsentPurpose | undefined =>
  purposes.find(({ id }) => id === purposeId);

/** Every purpose that the principal is asked for, and those that something was given to. */
export const questionsTo = (principal: Principal) =>
  principal.purposes.flatMap((purpose) => {
    const state = consentTo(principal.states, purpose.id);
    if (!state && !isAsked(principal, purpose)) return [];
    const standing = state && standingOf(state, purpose, factsOf(principal, purpose));
    return [{ purpose, state, standing }];
  });
