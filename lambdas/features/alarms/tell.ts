import type { Call } from '../../http/call.ts';
import type { OrganisationId, PersonId } from '../../http/ids.ts';
import type { Change } from '../../platform/records.ts';
import { makeLink } from '../links/link.ts';
import { queueNotice } from '../notices/notice.ts';
import { ownerOf } from '../people/person.ts';
import type { Addressee, Alarm } from './alarm.ts';
import type { Telling } from './decisions.ts';
import { kindsOfAlarm } from './kinds.ts';

/** How long an alarm can be answered by its letter: long after its chain has gone round, and not for ever. */
const LINK_SECONDS = 24 * 60 * 60;

/**
 * A notice for each person and way, at once (two writes, and two more for the link of a mail): only the transaction that
 * moves the alarm on writes them, so there is one of each. What they say is that an alarm waits, never whose it is.
 */
export function queueTidings(
  change: Change,
  organisationId: OrganisationId,
  alarm: Alarm,
  { tiding, now: addressees }: Telling,
  call: Pick<Call, 'now' | 'newId'>,
): void {
  const about = { alarmId: alarm.id, recipientId: alarm.recipientId };
  for (const { personId, channels } of addressees) {
    const to = ownerOf(organisationId, personId);
    for (const channel of channels) {
      if (tiding !== 'waits') {
        const [template, answer] =
          tiding === 'taken'
            ? (['alarm-taken', alarm.acknowledged] as const)
            : (['alarm-over', alarm.resolved] as const);
        const parameters = { ...about, at: answer?.at ?? call.now.toISOString() };
        queueNotice(change, { to, template, parameters, channel }, call);
        continue;
      }
      const template = templateFor(alarm, personId);
      // A link comes by mail alone, so that nobody learns to press what an SMS brings.
      const token = channel === 'email' ? linkFor(change, to, alarm, call) : undefined;
      const at = template === 'alarm-again' ? call.now.toISOString() : alarm.raisedAt;
      const parameters = { ...about, at, ...(token !== undefined && { token }) };
      queueNotice(change, { to, template, parameters, channel }, call);
    }
  }
}

function templateFor({ kind, told }: Alarm, personId: PersonId) {
  if (!kindsOfAlarm[kind].isUrgent) return 'device-waiting';
  return told.some((one: Addressee) => one.personId === personId) ? 'alarm-again' : 'alarm-waiting';
}

function linkFor(change: Change, owner: ReturnType<typeof ownerOf>, { id }: Alarm, call: Pick<Call, 'now'>): string {
  // Whose alarm it is does not stand there: the row would outlive an erasure in another's partition.
  const wanted = { purpose: 'acknowledge-alarm', owner, about: id, validForSeconds: LINK_SECONDS } as const;
  return makeLink(change, wanted, call).token;
}
