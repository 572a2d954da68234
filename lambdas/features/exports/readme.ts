import { complaint } from '../notices/complaint.ts';

/** Windows line ends: it is read in whatever opens a text file. */
export const readme = (): string => `${norwegian}\n\n${'-'.repeat(72)}\n\n${english}\n`.replaceAll('\n', '\r\n');

const norwegian = `LES MEG

Dette er opplysningene som er registrert. Begynn med index.nb.html: åpne den i
en nettleser. Den virker uten nett og sender ingenting.

  index.nb.html, index.en.html   alt, forklart felt for felt
  data/*.json og data/*.csv      det samme for maskiner og regneark
  data/schemas/                  hva hvert felt i data/*.json er (JSON Schema)
  files/                         bilder, dokumenter og vedlegg
  attendance.ics                 oppmøte, for en kalender
  contacts.vcf                   kontaktkort
  portable/portable.json         det som kan tas med til en annen virksomhet
  manifest.json                  alle filene med kontrollsum (SHA-256)

Slik kontrollerer du at ingenting er endret:

  sha256sum -c SHA256SUMS
  openssl dgst -sha256 -verify public-key.pem -signature manifest.sig manifest.json

Filen inneholder personopplysninger. Oppbevar den trygt, og slett den når du
ikke trenger den lenger.

${complaint.nb.text}
${complaint.nb.url}`;

const english = `README

This is the information that is registered. Begin with index.en.html: open it
in a browser. It works offline and sends nothing.

  index.nb.html, index.en.html   everything, explained field by field
  data/*.json and data/*.csv     the same for machines and spreadsheets
  data/schemas/                  what each field of data/*.json is (JSON Schema)
  files/                         pictures, documents and attachments
  attendance.ics                 attendance, for a calendar
  contacts.vcf                   contact card
  portable/portable.json         what can be taken to another organisation
  manifest.json                  all files with their checksum (SHA-256)

How to check that nothing was changed:

  sha256sum -c SHA256SUMS
  openssl dgst -sha256 -verify public-key.pem -signature manifest.sig manifest.json

The file holds personal data. Keep it safe, and delete it when you no longer
need it.

${complaint.en.text}
${complaint.en.url}`;
