import type { EventSentences } from '../sentences.ts';

/** Consents, requests, copies, erasures, and what is said to the data-protection officer. */
export const rightsSentences = {
  'consent.given': { nb: '{who} samtykket for {whom}.', en: '{who} consented for {whom}.' },
  'consent.withdrawn': {
    nb: '{who} trakk tilbake et samtykke for {whom}.',
    en: '{who} withdrew a consent for {whom}.',
  },
  'consent.lapsed': {
    nb: '{who} lot et samtykke for {whom} falle bort, fordi det ikke ble gitt på nytt.',
    en: '{who} let a consent for {whom} lapse, because it was not given again.',
  },
  'consent.asked-anew': {
    nb: '{who} spurte om et samtykke for {whom} på nytt.',
    en: '{who} asked again for a consent for {whom}.',
  },
  'consent.forgotten': {
    nb: '{who} sluttet å følge et samtykke, fordi personen er borte.',
    en: '{who} stopped following a consent, because the person is gone.',
  },
  'consents.seen': { nb: '{who} så samtykkene til {whom}.', en: '{who} looked at the consents of {whom}.' },
  'consents.walked': {
    nb: '{who} så etter samtykker som må spørres om på nytt.',
    en: '{who} looked for consents that have to be asked for again.',
  },
  'consented-information.changed': {
    nb: '{who} endret opplysninger som {whom} har samtykket til.',
    en: '{who} changed information that {whom} has consented to.',
  },
  'consent-purpose.declared': {
    nb: '{who} la inn et formål som det kan samtykkes til.',
    en: '{who} put in a purpose that can be consented to.',
  },
  'consent-purpose.changed': {
    nb: '{who} endret et formål som det kan samtykkes til.',
    en: '{who} changed a purpose that can be consented to.',
  },
  'consent-purpose.retired': {
    nb: '{who} tok bort et formål som det kunne samtykkes til.',
    en: '{who} retired a purpose that could be consented to.',
  },

  'request.seen': { nb: '{who} så et krav om {whom}.', en: '{who} looked at a request about {whom}.' },
  'request.received': { nb: '{who} tok imot et krav om {whom}.', en: '{who} received a request about {whom}.' },
  'request.planned': {
    nb: '{who} la frem hva et krav om {whom} vil føre til.',
    en: '{who} set out what a request about {whom} will lead to.',
  },
  'request.confirmed': { nb: '{who} bekreftet et krav om {whom}.', en: '{who} confirmed a request about {whom}.' },
  'request.approved': { nb: '{who} godkjente et krav om {whom}.', en: '{who} approved a request about {whom}.' },
  'request.refused': { nb: '{who} avslo et krav om {whom}.', en: '{who} refused a request about {whom}.' },
  'request.extended': {
    nb: '{who} forlenget fristen for et krav om {whom}.',
    en: '{who} extended the time for a request about {whom}.',
  },
  'request.withdrawn': { nb: '{who} trakk et krav om {whom}.', en: '{who} withdrew a request about {whom}.' },
  'request.executed': { nb: '{who} utførte et krav om {whom}.', en: '{who} carried out a request about {whom}.' },
  'request.looked-at': {
    nb: '{who} så om noe måtte gjøres med et krav om {whom}.',
    en: '{who} looked whether a request about {whom} needed anything.',
  },
  'request.warned': {
    nb: '{who} varslet om at fristen for et krav om {whom} er nær.',
    en: '{who} warned that the time for a request about {whom} is short.',
  },
  'request.overdue': {
    nb: '{who} varslet om at fristen for et krav om {whom} er over.',
    en: '{who} warned that the time for a request about {whom} is over.',
  },
  'request.still-incomplete': {
    nb: '{who} varslet om at et krav om {whom} ikke er fullført.',
    en: '{who} warned that a request about {whom} is not complete.',
  },
  'request.awaiting-redaction': {
    nb: '{who} ba om at tekster om {whom} ses gjennom før de gis ut.',
    en: '{who} asked for texts about {whom} to be looked through before they are handed out.',
  },
  'request.lifting': {
    nb: '{who} varslet om at et krav om {whom} slutter å gjelde.',
    en: '{who} gave notice that a request about {whom} will end.',
  },
  'request.ended': {
    nb: '{who} avsluttet et krav om {whom} som gjaldt.',
    en: '{who} ended a request about {whom} that was in force.',
  },
  'request.text-erased': {
    nb: '{who} slettet teksten i et gammelt krav om {whom}.',
    en: '{who} erased the text of an old request about {whom}.',
  },
  'request.row-dropped': {
    nb: '{who} fjernet en påminnelse om et krav som ikke lenger finnes.',
    en: '{who} dropped a reminder of a request that is no longer there.',
  },
  'legal-hold.put': {
    nb: '{who} bestemte at opplysninger om {whom} ikke slettes inntil videre.',
    en: '{who} decided that what is held about {whom} is not erased for now.',
  },
  'legal-hold.lifted': {
    nb: '{who} opphevet at opplysninger om {whom} ikke slettes.',
    en: '{who} lifted the hold on erasing what is held about {whom}.',
  },
  'claim.code-mailed': {
    nb: '{who} sendte en kode for å hente et svar.',
    en: '{who} mailed a code for fetching an answer.',
  },
  'claim.code-handed-over': {
    nb: '{who} leverte ut en kode for å hente et svar om {whom}.',
    en: '{who} handed over a code for fetching an answer about {whom}.',
  },
  'claim.opened': { nb: '{who} åpnet et svar med en kode.', en: '{who} opened an answer with a code.' },
  'claim.code-refused': {
    nb: '{who} oppga feil kode for et svar.',
    en: '{who} gave a wrong code for an answer.',
  },
  'claim.certificate-fetched': {
    nb: '{who} hentet et bevis for sletting.',
    en: '{who} fetched a certificate of erasure.',
  },

  'export.ordered': { nb: '{who} bestilte en kopi for {whom}.', en: '{who} ordered a copy for {whom}.' },
  'export.begun': { nb: '{who} begynte å lage en kopi for {whom}.', en: '{who} began to make a copy for {whom}.' },
  'export.awaiting-redaction': {
    nb: '{who} ba om at en kopi for {whom} ses gjennom før den gis ut.',
    en: '{who} asked for a copy for {whom} to be looked through before it is handed out.',
  },
  'export.looked-through': {
    nb: '{who} så gjennom en kopi for {whom}.',
    en: '{who} looked through a copy for {whom}.',
  },
  'export.released': { nb: '{who} frigav en kopi for {whom}.', en: '{who} released a copy for {whom}.' },
  'export.ready': { nb: '{who} gjorde ferdig en kopi for {whom}.', en: '{who} finished a copy for {whom}.' },
  'export.fetched': { nb: '{who} hentet en kopi for {whom}.', en: '{who} fetched a copy for {whom}.' },
  'export.given-up': {
    nb: '{who} klarte ikke å lage en kopi for {whom}.',
    en: '{who} could not make a copy for {whom}.',
  },
  'export.ended': { nb: '{who} slettet en kopi for {whom}.', en: '{who} deleted a copy for {whom}.' },

  'erasure.surveyed': {
    nb: '{who} fant det som skal slettes for {whom}.',
    en: '{who} found what is to be erased for {whom}.',
  },
  'erasure.survey-outdated': {
    nb: '{who} må lete på nytt etter det som skal slettes for {whom}.',
    en: '{who} has to look again for what is to be erased for {whom}.',
  },
  'erasure.waiting': {
    nb: '{who} venter med å slette for {whom}.',
    en: '{who} is waiting with an erasure for {whom}.',
  },
  'erasure.fenced': {
    nb: '{who} stengte opplysningene om {whom} for alltid.',
    en: '{who} closed what was held about {whom} for ever.',
  },
  'erasure.dependant-fenced': {
    nb: '{who} stengte noe som hørte til {whom}, for alltid.',
    en: '{who} closed something that belonged to {whom}, for ever.',
  },
  'erasure.usage-folded': {
    nb: '{who} gjorde brukstall om {whom} anonyme.',
    en: '{who} made usage figures about {whom} anonymous.',
  },
  'erasure.rows-removed': {
    nb: '{who} slettet lagrede rader om {whom}.',
    en: '{who} deleted stored rows about {whom}.',
  },
  'erasure.cascaded': {
    nb: '{who} slettet alt som hørte til {whom}.',
    en: '{who} erased all that belonged to {whom}.',
  },
  'erasure.traces-fenced': {
    nb: '{who} stengte de siste sporene etter en sletting.',
    en: '{who} closed the last traces of an erasure.',
  },
  'erasure.traces-erased': {
    nb: '{who} slettet de siste sporene etter en sletting.',
    en: '{who} erased the last traces of an erasure.',
  },
  'erasure.verified': {
    nb: '{who} kontrollerte at {whom} er slettet.',
    en: '{who} checked that {whom} has been erased.',
  },
  'erasure.incomplete': {
    nb: '{who} fikk ikke slettet alt om {whom}, og prøver igjen.',
    en: '{who} could not erase all about {whom}, and tries again.',
  },
  'erasure.answered': {
    nb: '{who} svarte på kravet om sletting av {whom}.',
    en: '{who} answered the request to erase {whom}.',
  },
  'erasure.certified': {
    nb: '{who} utstedte et bevis for slettingen av {whom}.',
    en: '{who} issued a certificate of the erasure of {whom}.',
  },
  'erasure.closed': {
    nb: '{who} avsluttet slettingen av {whom}.',
    en: '{who} concluded the erasure of {whom}.',
  },
  'erasure.persons-ordered': {
    nb: '{who} bestilte sletting av flere personer.',
    en: '{who} ordered the erasure of several people.',
  },
  'erasures.stopped': {
    nb: '{who} stanset slettinger, fordi de var uvanlig mange.',
    en: '{who} stopped erasures, because there were unusually many.',
  },
  'erasures.resumed': {
    nb: '{who} lot slettingene fortsette.',
    en: '{who} let the erasures go on.',
  },
  'evidence.kept': {
    nb: '{who} tok vare på det loven krever etter {whom}.',
    en: '{who} kept what the law demands of {whom}.',
  },
  'evidence.ended': {
    nb: '{who} slettet det loven ikke lenger krever at vi har om {whom}.',
    en: '{who} erased what the law no longer demands about {whom}.',
  },

  'dpo-thread.begun': {
    nb: '{who} skrev til personvernombudet.',
    en: '{who} wrote to the data-protection officer.',
  },
  'dpo-message.written': {
    nb: '{who} skrev en ny melding til eller fra personvernombudet.',
    en: '{who} wrote another message to or from the data-protection officer.',
  },
  'dpo-message.waiting': {
    nb: '{who} tok imot en melding til personvernombudet som må bekreftes.',
    en: '{who} received a message to the data-protection officer that has to be confirmed.',
  },
  'dpo-thread.closed': {
    nb: '{who} avsluttet en samtale med personvernombudet.',
    en: '{who} closed a conversation with the data-protection officer.',
  },
  'dpo-thread.erasure-ordered': {
    nb: '{who} bestilte sletting av en samtale med personvernombudet.',
    en: '{who} ordered the erasure of a conversation with the data-protection officer.',
  },
} as const satisfies EventSentences;
