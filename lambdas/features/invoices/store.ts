import { InvoiceId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { Pointer } from '../../platform/records.ts';
import { issuerOwner } from '../billing/issuer.ts';
import { priceListStore } from '../price-lists/store.ts';
import type { InvoiceStore } from './handlers.ts';
import { documentRef, invoicePointers } from './invoice.ts';
import { timeZoneOf } from './recipients.ts';
import { approvedKey, jobRow, RUNS_MAX, runIn, runKey, runRow } from './run.ts';
import { InvoiceRow } from './views.ts';
import { addInvoice, approve, findInvoice, putAside, saveInvoice } from './writes.ts';

export const invoiceStore: InvoiceStore = {
  timeZone: timeZoneOf,
  priceLists: priceListStore.list,
  find: findInvoice,

  startRun: (issuer, run, { records, now }) =>
    records
      .change()
      .point(runRow(issuer, run))
      .point(jobRow({ do: 'draft', issuer, period: run.period }, now))
      .activity({ event: 'invoice-run.started', subject: issuerOwner(issuer), detail: { period: run.period } })
      .commit(run),

  async runs(issuer, { records }) {
    const { pk } = runKey(issuer, '');
    const { items } = await records.pointers('core', pk, { limit: RUNS_MAX, newestFirst: true });
    return items.map(runIn);
  },

  async run(issuer, period, { records }) {
    const [row] = await records.pointersAt([runKey(issuer, period)]);
    return row && runIn(row);
  },

  approveRun: (issuer, run, { records, now }) =>
    records
      .change()
      .point(approvedKey(issuer, run), {
        ifNew: () => new Problem('wrong-state', 'The drafts of this month have been approved.'),
      })
      .point(jobRow({ do: 'approve', issuer, period: run.period, round: run.requestedAt }, now))
      .activity({ event: 'invoice-run.approved', subject: issuerOwner(issuer), detail: { period: run.period } })
      .commit(run),

  async list(issuer, range, { records }) {
    const { pk } = invoicePointers.all(issuer, '');
    const { items, next } = await records.pointers('core', pk, { ...range, newestFirst: true });
    return { rows: items.map(rowIn), ...(next !== undefined && { next }) };
  },

  async received(recipientId, { limit, after }, { records }) {
    const { pk, sk } = invoicePointers.received('operator', recipientId, '');
    const range = { prefix: sk, limit, newestFirst: true, ...(after !== undefined && { after: `${sk}${after}` }) };
    const page = await records.pointers('core', pk, range);
    const ids = page.items.map((row) => InvoiceId.parse(row.sk.slice(sk.length)));
    const rows = await records.pointersAt(ids.map((id) => invoicePointers.all('operator', id)));
    return {
      rows: rows.flatMap((row) => (row ? [rowIn(row)] : [])),
      ...(page.next !== undefined && { next: page.next.slice(sk.length) }),
    };
  },

  document: async (issuer, id, { records }) => (await records.get(documentRef(issuer, id)))?.value,

  async approve(issuer, stored, timeZone, call) {
    await approve(issuer, stored, timeZone, call);
  },

  async putAside(issuer, stored, timeZone, { records }) {
    const change = records.change();
    putAside(change, issuer, stored, timeZone);
    const about = [stored.value.id];
    await change.activity({ event: 'invoice.put-aside', subject: issuerOwner(issuer), about }).commit();
  },

  credit(issuer, stored, { invoice, creditNote, timeZone }, { records, now }, answer) {
    const change = records.change().point(jobRow({ do: 'issue', issuer, invoiceId: creditNote.id }, now));
    saveInvoice(change, issuer, stored, invoice, timeZone);
    addInvoice(change, issuer, creditNote, timeZone);
    const about = [invoice.id, creditNote.id];
    const detail = { payableOre: creditNote.totals.payableOre };
    return change.activity({ event: 'invoice.credited', subject: issuerOwner(issuer), about, detail }).commit(answer);
  },

  pay(issuer, stored, after, timeZone, { records }, answer) {
    const change = records.change();
    saveInvoice(change, issuer, stored, after, timeZone);
    const detail = { amountOre: after.payments.at(-1)?.amountOre ?? 0, state: after.state };
    return change
      .activity({ event: 'invoice.paid', subject: issuerOwner(issuer), about: [after.id], detail })
      .commit(answer);
  },
};

const rowIn = ({ sk, attributes }: Pointer) => InvoiceRow.parse({ ...attributes, id: sk });
