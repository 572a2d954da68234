import { timeOfDay } from '../instants.ts';
import type { alarmTemplates } from '../templates/alarms.ts';
import { english, type Facts, type Letters, norwegian } from './phrases.ts';

const cannotBeTurnedOff = {
  nb: 'Den gjelder sikkerheten til et menneske og kan derfor ikke slås av.',
  en: 'It concerns somebody’s safety, so it cannot be turned off.',
} as const;
const because = {
  nb: 'du står som mottaker av alarmer',
  en: 'you are a receiver of alarms',
} as const;

const answering = (token: string | undefined, { linkUrl }: Facts, label: string) =>
  token === undefined ? {} : { action: { label, url: linkUrl(token) } };

/** That an alarm waits, and that somebody has it: never whose it is, nor what has happened. */
export const alarmLetters: Letters<keyof typeof alarmTemplates> = {
  'alarm-waiting': {
    nb({ token, at }, facts) {
      const say = norwegian(facts);
      return {
        subject: 'En alarm venter på svar',
        pushesSubject: true,
        heading: 'En alarm venter på svar',
        paragraphs: [
          `Alarmen kom klokken ${timeOfDay(at, say.timeZone, 'nb')}. Ingen har svart ennå.`,
          'Logg inn i Vern for å se hvem det gjelder. Tar du den, får de andre beskjed om at de ikke trenger å rykke ut.',
        ],
        ...answering(token, facts, 'Jeg tar alarmen'),
        afterwards: ['Svarer ingen, går alarmen videre til nestemann.'],
        footer: [say.why(because.nb), cannotBeTurnedOff.nb],
      };
    },
    en({ token, at }, facts) {
      const say = english(facts);
      return {
        subject: 'An alarm waits for an answer',
        pushesSubject: true,
        heading: 'An alarm waits for an answer',
        paragraphs: [
          `The alarm came at ${timeOfDay(at, say.timeZone, 'en')}. Nobody has answered yet.`,
          'Sign in to Vern to see whom it is about. If you take it, the others are told that they need not come.',
        ],
        ...answering(token, facts, 'I take the alarm'),
        afterwards: ['If nobody answers, the alarm goes on to the next one.'],
        footer: [say.why(because.en), cannotBeTurnedOff.en],
      };
    },
  },
  'alarm-again': {
    nb({ token, at }, facts) {
      const say = norwegian(facts);
      return {
        subject: 'Alarmen venter fortsatt på svar',
        pushesSubject: true,
        heading: 'Alarmen venter fortsatt på svar',
        paragraphs: [
          `Klokken er ${timeOfDay(at, say.timeZone, 'nb')}, og alarmen er ikke avsluttet. Noen må ta den.`,
          'Logg inn i Vern for å se hvem det gjelder.',
        ],
        ...answering(token, facts, 'Jeg tar alarmen'),
        footer: [say.why(because.nb), cannotBeTurnedOff.nb],
      };
    },
    en({ token, at }, facts) {
      const say = english(facts);
      return {
        subject: 'The alarm still waits for an answer',
        pushesSubject: true,
        heading: 'The alarm still waits for an answer',
        paragraphs: [
          `It is ${timeOfDay(at, say.timeZone, 'en')}, and the alarm has not been resolved. Somebody has to take it.`,
          'Sign in to Vern to see whom it is about.',
        ],
        ...answering(token, facts, 'I take the alarm'),
        footer: [say.why(because.en), cannotBeTurnedOff.en],
      };
    },
  },
  'device-waiting': {
    nb({ token, at }, facts) {
      const say = norwegian(facts);
      return {
        subject: 'En trygghetsenhet trenger tilsyn',
        pushesSubject: true,
        heading: 'En trygghetsenhet trenger tilsyn',
        paragraphs: [
          `Meldingen er fra klokken ${timeOfDay(at, say.timeZone, 'nb')}. Enheten er nesten tom for strøm, slått av eller stille. Ingen har bedt om hjelp.`,
          'Logg inn i Vern for å se hvilken enhet det er. Så lenge den ikke virker, kommer det ingen alarm fra den.',
        ],
        ...answering(token, facts, 'Jeg ser til enheten'),
        footer: [say.why(because.nb), cannotBeTurnedOff.nb],
      };
    },
    en({ token, at }, facts) {
      const say = english(facts);
      return {
        subject: 'A safety device needs looking after',
        pushesSubject: true,
        heading: 'A safety device needs looking after',
        paragraphs: [
          `The message is from ${timeOfDay(at, say.timeZone, 'en')}. The device is nearly out of power, switched off or silent. Nobody has called for help.`,
          'Sign in to Vern to see which device it is. While it does not work, no alarm comes from it.',
        ],
        ...answering(token, facts, 'I look after the device'),
        footer: [say.why(because.en), cannotBeTurnedOff.en],
      };
    },
  },
  'alarm-taken': {
    nb({ at }, facts) {
      const say = norwegian(facts);
      return {
        subject: 'Noen andre har tatt alarmen',
        pushesSubject: true,
        heading: 'Noen andre har tatt alarmen',
        paragraphs: [
          `Klokken ${timeOfDay(at, say.timeZone, 'nb')} svarte noen andre. Du trenger ikke å rykke ut.`,
          'Blir den ikke avsluttet, hører du fra oss igjen.',
        ],
        footer: [say.why(because.nb), cannotBeTurnedOff.nb],
      };
    },
    en({ at }, facts) {
      const say = english(facts);
      return {
        subject: 'Somebody else has taken the alarm',
        pushesSubject: true,
        heading: 'Somebody else has taken the alarm',
        paragraphs: [
          `At ${timeOfDay(at, say.timeZone, 'en')} somebody else answered. You need not come.`,
          'If it is not resolved, you hear from us again.',
        ],
        footer: [say.why(because.en), cannotBeTurnedOff.en],
      };
    },
  },
  'alarm-over': {
    nb({ at }, facts) {
      const say = norwegian(facts);
      return {
        subject: 'Alarmen er avsluttet',
        pushesSubject: true,
        heading: 'Alarmen er avsluttet',
        paragraphs: [`Den ble avsluttet klokken ${timeOfDay(at, say.timeZone, 'nb')}. Du trenger ikke å gjøre noe.`],
        footer: [say.why(because.nb), cannotBeTurnedOff.nb],
      };
    },
    en({ at }, facts) {
      const say = english(facts);
      return {
        subject: 'The alarm is over',
        pushesSubject: true,
        heading: 'The alarm is over',
        paragraphs: [`It was resolved at ${timeOfDay(at, say.timeZone, 'en')}. There is nothing you need to do.`],
        footer: [say.why(because.en), cannotBeTurnedOff.en],
      };
    },
  },
};
