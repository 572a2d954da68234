import type { Language } from '../../http/call.ts';
import type { PageWords } from '../links/page.ts';
import type { Standing } from './link-page.ts';

/** It names nobody, and does not say what has happened: whoever may see that signs in. */
export const alarmPage = (standing: Standing, isUrgent: boolean, language: Language): PageWords =>
  standing === 'waiting' && !isUrgent ? device[language] : pages[language][standing];

const pages: Readonly<Record<Language, Readonly<Record<Standing, PageWords>>>> = {
  nb: {
    waiting: {
      title: 'En alarm venter på svar',
      paragraphs: [
        'Tar du alarmen, får de andre beskjed om at de ikke trenger å rykke ut.',
        'Avslutt den i Vern når du har vært der. Blir den ikke avsluttet på en time, ringer den på nytt.',
      ],
      button: 'Jeg tar alarmen',
    },
    yours: {
      title: 'Du har tatt alarmen',
      paragraphs: [
        'Logg inn i Vern for å se hvem det gjelder, og for å avslutte den.',
        'Blir den ikke avsluttet på en time, ringer den på nytt.',
      ],
    },
    taken: { title: 'Noen andre har tatt alarmen', paragraphs: ['Du trenger ikke å rykke ut. Du kan lukke siden.'] },
    over: { title: 'Alarmen er avsluttet', paragraphs: ['Du trenger ikke å gjøre noe. Du kan lukke siden.'] },
  },
  en: {
    waiting: {
      title: 'An alarm waits for an answer',
      paragraphs: [
        'If you take the alarm, the others are told that they need not come.',
        'Resolve it in Vern when you have been there. If it is not resolved within an hour, it rings anew.',
      ],
      button: 'I take the alarm',
    },
    yours: {
      title: 'You have taken the alarm',
      paragraphs: [
        'Sign in to Vern to see whom it is about, and to resolve it.',
        'If it is not resolved within an hour, it rings anew.',
      ],
    },
    taken: { title: 'Somebody else has taken the alarm', paragraphs: ['You need not come. You can close this page.'] },
    over: { title: 'The alarm is over', paragraphs: ['There is nothing you need to do. You can close this page.'] },
  },
};

const device: Readonly<Record<Language, PageWords>> = {
  nb: {
    title: 'En trygghetsenhet trenger tilsyn',
    paragraphs: ['Ingen har bedt om hjelp. Sier du fra at du ser til enheten, får de andre vite det.'],
    button: 'Jeg ser til enheten',
  },
  en: {
    title: 'A safety device needs looking after',
    paragraphs: ['Nobody has called for help. If you say that you look after the device, the others are told.'],
    button: 'I look after the device',
  },
};
