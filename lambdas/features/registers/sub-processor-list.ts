import type { SubProcessor } from './sub-processor.ts';

/**
 * Listed openly (AT-03), and all of them within the EEA (KP-09). Nothing goes to anybody who does not stand here or in a
 * change that was announced later: this is version 1, from which the announced changes go on.
 */
export const subProcessors: readonly SubProcessor[] = [
  {
    id: 'aws',
    name: 'Amazon Web Services EMEA SARL (Luxembourg)',
    does: {
      nb: 'Drift og lagring: Lambda, API Gateway, DynamoDB, S3, KMS, Cognito, SQS, EventBridge, CloudWatch, WAF.',
      en: 'Operation and storage: Lambda, API Gateway, DynamoDB, S3, KMS, Cognito, SQS, EventBridge, CloudWatch, WAF.',
    },
    data: {
      nb: 'Alle kategorier i vedlegg A. Personopplysninger er forseglet i tjenesten før de lagres.',
      en: 'All categories of annex A. Personal data is sealed by the service before it is stored.',
    },
    place: { nb: 'Irland (eu-west-1), EØS', en: 'Ireland (eu-west-1), EEA' },
    isWithinEea: true,
    safeguard: {
      kind: 'within-eea',
      words: {
        nb: 'Databehandleravtale med AWS. All lagring og behandling i EØS.',
        en: 'Data-processing addendum with AWS. All storage and processing within the EEA.',
      },
    },
  },
  {
    id: 'amazon-ses',
    name: 'Amazon SES (Amazon Web Services EMEA SARL)',
    does: { nb: 'Utsending av e-post.', en: 'Sending of e-mail.' },
    data: {
      nb: 'Mottakerens e-postadresse og meldingen, ikke noe annet.',
      en: 'The recipient’s e-mail address and the message, nothing else.',
    },
    place: { nb: 'Irland (eu-west-1), EØS', en: 'Ireland (eu-west-1), EEA' },
    isWithinEea: true,
    safeguard: {
      kind: 'within-eea',
      words: {
        nb: 'Databehandleravtale med AWS. All lagring og behandling i EØS.',
        en: 'Data-processing addendum with AWS. All storage and processing within the EEA.',
      },
    },
  },
  {
    id: 'amazon-sns',
    name: 'Amazon SNS (Amazon Web Services EMEA SARL)',
    does: {
      nb: 'Utsending av SMS og varsler til apper, til dem som har valgt det.',
      en: 'Sending of SMS, and of notifications to apps, to those who have chosen them.',
    },
    data: {
      nb: 'SMS: nummeret og meldingen. Varsel: telefonens kode og at noe venter, aldri hva. Varselet går gjennom Apple eller Google, som telefonens eier har en egen avtale med.',
      en: 'SMS: the number and the message. Notification: the phone’s code and that something waits, never what. It passes Apple or Google, with whom the phone’s owner has an agreement of their own.',
    },
    place: { nb: 'Irland (eu-west-1), EØS', en: 'Ireland (eu-west-1), EEA' },
    isWithinEea: true,
    safeguard: {
      kind: 'within-eea',
      words: {
        nb: 'Databehandleravtale med AWS. All lagring og behandling i EØS.',
        en: 'Data-processing addendum with AWS. All storage and processing within the EEA.',
      },
    },
  },
];
