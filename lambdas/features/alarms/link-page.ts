import type { Call } from '../../http/call.ts';
import { OrganisationId, PersonId } from '../../http/ids.ts';
import type { LinkPage } from '../links/handlers.ts';
import type { Link } from '../links/link.ts';
import { blocksBetween } from '../people/blocks.ts';
import { personRef } from '../people/writes.ts';
import { type AlarmState, alarmRef } from './alarm.ts';
import { type AlarmPlace, answerAlarm } from './answer.ts';
import { kindsOfAlarm } from './kinds.ts';
import { alarmIn } from './link-about.ts';
import { alarmPage } from './link-words.ts';

/**
 * What the link of an alarm's letter leads to: pressing its button takes the alarm for whoever the letter was for. It names
 * nobody, and may be looked at again: it then says how the alarm stands.
 */
export const alarmLinkPage: LinkPage = async (link, _token, call, isPressed) => {
  const place = placeOf(link);
  if (!place || !(await mayAnswer(place, call))) return undefined;
  const { by, ...alarm } = place;
  if (isPressed) {
    const outcome = await answerAlarm(alarm, { by, how: 'link' }, { state: 'acknowledged' }, call);
    if (outcome.is === 'gone') return undefined;
  }
  const stored = await call.records.get(alarmRef(alarm.organisationId, alarm.recipientId, alarm.alarmId));
  if (!stored) return undefined;
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

function placeOf({ owner, about }: Link): (AlarmPlace & { readonly by: PersonId }) | undefined {
  const organisationId = OrganisationId.safeParse(owner.controller).data;
  const by = PersonId.safeParse(owner.subject).data;
  const alarm = alarmIn(about);
  return organisationId && by && alarm ? { organisationId, by, ...alarm } : undefined;
}

/** A block that has come since the letter beats it; so does having left. */
async function mayAnswer(
  { organisationId, recipientId, by }: AlarmPlace & { readonly by: PersonId },
  { records }: Call,
): Promise<boolean> {
  const [person, ...blocks] = await records.together([
    personRef(organisationId, by),
    ...blocksBetween(organisationId, [by], recipientId),
  ]);
  return person !== undefined && blocks.every((block) => block === undefined);
}
