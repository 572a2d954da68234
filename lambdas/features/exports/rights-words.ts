import { consentEventEntity } from '../consents/consent.ts';
import { consentedInformationEntity, consentedPictureEntity } from '../consents/consented-information.ts';
import { messageEntity, threadEntity } from '../data-protection-officer/thread.ts';
import { erasureEntity } from '../erasure/erasure.ts';
import { agreementAcceptanceEntity } from '../organisations/agreement-acceptance.ts';
import { secondFactorResetEntity } from '../recovery/second-factor-reset.ts';
import { accountDisclosureEntity, personDisclosureEntity } from '../registers/disclosure.ts';
import { legalHoldEntity } from '../requests/hold.ts';
import { accountRectificationEntity, rectificationEntity } from '../requests/rectified-values.ts';
import { requestEntity, requestTextEntity } from '../requests/request.ts';
import { acknowledgementEntity } from '../statements/acknowledgement.ts';
import { type EntityWords, words, wordsOfView } from './field-words-type.ts';
import { contentType, language } from './shared-words.ts';
import type { ErasureView, RequestView } from './views.ts';

const when = { nb: 'Når', en: 'When' } as const;
const id = { nb: 'Id', en: 'Id' } as const;
const by = { nb: 'Av', en: 'By' } as const;
const consentText = { nb: 'Formål (id)', en: 'Purpose (id)' } as const;
const contact = {
  email: { nb: 'E-post', en: 'E-mail' },
  phone: { nb: 'Telefon', en: 'Phone' },
  address: { nb: 'Adresse', en: 'Address' },
  postcode: { nb: 'Postnummer', en: 'Postcode' },
  birthDate: { nb: 'Fødselsdato', en: 'Date of birth' },
  position: { nb: 'Stilling', en: 'Position' },
} as const;
const proposal = {
  firstName: { nb: 'Fornavn', en: 'First name' },
  lastName: { nb: 'Etternavn', en: 'Last name' },
  ...contact,
  note: { nb: 'Merknad', en: 'Note', freeText: true },
} as const;
const rectification = {
  requestId: { nb: 'Henvendelse (id)', en: 'Request (id)' },
  at: when,
  values: { nb: 'Det som ble rettet', en: 'What was put right', fields: proposal },
} as const;
const disclosed = {
  authority: { nb: 'Hvem som fikk opplysningene', en: 'Who got the data' },
  legalBasis: { nb: 'Med hjemmel i', en: 'By which law' },
  orderReference: { nb: 'Pålegget', en: 'The order' },
  categories: { nb: 'Hva som ble utlevert', en: 'What was disclosed' },
  disclosedAt: when,
} as const;
const disclosures = { nb: 'Utleveringer etter lov', en: 'Disclosures by law' } as const;
const rectifications = { nb: 'Rettinger', en: 'Rectifications' } as const;
const writer = {
  person: { nb: 'deg', en: 'you' },
  officer: { nb: 'personvernombudet', en: 'the data-protection officer' },
} as const;
const refusals = {
  'identity-not-proven': { nb: 'det ble ikke vist hvem som spurte', en: 'it was not shown who asked' },
  'manifestly-unfounded': { nb: 'åpenbart grunnløs', en: 'manifestly unfounded' },
  excessive: { nb: 'overdreven', en: 'excessive' },
  'kept-by-law': { nb: 'loven krever at det lagres', en: 'the law demands that it is kept' },
  'legal-claims': { nb: 'trengs for et rettskrav', en: 'needed for a legal claim' },
  'compelling-grounds': { nb: 'tvingende berettigede grunner', en: 'compelling legitimate grounds' },
  'rights-of-others': { nb: 'andres rettigheter', en: 'the rights of others' },
  'not-for-the-childs-good': { nb: 'ikke til barnets beste', en: 'not in the child’s best interests' },
  'information-is-correct': { nb: 'opplysningene er riktige', en: 'the information is correct' },
  'conditions-not-met': { nb: 'vilkårene er ikke oppfylt', en: 'the conditions are not met' },
} as const;

/** The words of what was said and done about rights: consents, requests, erasures, and talks with the officer. */
export const rightsWords: readonly EntityWords[] = [
  words(
    consentEventEntity,
    { nb: 'Samtykker', en: 'Consents' },
    {
      schema: {
        nb: 'Standard',
        en: 'Standard',
        codes: { 'ISO/IEC TS 27560:2023': { nb: 'ISO/IEC TS 27560:2023', en: 'ISO/IEC TS 27560:2023' } },
      },
      consentId: { nb: 'Samtykke (id)', en: 'Consent (id)' },
      principalId: { nb: 'Gjelder', en: 'About' },
      purposeId: consentText,
      purposeTextVersion: { nb: 'Tekstens versjon', en: 'Version of the text' },
      statementVersion: { nb: 'Versjon av personvernerklæringen', en: 'Version of the privacy statement' },
      language,
      lawfulBasis: {
        nb: 'Grunnlag',
        en: 'Legal basis',
        codes: { 'GDPR Art. 6(1)(a)': { nb: 'samtykke, art. 6 nr. 1 a', en: 'consent, Art. 6(1)(a)' } },
      },
      dataCategories: {
        nb: 'Hvilke opplysninger',
        en: 'Which data',
        codes: { ...contact, picture: { nb: 'Bilde', en: 'Picture' } },
      },
      method: {
        nb: 'Hvordan',
        en: 'How',
        codes: {
          service: { nb: 'i tjenesten', en: 'in the service' },
          registration: { nb: 'ved registrering', en: 'at registration' },
          link: { nb: 'med lenken i et brev', en: 'by the link in a letter' },
          clock: { nb: 'av tiden', en: 'by time' },
        },
      },
      state: {
        nb: 'Hva som skjedde',
        en: 'What happened',
        codes: {
          given: { nb: 'gitt', en: 'given' },
          withdrawn: { nb: 'trukket', en: 'withdrawn' },
          'asked-anew': { nb: 'spurt på nytt', en: 'asked anew' },
          lapsed: { nb: 'falt bort', en: 'lapsed' },
        },
      },
      at: when,
      by: {
        ...by,
        fields: {
          personId: { nb: 'Hvem', en: 'Who' },
          capacity: {
            nb: 'Som',
            en: 'As',
            codes: { self: { nb: 'seg selv', en: 'themself' }, guardian: { nb: 'foresatt', en: 'guardian' } },
          },
        },
      },
    },
  ),
  words(
    consentedInformationEntity,
    { nb: 'Opplysninger gitt med samtykke', en: 'Data given by consent' },
    { principalId: { nb: 'Gjelder', en: 'About' }, purposeId: consentText, ...contact },
  ),
  words(
    consentedPictureEntity,
    { nb: 'Bilde gitt med samtykke', en: 'Picture given by consent' },
    {
      principalId: { nb: 'Gjelder', en: 'About' },
      purposeId: consentText,
      contentType,
      content: { nb: 'Innhold (base64)', en: 'Content (base64)' },
    },
  ),
  words(
    acknowledgementEntity,
    { nb: 'Bekreftede personvernerklæringer', en: 'Privacy statements acknowledged' },
    { statementVersion: { nb: 'Versjon', en: 'Version' }, language, at: when },
  ),
  wordsOfView<typeof RequestView>()(
    requestEntity,
    { nb: 'Henvendelser om rettigheter', en: 'Requests about rights' },
    {
      id,
      right: {
        nb: 'Rettighet',
        en: 'Right',
        codes: {
          access: { nb: 'innsyn', en: 'access' },
          rectification: { nb: 'retting', en: 'rectification' },
          erasure: { nb: 'sletting', en: 'erasure' },
          restriction: { nb: 'begrensning', en: 'restriction' },
          objection: { nb: 'protest', en: 'objection' },
          portability: { nb: 'dataportabilitet', en: 'portability' },
        },
      },
      channel: {
        nb: 'Kom inn',
        en: 'Came in by',
        codes: {
          account: { nb: 'i tjenesten', en: 'the service' },
          letter: { nb: 'i brev', en: 'letter' },
          'e-mail': { nb: 'på e-post', en: 'e-mail' },
          telephone: { nb: 'på telefon', en: 'telephone' },
          'in-person': { nb: 'ved oppmøte', en: 'in person' },
        },
      },
      identity: {
        nb: 'Hvordan det ble vist hvem som spurte',
        en: 'How it was shown who asked',
        fields: {
          evidence: {
            nb: 'Bevis',
            en: 'Evidence',
            codes: {
              'fresh-proof': { nb: 'ny pålogging', en: 'fresh sign-in' },
              'known-in-person': { nb: 'kjent personlig', en: 'known in person' },
              'identity-document': { nb: 'legitimasjon', en: 'identity document' },
              'answer-from-registered-address': {
                nb: 'svar fra registrert adresse',
                en: 'answer from the registered address',
              },
              'call-to-registered-number': {
                nb: 'oppringning til registrert nummer',
                en: 'call to the registered number',
              },
            },
          },
          at: when,
        },
      },
      language,
      state: {
        nb: 'Tilstand',
        en: 'State',
        codes: {
          received: { nb: 'mottatt', en: 'received' },
          identity: { nb: 'venter på identitet', en: 'waiting for identity' },
          planned: { nb: 'planlagt', en: 'planned' },
          'awaiting-decision': { nb: 'venter på avgjørelse', en: 'awaiting a decision' },
          approved: { nb: 'innvilget', en: 'approved' },
          executing: { nb: 'under arbeid', en: 'being carried out' },
          verifying: { nb: 'kontrolleres', en: 'being verified' },
          incomplete: { nb: 'ikke fullført', en: 'incomplete' },
          answered: { nb: 'besvart', en: 'answered' },
          refused: { nb: 'avslått', en: 'refused' },
          withdrawn: { nb: 'trukket', en: 'withdrawn' },
        },
      },
      receivedAt: { nb: 'Mottatt', en: 'Received' },
      dueAt: { nb: 'Frist', en: 'Due' },
      entities: { nb: 'Hva protesten gjelder (koder)', en: 'What the objection is about (codes)' },
      extension: {
        nb: 'Utsatt',
        en: 'Extended',
        fields: {
          reason: {
            nb: 'Hvorfor',
            en: 'Why',
            codes: {
              complexity: { nb: 'sammensatt sak', en: 'complexity' },
              'number-of-requests': { nb: 'mange henvendelser', en: 'the number of requests' },
            },
          },
          at: when,
        },
      },
      decision: {
        nb: 'Avgjørelse',
        en: 'Decision',
        fields: {
          outcome: {
            nb: 'Utfall',
            en: 'Outcome',
            codes: { approved: { nb: 'innvilget', en: 'approved' }, refused: { nb: 'avslått', en: 'refused' } },
          },
          at: when,
          by,
          reason: { nb: 'Begrunnelse', en: 'Reason', codes: refusals },
        },
      },
      inForceSince: { nb: 'Virker siden', en: 'In force since' },
      endsAt: { nb: 'Slutter', en: 'Ends' },
      endedAt: { nb: 'Sluttet', en: 'Ended' },
      exportId: { nb: 'Kopi (id)', en: 'Copy (id)' },
      erasureId: { nb: 'Sletting (id)', en: 'Erasure (id)' },
      closedAt: { nb: 'Besvart', en: 'Answered' },
    },
  ),
  words(
    requestTextEntity,
    { nb: 'Teksten i henvendelser', en: 'The text of requests' },
    {
      text: { nb: 'Tekst', en: 'Text', freeText: true },
      proposal: { nb: 'Forslag til retting', en: 'Proposed rectification', fields: proposal },
      extensionWords: { nb: 'Om utsettelsen', en: 'About the extension', freeText: true },
      decisionWords: { nb: 'Om avgjørelsen', en: 'About the decision', freeText: true },
    },
  ),
  words(rectificationEntity, rectifications, rectification),
  words(accountRectificationEntity, rectifications, rectification),
  words(
    legalHoldEntity,
    { nb: 'Det som hindrer sletting', en: 'What forbids erasure' },
    {
      id,
      personId: { nb: 'Gjelder', en: 'About' },
      basis: {
        nb: 'Grunnlag',
        en: 'Basis',
        codes: {
          'legal-claim': { nb: 'rettskrav', en: 'legal claim' },
          'court-order': { nb: 'rettens avgjørelse', en: 'court order' },
          'supervisory-authority': { nb: 'tilsynsmyndighet', en: 'supervisory authority' },
          'child-welfare-act': { nb: 'barnevernsloven', en: 'the Child Welfare Act' },
          'kindergarten-act': { nb: 'barnehageloven', en: 'the Kindergarten Act' },
          'bookkeeping-act': { nb: 'bokføringsloven', en: 'the Bookkeeping Act' },
          'working-environment-act': { nb: 'arbeidsmiljøloven', en: 'the Working Environment Act' },
          'health-personnel-act': { nb: 'helsepersonelloven', en: 'the Health Personnel Act' },
          'archives-act': { nb: 'arkivlova', en: 'the Archives Act' },
        },
      },
      since: { nb: 'Siden', en: 'Since' },
      by,
      liftedAt: { nb: 'Opphevet', en: 'Lifted' },
    },
  ),
  wordsOfView<typeof ErasureView>()(
    erasureEntity,
    { nb: 'Slettinger', en: 'Erasures' },
    {
      id,
      cause: {
        nb: 'Årsak',
        en: 'Cause',
        codes: {
          request: { nb: 'henvendelse', en: 'request' },
          withdrawal: { nb: 'trukket samtykke', en: 'withdrawn consent' },
          unsubscribed: { nb: 'avmeldt', en: 'unsubscribed' },
          retention: { nb: 'lagringstiden er over', en: 'the term is over' },
          'agreement-end': { nb: 'avtalen er slutt', en: 'the agreement ended' },
          'account-closed': { nb: 'kontoen er avsluttet', en: 'the account was closed' },
        },
      },
      orderedAt: { nb: 'Bestemt', en: 'Ordered' },
      fencedAt: { nb: 'Nøkkelen ødelagt', en: 'Key destroyed' },
      verifiedAt: { nb: 'Kontrollert', en: 'Verified' },
      closedAt: { nb: 'Avsluttet', en: 'Closed' },
    },
  ),
  words(
    agreementAcceptanceEntity,
    { nb: 'Godtatte avtaler', en: 'Agreements accepted' },
    {
      version: { nb: 'Versjon', en: 'Version' },
      at: when,
      personId: { nb: 'Hvem', en: 'Who' },
      accountId: { nb: 'Konto (id)', en: 'Account (id)' },
      hashes: {
        nb: 'Kontrollsum av teksten',
        en: 'Checksum of the text',
        fields: { nb: { nb: 'På norsk', en: 'In Norwegian' }, en: { nb: 'På engelsk', en: 'In English' } },
      },
    },
  ),
  words(
    secondFactorResetEntity,
    { nb: 'Nullstilling av tofaktor', en: 'Reset of the second factor' },
    {
      organisationId: { nb: 'Virksomhet (id)', en: 'Organisation (id)' },
      personId: { nb: 'Hvem', en: 'Who' },
      accountId: { nb: 'Konto (id)', en: 'Account (id)' },
      by: {
        nb: 'Begynt av',
        en: 'Begun by',
        codes: {
          administrator: { nb: 'en administrator', en: 'an administrator' },
          platform: { nb: 'driftens ansatte', en: 'the operator’s staff' },
        },
      },
      state: {
        nb: 'Tilstand',
        en: 'State',
        codes: {
          'waiting-for-approval': { nb: 'venter på godkjenning', en: 'waiting for approval' },
          mailed: { nb: 'sendt på e-post', en: 'mailed' },
        },
      },
      requestedBy: { nb: 'Bedt om av', en: 'Asked for by' },
      approvedBy: { nb: 'Godkjent av', en: 'Approved by' },
      requestId: { nb: 'Forespørselens id', en: 'Id of the request' },
      expiresAt: { nb: 'Gjelder til', en: 'Open until' },
    },
  ),
  words(personDisclosureEntity, disclosures, disclosed),
  words(accountDisclosureEntity, disclosures, disclosed),
  words(
    threadEntity,
    { nb: 'Samtaler med personvernombudet', en: 'Talks with the data-protection officer' },
    {
      id,
      state: {
        nb: 'Tilstand',
        en: 'State',
        codes: { open: { nb: 'åpen', en: 'open' }, closed: { nb: 'avsluttet', en: 'closed' } },
      },
      accountId: { nb: 'Konto (id)', en: 'Account (id)' },
      language,
      messages: { nb: 'Antall meldinger', en: 'Number of messages' },
      lastBy: { nb: 'Sist skrevet av', en: 'Last written by', codes: writer },
      startedAt: { nb: 'Begynt', en: 'Begun' },
      lastAt: { nb: 'Siste melding', en: 'Last message' },
      closedAt: { nb: 'Avsluttet', en: 'Closed' },
    },
  ),
  words(
    messageEntity,
    { nb: 'Meldinger til og fra personvernombudet', en: 'Messages to and from the data-protection officer' },
    { by: { ...by, codes: writer }, text: { nb: 'Tekst', en: 'Text', freeText: true }, at: when },
  ),
];
