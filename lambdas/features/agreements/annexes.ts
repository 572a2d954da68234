import type { Profile } from '../../access/roles.ts';
import type { Language } from '../../http/call.ts';
import { safeguardText } from '../registers/sub-processor.ts';
import { subProcessors } from '../registers/sub-processor-list.ts';
import type { Kept } from '../retention/terms.ts';
import { type Category, categories, isUnder } from './categories.ts';
import { type Bilingual, list, paragraph, type Section, section, table } from './document.ts';
import { measures } from './measures.ts';
import { operator, place } from './operator.ts';
import { article9Words, basisUnder, profileWords, subjectWords, termWords } from './words.ts';

const headings: Bilingual<Record<'what' | 'purpose' | 'subjects' | 'basis' | 'article9' | 'term', string>> = {
  nb: {
    what: 'Opplysninger',
    purpose: 'Formål',
    subjects: 'Hvem det gjelder',
    basis: 'Grunnlag',
    article9: 'Særlig kategori',
    term: 'Lagres',
  },
  en: {
    what: 'Data',
    purpose: 'Purpose',
    subjects: 'Data subjects',
    basis: 'Basis',
    article9: 'Special category',
    term: 'Kept',
  },
};

/** The categories of a profile for which we are processor (the agreement) or controller (accounts). */
export const categoriesOf = (profile: Profile, ourRole: 'processor' | 'controller'): readonly Category[] =>
  categories.filter(isUnder(profile)).filter(({ entities }) => entities[0].ourRole === ourRole);

/** `termOf`: where the organisation has decided on terms of its own. */
export function processingTable(
  of: readonly Category[],
  profile: Profile,
  language: Language,
  termOf: (kept: Kept) => Bilingual = termWords,
) {
  const { what, purpose, subjects, basis, term } = headings[language];
  return table(
    [what, purpose, subjects, basis, term],
    of.map((category) => [
      category.what[language],
      category.purpose[language],
      subjectWords[profile][category.subjects][language],
      basisUnder(profile, category.entities[0].legalBasis)[language],
      termOf(category.keptAtMost ?? category.entities[0].retentionClass)[language],
    ]),
  );
}

/** Art. 9: only what is declared may be registered. */
export function specialCategories(of: readonly Category[], language: Language) {
  const special = of.filter(({ entities }) => entities[0].article9 !== 'none');
  if (special.length === 0) {
    return paragraph(
      language === 'nb'
        ? 'Ingen særlige kategorier av personopplysninger (art. 9) skal registreres.'
        : 'No special categories of personal data (Art. 9) are to be registered.',
    );
  }
  const { what, article9 } = headings[language];
  return table(
    [what, article9],
    special.map(({ what: words, entities }) => [words[language], article9Words[entities[0].article9][language]]),
  );
}

export function subProcessorTable(language: Language) {
  const columns = {
    nb: ['Navn', 'Hva de gjør', 'Hvilke opplysninger', 'Hvor', 'Grunnlag for overføring'],
    en: ['Name', 'What they do', 'Which data', 'Where', 'Safeguard'],
  };
  return table(
    columns[language],
    subProcessors.map((one) => [
      one.name,
      one.does[language],
      one.data[language],
      one.place[language],
      safeguardText(one, language),
    ]),
  );
}

/** The annexes are what is declared, said in words: nothing in them is written by hand for the agreement. */
export function annexes(profile: Profile, language: Language): readonly Section[] {
  const processed = categoriesOf(profile, 'processor');
  const isNorwegian = language === 'nb';
  return [
    section(
      isNorwegian ? 'Vedlegg A: Behandlingen' : 'Annex A: The processing',
      paragraph(
        isNorwegian
          ? `Tjenesten leveres til ${profileWords[profile].nb}. Opplysningene behandles ved at de registreres, vises, endres, sendes som meldinger, sikkerhetskopieres og slettes. Virksomheten kan forkorte lagringstidene.`
          : `The service is provided to ${profileWords[profile].en}. The data is processed by being registered, shown, changed, sent as messages, backed up and deleted. The organisation may shorten the terms.`,
      ),
      processingTable(processed, profile, language),
      specialCategories(processed, language),
    ),
    section(
      isNorwegian ? 'Vedlegg B: Sikkerhetstiltak' : 'Annex B: Security measures',
      list(...measures.map(({ text }) => text[language])),
    ),
    section(
      isNorwegian ? 'Vedlegg C: Underleverandører og sted' : 'Annex C: Sub-processors and place',
      subProcessorTable(language),
      paragraph(isNorwegian ? `Sted: ${place.nb}.` : `Place: ${place.en}.`),
    ),
    section(
      isNorwegian ? 'Vedlegg D: Kontakt' : 'Annex D: Contact',
      paragraph(
        isNorwegian
          ? `Leverandøren: ${operator.email}. Personvernombudet: ${operator.dataProtectionOfficer}.`
          : `The supplier: ${operator.email}. The data-protection officer: ${operator.dataProtectionOfficer}.`,
      ),
    ),
  ];
}
