import { roles as declaredRoles } from '../../access/roles.ts';
import type { Call } from '../../http/call.ts';
import type { AccountId, OrganisationId, PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import { dayIn } from '../../platform/calendar.ts';
import type { RoleRecord } from '../access/role.ts';
import { renderHtml } from '../agreements/html.ts';
import { measures } from '../agreements/measures.ts';
import { operator, place } from '../agreements/operator.ts';
import type { GuaranteesResult } from '../guarantees/result.ts';
import type { Organisation } from '../organisations/organisation.ts';
import type { Adjustments } from '../retention/policy.ts';
import { rolesOverview } from './access-overview.ts';
import type { overviewRoutes } from './overview-routes.ts';
import { processingActivities, riskFacts } from './processing.ts';
import { type ProcessingRecord, processingDocument } from './processing-page.ts';
import { type Promises, promisesOfProfile, promisesToEveryone } from './promise.ts';
import { refusesSpecialCategories, type SpecialCategoryAgreement } from './special-category.ts';
import { OPERATORS_ZONE, type SubProcessor, type SubProcessorChange, subProcessorsOn } from './sub-processor.ts';

/** What an organisation's registers are made from. */
export interface OrganisationFacts {
  readonly organisation: Organisation;
  readonly adjustments: Adjustments;
  readonly agreed: SpecialCategoryAgreement | undefined;
}

export interface OverviewStore {
  facts(organisationId: OrganisationId, call: Call): Promise<OrganisationFacts>;
  /** Everyone with a role that has not ended. */
  roles(organisationId: OrganisationId, call: Call): Promise<{ roles: RoleRecord[]; isCutShort: boolean }>;
  namesOf(
    organisationId: OrganisationId,
    personIds: readonly PersonId[],
    call: Call,
  ): Promise<({ firstName: string; lastName: string } | undefined)[]>;
  grants(organisationId: OrganisationId, call: Call): Promise<{ accountId: AccountId; until: string }[]>;
  agree(organisationId: OrganisationId, agreement: SpecialCategoryAgreement, call: Call): Promise<void>;
  /** Nothing happens where there is none. */
  withdraw(organisationId: OrganisationId, call: Call): Promise<void>;
  /** Where the caller is somebody, and since when. */
  memberships(call: Call): Promise<Memberships>;
  /** The newest comparison of what is in force with what was deployed. */
  lastCheck(call: Call): Promise<GuaranteesResult | undefined>;
}

export interface Memberships {
  /** When the account was made. */
  readonly since: string;
  readonly organisations: readonly { readonly organisation: Organisation; readonly since: string }[];
}

interface SubProcessors {
  readonly first: readonly SubProcessor[];
  changes(call: Call): Promise<readonly SubProcessorChange[]>;
}

export const overviewHandlers = (
  store: OverviewStore,
  subProcessors: SubProcessors,
): HandlersFor<typeof overviewRoutes, Call> => {
  async function recordOf(organisationId: OrganisationId, call: Call): Promise<ProcessingRecord> {
    const [facts, changes] = await Promise.all([store.facts(organisationId, call), subProcessors.changes(call)]);
    const processing = processingOf(facts);
    const { items } = subProcessorsOn(dayIn(OPERATORS_ZONE, call.now), subProcessors.first, changes);
    const { name, profile } = facts.organisation;
    return {
      controller: { organisationId, name, profile },
      activities: processingActivities(processing, 'processor'),
      processor: operator,
      recipients: items,
      transfersOutsideEea: items.filter(({ isWithinEea }) => !isWithinEea),
      place,
      securityMeasures: measures.map(({ text }) => text),
      operatorsOwn: processingActivities(processing, 'controller'),
    };
  }

  return {
    getProcessingActivities: async ({ params }, call) => mutable(await recordOf(params.organisationId, call)),

    getProcessingActivitiesPage: async ({ params, query }, call) => {
      const record = await recordOf(params.organisationId, call);
      return renderHtml(processingDocument(record, dayIn(OPERATORS_ZONE, call.now), query.language ?? call.language));
    },

    getImpactAssessmentInput: async ({ params: { organisationId } }, call) => {
      const processing = processingOf(await store.facts(organisationId, call));
      return mutable({
        organisationId,
        activities: processingActivities(processing, 'processor'),
        riskFacts: riskFacts(processing),
        securityMeasures: measures.map(({ text }) => text),
      });
    },

    async getAccessOverview({ params: { organisationId } }, call) {
      const [{ organisation }, { roles, isCutShort }, grants] = await Promise.all([
        store.facts(organisationId, call),
        store.roles(organisationId, call),
        store.grants(organisationId, call),
      ]);
      const guarded = roles.filter(({ role }) => declaredRoles[role].guarded);
      const names = await store.namesOf(
        organisationId,
        guarded.map(({ personId }) => personId),
        call,
      );
      return {
        roles: mutable(rolesOverview(organisation.profile, roles)),
        guardedHolders: guarded.map(({ id: roleId, ...held }, i) => ({
          roleId,
          ...held,
          ...(names[i] && { person: names[i] }),
        })),
        grants,
        isCutShort,
      };
    },

    getSpecialCategories: async ({ params }, call) => standingOf(await store.facts(params.organisationId, call)),

    async agreeOnSpecialCategories({ params: { organisationId }, body }, call) {
      const { organisation } = await store.facts(organisationId, call);
      if (!refusesSpecialCategories(organisation.profile))
        throw new Problem('wrong-state', 'Under this profile each category declares its own condition.');
      const agreement = { ...body, agreedBy: call.role!.personId, agreedAt: call.now.toISOString() };
      await store.agree(organisationId, agreement, call);
      return { isAgreementNeeded: true, agreement };
    },

    async withdrawSpecialCategories({ params }, call) {
      await store.withdraw(params.organisationId, call);
    },

    async getMyPromises(_input, call) {
      const [{ since, organisations }, lastCheck] = await Promise.all([store.memberships(call), store.lastCheck(call)]);
      return {
        everywhere: { since, promises: listed(promisesToEveryone), ...(lastCheck && { lastCheck }) },
        organisations: organisations.map(({ organisation: { id, name, profile }, since: from }) => ({
          organisationId: id,
          organisationName: name,
          profile,
          since: from,
          promises: listed(promisesOfProfile[profile]),
        })),
      };
    },
  };
};

const processingOf = ({ organisation: { profile }, adjustments, agreed }: OrganisationFacts) => ({
  profile,
  adjustments,
  agreed,
});

const standingOf = ({ organisation: { profile }, agreed }: OrganisationFacts) => ({
  isAgreementNeeded: refusesSpecialCategories(profile),
  ...(agreed && { agreement: agreed }),
});

const listed = (promises: Promises) =>
  Object.entries(promises).map(([id, { nb, en, evidence }]) => ({ id, nb, en, evidence: [...evidence] }));

/** As data that whoever gets it may change: the declarations stay as they are. */
type Mutable<T> = T extends readonly (infer Item)[]
  ? Mutable<Item>[]
  : T extends string | number | boolean | undefined
    ? T
    : { -readonly [K in keyof T]: Mutable<T[K]> };
const mutable = <T>(value: T): Mutable<T> => structuredClone(value) as Mutable<T>;
