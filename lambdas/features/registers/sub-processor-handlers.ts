import type { Call } from '../../http/call.ts';
import type { OrganisationId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import { dayIn } from '../../platform/calendar.ts';
import {
  FIRST_VERSION,
  lastDayToObject,
  OPERATORS_ZONE,
  refusalOf,
  type SubProcessor,
  type SubProcessorChange,
  subProcessorsOn,
  warningsOf,
} from './sub-processor.ts';
import type { SubProcessorObjection } from './sub-processor-objection.ts';
import { subProcessorContent } from './sub-processor-page.ts';
import type { subProcessorRoutes } from './sub-processor-routes.ts';

/** How far the news of a change has come, and what controllers have against it. */
export interface Reception {
  readonly told: number;
  readonly isToldToAll: boolean;
  readonly objections: readonly SubProcessorObjection[];
}

export interface SubProcessorStore {
  /** In the order of their versions. */
  changes(call: Call): Promise<readonly SubProcessorChange[]>;
  /** With the job that tells the controllers, in one transaction. */
  announce(change: SubProcessorChange, call: Call): Promise<SubProcessorChange>;
  reception(change: SubProcessorChange, call: Call): Promise<Reception>;
  objectionsOf(
    organisationId: OrganisationId,
    versions: readonly number[],
    call: Call,
  ): Promise<readonly (SubProcessorObjection | undefined)[]>;
  object(objection: SubProcessorObjection, call: Call): Promise<SubProcessorObjection>;
}

export const subProcessorHandlers = (
  store: SubProcessorStore,
  first: readonly SubProcessor[],
): HandlersFor<typeof subProcessorRoutes, Call> => ({
  async listSubProcessors({ query }, call) {
    const day = dayIn(OPERATORS_ZONE, call.now);
    const changes = await store.changes(call);
    const { version, items } = subProcessorsOn(day, first, changes);
    const list = {
      version,
      day,
      items: items.map((item) => ({ ...item, warnings: warningsOf(item, day) })),
      upcoming: changes.filter(({ effectiveOn }) => effectiveOn > day),
    };
    return subProcessorContent(list, query.language ?? call.language);
  },

  async announceSubProcessorChange({ body }, call) {
    const changes = await store.changes(call);
    const refusal = refusalOf(body, dayIn(OPERATORS_ZONE, call.now), first, changes);
    if (refusal !== undefined) throw new Problem('wrong-state', refusal);
    const version = (changes.at(-1)?.version ?? FIRST_VERSION) + 1;
    return store.announce({ ...body, version, announcedAt: call.now.toISOString() }, call);
  },

  async listSubProcessorChanges(_input, call) {
    const changes = await store.changes(call);
    const receptions = await Promise.all(changes.map((change) => store.reception(change, call)));
    return {
      items: changes.map((change, i) => ({ ...change, ...receptions[i]!, objections: [...receptions[i]!.objections] })),
    };
  },

  async objectToSubProcessor({ params: { organisationId }, body }, call) {
    const change = (await store.changes(call)).find(({ version }) => version === body.version);
    if (!change) throw new Problem('sub-processor-change-not-found');
    if (dayIn(OPERATORS_ZONE, call.now) > lastDayToObject(change))
      throw new Problem('wrong-state', 'The change has taken effect.');
    const [earlier] = await store.objectionsOf(organisationId, [body.version], call);
    if (earlier) throw new Problem('wrong-state', 'The organisation has objected to this change already.');
    const { personId } = call.role!;
    return store.object({ ...body, organisationId, personId, at: call.now.toISOString() }, call);
  },

  async listSubProcessorObjections({ params: { organisationId } }, call) {
    const changes = await store.changes(call);
    const versions = changes.map(({ version }) => version);
    const objections = await store.objectionsOf(organisationId, versions, call);
    return {
      organisationId,
      items: changes.map((change, i) => ({
        change,
        objectBefore: lastDayToObject(change),
        ...(objections[i] && { objection: objections[i] }),
      })),
    };
  },
});
