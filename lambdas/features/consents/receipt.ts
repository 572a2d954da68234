import type { Language } from '../../http/call.ts';
import { operator } from '../agreements/operator.ts';
import { CONSENT_RECORD_SCHEMA, type ConsentEvent, type ConsentState } from './consent.ts';
import type { Principal, Speaker } from './principal.ts';
import type { ConsentableField, ConsentPurpose } from './purpose.ts';

export const JSON_LD = 'application/ld+json';

/**
 * The receipt of a consent as JSON-LD: a `dpv:ConsentReceipt` that wraps the record, in the profiles that the W3C's
 * Data Privacy Vocabularies and Controls Community Group defines for ISO/IEC TS 27560:2023
 * (https://w3id.org/dpv/guides/consent-27560). Every mandatory field of the specification is there; whoever else gave
 * or withdrew stands in it by capacity only.
 */
const context = {
  dpv: 'https://w3id.org/dpv#',
  'dpv-27560': 'https://w3id.org/dpv/schema/dpv-27560#',
  pd: 'https://w3id.org/dpv/pd#',
  loc: 'https://w3id.org/dpv/loc#',
  'eu-gdpr': 'https://w3id.org/dpv/legal/eu/gdpr#',
  dct: 'http://purl.org/dc/terms/',
  schema: 'https://schema.org/',
  skos: 'http://www.w3.org/2004/02/skos/core#',
  rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
} as const;

interface Consent {
  readonly principal: Principal;
  readonly speaker: Speaker;
  readonly purpose: ConsentPurpose;
  readonly state: ConsentState;
}

export function receiptOf({ principal, speaker, purpose, state }: Consent, publicUrl: string) {
  const { organisation, person } = principal;
  const [first, newest] = [state.events[0], state.events.at(-1)];
  if (!first || !newest) throw new Error('A consent without an event');
  const shown = state.events.findLast((event) => event.state === 'given') ?? first;
  const { language } = shown;
  const controller = `${publicUrl}/v1/organisations/${organisation.id}`;
  const statement = `${controller}/statement/versions/${encodeURIComponent(shown.statementVersion)}`;
  const consent = `${publicUrl}/v1/me/consents/${state.consentId}`;
  return {
    '@context': context,
    '@id': `${consent}/receipt`,
    '@type': 'dpv:ConsentReceipt',
    'dct:identifier': `${state.consentId}.${state.sequence}`,
    'dct:conformsTo': 'dpv-27560:receipt-eu-gdpr',
    'dct:created': newest.at,
    'dct:publisher': { '@id': controller },
    'dpv:hasRecordOfActivity': {
      '@id': consent,
      '@type': 'dpv:ConsentRecord',
      'dct:identifier': state.consentId,
      'dct:conformsTo': ['dpv-27560:record-eu-gdpr', CONSENT_RECORD_SCHEMA],
      'dpv:hasDataSubject': {
        '@id': `${controller}/people/${person.id}`,
        '@type': person.kind === 'child' ? 'dpv:Child' : 'dpv:DataSubject',
        'dpv:hasIdentifier': person.id,
      },
      'dpv:hasDataController': { '@id': controller },
      'dpv:hasDataProcessor': { '@id': publicUrl },
      'dpv:hasEntity': entities(organisation.name, controller, publicUrl),
      'dpv:hasJurisdiction': 'loc:NO',
      'dpv:hasApplicableLaw': 'eu-gdpr:GDPR',
      'dpv:hasLegalBasis': 'eu-gdpr:A6-1-a',
      'dpv:hasNotice': {
        '@id': statement,
        '@type': ['dpv:ConsentNotice', 'dpv:PrivacyNotice'],
        'dct:hasVersion': shown.statementVersion,
        'dct:language': language,
      },
      'dpv:hasProcess': processOf(purpose, shown, language, controller),
      'dpv:hasConsentControl': {
        '@type': ['dpv:WithdrawConsent'],
        'dpv:isExercisedAt': `${consent}/withdraw`,
      },
      'dpv:hasRight': {
        '@type': ['dpv:DataSubjectRight', 'eu-gdpr:A7-3'],
        'dct:title': language === 'nb' ? 'Retten til å trekke samtykket' : 'Right to withdraw consent',
        'dpv:isExercisedAt': `${consent}/withdraw`,
      },
      'dpv:hasConsentStatus': state.events.map((event) => statusOf(event, speaker)),
    },
  };
}

const entities = (name: string, controller: string, publicUrl: string) => [
  {
    '@id': controller,
    '@type': 'dpv:DataController',
    'dpv:hasName': name,
    'dpv:hasIdentifier': controller,
    'schema:contactPoint': { '@type': 'schema:ContactPoint', 'schema:email': operator.dataProtectionOfficer },
  },
  {
    '@id': publicUrl,
    '@type': 'dpv:DataProcessor',
    'dpv:hasName': operator.name,
    'dpv:hasIdentifier': publicUrl,
    'schema:contactPoint': { '@type': 'schema:ContactPoint', 'schema:email': operator.email },
  },
];

const processOf = (purpose: ConsentPurpose, shown: ConsentEvent, language: Language, controller: string) => ({
  '@type': 'dpv:Process',
  'dpv:hasPurpose': {
    '@id': `${controller}/consent-purposes/${purpose.id}`,
    '@type': 'dpv:Purpose',
    'dct:title': { '@value': purpose.title[language], '@language': language },
    'dct:description': { '@value': purpose.text[language], '@language': language },
    'dct:hasVersion': String(shown.purposeTextVersion),
  },
  'dpv:hasPersonalData': [
    { '@type': 'dpv:PersonalData', 'dct:title': { '@value': purpose.data[language], '@language': language } },
    ...shown.dataCategories.map((field) => termOf[field]),
  ],
  'dpv:hasProcessing': ['dpv:Collect', 'dpv:Store', 'dpv:Use'],
  'dpv:hasDataSource': 'dpv:DataSubject',
  'dpv:hasRecipient': [{ '@id': controller }],
  'dpv:hasStorageCondition': [
    { '@type': 'dpv:StorageLocation', 'dpv:hasLocation': 'loc:IE' },
    {
      '@type': 'dpv:StorageDuration',
      'dpv:hasDuration': { '@type': 'dpv:UntilEventDuration', 'rdf:value': 'withdrawal of the consent' },
    },
  ],
});

const termOf: Readonly<Record<ConsentableField, string>> = {
  email: 'pd:EmailAddress',
  phone: 'pd:TelephoneNumber',
  address: 'pd:PhysicalAddress',
  postcode: 'pd:PhysicalAddress',
  birthDate: 'pd:BirthDate',
  position: 'pd:Job',
  picture: 'pd:Picture',
};

const termOfState: Readonly<Record<ConsentEvent['state'], readonly string[]>> = {
  given: ['dpv:ConsentGiven', 'dpv:ExpressedConsent'],
  withdrawn: ['dpv:ConsentWithdrawn'],
  'asked-anew': ['dpv:ConsentRequested'],
  lapsed: ['dpv:ConsentExpired'],
};

const termOfMethod: Readonly<Record<ConsentEvent['method'], string>> = {
  service: 'answered in the service, signed in',
  registration: 'answered when registering',
  clock: 'by the passing of time',
  link: 'by the link in a letter',
};

const statusOf = ({ state, at, by, method }: ConsentEvent, speaker: Speaker) => ({
  '@type': termOfState[state],
  'dpv:isIndicatedAtTime': at,
  'dpv:hasIndicationMethod': termOfMethod[method],
  ...(by && {
    'dpv:isIndicatedBy': {
      '@type': by.capacity === 'self' ? 'dpv:DataSubject' : 'dpv:GuardianOfDataSubject',
      // No guardian gets the other's data, so only whoever asks is named.
      ...(by.personId === speaker.personId && { 'dpv:hasIdentifier': by.personId }),
    },
  }),
});
