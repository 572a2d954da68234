import type { EventSentences } from '../sentences.ts';

/** Accounts, roles, invitations, and the notices that the service mails. */
export const accountSentences = {
  'account.created': { nb: '{who} opprettet en konto for {whom}.', en: '{who} made an account for {whom}.' },
  'account.changed': { nb: '{who} endret kontoen til {whom}.', en: '{who} changed the account of {whom}.' },
  'week-page.linked': {
    nb: '{who} laget en lenke til ukesiden til {whom}.',
    en: '{who} made a link to the week page of {whom}.',
  },
  'week-page.opened': { nb: '{who} åpnet ukesiden til {whom}.', en: '{who} opened the week page of {whom}.' },
  'account.signed-in': { nb: '{who} logget inn.', en: '{who} signed in.' },
  'account.signed-out-everywhere': {
    nb: '{who} logget ut på alle enheter.',
    en: '{who} signed out on all devices.',
  },
  'account.email-change-asked': {
    nb: '{who} ba om å bytte e-postadressen til {whom}.',
    en: '{who} asked to change the e-mail address of {whom}.',
  },
  'account.email-changed': {
    nb: '{who} bekreftet en ny e-postadresse for {whom}.',
    en: '{who} confirmed a new e-mail address for {whom}.',
  },
  'account.totp-turned-on': {
    nb: '{who} slo på koder fra en app for {whom}.',
    en: '{who} turned on codes from an app for {whom}.',
  },
  'account.totp-turned-off': {
    nb: '{who} slo av koder fra en app for {whom}.',
    en: '{who} turned off codes from an app for {whom}.',
  },
  'account.totp-found-off': {
    nb: '{who} oppdaget at koder fra en app var slått av for {whom}.',
    en: '{who} found that codes from an app had been turned off for {whom}.',
  },
  'second-factor-reset.requested': {
    nb: '{who} ba om å nullstille kodene fra en app for {whom}.',
    en: '{who} asked to reset the codes from an app for {whom}.',
  },
  'second-factor-reset.approved': {
    nb: '{who} godkjente at kodene fra en app nullstilles for {whom}.',
    en: '{who} approved a reset of the codes from an app for {whom}.',
  },
  'second-factor-reset.done': {
    nb: '{who} nullstilte kodene fra en app for {whom}.',
    en: '{who} reset the codes from an app for {whom}.',
  },
  'registration.acknowledged': {
    nb: '{who} registrerte seg og bekreftet å ha lest personvernerklæringen.',
    en: '{who} registered and confirmed having read the privacy statement.',
  },
  'registration.consented': {
    nb: '{who} registrerte seg og samtykket.',
    en: '{who} registered and consented.',
  },
  'invitation.accepted': {
    nb: '{who} tok imot en invitasjon til {whom}.',
    en: '{who} accepted an invitation of {whom}.',
  },
  'invitation.repeated': {
    nb: '{who} sendte invitasjonen til {whom} på nytt.',
    en: '{who} sent the invitation of {whom} again.',
  },
  'join-request.made': { nb: '{who} ba om å bli med.', en: '{who} asked to join.' },
  'join-request.approved': {
    nb: '{who} godkjente at {whom} blir med.',
    en: '{who} approved that {whom} joins.',
  },

  'role.given': { nb: '{who} ga {whom} en rolle.', en: '{who} gave {whom} a role.' },
  'role.changed': { nb: '{who} endret en rolle for {whom}.', en: '{who} changed a role of {whom}.' },
  'role.suspended': { nb: '{who} stanset en rolle for {whom}.', en: '{who} suspended a role of {whom}.' },
  'role.confirmed': { nb: '{who} bekreftet en rolle for {whom}.', en: '{who} confirmed a role of {whom}.' },
  'role.ended': { nb: '{who} avsluttet en rolle for {whom}.', en: '{who} ended a role of {whom}.' },
  'role.opened': { nb: '{who} åpnet en rolle for {whom}.', en: '{who} opened a role of {whom}.' },
  'confidentiality.undertaken': { nb: '{who} lovet taushet.', en: '{who} undertook to keep confidentiality.' },
  'access-grant.given': {
    nb: '{who} ga leverandørens ansatte tilgang for en tid.',
    en: '{who} gave the operator’s staff access for a time.',
  },
  'access-grant.ended': {
    nb: '{who} avsluttet tilgangen til leverandørens ansatte.',
    en: '{who} ended the access of the operator’s staff.',
  },

  'notice.sending': {
    nb: '{who} begynte å sende en melding til {whom}.',
    en: '{who} began to send a notice to {whom}.',
  },
  'notice.accepted': { nb: '{who} sendte en melding til {whom}.', en: '{who} sent a notice to {whom}.' },
  'notice.temporary-failure': {
    nb: '{who} fikk ikke sendt en melding til {whom}, og prøver igjen.',
    en: '{who} could not send a notice to {whom}, and tries again.',
  },
  'notice.permanent-failure': {
    nb: '{who} fikk ikke sendt en melding til {whom}.',
    en: '{who} could not send a notice to {whom}.',
  },
  'notice.not-sent': {
    nb: '{who} lot være å sende en melding til {whom}.',
    en: '{who} did not send a notice to {whom}.',
  },
  'notice.dropped': {
    nb: '{who} fjernet en melding til {whom} som ikke lenger fantes.',
    en: '{who} dropped a notice to {whom} that was no longer there.',
  },
  'notices.declined': {
    nb: '{who} takket nei til noen av meldingene til {whom}.',
    en: '{who} declined some of the notices to {whom}.',
  },
} as const satisfies EventSentences;
