import { accessDecision } from '../../access/decide.ts';
import type { PersonId, ThreadId } from '../../http/ids.ts';
import { dayIn } from '../../platform/calendar.ts';
import { sharedPointers } from '../../platform/entity.ts';
import { inOneWave } from '../attendance/one-wave.ts';
import { GROUPS_MAX, groupEntity, organisationOwner, organisationRef } from '../organisations/organisation.ts';
import { blocksBetween } from '../people/blocks.ts';
import { guardianLinkEntity, isLinkedOn, isPlacedOn, ownerOf, personEntity } from '../people/person.ts';
import type { BoxStore } from './box-handlers.ts';
import { DRAFTS_MAX, draftEntity, draftRef } from './draft.ts';
import { inboxOf } from './inbox.ts';
import { outOfOfficeRef } from './out-of-office.ts';
import { threadMessageEntity, threadOwner, threadRef } from './thread.ts';

const THREADS = 'thr_';

export const boxStore: BoxStore = {
  async held(organisationId, personId, limit, { records }) {
    const { table, pk, sk } = sharedPointers.held(ownerOf(organisationId, personId), '');
    const { items } = await records.pointers(table, pk, { prefix: `${sk}${THREADS}`, limit, newestFirst: true });
    return items.map((pointer) => ({
      // Written by this feature, and by nobody else.
      threadId: pointer.sk.slice(sk.length) as ThreadId,
      childId: pointer.attributes?.['childId'] as PersonId,
      at: String(pointer.attributes?.['at']),
      isArchived: pointer.attributes?.['archived'] === true,
    }));
  },

  inbox: (organisationId, personId, { records }) => inboxOf(records, organisationId, personId),

  async reachable(organisationId, childIds, { records, now, role }) {
    const ids = [...new Set(childIds)];
    if (!role || ids.length === 0) return new Set();
    const callerIds = [role.personId, ...role.otherPersonIds];
    const [read, groups] = await Promise.all([
      inOneWave(records, {
        organisations: [organisationRef(organisationId)],
        children: ids.map((id) => ({ entity: personEntity, owner: ownerOf(organisationId, id) })),
        links: ids.map((id) => ({
          entity: guardianLinkEntity,
          owner: ownerOf(organisationId, id),
          key: role.personId,
        })),
        blocks: ids.flatMap((id) => blocksBetween(organisationId, callerIds, id)),
      }),
      role.scope.kind === 'department'
        ? records.list(groupEntity, organisationOwner(organisationId), { limit: GROUPS_MAX })
        : undefined,
    ]);
    const organisation = read.organisations[0]?.value;
    if (!organisation) return new Set();
    const today = dayIn(organisation.timeZone, now);
    const departmentOf = new Map(groups?.items.map(({ value }) => [value.id, value.departmentId]));
    const blocksEach = 2 * callerIds.length;
    return new Set(
      ids.filter((personId, i) => {
        const child = read.children[i]?.value;
        if (!child) return false;
        const link = read.links[i]?.value;
        const groupIds = child.placements.filter((one) => isPlacedOn(one, today)).map(({ groupId }) => groupId);
        return (
          accessDecision('thread:use', {
            role: { name: role.role, scope: role.scope, personId: role.personId },
            organisation,
            target: {
              kind: 'person',
              personId,
              groupIds,
              departmentIds: groupIds.flatMap((id) => departmentOf.get(id) ?? []),
              guardianRights: link && isLinkedOn(link, today) ? link.rights : undefined,
              isBlocked: read.blocks.slice(i * blocksEach, (i + 1) * blocksEach).some((block) => block !== undefined),
            },
          }) === 'allowed'
        );
      }),
    );
  },

  async threads(organisationId, threadIds, { records }) {
    const stored = await records.getManyShared(threadIds.map((id) => threadRef(organisationId, id)));
    return stored.flatMap((thread) => thread ?? []);
  },

  messagesOf: (organisationId, threadIds, limit, { records }) =>
    Promise.all(
      threadIds.map(async (id) => {
        const range = { limit, newestFirst: true };
        return (await records.listShared(threadMessageEntity, threadOwner(organisationId, id), range)).items;
      }),
    ),

  async drafts(organisationId, personId, { records }) {
    const owner = ownerOf(organisationId, personId);
    return (await records.list(draftEntity, owner, { limit: DRAFTS_MAX, newestFirst: true })).items;
  },

  draft: (organisationId, personId, draftId, { records }) => records.get(draftRef(organisationId, personId, draftId)),

  addDraft: (organisationId, personId, draft, { records }, answer) =>
    records
      .change()
      .put(draftRef(organisationId, personId, draft.id), draft, 'new')
      .activity({ event: 'draft.saved', subject: ownerOf(organisationId, personId) })
      .commit(answer),

  async saveDraft(before, after, { records }) {
    const change = records.change();
    const { ref, version } = before;
    if (after) change.put(ref, after, { version });
    else change.remove(ref, { version });
    await change.activity({ event: after ? 'draft.saved' : 'draft.removed', subject: ref.owner }).commit();
  },

  outOfOffice: (organisationId, personId, { records }) => records.get(outOfOfficeRef(organisationId, personId)),

  async saveOutOfOffice({ organisationId, personId }, { before, after }, { records }) {
    const change = records.change();
    const ref = outOfOfficeRef(organisationId, personId);
    if (after) change.put(ref, after, before ? { version: before.version } : 'new');
    else if (before) change.remove(ref, { version: before.version });
    const event = after ? 'out-of-office.set' : 'out-of-office.ended';
    await change.activity({ event, subject: ref.owner }).commit();
  },
};
