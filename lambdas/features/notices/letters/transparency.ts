import type { transparencyTemplates } from '../templates/transparency.ts';
import { english, type Letters, norwegian } from './phrases.ts';

/** The week's checkpoint of the activity log, to those who keep it outside of Vern. */
export const transparencyLetters: Letters<keyof typeof transparencyTemplates> = {
  'log-checkpoint': {
    nb({ events, signedAt, text, keysUrl }, facts) {
      const say = norwegian(facts);
      return {
        subject: 'Ta vare på denne: ukens fingeravtrykk av loggen',
        heading: 'Ukens fingeravtrykk av loggen',
        paragraphs: [
          `Vern fører logg over hvem som har sett og endret opplysninger. ${say.when(signedAt)} hadde loggen deres ${events.toLocaleString('nb')} ${events === 1 ? 'hendelse' : 'hendelser'}.`,
          'Teksten under er et fingeravtrykk av loggen. Den røper ikke hva som står i loggen. Men hvis noen endrer eller fjerner en hendelse, passer ikke fingeravtrykket lenger. Det gjelder også oss i Vern.',
          'Ta vare på e-posten, for eksempel i en egen mappe. Da har dere et bevis som ligger utenfor Vern. Dere trenger ikke gjøre noe mer nå.',
        ],
        verbatim: { label: 'Fingeravtrykket med signatur:', text },
        afterwards: [
          'Slik kontrollerer dere loggen når dere vil: Last ned loggen fra Vern. Kopier teksten over til en fil, eller lagre hele e-posten. Kjør så kontrollprogrammet på begge. Det trenger bare den offentlige nøkkelen, og ikke noe annet fra oss.',
          `De offentlige nøklene ligger her: ${keysUrl}. Linjen som begynner med «key», sier hvilken av dem som er brukt.`,
        ],
        footer: [
          say.why('du er personvernansvarlig, eller administrator der ingen er det'),
          'Den er et bevis som skal ligge utenfor Vern, og kan derfor ikke slås av.',
        ],
      };
    },
    en({ events, signedAt, text, keysUrl }, facts) {
      const say = english(facts);
      return {
        subject: 'Please keep: this week’s fingerprint of the log',
        heading: 'This week’s fingerprint of the log',
        paragraphs: [
          `Vern keeps a log of who has seen and changed data. On ${say.when(signedAt)} your log held ${events.toLocaleString('en')} ${events === 1 ? 'event' : 'events'}.`,
          'The text below is a fingerprint of the log. It does not tell what the log says. But if anyone changes or removes an event, the fingerprint no longer fits. That goes for us at Vern too.',
          'Please keep this e-mail, in a folder of its own for example. Then you have a proof that lies outside Vern. There is nothing else to do now.',
        ],
        verbatim: { label: 'The fingerprint with its signature:', text },
        afterwards: [
          'This is how you check the log whenever you like: Download the log from Vern. Copy the text above to a file, or save the whole e-mail. Then run the checking program on both. It needs the public key alone, and nothing else from us.',
          `The public keys are here: ${keysUrl}. The line that begins with “key” says which of them was used.`,
        ],
        footer: [
          say.why('you are a privacy officer, or an administrator where nobody is'),
          'It is a proof that has to lie outside Vern, so it cannot be turned off.',
        ],
      };
    },
  },
};
