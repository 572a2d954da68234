import type { Call } from '../../http/call.ts';
import type { CalendarEventId, OrganisationId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor, InputOf } from '../../http/route.ts';
import type { StoredEvent } from '../calendar/writes.ts';
import { type ImportScope, type Plan, planOf, type ReadFile, readFile, resultOf } from './plan.ts';
import type { calendarImportRoutes } from './routes.ts';

export interface CalendarImportStore {
  /** The organisation's zone. Throws `group-not-found` or `department-not-found`. One wave. */
  timeZone(organisationId: OrganisationId, scope: ImportScope, call: Call): Promise<string>;
  /** One wave. */
  held(
    organisationId: OrganisationId,
    scope: ImportScope,
    ids: readonly CalendarEventId[],
    call: Call,
  ): Promise<readonly (StoredEvent | undefined)[]>;
  /** A few events at a time; what was interrupted goes on when the file is sent again. */
  write(organisationId: OrganisationId, plan: Plan, call: Call): Promise<void>;
}

type Input = InputOf<(typeof calendarImportRoutes)['importCalendar']>;

export const calendarImportHandlers = (
  imports: CalendarImportStore,
): HandlersFor<typeof calendarImportRoutes, Call> => ({
  async previewCalendarImport(input, call) {
    const { file, plan } = await planned(imports, input, call);
    return resultOf(file, plan);
  },

  async importCalendar(input, call) {
    const { file, plan } = await planned(imports, input, call);
    if (file.refused.length > 0) throw new Problem('calendar-file-refused', undefined, { refused: file.refused });
    await imports.write(input.params.organisationId, plan, call);
    return resultOf(file, plan);
  },
});

async function planned(
  imports: CalendarImportStore,
  { params: { organisationId }, body: { calendar, scope } }: Input,
  call: Call,
): Promise<{ file: ReadFile; plan: Plan }> {
  const timeZone = await imports.timeZone(organisationId, scope, call);
  const file = readFile(calendar, { organisationId, scope, timeZone, now: call.now });
  if ('unreadable' in file) throw new Problem('calendar-file-refused', file.unreadable, { refused: [] });
  const ids = file.events.map(({ id }) => id);
  const plan = planOf(file.events, await imports.held(organisationId, scope, ids, call), call.now);
  return { file, plan };
}
