import { decimal, quantityText } from '../billing/money.ts';
import type { Line } from '../billing/rating.ts';
import { type VatCode, vatOf } from '../billing/vat.ts';
import type { Invoice, Recipient } from './invoice.ts';
import { monthOf } from './month.ts';

/** EHF Billing 3.0 is Peppol BIS Billing 3.0, the Norwegian rules among its own (NO-R-001 and -002). */
const CUSTOMIZATION = 'urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0';
const PROFILE = 'urn:fdc:peppol.eu:2017:poacc:billing:01:1.0';
/** The scheme of Norwegian organisation numbers (Peppol's code list of participant identifiers). */
const ORGANISATION_NUMBERS = '0192';
/** UNCL 4461: a transfer to an account. */
const CREDIT_TRANSFER = '30';
/** UNECE recommendation 20. */
const unitCodes: Readonly<Record<Line['unit'], string>> = { piece: 'C62', month: 'MON', hour: 'HUR' };

const kinds = {
  invoice: {
    root: 'Invoice',
    typeElement: 'InvoiceTypeCode',
    type: '380',
    line: 'InvoiceLine',
    quantity: 'InvoicedQuantity',
  },
  'credit-note': {
    root: 'CreditNote',
    typeElement: 'CreditNoteTypeCode',
    type: '381',
    line: 'CreditNoteLine',
    quantity: 'CreditedQuantity',
  },
} as const;

/**
 * An issued invoice or credit note as UBL 2.1 (ISO/IEC 19845) by Peppol BIS Billing 3.0; undefined when the recipient has
 * no organisation number, and so no electronic address. The order of the elements is that of the schema. Pure.
 */
export function ublOf(invoice: Invoice): string | undefined {
  const { kind, number, issuedOn, dueOn, recipient, totals, period, credits, kid, seller, lines } = invoice;
  if (recipient.organisationNumber === undefined || number === undefined || issuedOn === undefined) return undefined;
  const { root, typeElement, type, line, quantity } = kinds[kind];
  const month = period === undefined ? undefined : monthOf(period);
  const parts = [
    cbc('CustomizationID', CUSTOMIZATION),
    cbc('ProfileID', PROFILE),
    cbc('ID', String(number)),
    cbc('IssueDate', issuedOn),
    dueOn === undefined ? '' : cbc('DueDate', dueOn),
    cbc(typeElement, type),
    credits ? cbc('Note', credits.reason) : '',
    cbc('DocumentCurrencyCode', 'NOK'),
    cbc('BuyerReference', recipient.id),
    month ? cac('InvoicePeriod', cbc('StartDate', month.from), cbc('EndDate', month.until)) : '',
    credits
      ? cac(
          'BillingReference',
          cac('InvoiceDocumentReference', cbc('ID', String(credits.number)), cbc('IssueDate', credits.issuedOn)),
        )
      : '',
    cac('AccountingSupplierParty', supplier(invoice)),
    cac('AccountingCustomerParty', customer(recipient, recipient.organisationNumber)),
    kind === 'invoice'
      ? cac(
          'PaymentMeans',
          cbc('PaymentMeansCode', CREDIT_TRANSFER),
          kid === undefined ? '' : cbc('PaymentID', kid),
          cac('PayeeFinancialAccount', cbc('ID', seller.account)),
        )
      : '',
    cac(
      'TaxTotal',
      amount('TaxAmount', totals.vatOre),
      ...totals.byVat.map(({ vat, netOre, vatOre }) =>
        cac(
          'TaxSubtotal',
          amount('TaxableAmount', netOre),
          amount('TaxAmount', vatOre),
          taxCategory('TaxCategory', vat, recipient.language),
        ),
      ),
    ),
    cac(
      'LegalMonetaryTotal',
      amount('LineExtensionAmount', totals.netOre),
      amount('TaxExclusiveAmount', totals.netOre),
      amount('TaxInclusiveAmount', totals.payableOre),
      amount('PayableAmount', totals.payableOre),
    ),
    ...lines.map((one) =>
      cac(
        line,
        cbc('ID', String(one.number)),
        cbc(quantity, quantityText(one.quantityThousandths, 'xml'), { unitCode: unitCodes[one.unit] }),
        amount('LineExtensionAmount', one.netOre),
        cac(
          'Item',
          cbc('Name', one.text),
          cac('SellersItemIdentification', cbc('ID', one.code)),
          taxCategory('ClassifiedTaxCategory', one.vat),
        ),
        cac('Price', amount('PriceAmount', one.unitPriceOre)),
      ),
    ),
  ];
  const spaces = [
    `xmlns="urn:oasis:names:specification:ubl:schema:xsd:${root}-2"`,
    'xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"',
    'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"',
  ].join(' ');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root} ${spaces}>${parts.join('')}</${root}>\n`;
}

function supplier({ seller }: Invoice): string {
  const { name, organisationNumber, isVatRegistered, isInRegisterOfEnterprises, address, email } = seller;
  return cac(
    'Party',
    cbc('EndpointID', organisationNumber, { schemeID: ORGANISATION_NUMBERS }),
    cac('PartyName', cbc('Name', name)),
    postalAddress(address),
    isVatRegistered
      ? cac('PartyTaxScheme', cbc('CompanyID', `NO${organisationNumber}MVA`), cac('TaxScheme', cbc('ID', 'VAT')))
      : '',
    isInRegisterOfEnterprises
      ? cac('PartyTaxScheme', cbc('CompanyID', 'Foretaksregisteret'), cac('TaxScheme', cbc('ID', 'TAX')))
      : '',
    legalEntity(name, organisationNumber),
    cac('Contact', cbc('ElectronicMail', email)),
  );
}

const customer = ({ name, address }: Recipient, organisationNumber: string): string =>
  cac(
    'Party',
    cbc('EndpointID', organisationNumber, { schemeID: ORGANISATION_NUMBERS }),
    cac('PartyName', cbc('Name', name)),
    postalAddress(address),
    legalEntity(name, organisationNumber),
  );

const legalEntity = (name: string, organisationNumber: string): string =>
  cac(
    'PartyLegalEntity',
    cbc('RegistrationName', name),
    cbc('CompanyID', organisationNumber, { schemeID: ORGANISATION_NUMBERS }),
  );

const postalAddress = (address: Recipient['address']): string =>
  cac(
    'PostalAddress',
    ...(address
      ? [cbc('StreetName', address.street), cbc('CityName', address.city), cbc('PostalZone', address.postcode)]
      : []),
    cac('Country', cbc('IdentificationCode', 'NO')),
  );

/** Outside of VAT there is no rate (BR-O-05); why nothing is charged stands in the totals alone. */
function taxCategory(element: 'TaxCategory' | 'ClassifiedTaxCategory', vat: VatCode, language?: 'nb' | 'en'): string {
  const { percent, category, reason } = vatOf(vat);
  return cac(
    element,
    cbc('ID', category),
    category === 'O' ? '' : cbc('Percent', String(percent)),
    reason && language ? cbc('TaxExemptionReason', reason[language]) : '',
    cac('TaxScheme', cbc('ID', 'VAT')),
  );
}

const amount = (element: string, ore: number) => cbc(element, decimal(ore), { currencyID: 'NOK' });

const cac = (name: string, ...children: readonly string[]) => `<cac:${name}>${children.join('')}</cac:${name}>`;

function cbc(name: string, text: string, attributes: Readonly<Record<string, string>> = {}): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  return `<cbc:${name}${written.join('')}>${escaped(text)}</cbc:${name}>`;
}

/** Of one line without control characters (`oneLine`) XML 1.0 allows all but these (section 2.2): half a pair, and two that are no characters. */
const escaped = (text: string) =>
  text
    .toWellFormed()
    .replace(/[\uFFFE\uFFFF]/g, '\uFFFD')
    .replace(/[&<>"]/g, (character) => entities[character] ?? '');
const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
