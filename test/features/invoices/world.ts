import type { BillingPlan } from '../../../lambdas/features/billing/plan.ts';
import { billingPlanHandlers } from '../../../lambdas/features/billing/plan-handlers.ts';
import { billingPlanRoutes } from '../../../lambdas/features/billing/plan-routes.ts';
import { billingPlanStore } from '../../../lambdas/features/billing/plan-store.ts';
import { type Customer, contactKey, customerRef } from '../../../lambdas/features/customers/customer.ts';
import { doJobs, lookAtOpen } from '../../../lambdas/features/invoices/clock.ts';
import { invoiceHandlers } from '../../../lambdas/features/invoices/handlers.ts';
import { linkedInvoiceHandlers } from '../../../lambdas/features/invoices/link-page.ts';
import { linkedInvoiceRoutes } from '../../../lambdas/features/invoices/linked-routes.ts';
import {
  invoiceRoutes,
  operatorInvoiceRoutes,
  receivedInvoiceRoutes,
} from '../../../lambdas/features/invoices/routes.ts';
import { invoiceStore } from '../../../lambdas/features/invoices/store.ts';
import { type BillingClock, meterDays } from '../../../lambdas/features/metering/clock.ts';
import { meterRow } from '../../../lambdas/features/metering/meter.ts';
import { organisationOwner, organisationPointers } from '../../../lambdas/features/organisations/organisation.ts';
import { customerAgreementRef } from '../../../lambdas/features/platform-staff/customer-agreement.ts';
import { priceListHandlers } from '../../../lambdas/features/price-lists/handlers.ts';
import type { NewPriceList } from '../../../lambdas/features/price-lists/price-list.ts';
import { operatorPriceListRoutes, priceListRoutes } from '../../../lambdas/features/price-lists/routes.ts';
import { priceListStore } from '../../../lambdas/features/price-lists/store.ts';
import { billableRow } from '../../../lambdas/features/tickets/billable-time.ts';
import type { OrganisationId } from '../../../lambdas/http/ids.ts';
import type { TestDynamoDb } from '../../support/dynoxide.ts';
import { anOrganisation, aPerson, aService, someoneWith } from '../../support/service.ts';
import { aCall, anId, aStore, type TestStore } from '../../support/store.ts';
import { customersPriceList, operatorsPriceList } from './price-lists.ts';

export type House = Awaited<ReturnType<typeof aBillingHouse>>;

const routes = {
  ...priceListRoutes,
  ...operatorPriceListRoutes,
  ...billingPlanRoutes,
  ...invoiceRoutes,
  ...operatorInvoiceRoutes,
  ...receivedInvoiceRoutes,
  ...linkedInvoiceRoutes,
};

/** The operator, an organisation that it serves since October, and a customer of that, in November 2026. */
export async function aBillingHouse(db: TestDynamoDb, shared?: TestStore) {
  const store = shared ?? (await aStore(db.client, await db.createTables(), ['operator']));
  store.clock = new Date('2026-11-02T08:00:00Z');
  const organisation = await anOrganisation(store, { profile: 'itservice', name: 'Nordlys IT' });
  const organisationId = organisation.id;
  const records = () => aCall(store).records;
  const service = aService(store, routes, {
    ...priceListHandlers(priceListStore),
    ...billingPlanHandlers(billingPlanStore),
    ...invoiceHandlers(invoiceStore),
    ...linkedInvoiceHandlers,
  });
  const operator = await someoneWith(store, 'operator', 'platform-operator');
  const boss = await aPerson(store, organisationId, { kind: 'staff', email: 'sjef@nordlys.example' });
  const administrator = await someoneWith(store, organisationId, 'administrator', { personId: boss.id });
  const contact = await aPerson(store, organisationId, { kind: 'member', email: 'kontakt@fjord.example' });

  const customer: Customer = {
    id: anId('cus'),
    name: 'Fjord & Sønner AS',
    organisationNumber: '974760673',
    address: 'Kaiveien 3',
    postcode: '5003',
    city: 'Bergen',
    sources: {},
    since: '2026-09-01T08:00:00Z',
  };
  const agreement = {
    companyName: 'Nordlys IT AS',
    organisationNumber: '974760673',
    postalAddress: { street: 'Storgata 1', postcode: '9008', city: 'Tromsø' },
    manager: { name: 'Kari Moe', email: 'kari@nordlys.example', phone: '+4790000001' },
    startsOn: '2026-10-01',
  };
  const setUp = records()
    .change()
    .put(customerAgreementRef(organisationId), agreement, 'new')
    .put(customerRef(organisationId, customer.id), customer, 'new')
    .point({ ...organisationPointers.all(organisationId), attributes: { timeZone: organisation.timeZone } })
    .point({ ...contactKey(organisationId, customer.id, contact.id), attributes: { subject: contact.id } });
  for (let day = 1; day <= 31; day++) {
    const date = `2026-10-${String(day).padStart(2, '0')}`;
    setUp.point(meterRow(organisationId, date, { members: 40, devices: 2, messages: day === 1 ? 12 : 0 }));
  }
  for (const minutes of [45, 50]) {
    const entryId = anId('tme');
    const time = { ticketId: anId('tck'), ticketNumber: '1007', entryId, day: '2026-10-14', minutes };
    setUp.point(billableRow(organisationId, customer.id, time));
  }
  await setUp.activity({ event: 'test.prepared', subject: organisationOwner(organisationId) }).commit();

  const lines: object[] = [];
  const clock: BillingClock = {
    openCall: () => aCall(store),
    hasTimeLeft: () => true,
    log: (line) => lines.push(line),
  };
  return {
    store,
    organisation,
    organisationId,
    customer,
    contact,
    boss,
    administrator,
    records,
    clock,
    log: lines,
    send: service.send,
    operator: () => service.as(operator),
    ours: () => service.as(administrator),
    as: service.as,
    someone: (role: Parameters<typeof someoneWith>[2], of: OrganisationId | 'operator' = organisationId) =>
      someoneWith(store, of, role),
    at(instant: string) {
      store.clock = new Date(instant);
    },
    work: () => doJobs(clock),
    look: () => lookAtOpen(clock),
    meter: () => meterDays((id) => ({ table: 'core', pk: `${id}#SAFETY-DEVICES` }), clock),
    publish: (list: NewPriceList = operatorsPriceList) => service.as(operator).publishOperatorPriceList({ body: list }),
    publishOurs: (list: NewPriceList = customersPriceList) =>
      service.as(administrator).publishPriceList({ params: { organisationId }, body: list }),
    plan: (items: BillingPlan['items']) =>
      service.as(administrator).changeBillingPlan({
        params: { organisationId, customerId: customer.id },
        body: { items },
        ifMatch: 1,
      }),
  };
}
