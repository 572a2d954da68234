import { type AbuseReportCopy, abuseReportEntity } from '../abuse-reports/abuse-report.ts';
import { usageCategoriesEntity, usageEventEntity, usageSettingsEntity } from '../usage/usage-event.ts';
import { type EntityWords, words, wordsOfView } from './field-words-type.ts';
import { from, until } from './shared-words.ts';

const module = { nb: 'Område', en: 'Area' } as const;
const when = { nb: 'Når', en: 'When' } as const;

/** The words of what is registered of use, and of reports of misuse. */
export const usageWords: readonly EntityWords[] = [
  words(
    usageEventEntity,
    { nb: 'Din bruk av tjenesten', en: 'Your use of the service' },
    {
      at: when,
      module,
      function: { nb: 'Funksjon', en: 'Function' },
      device: {
        nb: 'Enhet',
        en: 'Device',
        fields: {
          maker: { nb: 'Produsent', en: 'Maker' },
          system: { nb: 'Operativsystem', en: 'Operating system' },
          browser: { nb: 'Nettleser', en: 'Browser' },
          version: { nb: 'Utgave', en: 'Version' },
        },
      },
      about: { nb: 'Hvilke opplysninger (id)', en: 'Which data (id)' },
    },
  ),
  words(
    usageCategoriesEntity,
    { nb: 'Automatisk inndeling etter bruk', en: 'Automatic categories by use' },
    {
      computedAt: { nb: 'Regnet ut', en: 'Computed' },
      from,
      until,
      modules: {
        nb: 'Områder',
        en: 'Areas',
        fields: {
          module,
          category: {
            nb: 'Inndeling',
            en: 'Category',
            codes: {
              frequent: { nb: 'ofte', en: 'frequent' },
              occasional: { nb: 'av og til', en: 'occasional' },
              rare: { nb: 'sjelden', en: 'rare' },
            },
          },
          days: { nb: 'Dager brukt', en: 'Days of use' },
        },
      },
    },
  ),
  words(
    usageSettingsEntity,
    { nb: 'Innstillinger for bruk', en: 'Settings of usage' },
    {
      categorisation: { nb: 'Ansatte deles inn etter bruk', en: 'Employees are categorised by use' },
      changedAt: { nb: 'Endret', en: 'Changed' },
    },
  ),
  wordsOfView<typeof AbuseReportCopy>()(
    abuseReportEntity,
    { nb: 'Meldinger du har rapportert', en: 'Messages that you reported' },
    {
      id: { nb: 'Id', en: 'Id' },
      messageId: { nb: 'Melding (id)', en: 'Message (id)' },
      receivedAt: { nb: 'Mottatt', en: 'Received' },
      kind: {
        nb: 'Hva',
        en: 'What',
        codes: {
          harassment: { nb: 'trakassering', en: 'harassment' },
          threat: { nb: 'trussel', en: 'threat' },
          hate: { nb: 'hat', en: 'hate' },
          sexual: { nb: 'seksuelt innhold', en: 'sexual content' },
          'private-information': { nb: 'private opplysninger', en: 'private information' },
          spam: { nb: 'reklame', en: 'spam' },
          other: { nb: 'annet', en: 'other' },
        },
      },
      reason: { nb: 'Hvorfor', en: 'Why', freeText: true },
      state: {
        nb: 'Tilstand',
        en: 'State',
        codes: { received: { nb: 'mottatt', en: 'received' }, handled: { nb: 'behandlet', en: 'handled' } },
      },
      handledAt: { nb: 'Behandlet', en: 'Handled' },
      outcome: {
        nb: 'Hva som ble gjort',
        en: 'What was done',
        codes: {
          'no-misuse': { nb: 'ikke misbruk', en: 'no misuse' },
          'talked-to': { nb: 'snakket med avsenderen', en: 'the writer was talked to' },
          'access-ended': { nb: 'tilgangen er avsluttet', en: 'access was ended' },
          'reported-to-police': { nb: 'anmeldt', en: 'reported to the police' },
        },
      },
    },
  ),
];
