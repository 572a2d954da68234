import type { EventSentences } from '../sentences.ts';

/** Times that guardians book with staff. */
export const slotSentences = {
  'slot-offer.created': { nb: '{who} la ut timer som kan bestilles.', en: '{who} offered times that can be booked.' },
  'slot-offer.withdrawn': {
    nb: '{who} trakk tilbake timer som kunne bestilles.',
    en: '{who} withdrew times that could be booked.',
  },
  'slot.booked': { nb: '{who} bestilte en time for {whom}.', en: '{who} booked a time for {whom}.' },
  'slot.moved': { nb: '{who} flyttet timen til {whom}.', en: '{who} moved the time of {whom}.' },
  'slot.cancelled': { nb: '{who} avlyste timen til {whom}.', en: '{who} cancelled the time of {whom}.' },
} as const satisfies EventSentences;
