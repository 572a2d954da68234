import { isolated } from '../letter.ts';
import type { integrationTemplates } from '../templates/integrations.ts';
import { english, type Letters, norwegian } from './phrases.ts';

const cannotBeTurnedOff = {
  nb: 'Den gjelder sikkerheten hos dere og kan derfor ikke slås av.',
  en: 'It concerns the security of your organisation, so it cannot be turned off.',
};

/** To whoever runs the place, about its programs. */
export const integrationLetters: Letters<keyof typeof integrationTemplates> = {
  'service-client-created': {
    nb: ({ name }, facts) => ({
      subject: 'Et program har fått tilgang',
      heading: 'Et program har fått tilgang hos dere',
      paragraphs: [
        `Programmet ${isolated(name)} har fått tilgang til Vern på vegne av dere.`,
        'Logg inn i Vern for å se hva det kan gjøre. Kjenner dere det ikke igjen, avslutt det der. Da virker det ikke lenger.',
      ],
      footer: [norwegian(facts).why('du er administrator'), cannotBeTurnedOff.nb],
    }),
    en: ({ name }, facts) => ({
      subject: 'A program was given access',
      heading: 'A program was given access to your organisation',
      paragraphs: [
        `The program ${isolated(name)} was given access to Vern on your behalf.`,
        'Sign in to Vern to see what it may do. If you do not know it, end it there. Then it works no more.',
      ],
      footer: [english(facts).why('you are an administrator'), cannotBeTurnedOff.en],
    }),
  },
  'service-client-ended': {
    nb: ({ name }, facts) => ({
      subject: 'Et program har mistet tilgangen',
      heading: 'Et program slipper ikke inn lenger',
      paragraphs: [
        `Tilgangen til programmet ${isolated(name)} er avsluttet.`,
        'Var det ikke meningen, logg inn i Vern og gi programmet tilgang på nytt.',
      ],
      footer: [norwegian(facts).why('du er administrator'), cannotBeTurnedOff.nb],
    }),
    en: ({ name }, facts) => ({
      subject: 'A program has lost its access',
      heading: 'A program gets in no more',
      paragraphs: [
        `The access of the program ${isolated(name)} has ended.`,
        'If that was not intended, sign in to Vern and give the program access again.',
      ],
      footer: [english(facts).why('you are an administrator'), cannotBeTurnedOff.en],
    }),
  },
  'webhook-disabled': {
    nb: ({ host }, facts) => ({
      subject: 'Et system får ikke beskjeder lenger',
      heading: 'Vern sender ikke mer til et system hos dere',
      paragraphs: [
        `Vern har ikke klart å gi beskjed til ${isolated(host)}, og har sluttet å prøve.`,
        'Logg inn i Vern for å se hvorfor. Når systemet virker igjen, slår dere beskjedene på der. Det som gikk tapt, kan sendes på nytt i 30 dager.',
      ],
      footer: [norwegian(facts).why('du er administrator'), cannotBeTurnedOff.nb],
    }),
    en: ({ host }, facts) => ({
      subject: 'A system is told nothing any more',
      heading: 'Vern sends no more to one of your systems',
      paragraphs: [
        `Vern could not reach ${isolated(host)}, and has stopped trying.`,
        'Sign in to Vern to see why. When the system works again, turn the messages on there. What was lost can be sent again for 30 days.',
      ],
      footer: [english(facts).why('you are an administrator'), cannotBeTurnedOff.en],
    }),
  },
};
