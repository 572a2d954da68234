import type { Language } from '../../../http/call.ts';
import type { calendarTemplates } from '../templates/calendar.ts';
import { capitalised, declining, english, type Facts, type Letters, norwegian } from './phrases.ts';

type Tidings = 'invited' | 'changed' | 'cancelled' | 'tomorrow' | 'unanswered';
interface Words {
  readonly subject: string;
  readonly heading: string;
  readonly paragraphs: readonly string[];
}
type About = { readonly day: string };

/** `whom`: the child's name, or undefined when it is about the recipient. */
const words: Readonly<Record<Tidings, Readonly<Record<Language, (day: string, whom: string | undefined) => Words>>>> = {
  invited: {
    nb: (day, whom) => ({
      subject: 'Det venter en invitasjon',
      heading: whom ? `${capitalised(whom)} er invitert` : 'Du er invitert',
      paragraphs: [`Det venter en invitasjon til ${day} i kalenderen.`, 'Logg inn i Vern for å lese den og svare.'],
    }),
    en: (day, whom) => ({
      subject: 'An invitation is waiting',
      heading: whom ? `${capitalised(whom)} is invited` : 'You are invited',
      paragraphs: [`An invitation for ${day} is waiting in the calendar.`, 'Sign in to Vern to read it and answer.'],
    }),
  },
  changed: {
    nb: (day) => ({
      subject: 'En invitasjon er endret',
      heading: 'Noe i kalenderen er endret',
      paragraphs: [`En invitasjon til ${day} er endret.`, 'Logg inn i Vern for å se hva som gjelder nå.'],
    }),
    en: (day) => ({
      subject: 'An invitation has changed',
      heading: 'Something in the calendar has changed',
      paragraphs: [`An invitation for ${day} has changed.`, 'Sign in to Vern to see what applies now.'],
    }),
  },
  cancelled: {
    nb: (day) => ({
      subject: 'En invitasjon er avlyst',
      heading: 'Noe i kalenderen er avlyst',
      paragraphs: [`En invitasjon til ${day} er avlyst.`, 'Du trenger ikke gjøre noe.'],
    }),
    en: (day) => ({
      subject: 'An invitation was cancelled',
      heading: 'Something in the calendar was cancelled',
      paragraphs: [`An invitation for ${day} was cancelled.`, 'There is nothing you need to do.'],
    }),
  },
  tomorrow: {
    nb: (day, whom) => ({
      subject: 'Husk i morgen',
      heading: whom ? `${capitalised(whom)} skal ha med noe` : 'Du skal ha med noe',
      paragraphs: [`Det er noe å ta med ${day}.`, 'Logg inn i Vern for å se hva.'],
    }),
    en: (day, whom) => ({
      subject: 'Remember tomorrow',
      heading: whom ? `${capitalised(whom)} should bring something` : 'You should bring something',
      paragraphs: [`There is something to bring on ${day}.`, 'Sign in to Vern to see what.'],
    }),
  },
  unanswered: {
    nb: (day, whom) => ({
      subject: 'En invitasjon venter på svar',
      heading: whom ? `Kommer ${whom}?` : 'Kommer du?',
      paragraphs: [`Vi mangler svar på en invitasjon til ${day}.`, 'Fristen er i morgen. Logg inn i Vern for å svare.'],
    }),
    en: (day, whom) => ({
      subject: 'An invitation awaits your answer',
      heading: whom ? `Is ${whom} coming?` : 'Are you coming?',
      paragraphs: [`An invitation for ${day} has no answer yet.`, 'Answer by tomorrow. Sign in to Vern to do so.'],
    }),
  },
};

/** A reminder can be declined; that one is invited, and what became of it, cannot. */
function foot(tidings: Tidings, why: string, facts: Facts, language: Language) {
  const isReminder = tidings === 'tomorrow' || tidings === 'unanswered';
  if (isReminder) {
    const label = language === 'nb' ? 'Jeg vil ikke ha slike påminnelser' : 'I do not want reminders like this';
    return { footer: [why], ...declining(facts, label) };
  }
  const stays =
    language === 'nb'
      ? 'Den gjelder en avtale og kan derfor ikke slås av.'
      : 'It concerns an appointment, so it cannot be turned off.';
  return { footer: [why, stays] };
}

const aboutAChild = (tidings: Tidings) => ({
  nb({ day }: About, facts: Facts) {
    const say = norwegian(facts);
    const why = say.why('du er registrert som foresatt');
    return { ...words[tidings].nb(dayText(day, 'nb'), say.child), ...foot(tidings, why, facts, 'nb') };
  },
  en({ day }: About, facts: Facts) {
    const say = english(facts);
    const why = say.why('you are registered as a guardian');
    return { ...words[tidings].en(dayText(day, 'en'), say.child), ...foot(tidings, why, facts, 'en') };
  },
});
const aboutOneself = (tidings: Tidings) => ({
  nb({ day }: About, facts: Facts) {
    const why = norwegian(facts).why('du er registrert som medlem');
    return { ...words[tidings].nb(dayText(day, 'nb'), undefined), ...foot(tidings, why, facts, 'nb') };
  },
  en({ day }: About, facts: Facts) {
    const why = english(facts).why('you are registered as a member');
    return { ...words[tidings].en(dayText(day, 'en'), undefined), ...foot(tidings, why, facts, 'en') };
  },
});

/** What happens when, and never what: that stands in the calendar. */
export const calendarLetters: Letters<keyof typeof calendarTemplates> = {
  'event-invited': aboutAChild('invited'),
  'event-changed': aboutAChild('changed'),
  'event-cancelled': aboutAChild('cancelled'),
  'event-tomorrow': aboutAChild('tomorrow'),
  'event-unanswered': aboutAChild('unanswered'),
  'own-event-invited': aboutOneself('invited'),
  'own-event-changed': aboutOneself('changed'),
  'own-event-cancelled': aboutOneself('cancelled'),
  'own-event-tomorrow': aboutOneself('tomorrow'),
  'own-event-unanswered': aboutOneself('unanswered'),
};

/** A weekday and a date, as people say them. */
export const dayText = (day: string, language: Language): string =>
  new Intl.DateTimeFormat(language === 'nb' ? 'nb-NO' : 'en-GB', {
    timeZone: 'UTC',
    weekday: 'long',
    day: 'numeric',
    month: 'long',
  }).format(new Date(day));
