import type { Profile } from '../../access/roles.ts';
import type { Language } from '../../http/call.ts';
import type { OrganisationId } from '../../http/ids.ts';
import { type Bilingual, type LegalDocument, list, paragraph, section, table } from '../agreements/document.ts';
import type { ProcessingActivity } from './processing.ts';
import { type SubProcessor, safeguardText } from './sub-processor.ts';

/** The record of processing activities of one organisation (GDPR Art. 30). */
export interface ProcessingRecord {
  readonly controller: { readonly organisationId: OrganisationId; readonly name: string; readonly profile: Profile };
  readonly activities: readonly ProcessingActivity[];
  readonly processor: { readonly name: string; readonly email: string; readonly dataProtectionOfficer: string };
  readonly recipients: readonly SubProcessor[];
  readonly transfersOutsideEea: readonly SubProcessor[];
  readonly place: Bilingual;
  readonly securityMeasures: readonly Bilingual[];
  readonly operatorsOwn: readonly ProcessingActivity[];
}

/** The record as a page that can be handed to Datatilsynet (Art. 30(4)). Pure. */
export function processingDocument(record: ProcessingRecord, day: string, language: Language): LegalDocument {
  const say = words[language];
  const { controller, processor, recipients, transfersOutsideEea, securityMeasures } = record;
  return {
    language,
    title: say.title,
    version: day,
    versionLabel: say.day,
    parties: [
      { label: say.controller, value: controller.name },
      { label: say.processor, value: `${processor.name}, ${processor.email}` },
      { label: say.officer, value: processor.dataProtectionOfficer },
    ],
    sections: [
      section(say.activities, activityTable(record.activities, language)),
      section(
        say.recipients,
        table(
          say.recipientColumns,
          recipients.map((one) => [
            one.name,
            one.does[language],
            one.data[language],
            one.place[language],
            safeguardText(one, language),
          ]),
        ),
      ),
      section(
        say.transfers,
        paragraph(`${say.place}: ${record.place[language]}.`),
        transfersOutsideEea.length === 0
          ? paragraph(say.noTransfers)
          : list(...transfersOutsideEea.map((one) => `${one.name}: ${safeguardText(one, language)}`)),
      ),
      section(say.measures, list(...securityMeasures.map((text) => text[language]))),
      section(say.operatorsOwn, activityTable(record.operatorsOwn, language)),
    ],
  };
}

const activityTable = (activities: readonly ProcessingActivity[], language: Language) =>
  table(
    words[language].activityColumns,
    activities.map(({ what, purpose, subjects, legalBasis, specialCategory, kept }) =>
      [what, purpose, subjects, legalBasis, specialCategory, kept].map((text) => text[language]),
    ),
  );

const words = {
  nb: {
    title: 'Protokoll over behandlingsaktiviteter',
    day: 'Per',
    controller: 'Behandlingsansvarlig',
    processor: 'Databehandler',
    officer: 'Databehandlerens personvernombud',
    activities: 'Behandlinger virksomheten er ansvarlig for',
    activityColumns: ['Opplysninger', 'Formål', 'Hvem det gjelder', 'Grunnlag', 'Særlig kategori', 'Lagres'],
    recipients: 'Mottakere',
    recipientColumns: ['Navn', 'Hva de gjør', 'Hvilke opplysninger', 'Hvor', 'Grunnlag for overføring'],
    transfers: 'Overføring til land utenfor EØS',
    place: 'Sted',
    noTransfers: 'Ingen opplysninger overføres ut av EØS.',
    measures: 'Sikkerhetstiltak',
    operatorsOwn: 'Behandlinger Vern selv er ansvarlig for',
  },
  en: {
    title: 'Record of processing activities',
    day: 'As of',
    controller: 'Controller',
    processor: 'Processor',
    officer: 'The processor’s data-protection officer',
    activities: 'Processing that the organisation is the controller of',
    activityColumns: ['Data', 'Purpose', 'Data subjects', 'Basis', 'Special category', 'Kept'],
    recipients: 'Recipients',
    recipientColumns: ['Name', 'What they do', 'Which data', 'Where', 'Safeguard'],
    transfers: 'Transfers outside the EEA',
    place: 'Place',
    noTransfers: 'No data is transferred outside the EEA.',
    measures: 'Security measures',
    operatorsOwn: 'Processing that Vern itself is the controller of',
  },
} as const satisfies Record<Language, Readonly<Record<string, string | readonly string[]>>>;
