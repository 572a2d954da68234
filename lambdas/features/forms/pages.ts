import type { Language } from '../../http/call.ts';
import type { OrganisationId } from '../../http/ids.ts';
import type { ConsentPurpose } from '../consents/purpose.ts';
import type { PageField, PageWords } from '../links/page.ts';
import { dayAndTime } from '../notices/instants.ts';
import { hasPlaceFor, isOpenForSignUp, type OpenEvent } from '../open-events/open-event.ts';
import { TEXT_CHARACTERS_MAX } from './form.ts';
import type { FieldName, Refusal } from './typed.ts';

/** Whose form it is. */
export interface FormHouse {
  readonly id: OrganisationId;
  readonly name: string;
  readonly timeZone: string;
}
/** What was wrong with what was typed; nothing of it is repeated. */
type Wrong = Refusal | undefined;

export function newsletterPage(
  house: FormHouse,
  purpose: ConsentPurpose,
  language: Language,
  wrong?: Wrong,
): PageWords {
  const words = texts[language];
  return {
    title: words.newsletter(house.name),
    paragraphs: [...said(wrong, language), purpose.text[language], words.confirmed],
    forms: [
      {
        action: `/o/${house.id}/newsletter`,
        fields: [fieldOf('email', language), trap(language)],
        button: words.subscribe,
      },
    ],
    notes: aboutData(house, language, words.newsletterKept),
  };
}

export function enquiryPage(house: FormHouse, language: Language, wrong?: Wrong): PageWords {
  const words = texts[language];
  const text: PageField = { kind: 'text', name: 'text', label: words.text, charactersMax: TEXT_CHARACTERS_MAX };
  const names = ['name', 'email', 'phone'] as const;
  return {
    title: words.enquiry(house.name),
    paragraphs: [...said(wrong, language), words.enquiryLead, words.confirmed],
    forms: [
      {
        action: `/o/${house.id}/enquiries`,
        fields: [...names.map((name) => fieldOf(name, language)), text, trap(language)],
        button: words.send,
      },
    ],
    notes: aboutData(house, language, words.enquiryKept),
  };
}

export const namesAskedFor = ({ asks }: OpenEvent): readonly FieldName[] => [
  'name',
  'email',
  ...(asks.phone ? (['phone'] as const) : []),
  ...(asks.address ? (['address'] as const) : []),
  'people',
];

export function eventPage(house: FormHouse, event: OpenEvent, now: Date, language: Language, wrong?: Wrong): PageWords {
  const words = texts[language];
  const { title, paragraphs } = eventWords(house, event, language);
  if (!isOpenForSignUp(event, now)) return { title, paragraphs: [...paragraphs, words.signUpOver] };
  return {
    title,
    paragraphs: [
      ...said(wrong, language),
      ...paragraphs,
      words.signUpUntil(dayAndTime(event.signUpUntil, house.timeZone, language)),
      ...(hasPlaceFor(event, 1) ? [] : [words.full]),
      words.confirmed,
    ],
    forms: [
      {
        action: `/o/${house.id}/events/${event.id}`,
        fields: [...namesAskedFor(event).map((name) => fieldOf(name, language)), trap(language)],
        button: words.signUp,
      },
    ],
    notes: aboutData(house, language, words.signUpKept),
  };
}

/** What the event is, where and when, and who holds it. */
export function eventWords(house: FormHouse, event: OpenEvent, language: Language) {
  const words = texts[language];
  const when = (instant: string) => dayAndTime(instant, house.timeZone, language);
  return {
    title: event.title[language],
    paragraphs: [
      ...(event.state === 'cancelled' ? [words.cancelled] : []),
      words.holds(house.name),
      words.when(when(event.from), when(event.until)),
      ...(event.place === undefined ? [] : [words.where(event.place)]),
      ...(event.description[language] ? [event.description[language]] : []),
    ],
  };
}

export const sentPage = (language: Language): PageWords => ({
  title: texts[language].sentTitle,
  paragraphs: [texts[language].sent, texts[language].noMail],
});

export const noFormPage = (language: Language): PageWords => ({
  title: texts[language].noForm,
  paragraphs: [texts[language].noFormWhy],
});

const said = (wrong: Wrong, language: Language): string[] => {
  if (!wrong) return [];
  const { refused, forbidden, labels } = texts[language];
  const names = wrong.fields.map((name) => labels[name]).join(', ');
  return [wrong.slug === 'forbidden-content' ? forbidden : refused(names)];
};

function fieldOf(name: FieldName, language: Language): PageField {
  const label = texts[language].labels[name];
  const { type, autocomplete, charactersMax, required } = lines[name];
  return {
    kind: 'line',
    name,
    label,
    type,
    autocomplete,
    charactersMax,
    required,
    ...(name === 'people' && { value: '1' }),
  };
}
const lines = {
  name: { type: 'text', autocomplete: 'name', charactersMax: 120, required: true },
  email: { type: 'email', autocomplete: 'email', charactersMax: 254, required: true },
  phone: { type: 'tel', autocomplete: 'tel', charactersMax: 30, required: false },
  address: { type: 'text', autocomplete: 'street-address', charactersMax: 200, required: false },
  people: { type: 'number', autocomplete: 'off', charactersMax: 2, required: true },
  text: { type: 'text', autocomplete: 'off', charactersMax: TEXT_CHARACTERS_MAX, required: true },
} as const satisfies Readonly<Record<FieldName, object>>;

const trap = (language: Language): PageField => ({ kind: 'trap', name: 'website', label: texts[language].trap });

const aboutData = (house: FormHouse, language: Language, kept: string) => ({
  heading: texts[language].aboutData,
  lines: [texts[language].controller(house.name), kept],
  link: {
    label: texts[language].statement,
    url: `/v1/organisations/${house.id}/statement/page?language=${language}`,
  },
});

const texts = {
  nb: {
    newsletter: (name: string) => `Nyhetsbrev fra ${name}`,
    subscribe: 'Meld meg på',
    newsletterKept: 'E-postadressen din brukes bare til nyhetsbrevet. Den slettes når du melder deg av.',
    enquiry: (name: string) => `Spør ${name}`,
    enquiryLead: 'Skriv spørsmålet ditt. Ikke skriv om helse, og ikke fødselsnummer eller kortnummer.',
    enquiryKept: 'Det du skriver, slettes 30 dager etter at saken er avsluttet, og senest etter et halvt år.',
    send: 'Send',
    text: 'Hva lurer du på?',
    holds: (name: string) => `Arrangør: ${name}.`,
    when: (from: string, until: string) => `Når: fra ${from} til ${until}.`,
    where: (place: string) => `Hvor: ${place}.`,
    cancelled: 'Arrangementet er avlyst.',
    signUp: 'Meld meg på',
    signUpUntil: (until: string) => `Du kan melde deg på til ${until}.`,
    signUpOver: 'Det går ikke lenger an å melde seg på.',
    full: 'Alle plassene er tatt. Du kan sette deg på venteliste.',
    signUpKept: 'Påmeldingen slettes 30 dager etter arrangementet. Du kan melde deg av når som helst.',
    confirmed: 'Du får en e-post for å bekrefte at adressen er din. Først da gjelder det.',
    sentTitle: 'Se i e-posten din',
    sent: 'Vi har sendt en e-post til adressen du oppga. Åpne lenken i den innen to døgn. Gjør du ikke det, blir det du skrev, slettet.',
    noMail: 'Kommer det ingen e-post? Se i søppelposten, eller prøv igjen og se over adressen.',
    noForm: 'Skjemaet er ikke åpent',
    noFormWhy: 'Virksomheten har ikke åpnet dette skjemaet, eller har lukket det igjen.',
    refused: (names: string) => `Noe må rettes: ${names}. Ingenting er sendt.`,
    forbidden: 'Ingenting er sendt. Teksten kan ikke ha kortnummer eller fødselsnummer.',
    aboutData: 'Om opplysningene dine',
    controller: (name: string) => `${name} er ansvarlig for dem. Ingen andre får dem.`,
    statement: 'Personvernerklæringen',
    trap: 'La dette feltet stå tomt',
    labels: {
      name: 'Navn',
      email: 'E-post',
      phone: 'Telefon (hvis du vil bli oppringt)',
      address: 'Adresse',
      people: 'Hvor mange kommer?',
      text: 'Hva lurer du på?',
    },
  },
  en: {
    newsletter: (name: string) => `Newsletter of ${name}`,
    subscribe: 'Subscribe',
    newsletterKept: 'Your e-mail address is used for the newsletter alone. It is deleted when you unsubscribe.',
    enquiry: (name: string) => `Ask ${name}`,
    enquiryLead: 'Write your question. Nothing about health, please, and no identity or card number.',
    enquiryKept: 'What you write is deleted 30 days after the matter is closed, and after half a year at the latest.',
    send: 'Send',
    text: 'What would you like to know?',
    holds: (name: string) => `Held by ${name}.`,
    when: (from: string, until: string) => `When: from ${from} to ${until}.`,
    where: (place: string) => `Where: ${place}.`,
    cancelled: 'The event is cancelled.',
    signUp: 'Sign me up',
    signUpUntil: (until: string) => `You can sign up until ${until}.`,
    signUpOver: 'It is no longer possible to sign up.',
    full: 'All places are taken. You can put yourself on the waiting list.',
    signUpKept: 'The sign-up is deleted 30 days after the event. You can cancel at any time.',
    confirmed: 'You get an e-mail to confirm that the address is yours. Only then does it count.',
    sentTitle: 'See your e-mail',
    sent: 'We have sent an e-mail to the address that you gave. Open the link in it within two days. If you do not, what you wrote is deleted.',
    noMail: 'No e-mail? Look among the spam, or try again and check the address.',
    noForm: 'This form is not open',
    noFormWhy: 'The organisation has not opened this form, or has closed it again.',
    refused: (names: string) => `Something has to be mended: ${names}. Nothing was sent.`,
    forbidden: 'Nothing was sent. The text cannot hold a card or identity number.',
    aboutData: 'About your data',
    controller: (name: string) => `${name} is responsible for it. Nobody else gets it.`,
    statement: 'Privacy statement',
    trap: 'Leave this field empty',
    labels: {
      name: 'Name',
      email: 'E-mail',
      phone: 'Telephone (if you want to be called)',
      address: 'Address',
      people: 'How many are coming?',
      text: 'What would you like to know?',
    },
  },
} as const;
