import type { Profile } from '../../access/roles.ts';
import type { Call } from '../../http/call.ts';
import { decodeCursor, encodeCursor } from '../../http/cursor.ts';
import type { ActivityRecordId, OrganisationId, PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { Page } from '../../platform/records.ts';
import type { TransparencyLog } from '../transparency/log.ts';
import { lineOf, PlaceInLog } from './activity.ts';
import type { Days } from './days.ts';
import type { LoggedEntry } from './entry.ts';
import { type Cast, namesIn } from './names.ts';
import { base64, checkpointOf, proofOf, proofOfLeaf } from './proof.ts';
import type { activityRoutes } from './routes.ts';

export interface ActivityFilter extends Days {
  readonly event?: string | undefined;
  readonly subject?: OrganisationId | PersonId | undefined;
  /** Who acted. */
  readonly person?: PersonId | undefined;
}

export interface ActivityStore {
  /** Newest first, without whomever a block keeps from the caller. At most five round trips, six where there is one. */
  page(
    organisationId: OrganisationId,
    filter: ActivityFilter,
    range: { readonly limit: number; readonly after?: string },
    call: Call,
  ): Promise<(Page<LoggedEntry> & { readonly cast: Cast; readonly profile: Profile }) | undefined>;
  find(organisationId: OrganisationId, id: ActivityRecordId, call: Call): Promise<LoggedEntry | undefined>;
}

export const activityHandlers = (
  store: ActivityStore,
  transparencyLog: TransparencyLog,
): HandlersFor<typeof activityRoutes, Call> => ({
  async listActivity({ params: { organisationId }, query }, call) {
    const { cursor, limit, ...filter } = query;
    const list = { name: 'activity', filter: { ...filter } };
    const after = cursor === undefined ? undefined : decodeCursor(list, cursor, PlaceInLog);
    const found = await store.page(organisationId, filter, { limit, ...(after !== undefined && { after }) }, call);
    if (!found) throw new Problem('organisation-not-found');
    const names = namesIn(found.cast, found.profile);
    return {
      items: found.items.map((logged) => ({
        ...lineOf(logged, found.cast, names, call.language),
        ...(logged.entry.detail && { detail: { ...logged.entry.detail } }),
      })),
      ...(found.next !== undefined && { next: encodeCursor(list, found.next) }),
    };
  },

  async getActivityProof({ params: { organisationId, eventId } }, call) {
    const found = await store.find(organisationId, eventId, call);
    if (!found) throw new Problem('activity-record-not-found');
    return proofOf(found, transparencyLog, { withEntry: true });
  },

  getLogCheckpoint: ({ params, query }) => checkpointOf(params.organisationId, query.consistentWith, transparencyLog),

  async getLeafProof({ params: { organisationId, leafIndex } }) {
    const proof = await proofOfLeaf(organisationId, leafIndex, transparencyLog);
    const [hash] = await transparencyLog.leaves(organisationId, leafIndex, leafIndex + 1);
    if (!hash) throw new Error('A leaf that was proven is not there');
    return { ...proof, hash: base64(hash) };
  },
});
