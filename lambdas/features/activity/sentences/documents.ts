import type { EventSentences } from '../sentences.ts';

/** Files, and the documents that hold them. */
export const documentSentences = {
  'file.upload-begun': { nb: '{who} begynte å laste opp en fil.', en: '{who} began to upload a file.' },
  'file.checked': { nb: '{who} kontrollerte en fil fra {whom}.', en: '{who} checked a file from {whom}.' },
  'file.refused': { nb: '{who} avviste en fil fra {whom}.', en: '{who} refused a file from {whom}.' },
  'file.expired': {
    nb: '{who} slettet en fil fra {whom} som ikke ble tatt i bruk.',
    en: '{who} removed a file from {whom} that was not taken into use.',
  },
  'file.removed': { nb: '{who} slettet innholdet i en fil.', en: '{who} removed the content of a file.' },
  'file.opened': { nb: '{who} åpnet en fil om {whom}.', en: '{who} opened a file about {whom}.' },
  'document.file-opened': {
    nb: '{who} åpnet filen i et dokument om {whom} som er for ansatte.',
    en: '{who} opened the file of a document about {whom} that is for staff.',
  },
  'document.own-file-opened': {
    nb: '{who} åpnet filen i et dokument som er for {whom} alene.',
    en: '{who} opened the file of a document that is for {whom} alone.',
  },
  'documents.seen': { nb: '{who} så dokumentene om {whom}.', en: '{who} looked at the documents about {whom}.' },
  'document.created': { nb: '{who} laget et dokument om {whom}.', en: '{who} made a document about {whom}.' },
  'document.edition-added': {
    nb: '{who} la til en ny utgave av et dokument om {whom}.',
    en: '{who} added a new edition of a document about {whom}.',
  },
  'document.changed': { nb: '{who} endret et dokument om {whom}.', en: '{who} changed a document about {whom}.' },
  'document.published': {
    nb: '{who} publiserte et dokument om {whom}.',
    en: '{who} published a document about {whom}.',
  },
  'document.withdrawn': {
    nb: '{who} trakk tilbake et dokument om {whom}.',
    en: '{who} withdrew a document about {whom}.',
  },
  'document.removed': { nb: '{who} slettet et dokument om {whom}.', en: '{who} removed a document about {whom}.' },
  'document.confirmed': {
    nb: '{who} bekreftet å ha lest et dokument.',
    en: '{who} confirmed having read a document.',
  },
  'document.told': {
    nb: '{who} ga beskjed om et nytt dokument.',
    en: '{who} told readers about a new document.',
  },
} as const satisfies EventSentences;
