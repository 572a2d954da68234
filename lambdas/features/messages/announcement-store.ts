import type { MessageId } from '../../http/ids.ts';
import type { Pointer } from '../../platform/records.ts';
import {
  DEPARTMENTS_MAX,
  departmentEntity,
  GROUPS_MAX,
  groupEntity,
  organisationOwner,
} from '../organisations/organisation.ts';
import { ownerOf, personEntity } from '../people/person.ts';
import { announcementEntity, announcementPointers, announcementRef } from './announcement.ts';
import type { AnnouncementStore, Received } from './announcement-handlers.ts';
import { boxStore } from './box-store.ts';
import { inboxPointers } from './inbox.ts';
import { pointSent, sentWithinTheHour } from './sent.ts';

export const announcementStore: AnnouncementStore = {
  reachable: boxStore.reachable,
  sentWithinTheHour,

  async structure(organisationId, { records }) {
    const owner = organisationOwner(organisationId);
    const [groups, departments] = await Promise.all([
      records.list(groupEntity, owner, { limit: GROUPS_MAX }),
      records.list(departmentEntity, owner, { limit: DEPARTMENTS_MAX }),
    ]);
    return { groups: groups.items.map(({ value }) => value), departments: departments.items.map(({ value }) => value) };
  },

  add(organisationId, announcement, call, answer) {
    const due = announcementPointers.due(organisationId, announcement.id);
    const change = call.records
      .change()
      .put(announcementRef(organisationId, announcement.id), announcement, 'new')
      .point(due)
      .activity({
        event: 'announcement.sent',
        subject: organisationOwner(organisationId),
        about: [announcement.id],
        detail: { to: announcement.to.kind, readers: announcement.readers },
      });
    return pointSent(change, call).commit(answer);
  },

  async all(organisationId, range, { records }) {
    const owner = organisationOwner(organisationId);
    const { items, next } = await records.list(announcementEntity, owner, { ...range, newestFirst: true });
    return { items: items.map(({ value }) => value), ...(next !== undefined && { next }) };
  },

  async received(organisationId, personId, { limit, after }, { records }) {
    const { table, pk, sk: prefix } = announcementPointers.received(organisationId, personId, '');
    const { items, next } = await records.pointers(table, pk, {
      prefix,
      newestFirst: true,
      ...(limit !== undefined && { limit }),
      ...(after !== undefined && { after: `${prefix}${after}` }),
    });
    return { items: items.map(receivedAt), ...(next !== undefined && { next: next.slice(prefix.length) }) };
  },

  async receivedOne(organisationId, personId, id, { records }) {
    const [pointer] = await records.pointersAt([announcementPointers.received(organisationId, personId, id)]);
    return pointer && receivedAt(pointer);
  },

  async markRead(organisationId, personId, { id, at, readers, childId }, { records, now }) {
    await records
      .change()
      .unpoint(inboxPointers.waiting(organisationId, personId, id))
      .point({
        ...announcementPointers.received(organisationId, personId, id),
        attributes: { at, ...(readers && { readers }), ...(childId && { childId }), readAt: now.toISOString() },
      })
      .requireUnerased(ownerOf(organisationId, personId))
      .activity({ event: 'announcement.read', subject: ownerOf(organisationId, personId), about: [id] })
      .commit();
  },

  async announcements(organisationId, ids, { records }) {
    const stored = await records.getMany(ids.map((id) => announcementRef(organisationId, id)));
    return stored.map((one) => one?.value);
  },

  async names(organisationId, personIds, { records }) {
    const refs = [...new Set(personIds)].map((id) => ({ entity: personEntity, owner: ownerOf(organisationId, id) }));
    const persons = await records.getMany(refs);
    return new Map(
      persons.flatMap((stored) => {
        if (!stored) return [];
        const { id, firstName, lastName } = stored.value;
        return [[id, `${firstName} ${lastName}`] as const];
      }),
    );
  },
};

function receivedAt({ sk, attributes }: Pointer): Received {
  const { at, readers, childId, readAt } = (attributes ?? {}) as Partial<
    Record<'at' | 'readers' | 'childId' | 'readAt', string>
  >;
  return {
    id: sk.slice(sk.indexOf('#') + 1) as MessageId,
    at: at ?? '',
    readers: readers as Received['readers'],
    childId: childId as Received['childId'],
    readAt,
  };
}
