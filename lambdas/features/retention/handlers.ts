import { type Call, personIdsOf } from '../../http/call.ts';
import { decodeCursor, encodeCursor, type List } from '../../http/cursor.ts';
import type { OrganisationId, PersonId } from '../../http/ids.ts';
import { pointer } from '../../http/pointer.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { Stored } from '../../platform/records.ts';
import type { Organisation } from '../organisations/organisation.ts';
import type { RetentionAdjustments, retentionAdjustmentsEntity } from './adjustments.ts';
import { endedOn } from './departure.ts';
import { EndedSortKey } from './due-index.ts';
import { type Adjustable, adjustable, policyOf, refusalOf } from './policy.ts';
import type { retentionRoutes } from './routes.ts';
import type { Known } from './standings.ts';
import { goingUntil, policyView } from './views.ts';

export interface RetentionFacts {
  readonly organisation: Organisation;
  readonly decided: Stored<typeof retentionAdjustmentsEntity> | undefined;
}

/** A row of the due-date index, with what is so. */
export interface Leaver {
  readonly lastDay: string;
  readonly shredded: readonly string[];
  readonly known: Known;
  readonly isHeld: boolean;
}

export interface RetentionStore {
  facts(organisationId: OrganisationId, call: Call): Promise<RetentionFacts | undefined>;
  /** Over the version that was read; throws `StaleVersion`. */
  decide(facts: RetentionFacts, decided: RetentionAdjustments, call: Call): Promise<void>;
  /** Whoever's last day is not after `until`, in its order; without those that a block keeps from the callers. */
  leavers(
    organisationId: OrganisationId,
    range: {
      readonly until: string;
      readonly limit: number;
      readonly after?: string;
      readonly callerIds: readonly PersonId[];
    },
    call: Call,
  ): Promise<{ readonly leavers: readonly Leaver[]; readonly next?: string }>;
}

export const retentionHandlers = (retention: RetentionStore): HandlersFor<typeof retentionRoutes, Call> => ({
  async getRetention({ params }, call) {
    const { organisation, decided } = await factsOf(retention, params.organisationId, call);
    return policyView(organisation.profile, decided?.value, versionOf(decided));
  },

  async changeRetention({ params, body: adjustments, ifMatch }, call) {
    const facts = await factsOf(retention, params.organisationId, call);
    if (versionOf(facts.decided) !== ifMatch) throw new Problem('stale-version');
    demandAllowed(facts.organisation, adjustments);
    const decided = { adjustments, decidedBy: call.role!.personId, decidedAt: call.now.toISOString() };
    await retention.decide(facts, decided, call);
    return policyView(facts.organisation.profile, decided, versionOf(facts.decided) + 1);
  },

  async previewRetention({ params: { organisationId }, query: { until, limit, cursor } }, call) {
    const { organisation, decided } = await factsOf(retention, organisationId, call);
    const place = {
      timeZone: organisation.timeZone,
      policy: policyOf(organisation.profile, decided?.value.adjustments),
    };
    const list: List = { name: 'retention-preview', filter: { organisationId, until } };
    const { leavers, next } = await retention.leavers(
      organisationId,
      {
        until,
        limit,
        callerIds: personIdsOf(call.role!),
        ...(cursor !== undefined && { after: decodeCursor(list, cursor, EndedSortKey) }),
      },
      call,
    );
    const items = leavers.flatMap(({ known, lastDay, shredded, isHeld }) => {
      // Back again, or with another last day: the sweep mends the row.
      if (endedOn(known.standing, lastDay) !== lastDay) return [];
      const goes = goingUntil(until, lastDay, shredded, place);
      if (goes.length === 0) return [];
      return [{ personId: known.personId, kind: known.standing.kind, lastDay, goes, isHeld }];
    });
    return { items, ...(next !== undefined && { next: encodeCursor(list, next) }) };
  },
});

async function factsOf(retention: RetentionStore, organisationId: OrganisationId, call: Call): Promise<RetentionFacts> {
  const facts = await retention.facts(organisationId, call);
  if (!facts) throw new Problem('organisation-not-found');
  return facts;
}

/** No decision has a version too, so that the first one can be conditioned like any other. */
const versionOf = (decided: RetentionFacts['decided']): number => (decided?.version ?? 0) + 1;

const reasons = {
  'not-kept': 'Nothing of the kind is kept under this profile.',
  'too-short': 'Less than a day cannot be held.',
  'below-statute': 'A statute demands more.',
  'basis-needed': 'Longer than the default needs a `basis`.',
  'too-long': 'At most five years.',
} as const;

/** Everything that is wrong is said at once. */
function demandAllowed({ profile }: Organisation, adjustments: RetentionAdjustments['adjustments']): void {
  const errors = adjustable.flatMap((kept: Adjustable) => {
    const wish = adjustments[kept];
    const refusal = wish && refusalOf(profile, kept, wish);
    return refusal ? [{ pointer: pointer('body', kept), detail: reasons[refusal] }] : [];
  });
  if (errors.length > 0) throw new Problem('term-refused', undefined, { errors });
}
