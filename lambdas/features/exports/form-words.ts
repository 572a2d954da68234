import { enquiryEntity } from '../enquiries/enquiry.ts';
import { publicFormsEntity } from '../forms/form.ts';
import { openEventEntity, signUpEntity } from '../open-events/open-event.ts';
import { subscriptionConsentEntity, subscriptionEntity } from '../subscriptions/subscription.ts';
import { type EntityWords, words } from './field-words-type.ts';

const id = { nb: 'Id', en: 'Id' } as const;
const language = {
  nb: 'Språk',
  en: 'Language',
  codes: { nb: { nb: 'bokmål', en: 'Norwegian Bokmål' }, en: { nb: 'engelsk', en: 'English' } },
} as const;
const contact = {
  name: { nb: 'Navn', en: 'Name' },
  phone: { nb: 'Telefon', en: 'Phone' },
  address: { nb: 'Adresse', en: 'Address' },
} as const;
const dueAt = { nb: 'Slettes senest', en: 'Erased at the latest' } as const;
const inBoth = { nb: { nb: 'På norsk', en: 'In Norwegian' }, en: { nb: 'På engelsk', en: 'In English' } } as const;
const proseInBoth = {
  nb: { ...inBoth.nb, freeText: true },
  en: { ...inBoth.en, freeText: true },
} as const;

/** What came through forms that anybody may fill in. */
export const formWords: readonly EntityWords[] = [
  words(
    publicFormsEntity,
    { nb: 'Åpne skjemaer', en: 'Open forms' },
    { newsletter: { nb: 'Nyhetsbrev', en: 'Newsletter' }, enquiries: { nb: 'Henvendelser', en: 'Enquiries' } },
  ),
  words(
    subscriptionEntity,
    { nb: 'Abonnement', en: 'Subscription' },
    {
      id,
      topic: {
        nb: 'På hva',
        en: 'To what',
        codes: {
          newsletter: { nb: 'nyhetsbrev', en: 'newsletter' },
          surveys: { nb: 'spørreundersøkelser', en: 'surveys' },
        },
      },
      language,
      since: { nb: 'Siden', en: 'Since' },
    },
  ),
  words(
    subscriptionConsentEntity,
    { nb: 'Bevis for abonnement', en: 'Proof of a subscription' },
    {
      schema: { nb: 'Standard', en: 'Standard', codes: { 'ISO/IEC TS 27560:2023': standard('ISO/IEC TS 27560:2023') } },
      subscriptionId: { nb: 'Abonnement (id)', en: 'Subscription (id)' },
      purposeId: { nb: 'Formål (id)', en: 'Purpose (id)' },
      purposeTextVersion: { nb: 'Versjon av teksten', en: 'Version of the text' },
      statementVersion: { nb: 'Versjon av personvernerklæringen', en: 'Version of the privacy statement' },
      language,
      lawfulBasis: { nb: 'Grunnlag', en: 'Basis', codes: { 'GDPR Art. 6(1)(a)': standard('GDPR Art. 6(1)(a)') } },
      method: {
        nb: 'Hvordan',
        en: 'How',
        codes: { 'form-and-mail': { nb: 'i et skjema, bekreftet på e-post', en: 'in a form, confirmed by e-mail' } },
      },
      askedAt: { nb: 'Bedt om', en: 'Asked for' },
      confirmedAt: { nb: 'Bekreftet', en: 'Confirmed' },
      endedAt: { nb: 'Avsluttet', en: 'Ended' },
      endedBy: {
        nb: 'Avsluttet av',
        en: 'Ended by',
        codes: { link: { nb: 'lenken i et brev', en: 'the link in a letter' }, staff: { nb: 'ansatte', en: 'staff' } },
      },
    },
  ),
  words(
    enquiryEntity,
    { nb: 'Henvendelse', en: 'Enquiry' },
    {
      id,
      ...contact,
      language,
      state: {
        nb: 'Tilstand',
        en: 'State',
        codes: {
          open: { nb: 'venter på svar', en: 'waits for an answer' },
          answered: { nb: 'besvart', en: 'answered' },
          closed: { nb: 'avsluttet', en: 'closed' },
        },
      },
      messages: {
        nb: 'Meldinger',
        en: 'Messages',
        fields: {
          by: {
            nb: 'Fra',
            en: 'From',
            codes: {
              enquirer: { nb: 'den som spør', en: 'who asks' },
              staff: { nb: 'virksomheten', en: 'the organisation' },
            },
          },
          personId: { nb: 'Hvem', en: 'Who' },
          text: { nb: 'Tekst', en: 'Text', freeText: true },
          at: { nb: 'Når', en: 'When' },
        },
      },
      receivedAt: { nb: 'Kom', en: 'Came' },
      closedAt: { nb: 'Avsluttet', en: 'Closed' },
      dueAt,
    },
  ),
  words(
    openEventEntity,
    { nb: 'Åpent arrangement', en: 'Open event' },
    {
      title: { nb: 'Tittel', en: 'Title', fields: inBoth },
      description: { nb: 'Beskrivelse', en: 'Description', fields: proseInBoth },
      place: { nb: 'Sted', en: 'Place' },
      from: { nb: 'Fra', en: 'From' },
      until: { nb: 'Til', en: 'Until' },
      signUpUntil: { nb: 'Påmelding til', en: 'Sign-up until' },
      places: { nb: 'Plasser', en: 'Places' },
      asks: {
        nb: 'Skjemaet spør om',
        en: 'The form asks for',
        fields: { phone: contact.phone, address: contact.address },
      },
      id,
      state: {
        nb: 'Tilstand',
        en: 'State',
        codes: { open: { nb: 'åpent', en: 'open' }, cancelled: { nb: 'avlyst', en: 'cancelled' } },
      },
      taken: { nb: 'Har plass', en: 'Have a place' },
      waiting: { nb: 'På venteliste', en: 'On the waiting list' },
      tell: {
        nb: 'Skal sies til de påmeldte',
        en: 'To be told to who has signed up',
        fields: {
          what: {
            nb: 'Hva',
            en: 'What',
            codes: { changed: { nb: 'endret', en: 'changed' }, cancelled: { nb: 'avlyst', en: 'cancelled' } },
          },
          at: { nb: 'Når', en: 'When' },
          after: { nb: 'Hittil (id)', en: 'So far (id)' },
        },
      },
    },
  ),
  words(
    signUpEntity,
    { nb: 'Påmelding', en: 'Sign-up' },
    {
      id,
      openEventId: { nb: 'Arrangement (id)', en: 'Event (id)' },
      ...contact,
      language,
      people: { nb: 'Antall', en: 'How many' },
      state: {
        nb: 'Tilstand',
        en: 'State',
        codes: { place: { nb: 'har plass', en: 'has a place' }, waiting: { nb: 'på venteliste', en: 'waiting' } },
      },
      at: { nb: 'Når', en: 'When' },
      dueAt,
    },
  ),
];

function standard(name: string) {
  return { nb: name, en: name } as const;
}
