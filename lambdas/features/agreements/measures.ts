import type { Bilingual } from './document.ts';

interface Measure {
  readonly text: Bilingual;
  /** Where in this repository it is done; a test finds the file there. */
  readonly evidence: string;
}

/** The technical and organisational measures (GDPR Art. 32). Only what the code or the infrastructure really does. */
export const measures: readonly Measure[] = [
  {
    text: {
      nb: 'Personopplysninger forsegles (AES-256-GCM) under en nøkkel per person og lagringstid før de lagres. Nøklene ligger innpakket under en nøkkel per virksomhet.',
      en: 'Personal data is sealed (AES-256-GCM) under a key per person and retention term before it is stored. The keys are wrapped under a key per organisation.',
    },
    evidence: 'lambdas/platform/sealing.ts',
  },
  {
    text: {
      nb: 'En person slettes ved at personens nøkler ødelegges for godt. Da er opplysningene uleselige også i sikkerhetskopiene.',
      en: 'A person is erased by destroying their keys for good. The data is then unreadable in the backups as well.',
    },
    evidence: 'lambdas/platform/class-keys.ts',
  },
  {
    text: {
      nb: 'Nøkler inngår aldri i sikkerhetskopier. Sikkerhetskopier tas hver dag, er kryptert og slettes innen 90 dager.',
      en: 'Keys are never part of a backup. Backups are made daily, are encrypted, and are deleted within 90 days.',
    },
    evidence: 'lib/constructs/buckets.ts',
  },
  {
    text: {
      nb: 'Tilgang avgjøres på tjeneren for hver forespørsel, etter rolle og omfang. En sperre mellom et barn og en voksen går foran alt annet.',
      en: 'Access is decided on the server for each request, by role and scope. A block between a child and a grown-up overrides everything else.',
    },
    evidence: 'lambdas/access/rules.ts',
  },
  {
    text: {
      nb: 'Ansatte og administratorer må bruke totrinnsbekreftelse, ha avgitt taushetserklæring, og åpne rollen på nytt etter 30 minutter.',
      en: 'Staff and administrators need a second factor, a recorded undertaking of confidentiality, and open their role anew after 30 minutes.',
    },
    evidence: 'lambdas/features/access/role.ts',
  },
  {
    text: {
      nb: 'Driftens egne ansatte ser ikke innhold uten en tidsbegrenset tillatelse som virksomheten ser og kan avslutte.',
      en: 'The operator’s own staff see no content without a time-limited grant that the organisation sees and can end.',
    },
    evidence: 'lambdas/features/access/role.ts',
  },
  {
    text: {
      nb: 'Hver endring skrives i aktivitetsloggen i samme transaksjon. Ingen del av tjenesten som svarer brukere, kan endre loggen.',
      en: 'Each change is written to the activity log in the same transaction. No part of the service that answers users can change the log.',
    },
    evidence: 'lambdas/platform/record-change.ts',
  },
  {
    text: {
      nb: 'Bare HTTPS er åpent mot internett. E-post sendes bare til mottakere som tar imot kryptert overføring.',
      en: 'Only HTTPS is open to the internet. E-mail is sent only to receivers that accept encrypted transport.',
    },
    evidence: 'lib/mail-stack.ts',
  },
  {
    text: {
      nb: 'Hver del av tjenesten har bare de rettighetene den trenger. Bare én del kan sende meldinger på e-post.',
      en: 'Each part of the service has only the rights that it needs. A single part can send messages by e-mail.',
    },
    evidence: 'lambdas/platform/capabilities.ts',
  },
  {
    text: {
      nb: 'Tjenesten kan bare settes opp i Irland (eu-west-1); en oppsettskontroll stanser alt annet.',
      en: 'The service can only be set up in Ireland (eu-west-1); a check of the set-up stops anything else.',
    },
    evidence: 'lib/only-in-ireland.ts',
  },
  {
    text: {
      nb: 'E-post sier at noe venter, og gjengir ikke følsomt innhold. Meldinger om personer med skjult adresse nevner ikke virksomheten.',
      en: 'E-mail says that something waits and does not repeat sensitive content. Messages about persons with a protected address do not name the organisation.',
    },
    evidence: 'lambdas/features/notices/letters/phrases.ts',
  },
];
