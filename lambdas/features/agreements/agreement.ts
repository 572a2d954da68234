import type { Profile } from '../../access/roles.ts';
import type { Language } from '../../http/call.ts';
import { dayAndTime } from '../notices/instants.ts';
import { clausesInEnglish } from './agreement-en.ts';
import { clausesInNorwegian } from './agreement-nb.ts';
import { annexes } from './annexes.ts';
import type { Fact, LegalDocument, Section } from './document.ts';
import { operator } from './operator.ts';
import { versionOf } from './version.ts';

/** The controller that accepts the agreement, as far as it is known. */
interface Controller {
  readonly name: string;
  readonly organisationNumber?: string;
  readonly postalAddress?: string;
  /** Present once it has been accepted: who, and when (an RFC 3339 instant). */
  readonly accepted?: { readonly by: string; readonly at: string };
}

const IN_FORCE_SINCE = '2026-11-21';
const OPERATORS_ZONE = 'Europe/Oslo';

const sectionsOf = (profile: Profile, language: Language): readonly Section[] => [
  ...(language === 'nb' ? clausesInNorwegian : clausesInEnglish),
  ...annexes(profile, language),
];

/** What a representative accepts (FW-01): clauses and annexes of a profile, in both languages. */
export const agreementVersion = (profile: Profile): string =>
  versionOf(IN_FORCE_SINCE, { nb: sectionsOf(profile, 'nb'), en: sectionsOf(profile, 'en') });

/** The data-processing agreement between an organisation and the operator (GDPR Art. 28(3)). Pure. */
export function agreementDocument(profile: Profile, language: Language, controller: Controller): LegalDocument {
  const isNorwegian = language === 'nb';
  return {
    language,
    title: isNorwegian ? 'Databehandleravtale' : 'Data-processing agreement',
    version: agreementVersion(profile),
    versionLabel: isNorwegian ? 'Versjon' : 'Version',
    parties: isNorwegian ? partiesInNorwegian(controller) : partiesInEnglish(controller),
    sections: sectionsOf(profile, language),
  };
}

const partiesInNorwegian = ({ name, organisationNumber, postalAddress, accepted }: Controller): Fact[] => [
  { label: 'Behandlingsansvarlig (virksomheten)', value: name },
  ...fact('Organisasjonsnummer', organisationNumber),
  ...fact('Postadresse', postalAddress),
  { label: 'Databehandler (leverandøren)', value: operator.name },
  ...fact('Godtatt', accepted && `${accepted.by}, ${dayAndTime(accepted.at, OPERATORS_ZONE, 'nb')}`),
];

const partiesInEnglish = ({ name, organisationNumber, postalAddress, accepted }: Controller): Fact[] => [
  { label: 'Controller (the organisation)', value: name },
  ...fact('Organisation number', organisationNumber),
  ...fact('Postal address', postalAddress),
  { label: 'Processor (the supplier)', value: operator.name },
  ...fact('Accepted', accepted && `${accepted.by}, ${dayAndTime(accepted.at, OPERATORS_ZONE, 'en')}`),
];

const fact = (label: string, value: string | undefined): Fact[] => (value === undefined ? [] : [{ label, value }]);
