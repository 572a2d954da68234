import { type Bilingual, paragraph, section } from './document.ts';
import { versionOf } from './version.ts';

const IN_FORCE_SINCE = '2026-11-21';

/** What everyone with a staff or platform role undertakes before it opens (SM-15). */
const text: Bilingual = {
  nb: [
    'Jeg forplikter meg til taushet om alt jeg får vite om personer gjennom rollen min i Vern.',
    'Jeg åpner bare opplysninger jeg trenger for å gjøre jobben min, og gir dem ikke videre til noen som ikke har rett til dem.',
    'Jeg lar ingen andre bruke kontoen min, og sier fra med en gang hvis noen kan ha gjort det, eller hvis opplysninger er kommet på avveie.',
    'Jeg vet at det jeg ser og gjør, blir loggført. Taushetsplikten gjelder også etter at rollen min er slutt.',
  ].join('\n\n'),
  en: [
    'I undertake to keep confidential everything that I learn about persons through my role in Vern.',
    'I open only the data that I need for my work, and pass none of it on to anyone who has no right to it.',
    'I let nobody else use my account, and I report it at once if someone may have done so, or if data has gone astray.',
    'I know that what I see and do is logged. The duty of confidentiality lasts after my role has ended.',
  ].join('\n\n'),
};

/** As it is shown, and the version that is recorded with who undertook it and when. */
export const confidentialityUndertaking = {
  ...text,
  version: versionOf(IN_FORCE_SINCE, {
    nb: [section('', paragraph(text.nb))],
    en: [section('', paragraph(text.en))],
  }),
} as const;
