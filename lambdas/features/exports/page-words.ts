import type { Bilingual } from '../agreements/document.ts';
import type { RedactionReason } from './export.ts';

/** Everything the two pages say of themselves; what they say of the data stands in field-words.ts. */
export const pageWords = {
  heading: { nb: 'Det som er registrert om', en: 'What is registered about' },
  you: { nb: 'deg', en: 'you' },
  lead: {
    nb: 'Dette er kopien du har rett til etter personvernforordningen artikkel 15. Siden virker uten nett, og ingenting sendes fra den.',
    en: 'This is the copy that you are entitled to under Article 15 of the GDPR. The page works offline, and nothing is sent from it.',
  },
  contents: { nb: 'Innhold', en: 'Contents' },
  controller: { nb: 'Behandlingsansvarlig', en: 'Controller' },
  madeAt: { nb: 'Laget', en: 'Made' },
  exportId: { nb: 'Kopiens nummer', en: 'Number of the copy' },
  purpose: { nb: 'Formål', en: 'Purpose' },
  basis: { nb: 'Grunnlag', en: 'Legal basis' },
  source: { nb: 'Kilde', en: 'Source' },
  kept: { nb: 'Lagres', en: 'Kept' },
  files: { nb: 'Samme data i filene', en: 'The same data in the files' },
  record: { nb: 'Oppføring', en: 'Entry' },
  picture: { nb: 'Bildet', en: 'The picture' },
  nothing: { nb: 'Ingenting er registrert.', en: 'Nothing is registered.' },
  yes: { nb: 'ja', en: 'yes' },
  no: { nb: 'nei', en: 'no' },
  seen: { nb: 'Hvem har sett og endret', en: 'Who has seen and changed it' },
  seenLead: {
    nb: 'Det siste året. Den enkelte står med rolle, ikke med navn.',
    en: 'Of the last year. Each person appears by role, not by name.',
  },
  seenMore: {
    nb: 'Siden viser de nyeste. Alt står i data/activity.json.',
    en: 'The page shows the newest. All of it stands in data/activity.json.',
  },
  seenCut: {
    nb: 'Loggen var lengre enn en kopi kan være. De eldste linjene er ikke med; be om dem om du trenger dem.',
    en: 'The log was longer than a copy can be. The oldest lines are not in it; ask for them if you need them.',
  },
  when: { nb: 'Når', en: 'When' },
  what: { nb: 'Hva', en: 'What' },
  who: { nb: 'Hvem', en: 'Who' },
  about: { nb: 'Om bruken av opplysningene', en: 'How the data is used' },
  recipients: { nb: 'Hvem som får opplysningene', en: 'Who gets the data' },
  recipientsInside: {
    nb: 'De i virksomheten som trenger dem i arbeidet sitt, etter rolle. For et barn: foresatte, etter rettighetene de har.',
    en: 'Those in the organisation who need them for their work, by role. For a child: its guardians, by the rights that they have.',
  },
  recipientsLaw: {
    nb: 'Ellers utleveres opplysninger bare når en lov krever det, og hver utlevering blir registrert. De blir aldri solgt.',
    en: 'Otherwise data is disclosed only where a law demands it, and each disclosure is recorded. It is never sold.',
  },
  outside: { nb: 'Utenfor EØS', en: 'Outside the EEA' },
  outsideNone: { nb: 'Opplysningene forlater ikke EØS.', en: 'The data does not leave the EEA.' },
  automated: { nb: 'Automatiske avgjørelser', en: 'Automated decisions' },
  automatedNone: {
    nb: 'Ingen. Ingen profileres, og ingen avgjørelse tas uten et menneske (artikkel 22).',
    en: 'None. Nobody is profiled, and no decision is made without a human being (Article 22).',
  },
  rights: { nb: 'Rettighetene dine', en: 'Your rights' },
  rightsList: {
    nb: 'Du kan be om at det som er feil eller mangler blir rettet, at opplysninger blir slettet eller brukt mindre, protestere mot bruken, og ta opplysningene med deg. Du kan trekke et samtykke når som helst. Du spør i Vern eller hos virksomheten, får svar innen én måned, og betaler ingenting.',
    en: 'You can ask for what is wrong or missing to be put right, for data to be erased or its use restricted, object to the use, and take the data with you. You can withdraw a consent at any time. You ask in Vern or the organisation, get an answer within one month, and pay nothing.',
  },
  officer: { nb: 'Personvernombud', en: 'Data-protection officer' },
  officerWords: {
    nb: 'Virksomheten kan ikke lese det du skriver dit.',
    en: 'The organisation cannot read what you write there.',
  },
  complaint: { nb: 'Klage', en: 'Complaint' },
  leftOut: { nb: 'Det som ikke er med', en: 'What is not in it' },
  leftOutInPart: { nb: 'En del av teksten er utelatt.', en: 'A part of the text was left out.' },
  leftOutWhole: { nb: 'Teksten er utelatt.', en: 'The text was left out.' },
  others: {
    nb: 'Andre mennesker står med rolle og nummer, ikke med navn: det samme nummeret er den samme personen i hele kopien.',
    en: 'Other people appear by role and number, not by name: the same number is the same person throughout the copy.',
  },
  otherGuardian: {
    nb: 'Det som gjelder en annen foresatt, er ikke med. Det samme gjelder adresse og skjermet adresse.',
    en: 'What concerns another guardian is not in it. The same goes for the address, and whether it is protected.',
  },
  check: { nb: 'Slik kontrollerer du kopien', en: 'How to check the copy' },
  checkWords: {
    nb: 'Alle filene står i manifest.json med kontrollsum, og manifestet er signert. Hvordan du kontrollerer det, står i README.txt.',
    en: 'All files stand in manifest.json with their checksum, and the manifest is signed. README.txt says how to check it.',
  },
  operatorName: { nb: 'Vern, som er ansvarlig for kontoen', en: 'Vern, which is responsible for the account' },
} as const satisfies Readonly<Record<string, Bilingual>>;

export const sourceWords: Readonly<Record<'data-subject' | 'controller' | 'use', Bilingual>> = {
  'data-subject': { nb: 'deg selv', en: 'yourself' },
  controller: { nb: 'virksomheten', en: 'the organisation' },
  use: { nb: 'bruken av tjenesten', en: 'the use of the service' },
};
/** AT-16: of an outside source the record itself says which one. */
export const registerSource: Bilingual = {
  nb: 'et register utenfor virksomheten',
  en: 'a register outside the organisation',
};

export const redactionWords: Readonly<Record<RedactionReason, Bilingual>> = {
  'rights-of-others': {
    nb: 'Den ville krenke andres rettigheter (personvernforordningen artikkel 15 nr. 4).',
    en: 'It would adversely affect the rights of others (GDPR Art. 15(4)).',
  },
  'secrecy-by-law': {
    nb: 'Den er underlagt taushetsplikt ved lov (personopplysningsloven § 16 første ledd bokstav d).',
    en: 'It is under a duty of secrecy by law (Personal Data Act, section 16 first paragraph (d)).',
  },
  'health-or-close-relations': {
    nb: 'Det er utilrådelig å kjenne den, av hensyn til helsen eller forholdet til nærstående (personopplysningsloven § 16 første ledd bokstav c).',
    en: 'Knowing it is inadvisable out of regard for health or for those close to the person (Personal Data Act, section 16 first paragraph (c)).',
  },
};

/** Roles of whoever did or saw something (content.ts), and the kinds that others' labels name. */
export const whoWords: Readonly<Record<string, Bilingual>> = {
  system: { nb: 'tjenesten selv', en: 'the service itself' },
  self: { nb: 'du selv', en: 'you' },
  'guardian-who-asks': { nb: 'du som foresatt', en: 'you as guardian' },
  somebody: { nb: 'en som ikke er registrert lenger', en: 'someone who is no longer registered' },
  child: { nb: 'et barn', en: 'a child' },
  guardian: { nb: 'en foresatt', en: 'a guardian' },
  staff: { nb: 'en ansatt', en: 'a member of staff' },
  member: { nb: 'et medlem', en: 'a member' },
  person: { nb: 'en som ikke er registrert lenger', en: 'someone who is no longer registered' },
  account: { nb: 'en annen konto', en: 'another account' },
  administrator: { nb: 'en administrator', en: 'an administrator' },
  leader: { nb: 'en leder', en: 'a leader' },
  'privacy-officer': { nb: 'en personvernansvarlig', en: 'a privacy officer' },
  'platform-operator': { nb: 'en driftsansvarlig i Vern', en: 'an operator at Vern' },
  'platform-support': { nb: 'brukerstøtten i Vern', en: 'support at Vern' },
  'platform-data-protection-officer': { nb: 'personvernombudet', en: 'the data-protection officer' },
};
export const otherWords: Readonly<Record<string, Bilingual>> = {
  ...whoWords,
  child: { nb: 'et annet barn', en: 'another child' },
  guardian: { nb: 'en annen foresatt', en: 'another guardian' },
};

/** The events that people ask about; any other stands with its code. */
export const eventWords: Readonly<Record<string, Bilingual>> = {
  'person.seen': { nb: 'så opplysningene', en: 'saw the data' },
  'people.seen': { nb: 'så en liste', en: 'saw a list' },
  'attendance.seen': { nb: 'så oppmøtet', en: 'saw the attendance' },
  'child-log.seen': { nb: 'så dagsloggen', en: 'saw the child log' },
  'child-log.written': { nb: 'skrev i dagsloggen', en: 'wrote in the child log' },
  'photos.seen': { nb: 'så bildene', en: 'saw the photos' },
  'photo.added': { nb: 'la inn et bilde', en: 'added a photo' },
  'group-list.seen': { nb: 'så en gruppeliste', en: 'saw a group list' },
  'person.created': { nb: 'registrerte', en: 'registered' },
  'person.changed': { nb: 'endret opplysninger', en: 'changed data' },
  'person.invited': { nb: 'sendte en invitasjon', en: 'sent an invitation' },
  'guardian.linked': { nb: 'knyttet til en foresatt', en: 'linked to a guardian' },
  'guardian.link-changed': { nb: 'endret en foresatts rettigheter', en: 'changed a guardian’s rights' },
  'guardian.unlinked': { nb: 'tok bort en foresatt', en: 'removed a guardian' },
  'picture.set': { nb: 'la inn bilde', en: 'put a picture' },
  'picture.removed': { nb: 'tok bort bildet', en: 'removed the picture' },
  'attendance.checked-in': { nb: 'krysset inn', en: 'checked in' },
  'attendance.checked-out': { nb: 'krysset ut', en: 'checked out' },
  'attendance.corrected': { nb: 'rettet oppmøte', en: 'corrected attendance' },
  'attendance.entered': { nb: 'førte oppmøte', en: 'entered attendance' },
  'absence.reported': { nb: 'meldte fravær', en: 'reported absence' },
  'absence.withdrawn': { nb: 'trakk fravær', en: 'withdrew an absence' },
  'role.given': { nb: 'ga en rolle', en: 'gave a role' },
  'role.opened': { nb: 'åpnet en rolle', en: 'opened a role' },
  'account.created': { nb: 'opprettet kontoen', en: 'created the account' },
  'account.changed': { nb: 'endret kontoen', en: 'changed the account' },
  'account.signed-in': { nb: 'logget på', en: 'signed in' },
  'account.email-changed': { nb: 'byttet e-postadresse', en: 'changed the e-mail address' },
  'invitation.accepted': { nb: 'tok imot en invitasjon', en: 'accepted an invitation' },
  'notices.declined': { nb: 'slo av meldinger', en: 'turned messages off' },
  'request.seen': { nb: 'så en henvendelse', en: 'saw a request' },
  'export.ordered': { nb: 'ba om en kopi', en: 'asked for a copy' },
  'export.looked-through': { nb: 'så gjennom en kopi', en: 'looked through a copy' },
  'export.released': { nb: 'frigav en kopi', en: 'released a copy' },
  'export.fetched': { nb: 'hentet en kopi', en: 'fetched a copy' },
};

/** What is in no export, as it is said to people; a test finds an entity that is missing here. */
export const notExportedWords: Readonly<Record<string, { readonly what: Bilingual; readonly why: Bilingual }>> = {
  block: {
    what: { nb: 'Sperrer', en: 'Blocks' },
    why: {
      nb: 'De skal verne et barn mot en voksen, som ikke skal få vite hva som står der (artikkel 15 nr. 4).',
      en: 'They protect a child from a grown-up, who must not learn what stands in them (Art. 15(4)).',
    },
  },
  'webhook-message': {
    what: { nb: 'Beskjeder til virksomhetens systemer', en: 'Word to the organisation’s systems' },
    why: {
      nb: 'De sier bare at noe er endret. Det som er endret, står i kopien. De slettes etter 30 dager.',
      en: 'They only say that something has changed. What has changed stands in the copy. They are gone after 30 days.',
    },
  },
  'idempotent-answer': {
    what: { nb: 'Svar på gjentatte forespørsler', en: 'Answers to repeated requests' },
    why: {
      nb: 'De gjentar et svar som er gitt, og slettes etter et døgn.',
      en: 'They repeat an answer that was given, and are gone after a day.',
    },
  },
  'role-session': {
    what: { nb: 'Åpne roller', en: 'Open roles' },
    why: { nb: 'De sier i en halv time at en rolle er åpen.', en: 'They say for half an hour that a role is open.' },
  },
  export: {
    what: { nb: 'Denne kopien', en: 'This copy' },
    why: {
      nb: 'Den er selve kopien, og slettes etter sju dager.',
      en: 'It is the copy itself, and is gone after seven days.',
    },
  },
  'uploaded-file': {
    what: { nb: 'Filer som ikke er tatt i bruk', en: 'Files that were not taken into use' },
    why: {
      nb: 'En fil som ingenting bruker, slettes innen en dag.',
      en: 'A file that nothing uses is removed within a day.',
    },
  },
  'reply-address': {
    what: { nb: 'Svaradresse', en: 'Reply address' },
    why: { nb: 'Den finnes bare til svaret er sendt.', en: 'It exists only until the answer has been mailed.' },
  },
  'carried-days': {
    what: { nb: 'Oppmøte som er på vei inn', en: 'Attendance on its way in' },
    why: {
      nb: 'Det blir til dager med oppmøte i løpet av minutter.',
      en: 'It becomes days of attendance within minutes.',
    },
  },
  'activity-export': {
    what: { nb: 'Kopier av aktivitetsloggen', en: 'Copies of the activity log' },
    why: {
      nb: 'De gjelder virksomheten, og slettes etter sju dager.',
      en: 'They concern the organisation, and are gone after seven days.',
    },
  },
  'organisation-export': {
    what: { nb: 'Virksomhetens egen kopi', en: 'The organisation’s own copy' },
    why: {
      nb: 'Den gjelder virksomheten, og slettes etter sju dager.',
      en: 'It concerns the organisation, and is gone after seven days.',
    },
  },
  'form-submission': {
    what: { nb: 'Skjemaer som ikke er bekreftet', en: 'Forms that are not confirmed' },
    why: {
      nb: 'de venter høyst to døgn på at adressen blir bekreftet',
      en: 'they wait two days at most for the address to be confirmed',
    },
  },
  'dpo-unconfirmed-message': {
    what: {
      nb: 'Ubekreftede meldinger til personvernombudet',
      en: 'Unconfirmed messages to the data-protection officer',
    },
    why: {
      nb: 'De venter i høyst to dager på at avsenderen bekrefter adressen.',
      en: 'They wait two days at most for their writer to confirm the address.',
    },
  },
  'erasure-traces': {
    what: { nb: 'Det en sletting trenger mens den pågår', en: 'What an erasure needs while it runs' },
    why: { nb: 'Det ødelegges når slettingen er ferdig.', en: 'It is destroyed when the erasure is done.' },
  },
  claim: {
    what: { nb: 'Tilgang til svaret', en: 'Access to the answer' },
    why: {
      nb: 'Den lar bare selve svaret hentes, og slutter med det.',
      en: 'It only lets the answer itself be fetched, and ends with it.',
    },
  },
};
