import { AlarmId, PersonId } from '../../http/ids.ts';

/** What a link to answer an alarm is about: whose it is, and which. Ids, as all that a link's row holds. */
export const aboutOf = (recipientId: PersonId, alarmId: AlarmId): string => `${recipientId}/${alarmId}`;

/** Undefined for what no link of an alarm is about. */
export function alarmIn(about: string | undefined): { recipientId: PersonId; alarmId: AlarmId } | undefined {
  const [person, alarm] = about?.split('/') ?? [];
  const recipientId = PersonId.safeParse(person).data;
  const alarmId = AlarmId.safeParse(alarm).data;
  return recipientId && alarmId ? { recipientId, alarmId } : undefined;
}
