import type { Language } from '../../http/call.ts';
import { JSON_DOCUMENT, type RichContent } from '../../http/content.ts';
import { type LegalDocument, paragraph, section, table } from '../agreements/document.ts';
import { renderHtml } from '../agreements/html.ts';
import { operator } from '../agreements/operator.ts';
import { complaint } from '../notices/complaint.ts';
import {
  lastDayToObject,
  type SubProcessor,
  type SubProcessorChange,
  safeguardText,
  type Warning,
  warningWords,
} from './sub-processor.ts';

/** The open list as anyone sees it (AT-03). */
export interface SubProcessorList {
  readonly version: number;
  readonly day: string;
  readonly items: readonly (SubProcessor & { readonly warnings: readonly Warning[] })[];
  /** Announced, and not yet in effect. */
  readonly upcoming: readonly SubProcessorChange[];
}

/** JSON, or a page where `Accept` asks for it. */
export function subProcessorContent(list: SubProcessorList, language: Language): RichContent {
  const page = renderHtml(subProcessorDocument(list, language));
  // The policy goes with the answer, whichever form is chosen: the page's style is nothing to the JSON.
  return { ...page, contentType: JSON_DOCUMENT, content: JSON.stringify(list), alternatives: [page] };
}

export function subProcessorDocument(
  { version, day, items, upcoming }: SubProcessorList,
  language: Language,
): LegalDocument {
  const isNorwegian = language === 'nb';
  return {
    language,
    title: isNorwegian ? 'Underleverandører' : 'Sub-processors',
    version: `${version}`,
    versionLabel: isNorwegian ? 'Versjon' : 'Version',
    parties: [
      { label: isNorwegian ? 'Leverandør' : 'Supplier', value: operator.name },
      { label: isNorwegian ? 'Gjelder' : 'As of', value: day },
    ],
    sections: [
      section(
        isNorwegian ? 'Hvem som behandler opplysninger for oss' : 'Who processes data for us',
        paragraph(
          isNorwegian
            ? 'Ingen andre får opplysninger fra oss, unntatt der en lov krever det.'
            : 'Nobody else gets data from us, except where a law demands it.',
        ),
        table(
          columns[language],
          items.map((item) => rowOf(item, language)),
        ),
      ),
      section(
        isNorwegian ? 'Endringer som kommer' : 'Changes to come',
        upcoming.length === 0
          ? paragraph(isNorwegian ? 'Ingen endringer er varslet.' : 'No changes have been announced.')
          : table(
              upcomingColumns[language],
              upcoming.map((change) => [change.effectiveOn, changeInWords(change, language), lastDayToObject(change)]),
            ),
      ),
      section(
        isNorwegian ? 'Spørsmål og klage' : 'Questions and complaints',
        paragraph(
          isNorwegian
            ? `Personvernombudet: ${operator.dataProtectionOfficer}.`
            : `The data-protection officer: ${operator.dataProtectionOfficer}.`,
        ),
        paragraph(`${complaint[language].text} ${complaint[language].url}`),
      ),
    ],
  };
}

const columns = {
  nb: ['Navn', 'Hva de gjør', 'Hvilke opplysninger', 'Hvor', 'I EØS', 'Grunnlag for overføring'],
  en: ['Name', 'What they do', 'Which data', 'Where', 'Within the EEA', 'Safeguard'],
};
const upcomingColumns = {
  nb: ['Fra og med', 'Endring', 'Siste dag for innvending'],
  en: ['From', 'Change', 'Last day to object'],
};

function rowOf(item: SubProcessorList['items'][number], language: Language): string[] {
  const yesOrNo = { nb: ['nei', 'ja'], en: ['no', 'yes'] } as const;
  return [
    item.name,
    item.does[language],
    item.data[language],
    item.place[language],
    yesOrNo[language][item.isWithinEea ? 1 : 0],
    [safeguardText(item, language), ...item.warnings.map((warning) => warningWords[warning][language])].join(' '),
  ];
}

/** What changes, in a line. Names of suppliers are no personal data. */
export function changeInWords(
  { kind, subProcessorId, subProcessor }: Pick<SubProcessorChange, 'kind' | 'subProcessorId' | 'subProcessor'>,
  language: Language,
): string {
  const isNorwegian = language === 'nb';
  if (!subProcessor) return isNorwegian ? `${subProcessorId} fjernes.` : `${subProcessorId} is removed.`;
  const { name, does, place } = subProcessor;
  const what = `${name} (${place[language]}): ${does[language]}`;
  if (kind === 'add') return isNorwegian ? `Ny: ${what}` : `New: ${what}`;
  return isNorwegian ? `I stedet for ${subProcessorId}: ${what}` : `Instead of ${subProcessorId}: ${what}`;
}
