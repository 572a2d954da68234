import type { Call, Language } from '../../http/call.ts';
import { PageProblem } from '../../http/page-problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { Owner } from '../../platform/entity.ts';
import { type Enquiry, MESSAGES_MAX } from '../enquiries/enquiry.ts';
import { deadLinkPage } from '../links/dead-link.ts';
import type { LinkPage } from '../links/handlers.ts';
import { type PageForm, type PageWords, page } from '../links/page.ts';
import { dayAndTime } from '../notices/instants.ts';
import type { OpenEvent, SignUp } from '../open-events/open-event.ts';
import type { Subscription, SubscriptionConsent } from '../subscriptions/subscription.ts';
import { TEXT_CHARACTERS_MAX } from './form.ts';
import { eventWords, type FormHouse } from './pages.ts';
import type { ownFormRoutes } from './routes.ts';
import { isRefusal, type Refusal, read } from './typed.ts';

/** All that is held about somebody who has filled in a form (Art. 15). */
export interface Own {
  readonly house: FormHouse;
  readonly email: string;
  readonly sent:
    | {
        readonly form: 'newsletter';
        readonly subscription: Subscription;
        readonly consent: SubscriptionConsent | undefined;
      }
    | { readonly form: 'enquiry'; readonly enquiry: Enquiry }
    | { readonly form: 'sign-up'; readonly signUp: SignUp; readonly event: OpenEvent | undefined };
}

export interface OwnFormStore {
  /** What a link of the outsider’s own leads to; undefined when it is gone, or for any other link. */
  ownOfToken(token: string, call: Call): Promise<Own | undefined>;
  own(owner: Owner, call: Call): Promise<Own | undefined>;
  writeAgain(own: Own, text: string, call: Call): Promise<void>;
  erase(own: Own, call: Call): Promise<void>;
}

/** The page of an outsider’s own link. What is held is shown when its button is pressed: a mail scanner only looks. */
export const ownFormPage =
  (store: OwnFormStore): LinkPage =>
  async (link, token, call, isPressed) => {
    if (!isPressed) return askingPage(call.language);
    const own = await store.own(link.owner, call);
    return own && ownPage(own, token, call.language);
  };

export const ownFormHandlers = (store: OwnFormStore): HandlersFor<typeof ownFormRoutes, Call> => ({
  async changeOwnForm({ params: { token }, body }, call) {
    const own = await store.ownOfToken(token, call);
    if (!own) throw deadLinkPage(call);
    const { language } = call;
    if (body.do === 'erase') {
      await store.erase(own, call);
      return page(gonePage(language), language);
    }
    const typed = read({ text: body.text }, ['text']);
    if (isRefusal(typed)) throw new PageProblem(typed.slug, page(ownPage(own, token, language, typed), language));
    await store.writeAgain(own, typed.text, call);
    const after = await store.ownOfToken(token, call);
    if (!after) throw deadLinkPage(call);
    return page(ownPage(after, token, language), language);
  },
});

export const askingPage = (language: Language): PageWords => ({
  title: texts[language].title,
  paragraphs: [texts[language].ask],
  button: texts[language].show,
});
export const gonePage = (language: Language): PageWords => ({
  title: texts[language].goneTitle,
  paragraphs: [texts[language].gone],
});

export function ownPage(own: Own, token: string, language: Language, wrong?: Refusal): PageWords {
  const words = texts[language];
  const { house, sent } = own;
  const erasing: PageForm = {
    action: `/l/${token}/form`,
    fields: [{ kind: 'hidden', name: 'do', value: 'erase' }],
    button: words.erase[sent.form],
  };
  const notes = { heading: words.held, lines: heldLines(own, language) };
  switch (sent.form) {
    case 'newsletter':
      return { title: words.newsletter(house.name), paragraphs: [words.newsletterLead], forms: [erasing], notes };
    case 'sign-up': {
      const event = sent.event && eventWords(house, sent.event, language);
      const paragraphs = [words.state[sent.signUp.state], ...(event?.paragraphs ?? [])];
      return { title: event?.title ?? words.title, paragraphs, forms: [erasing], notes };
    }
    case 'enquiry': {
      const { state, messages } = sent.enquiry;
      const mayWrite = state !== 'closed' && messages.length < MESSAGES_MAX;
      const writing: PageForm = {
        action: `/l/${token}/form`,
        fields: [
          { kind: 'hidden', name: 'do', value: 'write' },
          { kind: 'text', name: 'text', label: words.answer, charactersMax: TEXT_CHARACTERS_MAX },
        ],
        button: words.send,
      };
      return {
        title: words.enquiry(house.name),
        paragraphs: [...(wrong ? [words.refused] : []), mayWrite ? words.mayWrite : words.closed],
        messages: messages.map(({ by, text }) => ({ heading: by === 'staff' ? house.name : words.you, text })),
        forms: [...(mayWrite ? [writing] : []), erasing],
        notes,
      };
    }
  }
}

function heldLines({ house, email, sent }: Own, language: Language): string[] {
  const { labels } = texts[language];
  const when = (instant: string) => dayAndTime(instant, house.timeZone, language);
  const line = (label: string, value: string | number | undefined) =>
    value === undefined ? [] : [`${label}: ${value}`];
  const common = [...line(labels.responsible, house.name), ...line(labels.email, email)];
  switch (sent.form) {
    case 'newsletter': {
      const { consent, subscription } = sent;
      return [
        ...common,
        ...line(labels.askedAt, consent && when(consent.askedAt)),
        ...line(labels.since, when(subscription.since)),
        ...line(labels.textVersion, consent?.purposeTextVersion),
        ...line(labels.statementVersion, consent?.statementVersion),
        labels.evidence,
      ];
    }
    case 'enquiry': {
      const { name, phone, address, receivedAt, dueAt } = sent.enquiry;
      return [
        ...common,
        ...contactLines({ name, phone, address }),
        ...line(labels.askedAt, when(receivedAt)),
        ...line(labels.until, when(dueAt)),
      ];
    }
    case 'sign-up': {
      const { name, phone, address, people, at, dueAt } = sent.signUp;
      return [
        ...common,
        ...contactLines({ name, phone, address }),
        ...line(labels.people, people),
        ...line(labels.askedAt, when(at)),
        ...line(labels.until, when(dueAt)),
      ];
    }
  }

  function contactLines({ name, phone, address }: Pick<Enquiry, 'name' | 'phone' | 'address'>) {
    return [...line(labels.name, name), ...line(labels.phone, phone), ...line(labels.address, address)];
  }
}

const texts = {
  nb: {
    title: 'Det du har sendt',
    ask: 'Siden viser det du har sendt og det som er lagret om deg, når du trykker på knappen.',
    show: 'Vis',
    newsletter: (name: string) => `Nyhetsbrevet fra ${name}`,
    newsletterLead: 'Du får nyhetsbrevet på e-post. Du kan melde deg av her når som helst.',
    enquiry: (name: string) => `Henvendelsen din til ${name}`,
    mayWrite: 'Du kan svare her. Ikke skriv om helse.',
    closed: 'Henvendelsen er avsluttet.',
    refused: 'Meldingen ble ikke sendt. Den kan ha høyst 4000 tegn, og ikke inneholde kortnummer eller fødselsnummer.',
    you: 'Du',
    answer: 'Skriv igjen',
    send: 'Send',
    state: { place: 'Du har plass.', waiting: 'Du står på venteliste.' },
    erase: { newsletter: 'Meld meg av og slett', enquiry: 'Slett henvendelsen', 'sign-up': 'Meld meg av og slett' },
    held: 'Dette er lagret om deg',
    goneTitle: 'Det er slettet',
    gone: 'Det du sendte, er borte, og du får ikke flere e-poster om det. Du kan lukke siden.',
    labels: {
      responsible: 'Ansvarlig',
      email: 'E-post',
      name: 'Navn',
      phone: 'Telefon',
      address: 'Adresse',
      people: 'Antall',
      askedAt: 'Sendt',
      since: 'Bekreftet',
      until: 'Slettes senest',
      textVersion: 'Versjon av teksten du sa ja til',
      statementVersion: 'Versjon av personvernerklæringen',
      evidence: 'At du sa ja, og når det tok slutt, blir lagret i tre år uten adressen din.',
    },
  },
  en: {
    title: 'What you have sent',
    ask: 'The page shows what you have sent, and what is kept about you, when you press the button.',
    show: 'Show',
    newsletter: (name: string) => `The newsletter of ${name}`,
    newsletterLead: 'You get the newsletter by e-mail. You can unsubscribe here at any time.',
    enquiry: (name: string) => `Your enquiry to ${name}`,
    mayWrite: 'You can reply here. Nothing about health, please.',
    closed: 'The enquiry is closed.',
    refused: 'The message was not sent. It can have 4000 characters, and no card or identity number.',
    you: 'You',
    answer: 'Write again',
    send: 'Send',
    state: { place: 'You have a place.', waiting: 'You are on the waiting list.' },
    erase: { newsletter: 'Unsubscribe me and erase', enquiry: 'Erase the enquiry', 'sign-up': 'Cancel and erase' },
    held: 'This is kept about you',
    goneTitle: 'It is erased',
    gone: 'What you sent is gone, and you get no more e-mails about it. You can close this page.',
    labels: {
      responsible: 'Responsible',
      email: 'E-mail',
      name: 'Name',
      phone: 'Telephone',
      address: 'Address',
      people: 'How many',
      askedAt: 'Sent',
      since: 'Confirmed',
      until: 'Erased at the latest',
      textVersion: 'Version of the text that you said yes to',
      statementVersion: 'Version of the privacy statement',
      evidence: 'That you said yes, and when it ended, is kept for three years without your address.',
    },
  },
} as const;
