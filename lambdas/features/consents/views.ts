import type { Language } from '../../http/call.ts';
import type { ConsentState, standingOf } from './consent.ts';
import type { Mine } from './mine.ts';
import { mayGive, mayWithdraw, questionsTo } from './principal.ts';
import type { ConsentPurpose } from './purpose.ts';
import type { MyConsent } from './routes.ts';

interface Question {
  readonly purpose: ConsentPurpose;
  readonly state: ConsentState | undefined;
  readonly standing: ReturnType<typeof standingOf> | undefined;
}

export const myConsentsIn = (mine: Mine, language: Language): MyConsent[] =>
  questionsTo(mine.principal).map((question) => myConsent(mine, question, language));

/** One question as its reader sees it: of other guardians no more than how many are missing. Pure. */
export function myConsent(
  { principal, speaker }: Mine,
  { purpose, state, standing }: Question,
  language: Language,
): MyConsent {
  const { organisation, person, statementVersion } = principal;
  const isOpen = state !== undefined && state.ended === undefined;
  const givenByMe = state?.givings.some(({ personId }) => personId === speaker.personId) ?? false;
  const since = state?.ended?.at ?? state?.givings.at(-1)?.at;
  return {
    organisationId: organisation.id,
    organisationName: organisation.name,
    personId: person.id,
    firstName: person.firstName,
    relation: speaker.capacity === 'self' ? 'self' : 'child',
    purposeId: purpose.id,
    ...(purpose.code !== undefined && { code: purpose.code }),
    textVersion: purpose.textVersion,
    language,
    title: purpose.title[language],
    text: purpose.text[language],
    data: purpose.data[language],
    fields: [...purpose.fields],
    statementVersion,
    standing: standing?.standing ?? 'not-given',
    isInForce: standing?.isInForce ?? false,
    missing: standing?.missing ?? 0,
    ...(state && { consentId: state.consentId }),
    givenByMe,
    ...(since !== undefined && { since }),
    mayGive: mayGive(principal, purpose, speaker),
    mayWithdraw: isOpen && mayWithdraw(principal, purpose, state, speaker),
  };
}
