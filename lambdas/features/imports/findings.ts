/**
 * Everything an import can say about a file or a row. An error keeps the row out; a remark lets it in and is shown to
 * the one who approves. No text ever repeats a value from the file: a value in the wrong column would travel with it.
 */
interface Wording {
  readonly nb: string;
  readonly en: string;
}

export const fileErrors = {
  'file-too-large': { nb: 'Filen er større enn 5 MB.', en: 'The file is larger than 5 MB.' },
  'file-empty': { nb: 'Filen har ingen rader.', en: 'The file has no rows.' },
  'file-not-text': { nb: 'Filen er ikke en tekstfil (CSV).', en: 'The file is not a text file (CSV).' },
  'file-gone': {
    nb: 'Filen ble ikke ferdig lest og er borte. Last den opp på nytt.',
    en: 'The file was not read to its end and is gone. Upload it again.',
  },
  'given-up': {
    nb: 'Importen stanset flere ganger og er gitt opp. Det som alt er tatt inn, står; last opp filen på nytt for resten.',
    en: 'The import stopped several times and has been given up. What has been taken in stays; upload the file again for the rest.',
  },
  'rows-gone': {
    nb: 'Noen ble slettet for godt mens importen ventet, og da slettes det som er lest inn. Last opp filen på nytt, uten den det gjelder.',
    en: 'Somebody was erased while the import waited, and with that what had been read in. Upload the file again, without them.',
  },
  'quote-open': {
    nb: 'Et anførselstegn er ikke avsluttet, eller står midt i en verdi.',
    en: 'A quotation mark is not closed, or stands inside a value.',
  },
  'rows-too-many': { nb: 'Filen har mer enn 2000 rader.', en: 'The file has more than 2,000 rows.' },
  'groups-too-many': {
    nb: 'Filen har flere avdelinger enn en virksomhet kan ha (100).',
    en: 'The file has more groups than an organisation can have (100).',
  },
  'header-missing': {
    nb: 'Første linje er ikke overskriftene som ventes.',
    en: 'The first line is not the header that is expected.',
  },
  'column-unknown': { nb: 'Kolonnen er ukjent.', en: 'The column is unknown.' },
  'column-missing': { nb: 'Kolonnen mangler.', en: 'The column is missing.' },
  'column-twice': { nb: 'Kolonnen står to ganger.', en: 'The column stands twice.' },
} as const satisfies Record<string, Wording>;
export type FileErrorCode = keyof typeof fileErrors;

export const rowErrors = {
  'cells-too-many': { nb: 'Raden har flere felt enn overskriften.', en: 'The row has more fields than the header.' },
  'value-missing': { nb: 'Feltet må fylles ut.', en: 'The field must be filled in.' },
  'text-too-long': { nb: 'Teksten er for lang.', en: 'The text is too long.' },
  'text-refused': {
    nb: 'Teksten har tegn eller tall som ikke kan lagres (for eksempel fødselsnummer).',
    en: 'The text has characters or numbers that cannot be stored (an identity number, say).',
  },
  'name-incomplete': { nb: 'Navnet må ha fornavn og etternavn.', en: 'The name needs a first and a last name.' },
  'date-invalid': {
    nb: 'Datoen finnes ikke, eller er ikke skrevet dd.mm.åååå.',
    en: 'The date does not exist, or is not written dd.mm.yyyy.',
  },
  'birth-date-implausible': {
    nb: 'Fødselsdatoen er i fremtiden eller for lenge siden.',
    en: 'The date of birth is in the future or too long ago.',
  },
  'start-before-birth': { nb: 'Startdatoen er før fødselsdatoen.', en: 'The start date is before the date of birth.' },
  'start-implausible': {
    nb: 'Startdatoen er for langt frem i tid.',
    en: 'The start date is too far ahead.',
  },
  'phone-invalid': { nb: 'Telefonnummeret er ikke gyldig.', en: 'The phone number is not valid.' },
  'email-invalid': { nb: 'E-postadressen er ikke gyldig.', en: 'The e-mail address is not valid.' },
  'postcode-invalid': { nb: 'Postnummeret må ha fire siffer.', en: 'The postcode must have four digits.' },
  'relation-unknown': { nb: 'Relasjonen er ukjent.', en: 'The relation is unknown.' },
  'residence-unknown': {
    nb: 'Skriv Begge, Delt, Foresatt 1 eller Foresatt 2.',
    en: 'Write Begge, Delt, Foresatt 1 or Foresatt 2.',
  },
  'flag-unknown': { nb: 'Skriv J eller N, eller la feltet stå tomt.', en: 'Write J or N, or leave it empty.' },
  'guardian-twice': {
    nb: 'De to foresatte har samme navn eller samme e-postadresse.',
    en: 'The two guardians have the same name or the same e-mail address.',
  },
  'email-of-another': {
    nb: 'E-postadressen tilhører en person med et annet navn.',
    en: 'The e-mail address belongs to a person with another name.',
  },
  'row-contradicts': {
    nb: 'Samme person står på en tidligere rad med andre opplysninger.',
    en: 'The same person stands on an earlier row with other details.',
  },
} as const satisfies Record<string, Wording>;
export type RowErrorCode = keyof typeof rowErrors;

export const rowRemarks = {
  'possible-block': {
    nb: 'Merknaden kan bety at en voksen skal holdes unna barnet. Avgjør det før importen godkjennes.',
    en: 'The remark may mean that a grown-up must be kept from the child. Decide before the import is approved.',
  },
  'possibly-same': {
    nb: 'Et barn med samme fødselsdato og foresatt er registrert fra før under et annet navn. Avgjør om det er et nytt barn før importen godkjennes.',
    en: 'A child of the same date of birth and guardian is registered under another name. Decide whether this is a new child before the import is approved.',
  },
  'health-data': {
    nb: 'Merknaden ser ut til å gjelde helse. Den er ikke lagret; helseopplysninger importeres aldri.',
    en: 'The remark seems to be about health. It has not been stored; health data is never imported.',
  },
  'free-text': {
    nb: 'Merknaden kan lagres som notat om barnet, eller utelates.',
    en: "The remark can be kept as the child's note, or left out.",
  },
  'row-repeated': { nb: 'Raden er lik en tidligere rad.', en: 'The row repeats an earlier row.' },
  'group-empty': {
    nb: 'Avdeling mangler; personen blir ikke plassert.',
    en: 'The group is missing; the person is not placed.',
  },
  'residence-empty': { nb: 'Det står ikke hvem barnet bor hos.', en: 'It is not said with whom the child lives.' },
  'guardian-missing': { nb: 'Barnet har ingen foresatt.', en: 'The child has no guardian.' },
  'email-empty': {
    nb: 'E-postadresse mangler; personen kan ikke inviteres.',
    en: 'The e-mail address is missing; the person cannot be invited.',
  },
  'details-differ': {
    nb: 'Samme foresatt står på en tidligere rad med andre opplysninger; den tidligere raden gjelder.',
    en: 'The same guardian stands on an earlier row with other details; the earlier row holds.',
  },
  'has-other-kind': {
    nb: 'Personen er registrert fra før i en annen rolle; opplysningene endres ikke.',
    en: 'The person is registered already in another part; the details are left as they are.',
  },
  'kept-from-you': {
    nb: 'En sperre står mellom deg og barnet; raden vises ikke, og en annen må godkjenne importen.',
    en: 'A block stands between you and the child; the row is not shown, and somebody else must approve the import.',
  },
  'stays-blocked': {
    nb: 'En sperre står mellom barnet og den voksne; de knyttes ikke sammen.',
    en: 'A block stands between the child and the grown-up; they are not linked.',
  },
} as const satisfies Record<string, Wording>;
export type RowRemarkCode = keyof typeof rowRemarks;

export type FindingCode = FileErrorCode | RowErrorCode | RowRemarkCode;
const wordings: Readonly<Record<FindingCode, Wording>> = { ...fileErrors, ...rowErrors, ...rowRemarks };
export const messageOf = (code: FindingCode): Wording => wordings[code];
