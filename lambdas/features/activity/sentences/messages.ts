import type { EventSentences } from '../sentences.ts';

/** Conversations, notices to groups, drafts. Of what was written nothing: only that it was. */
export const messageSentences = {
  'messages.seen': { nb: '{who} leste meldinger om {whom}.', en: '{who} read messages about {whom}.' },
  'thread.begun': { nb: '{who} begynte en samtale om {whom}.', en: '{who} began a conversation about {whom}.' },
  'thread.message-written': {
    nb: '{who} skrev i en samtale om {whom}.',
    en: '{who} wrote in a conversation about {whom}.',
  },
  'thread.message-edited': {
    nb: '{who} endret en melding i en samtale om {whom}.',
    en: '{who} changed a message in a conversation about {whom}.',
  },
  'thread.message-taken-back': {
    nb: '{who} trakk tilbake en melding i en samtale om {whom}.',
    en: '{who} took back a message in a conversation about {whom}.',
  },
  'thread.file-opened': {
    nb: '{who} åpnet en fil i en samtale om {whom}.',
    en: '{who} opened a file in a conversation about {whom}.',
  },
  'thread.joined': {
    nb: '{who} lot en kollega bli med i en samtale om {whom}.',
    en: '{who} let a colleague take part in a conversation about {whom}.',
  },
  'thread.left': {
    nb: '{who} tok noen ut av en samtale om {whom}, eller gikk ut av den.',
    en: '{who} left a conversation about {whom}, or took somebody out of it.',
  },
  'thread.read': {
    nb: '{who} merket en samtale om {whom} som lest.',
    en: '{who} marked a conversation about {whom} as read.',
  },
  'thread.kept': {
    nb: '{who} dempet eller arkiverte en samtale om {whom} for egen del.',
    en: '{who} muted or archived a conversation about {whom} for their own part.',
  },
  'draft.saved': { nb: '{who} lagret et utkast til en melding.', en: '{who} saved a draft of a message.' },
  'draft.removed': { nb: '{who} kastet et utkast til en melding.', en: '{who} threw a draft of a message away.' },
  'out-of-office.set': { nb: '{who} sa fra om at {whom} er borte.', en: '{who} said that {whom} is away.' },
  'out-of-office.ended': {
    nb: '{who} sa fra om at {whom} er tilbake.',
    en: '{who} said that {whom} is back.',
  },
  'announcement.sent': { nb: '{who} sendte et oppslag.', en: '{who} sent a notice.' },
  'announcement.spread': {
    nb: '{who} brakte et oppslag ut til noen av dem det er til.',
    en: '{who} brought a notice to some of those it is for.',
  },
  'announcement.reached-all': {
    nb: '{who} ble ferdig med å bringe ut et oppslag.',
    en: '{who} finished bringing out a notice.',
  },
  'announcement.read': { nb: '{who} merket et oppslag som lest.', en: '{who} marked a notice as read.' },
} as const satisfies EventSentences;
