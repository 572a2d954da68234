import * as z from 'zod';
import { page, pageQuery } from '../../http/cursor.ts';
import { CustomerId, PersonId } from '../../http/ids.ts';
import { inOrganisation } from '../../http/params.ts';
import { type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { Customer, CustomerFields } from './customer.ts';

export const ofCustomer = inOrganisation.extend({ customerId: CustomerId });
const ofContact = ofCustomer.extend({ personId: PersonId });
export const CustomerView = Customer.extend({ version: z.int().min(1) }).meta({
  id: 'Customer',
  description: '`sources`: where each fact comes from, and since when (AT-16).',
});
const Contacts = z
  .strictObject({ items: z.array(z.strictObject({ personId: PersonId, since: z.iso.datetime() })).max(200) })
  .meta({ id: 'CustomerContacts' });
const { organisationNumber, address, postcode, city, responseHours } = CustomerFields.shape;
const reading = [...readingRecords, 'activity:append'] as const;

/** Whom the organisation serves by agreement, and who speaks for them. */
export const customerRoutes = {
  createCustomer: {
    summary: 'Register a customer',
    tag: 'Tickets',
    method: 'POST',
    path: '/v1/organisations/{organisationId}/customers',
    access: rolesThatMay('customer:manage'),
    params: inOrganisation,
    body: CustomerFields.meta({ id: 'NewCustomer' }),
    success: { status: 201, body: CustomerView },
    problems: ['forbidden-content'],
    needs: changingRecords,
    creates: true,
  },
  listCustomers: {
    summary: 'List customers',
    tag: 'Tickets',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/customers',
    access: rolesThatMay('customer:read'),
    params: inOrganisation,
    query: z.strictObject({ ...pageQuery }),
    success: { status: 200, body: page(CustomerView) },
    problems: [],
    needs: reading,
    reads: 'customers',
  },
  getCustomer: {
    summary: 'Read a customer',
    tag: 'Tickets',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/customers/{customerId}',
    access: rolesThatMay('customer:read'),
    params: ofCustomer,
    success: { status: 200, body: CustomerView },
    problems: ['customer-not-found'],
    needs: reading,
    reads: 'customers',
    versioned: true,
  },
  changeCustomer: {
    summary: 'Change a customer, or end it',
    description: 'Only what is named changes; `null` takes a value away. `ended`: no longer a customer, and back.',
    tag: 'Tickets',
    method: 'PATCH',
    path: '/v1/organisations/{organisationId}/customers/{customerId}',
    access: rolesThatMay('customer:manage'),
    params: ofCustomer,
    body: z
      .strictObject({
        name: CustomerFields.shape.name.optional(),
        organisationNumber: organisationNumber.unwrap().nullable().optional(),
        address: address.unwrap().nullable().optional(),
        postcode: postcode.unwrap().nullable().optional(),
        city: city.unwrap().nullable().optional(),
        responseHours: responseHours.unwrap().nullable().optional(),
        ended: z.boolean().optional(),
      })
      .meta({ id: 'CustomerChange' }),
    success: { status: 200, body: CustomerView },
    problems: ['customer-not-found', 'forbidden-content'],
    needs: changingRecords,
    versioned: true,
  },
  listCustomerContacts: {
    summary: 'List who speaks for a customer',
    tag: 'Tickets',
    method: 'GET',
    path: '/v1/organisations/{organisationId}/customers/{customerId}/contacts',
    access: rolesThatMay('customer:read'),
    params: ofCustomer,
    success: { status: 200, body: Contacts },
    problems: ['customer-not-found'],
    needs: reading,
    reads: 'customers',
  },
  addCustomerContact: {
    summary: 'Say that a person speaks for a customer',
    description: 'A member of the organisation. Whoever spoke for another customer speaks for this one from now on.',
    tag: 'Tickets',
    method: 'PUT',
    path: '/v1/organisations/{organisationId}/customers/{customerId}/contacts/{personId}',
    access: rolesThatMay('customer:manage'),
    params: ofContact,
    success: { status: 204 },
    problems: ['customer-not-found', 'person-not-found', 'wrong-state', 'too-many'],
    needs: changingRecords,
  },
  removeCustomerContact: {
    summary: 'Say that a person speaks for a customer no longer',
    tag: 'Tickets',
    method: 'DELETE',
    path: '/v1/organisations/{organisationId}/customers/{customerId}/contacts/{personId}',
    access: rolesThatMay('customer:manage'),
    params: ofContact,
    success: { status: 204 },
    problems: ['customer-not-found', 'person-not-found'],
    needs: changingRecords,
  },
} as const satisfies Routes;
