import type { Call } from '../../http/call.ts';
import { AlarmId, OrganisationId, PersonId } from '../../http/ids.ts';
import { dayIn } from '../../platform/calendar.ts';
import type { LinkPage } from '../links/handlers.ts';
import type { Link } from '../links/link.ts';
import { organisationRef } from '../organisations/organisation.ts';
import { blocksBetween } from '../people/blocks.ts';
import { personRef } from '../people/writes.ts';
import { isStillAround } from '../receivers/receivers-of.ts';
import { type AlarmState, alarmRef } from './alarm.ts';
import { type AlarmPlace, answerAlarm } from './answer.ts';
import { kindsOfAlarm } from './kinds.ts';
import { alarmPage } from './link-words.ts';
import { alarmPointers } from './pointers.ts';

/**
 * What the link of an alarm's letter leads to: pressing its button takes the alarm for whoever the letter was for. It names
 * nobody, and may be looked at again: it then says how the alarm stands. Of one that is resolved, or was erased, it says
 * that it is over.
 */
export const alarmLinkPage: LinkPage = async (link, _token, call, isPressed) => {
  const told = toldBy(link);
  if (!told) return undefined;
  const { organisationId, by, alarmId } = told;
  const [row] = await call.records.pointersAt([alarmPointers.open(organisationId, alarmId)]);
  const recipientId = PersonId.safeParse(row?.attributes?.['subject']).data;
  if (!recipientId) return alarmPage('over', true, call.language);
  const place: AlarmPlace = { organisationId, recipientId, alarmId };
  if (!(await mayAnswer(place, by, call))) return undefined;
  if (isPressed) await answerAlarm(place, { by, how: 'link' }, { state: 'acknowledged' }, call);
  const stored = await call.records.get(alarmRef(organisationId, recipientId, alarmId));
  if (!stored) return alarmPage('over', true, call.language);
  const { state, acknowledged, kind } = stored.value;
  return alarmPage(standingOf(state, acknowledged?.by === by), kindsOfAlarm[kind].isUrgent, call.language);
};

/** How an alarm stands, for whoever has the link. */
export type Standing = 'waiting' | 'yours' | 'taken' | 'over';

function standingOf(state: AlarmState, isTheirs: boolean): Standing {
  if (state === 'resolved') return 'over';
  if (state === 'acknowledged') return isTheirs ? 'yours' : 'taken';
  return 'waiting';
}

function toldBy({ owner, about }: Link) {
  const organisationId = OrganisationId.safeParse(owner.controller).data;
  const by = PersonId.safeParse(owner.subject).data;
  const alarmId = AlarmId.safeParse(about).data;
  return organisationId && by && alarmId ? { organisationId, by, alarmId } : undefined;
}

/** A block that has come since the letter beats it; so does having left. */
async function mayAnswer(
  { organisationId, recipientId }: AlarmPlace,
  by: PersonId,
  { records, now }: Call,
): Promise<boolean> {
  const [organisation, person, ...blocks] = await records.together([
    organisationRef(organisationId),
    personRef(organisationId, by),
    ...blocksBetween(organisationId, [by], recipientId),
  ]);
  if (!organisation || !person || blocks.some((block) => block !== undefined)) return false;
  const today = dayIn(organisation.value.timeZone, now);
  return isStillAround(records, organisationId, recipientId, by, today);
}
