import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Call } from '../../http/call.ts';
import type { InvoiceId } from '../../http/ids.ts';
import { dayIn } from '../../platform/calendar.ts';
import { StaleVersion } from '../../platform/records.ts';
import { type Issuer, issuerOwner } from '../billing/issuer.ts';
import { issued } from './decisions.ts';
import { documentRef, type Invoice, type InvoiceDocument, invoicePointers } from './invoice.ts';
import { invoicePdf } from './pdf.ts';
import { tellRecipient, timeZoneOf } from './recipients.ts';
import { jobKey } from './run.ts';
import { ublOf } from './ubl.ts';
import { findInvoice, saveInvoice } from './writes.ts';

/** Whoever issues beside us takes the number that we wanted: each try takes the next. */
const TRIES_MAX = 50;
const PAUSE_MILLISECONDS_MAX = 50;

/** The number was taken meanwhile. */
class NumberTaken extends Error {
  override readonly name = 'NumberTaken';
}
const numberTaken = () => new NumberTaken('Another invoice has this number');

/**
 * Gives an approved invoice its number and its documents, in one transaction: the row of the number must be new, and the
 * row of the number before it must be there. So there is no gap and no double, whoever runs at once and whatever crashes.
 * False when it is not there to be issued (any more).
 */
export async function issueInvoice(issuer: Issuer, id: InvoiceId, openCall: () => Call): Promise<boolean> {
  for (let tries = 1; ; tries++) {
    try {
      return await issueOnce(issuer, id, openCall());
    } catch (error) {
      if (error instanceof StaleVersion) return false;
      if (!(error instanceof NumberTaken) || tries >= TRIES_MAX) throw error;
      await new Promise((done) => setTimeout(done, pauseMilliseconds(id, tries)));
    }
  }
}

/** By the id, so that two that met do not meet again: the clock and chance are not for features. */
const pauseMilliseconds = (id: InvoiceId, tries: number) =>
  createHash('sha256').update(`${id}#${tries}`).digest().readUInt8() % PAUSE_MILLISECONDS_MAX;

/** Of what waits to be issued: the number that it has already (after-restore.ts). */
const Kept = z.object({ number: z.int().min(1), givenAt: z.iso.datetime() });

async function issueOnce(issuer: Issuer, id: InvoiceId, call: Call): Promise<boolean> {
  const { records } = call;
  const { pk } = invoicePointers.number(issuer, 1);
  const [stored, numbers, timeZone, [open]] = await Promise.all([
    findInvoice(issuer, id, call),
    records.pointers('core', pk, { limit: 1, newestFirst: true }),
    timeZoneOf(issuer, call),
    records.pointersAt([invoicePointers.open(issuer, id)]),
  ]);
  const change = records.change().unpoint(jobKey({ do: 'issue', issuer, invoiceId: id }));
  if (stored?.value.state !== 'approved') return false;
  const last = Number(numbers.items[0]?.sk ?? 0);
  // It had one before a restore, and is issued as it was then.
  const kept = Kept.safeParse(open?.attributes).data;
  const number = kept?.number ?? last + 1;
  const invoice = issued(stored.value, number, dayIn(timeZone, kept ? new Date(kept.givenAt) : call.now));
  const document = await documentOf(invoice);
  saveInvoice(change, issuer, stored, invoice, timeZone);
  const attributes = { invoiceId: id, sha256: document.sha256 };
  change
    .put(documentRef(issuer, id), document, 'new')
    .point(invoicePointers.received(issuer, invoice.recipient.id, id));
  if (kept) change.requirePresent(invoicePointers.number(issuer, number), numberTaken);
  else {
    change.point({ ...invoicePointers.number(issuer, number), attributes }, { ifNew: numberTaken });
    if (last > 0) change.requirePresent(invoicePointers.number(issuer, last), numberTaken);
  }
  await tellRecipient(change, issuer, invoice, 'invoice-ready', call);
  await change
    .activity({
      event: invoice.kind === 'invoice' ? 'invoice.issued' : 'invoice.credit-note-issued',
      subject: issuerOwner(issuer),
      about: [id, invoice.recipient.id],
      detail: { number, sha256: document.sha256 },
    })
    .commit();
  return true;
}

/** Made of what the invoice says alone: the same one has the same octets. */
async function documentOf(invoice: Invoice): Promise<InvoiceDocument> {
  const pdf = await invoicePdf(invoice);
  const xml = ublOf(invoice);
  const hash = createHash('sha256').update(pdf);
  if (xml !== undefined) hash.update(xml);
  return {
    pdf: Buffer.from(pdf).toString('base64'),
    ...(xml !== undefined && { xml }),
    sha256: hash.digest('hex'),
  };
}
