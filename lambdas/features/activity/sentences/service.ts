import type { EventSentences } from '../sentences.ts';

/** What the service does to itself: this log, backups, restores, and the check of what the promises rest on. */
export const serviceSentences = {
  'activity.seen': { nb: '{who} leste denne loggen.', en: '{who} read this log.' },
  'activity.pruned': {
    nb: '{who} slettet oppføringer i denne loggen som var eldre enn ett år.',
    en: '{who} deleted records of this log that were more than a year old.',
  },
  'log.gap-found': {
    nb: '{who} oppdaget at en oppføring manglet før den kom inn i loggen.',
    en: '{who} found that a record was missing before it came into the log.',
  },
  'log.checkpoint-mailed': {
    nb: '{who} sendte lengden og fingeravtrykket av loggen til personvernansvarlige.',
    en: '{who} mailed the length and the fingerprint of the log to the privacy officers.',
  },
  'log.checkpoints-mailed': {
    nb: '{who} har sendt alle virksomheter fingeravtrykket av loggen deres.',
    en: '{who} has mailed every organisation the fingerprint of its log.',
  },
  'backup.completed': { nb: '{who} fullførte dagens sikkerhetskopi.', en: '{who} completed the backup of a day.' },
  'backup.copied': {
    nb: '{who} låste en kopi av dagens sikkerhetskopi.',
    en: '{who} locked a copy of the backup of a day.',
  },
  'backup.swept': {
    nb: '{who} slettet sikkerhetskopier som var blitt for gamle.',
    en: '{who} deleted backups that had become too old.',
  },
  'guarantees.checked': {
    nb: '{who} kontrollerte innstillingene som løftene våre hviler på.',
    en: '{who} checked the settings that our promises rest on.',
  },
  'service.restore-begun': {
    nb: '{who} begynte å gjenopprette tjenesten fra en sikkerhetskopi.',
    en: '{who} began to restore the service from a backup.',
  },
  'service.restore-aborted': {
    nb: '{who} avbrøt gjenopprettingen fra en sikkerhetskopi.',
    en: '{who} gave up a restore from a backup.',
  },
  'service.restored': {
    nb: '{who} gjenopprettet tjenesten fra en sikkerhetskopi.',
    en: '{who} restored the service from a backup.',
  },
  'service.drill-passed': {
    nb: '{who} øvde på å gjenopprette tjenesten, og det gikk bra.',
    en: '{who} practised restoring the service, and it went well.',
  },
  'service.drill-failed': {
    nb: '{who} øvde på å gjenopprette tjenesten, og det gikk ikke.',
    en: '{who} practised restoring the service, and it failed.',
  },
  'restore.former-user-numbered': {
    nb: '{who} sørget for at {whom} forblir slettet etter gjenopprettingen.',
    en: '{who} saw to it that {whom} stays erased after the restore.',
  },
  'restore.shredding-noted': {
    nb: '{who} sørget for at det som var slettet om {whom}, forblir slettet.',
    en: '{who} saw to it that what had been erased about {whom} stays erased.',
  },
  'restore.rectification-kept': {
    nb: '{who} beholdt en retting for {whom} gjennom gjenopprettingen.',
    en: '{who} kept a rectification for {whom} through the restore.',
  },
  'restore.pointers-settled': {
    nb: '{who} rettet henvisninger til {whom} etter gjenopprettingen.',
    en: '{who} put right references to {whom} after the restore.',
  },
  'restore.pointers-removed': {
    nb: '{who} fjernet henvisninger fra {whom} til noe som er slettet.',
    en: '{who} removed references from {whom} to what has been erased.',
  },
  'restore.access-ended': {
    nb: '{who} sørget for at en tilgang hos {whom} som var avsluttet, forblir avsluttet etter gjenopprettingen.',
    en: '{who} saw to it that access that {whom} had ended stays ended after the restore.',
  },
  'restore.lookup-rebuilt': {
    nb: '{who} gjorde det mulig å finne {whom} igjen etter gjenopprettingen.',
    en: '{who} made it possible to find {whom} again after the restore.',
  },
} as const satisfies EventSentences;
