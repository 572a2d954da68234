import type { EventSentences } from '../sentences.ts';

/** The organisation itself, its agreement, registers, statements, and terms of keeping. */
export const organisationSentences = {
  'organisation.created': { nb: '{who} opprettet virksomheten.', en: '{who} created the organisation.' },
  'organisation.changed': {
    nb: '{who} endret innstillingene for virksomheten.',
    en: '{who} changed the organisation’s settings.',
  },
  'organisation.code-renewed': {
    nb: '{who} fornyet koden for å bli med.',
    en: '{who} renewed the code for joining.',
  },
  'department.created': { nb: '{who} opprettet en avdeling.', en: '{who} created a department.' },
  'department.changed': { nb: '{who} endret en avdeling.', en: '{who} changed a department.' },
  'group.created': { nb: '{who} opprettet en gruppe.', en: '{who} created a group.' },
  'group.changed': { nb: '{who} endret en gruppe.', en: '{who} changed a group.' },
  'agreement.seen': { nb: '{who} så databehandleravtalen.', en: '{who} looked at the data-processing agreement.' },
  'agreement.accepted': {
    nb: '{who} godtok databehandleravtalen.',
    en: '{who} accepted the data-processing agreement.',
  },
  'agreement.changed': {
    nb: '{who} endret avtalen med virksomheten.',
    en: '{who} changed the agreement with the organisation.',
  },
  'agreement.end-chosen': {
    nb: '{who} valgte hva som skjer når avtalen er slutt.',
    en: '{who} chose what happens when the agreement ends.',
  },
  'agreement.end-step': {
    nb: '{who} gjorde det som følger av at avtalen er slutt.',
    en: '{who} did what follows from the end of the agreement.',
  },
  'agreement.deletion-told': {
    nb: '{who} meldte fra om at alt er slettet.',
    en: '{who} gave notice that all has been erased.',
  },
  'organisation-export.ordered': {
    nb: '{who} bestilte en kopi av alt virksomheten har.',
    en: '{who} ordered a copy of all that the organisation has.',
  },
  'organisation-export.begun': {
    nb: '{who} begynte å lage kopien av alt virksomheten har.',
    en: '{who} began the copy of all that the organisation has.',
  },
  'organisation-export.part-made': {
    nb: '{who} laget en del av kopien av alt virksomheten har.',
    en: '{who} made a part of the copy of all that the organisation has.',
  },
  'organisation-export.ready': {
    nb: '{who} gjorde ferdig kopien av alt virksomheten har.',
    en: '{who} finished the copy of all that the organisation has.',
  },
  'organisation-export.fetched': {
    nb: '{who} hentet en del av kopien av alt virksomheten har.',
    en: '{who} fetched a part of the copy of all that the organisation has.',
  },
  'organisation-export.given-up': {
    nb: '{who} klarte ikke å lage kopien av alt virksomheten har.',
    en: '{who} could not make the copy of all that the organisation has.',
  },
  'organisation-export.ended': {
    nb: '{who} slettet kopien av alt virksomheten har.',
    en: '{who} deleted the copy of all that the organisation has.',
  },

  'activity-export.ordered': {
    nb: '{who} bestilte en kopi av aktivitetsloggen.',
    en: '{who} ordered a copy of the activity log.',
  },
  'activity-export.begun': {
    nb: '{who} begynte å lage kopien av aktivitetsloggen.',
    en: '{who} began the copy of the activity log.',
  },
  'activity-export.ready': {
    nb: '{who} gjorde ferdig kopien av aktivitetsloggen.',
    en: '{who} finished the copy of the activity log.',
  },
  'activity-export.too-large': {
    nb: '{who} laget ingen kopi av aktivitetsloggen: det var for mange hendelser.',
    en: '{who} made no copy of the activity log: there were too many events.',
  },
  'activity-export.given-up': {
    nb: '{who} klarte ikke å lage kopien av aktivitetsloggen.',
    en: '{who} could not make the copy of the activity log.',
  },
  'activity-export.fetched': {
    nb: '{who} hentet kopien av aktivitetsloggen.',
    en: '{who} fetched the copy of the activity log.',
  },
  'activity-export.ended': {
    nb: '{who} slettet kopien av aktivitetsloggen.',
    en: '{who} deleted the copy of the activity log.',
  },

  'breach.recorded': {
    nb: '{who} registrerte et brudd på personopplysningssikkerheten.',
    en: '{who} recorded a personal-data breach.',
  },
  'breach.phase-added': {
    nb: '{who} la til noe nytt om et brudd på personopplysningssikkerheten.',
    en: '{who} added to what is known about a personal-data breach.',
  },
  'breach.reported': {
    nb: '{who} meldte et brudd til Datatilsynet.',
    en: '{who} reported a breach to Datatilsynet.',
  },
  'breach.not-reported': {
    nb: '{who} bestemte at et brudd ikke meldes til Datatilsynet.',
    en: '{who} decided not to report a breach to Datatilsynet.',
  },
  'breach.persons-told': {
    nb: '{who} meldte fra til personer som et brudd gjelder.',
    en: '{who} told people whom a breach concerns.',
  },
  'breach.persons-not-told': {
    nb: '{who} bestemte at personene et brudd gjelder, ikke varsles.',
    en: '{who} decided not to tell the people whom a breach concerns.',
  },
  'breach.organisation-told': {
    nb: '{who} meldte fra til virksomheten om et brudd.',
    en: '{who} told the organisation of a breach.',
  },
  'breach.told': {
    nb: '{who} meldte fra til alle virksomheter som et brudd gjelder.',
    en: '{who} told every organisation that a breach concerns.',
  },
  'breach.deadline-dropped': {
    nb: '{who} fjernet en påminnelse om et brudd som ikke lenger finnes.',
    en: '{who} dropped a reminder of a breach that is no longer there.',
  },
  'disclosures.seen': {
    nb: '{who} så registeret over utleveringer.',
    en: '{who} looked at the register of disclosures.',
  },
  'disclosure.recorded': {
    nb: '{who} registrerte en utlevering som loven krever.',
    en: '{who} recorded a disclosure that the law demands.',
  },
  'disclosure.notice-changed': {
    nb: '{who} endret når de som en utlevering gjelder, kan få vite om den.',
    en: '{who} changed when those concerned may know of a disclosure.',
  },
  'disclosure.opened': {
    nb: '{who} gjorde en utlevering kjent for dem den gjelder.',
    en: '{who} let those concerned know of a disclosure.',
  },
  'disclosure.entry-opened': {
    nb: '{who} gjorde en utlevering kjent for {whom}.',
    en: '{who} let a disclosure be known to {whom}.',
  },
  'special-categories.agreed': {
    nb: '{who} avtalte at særlige kategorier av opplysninger kan behandles.',
    en: '{who} agreed that special categories of data may be processed.',
  },
  'special-categories.withdrawn': {
    nb: '{who} trakk avtalen om særlige kategorier av opplysninger.',
    en: '{who} withdrew the agreement on special categories of data.',
  },
  'sub-processor.announced': {
    nb: '{who} kunngjorde en endring av underleverandører.',
    en: '{who} announced a change of sub-processors.',
  },
  'sub-processor.objected': {
    nb: '{who} protesterte mot en endring av underleverandører.',
    en: '{who} objected to a change of sub-processors.',
  },
  'sub-processor.organisation-told': {
    nb: '{who} meldte fra til virksomheten om en endring av underleverandører.',
    en: '{who} told the organisation of a change of sub-processors.',
  },
  'sub-processor.told': {
    nb: '{who} meldte fra til alle virksomheter om en endring av underleverandører.',
    en: '{who} told every organisation of a change of sub-processors.',
  },

  'statement.published': {
    nb: '{who} utga en ny personvernerklæring.',
    en: '{who} published a new privacy statement.',
  },
  'statement.acknowledged': {
    nb: '{who} bekreftet å ha lest personvernerklæringen.',
    en: '{who} confirmed having read the privacy statement.',
  },
  'statement.some-told': {
    nb: '{who} sendte den nye personvernerklæringen til noen av dem den gjelder.',
    en: '{who} sent the new privacy statement to some of those concerned.',
  },
  'statement.everyone-told': {
    nb: '{who} har sendt den nye personvernerklæringen til alle den gjelder.',
    en: '{who} has sent the new privacy statement to all concerned.',
  },
  'statement.mailing-ended': {
    nb: '{who} avsluttet utsendingen av en personvernerklæring.',
    en: '{who} ended the mailing of a privacy statement.',
  },

  'retention.decided': {
    nb: '{who} bestemte hvor lenge opplysninger tas vare på.',
    en: '{who} decided how long data is kept.',
  },
  'retention.walked': {
    nb: '{who} så etter opplysninger som skal slettes.',
    en: '{who} looked for data that is to be erased.',
  },
  'retention.index-mended': {
    nb: '{who} rettet dagen da opplysninger om {whom} skal slettes.',
    en: '{who} put right the day on which what is held about {whom} is to be erased.',
  },
  'retention.expiry-told': {
    nb: '{who} varslet om at opplysninger om {whom} snart slettes.',
    en: '{who} gave notice that what is held about {whom} will soon be erased.',
  },
  'retention.erasure-ordered': {
    nb: '{who} bestilte sletting av {whom}, fordi tiden er ute.',
    en: '{who} ordered the erasure of {whom}, because the term is over.',
  },
  'retention.shredding-ordered': {
    nb: '{who} bestilte sletting av noe av det som er lagret om {whom}, fordi tiden er ute.',
    en: '{who} ordered the erasure of some of what is held about {whom}, because the term is over.',
  },
  'retention.nothing-held': {
    nb: '{who} fant ikke noe å slette om {whom}.',
    en: '{who} found nothing to erase about {whom}.',
  },
} as const satisfies EventSentences;
