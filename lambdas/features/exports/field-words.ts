import type { EntityDeclaration } from '../../platform/entity.ts';
import { roleEntity, undertakingEntity } from '../access/role.ts';
import { accountLinkEntity } from '../accounts/account.ts';
import { attendanceDayEntity } from '../attendance/attendance-day.ts';
import { invitationEntity, joinRequestEntity, registrationEvidenceEntity } from '../invitations/invitation.ts';
import { noticeEntity } from '../notices/notice.ts';
import { declinedNoticesEntity } from '../notices/preferences.ts';
import { undeliverableAddressEntity } from '../notices/undeliverable.ts';
import { guardianLinkEntity, personEntity } from '../people/person.ts';
import { pictureEntity } from '../pictures/picture.ts';
import { accountWords } from './account-words.ts';
import { alarmWords } from './alarm-words.ts';
import { calendarFeedWords } from './calendar-feed-words.ts';
import { childLogWords } from './child-log-words.ts';
import { deviceWords } from './device-words.ts';
import { distributionWords } from './distribution-words.ts';
import { documentWords } from './document-words.ts';
import { eventWords } from './event-words.ts';
import { type EntityWords, words, wordsOfView } from './field-words-type.ts';
import { formWords } from './form-words.ts';
import { invoiceWords } from './invoice-words.ts';
import { messageWords } from './message-words.ts';
import { noticePreferenceWords } from './notice-preference-words.ts';
import { originEntity } from './origin.ts';
import { reservationWords } from './reservation-words.ts';
import { rightsWords } from './rights-words.ts';
import { safetyWords } from './safety-words.ts';
import { contentType, from, language, organisationId, until } from './shared-words.ts';
import { slotWords } from './slot-words.ts';
import { surveyWords } from './survey-words.ts';
import { ticketWords } from './ticket-words.ts';
import { usageWords } from './usage-words.ts';
import type { GuardianLinkView, NoticeView } from './views.ts';
import { workplaceWords } from './workplace-words.ts';

const by = { nb: 'Registrert av', en: 'Registered by' } as const;
const checkedInAt = { nb: 'Krysset inn', en: 'Checked in' } as const;
const checkedOutAt = { nb: 'Krysset ut', en: 'Checked out' } as const;
const statementVersion = { nb: 'Versjon av personvernerklæringen', en: 'Version of the privacy statement' } as const;
const roleCodes = {
  administrator: { nb: 'administrator', en: 'administrator' },
  'privacy-officer': { nb: 'personvernansvarlig', en: 'privacy officer' },
  leader: { nb: 'leder', en: 'leader' },
  staff: { nb: 'ansatt', en: 'member of staff' },
  guardian: { nb: 'foresatt', en: 'guardian' },
  member: { nb: 'medlem', en: 'member' },
  integration: { nb: 'integrasjon', en: 'integration' },
  'platform-operator': { nb: 'driftsansvarlig i Vern', en: 'operator at Vern' },
  'platform-data-protection-officer': { nb: 'personvernombud', en: 'data-protection officer' },
  'platform-support': { nb: 'brukerstøtte i Vern', en: 'support at Vern' },
} as const;
const scope = {
  nb: 'Gjelder for',
  en: 'Applies to',
  fields: {
    kind: {
      nb: 'Omfang',
      en: 'Extent',
      codes: {
        organisation: { nb: 'hele virksomheten', en: 'the whole organisation' },
        department: { nb: 'en avdeling', en: 'a department' },
        group: { nb: 'en gruppe', en: 'a group' },
        person: { nb: 'en person', en: 'one person' },
      },
    },
    id: { nb: 'Hvilken (id)', en: 'Which one (id)' },
  },
} as const;
const times = (nb: string, en: string) => ({ nb, en, fields: { checkedInAt, checkedOutAt } }) as const;
const evidence = {
  statementVersion,
  basis: {
    nb: 'Hva du gjorde',
    en: 'What you did',
    codes: {
      acknowledged: { nb: 'bekreftet at du har lest den', en: 'confirmed that you have read it' },
      consented: { nb: 'samtykket', en: 'consented' },
    },
  },
  consents: {
    nb: 'Samtykker',
    en: 'Consents',
    codes: { account: { nb: 'til en konto', en: 'to an account' } },
  },
  language,
  at: { nb: 'Når', en: 'When' },
} as const;

/** In the order in which a person reads them. */
const ownWords: readonly EntityWords[] = [
  words(
    personEntity,
    { nb: 'Om personen', en: 'About the person' },
    {
      firstName: { nb: 'Fornavn', en: 'First name' },
      lastName: { nb: 'Etternavn', en: 'Last name' },
      email: { nb: 'E-post', en: 'E-mail' },
      phone: { nb: 'Telefon', en: 'Phone' },
      address: { nb: 'Adresse', en: 'Address' },
      postcode: { nb: 'Postnummer', en: 'Postcode' },
      birthDate: { nb: 'Fødselsdato', en: 'Date of birth' },
      position: { nb: 'Stilling', en: 'Position' },
      language,
      protectedAddress: { nb: 'Skjult adresse', en: 'Protected address' },
      note: { nb: 'Merknad', en: 'Note', freeText: true },
      id: { nb: 'Id i tjenesten', en: 'Id in the service' },
      organisationId,
      kind: {
        nb: 'Registrert som',
        en: 'Registered as',
        codes: {
          child: { nb: 'barn', en: 'child' },
          guardian: { nb: 'foresatt', en: 'guardian' },
          staff: { nb: 'ansatt', en: 'member of staff' },
          member: { nb: 'medlem', en: 'member' },
        },
      },
      placements: {
        nb: 'Opphold i grupper',
        en: 'Placements in groups',
        fields: { groupId: { nb: 'Gruppe', en: 'Group' }, from, until },
      },
    },
  ),
  words(
    originEntity,
    { nb: 'Hvor opplysningene kommer fra', en: 'Where the data comes from' },
    {
      origin: { nb: 'Hentet fra', en: 'Obtained from' },
      originId: { nb: 'Avsenderens id', en: 'Id of the sender' },
      exportedAt: { nb: 'Eksportert derfra', en: 'Exported there' },
      importedAt: { nb: 'Tatt inn her', en: 'Taken in here' },
      signature: {
        nb: 'Signatur',
        en: 'Signature',
        codes: {
          verified: {
            nb: 'kontrollert: filen kom fra Vern og var uendret',
            en: 'checked: the file came from Vern unchanged',
          },
        },
      },
    },
  ),
  words(
    pictureEntity,
    { nb: 'Bilde', en: 'Picture' },
    {
      image: {
        nb: 'Bildet',
        en: 'The picture',
        fields: {
          contentType,
          content: { nb: 'Innhold (base64)', en: 'Content (base64)' },
        },
      },
    },
  ),
  wordsOfView<typeof GuardianLinkView>()(
    guardianLinkEntity,
    { nb: 'Foresatte og pårørende', en: 'Guardians and relatives' },
    {
      guardianId: { nb: 'Foresatt', en: 'Guardian' },
      childId: { nb: 'Barn', en: 'Child' },
      relation: {
        nb: 'Forhold',
        en: 'Relation',
        codes: {
          mother: { nb: 'mor', en: 'mother' },
          father: { nb: 'far', en: 'father' },
          'co-mother': { nb: 'medmor', en: 'co-mother' },
          'foster-parent': { nb: 'fosterforelder', en: 'foster parent' },
          grandparent: { nb: 'besteforelder', en: 'grandparent' },
          other: { nb: 'annet', en: 'other' },
        },
      },
      rights: {
        nb: 'Rettigheter',
        en: 'Rights',
        codes: {
          'parental-responsibility': { nb: 'foreldreansvar', en: 'parental responsibility' },
          'information-only': { nb: 'bare informasjon', en: 'information only' },
          'pick-up-only': { nb: 'bare hente', en: 'pick-up only' },
        },
      },
      livesWith: { nb: 'Bor sammen', en: 'Lives with' },
      from,
      until,
    },
  ),
  words(
    attendanceDayEntity,
    { nb: 'Oppmøte', en: 'Attendance' },
    {
      day: { nb: 'Dag', en: 'Day' },
      expected: {
        nb: 'Ventet',
        en: 'Expected',
        fields: { from: { nb: 'Fra kl.', en: 'From' }, until: { nb: 'Til kl.', en: 'Until' }, by },
      },
      absence: {
        nb: 'Fravær',
        en: 'Absence',
        fields: {
          reason: {
            nb: 'Grunn',
            en: 'Reason',
            codes: { holiday: { nb: 'ferie', en: 'holiday' }, other: { nb: 'annet', en: 'other' } },
          },
          by,
          at: { nb: 'Meldt', en: 'Reported' },
        },
      },
      stays: {
        nb: 'Til stede',
        en: 'Present',
        fields: {
          id: { nb: 'Nummer den dagen', en: 'Number on that day' },
          checkedInAt,
          checkedInBy: { nb: 'Krysset inn av', en: 'Checked in by' },
          checkedOutAt,
          checkedOutBy: { nb: 'Krysset ut av', en: 'Checked out by' },
          closedBySystem: { nb: 'Avsluttet av tjenesten ved dagens slutt', en: 'Ended by the service with the day' },
        },
      },
      corrections: {
        nb: 'Rettelser',
        en: 'Corrections',
        fields: {
          at: { nb: 'Rettet', en: 'Corrected' },
          by: { nb: 'Rettet av', en: 'Corrected by' },
          reason: {
            nb: 'Grunn',
            en: 'Reason',
            codes: {
              forgotten: { nb: 'glemt', en: 'forgotten' },
              'wrong-time': { nb: 'feil klokkeslett', en: 'wrong time' },
              'wrong-child': { nb: 'feil barn', en: 'wrong child' },
            },
          },
          stayId: { nb: 'Nummer den dagen', en: 'Number on that day' },
          before: times('Før', 'Before'),
          after: times('Etter', 'After'),
        },
      },
      missedArrivalToldAt: {
        nb: 'Foresatte spurt om hvor barnet er',
        en: 'Guardians asked where the child is',
      },
    },
  ),
  words(
    roleEntity,
    { nb: 'Roller', en: 'Roles' },
    {
      id: { nb: 'Id', en: 'Id' },
      personId: { nb: 'Person', en: 'Person' },
      role: { nb: 'Rolle', en: 'Role', codes: roleCodes },
      actions: { nb: 'Kan gjøre', en: 'May do' },
      scope,
      validFrom: from,
      validUntil: until,
      state: {
        nb: 'Tilstand',
        en: 'State',
        codes: {
          active: { nb: 'i bruk', en: 'active' },
          suspended: { nb: 'satt på vent', en: 'suspended' },
          ended: { nb: 'avsluttet', en: 'ended' },
        },
      },
    },
  ),
  words(
    accountLinkEntity,
    { nb: 'Kobling til konto', en: 'Link to an account' },
    { accountId: { nb: 'Konto (id)', en: 'Account (id)' }, since: { nb: 'Siden', en: 'Since' } },
  ),
  words(
    invitationEntity,
    { nb: 'Invitasjoner', en: 'Invitations' },
    {
      id: { nb: 'Id', en: 'Id' },
      personId: { nb: 'Invitert', en: 'Invited' },
      address: { nb: 'Sendt til', en: 'Sent to' },
      role: { nb: 'Rolle', en: 'Role', codes: roleCodes },
      scope,
      state: {
        nb: 'Tilstand',
        en: 'State',
        codes: {
          open: { nb: 'åpen', en: 'open' },
          accepted: { nb: 'tatt imot', en: 'accepted' },
          withdrawn: { nb: 'trukket', en: 'withdrawn' },
        },
      },
      createdAt: { nb: 'Sendt', en: 'Sent' },
      expiresAt: { nb: 'Gjelder til', en: 'Open until' },
    },
  ),
  words(
    joinRequestEntity,
    { nb: 'Forespørsler om å bli med', en: 'Requests to join' },
    {
      accountId: { nb: 'Konto (id)', en: 'Account (id)' },
      email: { nb: 'E-post', en: 'E-mail' },
      name: { nb: 'Navn', en: 'Name' },
      requestedAt: { nb: 'Når', en: 'When' },
      evidence: { nb: 'Bekreftelse', en: 'Confirmation', fields: evidence },
    },
  ),
  words(registrationEvidenceEntity, { nb: 'Bekreftelser og samtykker', en: 'Acknowledgements and consents' }, evidence),
  words(
    undertakingEntity,
    { nb: 'Taushetserklæringer', en: 'Undertakings of confidentiality' },
    {
      version: { nb: 'Versjon', en: 'Version' },
      at: { nb: 'Når', en: 'When' },
      accountId: { nb: 'Konto (id)', en: 'Account (id)' },
    },
  ),
  words(
    declinedNoticesEntity,
    { nb: 'Meldinger du har slått av', en: 'Messages that you have turned off' },
    {
      category: {
        nb: 'Hva slags',
        en: 'Which kind',
        codes: {
          arrivals: { nb: 'beskjed om ankomst', en: 'word of arrivals' },
          'daily-summary': { nb: 'dagen i tall', en: 'the day in numbers' },
          reminders: { nb: 'påminnelser før frister', en: 'reminders before deadlines' },
          messages: { nb: 'beskjed om meldinger og oppslag', en: 'word of messages and announcements' },
          'organisation-news': { nb: 'nytt fra virksomheten', en: 'news from the organisation' },
          newsletter: { nb: 'nyhetsbrev', en: 'newsletter' },
          surveys: { nb: 'spørreundersøkelser', en: 'surveys' },
        },
      },
      declinedAt: { nb: 'Når', en: 'When' },
    },
  ),
  wordsOfView<typeof NoticeView>()(
    noticeEntity,
    { nb: 'Meldinger sendt til deg', en: 'Messages sent to you' },
    {
      id: { nb: 'Id', en: 'Id' },
      template: { nb: 'Hva slags melding', en: 'Which message' },
      state: {
        nb: 'Utfall',
        en: 'Outcome',
        codes: {
          created: { nb: 'skal sendes', en: 'to be sent' },
          waiting: { nb: 'venter til stilletiden er over', en: 'waits until quiet hours are over' },
          sending: { nb: 'blir sendt', en: 'being sent' },
          accepted: { nb: 'sendt', en: 'sent' },
          delivered: { nb: 'levert', en: 'delivered' },
          digested: { nb: 'samlet i en oversikt', en: 'gathered in a digest' },
          'temporary-failure': { nb: 'prøves igjen', en: 'to be tried again' },
          'permanent-failure': { nb: 'kunne ikke leveres', en: 'could not be delivered' },
          'technical-failure': { nb: 'teknisk feil hos oss', en: 'a technical failure of ours' },
          'not-sent': { nb: 'ikke sendt', en: 'not sent' },
        },
      },
      createdAt: { nb: 'Når', en: 'When' },
      reason: {
        nb: 'Hvorfor den ikke ble sendt',
        en: 'Why it was not sent',
        codes: {
          'recipient-gone': { nb: 'mottakeren var slettet', en: 'the recipient was gone' },
          'child-gone': { nb: 'barnet var slettet', en: 'the child was gone' },
          'no-address': { nb: 'ingen adresse', en: 'no address' },
          declined: { nb: 'slått av', en: 'declined' },
          blocked: { nb: 'sperret', en: 'blocked' },
          'no-longer-guardian': { nb: 'ikke lenger foresatt', en: 'no longer a guardian' },
          'undeliverable-address': { nb: 'adressen tar ikke imot', en: 'the address refuses mail' },
          'too-late': { nb: 'for sent', en: 'too late' },
          'seen-already': { nb: 'allerede sett', en: 'seen already' },
          'no-longer-due': { nb: 'ikke lenger aktuelt', en: 'no longer due' },
        },
      },
    },
  ),
  words(
    undeliverableAddressEntity,
    { nb: 'Adresser som ikke tar imot e-post', en: 'Addresses that refuse mail' },
    {
      address: { nb: 'Adresse', en: 'Address' },
      since: { nb: 'Siden', en: 'Since' },
      reason: {
        nb: 'Hvorfor',
        en: 'Why',
        codes: {
          refused: { nb: 'adressen er ugyldig', en: 'the address is not valid' },
          bounced: { nb: 'e-posten kom i retur', en: 'the mail came back' },
          complained: { nb: 'e-posten ble meldt som uønsket', en: 'the mail was reported as unwanted' },
        },
      },
    },
  ),
];

export const fieldWords: readonly EntityWords[] = [
  ...ownWords,
  ...reservationWords,
  ...childLogWords,
  ...accountWords,
  ...calendarFeedWords,
  ...deviceWords,
  ...usageWords,
  ...alarmWords,
  ...distributionWords,
  ...safetyWords,
  ...slotWords,
  ...workplaceWords,
  ...surveyWords,
  ...rightsWords,
  ...documentWords,
  ...eventWords,
  ...formWords,
  ...ticketWords,
  ...invoiceWords,
  ...messageWords,
  ...noticePreferenceWords,
];

const byName = new Map(fieldWords.map((known) => [known.entity.name, known]));
/** A test holds that every exported entity has words; one without shows its names as they are stored. */
export const wordsOf = (entity: EntityDeclaration): EntityWords =>
  byName.get(entity.name) ?? { entity, title: { nb: entity.name, en: entity.name }, fields: {} };
