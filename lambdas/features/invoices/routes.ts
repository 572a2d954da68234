import * as z from 'zod';
import { PDF } from '../../http/content.ts';
import { page, pageQuery } from '../../http/cursor.ts';
import { oneLine } from '../../http/free-text.ts';
import { InvoiceId } from '../../http/ids.ts';
import { inOrganisation } from '../../http/params.ts';
import { type Routes, rolesThatMay } from '../../http/route.ts';
import { changingRecords, readingRecords } from '../../platform/capabilities.ts';
import { Thousandths } from '../billing/money.ts';
import { LINES_MAX } from '../billing/rating.ts';
import { Period } from '../price-lists/price-list.ts';
import { Payment } from './invoice.ts';
import { InvoiceRun, RUNS_MAX } from './run.ts';
import { InvoiceRow, InvoiceView } from './views.ts';

const XML = 'application/xml';
const ofPeriod = z.strictObject({ period: Period });
const ofMonth = z.strictObject({ month: Period });
const ofInvoice = z.strictObject({ invoiceId: InvoiceId });
const format = z.strictObject({
  format: z.enum(['pdf', 'xml']).default('pdf').meta({ description: '`xml`: EHF Billing 3.0 (Peppol BIS).' }),
});
const Runs = z.strictObject({ items: z.array(InvoiceRun).max(RUNS_MAX) }).meta({ id: 'InvoiceRuns' });

const starting = {
  summary: 'Make the invoices of a month',
  description:
    'As drafts, which are sent to nobody. Repeating it makes those that are missing and none twice. The month must be over.',
  tag: 'Billing',
  method: 'POST',
  body: ofPeriod.meta({ id: 'NewInvoiceRun' }),
  success: { status: 202, body: InvoiceRun },
  problems: ['wrong-state', 'no-price-list'],
  needs: [...changingRecords, 'transient:write'],
  creates: true,
} as const;
const listingRuns = {
  summary: 'List the months that were invoiced, the newest first',
  tag: 'Billing',
  method: 'GET',
  success: { status: 200, body: Runs },
  problems: [],
  needs: readingRecords,
} as const;
const approving = {
  summary: 'Approve all drafts of a month',
  description:
    'They are numbered and sent within minutes. A draft that is not to go is put aside first. Once for each time that the ' +
    'month was asked for: drafts that are made later are approved when it has been asked for again.',
  tag: 'Billing',
  method: 'POST',
  success: { status: 202, body: InvoiceRun },
  problems: ['wrong-state'],
  needs: [...changingRecords, 'transient:write'],
  creates: true,
} as const;
const listing = {
  summary: 'List invoices and credit notes, the newest first',
  tag: 'Billing',
  method: 'GET',
  query: z.strictObject({ ...pageQuery }),
  success: { status: 200, body: page(InvoiceRow) },
  problems: [],
  needs: readingRecords,
} as const;
const reading = {
  summary: 'See an invoice or a credit note',
  tag: 'Billing',
  method: 'GET',
  success: { status: 200, body: InvoiceView },
  problems: ['invoice-not-found'],
  needs: readingRecords,
  versioned: true,
} as const;
const changing = {
  summary: 'Approve one draft, or put it aside',
  description: 'What is put aside is gone: its month can be made again.',
  tag: 'Billing',
  method: 'PUT',
  body: z.strictObject({ state: z.enum(['approved', 'put-aside']) }).meta({ id: 'InvoiceState' }),
  success: { status: 204 },
  problems: ['invoice-not-found', 'wrong-state'],
  needs: [...changingRecords, 'transient:write'],
  versioned: true,
} as const;
const crediting = {
  summary: 'Credit an invoice, or a part of it',
  description:
    'The credit note is numbered and sent within minutes. An invoice that was issued is never changed or removed: this is ' +
    'how a mistake is put right.',
  tag: 'Billing',
  method: 'POST',
  body: z
    .strictObject({
      reason: oneLine({ max: 200 }),
      lines: z
        .array(z.strictObject({ line: z.int().min(1).max(LINES_MAX), quantityThousandths: Thousandths }))
        .min(1)
        .max(LINES_MAX)
        .refine((lines) => new Set(lines.map(({ line }) => line)).size === lines.length, 'A line stands once.')
        .optional()
        .meta({ description: 'Absent: all that has not been credited yet.' }),
    })
    .meta({ id: 'NewCreditNote' }),
  success: { status: 201, body: InvoiceView },
  problems: ['invoice-not-found', 'wrong-state', 'credit-too-large', 'too-many', 'forbidden-content'],
  needs: [...changingRecords, 'transient:write'],
  creates: true,
} as const;
const paying = {
  summary: 'Record that an invoice was paid',
  description: 'Day and amount alone: neither cards nor the payer’s account are kept.',
  tag: 'Billing',
  method: 'POST',
  body: Payment.omit({ recordedAt: true }).meta({ id: 'NewPayment' }),
  success: { status: 201, body: InvoiceView },
  problems: ['invoice-not-found', 'wrong-state', 'too-many'],
  needs: changingRecords,
  creates: true,
} as const;
const fetching = {
  summary: 'Fetch an invoice as it was sent',
  description: 'The octets that were made when it was issued.',
  tag: 'Billing',
  method: 'GET',
  query: format,
  success: { status: 200, content: [PDF, XML] },
  problems: ['invoice-not-found', 'no-electronic-invoice'],
  needs: readingRecords,
} as const;

/** Every organisation that has an agreement has an organisation number, and so an address in Peppol. */
const alwaysElectronic = ['invoice-not-found'] as const;

const own = '/v1/organisations/{organisationId}';
const read = rolesThatMay('billing:read');
const manage = rolesThatMay('billing:manage');

/** An organisation and its customers. */
export const invoiceRoutes = {
  startInvoiceRun: { ...starting, path: `${own}/invoice-runs`, access: manage, params: inOrganisation },
  listInvoiceRuns: { ...listingRuns, path: `${own}/invoice-runs`, access: read, params: inOrganisation },
  approveInvoiceRun: {
    ...approving,
    path: `${own}/invoice-runs/{month}/approval`,
    access: manage,
    params: inOrganisation.extend(ofMonth.shape),
  },
  listInvoices: { ...listing, path: `${own}/invoices`, access: read, params: inOrganisation },
  getInvoice: {
    ...reading,
    path: `${own}/invoices/{invoiceId}`,
    access: read,
    params: inOrganisation.extend(ofInvoice.shape),
  },
  changeInvoiceState: {
    ...changing,
    path: `${own}/invoices/{invoiceId}/state`,
    access: manage,
    params: inOrganisation.extend(ofInvoice.shape),
  },
  creditInvoice: {
    ...crediting,
    path: `${own}/invoices/{invoiceId}/credit-notes`,
    access: manage,
    params: inOrganisation.extend(ofInvoice.shape),
  },
  recordPayment: {
    ...paying,
    path: `${own}/invoices/{invoiceId}/payments`,
    access: manage,
    params: inOrganisation.extend(ofInvoice.shape),
  },
  fetchInvoice: {
    ...fetching,
    path: `${own}/invoices/{invoiceId}/document`,
    access: read,
    params: inOrganisation.extend(ofInvoice.shape),
  },
} as const satisfies Routes;

const ofOperator = rolesThatMay('platform:billing:manage');

/** The operator and the organisations. */
export const operatorInvoiceRoutes = {
  startOperatorInvoiceRun: { ...starting, path: '/v1/platform/invoice-runs', access: ofOperator },
  listOperatorInvoiceRuns: { ...listingRuns, path: '/v1/platform/invoice-runs', access: ofOperator },
  approveOperatorInvoiceRun: {
    ...approving,
    path: '/v1/platform/invoice-runs/{month}/approval',
    access: ofOperator,
    params: ofMonth,
  },
  listOperatorInvoices: { ...listing, path: '/v1/platform/invoices', access: ofOperator },
  getOperatorInvoice: { ...reading, path: '/v1/platform/invoices/{invoiceId}', access: ofOperator, params: ofInvoice },
  changeOperatorInvoiceState: {
    ...changing,
    path: '/v1/platform/invoices/{invoiceId}/state',
    access: ofOperator,
    params: ofInvoice,
  },
  creditOperatorInvoice: {
    ...crediting,
    path: '/v1/platform/invoices/{invoiceId}/credit-notes',
    access: ofOperator,
    params: ofInvoice,
  },
  recordOperatorPayment: {
    ...paying,
    path: '/v1/platform/invoices/{invoiceId}/payments',
    access: ofOperator,
    params: ofInvoice,
  },
  fetchOperatorInvoice: {
    ...fetching,
    problems: alwaysElectronic,
    path: '/v1/platform/invoices/{invoiceId}/document',
    access: ofOperator,
    params: ofInvoice,
  },
} as const satisfies Routes;

const ofReceived = inOrganisation.extend(ofInvoice.shape);
const receiving = rolesThatMay('own-invoice:read');

/** What the operator has sent to an organisation. */
export const receivedInvoiceRoutes = {
  listReceivedInvoices: {
    ...listing,
    summary: 'List what Vern has invoiced the organisation',
    path: `${own}/received-invoices`,
    access: receiving,
    params: inOrganisation,
  },
  getReceivedInvoice: {
    ...reading,
    summary: 'See an invoice from Vern',
    path: `${own}/received-invoices/{invoiceId}`,
    access: receiving,
    params: ofReceived,
  },
  fetchReceivedInvoice: {
    ...fetching,
    summary: 'Fetch an invoice from Vern as it was sent',
    problems: alwaysElectronic,
    path: `${own}/received-invoices/{invoiceId}/document`,
    access: receiving,
    params: ofReceived,
  },
} as const satisfies Routes;
