import { CustomerId, PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { organisationOwner } from '../organisations/organisation.ts';
import { keptFrom } from '../people/blocks.ts';
import { ownerOf } from '../people/person.ts';
import { personRef } from '../people/writes.ts';
import { contactKey, customerContactRef, customerEntity, customerRef } from './customer.ts';
import type { CustomerStore } from './handlers.ts';

/** People who speak for one customer. */
const CONTACTS_MAX = 200;

export const customerStore: CustomerStore = {
  add: (organisationId, customer, { records }, answer) =>
    records
      .change()
      .put(customerRef(organisationId, customer.id), customer, 'new')
      .activity({ event: 'customer.created', subject: organisationOwner(organisationId), about: [customer.id] })
      .commit(answer),

  async list(organisationId, { limit, after }, { records }) {
    const range = { limit, newestFirst: true, ...(after !== undefined && { after }) };
    const { items, next } = await records.list(customerEntity, organisationOwner(organisationId), range);
    return { customers: items, ...(next !== undefined && { next: CustomerId.parse(next) }) };
  },

  find: (organisationId, id, { records }) => records.get(customerRef(organisationId, id)),

  async save({ ref, version }, after, { records }) {
    await records
      .change()
      .put(ref, after, { version })
      .activity({ event: 'customer.changed', subject: ref.owner, about: [after.id] })
      .commit();
  },

  async contacts(organisationId, customerId, call) {
    const { records } = call;
    const { table, pk, sk: prefix } = contactKey(organisationId, customerId, '');
    const [{ items }, blocked] = await Promise.all([
      records.pointers(table, pk, { prefix, limit: CONTACTS_MAX }),
      keptFrom(call),
    ]);
    const ids = items.map(({ sk }) => PersonId.parse(sk.slice(prefix.length))).filter((id) => !blocked.has(id));
    const stored = await records.getMany(ids.map((personId) => customerContactRef(organisationId, personId)));
    return stored.flatMap((contact, i) =>
      contact?.value.customerId === customerId ? [{ personId: ids[i]!, since: contact.value.since }] : [],
    );
  },

  async addContact({ ref, value: { id } }, personId, { records, now }) {
    const organisationId = ref.owner.controller as Parameters<typeof customerRef>[0];
    const { table, pk, sk: prefix } = contactKey(organisationId, id, '');
    const [[person, before], others] = await Promise.all([
      records.together([personRef(organisationId, personId), customerContactRef(organisationId, personId)]),
      records.pointers(table, pk, { prefix, limit: CONTACTS_MAX }),
    ]);
    if (!person) throw new Problem('person-not-found');
    if (person.value.kind !== 'member') throw new Problem('wrong-state', 'A contact is a member of the organisation.');
    if (before?.value.customerId === id) return;
    if (others.items.length >= CONTACTS_MAX) throw new Problem('too-many', `A customer has ${CONTACTS_MAX} contacts.`);
    const change = records.change();
    if (before) change.unpoint(contactKey(organisationId, before.value.customerId, personId));
    await change
      .put(
        customerContactRef(organisationId, personId),
        { customerId: id, since: now.toISOString() },
        before ? { version: before.version } : 'new',
      )
      .point({ ...contactKey(organisationId, id, personId), attributes: { subject: personId } })
      .activity({ event: 'customer.contact-added', subject: ownerOf(organisationId, personId), about: [id] })
      .commit();
  },

  async removeContact(organisationId, customerId, personId, { records }) {
    const before = await records.get(customerContactRef(organisationId, personId));
    if (before?.value.customerId !== customerId) throw new Problem('person-not-found');
    await records
      .change()
      .remove(before.ref, { version: before.version })
      .unpoint(contactKey(organisationId, customerId, personId))
      .activity({ event: 'customer.contact-removed', subject: before.ref.owner, about: [customerId] })
      .commit();
  },
};
