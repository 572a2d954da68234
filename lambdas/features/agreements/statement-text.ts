import type { Profile } from '../../access/roles.ts';
import type { Language } from '../../http/call.ts';
import { complaint } from '../notices/complaint.ts';
import { type Adjustments, policyOf } from '../retention/policy.ts';
import { type Kept, terms } from '../retention/terms.ts';
import { lengthWords } from '../retention/words.ts';
import { categoriesOf, processingTable, specialCategories, subProcessorTable } from './annexes.ts';
import { type Bilingual, list, paragraph, type Section, section } from './document.ts';
import { BACKUP_DAYS, operator, place } from './operator.ts';
import { termWords } from './words.ts';

/** ALL-06: what the account itself rests on, per profile. Using the service is never consent. */
const accountBasis: Readonly<Record<Profile, Bilingual>> = {
  family: {
    nb: 'Kontoen bygger på avtalen med deg. Alt ut over det tjenesten trenger, krever ditt samtykke.',
    en: 'The account rests on the agreement with you. Anything beyond what the service needs requires your consent.',
  },
  kindergarten: {
    nb: 'Kontoen bygger på avtalen med deg (art. 6 nr. 1 b).',
    en: 'The account rests on the agreement with you (Art. 6(1)(b)).',
  },
  workplace: {
    nb: 'Kontoen bygger på avtalen med arbeidsgiveren eller organisasjonen din. Alt ut over den krever ditt samtykke.',
    en: 'The account rests on the agreement with your employer or organisation. Anything beyond it requires your consent.',
  },
  safety: {
    nb: 'Kontoen bygger på samtykket du gir når den blir opprettet. Uten samtykke blir det ingen konto. Du kan trekke samtykket når som helst; da slettes kontoen.',
    en: 'The account rests on the consent that you give when it is created. Without consent there is no account. You can withdraw it at any time; the account is then deleted.',
  },
  itservice: {
    nb: 'Kontoen bygger på avtalen om tjenesten, og for øvrig på lov eller samtykke.',
    en: 'The account rests on the agreement about the service, and otherwise on law or consent.',
  },
};

/** What the statement of a profile says: the tables are the declarations, said in words. */
export const statementText = (
  profile: Profile,
  language: Language,
  adjustments: Adjustments = {},
): readonly Section[] => {
  const termOf: TermOf = (kept) => termWords(kept, policyOf(profile, adjustments));
  return language === 'nb' ? inNorwegian(profile, termOf) : inEnglish(profile, termOf);
};
/** The organisation's own terms, where it has decided otherwise than the profile. */
type TermOf = (kept: Kept) => Bilingual;

const inNorwegian = (profile: Profile, termOf: TermOf): readonly Section[] => [
  section(
    'Hvem som er ansvarlig',
    paragraph(
      'Virksomheten du hører til, bestemmer over det den har registrert om deg, og er behandlingsansvarlig for det. Vern lagrer det for virksomheten. For selve kontoen din er Vern behandlingsansvarlig.',
    ),
  ),
  section(
    'Det virksomheten har om deg',
    processingTable(categoriesOf(profile, 'processor'), profile, 'nb', termOf),
    specialCategories(categoriesOf(profile, 'processor'), 'nb'),
  ),
  section(
    'Det Vern har om kontoen din',
    paragraph(`${accountBasis[profile].nb} Å bruke tjenesten er aldri i seg selv et samtykke.`),
    processingTable(categoriesOf(profile, 'controller'), profile, 'nb'),
    paragraph(
      `Nettloggen med IP-adresser holdes atskilt fra tjenesten og slettes etter ${lengthWords(terms['web-log'].length).nb}.`,
    ),
  ),
  section(
    'Hvor opplysningene er, og hvem som får dem',
    paragraph(
      `Opplysningene ligger hos ${place.nb} og forlater ikke EØS. De blir aldri solgt eller byttet bort. Bare disse leverandørene behandler dem, på oppdrag; ellers utleveres de bare når en lov krever det, og da blir det registrert.`,
    ),
    subProcessorTable('nb'),
    paragraph(
      `Det som slettes, er uleselig også i sikkerhetskopiene fra nøkkelen er borte, og kopiene slettes innen ${BACKUP_DAYS} dager.`,
    ),
  ),
  section(
    'Rettighetene dine',
    list(
      'innsyn: en kopi av alt som er registrert om deg',
      'retting av det som er feil eller mangler',
      'sletting, og begrensning av bruken',
      'å protestere mot bruken',
      'dataportabilitet: å få opplysningene i et maskinlesbart format, eller få dem overført til en annen',
      'å trekke et samtykke; det du gjorde før, blir ikke ulovlig av det',
    ),
    paragraph('Du får svar innen én måned. Det koster ikke noe.'),
  ),
  section(
    'Spørsmål og klage',
    paragraph(
      `Personvernombudet nås i fortrolighet på ${operator.dataProtectionOfficer}. Virksomheten kan ikke lese det du skriver dit.`,
    ),
    paragraph(`${complaint.nb.text} ${complaint.nb.url}`),
  ),
  section(
    'Endringer',
    paragraph(
      'Endres noe vesentlig, får du e-post, og erklæringen vises når du har logget på, til du har bekreftet at du har lest den.',
    ),
  ),
];

const inEnglish = (profile: Profile, termOf: TermOf): readonly Section[] => [
  section(
    'Who is responsible',
    paragraph(
      'The organisation that you belong to decides over what it has registered about you, and is its controller. Vern stores it for the organisation. For your account itself, Vern is the controller.',
    ),
  ),
  section(
    'What the organisation holds about you',
    processingTable(categoriesOf(profile, 'processor'), profile, 'en', termOf),
    specialCategories(categoriesOf(profile, 'processor'), 'en'),
  ),
  section(
    'What Vern holds about your account',
    paragraph(`${accountBasis[profile].en} Using the service is never consent in itself.`),
    processingTable(categoriesOf(profile, 'controller'), profile, 'en'),
    paragraph(
      `The web log with IP addresses is kept apart from the service and deleted after ${lengthWords(terms['web-log'].length).en}.`,
    ),
  ),
  section(
    'Where the data is, and who gets it',
    paragraph(
      `The data lies at ${place.en} and does not leave the EEA. It is never sold or exchanged. Only these suppliers process it, on our instruction; otherwise it is disclosed only where a law demands it, and each disclosure is recorded.`,
    ),
    subProcessorTable('en'),
    paragraph(
      `What is deleted is unreadable in the backups too from the moment its key is gone, and the copies are deleted within ${BACKUP_DAYS} days.`,
    ),
  ),
  section(
    'Your rights',
    list(
      'access: a copy of everything registered about you',
      'rectification of what is wrong or missing',
      'erasure, and restriction of use',
      'to object to the use',
      'portability: to get the data in a machine-readable format, or have it sent to another',
      'to withdraw a consent; what was done before does not become unlawful by that',
    ),
    paragraph('You get an answer within one month. It costs nothing.'),
  ),
  section(
    'Questions and complaints',
    paragraph(
      `The data-protection officer can be reached in confidence at ${operator.dataProtectionOfficer}. The organisation cannot read what you write there.`,
    ),
    paragraph(`${complaint.en.text} ${complaint.en.url}`),
  ),
  section(
    'Changes',
    paragraph(
      'If something material changes you get an e-mail, and the statement is shown after you sign in until you have confirmed that you read it.',
    ),
  ),
];
