import { describe, expect, it } from 'vitest';
import { decimal } from '../../../lambdas/features/billing/money.ts';
import type { VatCode } from '../../../lambdas/features/billing/vat.ts';
import { credited, issued } from '../../../lambdas/features/invoices/decisions.ts';
import type { Invoice } from '../../../lambdas/features/invoices/invoice.ts';
import { invoicePdf } from '../../../lambdas/features/invoices/pdf.ts';
import { ublOf } from '../../../lambdas/features/invoices/ubl.ts';
import { anId } from '../../support/store.ts';
import { customersPriceList, operatorsPriceList } from './price-lists.ts';
import { anIssuedInvoice } from './sample.ts';
import { type Element, elementsOf, parseXml, textAt } from './xml.ts';

const base = anIssuedInvoice();
const withVat = (vat: VatCode) =>
  anIssuedInvoice({ items: operatorsPriceList.items.map((item, i) => (i === 0 ? { ...item, vat } : item)) });
const outside = anIssuedInvoice({
  items: operatorsPriceList.items.map((item) => ({ ...item, vat: 'outside' as const })),
  seller: { ...operatorsPriceList.seller, isVatRegistered: false },
});
const noteOn = (lines?: { line: number; quantityThousandths: number }[]): Invoice => {
  const wanted = { reason: 'Feil & <rett>', ...(lines && { lines }) };
  return issued(credited(base, wanted, anId('ivc'), '2026-11-05').creditNote, 1235, '2026-11-05');
};
const documents: readonly (readonly [string, Invoice])[] = [
  ['an invoice of two rates of use', base],
  ['an invoice of subscriptions and hours, at two rates of VAT', anIssuedInvoice(customersPriceList)],
  ...(['vat-12', 'vat-0', 'exempt', 'reverse-charge'] as const).map(
    (vat) => [`one with ${vat}`, withVat(vat)] as const,
  ),
  ['one outside of VAT', outside],
  ['a credit note on the whole', noteOn()],
  ['a credit note on a part', noteOn([{ line: 2, quantityThousandths: 333 }])],
];

const øre = (element: Element | undefined, path: string) => Math.round(Number(textAt(element, path)) * 100);
const rootOf = (invoice: Invoice) => parseXml(ublOf(invoice) ?? '');

/**
 * The rules of EN 16931 and of Peppol BIS Billing 3.0 that amounts and parties rest on, by their own numbers. The whole
 * of both rule sets (Schematron) was run over these same documents when this was written; see decision 0022.
 */
describe.each(documents)('%s', (_, invoice) => {
  const root = rootOf(invoice);
  const lineName = invoice.kind === 'invoice' ? 'cac:InvoiceLine' : 'cac:CreditNoteLine';
  const quantityName = invoice.kind === 'invoice' ? 'cbc:InvoicedQuantity' : 'cbc:CreditedQuantity';
  const lines = elementsOf(root, lineName);
  const subtotals = elementsOf(root, 'cac:TaxTotal/cac:TaxSubtotal');
  const total = elementsOf(root, 'cac:LegalMonetaryTotal')[0];

  it('adds up: BR-CO-10, -13, -14, -15, -16, and each line by PEPPOL-EN16931-R120', () => {
    const sum = lines.reduce((all, line) => all + øre(line, 'cbc:LineExtensionAmount'), 0);
    expect(øre(total, 'cbc:LineExtensionAmount')).toBe(sum);
    expect(øre(total, 'cbc:TaxExclusiveAmount')).toBe(sum);
    const vat = subtotals.reduce((all, one) => all + øre(one, 'cbc:TaxAmount'), 0);
    expect(øre(root, 'cac:TaxTotal/cbc:TaxAmount')).toBe(vat);
    expect(øre(total, 'cbc:TaxInclusiveAmount')).toBe(sum + vat);
    expect(øre(total, 'cbc:PayableAmount')).toBe(sum + vat);
    for (const line of lines) {
      const exact = Number(textAt(line, quantityName)) * Number(textAt(line, 'cac:Price/cbc:PriceAmount'));
      expect(Math.abs(exact * 100 - øre(line, 'cbc:LineExtensionAmount'))).toBeLessThanOrEqual(2);
    }
  });

  it('charges each rate on the sum of its lines, once: BR-CO-17, -18, BR-S-08', () => {
    expect(subtotals.length).toBeGreaterThan(0);
    const keyOf = (category: Element | undefined) => `${textAt(category, 'cbc:ID')} ${textAt(category, 'cbc:Percent')}`;
    for (const subtotal of subtotals) {
      const category = elementsOf(subtotal, 'cac:TaxCategory')[0];
      const own = lines.filter(
        (line) => keyOf(elementsOf(line, 'cac:Item/cac:ClassifiedTaxCategory')[0]) === keyOf(category),
      );
      const net = own.reduce((all, line) => all + øre(line, 'cbc:LineExtensionAmount'), 0);
      expect(øre(subtotal, 'cbc:TaxableAmount')).toBe(net);
      const percent = Number(textAt(category, 'cbc:Percent') || 0);
      expect(øre(subtotal, 'cbc:TaxAmount')).toBe(Math.round((net * percent) / 100));
      const needsReason = ['E', 'AE', 'O'].includes(textAt(category, 'cbc:ID'));
      expect(textAt(category, 'cbc:TaxExemptionReason') !== '', keyOf(category)).toBe(needsReason);
    }
  });

  it('says whose it is and for whom, in what money: BR-02 to -11, R003, R010, R020, NO-R-001', () => {
    for (const path of ['cbc:ID', 'cbc:IssueDate', 'cbc:BuyerReference', 'cbc:CustomizationID', 'cbc:ProfileID']) {
      expect(textAt(root, path), path).not.toBe('');
    }
    for (const party of ['cac:AccountingSupplierParty/cac:Party', 'cac:AccountingCustomerParty/cac:Party']) {
      expect(textAt(root, `${party}/cbc:EndpointID`)).toMatch(/^\d{9}$/);
      expect(textAt(root, `${party}/cac:PartyLegalEntity/cbc:RegistrationName`)).not.toBe('');
      expect(textAt(root, `${party}/cac:PostalAddress/cac:Country/cbc:IdentificationCode`)).toBe('NO');
    }
    const tax = textAt(root, 'cac:AccountingSupplierParty/cac:Party/cac:PartyTaxScheme/cbc:CompanyID');
    expect(tax).toBe(invoice.seller.isVatRegistered ? 'NO974760673MVA' : 'Foretaksregisteret');
    expect(textAt(root, 'cbc:DocumentCurrencyCode')).toBe('NOK');
  });

  it('has its elements in the order of the schema', () => {
    const names = root.children.map(({ name }) => name);
    expect(names).toEqual([...names].sort((one, other) => order.indexOf(one) - order.indexOf(other)));
    expect(names.filter((name) => !order.includes(name))).toEqual([]);
  });
});

/** UBL 2.1, UBL-Invoice-2.1.xsd and UBL-CreditNote-2.1.xsd: the children of the root that are used here. */
const order = [
  'cbc:CustomizationID',
  'cbc:ProfileID',
  'cbc:ID',
  'cbc:IssueDate',
  'cbc:DueDate',
  'cbc:InvoiceTypeCode',
  'cbc:CreditNoteTypeCode',
  'cbc:Note',
  'cbc:DocumentCurrencyCode',
  'cbc:BuyerReference',
  'cac:InvoicePeriod',
  'cac:BillingReference',
  'cac:AccountingSupplierParty',
  'cac:AccountingCustomerParty',
  'cac:PaymentMeans',
  'cac:TaxTotal',
  'cac:LegalMonetaryTotal',
  'cac:InvoiceLine',
  'cac:CreditNoteLine',
];

describe('a document', () => {
  it('keeps what people typed as text: & and < are no markup', () => {
    expect(textAt(rootOf(noteOn()), 'cbc:Note')).toBe('Feil & <rett>');
    expect(textAt(rootOf(base), 'cac:AccountingCustomerParty/cac:Party/cac:PartyName/cbc:Name')).toBe(
      'Fjord & Sønner <AS>',
    );
  });

  it('holds no character that XML does not know', () => {
    const recipient = { ...base.recipient, name: 'Fjord\uFFFF \uD800AS' };
    expect(ublOf({ ...base, recipient })).toContain('<cbc:Name>Fjord\uFFFD \uFFFDAS</cbc:Name>');
  });

  it('has no electronic form for whom Peppol knows no address of', () => {
    const { organisationNumber: _, ...recipient } = base.recipient;
    expect(ublOf({ ...base, recipient })).toBeUndefined();
  });

  it('says as a PDF what it is, to the octet the same each time', async () => {
    const [one, two] = [await invoicePdf(base), await invoicePdf(base)];
    expect(Buffer.from(one).equals(two)).toBe(true);
    expect(decimal(base.totals.payableOre)).toMatch(/^\d+\.\d\d$/);
  });
});
