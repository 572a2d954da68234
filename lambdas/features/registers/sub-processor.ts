import * as z from 'zod';
import type { Language } from '../../http/call.ts';
import { oneLine } from '../../http/free-text.ts';
import { daysAfter } from '../../platform/calendar.ts';
import type { Bilingual } from '../agreements/document.ts';
import { SUB_PROCESSOR_NOTICE_DAYS } from '../agreements/operator.ts';
import { PlainDate } from '../people/person.ts';

/** What a supplier outside the EEA may rest on (GDPR Art. 45, 46), or that it lies within. */
export const safeguardKinds = [
  'within-eea',
  'adequacy-decision',
  'standard-contractual-clauses',
  'binding-corporate-rules',
  'eu-us-data-privacy-framework',
  'privacy-shield',
] as const;

const Words = z.strictObject({ nb: oneLine({ max: 300 }), en: oneLine({ max: 300 }) });

const Safeguard = z.strictObject({
  kind: z.enum(safeguardKinds),
  words: Words,
  /** The last day on which it holds; absent where it has no end. */
  until: PlainDate.optional(),
});

/** A supplier that processes personal data for us (GDPR Art. 28(2) and (4)); nothing here is about a person. */
export const SubProcessor = z
  .strictObject({
    id: z
      .string()
      .regex(/^[a-z][a-z0-9-]{1,39}$/)
      .meta({ examples: ['amazon-ses'] }),
    name: oneLine({ max: 160 }),
    does: Words,
    data: Words,
    place: Words,
    isWithinEea: z.boolean(),
    safeguard: Safeguard,
  })
  .meta({ id: 'SubProcessor' });
export type SubProcessor = z.output<typeof SubProcessor>;

/** The list in code is the first version; every announced change makes the next one. */
export const FIRST_VERSION = 1;
export const CHANGES_MAX = 500;
const SubProcessorVersion = z.int().min(FIRST_VERSION + 1);

const announced = { effectiveOn: PlainDate };
/** What the operator announces. */
export const NewSubProcessorChange = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('add'), ...announced, subProcessor: SubProcessor }),
    z.strictObject({
      kind: z.literal('replace'),
      ...announced,
      subProcessorId: SubProcessor.shape.id,
      subProcessor: SubProcessor,
    }),
    z.strictObject({ kind: z.literal('remove'), ...announced, subProcessorId: SubProcessor.shape.id }),
  ])
  .meta({ id: 'NewSubProcessorChange' });
type NewSubProcessorChange = z.output<typeof NewSubProcessorChange>;

export const SubProcessorChange = z
  .strictObject({
    version: SubProcessorVersion,
    announcedAt: z.iso.datetime(),
    kind: z.enum(['add', 'replace', 'remove']),
    effectiveOn: PlainDate,
    /** Whom it replaces or removes. */
    subProcessorId: SubProcessor.shape.id.optional(),
    subProcessor: SubProcessor.optional(),
  })
  .meta({ id: 'SubProcessorChange' });
export type SubProcessorChange = z.output<typeof SubProcessorChange>;

/** Where the operator's days begin and end. */
export const OPERATORS_ZONE = 'Europe/Oslo';

/** The list as it is on a day: the first version with the changes that have taken effect, in the order announced. Pure. */
export function subProcessorsOn(
  day: string,
  first: readonly SubProcessor[],
  changes: readonly SubProcessorChange[],
): { readonly version: number; readonly items: readonly SubProcessor[] } {
  const inEffect = changes.filter(({ effectiveOn }) => effectiveOn <= day);
  const items = [...inEffect].sort(byEffect).reduce(changedBy, first);
  return { version: Math.max(FIRST_VERSION, ...inEffect.map(({ version }) => version)), items };
}

const byEffect = (one: SubProcessorChange, other: SubProcessorChange) =>
  one.effectiveOn.localeCompare(other.effectiveOn) || one.version - other.version;

function changedBy(items: readonly SubProcessor[], { subProcessorId, subProcessor }: SubProcessorChange) {
  const stay = items.filter(({ id }) => id !== subProcessorId);
  return subProcessor ? [...stay.filter(({ id }) => id !== subProcessor.id), subProcessor] : stay;
}

/** Why a change cannot be announced today, or undefined when it can. Pure. */
export function refusalOf(
  wanted: NewSubProcessorChange,
  today: string,
  first: readonly SubProcessor[],
  changes: readonly SubProcessorChange[],
): string | undefined {
  if (wanted.effectiveOn < daysAfter(today, SUB_PROCESSOR_NOTICE_DAYS))
    return `Controllers are told ${SUB_PROCESSOR_NOTICE_DAYS} days before a change takes effect.`;
  if (changes.length >= CHANGES_MAX) return `At most ${CHANGES_MAX} changes are kept.`;
  const { items } = subProcessorsOn(wanted.effectiveOn, first, changes);
  const isListed = (id: string) => items.some((item) => item.id === id);
  if (wanted.kind === 'add' && isListed(wanted.subProcessor.id)) return 'This sub-processor is listed already.';
  if (wanted.kind !== 'add' && !isListed(wanted.subProcessorId)) return 'This sub-processor is not listed on that day.';
  return undefined;
}

/** What anyone who reads the list must know about a safeguard. */
export const warnings = ['privacy-shield-void', 'safeguard-expired', 'no-safeguard'] as const;
export type Warning = (typeof warnings)[number];

export function warningsOf({ isWithinEea, safeguard: { kind, until } }: SubProcessor, today: string): Warning[] {
  const found: Warning[] = [];
  if (kind === 'privacy-shield') found.push('privacy-shield-void');
  if (until !== undefined && until < today) found.push('safeguard-expired');
  if (!isWithinEea && kind === 'within-eea') found.push('no-safeguard');
  return found;
}

/** GDPR Art. 44–46, said to people. Privacy Shield is named to be refuted: some suppliers still point to it. */
const safeguardWords: Readonly<Record<(typeof safeguardKinds)[number], Bilingual>> = {
  'within-eea': { nb: 'Behandles i EØS', en: 'Processed within the EEA' },
  'adequacy-decision': {
    nb: 'Kommisjonens beslutning om tilstrekkelig vernenivå (art. 45)',
    en: 'Adequacy decision of the Commission (Art. 45)',
  },
  'standard-contractual-clauses': {
    nb: 'EUs standard personvernbestemmelser (art. 46 nr. 2 c)',
    en: 'EU standard contractual clauses (Art. 46(2)(c))',
  },
  'binding-corporate-rules': {
    nb: 'Bindende virksomhetsregler (art. 47)',
    en: 'Binding corporate rules (Art. 47)',
  },
  'eu-us-data-privacy-framework': {
    nb: 'EU-US Data Privacy Framework: beslutning (EU) 2023/1795 om tilstrekkelig vernenivå, bare for virksomheter i USA som er sertifisert',
    en: 'EU-US Data Privacy Framework: adequacy decision (EU) 2023/1795, for certified companies in the USA only',
  },
  'privacy-shield': { nb: 'Privacy Shield', en: 'Privacy Shield' },
};

export const warningWords: Readonly<Record<Warning, Bilingual>> = {
  'privacy-shield-void': {
    nb: 'Ugyldig: EU-domstolen kjente Privacy Shield ugyldig 16. juli 2020 (sak C-311/18).',
    en: 'Void: the Court of Justice of the EU declared Privacy Shield invalid on 16 July 2020 (case C-311/18).',
  },
  'safeguard-expired': {
    nb: 'Utløpt: grunnlaget gjelder ikke lenger.',
    en: 'Expired: the safeguard no longer holds.',
  },
  'no-safeguard': {
    nb: 'Mangler: behandlingen skjer utenfor EØS uten grunnlag.',
    en: 'Missing: processing outside the EEA without a safeguard.',
  },
};

/** The last day on which a controller can object: the one before the change takes effect. */
export const lastDayToObject = ({ effectiveOn }: Pick<SubProcessorChange, 'effectiveOn'>) => daysAfter(effectiveOn, -1);

/** What the supplier rests on, and until when. */
export function safeguardText({ safeguard: { kind, words, until } }: SubProcessor, language: Language): string {
  const said = kind === 'within-eea' ? words[language] : `${safeguardWords[kind][language]}. ${words[language]}`;
  if (until === undefined) return said;
  return language === 'nb' ? `${said} Gjelder til og med ${until}.` : `${said} Holds until ${until}.`;
}
