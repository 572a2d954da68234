import type { ParametersOf } from '../notice.ts';
import type { formTemplates } from '../templates/forms.ts';
import { english, type Letters, norwegian } from './phrases.ts';

type Form = ParametersOf<'form-confirm'>['form'];
type What = ParametersOf<'sign-up'>['what'];

const asked = {
  nb: 'Den gjelder noe du selv har bedt om, og er ikke noe du abonnerer på.',
  en: 'It concerns something that you asked for yourself, and is not something that you subscribe to.',
} as const;
const once = {
  nb: 'Den er ikke noe du abonnerer på: gjør du ingenting, får du ikke flere e-poster om dette.',
  en: 'It is not something that you subscribe to: if you do nothing, you get no more e-mails about this.',
} as const;
const atWork = {
  nb: 'Den følger med oppgaven din og kan derfor ikke slås av.',
  en: 'It comes with your task, so it cannot be turned off.',
} as const;

/** To people who have filled in a form of an organisation's, and to the staff for whom it is. */
export const formLetters: Letters<keyof typeof formTemplates> = {
  'form-confirm': {
    nb({ form, token, expiresAt }, facts) {
      const say = norwegian(facts);
      return {
        subject: confirming.nb[form].subject,
        heading: confirming.nb[form].heading(say.organisation ?? 'en virksomhet'),
        paragraphs: [confirming.nb[form].lead],
        action: { label: 'Se og bekreft', url: facts.linkUrl(token) },
        afterwards: [
          say.until(expiresAt),
          'Var det ikke deg? Da trenger du ikke gjøre noe. Det som ble skrevet, blir slettet uten at noen har sett det.',
        ],
        footer: [say.why('adressen er oppgitt i et skjema'), once.nb],
      };
    },
    en({ form, token, expiresAt }, facts) {
      const say = english(facts);
      return {
        subject: confirming.en[form].subject,
        heading: confirming.en[form].heading(say.organisation ?? 'an organisation'),
        paragraphs: [confirming.en[form].lead],
        action: { label: 'See and confirm', url: facts.linkUrl(token) },
        afterwards: [
          say.until(expiresAt),
          'Was it not you? Then there is nothing you need to do. What was written is deleted, and nobody will have seen it.',
        ],
        footer: [say.why('the address was given in a form'), once.en],
      };
    },
  },
  'subscription-begun': {
    nb({ token, expiresAt }, facts) {
      const say = norwegian(facts);
      return {
        subject: 'Du får nyhetsbrevet',
        heading: 'Du får nyhetsbrevet',
        paragraphs: [
          'Du har bekreftet at du vil ha det. På siden ser du hva som er lagret om deg, og kan melde deg av.',
        ],
        action: { label: 'Se det som er lagret', url: facts.linkUrl(token) },
        afterwards: [say.until(expiresAt), 'Hvert nyhetsbrev har også en lenke for å melde seg av.'],
        footer: [say.why('du har meldt deg på nyhetsbrevet'), asked.nb],
      };
    },
    en({ token, expiresAt }, facts) {
      const say = english(facts);
      return {
        subject: 'You get the newsletter',
        heading: 'You get the newsletter',
        paragraphs: [
          'You have confirmed that you want it. The page shows what is kept about you, and lets you unsubscribe.',
        ],
        action: { label: 'See what is kept', url: facts.linkUrl(token) },
        afterwards: [say.until(expiresAt), 'Each newsletter also has a link for unsubscribing.'],
        footer: [say.why('you asked for the newsletter'), asked.en],
      };
    },
  },
  'enquiry-answered': {
    nb({ token, expiresAt }, facts) {
      const say = norwegian(facts);
      return {
        subject: 'Du har fått svar',
        heading: 'Henvendelsen din er besvart',
        paragraphs: [
          'Svaret står ikke i e-posten. Du leser det på en side som bare denne lenken åpner, og kan svare der.',
        ],
        action: { label: 'Les svaret', url: facts.linkUrl(token) },
        afterwards: [say.until(expiresAt)],
        footer: [say.why('du har spurt om noe'), asked.nb],
      };
    },
    en({ token, expiresAt }, facts) {
      const say = english(facts);
      return {
        subject: 'You have an answer',
        heading: 'Your enquiry has been answered',
        paragraphs: [
          'The answer is not in this e-mail. You read it on a page that only this link opens, and can reply there.',
        ],
        action: { label: 'Read the answer', url: facts.linkUrl(token) },
        afterwards: [say.until(expiresAt)],
        footer: [say.why('you asked something'), asked.en],
      };
    },
  },
  'enquiry-waiting': {
    nb({ at }, facts) {
      const say = norwegian(facts);
      return {
        subject: 'En henvendelse venter',
        heading: 'En henvendelse venter på svar',
        paragraphs: [`Den kom ${say.when(at)}. Logg på Vern for å lese den.`],
        footer: [say.why('du leder virksomheten'), atWork.nb],
      };
    },
    en({ at }, facts) {
      const say = english(facts);
      return {
        subject: 'An enquiry is waiting',
        heading: 'An enquiry is waiting for an answer',
        paragraphs: [`It came on ${say.when(at)}. Sign in to Vern to read it.`],
        footer: [say.why('you run the organisation'), atWork.en],
      };
    },
  },
  'sign-up': {
    nb({ what, token, expiresAt }, facts) {
      const say = norwegian(facts);
      const { subject, lead } = news.nb[what];
      return {
        subject,
        heading: subject,
        paragraphs: [lead],
        action: { label: 'Se påmeldingen', url: facts.linkUrl(token) },
        afterwards: [say.until(expiresAt)],
        footer: [say.why('du har meldt deg på et arrangement'), asked.nb],
      };
    },
    en({ what, token, expiresAt }, facts) {
      const say = english(facts);
      const { subject, lead } = news.en[what];
      return {
        subject,
        heading: subject,
        paragraphs: [lead],
        action: { label: 'See the sign-up', url: facts.linkUrl(token) },
        afterwards: [say.until(expiresAt)],
        footer: [say.why('you signed up for an event'), asked.en],
      };
    },
  },
};

interface Confirming {
  readonly subject: string;
  readonly heading: (organisation: string) => string;
  readonly lead: string;
}
const confirming: Readonly<Record<'nb' | 'en', Readonly<Record<Form, Confirming>>>> = {
  nb: {
    newsletter: {
      subject: 'Bekreft at du vil ha nyhetsbrevet',
      heading: (organisation) => `Vil du ha nyhetsbrevet fra ${organisation}?`,
      lead: 'Noen har skrevet adressen din i skjemaet for nyhetsbrevet. Du får det først når du har bekreftet.',
    },
    enquiry: {
      subject: 'Bekreft henvendelsen din',
      heading: (organisation) => `Er det du som har skrevet til ${organisation}?`,
      lead: 'Henvendelsen blir lest når du har bekreftet at den er fra deg.',
    },
    'sign-up': {
      subject: 'Bekreft påmeldingen din',
      heading: (organisation) => `Er det du som har meldt deg på hos ${organisation}?`,
      lead: 'Påmeldingen gjelder når du har bekreftet at den er fra deg.',
    },
    ticket: {
      subject: 'Bekreft e-posten din',
      heading: (organisation) => `Er det du som har skrevet til ${organisation}?`,
      lead: 'E-posten du sendte, blir lest når du har bekreftet at den er fra deg.',
    },
  },
  en: {
    newsletter: {
      subject: 'Confirm that you want the newsletter',
      heading: (organisation) => `Do you want the newsletter of ${organisation}?`,
      lead: 'Somebody has typed your address into the form for the newsletter. You only get it once you have confirmed.',
    },
    enquiry: {
      subject: 'Confirm your enquiry',
      heading: (organisation) => `Was it you who wrote to ${organisation}?`,
      lead: 'The enquiry is read once you have confirmed that it is yours.',
    },
    'sign-up': {
      subject: 'Confirm your sign-up',
      heading: (organisation) => `Was it you who signed up with ${organisation}?`,
      lead: 'The sign-up counts once you have confirmed that it is yours.',
    },
    ticket: {
      subject: 'Confirm your e-mail',
      heading: (organisation) => `Was it you who wrote to ${organisation}?`,
      lead: 'The e-mail that you sent is read once you have confirmed that it is yours.',
    },
  },
};

interface News {
  readonly subject: string;
  readonly lead: string;
}
const news: Readonly<Record<'nb' | 'en', Readonly<Record<What, News>>>> = {
  nb: {
    place: {
      subject: 'Du har plass',
      lead: 'Påmeldingen er registrert. På siden ser du når og hvor, og kan melde deg av.',
    },
    waiting: {
      subject: 'Du står på venteliste',
      lead: 'Alle plassene er tatt. Blir det en plass ledig til deg, får du en e-post. På siden kan du melde deg av.',
    },
    'moved-up': {
      subject: 'Du har fått plass',
      lead: 'En plass er blitt ledig, og den er din. Kan du ikke komme, meld deg av på siden.',
    },
    'event-changed': {
      subject: 'Arrangementet er endret',
      lead: 'Noe er endret ved arrangementet du er påmeldt. På siden ser du hva som gjelder nå, og kan melde deg av.',
    },
    'event-cancelled': { subject: 'Arrangementet er avlyst', lead: 'Arrangementet du er påmeldt, blir ikke noe av.' },
  },
  en: {
    place: {
      subject: 'You have a place',
      lead: 'The sign-up is registered. The page says when and where, and lets you cancel.',
    },
    waiting: {
      subject: 'You are on the waiting list',
      lead: 'All places are taken. If one becomes free for you, you get an e-mail. You can cancel on the page.',
    },
    'moved-up': {
      subject: 'You have got a place',
      lead: 'A place has become free, and it is yours. If you cannot come, cancel on the page.',
    },
    'event-changed': {
      subject: 'The event has changed',
      lead: 'Something has changed about the event that you signed up for. The page says how it is now, and lets you cancel.',
    },
    'event-cancelled': {
      subject: 'The event is cancelled',
      lead: 'The event that you signed up for will not take place.',
    },
  },
};
