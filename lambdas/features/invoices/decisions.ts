import type { InvoiceId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { daysAfter } from '../../platform/calendar.ts';
import { kidOf } from '../billing/kid.ts';
import { type Ore, ore, priceOf, sumOf } from '../billing/money.ts';
import { type Line, totalsOf } from '../billing/rating.ts';
import { type Invoice, type Payment, REMINDERS_MAX } from './invoice.ts';

/** Inkassoloven section 9, and inkassoforskriften section 1-2: a fee only when payment is so late, and so long to pay. */
const REMINDER_DAYS = 14;

/** What is still to be paid, with the fees of its reminders; nought for what is credited as a whole. Pure. */
export function outstandingOre(invoice: Invoice): Ore {
  const { kind, state, totals, creditedOre, payments, reminders } = invoice;
  if (kind === 'credit-note' || state === 'credited') return ore(0);
  const fees = sumOf(reminders.map(({ feeOre }) => feeOre));
  const paid = sumOf(payments.map(({ amountOre }) => amountOre));
  return ore(totals.payableOre + fees - creditedOre - paid);
}

/** With its number and its days. Throws `wrong-state` for what is not approved. Pure. */
export function issued(invoice: Invoice, number: number, today: string): Invoice {
  if (invoice.state !== 'approved') throw new Problem('wrong-state', 'Only what is approved is issued.');
  if (invoice.kind === 'credit-note') return { ...invoice, state: 'issued', number, issuedOn: today };
  return {
    ...invoice,
    state: 'issued',
    number,
    issuedOn: today,
    dueOn: daysAfter(today, invoice.paymentDays),
    kid: kidOf(number, invoice.kidAlgorithm),
  };
}

/** Throws `wrong-state` for what has not been issued, and for a credit note. Pure. */
export function paid(invoice: Invoice, payment: Payment): Invoice {
  if (invoice.kind !== 'invoice' || (invoice.state !== 'issued' && invoice.state !== 'paid')) {
    throw new Problem('wrong-state', 'Only an invoice that was issued is paid.');
  }
  const after: Invoice = { ...invoice, payments: [...invoice.payments, payment] };
  return { ...after, state: outstandingOre(after) <= 0 ? 'paid' : 'issued' };
}

export interface CreditWanted {
  readonly reason: string;
  /** Absent: all that is left of every line. */
  readonly lines?: readonly { readonly line: number; readonly quantityThousandths: number }[] | undefined;
}

/**
 * A credit note on some or all of an invoice, and the invoice with what is credited taken off at once, so that no two
 * notes credit the same. Throws `wrong-state`, and `credit-too-large` for more than is left of a line. Pure.
 */
export function credited(
  invoice: Invoice,
  wanted: CreditWanted,
  creditNoteId: InvoiceId,
  today: string,
): { readonly invoice: Invoice; readonly creditNote: Invoice } {
  const { kind, state, number, issuedOn } = invoice;
  if (kind !== 'invoice' || number === undefined || issuedOn === undefined || state === 'credited') {
    throw new Problem('wrong-state', 'Only an invoice that was issued is credited.');
  }
  const lines = (wanted.lines ?? wholeOf(invoice)).map((one) => creditedLine(invoice, one));
  if (lines.length === 0) throw new Problem('credit-too-large', 'Nothing is left to credit.');
  const numbered = lines.map((line, i) => ({ ...line, number: i + 1 }));
  const totals = totalsOf(numbered);
  const after: Invoice = {
    ...invoice,
    credited: [
      ...invoice.credited,
      ...lines.map(({ number: line, quantityThousandths, netOre }) => ({
        creditNoteId,
        line,
        quantityThousandths,
        netOre,
      })),
    ],
    creditedOre: ore(invoice.creditedOre + totals.payableOre),
  };
  return {
    invoice: { ...after, state: stateAfterCredit(after) },
    creditNote: {
      id: creditNoteId,
      kind: 'credit-note',
      state: 'approved',
      recipient: invoice.recipient,
      seller: invoice.seller,
      priceListId: invoice.priceListId,
      paymentDays: invoice.paymentDays,
      kidAlgorithm: invoice.kidAlgorithm,
      reminderFeeOre: invoice.reminderFeeOre,
      lines: numbered,
      totals,
      createdOn: today,
      credits: { invoiceId: invoice.id, number, issuedOn, reason: wanted.reason },
      credited: [],
      creditedOre: ore(0),
      payments: [],
      reminders: [],
    },
  };
}

const stateAfterCredit = (invoice: Invoice): Invoice['state'] => {
  if (wholeOf(invoice).length === 0) return 'credited';
  return outstandingOre(invoice) <= 0 ? 'paid' : 'issued';
};

/** What is left of each line. */
const wholeOf = (invoice: Invoice) =>
  invoice.lines
    .map((line) => ({ line: line.number, quantityThousandths: leftOf(invoice, line).quantityThousandths }))
    .filter(({ quantityThousandths }) => quantityThousandths > 0);

function leftOf({ credited: before }: Invoice, line: Line) {
  const earlier = before.filter((one) => one.line === line.number);
  const taken = earlier.reduce((sum, one) => sum + one.quantityThousandths, 0);
  const takenOre = sumOf(earlier.map((one) => one.netOre));
  return { quantityThousandths: line.quantityThousandths - taken, netOre: ore(line.netOre - takenOre) };
}

/** The last part of a line takes the øre that rounding has left, so that the parts are as much as the whole. */
function creditedLine(invoice: Invoice, wanted: { readonly line: number; readonly quantityThousandths: number }): Line {
  const line = invoice.lines.find(({ number }) => number === wanted.line);
  if (!line) throw new Problem('credit-too-large', 'The invoice has no such line.');
  const left = leftOf(invoice, line);
  if (wanted.quantityThousandths > left.quantityThousandths) throw new Problem('credit-too-large');
  const isRest = wanted.quantityThousandths === left.quantityThousandths;
  // Rounded up again and again, the parts of a cheap line would be more than is left of it.
  const part = Math.min(priceOf(wanted.quantityThousandths, line.unitPriceOre), left.netOre);
  const netOre = isRest ? left.netOre : ore(part);
  return { ...line, quantityThousandths: wanted.quantityThousandths, netOre };
}

/**
 * The invoice with its next reminder; undefined when none is due today. At most two, each with the fee of the price list
 * and fourteen days to pay: the first fourteen days after the due date, the second when that time is over. Pure.
 */
export function reminded(invoice: Invoice, today: string): Invoice | undefined {
  const { kind, state, dueOn, reminders, reminderFeeOre: feeOre } = invoice;
  if (kind !== 'invoice' || state !== 'issued' || dueOn === undefined || outstandingOre(invoice) <= 0) return undefined;
  if (reminders.length >= REMINDERS_MAX) return undefined;
  const last = reminders.at(-1);
  const dueFrom = last ? daysAfter(last.payBy, 1) : daysAfter(dueOn, REMINDER_DAYS);
  if (today < dueFrom) return undefined;
  return { ...invoice, reminders: [...reminders, { on: today, feeOre, payBy: daysAfter(today, REMINDER_DAYS) }] };
}
