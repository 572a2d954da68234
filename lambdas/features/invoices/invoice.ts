import * as z from 'zod';
import { oneLine } from '../../http/free-text.ts';
import { CustomerId, InvoiceId, OrganisationId, PriceListId } from '../../http/ids.ts';
import { entity, type Owner } from '../../platform/entity.ts';
import type { Pointer, PointerKey } from '../../platform/records.ts';
import { PostalAddress, Seller } from '../billing/account-number.ts';
import type { Issuer } from '../billing/issuer.ts';
import { ORE_MAX, Ore, oreBetween } from '../billing/money.ts';
import { LINES_MAX, Line, Totals } from '../billing/rating.ts';
import { OrganisationNumber } from '../organisations/organisation-number.ts';
import { PlainDate } from '../people/person.ts';
import { Period } from '../price-lists/price-list.ts';

const Instant = z.iso.datetime();

export const PAYMENTS_MAX = 50;
export const REMINDERS_MAX = 2;
export const CREDIT_NOTES_MAX = 20;

/** Who is to pay: a company. No person is named; whoever gets the mail is looked up when it is sent. */
export const Recipient = z.strictObject({
  id: z.union([OrganisationId, CustomerId]),
  name: oneLine({ max: 160 }),
  organisationNumber: OrganisationNumber.optional(),
  address: PostalAddress.optional(),
  language: z.enum(['nb', 'en']),
});
export type Recipient = z.output<typeof Recipient>;
export type RecipientId = Recipient['id'];

/** `draft` and `approved` can be put aside; from `issued` on nothing that was said is ever changed. */
export const invoiceStates = ['draft', 'approved', 'issued', 'paid', 'credited'] as const;

export const Payment = z.strictObject({
  paidOn: PlainDate,
  amountOre: oreBetween(1, ORE_MAX),
  recordedAt: Instant,
});
export type Payment = z.output<typeof Payment>;
const Reminder = z.strictObject({ on: PlainDate, feeOre: Ore, payBy: PlainDate });
/** What a credit note took off one line. */
const Credited = z.strictObject({
  creditNoteId: InvoiceId,
  line: z.int().min(1).max(LINES_MAX),
  quantityThousandths: z.int().min(1),
  netOre: Ore,
});

/** An invoice or a credit note (positive amounts, as EN 16931 has them) in Norwegian kroner. */
export const Invoice = z.strictObject({
  id: InvoiceId,
  kind: z.enum(['invoice', 'credit-note']),
  state: z.enum(invoiceStates),
  recipient: Recipient,
  seller: Seller,
  priceListId: PriceListId,
  /** The month that it is for; absent on what was made by hand, and on a credit note. */
  period: Period.optional(),
  paymentDays: z.int(),
  kidAlgorithm: z.enum(['mod10', 'mod11']),
  reminderFeeOre: Ore,
  lines: z.array(Line).min(1).max(LINES_MAX),
  totals: Totals,
  createdOn: PlainDate,
  /** Of a credit note: what it is about, and why. */
  credits: z
    .strictObject({ invoiceId: InvoiceId, number: z.int(), issuedOn: PlainDate, reason: oneLine({ max: 200 }) })
    .optional(),
  /** From here on since it was issued. */
  number: z.int().min(1).optional(),
  issuedOn: PlainDate.optional(),
  dueOn: PlainDate.optional(),
  kid: z
    .string()
    .regex(/^\d{9}[\d-]$/)
    .optional(),
  credited: z.array(Credited).max(LINES_MAX * CREDIT_NOTES_MAX),
  creditedOre: Ore,
  payments: z.array(Payment).max(PAYMENTS_MAX),
  reminders: z.array(Reminder).max(REMINDERS_MAX),
});
export type Invoice = z.output<typeof Invoice>;

/** What was sent, octet by octet: never made again from what stands above. */
export const InvoiceDocument = z.strictObject({
  pdf: z.base64(),
  /** EHF Billing 3.0 (Peppol BIS); absent where the recipient has no organisation number, and so no address in Peppol. */
  xml: z.string().optional(),
  /** SHA-256 of both, in hexadecimal; it stands beside the number as well. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type InvoiceDocument = z.output<typeof InvoiceDocument>;

const law = 'Bookkeeping Act (bokføringsloven), section 13';
const shared = {
  table: 'core',
  schemaVersion: 1,
  article9: 'none',
  source: 'controller',
  retentionClass: 'invoice',
  exported: 'copy',
  onErasure: { keepUntil: "5 years after the accounting year's end", law },
} as const;
const ofOrganisation = { ...shared, ourRole: 'processor', legalBasis: 'controllers-agreement' } as const;
const ofOperator = { ...shared, ourRole: 'controller', legalBasis: 'legal-obligation' } as const;
const purpose = 'to be paid, and to keep the accounts that the law demands';

export const invoiceEntity = entity({
  ...ofOrganisation,
  name: 'invoice',
  sortKey: 'INVOICE',
  schema: Invoice,
  purpose,
});
export const invoiceDocumentEntity = entity({
  ...ofOrganisation,
  name: 'invoice-document',
  sortKey: 'INVOICE-DOCUMENT',
  schema: InvoiceDocument,
  purpose,
});
/** What the operator sends to organisations: it is the controller (KP-01). */
export const operatorInvoiceEntity = entity({
  ...ofOperator,
  name: 'operator-invoice',
  sortKey: 'INVOICE',
  schema: Invoice,
  purpose,
});
export const operatorInvoiceDocumentEntity = entity({
  ...ofOperator,
  name: 'operator-invoice-document',
  sortKey: 'INVOICE-DOCUMENT',
  schema: InvoiceDocument,
  purpose,
});

/** Each is a subject of its own: what becomes of its recipient does not touch it, and its key goes with its own term. */
export const invoiceOwner = (issuer: Issuer, id: InvoiceId): Owner => ({ controller: issuer, subject: id });
export const entityFor = (issuer: Issuer): typeof invoiceEntity | typeof operatorInvoiceEntity =>
  issuer === 'operator' ? operatorInvoiceEntity : invoiceEntity;

/** Its key says for whom and for which month it is, so that all rows that lead to it follow from its own. */
export const invoiceRef = (issuer: Issuer, { id, recipient, period }: Pick<Invoice, 'id' | 'recipient' | 'period'>) =>
  ({
    entity: entityFor(issuer),
    owner: invoiceOwner(issuer, id),
    key: `${period ?? BY_HAND}#${recipient.id}`,
  }) as const;
const BY_HAND = 'by-hand';
export const documentRef = (issuer: Issuer, id: InvoiceId) =>
  ({
    entity: issuer === 'operator' ? operatorInvoiceDocumentEntity : invoiceDocumentEntity,
    owner: invoiceOwner(issuer, id),
  }) as const;

/** Digits of a number in a sort key. */
const NUMBER_DIGITS = 9;

export const invoicePointers = {
  /** Every invoice of an issuer, in the order of their making. Attributes: {@link listed}. */
  all: (issuer: Issuer, id: InvoiceId | '') => ({ table: 'core', pk: `${issuer}#INVOICES`, sk: id }) as const,
  /** What is approved and not issued yet, or issued and not paid. Attributes: `dueOn`; after a restore `number`, `givenAt`. */
  open: (issuer: Issuer, id: InvoiceId | '') => ({ table: 'core', pk: `${issuer}#INVOICES-OPEN`, sk: id }) as const,
  /** What a recipient has got. */
  received: (issuer: Issuer, recipientId: RecipientId, id: InvoiceId | '') =>
    ({ table: 'core', pk: `${issuer}#INVOICES-RECEIVED`, sk: `${recipientId}#${id}` }) as const,
  /** That a month of a recipient has been invoiced: once. Attribute: `invoiceId`. */
  inRun: (issuer: Issuer, period: string, recipientId: RecipientId | '') =>
    ({ table: 'core', pk: `${issuer}#INVOICE-RUN`, sk: `${period}#${recipientId}` }) as const,
  /**
   * The numbers that were given, in a row without gaps: each needs the one before it. Attributes: `invoiceId`, `sha256`.
   * They stay when an invoice's term is over, so that no number is ever given twice.
   */
  number: (issuer: Issuer, number: number) =>
    ({
      table: 'core',
      pk: `${issuer}#INVOICE-NUMBERS`,
      sk: String(number).padStart(NUMBER_DIGITS, '0'),
    }) as const,
};

/** How the list shows an invoice: ids, codes, days and amounts. */
export const listed = (issuer: Issuer, invoice: Invoice): Pointer => {
  const { id, kind, state, recipient, period, number, dueOn, totals } = invoice;
  return {
    ...invoicePointers.all(issuer, id),
    attributes: {
      kind,
      state,
      recipientId: recipient.id,
      payableOre: totals.payableOre,
      ...(period !== undefined && { period }),
      ...(number !== undefined && { number }),
      ...(dueOn !== undefined && { dueOn }),
    },
  };
};

/** Every row that leads to an invoice, by the key of its own: what an erasure at the end of its term takes with it. Pure. */
export function rowsOfInvoice(issuer: Issuer, id: InvoiceId, key: string): PointerKey[] {
  const [period = '', recipient = ''] = key.split('#');
  const recipientId = Recipient.shape.id.safeParse(recipient).data;
  return [
    invoicePointers.all(issuer, id),
    invoicePointers.open(issuer, id),
    ...(recipientId ? [invoicePointers.received(issuer, recipientId, id)] : []),
    ...(recipientId && period !== BY_HAND ? [invoicePointers.inRun(issuer, period, recipientId)] : []),
  ];
}
