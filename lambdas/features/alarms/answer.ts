import type { Call } from '../../http/call.ts';
import type { AlarmId, OrganisationId, PersonId } from '../../http/ids.ts';
import { Busy, StaleVersion } from '../../platform/records.ts';
import { ownerOf } from '../people/person.ts';
import { type AlarmOutcome, alarmRef } from './alarm.ts';
import { type Answering, acknowledged, resolved } from './decisions.ts';
import { type StoredAlarm, writeAlarm } from './writes.ts';

/** Times an answer is decided anew because the clock, or another, was faster: nobody writes an alarm more often at once. */
const DECISIONS_MAX = 8;

export interface AlarmPlace {
  readonly organisationId: OrganisationId;
  readonly recipientId: PersonId;
  readonly alarmId: AlarmId;
}

export type Answer =
  | { readonly state: 'acknowledged' }
  | { readonly state: 'resolved'; readonly outcome: AlarmOutcome };

/** What came of it; `gone`: there is no such alarm. */
export type Outcome =
  | { readonly is: 'done'; readonly stored: StoredAlarm }
  | { readonly is: 'taken' | 'over' | 'gone' };

/** Answers an alarm. Of several at once the first to commit is the one: the others learn that it is taken. */
export async function answerAlarm(
  { organisationId, recipientId, alarmId }: AlarmPlace,
  answering: Answering,
  answer: Answer,
  { records, now }: Pick<Call, 'records' | 'now'>,
): Promise<Outcome> {
  for (let decisions = 0; decisions < DECISIONS_MAX; decisions++) {
    const stored = await records.get(alarmRef(organisationId, recipientId, alarmId));
    if (!stored) return { is: 'gone' };
    const after =
      answer.state === 'acknowledged'
        ? acknowledged(stored.value, answering, now)
        : resolved(stored.value, answering, answer.outcome, now);
    if (after === 'taken' || after === 'over') return { is: after };
    if (after === 'already') return { is: 'done', stored };
    const change = records.change();
    writeAlarm(change, organisationId, stored, after);
    try {
      await change
        .activity({
          event: answer.state === 'acknowledged' ? 'alarm.acknowledged' : 'alarm.resolved',
          subject: ownerOf(organisationId, recipientId),
          about: [alarmId, answering.by],
          detail: { how: answering.how, ...(answer.state === 'resolved' && { outcome: answer.outcome }) },
        })
        .commit();
      return { is: 'done', stored: { ...stored, value: after, version: stored.version + 1 } };
    } catch (error) {
      if (!(error instanceof StaleVersion)) throw error;
    }
  }
  throw new Busy('Others kept changing this alarm');
}
