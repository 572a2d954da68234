import type { Language } from '../../http/call.ts';
import type { ActivityEntry } from '../transparency/leaf.ts';
import { accountSentences } from './sentences/accounts.ts';
import { alarmSentences } from './sentences/alarms.ts';
import { calendarSentences } from './sentences/calendar.ts';
import { calendarFeedSentences } from './sentences/calendar-feed.ts';
import { childLogSentences } from './sentences/child-log.ts';
import { deliverySentences } from './sentences/deliveries.ts';
import { deviceSentences } from './sentences/devices.ts';
import { distributionSentences } from './sentences/distribution.ts';
import { documentSentences } from './sentences/documents.ts';
import { integrationSentences } from './sentences/integrations.ts';
import { invoiceSentences } from './sentences/invoices.ts';
import { mailingSentences } from './sentences/mailings.ts';
import { messageSentences } from './sentences/messages.ts';
import { organisationSentences } from './sentences/organisations.ts';
import { peopleSentences } from './sentences/people.ts';
import { rightsSentences } from './sentences/rights.ts';
import { safetySentences } from './sentences/safety.ts';
import { serviceSentences } from './sentences/service.ts';
import { slotSentences } from './sentences/slots.ts';
import { surveySentences } from './sentences/surveys.ts';
import { ticketSentences } from './sentences/tickets.ts';
import { usageSentences } from './sentences/usage.ts';
import { workplaceSentences } from './sentences/workplace.ts';

/** `{who}` acted, and begins the sentence; `{whom}` it is about. */
export type EventSentences = Readonly<Record<`${string}.${string}`, Readonly<Record<Language, string>>>>;

/** What happened, in words, for every event that the code writes. */
export const eventSentences: EventSentences = {
  ...peopleSentences,
  ...childLogSentences,
  ...documentSentences,
  ...integrationSentences,
  ...messageSentences,
  ...invoiceSentences,
  ...mailingSentences,
  ...ticketSentences,
  ...distributionSentences,
  ...deliverySentences,
  ...accountSentences,
  ...calendarSentences,
  ...calendarFeedSentences,
  ...slotSentences,
  ...surveySentences,
  ...deviceSentences,
  ...usageSentences,
  ...alarmSentences,
  ...safetySentences,
  ...workplaceSentences,
  ...rightsSentences,
  ...organisationSentences,
  ...serviceSentences,
};

export type Happening = Pick<ActivityEntry, 'event' | 'actor' | 'role' | 'person' | 'controller' | 'subject'>;

/** How those whom a record names are spoken of to a reader, in the middle of a sentence: `Kari Nordmann (styrer)`. */
export interface Names {
  actorOf(entry: Happening, language: Language): string;
  subjectOf(entry: Happening, language: Language): string;
}

/** One record as a sentence. Pure: whoever may not be named is not in `names`. */
export function sentenceOf(entry: Happening, language: Language, names: Names): string {
  const template = (eventSentences as Partial<EventSentences>)[entry.event as keyof EventSentences]?.[language];
  const sentence = (template ?? unknownEvent(entry.event)[language])
    .replaceAll('{who}', () => names.actorOf(entry, language))
    .replaceAll('{whom}', () => names.subjectOf(entry, language));
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/** Written by an earlier version of the service, within the year that a record is kept. */
const unknownEvent = (event: string): Readonly<Record<Language, string>> => ({
  nb: `{who} gjorde noe som tjenesten ikke lenger har ord for (${event}).`,
  en: `{who} did something that the service no longer has words for (${event}).`,
});
