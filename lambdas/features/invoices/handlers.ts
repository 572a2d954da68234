import type * as z from 'zod';
import type { Call } from '../../http/call.ts';
import { decodeCursor, encodeCursor, type List } from '../../http/cursor.ts';
import { InvoiceId, type OrganisationId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor, InputOf } from '../../http/route.ts';
import { dayIn } from '../../platform/calendar.ts';
import type { Issuer } from '../billing/issuer.ts';
import { listFor, type PriceList } from '../price-lists/price-list.ts';
import { type CreditWanted, credited, paid } from './decisions.ts';
import { CREDIT_NOTES_MAX, type Invoice, type InvoiceDocument, PAYMENTS_MAX } from './invoice.ts';
import { pdfOf } from './link-page.ts';
import { isLapsed, monthIn } from './month.ts';
import type { invoiceRoutes, operatorInvoiceRoutes, receivedInvoiceRoutes } from './routes.ts';
import type { InvoiceRun } from './run.ts';
import { type InvoiceRow, viewOf } from './views.ts';
import type { StoredInvoice } from './writes.ts';

export type Row = z.output<typeof InvoiceRow>;
interface Range {
  readonly limit: number;
  readonly after?: string;
}
export interface Rows {
  readonly rows: readonly Row[];
  readonly next?: string;
}

export interface InvoiceStore {
  timeZone(issuer: Issuer, call: Call): Promise<string>;
  priceLists(issuer: Issuer, call: Call): Promise<readonly PriceList[]>;
  /** Asks the worker for the month's drafts. */
  startRun(issuer: Issuer, run: InvoiceRun, call: Call): Promise<InvoiceRun>;
  runs(issuer: Issuer, call: Call): Promise<readonly InvoiceRun[]>;
  run(issuer: Issuer, period: string, call: Call): Promise<InvoiceRun | undefined>;
  /** Has the worker approve the month's drafts. */
  approveRun(issuer: Issuer, run: InvoiceRun, call: Call): Promise<InvoiceRun>;
  list(issuer: Issuer, range: Range, call: Call): Promise<Rows>;
  received(recipientId: OrganisationId, range: Range, call: Call): Promise<Rows>;
  find(issuer: Issuer, id: InvoiceId, call: Call): Promise<StoredInvoice | undefined>;
  document(issuer: Issuer, id: InvoiceId, call: Call): Promise<InvoiceDocument | undefined>;
  /** Lets the worker issue it. */
  approve(issuer: Issuer, stored: StoredInvoice, timeZone: string, call: Call): Promise<void>;
  putAside(issuer: Issuer, stored: StoredInvoice, timeZone: string, call: Call): Promise<void>;
  credit<A>(
    issuer: Issuer,
    stored: StoredInvoice,
    after: { readonly invoice: Invoice; readonly creditNote: Invoice; readonly timeZone: string },
    call: Call,
    answer: A,
  ): Promise<A>;
  pay<A>(issuer: Issuer, stored: StoredInvoice, after: Invoice, timeZone: string, call: Call, answer: A): Promise<A>;
}

type Handlers = HandlersFor<typeof invoiceRoutes & typeof operatorInvoiceRoutes & typeof receivedInvoiceRoutes, Call>;

export const invoiceHandlers = (store: InvoiceStore): Handlers => ({
  startInvoiceRun: ({ params, body }, call) => startRun(store, params.organisationId, body.period, call),
  listInvoiceRuns: async ({ params }, call) => ({ items: [...(await store.runs(params.organisationId, call))] }),
  approveInvoiceRun: ({ params }, call) => approveRun(store, params.organisationId, params.month, call),
  listInvoices: ({ params, query }, call) => list(store, params.organisationId, query, call),
  async getInvoice({ params }, call) {
    const { value, version } = await existing(store, params.organisationId, params.invoiceId, call);
    return viewOf(value, version);
  },
  changeInvoiceState: (input, call) => changeState(store, input.params.organisationId, input, call),
  creditInvoice: ({ params, body }, call) => credit(store, params.organisationId, params.invoiceId, body, call),
  recordPayment: ({ params, body }, call) => pay(store, params.organisationId, params.invoiceId, body, call),
  fetchInvoice: ({ params, query }, call) => fetchDocument(store, params.organisationId, params.invoiceId, query, call),

  startOperatorInvoiceRun: ({ body }, call) => startRun(store, 'operator', body.period, call),
  listOperatorInvoiceRuns: async (_input, call) => ({ items: [...(await store.runs('operator', call))] }),
  approveOperatorInvoiceRun: ({ params }, call) => approveRun(store, 'operator', params.month, call),
  listOperatorInvoices: ({ query }, call) => list(store, 'operator', query, call),
  async getOperatorInvoice({ params }, call) {
    const { value, version } = await existing(store, 'operator', params.invoiceId, call);
    return viewOf(value, version);
  },
  changeOperatorInvoiceState: (input, call) => changeState(store, 'operator', input, call),
  creditOperatorInvoice: ({ params, body }, call) => credit(store, 'operator', params.invoiceId, body, call),
  recordOperatorPayment: ({ params, body }, call) => pay(store, 'operator', params.invoiceId, body, call),
  fetchOperatorInvoice: ({ params, query }, call) => fetchDocument(store, 'operator', params.invoiceId, query, call),

  async listReceivedInvoices({ params: { organisationId }, query }, call) {
    const cursors: List = { name: 'received-invoices', filter: { organisationId } };
    const rows = await store.received(organisationId, rangeOf(cursors, query), call);
    return pageOf(cursors, rows);
  },
  async getReceivedInvoice({ params }, call) {
    const { value, version } = await received(store, params, call);
    return viewOf(value, version);
  },
  async fetchReceivedInvoice({ params, query }, call) {
    await received(store, params, call);
    return fetchDocument(store, 'operator', params.invoiceId, query, call);
  },
});

async function startRun(store: InvoiceStore, issuer: Issuer, period: string, call: Call): Promise<InvoiceRun> {
  const timeZone = await store.timeZone(issuer, call);
  const today = dayIn(timeZone, call.now);
  if (period >= monthIn(today)) throw new Problem('wrong-state', 'The month is not over.');
  // By then what says that it has been invoiced may be gone with the invoices themselves.
  if (isLapsed(period, today)) throw new Problem('wrong-state', 'What is three years old is invoiced no more.');
  if (!listFor(await store.priceLists(issuer, call), period)) throw new Problem('no-price-list');
  const requestedAt = call.now.toISOString();
  return store.startRun(issuer, { period, state: 'drafting', requestedAt, drafted: 0, existing: 0, nothing: 0 }, call);
}

/** The worker approves each draft in a change of its own, and issues it. */
async function approveRun(store: InvoiceStore, issuer: Issuer, period: string, call: Call): Promise<InvoiceRun> {
  const run = await store.run(issuer, period, call);
  if (run?.state !== 'drafted') throw new Problem('wrong-state', 'The drafts of this month are not made yet.');
  return store.approveRun(issuer, run, call);
}

async function list(
  store: InvoiceStore,
  issuer: Issuer,
  query: { limit: number; cursor?: string | undefined },
  call: Call,
) {
  const cursors: List = { name: 'invoices', filter: { issuer } };
  return pageOf(cursors, await store.list(issuer, rangeOf(cursors, query), call));
}

function rangeOf(cursors: List, { limit, cursor }: { limit: number; cursor?: string | undefined }): Range {
  const after = cursor === undefined ? undefined : decodeCursor(cursors, cursor, InvoiceId);
  return { limit, ...(after !== undefined && { after }) };
}

const pageOf = (cursors: List, { rows, next }: Rows) => ({
  items: [...rows],
  ...(next !== undefined && { next: encodeCursor(cursors, next) }),
});

async function existing(store: InvoiceStore, issuer: Issuer, id: InvoiceId, call: Call): Promise<StoredInvoice> {
  const stored = await store.find(issuer, id, call);
  if (!stored) throw new Problem('invoice-not-found');
  return stored;
}

/** Another organisation's, and what has not been issued, is not there for this one. */
async function received(
  store: InvoiceStore,
  { organisationId, invoiceId }: { readonly organisationId: OrganisationId; readonly invoiceId: InvoiceId },
  call: Call,
): Promise<StoredInvoice> {
  const stored = await existing(store, 'operator', invoiceId, call);
  const { recipient, number } = stored.value;
  if (recipient.id !== organisationId || number === undefined) throw new Problem('invoice-not-found');
  return stored;
}

async function changeState(
  store: InvoiceStore,
  issuer: Issuer,
  {
    params,
    body,
    ifMatch,
  }: Pick<InputOf<(typeof operatorInvoiceRoutes)['changeOperatorInvoiceState']>, 'params' | 'body' | 'ifMatch'>,
  call: Call,
): Promise<void> {
  const stored = await existing(store, issuer, params.invoiceId, call);
  if (stored.version !== ifMatch) throw new Problem('stale-version');
  if (stored.value.state !== 'draft') throw new Problem('wrong-state', 'Only a draft is approved or put aside.');
  const timeZone = await store.timeZone(issuer, call);
  if (body.state === 'approved') await store.approve(issuer, stored, timeZone, call);
  else await store.putAside(issuer, stored, timeZone, call);
}

async function credit(store: InvoiceStore, issuer: Issuer, id: InvoiceId, wanted: CreditWanted, call: Call) {
  const stored = await existing(store, issuer, id, call);
  const notes = new Set(stored.value.credited.map(({ creditNoteId }) => creditNoteId));
  if (notes.size >= CREDIT_NOTES_MAX) throw new Problem('too-many', `At most ${CREDIT_NOTES_MAX} credit notes.`);
  const timeZone = await store.timeZone(issuer, call);
  const after = credited(stored.value, wanted, call.newId('ivc'), dayIn(timeZone, call.now));
  return store.credit(issuer, stored, { ...after, timeZone }, call, viewOf(after.creditNote, 1));
}

async function pay(
  store: InvoiceStore,
  issuer: Issuer,
  id: InvoiceId,
  payment: Omit<Invoice['payments'][number], 'recordedAt'>,
  call: Call,
) {
  const stored = await existing(store, issuer, id, call);
  if (stored.value.payments.length >= PAYMENTS_MAX) throw new Problem('too-many', `At most ${PAYMENTS_MAX} payments.`);
  const timeZone = await store.timeZone(issuer, call);
  if (payment.paidOn > dayIn(timeZone, call.now)) throw new Problem('wrong-state', 'Nobody has paid in the future.');
  const after = paid(stored.value, { ...payment, recordedAt: call.now.toISOString() });
  return store.pay(issuer, stored, after, timeZone, call, viewOf(after, stored.version + 1));
}

async function fetchDocument(
  store: InvoiceStore,
  issuer: Issuer,
  id: InvoiceId,
  { format }: { readonly format: 'pdf' | 'xml' },
  call: Call,
) {
  const document = await store.document(issuer, id, call);
  if (!document) throw new Problem('invoice-not-found', 'Only what was issued has a document.');
  if (format === 'pdf') return pdfOf(document, id);
  if (document.xml === undefined) throw new Problem('no-electronic-invoice');
  return { contentType: 'application/xml', content: document.xml, filename: `${id}.xml` };
}
