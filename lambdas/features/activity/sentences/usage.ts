import type { EventSentences } from '../sentences.ts';

/** Use that is counted or registered, and misuse. Of a reported message nothing: only that there is a report. */
export const usageSentences = {
  'usage.seen': {
    nb: '{who} så hva som er registrert om egen bruk.',
    en: '{who} saw what is registered of their own use.',
  },
  'usage.counted': {
    nb: '{who} talte opp bruken av tjenesten den dagen, uten å vite hvem.',
    en: '{who} counted the use of the service on that day, without knowing whom.',
  },
  'usage.categorised': {
    nb: '{who} delte automatisk inn hva {whom} bruker ofte og sjelden. Bare den det gjelder, ser det.',
    en: '{who} categorised by itself what {whom} uses often and rarely. Only that person sees it.',
  },
  'usage-settings.changed': {
    nb: '{who} bestemte om ansatte deles inn etter bruk.',
    en: '{who} decided whether employees are categorised by use.',
  },
  'account.sign-ins-failed': {
    nb: '{who} merket flere mislykkede forsøk på å logge på kontoen, og sa fra til eieren.',
    en: '{who} noticed several failed attempts to sign in to the account, and told its owner.',
  },
  'abuse-report.received': {
    nb: '{who} rapporterte en melding som misbruk.',
    en: '{who} reported a message as misuse.',
  },
  'abuse-report.handled': {
    nb: '{who} behandlet en rapport om misbruk.',
    en: '{who} handled a report of misuse.',
  },
  'abuse-reports.seen': { nb: '{who} leste rapporter om misbruk.', en: '{who} read reports of misuse.' },
} as const satisfies EventSentences;
