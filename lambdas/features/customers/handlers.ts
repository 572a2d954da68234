import type { Call } from '../../http/call.ts';
import { decodeCursor, encodeCursor, type List } from '../../http/cursor.ts';
import { CustomerId, type OrganisationId, type PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import type { Stored } from '../../platform/records.ts';
import { type Customer, type customerEntity, withFacts } from './customer.ts';
import type { customerRoutes } from './routes.ts';

export type StoredCustomer = Stored<typeof customerEntity>;
export interface CustomerStore {
  add<A>(organisationId: OrganisationId, customer: Customer, call: Call, answer: A): Promise<A>;
  /** The newest first. */
  list(
    organisationId: OrganisationId,
    range: { readonly limit: number; readonly after?: string },
    call: Call,
  ): Promise<{ readonly customers: readonly StoredCustomer[]; readonly next?: CustomerId }>;
  find(organisationId: OrganisationId, id: CustomerId, call: Call): Promise<StoredCustomer | undefined>;
  save(before: StoredCustomer, after: Customer, call: Call): Promise<void>;
  contacts(
    organisationId: OrganisationId,
    id: CustomerId,
    call: Call,
  ): Promise<readonly { readonly personId: PersonId; readonly since: string }[]>;
  /** Throws `person-not-found`, `wrong-state` for whoever is no member, and `too-many`. */
  addContact(customer: StoredCustomer, personId: PersonId, call: Call): Promise<void>;
  /** Throws `person-not-found` where the person does not speak for this customer. */
  removeContact(organisationId: OrganisationId, id: CustomerId, personId: PersonId, call: Call): Promise<void>;
}

export const customerHandlers = (store: CustomerStore): HandlersFor<typeof customerRoutes, Call> => ({
  async createCustomer({ params: { organisationId }, body }, call) {
    const since = call.now.toISOString();
    const { name, organisationNumber, address, postcode, city, ...agreed } = body;
    const bare: Customer = { id: call.newId('cus'), name: '', ...agreed, sources: {}, since };
    const facts = { name, organisationNumber, address, postcode, city };
    const customer = withFacts(bare, facts, { from: 'staff', at: since });
    return store.add(organisationId, customer, call, { ...customer, version: 1 });
  },

  async listCustomers({ params: { organisationId }, query: { cursor, limit } }, call) {
    const list: List = { name: 'customers', filter: { organisationId } };
    const after = cursor === undefined ? undefined : decodeCursor(list, cursor, CustomerId);
    const page = await store.list(organisationId, { limit, ...(after !== undefined && { after }) }, call);
    return {
      items: page.customers.map(viewOf),
      ...(page.next !== undefined && { next: encodeCursor(list, page.next) }),
    };
  },

  getCustomer: async ({ params }, call) => viewOf(await existing(store, params, call)),

  async changeCustomer({ params, body, ifMatch }, call) {
    const before = await existing(store, params, call);
    if (before.version !== ifMatch) throw new Problem('stale-version');
    const { ended, responseHours, ...facts } = body;
    const at = call.now.toISOString();
    const { endedAt, ...rest } = withFacts(before.value, facts, { from: 'staff', at });
    const agreed = Object.entries({ responseHours }).filter(([, value]) => value !== undefined);
    const merged = Object.entries({ ...rest, ...Object.fromEntries(agreed) }).filter(([, value]) => value !== null);
    const after = {
      ...(Object.fromEntries(merged) as Customer),
      ...((ended ?? endedAt !== undefined) && { endedAt: endedAt ?? at }),
    };
    await store.save(before, after, call);
    return { ...after, version: before.version + 1 };
  },

  async listCustomerContacts({ params }, call) {
    const { value } = await existing(store, params, call);
    return { items: [...(await store.contacts(params.organisationId, value.id, call))] };
  },

  async addCustomerContact({ params }, call) {
    await store.addContact(await existing(store, params, call), params.personId, call);
  },

  async removeCustomerContact({ params }, call) {
    const { organisationId, customerId, personId } = params;
    await existing(store, params, call);
    await store.removeContact(organisationId, customerId, personId, call);
  },
});

async function existing(
  store: Pick<CustomerStore, 'find'>,
  { organisationId, customerId }: { readonly organisationId: OrganisationId; readonly customerId: CustomerId },
  call: Call,
): Promise<StoredCustomer> {
  const found = await store.find(organisationId, customerId, call);
  if (!found) throw new Problem('customer-not-found');
  return found;
}

const viewOf = ({ value, version }: StoredCustomer) => ({ ...value, version });
