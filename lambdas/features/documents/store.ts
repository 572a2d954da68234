import { type Call, personIdsOf } from '../../http/call.ts';
import type { OrganisationId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { Owner, SubjectId } from '../../platform/entity.ts';
import type { Change, Records } from '../../platform/records.ts';
import { claimFile, releaseFile, uploadsOf } from '../files/claim.ts';
import { departmentRef, groupEntity, organisationOwner, organisationRef } from '../organisations/organisation.ts';
import { blockedFor } from '../people/blocks.ts';
import { ownerOf, personEntity } from '../people/person.ts';
import { aboutPerson, structureOf, todayIn } from './around.ts';
import {
  DOCUMENTS_OF_PERSON_MAX,
  DOCUMENTS_SHARED_MAX,
  type DocumentRecord,
  documentPointers,
  documentRef,
  ownerOfDocument,
  personDocumentEntity,
  placeOfDocument,
  receiptRef,
  type SharedScope,
  sharedDocumentEntity,
} from './document.ts';
import type { DocumentStore } from './handlers.ts';
import { newsPointer, tell } from './news.ts';
import { holds, standingOnPersons } from './reach.ts';
import { readersAfter } from './readers.ts';
import {
  aroundShared,
  findIn,
  organisationOf,
  putReceipt,
  roleOf,
  standingInShared,
  withReceipts,
} from './standing-store.ts';

export const documentStore: DocumentStore = {
  async find(organisationId, documentId, call) {
    const [home] = await call.records.pointersAt([documentPointers.home(organisationId, documentId)]);
    const subject = home?.attributes?.['subject'];
    if (typeof subject !== 'string') return undefined;
    const owner: Owner = { controller: organisationId, subject: subject as SubjectId };
    return findIn(owner, documentId, call);
  },

  async ofPerson(organisationId, personId, call) {
    const role = roleOf(call);
    const { records } = call;
    const owner = ownerOf(organisationId, personId);
    const [about, listed] = await Promise.all([
      aboutPerson(organisationId, personId, role, call),
      records.list(personDocumentEntity, owner, { limit: DOCUMENTS_OF_PERSON_MAX, newestFirst: true }),
    ]);
    if (!about) throw new Problem('person-not-found');
    return withReceipts(
      listed.items.map((stored) => ({ stored, standing: standingOnPersons(role, stored.value, about) })),
      call,
    );
  },

  async shared(organisationId, range, call) {
    const role = roleOf(call);
    const { records } = call;
    const [listed, around] = await Promise.all([
      records.list(sharedDocumentEntity, organisationOwner(organisationId), { ...range, newestFirst: true }),
      aroundShared(organisationId, role, call),
    ]);
    const found = listed.items.map((stored) => ({ stored, standing: standingInShared(role, stored.value, around) }));
    return { documents: await withReceipts(found, call), ...(listed.next !== undefined && { next: listed.next }) };
  },

  async mayShareWith(organisationId, scope, call) {
    const role = roleOf(call);
    const { records } = call;
    if (scope.kind !== 'organisation') await demandOpen(organisationId, scope, records);
    return role.role === 'administrator' || holds(role.scope, scope, await structureOf(records, organisationId));
  },

  async add(organisationId, draft, fileId, call, answer) {
    const { records } = call;
    const owner = ownerOfDocument(organisationId, draft.scope);
    const ref = documentRef(owner, draft.id);
    const max = draft.scope.kind === 'person' ? DOCUMENTS_OF_PERSON_MAX : DOCUMENTS_SHARED_MAX;
    const [[upload], present] = await Promise.all([
      uploadsOf(records, organisationId, roleOf(call).personId, [fileId]),
      records.list(ref.entity, owner, { limit: max }),
    ]);
    if (present.items.length >= max) throw new Problem('too-many', `At most ${max} documents.`);
    const change = records.change();
    const file = claimFile(change, upload!, placeOfDocument(owner, draft.id));
    const document: DocumentRecord = { ...draft, editions: [{ number: 1, file, addedAt: call.now.toISOString() }] };
    demandPerson(change, owner);
    change
      .put(ref, document, 'new')
      .point({
        ...documentPointers.home(organisationId, draft.id),
        attributes: { subject: owner.subject, kind: draft.scope.kind },
      })
      .activity({ event: 'document.created', subject: owner, about: [draft.id, fileId] });
    return change.commit(answer(document));
  },

  async addEdition({ stored }, fileId, after, call, answer) {
    const { records } = call;
    const { ref, version, value } = stored;
    const organisationId = organisationOf(ref.owner);
    const [upload] = await uploadsOf(records, organisationId, roleOf(call).personId, [fileId]);
    const change = records.change();
    const document = after(claimFile(change, upload!, placeOfDocument(ref.owner, value.id)));
    change
      .put(ref, document, { version })
      .activity({ event: 'document.edition-added', subject: ref.owner, about: [value.id, fileId] });
    return change.commit(answer(document));
  },

  async save({ stored }, after, { event, tellsReaders }, call) {
    const { ref, version } = stored;
    const change = call.records.change().put(ref, after, { version });
    if (tellsReaders) await tellReaders(change, ref.owner, after, call);
    const detail = { edition: after.editions.length };
    await change.activity({ event, subject: ref.owner, about: [after.id], detail }).commit();
  },

  async remove({ stored }, call) {
    const { ref, version, value } = stored;
    const change = call.records
      .change()
      .remove(ref, { version })
      .unpoint(documentPointers.home(organisationOf(ref.owner), value.id))
      .activity({ event: 'document.removed', subject: ref.owner, about: [value.id] });
    const place = placeOfDocument(ref.owner, value.id);
    for (const { file } of value.editions) releaseFile(change, file, place, call.now);
    await change.commit();
  },

  async saveReceipt({ stored, receipt }, after, call) {
    const { controller } = stored.ref.owner;
    const reader = ownerOf(controller as OrganisationId, roleOf(call).personId);
    const about = [after.documentId];
    await putReceipt(call.records.change(), stored, receipt, after, call)
      .activity({ event: 'document.confirmed', subject: reader, about, detail: { edition: after.confirmed!.edition } })
      .commit();
  },

  async recordLook({ stored }, { records }) {
    const { owner } = stored.ref;
    if (owner.controller === owner.subject) return;
    await records
      .change()
      .activity({ event: 'documents.seen', subject: owner, about: [stored.value.id] })
      .commit();
  },

  async receipts({ stored }, range, call) {
    const { records, now } = call;
    const { value, ref } = stored;
    const organisationId = organisationOf(ref.owner);
    if (value.receipt === 'none') return { items: [] };
    const [organisation, kept] = await Promise.all([
      records.get(organisationRef(organisationId)),
      blockedFor(records, organisationId, personIdsOf(roleOf(call))),
    ]);
    if (!organisation) throw new Problem('document-not-found');
    const asked = { organisationId, document: value, today: todayIn(organisation.value, now) };
    const { persons, next } = await readersAfter(asked, range, records);
    const readers = new Map(
      persons
        .filter(({ personId }) => !kept.has(personId))
        .flatMap(({ readers }) => readers.filter(({ readerId }) => !kept.has(readerId)))
        .map((reader) => [reader.readerId, reader]),
    );
    const receipts = await records.getMany([...readers.keys()].map((id) => receiptRef(organisationId, id, value.id)));
    const items = [...readers.values()].map((reader, i) => {
      const { opened, confirmed } = receipts[i]?.value ?? {};
      return { ...reader, ...(opened && { opened }), ...(confirmed && { confirmed }) };
    });
    return { items, ...(next !== undefined && { next }) };
  },
};

/** Those of one person at once, in the transaction that publishes; whole groups in slices, by the clock. */
async function tellReaders(change: Change, owner: Owner, document: DocumentRecord, call: Call): Promise<void> {
  if (document.visibleTo === 'staff') return;
  const organisationId = organisationOf(owner);
  if (document.scope.kind !== 'person') {
    const edition = document.editions.length;
    change.point(newsPointer({ organisationId, documentId: document.id, edition, after: undefined }));
    return;
  }
  const organisation = await call.records.get(organisationRef(organisationId));
  if (!organisation) throw new Problem('document-not-found');
  const asked = { organisationId, document, today: todayIn(organisation.value, call.now) };
  const { persons } = await readersAfter(asked, { after: undefined, limit: 1 }, call.records);
  for (const reader of persons.flatMap(({ readers }) => readers)) tell(change, organisationId, reader, document, call);
}

/** A document has a key of its own, so that the person's key does not guard it against an erasure meanwhile. */
function demandPerson(change: Change, owner: Owner): void {
  if (owner.subject === owner.controller) return;
  change.requirePresent({ entity: personEntity, owner }, () => new Problem('person-not-found'));
}

async function demandOpen(organisationId: OrganisationId, scope: SharedScope, records: Records): Promise<void> {
  if (scope.kind === 'department') {
    const department = await records.get(departmentRef(organisationId, scope.id));
    if (department?.value.state !== 'open') throw new Problem('department-not-found');
  }
  if (scope.kind === 'group') {
    const owner = organisationOwner(organisationId);
    const group = await records.get({ entity: groupEntity, owner, key: scope.id });
    if (group?.value.state !== 'open') throw new Problem('group-not-found');
  }
}
