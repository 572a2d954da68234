import { isInScope } from '../../access/decide.ts';
import { type Call, personIdsOf, type RoleCaller } from '../../http/call.ts';
import { type AccountId, NoticeId, type OrganisationId, PersonId } from '../../http/ids.ts';
import { dayIn } from '../../platform/calendar.ts';
import type { Owner } from '../../platform/entity.ts';
import { StaleVersion, type Stored } from '../../platform/records.ts';
import { accountRef } from '../accounts/account.ts';
import { type Notice, noticeEntity, noticeRef, noticesAbout } from '../notices/notice.ts';
import { listedAs, undeliverableAddressRef, undeliverablePointers } from '../notices/undeliverable.ts';
import { GROUPS_MAX, groupEntity, organisationOwner, organisationRef } from '../organisations/organisation.ts';
import { blockedFor } from '../people/blocks.ts';
import { isPlacedOn, ownerOf } from '../people/person.ts';
import { personRef } from '../people/writes.ts';
import { asItsDigest } from './delivery.ts';
import type { DeliveryStore, Stop } from './handlers.ts';
import { mailKey } from './mail-events.ts';

export const deliveryStore: DeliveryStore = {
  async about(about, range, call) {
    const { records } = call;
    const { items, next } = await records.pointers('transient', noticesAbout(about), range);
    const ids = items.map(({ sk }) => NoticeId.parse(sk));
    const pointers = await records.pointersAt(ids.map(mailKey));
    const places = ids.flatMap((id, i) => {
      const { controller, subject } = pointers[i]?.attributes ?? {};
      // The row goes with its recipient.
      return controller === undefined ? [] : [{ id, to: { controller, subject } as Owner }];
    });
    const notices = await records.getMany(places.map(({ to, id }) => noticeRef(to, id)));
    const found = places.flatMap(({ to }, i) => {
      const stored = notices[i];
      return stored ? [{ to, notice: stored.value }] : [];
    });
    const resolved = await withDigests(found, call);
    return { items: resolved, ...(next !== undefined && { next }) };
  },

  async noticesOf(owner, range, call) {
    const { items, next } = await call.records.list(noticeEntity, owner, { ...range, newestFirst: true });
    const resolved = await withDigests(
      items.map(({ value }) => ({ to: owner, notice: value })),
      call,
    );
    return { items: resolved.map(({ notice }) => notice), ...(next !== undefined && { next }) };
  },

  async seenBy(caller, organisationId, personIds, call) {
    const [blocked, inScope] = await Promise.all([
      blockedFor(call.records, organisationId, personIdsOf(caller)),
      withinScope(caller, organisationId, personIds, call),
    ]);
    return new Set(inScope.filter((id) => !blocked.has(id)));
  },

  async undeliverable(organisationId, range, { records }) {
    const { pk } = undeliverablePointers.person(organisationId, '');
    const { items, next } = await records.pointers('transient', pk, range);
    const ids = items.map(({ sk }) => PersonId.parse(sk));
    const [persons, stops] = await Promise.all([
      records.getMany(ids.map((id) => personRef(organisationId, id))),
      records.getMany(ids.map((id) => undeliverableAddressRef(ownerOf(organisationId, id)))),
    ]);
    return {
      items: ids.flatMap((_, i) => {
        const [person, stop] = [persons[i]?.value, stops[i]?.value];
        return person && stop && stop.address === person.email ? [{ person, stop }] : [];
      }),
      ...(next !== undefined && { next }),
    };
  },

  async stopsOf(owners, { records }) {
    const [stops, addresses] = await Promise.all([
      records.getMany(owners.map(undeliverableAddressRef)),
      Promise.all(
        owners.map(async ({ controller, subject }) => {
          if (controller === 'operator') return (await records.get(accountRef(subject as AccountId)))?.value.email;
          return (await records.get(personRef(controller, subject as PersonId)))?.value.email;
        }),
      ),
    ]);
    return owners.flatMap((owner, i): Stop[] => {
      const stored = stops[i];
      return stored && stored.value.address === addresses[i] ? [{ owner, stored }] : [];
    });
  },

  async lift({ owner, stored }, { records }) {
    const change = records.change().remove(stored.ref, { version: stored.version });
    const row = listedAs(owner);
    if (row) change.unpoint(row);
    await change
      .activity({ event: 'notices.resumed', subject: owner })
      .commit()
      .catch((error: unknown) => {
        // Lifted twice at once is lifted.
        if (!(error instanceof StaleVersion)) throw error;
      });
  },
};

/** One round trip more, where any is a line in a digest. */
async function withDigests<S extends { readonly to: Owner; readonly notice: Notice }>(
  found: readonly S[],
  { records }: Call,
): Promise<S[]> {
  const refs = found.flatMap(({ to, notice: { digestId } }) => (digestId ? [noticeRef(to, digestId)] : []));
  const digests = refs.length > 0 ? await records.getMany(refs) : [];
  const byId = new Map(
    digests.flatMap((stored: Stored<typeof noticeEntity> | undefined) =>
      stored ? [[stored.value.id, stored.value]] : [],
    ),
  );
  return found.map((one) => {
    const digest = one.notice.digestId && byId.get(one.notice.digestId);
    return { ...one, notice: asItsDigest(one.notice, digest || undefined) };
  });
}

/** As `person:read` decides it: a narrow role sees whoever is placed in its scope today. */
async function withinScope(
  { scope }: RoleCaller,
  organisationId: OrganisationId,
  personIds: readonly PersonId[],
  { records, now }: Call,
): Promise<readonly PersonId[]> {
  if (scope.kind === 'organisation' || personIds.length === 0) return personIds;
  const [organisation, persons, groups] = await Promise.all([
    records.get(organisationRef(organisationId)),
    records.getMany(personIds.map((id) => personRef(organisationId, id))),
    scope.kind === 'department'
      ? records.list(groupEntity, organisationOwner(organisationId), { limit: GROUPS_MAX })
      : undefined,
  ]);
  if (!organisation) return [];
  const today = dayIn(organisation.value.timeZone, now);
  return persons.flatMap((stored) => {
    if (!stored) return [];
    const { id, placements } = stored.value;
    const groupIds = placements.filter((placement) => isPlacedOn(placement, today)).map(({ groupId }) => groupId);
    const departmentIds = (groups?.items ?? [])
      .filter(({ value }) => groupIds.includes(value.id))
      .flatMap(({ value }) => value.departmentId ?? []);
    const target = {
      kind: 'person',
      personId: id,
      groupIds,
      departmentIds,
      guardianRights: undefined,
      isBlocked: false,
    } as const;
    return isInScope(scope, target) ? [id] : [];
  });
}
