import type { Call } from '../../http/call.ts';
import type { ClosureId, OrganisationId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import { dayIn, instantOf } from '../../platform/calendar.ts';
import type { Stored } from '../../platform/records.ts';
import { CLOSURE_DAYS_MAX, CLOSURES_MAX, type Closure, type closureEntity, OPENING_DAYS_MAX } from './closure.ts';
import { eachDay } from './days.ts';
import type { openingRoutes } from './opening-routes.ts';
import { publicHolidaysOn } from './public-holidays.ts';
import { demandSpan, malformed } from './refusals.ts';
import { type ReservationRules, type reservationRulesEntity, rulesUnlessSet } from './rules.ts';

type StoredRules = Stored<typeof reservationRulesEntity>;
type StoredClosure = Stored<typeof closureEntity>;

/** Each is one round trip. */
export interface OpeningStore {
  rules(organisationId: OrganisationId, call: Call): Promise<StoredRules | undefined>;
  /** Throws `StaleVersion`. */
  saveRules(
    organisationId: OrganisationId,
    before: StoredRules | undefined,
    after: ReservationRules,
    call: Call,
  ): Promise<void>;
  /** Those that are not over on a day, and the organisation's zone. */
  closures(
    organisationId: OrganisationId,
    from: string,
    call: Call,
  ): Promise<{ readonly timeZone: string; readonly closures: readonly StoredClosure[] }>;
  addClosure<A>(organisationId: OrganisationId, closure: Closure, call: Call, answer: A): Promise<A>;
  /** Throws `StaleVersion`. */
  removeClosure(closure: StoredClosure, call: Call): Promise<void>;
}

export const openingHandlers = (opening: OpeningStore): HandlersFor<typeof openingRoutes, Call> => ({
  async getReservationRules({ params: { organisationId } }, call) {
    const stored = await opening.rules(organisationId, call);
    return { ...(stored?.value ?? rulesUnlessSet), version: versionOf(stored) };
  },

  async setReservationRules({ params: { organisationId }, body, ifMatch }, call) {
    const before = await opening.rules(organisationId, call);
    if (versionOf(before) !== ifMatch) throw new Problem('stale-version');
    await opening.saveRules(organisationId, before, body, call);
    return { ...body, version: versionOf(before) + 1 };
  },

  async listClosures({ params: { organisationId }, query: { from, to } }, call) {
    demandSpan(from, to, OPENING_DAYS_MAX, ['query', 'to']);
    const { timeZone, closures } = await opening.closures(organisationId, from, call);
    const today = dayIn(timeZone, call.now);
    const items = closures
      .filter(({ value }) => value.from <= to && value.until >= today)
      .map(({ value, version }) => ({ ...value, version }));
    const publicHolidays = eachDay(from, to).flatMap((day) =>
      publicHolidaysOn(day, call.language).map((name) => ({ day, name })),
    );
    return { items, publicHolidays };
  },

  async addClosure({ params: { organisationId }, body }, call) {
    demandSpan(body.from, body.until, CLOSURE_DAYS_MAX, ['body', 'until']);
    demandDeadlineWhereAsked(body);
    // A day earlier than any zone's today: what is over in this one is left out below.
    const { timeZone, closures } = await opening.closures(organisationId, dayIn('Etc/GMT+12', call.now), call);
    const today = dayIn(timeZone, call.now);
    if (body.from < today) throw new Problem('wrong-state', 'Days that are over stay as they were.');
    const { answerBefore } = body;
    if (answerBefore && instantOf(timeZone, answerBefore.day, answerBefore.at) <= call.now) {
      throw new Problem('wrong-state', 'The deadline is over.');
    }
    if (closures.length >= CLOSURES_MAX) throw new Problem('too-many', `At most ${CLOSURES_MAX} that are not over.`);
    const closure: Closure = { id: call.newId('clo'), ...body };
    return opening.addClosure(organisationId, closure, call, { ...closure, version: 1 });
  },

  async withdrawClosure({ params: { organisationId, closureId }, ifMatch }, call) {
    const closure = await notOver(opening, organisationId, closureId, call);
    if (closure.version !== ifMatch) throw new Problem('stale-version');
    await opening.removeClosure(closure, call);
  },
});

async function notOver(opening: OpeningStore, organisationId: OrganisationId, id: ClosureId, call: Call) {
  const { timeZone, closures } = await opening.closures(organisationId, dayIn('Etc/GMT+12', call.now), call);
  const found = closures.find(({ value }) => value.id === id && value.until >= dayIn(timeZone, call.now));
  if (!found) throw new Problem('closure-not-found');
  return found;
}

function demandDeadlineWhereAsked({ kind, answerBefore, from }: Omit<Closure, 'id'>): void {
  if ((kind === 'must-answer') !== (answerBefore !== undefined)) {
    throw malformed('body', 'answerBefore', 'A deadline belongs to `must-answer`, and to nothing else.');
  }
  if (answerBefore && answerBefore.day > from) throw malformed('body', 'answerBefore', 'After the first of the days.');
}

const versionOf = (stored: { readonly version: number } | undefined): number => (stored?.version ?? 0) + 1;
