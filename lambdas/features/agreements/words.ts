import type { Profile } from '../../access/roles.ts';
import type { Article9Condition, LegalBasis } from '../../platform/entity.ts';
import { type Kept, type Term, terms } from '../retention/terms.ts';
import { wordsOf } from '../retention/words.ts';
import type { Subjects } from './categories.ts';
import type { Bilingual } from './document.ts';

/** GDPR Art. 6(1), as it is said to people. No-break spaces keep a reference on one line. */
const basisWords: Readonly<Record<Exclude<LegalBasis, 'controllers-agreement'>, Bilingual>> = {
  consent: { nb: 'samtykke, art.\u00a06 nr.\u00a01\u00a0a', en: 'consent, Art.\u00a06(1)(a)' },
  contract: { nb: 'avtale, art.\u00a06 nr.\u00a01\u00a0b', en: 'contract, Art.\u00a06(1)(b)' },
  'legal-obligation': {
    nb: 'rettslig plikt, art.\u00a06 nr.\u00a01\u00a0c',
    en: 'legal obligation, Art.\u00a06(1)(c)',
  },
  'legitimate-interest': {
    nb: 'berettiget interesse, art.\u00a06 nr.\u00a01\u00a0f',
    en: 'legitimate interest, Art.\u00a06(1)(f)',
  },
};

/** ALL-06: the basis that the controller's own relation gives, per profile. */
const controllersBasis: Readonly<Record<Profile, Bilingual>> = {
  family: {
    nb: 'avtalen, art.\u00a06 nr.\u00a01\u00a0b; ut over den samtykke',
    en: 'the agreement, Art.\u00a06(1)(b); beyond it consent',
  },
  kindergarten: { nb: 'avtalen, art.\u00a06 nr.\u00a01\u00a0b', en: 'the agreement, Art.\u00a06(1)(b)' },
  workplace: {
    nb: 'arbeidsgiverens avtale, art.\u00a06 nr.\u00a01\u00a0b; ut over den samtykke',
    en: 'the controller’s agreement, Art.\u00a06(1)(b); beyond it consent',
  },
  safety: basisWords.consent,
  itservice: {
    nb: 'lov, avtale eller samtykke, art.\u00a06 nr.\u00a01\u00a0c, b eller\u00a0a',
    en: 'law, agreement or consent, Art.\u00a06(1)(c), (b) or\u00a0(a)',
  },
};

export function basisUnder(profile: Profile, basis: LegalBasis): Bilingual {
  if (basis === 'controllers-agreement') return controllersBasis[profile];
  // SM-07: without consent there is no account.
  return profile === 'safety' && basis === 'contract' ? basisWords.consent : basisWords[basis];
}

/** GDPR Art. 9(2). */
export const article9Words: Readonly<Record<'none' | Article9Condition, Bilingual>> = {
  none: { nb: 'nei', en: 'no' },
  'explicit-consent': { nb: 'ja: uttrykkelig samtykke, art. 9 nr. 2 a', en: 'yes: explicit consent, Art. 9(2)(a)' },
  'health-or-social-care': {
    nb: 'ja: helse- og sosialtjeneste, art. 9 nr. 2 h',
    en: 'yes: health or social care, Art. 9(2)(h)',
  },
  'vital-interests': { nb: 'ja: vitale interesser, art. 9 nr. 2 c', en: 'yes: vital interests, Art. 9(2)(c)' },
};

/** The policy's terms, or those that an organisation has decided on. */
export const termWords = (kept: Kept, policy: Readonly<Partial<Record<Kept, Term>>> = terms): Bilingual =>
  wordsOf(policy[kept] ?? terms[kept]);

/** Whose data it is (Art. 28(3), first sentence). */
export const subjectWords: Readonly<Record<Profile, Readonly<Record<Subjects, Bilingual>>>> = {
  kindergarten: {
    registered: { nb: 'barn, foresatte, ansatte', en: 'children, guardians, staff' },
    dependants: { nb: 'barn, foresatte', en: 'children, guardians' },
    users: { nb: 'foresatte, ansatte', en: 'guardians, staff' },
    staff: { nb: 'ansatte', en: 'staff' },
    outsiders: { nb: 'alle som fyller ut et skjema', en: 'anyone who fills in a form' },
  },
  family: {
    registered: { nb: 'medlemmer, barn, foresatte, medarbeidere', en: 'members, children, guardians, staff' },
    dependants: { nb: 'barn, foresatte', en: 'children, guardians' },
    users: { nb: 'medlemmer, foresatte, medarbeidere', en: 'members, guardians, staff' },
    staff: { nb: 'medarbeidere', en: 'staff' },
    outsiders: { nb: 'alle som fyller ut et skjema', en: 'anyone who fills in a form' },
  },
  workplace: {
    registered: { nb: 'ansatte', en: 'employees' },
    dependants: { nb: 'ansatte', en: 'employees' },
    users: { nb: 'ansatte', en: 'employees' },
    staff: { nb: 'personalmedarbeidere', en: 'personnel officers' },
    outsiders: { nb: 'alle som fyller ut et skjema', en: 'anyone who fills in a form' },
  },
  safety: {
    registered: {
      nb: 'tjenestemottakere, pårørende, omsorgspersoner',
      en: 'service recipients, relatives, carers',
    },
    dependants: { nb: 'tjenestemottakere, pårørende', en: 'service recipients, relatives' },
    users: { nb: 'tjenestemottakere, pårørende, omsorgspersoner', en: 'service recipients, relatives, carers' },
    staff: { nb: 'omsorgspersoner', en: 'carers' },
    outsiders: { nb: 'alle som fyller ut et skjema', en: 'anyone who fills in a form' },
  },
  itservice: {
    registered: { nb: 'kundekontakter, saksbehandlere', en: 'customer contacts, agents' },
    dependants: { nb: 'kundekontakter', en: 'customer contacts' },
    users: { nb: 'kundekontakter, saksbehandlere', en: 'customer contacts, agents' },
    staff: { nb: 'saksbehandlere', en: 'agents' },
    outsiders: { nb: 'alle som fyller ut et skjema', en: 'anyone who fills in a form' },
  },
};

/** What the organisation is called under a profile. */
export const profileWords: Readonly<Record<Profile, Bilingual>> = {
  family: {
    nb: 'organisasjoner som tilbyr tjenesten til familier',
    en: 'organisations that offer the service to families',
  },
  kindergarten: { nb: 'barnehager', en: 'kindergartens' },
  workplace: { nb: 'arbeidsgivere og medlemsorganisasjoner', en: 'employers and membership organisations' },
  safety: { nb: 'virksomheter med trygghetsalarmer', en: 'organisations with personal safety alarms' },
  itservice: { nb: 'IT-leverandørers kundeservice', en: 'IT providers’ customer service' },
};
