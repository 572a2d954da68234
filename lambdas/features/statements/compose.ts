import type { Profile } from '../../access/roles.ts';
import type { Language } from '../../http/call.ts';
import { dayIn } from '../../platform/calendar.ts';
import { type LegalDocument, paragraph, type Section, section } from '../agreements/document.ts';
import { statementDocument, statementVersion } from '../agreements/statement.ts';
import { statementText } from '../agreements/statement-text.ts';
import { versionOf } from '../agreements/version.ts';
import type { Organisation } from '../organisations/organisation.ts';
import type { Adjustments } from '../retention/policy.ts';
import { statementFacts } from './facts.ts';
import { type OwnSections, PublishedStatement } from './published.ts';

/** What an organisation adds to its profile: words, and terms of its own. */
export interface Composed {
  readonly own: OwnSections;
  readonly adjustments: Adjustments;
}
export const nothingOfItsOwn: Composed = { own: { nb: [], en: [] }, adjustments: {} };

/** The organisation's statement as the present code would publish it: generated text, and its own sections after that. Pure. */
export function composedStatement(
  { profile, timeZone }: Pick<Organisation, 'profile' | 'timeZone'>,
  { own, adjustments }: Composed,
  now: Date,
): Pick<PublishedStatement, 'version' | 'generatedVersion' | 'own' | 'facts' | 'sections'> {
  const sections = {
    nb: sectionsOf(profile, { own, adjustments }, 'nb'),
    en: sectionsOf(profile, { own, adjustments }, 'en'),
  };
  const generatedVersion = statementVersion(profile);
  const isOwn = own.nb.length + own.en.length + Object.keys(adjustments).length > 0;
  return {
    // Without a word or a term of its own the organisation's statement is the profile's, and is called the same.
    version: isOwn ? versionOf(dayIn(timeZone, now), sections) : generatedVersion,
    generatedVersion,
    own,
    facts: statementFacts(profile, adjustments),
    // The declarations are read-only; what is stored belongs to the record.
    sections: PublishedStatement.shape.sections.parse(sections),
  };
}

const sectionsOf = (profile: Profile, { own, adjustments }: Composed, language: Language): readonly Section[] => [
  ...statementText(profile, language, adjustments),
  ...own[language].map(({ title, text }) => section(title, ...text.split(/\n{2,}/).map(paragraph))),
];

/** A version as a document, from its stored text; without one, the generated statement of the profile. Pure. */
export function statementOf(
  organisation: Pick<Organisation, 'name' | 'profile' | 'timeZone'>,
  published: PublishedStatement | undefined,
  language: Language,
  now: Date,
): LegalDocument {
  const base = statementDocument(organisation.profile, language);
  const { version, sections } = published ?? composedStatement(organisation, nothingOfItsOwn, now);
  const controller = language === 'nb' ? 'Behandlingsansvarlig' : 'Controller';
  return {
    ...base,
    version,
    parties: [{ label: controller, value: organisation.name }, ...base.parties],
    sections: sections[language],
  };
}
