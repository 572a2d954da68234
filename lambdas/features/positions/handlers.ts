import { profileSettings } from '../../access/profile-settings.ts';
import type { Profile } from '../../access/roles.ts';
import { type Call, personIdsOf } from '../../http/call.ts';
import type { OrganisationId, PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor, OutputOf } from '../../http/route.ts';
import { maySeePositions, type Receiver, standsAs } from '../receivers/receiver.ts';
import { isWithin } from '../receivers/weekly-hours.ts';
import { POSITIONS_MAX, type reasonsForLooking } from './position.ts';
import type { positionRoutes } from './routes.ts';

export type Reason = (typeof reasonsForLooking)[number];
export type Seen = OutputOf<typeof positionRoutes.lookAtPositions>['items'][number];

/** A look that is about to be answered. */
export interface Look {
  readonly organisationId: OrganisationId;
  readonly recipientId: PersonId;
  /** Absent when the recipient looks. */
  readonly viewerId?: PersonId;
  readonly reason?: Reason | undefined;
  /** How many positions were shown. */
  readonly positions: number;
}

export interface PositionStore {
  /** The caller as a receiver, if they are one; one round trip. */
  standing(
    organisationId: OrganisationId,
    recipientId: PersonId,
    viewerId: PersonId,
    call: Call,
  ): Promise<{ readonly profile: Profile; readonly timeZone: string; readonly receiver: Receiver | undefined }>;
  latest(organisationId: OrganisationId, recipientId: PersonId, call: Call): Promise<Seen | undefined>;
  /** Newest first; the end is not included. One round trip more than there are pages. */
  between(
    organisationId: OrganisationId,
    recipientId: PersonId,
    period: { readonly from: Date; readonly to: Date; readonly limit: number },
    call: Call,
  ): Promise<{ readonly items: readonly Seen[]; readonly isMore: boolean }>;
  record(look: Look, call: Call): Promise<void>;
}

export const positionHandlers = (store: PositionStore): HandlersFor<typeof positionRoutes, Call> => ({
  async lookAtPositions({ params: { organisationId, personId }, body: { reason, from, to } }, call) {
    const isSelf = personIdsOf(call.role!).includes(personId);
    const viewerId = call.role!.personId;
    // What is known last says where the recipient is now, whenever it was.
    let isShown = (_at: Date): boolean => true;
    if (!isSelf) {
      const { profile, timeZone, receiver } = await store.standing(organisationId, personId, viewerId, call);
      // What the receiver was when they were added may be over: they look as what they are in this role, or not at all.
      if (!receiver || receiver.as !== standsAs(call.role!.role) || !maySeeNow(receiver, call.now, timeZone)) {
        throw new Problem('no-right-to-positions');
      }
      if (receiver.as === 'relative' && from !== undefined) isShown = (at) => isWithin(receiver.hours, at, timeZone);
      if (profileSettings[profile].reasonForLookingAtPositions && reason === undefined) {
        throw new Problem('reason-required');
      }
    }
    const found =
      from === undefined || to === undefined
        ? await lastKnown(organisationId, personId, call, store)
        : await store.between(
            organisationId,
            personId,
            { from: new Date(from), to: new Date(to), limit: POSITIONS_MAX },
            call,
          );
    // The recipient is told when a relative can see them: Saturday's right to look shows nothing of Tuesday night.
    const items = found.items.filter(({ at }) => isShown(new Date(at)));
    // Before the answer leaves, and not after: a look that could not be recorded is not answered (SM-05).
    await store.record(
      {
        organisationId,
        recipientId: personId,
        ...(!isSelf && { viewerId, reason }),
        positions: items.length,
      },
      call,
    );
    return { items, isMore: found.isMore };
  },
});

/** Pure. */
const maySeeNow = (receiver: Receiver | undefined, now: Date, timeZone: string): boolean =>
  receiver !== undefined && maySeePositions(receiver) && isWithin(receiver.hours, now, timeZone);

async function lastKnown(organisationId: OrganisationId, recipientId: PersonId, call: Call, store: PositionStore) {
  const latest = await store.latest(organisationId, recipientId, call);
  return { items: latest ? [latest] : [], isMore: false };
}
