import type { Letter } from './letter.ts';
import { accountLetters } from './letters/accounts.ts';
import { activityLetters } from './letters/activity.ts';
import { agreementEndLetters } from './letters/agreement-end.ts';
import { attendanceLetters } from './letters/attendance.ts';
import { calendarLetters } from './letters/calendar.ts';
import { childLogLetters } from './letters/child-log.ts';
import { claimLetters } from './letters/claims.ts';
import { documentLetters } from './letters/documents.ts';
import { erasureLetters } from './letters/erasure.ts';
import { exportLetters } from './letters/exports.ts';
import { messageLetters } from './letters/messages.ts';
import type { Facts, Letters, Writer } from './letters/phrases.ts';
import { registerLetters } from './letters/registers.ts';
import { requestLetters } from './letters/requests.ts';
import { reservationLetters } from './letters/reservations.ts';
import { slotLetters } from './letters/slots.ts';
import { statementLetters } from './letters/statements.ts';
import { transparencyLetters } from './letters/transparency.ts';
import type { NoticeContent, Template } from './notice.ts';

/** Every letter, by its template. A topic's words stand in a file of its own, and in the outbox's bundle alone. */
const letters: Letters<Template> = {
  ...attendanceLetters,
  ...documentLetters,
  ...calendarLetters,
  ...erasureLetters,
  ...accountLetters,
  ...activityLetters,
  ...agreementEndLetters,
  ...slotLetters,
  ...statementLetters,
  ...childLogLetters,
  ...claimLetters,
  ...exportLetters,
  ...messageLetters,
  ...registerLetters,
  ...requestLetters,
  ...reservationLetters,
  ...transparencyLetters,
};

/** Who the letter says it is from. */
export const senderName = (facts: Facts) =>
  facts.organisation && !facts.isProtected ? facts.organisation.name : 'Vern';

/** The letter for a notice, in its recipient's language. Pure. */
export function letterFor({ template, parameters }: NoticeContent, facts: Facts): Letter {
  // Writer and parameters are of the same template: the schema of the notice says so.
  const writer = letters[template][facts.language] as Writer<Template>;
  return { language: facts.language, ...writer(parameters, facts) };
}
