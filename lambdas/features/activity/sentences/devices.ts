import type { EventSentences } from '../sentences.ts';

/** Telephones: the devices that are told by push, and numbers that take no SMS. */
export const deviceSentences = {
  'device.registered': {
    nb: '{who} lot en telefon eller et nettbrett bli varslet.',
    en: '{who} let a phone or a tablet be told when something waits.',
  },
  'device.removed': {
    nb: '{who} tok bort en enhet som ble varslet.',
    en: '{who} took away a device that was told.',
  },
  'device.unreachable': {
    nb: '{who} tok bort en enhet som ikke tar imot varsler lenger.',
    en: '{who} took away a device that takes no notices any more.',
  },
  'notice.number-refused': {
    nb: '{who} fant at telefonnummeret til {whom} ikke tar imot SMS.',
    en: '{who} found that the phone number of {whom} takes no SMS.',
  },
} as const satisfies EventSentences;
