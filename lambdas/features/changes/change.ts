import * as z from 'zod';
import { ActivityRecordId } from '../../http/ids.ts';
import { EventName } from '../activity/event-name.ts';
import { type ActivityEntry, entryOfRow } from '../transparency/leaf.ts';
import { mayReadOf } from './told.ts';

/** An id of any kind. */
const AnyId = z
  .string()
  .regex(/^[a-z]{3}_[0-9a-z]{26}$/)
  .meta({ examples: ['per_01jd8m3v5c2w7x9y4z6a8b0c1d'] });

/** What programs are told of a change: that it happened, and to what. What it is now they read, as far as they may. */
export const ChangeTold = z
  .strictObject({
    id: ActivityRecordId.meta({ description: 'The same wherever it is told, so that what comes twice is known.' }),
    at: z.iso.datetime(),
    event: EventName,
    subjectId: AnyId.meta({ description: 'The person, or the organisation, that it happened to.' }),
    about: z.array(AnyId).max(100).optional().meta({ description: 'What else it concerns: groups, closures, others.' }),
  })
  .meta({ id: 'Change' });
export type ChangeTold = z.output<typeof ChangeTold>;

/** What a cursor of the feed holds: the leaf of the log to go on from. */
export const Leaf = z.string().regex(/^\d{1,15}$/);

const ABOUT_MAX = 100;

/** Undefined for what is not told to whoever may do just that. Pure. */
export function changeIn(
  row: Readonly<Record<string, unknown>>,
  may: (action: NonNullable<ReturnType<typeof mayReadOf>>) => boolean,
): ChangeTold | undefined {
  const entry: ActivityEntry = entryOfRow(row);
  const action = mayReadOf(entry.event);
  if (!action || !may(action)) return undefined;
  const about = entry.about?.filter((id) => AnyId.safeParse(id).success).slice(0, ABOUT_MAX);
  return {
    id: ActivityRecordId.parse(entry.id),
    at: entry.at,
    event: entry.event,
    subjectId: entry.subject,
    ...(about && about.length > 0 && { about }),
  };
}
