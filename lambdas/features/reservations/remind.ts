import type { Call } from '../../http/call.ts';
import type { OrganisationId, PersonId } from '../../http/ids.ts';
import { Busy, type Change, StaleVersion } from '../../platform/records.ts';
import { guardiansOf } from '../attendance/guardians.ts';
import { custodyRef } from '../custody/custody.ts';
import { remindersGoTo } from '../custody/reminded.ts';
import { queueNotice } from '../notices/notice.ts';
import { DAYS_DUE_MAX } from '../notices/templates/reservations.ts';
import { ownerOf } from '../people/person.ts';
import { personRef } from '../people/writes.ts';
import type { Deadline } from './deadlines.ts';
import { mayCome } from './decisions.ts';
import type { ChildWithDays } from './facts.ts';

/** Until a deadline's rows may go: long after nobody is reminded of it any more. */
const REMINDED_KEPT_SECONDS = 24 * 60 * 60;

/** Rows of ids and instants; they go by themselves once the deadline is over. */
export const reminderPointers = {
  /** The child's guardians have been reminded of a deadline. */
  child: (organisationId: OrganisationId, childId: PersonId, { key, at }: Pick<Deadline, 'key' | 'at'>) =>
    ({ ...expiring(at), pk: `${organisationId}#${childId}`, sk: `REMINDED#${key}` }) as const,
  /** All children of the organisation have been looked at. */
  all: (organisationId: OrganisationId, { key, at }: Pick<Deadline, 'key' | 'at'>) =>
    ({ ...expiring(at), pk: `${organisationId}#${organisationId}`, sk: `REMINDED#${key}` }) as const,
};
const expiring = (at: Date) =>
  ({ table: 'transient', expiresAtEpochSeconds: Math.floor(at.getTime() / 1000) + REMINDED_KEPT_SECONDS }) as const;

/** The days of the deadline of which nobody has said whether the child comes. Pure. */
export const daysMissing = ({ days }: Deadline, { person, days: stored }: ChildWithDays): string[] =>
  days.filter((day, i) => {
    const known = stored[i]?.value;
    return mayCome(person.placements, day) && !known?.expected && !known?.absence && !known?.stays.length;
  });

/**
 * Reminds whoever has the child on the days that are missing, once: one letter each, for the child and the deadline.
 * True when there was somebody to remind. Two round trips, and the change.
 */
export async function remind(
  child: { readonly organisationId: OrganisationId; readonly personId: PersonId },
  deadline: Deadline,
  missing: readonly [string, ...string[]],
  call: Call,
): Promise<boolean> {
  const { organisationId, personId: childId } = child;
  const { records } = call;
  const marker = reminderPointers.child(organisationId, childId, deadline);
  const [[reminded], custody, guardians] = await Promise.all([
    records.pointersAt([marker]),
    records.get(custodyRef(organisationId, childId)),
    guardiansOf(records, organisationId, childId),
  ]);
  if (reminded) return false;
  const wanted = [...new Set(missing.flatMap((day) => remindersGoTo(guardians, custody?.value, day)))];
  const persons = await records.getMany(wanted.map((id) => personRef(organisationId, id)));
  const about = wanted.filter((_, i) => persons[i] !== undefined);
  if (about.length === 0) return false;

  const change = records.change().point(marker, { ifNew: () => new StaleVersion('Reminded meanwhile') });
  const [first, last] = [missing[0], missing.at(-1) ?? missing[0]];
  const days = missing.length <= DAYS_DUE_MAX ? { days: [...missing] } : {};
  for (const guardianId of about) {
    const parameters = { childId, expiresAt: deadline.at.toISOString(), from: first, until: last, ...days };
    const template = deadline.closureId ? 'holiday-answer-due' : 'times-due';
    queueNotice(change, { to: ownerOf(organisationId, guardianId), template, parameters }, call);
  }
  const detail = { deadline: deadline.at.toISOString(), days: missing.length };
  change.activity({ event: 'reservations.reminded', subject: ownerOf(organisationId, childId), about, detail });
  return commits(change);
}

/** False when another run was faster. */
async function commits(change: Change): Promise<boolean> {
  try {
    await change.commit();
    return true;
  } catch (error) {
    if (error instanceof StaleVersion || error instanceof Busy) return false;
    throw error;
  }
}
