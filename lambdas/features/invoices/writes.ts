import type { Call } from '../../http/call.ts';
import type { InvoiceId } from '../../http/ids.ts';
import { dependantPointers } from '../../platform/entity.ts';
import type { Change, Stored } from '../../platform/records.ts';
import { type Issuer, issuerOwner } from '../billing/issuer.ts';
import { eraseOn, retentionPointers } from '../retention/due-index.ts';
import { dueDay } from '../retention/policy.ts';
import { terms } from '../retention/terms.ts';
import {
  entityFor,
  type Invoice,
  type invoiceEntity,
  invoiceOwner,
  invoicePointers,
  invoiceRef,
  listed,
  type operatorInvoiceEntity,
  rowsOfInvoice,
} from './invoice.ts';
import { jobRow } from './run.ts';

export type StoredInvoice = Stored<typeof invoiceEntity | typeof operatorInvoiceEntity>;

/** One round trip: an invoice's partition holds one of them. */
export async function findInvoice(
  issuer: Issuer,
  id: InvoiceId,
  { records }: Call,
): Promise<StoredInvoice | undefined> {
  const page = await records.list(entityFor(issuer), invoiceOwner(issuer, id), { limit: 1 });
  return page.items[0];
}

/** The day on which its key goes: five years after the end of the accounting year (bokføringsloven section 13). */
const erasedOn = ({ issuedOn, createdOn }: Invoice, timeZone: string) =>
  dueDay(terms.invoice, issuedOn ?? createdOn, timeZone);

/** A new draft, or a new credit note, with every row that leads to it (six writes at most). */
export function addInvoice(change: Change, issuer: Issuer, invoice: Invoice, timeZone: string): void {
  const { id, state } = invoice;
  change.put(invoiceRef(issuer, invoice), invoice, 'new').point(listed(issuer, invoice));
  if (state === 'approved') change.point(invoicePointers.open(issuer, id));
  // The operator itself never ends; at the end of an organisation its invoices go with it.
  if (issuer !== 'operator') change.point(dependantPointers.subject(issuerOwner(issuer), id));
  endLater(change, issuer, id, erasedOn(invoice, timeZone));
}

/** The invoice as it is now (five writes at most). */
export function saveInvoice(
  change: Change,
  issuer: Issuer,
  stored: StoredInvoice,
  after: Invoice,
  timeZone: string,
): void {
  const { id } = after;
  change.put(stored.ref, after, { version: stored.version }).point(listed(issuer, after));
  const { dueOn } = after;
  const isOpen = after.state === 'approved' || (after.state === 'issued' && after.kind === 'invoice');
  if (isOpen)
    change.point({ ...invoicePointers.open(issuer, id), ...(dueOn !== undefined && { attributes: { dueOn } }) });
  else change.unpoint(invoicePointers.open(issuer, id));
  const [before, now] = [erasedOn(stored.value, timeZone), erasedOn(after, timeZone)];
  if (before === now) return;
  change.unpoint(retentionPointers.due(issuer, before, id));
  endLater(change, issuer, id, now);
}

/** Lets the worker issue a draft (eight writes at most). */
export async function approve(
  issuer: Issuer,
  stored: StoredInvoice,
  timeZone: string,
  { records, now }: Call,
): Promise<void> {
  const { id } = stored.value;
  const change = records.change().point(jobRow({ do: 'issue', issuer, invoiceId: id }, now));
  saveInvoice(change, issuer, stored, { ...stored.value, state: 'approved' }, timeZone);
  await change.activity({ event: 'invoice.approved', subject: issuerOwner(issuer), about: [id] }).commit();
}

const endLater = (change: Change, issuer: Issuer, id: InvoiceId, day: string) =>
  eraseOn(change, { owner: invoiceOwner(issuer, id), of: issuerOwner(issuer), classes: ['invoice'] }, day);

/** A draft that nobody wants: nothing of it was said to anybody. Its month can be made anew. */
export function putAside(
  change: Change,
  issuer: Issuer,
  { ref, version, value }: StoredInvoice,
  timeZone: string,
): void {
  change.remove(ref, { version });
  for (const row of rowsOfInvoice(issuer, value.id, invoiceRef(issuer, value).key)) change.unpoint(row);
  change.unpoint(retentionPointers.due(issuer, erasedOn(value, timeZone), value.id));
  if (issuer !== 'operator') change.unpoint(dependantPointers.subject(issuerOwner(issuer), value.id));
}
