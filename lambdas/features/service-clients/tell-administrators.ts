import type { Call } from '../../http/call.ts';
import type { OrganisationId } from '../../http/ids.ts';
import type { Owner } from '../../platform/entity.ts';
import type { Change } from '../../platform/records.ts';
import { type NoticeRequest, queueNotice } from '../notices/notice.ts';
import { organisationRef } from '../organisations/organisation.ts';
import { ownerOf } from '../people/person.ts';
import { CONTROLLERS_TOLD_MAX, decidersOf, reachable } from '../requests/people-told.ts';

/** Those who are told of what opens or closes a door for programs: the organisation's administrators of today. */
export async function administratorsOf(organisationId: OrganisationId, { records, now }: Call): Promise<Owner[]> {
  const organisation = await records.get(organisationRef(organisationId));
  if (!organisation) return [];
  const { timeZone } = organisation.value;
  const ids = await decidersOf(records, organisationId, timeZone, now, ['administrator']);
  const toTell = (await reachable(records, organisationId, ids)).slice(0, CONTROLLERS_TOLD_MAX);
  return toTell.map((id) => ownerOf(organisationId, id));
}

type Word =
  Extract<
    NoticeRequest,
    { template: 'service-client-created' | 'service-client-ended' | 'webhook-disabled' }
  > extends infer R
    ? R extends NoticeRequest
      ? Pick<R, 'template' | 'parameters'>
      : never
    : never;

/** Two writes for each of them. */
export function tellOf(change: Change, to: readonly Owner[], word: Word, call: Pick<Call, 'now' | 'newId'>): void {
  for (const owner of to) queueNotice(change, { to: owner, ...word }, call);
}
