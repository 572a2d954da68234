import type { Profile } from '../../access/roles.ts';
import type { EntityDeclaration } from '../../platform/entity.ts';
import { categoriesOf } from '../agreements/annexes.ts';
import type { Category } from '../agreements/categories.ts';
import type { Bilingual } from '../agreements/document.ts';
import { article9Words, basisUnder, subjectWords, termWords } from '../agreements/words.ts';
import { type Adjustments, policyOf } from '../retention/policy.ts';
import { fieldsOf, isFreeText } from './schema-fields.ts';
import { article9Decision, type SpecialCategoryAgreement } from './special-category.ts';

/** What decides how an organisation's data is processed. */
export interface Processing {
  readonly profile: Profile;
  readonly adjustments: Adjustments;
  readonly agreed: SpecialCategoryAgreement | undefined;
}

/** One line of the record of processing activities (GDPR Art. 30(1)). */
export interface ProcessingActivity {
  readonly entities: readonly string[];
  readonly what: Bilingual;
  readonly purpose: Bilingual;
  readonly subjects: Bilingual;
  readonly legalBasis: Bilingual;
  readonly specialCategory: Bilingual;
  /** Whether such data may be registered here at all. */
  readonly article9: 'not-special' | 'allowed' | 'refused';
  readonly sources: readonly string[];
  readonly kept: Bilingual;
  readonly onErasure: readonly string[];
}

/** What is processed for the organisation as controller, or by the operator as controller of its own. Pure. */
export const processingActivities = (
  processing: Processing,
  ourRole: 'processor' | 'controller',
): ProcessingActivity[] =>
  categoriesOf(processing.profile, ourRole).map((category) => activityOf(category, processing));

function activityOf(category: Category, { profile, adjustments, agreed }: Processing): ProcessingActivity {
  const { entities, what, purpose, subjects, keptAtMost } = category;
  const [{ legalBasis, article9, retentionClass }] = entities;
  return {
    entities: entities.map(({ name }) => name),
    what,
    purpose,
    subjects: subjectWords[profile][subjects],
    legalBasis: basisUnder(profile, legalBasis),
    specialCategory: article9Words[article9],
    article9: article9Decision(profile, article9, agreed),
    sources: distinct(entities.map(sourceOf)),
    kept: termWords(keptAtMost ?? retentionClass, policyOf(profile, adjustments)),
    onErasure: distinct(entities.map(erasureOf)),
  };
}

const distinct = (texts: readonly string[]): string[] => [...new Set(texts)];
const sourceOf = ({ source }: EntityDeclaration) => (typeof source === 'string' ? source : source.register);
const erasureOf = ({ onErasure }: EntityDeclaration) =>
  typeof onErasure === 'string' ? onErasure : `keep until ${onErasure.keepUntil} (${onErasure.law})`;

/** What an impact assessment has to weigh (Art. 35(7)(c)), as facts of the declarations and not as a judgement. */
export interface RiskFacts {
  readonly entities: readonly string[];
  readonly what: Bilingual;
  readonly subjects: Bilingual;
  /** Among those concerned are children. */
  readonly children: boolean;
  /** Those concerned depend on the controller: children, service recipients, employees (EDPB WP 248, criterion 7). */
  readonly dependent: boolean;
  readonly location: boolean;
  /** Fields in which people write what they want. */
  readonly freeTextFields: readonly string[];
  readonly specialCategories: 'not-special' | 'allowed' | 'refused';
  /** Where it comes from, if not from the person or the controller (Art. 14). */
  readonly outsideSources: readonly string[];
  readonly pictures: boolean;
}

export const riskFacts = (processing: Processing): RiskFacts[] =>
  categoriesOf(processing.profile, 'processor').map((category) => {
    const { entities, what, subjects } = category;
    const fields = entities.flatMap(({ schema }) => fieldsOf(schema));
    const isAboutThem = subjects === 'registered' || subjects === 'dependants';
    return {
      entities: entities.map(({ name }) => name),
      what,
      subjects: subjectWords[processing.profile][subjects],
      children: isAboutThem && withChildren.includes(processing.profile),
      dependent: isAboutThem && withDependants.includes(processing.profile),
      location: fields.some(({ path }) => /(?:^|\.)(?:latitude|longitude|coordinates)$/.test(path)),
      freeTextFields: fields.filter(isFreeText).map(({ path }) => path),
      specialCategories: article9Decision(processing.profile, entities[0].article9, processing.agreed),
      outsideSources: entities.flatMap(({ source }) => (typeof source === 'string' ? [] : [source.register])),
      pictures: entities.some(({ retentionClass }) => retentionClass === 'photo'),
    };
  });

const withChildren: readonly Profile[] = ['family', 'kindergarten'];
const withDependants: readonly Profile[] = ['family', 'kindergarten', 'safety', 'workplace'];
