import { list, paragraph, type Section, section } from './document.ts';
import {
  BACKUP_DAYS,
  BREACH_NOTICE_HOURS,
  operator,
  place,
  RETURN_CHOICE_DAYS,
  SUB_PROCESSOR_NOTICE_DAYS,
} from './operator.ts';

/** Databehandleravtalens punkter (GDPR art. 28 nr. 3); bokstavene viser til bestemmelsen. */
export const clausesInNorwegian: readonly Section[] = [
  section(
    '1. Hva avtalen gjelder',
    paragraph(
      'Virksomheten er behandlingsansvarlig for personopplysningene den registrerer i Vern. Leverandøren er databehandler. Avtalen gjelder fra en representant for virksomheten har godtatt den, og så lenge leverandøren behandler opplysninger for virksomheten. Før den er godtatt, kan ingen personopplysninger registreres.',
    ),
    paragraph(
      'Formål, type opplysninger, hvem de gjelder, og hvor lenge de lagres, står i vedlegg A. Leverandøren er selv behandlingsansvarlig for brukerkontoer og kundeforholdet; det er ikke en del av avtalen.',
    ),
  ),
  section(
    '2. Instruks (art. 28 nr. 3 a)',
    paragraph(
      'Leverandøren behandler opplysningene bare etter dokumentert instruks fra virksomheten. Avtalen, innstillingene i Vern og det virksomhetens brukere gjør der, er instruksen. Det gjelder også overføring til land utenfor EØS, som ikke skjer.',
    ),
    paragraph(
      'Pålegger loven leverandøren noe annet, sier leverandøren fra først, med mindre loven forbyr det. Mener leverandøren at en instruks er i strid med personvernreglene, sier leverandøren fra med en gang. Opplysningene brukes ikke til egne formål, og de blir ikke solgt eller byttet bort.',
    ),
  ),
  section(
    '3. Taushetsplikt (art. 28 nr. 3 b)',
    paragraph(
      'Alle som kan få tilgang, har forpliktet seg skriftlig til taushet før tilgangen åpnes. Driftens ansatte ser ikke innhold uten en tidsbegrenset tillatelse som virksomheten ser og kan avslutte. Taushetsplikten varer også etter at avtalen er slutt.',
    ),
  ),
  section(
    '4. Sikkerhet (art. 28 nr. 3 c og art. 32)',
    paragraph(
      'Leverandøren gjennomfører tiltakene i vedlegg B. De kan byttes ut med bedre, men sikkerheten skal ikke bli svakere.',
    ),
  ),
  section(
    '5. Underleverandører (art. 28 nr. 2, 3 d og 4)',
    paragraph(
      `Virksomheten godkjenner underleverandørene i vedlegg C. Leverandøren varsler minst ${SUB_PROCESSOR_NOTICE_DAYS} dager før en ny tas i bruk eller en byttes ut. Virksomheten kan protestere innen fristen. Blir partene ikke enige, kan virksomheten si opp avtalen uten kostnad før endringen skjer.`,
    ),
    paragraph(
      'Underleverandører får de samme pliktene som i denne avtalen. Leverandøren svarer for det de gjør, som for seg selv.',
    ),
  ),
  section(
    '6. De registrertes rettigheter (art. 28 nr. 3 e)',
    paragraph(
      'Vern gir virksomheten verktøy for innsyn, retting, sletting, begrensning, protest og dataportabilitet. Får leverandøren en henvendelse fra en registrert, sendes den videre til virksomheten uten ugrunnet opphold.',
    ),
  ),
  section(
    '7. Annen bistand (art. 28 nr. 3 f)',
    paragraph(
      'Leverandøren hjelper virksomheten med sikkerhet, vurdering av personvernkonsekvenser (DPIA) og forhåndsdrøfting med Datatilsynet, med det leverandøren vet om behandlingen.',
    ),
  ),
  section(
    '8. Brudd på personopplysningssikkerheten (art. 33 nr. 2)',
    paragraph(
      `Leverandøren varsler virksomheten senest ${BREACH_NOTICE_HOURS} timer etter at leverandøren ble kjent med et brudd. Virksomheten melder til Datatilsynet innen 72 timer. Varselet inneholder det som er kjent, og resten følger så snart det foreligger:`,
    ),
    list(
      'hva som har skjedd, hvilke kategorier og omtrent hvor mange registrerte og oppføringer det gjelder',
      'hvem som kan kontaktes',
      'hva følgene trolig blir',
      'hva som er gjort, og hva som foreslås gjort',
    ),
  ),
  section(
    '9. Hvor opplysningene er',
    paragraph(
      `Opplysningene lagres og behandles hos ${place.nb}. Ingenting overføres til land utenfor EØS. Nøklene forlater aldri Irland.`,
    ),
  ),
  section(
    '10. Når avtalen er slutt (art. 28 nr. 3 g)',
    paragraph(
      `Virksomheten velger innen ${RETURN_CHOICE_DAYS} dager om alle opplysningene skal leveres tilbake i et maskinlesbart format eller slettes. Etter tilbakelevering slettes de også. Velger virksomheten ikke, slettes de. Sikkerhetskopier slettes innen ${BACKUP_DAYS} dager; fordi nøklene ødelegges ved slettingen, er innholdet uleselig fra da av. Bare det en lov krever oppbevart, beholdes, og bare så lenge loven krever det.`,
    ),
  ),
  section(
    '11. Kontroll (art. 28 nr. 3 h)',
    paragraph(
      'Leverandøren gjør tilgjengelig det som trengs for å vise at pliktene er oppfylt, og lar virksomheten, eller en revisor den velger, gjennomføre kontroll. Kontroll varsles med rimelig frist og skal ikke gi innsyn i andre virksomheters opplysninger.',
    ),
  ),
  section(
    '12. Virksomhetens plikter',
    paragraph(
      'Virksomheten har rettslig grunnlag for det den registrerer, informerer de registrerte, og gir tilgang bare til dem som trenger det. Særlige kategorier av opplysninger registreres bare der vedlegg A sier det.',
    ),
  ),
  section(
    '13. Endringer',
    paragraph(
      'Hver versjon av avtalen er merket med dato og et avtrykk av teksten. En ny versjon gjelder når en representant for virksomheten har godtatt den. Hvem som godtok, når og hvilken versjon, blir bevart.',
    ),
  ),
  section(
    '14. Personvernombud og klage',
    paragraph(
      `Leverandørens personvernombud nås på ${operator.dataProtectionOfficer}. Bare ombudet leser den adressen. Enhver kan klage til Datatilsynet, datatilsynet.no.`,
    ),
  ),
  section('15. Lovvalg', paragraph('Avtalen følger norsk rett. Verneting er virksomhetens hjemting.')),
];
