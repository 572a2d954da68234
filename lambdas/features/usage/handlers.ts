import { profileSettings } from '../../access/profile-settings.ts';
import type { Call, Language } from '../../http/call.ts';
import { decodeCursor, encodeCursor, type List } from '../../http/cursor.ts';
import type { OrganisationId, PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { Organisation } from '../organisations/organisation.ts';
import { FREQUENT_DAYS_MIN, LOOKED_BACK_DAYS, OCCASIONAL_DAYS_MIN } from './categorise.ts';
import type { categorisationStates, usageRoutes } from './routes.ts';
import { type UsageCategories, type UsageEvent, UsageKey, type UsageSettings } from './usage-event.ts';

/** What a person sees of themselves, and whether it was disclosed to them. */
export interface OwnUse {
  readonly organisation: Organisation;
  readonly settings: UsageSettings | undefined;
  readonly hasAcknowledged: boolean;
  readonly categories: UsageCategories | undefined;
  readonly events: readonly UsageEvent[];
  readonly next?: string;
}

export interface UsageStore {
  ownUse(
    organisationId: OrganisationId,
    personId: PersonId,
    range: { readonly limit: number; readonly after?: string },
    call: Call,
  ): Promise<OwnUse>;
  settings(
    organisationId: OrganisationId,
    call: Call,
  ): Promise<{
    readonly organisation: Organisation;
    readonly stored: { readonly value: UsageSettings; readonly version: number } | undefined;
  }>;
  saveSettings(
    organisationId: OrganisationId,
    settings: UsageSettings,
    before: number | undefined,
    call: Call,
  ): Promise<void>;
}

export const usageHandlers = (store: UsageStore): HandlersFor<typeof usageRoutes, Call> => ({
  async listOwnUsage({ params: { organisationId, personId }, query: { cursor, limit } }, call) {
    const list: List = { name: 'own-usage', filter: { personId } };
    const after = cursor === undefined ? undefined : decodeCursor(list, cursor, UsageKey);
    const range = { limit, ...(after !== undefined && { after }) };
    const own = await store.ownUse(organisationId, personId, range, call);
    const state = categorisationStateOf(own);
    return {
      items: [...own.events],
      ...(own.next !== undefined && { next: encodeCursor(list, own.next) }),
      isRegistered: profileSettings[own.organisation.profile].identifiedUsage,
      categorisation: {
        state,
        ...(state === 'categorised' && own.categories && { categories: own.categories }),
        basis: basis[call.language],
      },
    };
  },

  async getUsageSettings({ params: { organisationId } }, call) {
    const { stored } = await store.settings(organisationId, call);
    return { categorisation: stored?.value.categorisation ?? false, version: versionOf(stored) };
  },

  async putUsageSettings({ params: { organisationId }, body: { categorisation }, ifMatch }, call) {
    const { organisation, stored } = await store.settings(organisationId, call);
    if (versionOf(stored) !== ifMatch) throw new Problem('stale-version');
    if (categorisation && !profileSettings[organisation.profile].identifiedUsage) {
      throw new Problem('wrong-state', 'Under this profile nobody’s use is registered by person.');
    }
    const settings = { categorisation, changedAt: call.now.toISOString() };
    await store.saveSettings(organisationId, settings, stored?.version, call);
    return { categorisation, version: ifMatch + 1 };
  },
});

/** Settings that nobody has chosen yet have a version too, so that the first choice can be conditioned like any other. */
const versionOf = (stored: { readonly version: number } | undefined): number => (stored?.version ?? 0) + 1;

function categorisationStateOf({
  organisation,
  settings,
  hasAcknowledged,
  categories,
}: OwnUse): (typeof categorisationStates)[number] {
  if (!profileSettings[organisation.profile].identifiedUsage) return 'not-here';
  if (!settings?.categorisation) return 'turned-off';
  if (!hasAcknowledged) return 'not-disclosed';
  return categories ? 'categorised' : 'none-yet';
}

const basis: Readonly<Record<Language, string>> = {
  nb:
    `Vern teller på hvor mange av de siste ${LOOKED_BACK_DAYS} dagene du har brukt hver del av tjenesten: ${FREQUENT_DAYS_MIN} dager ` +
    `eller flere er «ofte», ${OCCASIONAL_DAYS_MIN} eller flere er «av og til», færre er «sjelden». Bare du ser det, og det brukes bare til ` +
    'å vise deg det du bruker mest, først. Du kan protestere mot inndelingen, eller mot at bruken registreres, ved å sende et krav ' +
    'om innsigelse. Da stopper det med en gang.',
  en:
    `Vern counts on how many of the last ${LOOKED_BACK_DAYS} days you used each part of the service: ${FREQUENT_DAYS_MIN} days or more ` +
    `are “frequent”, ${OCCASIONAL_DAYS_MIN} or more are “occasional”, fewer are “rare”. Only you see it, and it is used for nothing but ` +
    'showing you first what you use most. You can object to being categorised, or to your use being registered at all, by a ' +
    'request of objection. It then stops at once.',
};
