import type { Owner } from '../../platform/entity.ts';
import type { Letter } from './letter.ts';
import { accountLetters } from './letters/accounts.ts';
import { activityLetters } from './letters/activity.ts';
import { agreementEndLetters } from './letters/agreement-end.ts';
import { alarmLetters } from './letters/alarms.ts';
import { attendanceLetters } from './letters/attendance.ts';
import { calendarLetters } from './letters/calendar.ts';
import { childLogLetters } from './letters/child-log.ts';
import { claimLetters } from './letters/claims.ts';
import { deliveryLetters } from './letters/deliveries.ts';
import { digestLetters } from './letters/digest.ts';
import { distributionLetters } from './letters/distribution.ts';
import { documentLetters } from './letters/documents.ts';
import { erasureLetters } from './letters/erasure.ts';
import { exportLetters } from './letters/exports.ts';
import { formLetters } from './letters/forms.ts';
import { integrationLetters } from './letters/integrations.ts';
import { invoiceLetters } from './letters/invoices.ts';
import { messageLetters } from './letters/messages.ts';
import { misuseLetters } from './letters/misuse.ts';
import { aboutReplies, type Facts, type Letters, type Writer } from './letters/phrases.ts';
import { registerLetters } from './letters/registers.ts';
import { requestLetters } from './letters/requests.ts';
import { reservationLetters } from './letters/reservations.ts';
import { slotLetters } from './letters/slots.ts';
import { statementLetters } from './letters/statements.ts';
import { ticketLetters } from './letters/tickets.ts';
import { transparencyLetters } from './letters/transparency.ts';
import { workplaceLetters } from './letters/workplace.ts';
import { type Category, categoryOf, type NoticeContent, type Template } from './notice.ts';

/** Every letter, by its template. A topic's words stand in a file of its own, and in the outbox's bundle alone. */
const letters: Letters<Template> = {
  ...attendanceLetters,
  ...digestLetters,
  ...distributionLetters,
  ...documentLetters,
  ...deliveryLetters,
  ...calendarLetters,
  ...erasureLetters,
  ...accountLetters,
  ...activityLetters,
  ...agreementEndLetters,
  ...alarmLetters,
  ...slotLetters,
  ...statementLetters,
  ...childLogLetters,
  ...claimLetters,
  ...exportLetters,
  ...formLetters,
  ...integrationLetters,
  ...invoiceLetters,
  ...messageLetters,
  ...misuseLetters,
  ...registerLetters,
  ...requestLetters,
  ...reservationLetters,
  ...ticketLetters,
  ...transparencyLetters,
  ...workplaceLetters,
};

/** Who the letter says it is from. */
export const senderName = (facts: Facts) =>
  facts.organisation && !facts.isProtected ? facts.organisation.name : 'Vern';

/** The letter for a notice, in its recipient's language. Pure. */
export function letterFor({ template, parameters }: NoticeContent, known: Facts): Letter {
  const facts = { ...known, ...urlsIn(known) };
  const { language, preferencesUrl } = facts;
  // Writer and parameters are of the same template: the schema of the notice says so.
  const writer = letters[template][language] as Writer<Template>;
  const letter = writer(parameters, facts);
  return {
    language,
    ...letter,
    footer: [...letter.footer, aboutReplies(facts)],
    ...(preferencesUrl !== undefined && { preferences: { label: choose[language], url: preferencesUrl } }),
  };
}

/** The page behind a link speaks the language of the letter, whatever the browser prefers. */
function urlsIn({ language, linkUrl, declineUrl, preferencesUrl }: Facts) {
  const spoken = (url: string) => `${url}?language=${language}`;
  return {
    linkUrl: (token: string) => spoken(linkUrl(token)),
    ...(declineUrl !== undefined && { declineUrl: spoken(declineUrl) }),
    ...(preferencesUrl !== undefined && { preferencesUrl: spoken(preferencesUrl) }),
  };
}

const choose = {
  nb: 'Velg hvilke beskjeder du får, og når',
  en: 'Choose which notices you get, and when',
} as const;

/** What is written once for many; all else is a letter to one person (RFC 2919 is for lists alone). */
const lists: ReadonlySet<Category | undefined> = new Set<Category>(['organisation-news', 'newsletter', 'surveys']);

/**
 * The name of the list that a letter belongs to, for its `List-Id`, or undefined. It is the organisation's own, by its
 * opaque id, unless even that would join two letters to a protected address.
 */
export function listNameOf(
  template: Template,
  controller: Owner['controller'],
  { isProtected }: Pick<Facts, 'isProtected'>,
): string | undefined {
  const category = categoryOf(template);
  if (!lists.has(category)) return undefined;
  return isProtected || controller === 'operator' ? category : `${category}.${controller}`;
}
