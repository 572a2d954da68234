import { billingPlanEntity } from '../billing/plan.ts';
import {
  invoiceDocumentEntity,
  invoiceEntity,
  operatorInvoiceDocumentEntity,
  operatorInvoiceEntity,
} from '../invoices/invoice.ts';
import { priceListEntity } from '../price-lists/price-list.ts';
import { type EntityWords, words } from './field-words-type.ts';

const id = { nb: 'Id', en: 'Id' } as const;
const name = { nb: 'Navn', en: 'Name' } as const;
const organisationNumber = { nb: 'Organisasjonsnummer', en: 'Organisation number' } as const;
const language = {
  nb: 'Språk',
  en: 'Language',
  codes: { nb: { nb: 'bokmål', en: 'Norwegian Bokmål' }, en: { nb: 'engelsk', en: 'English' } },
} as const;
const vat = {
  nb: 'Merverdiavgift',
  en: 'VAT',
  codes: {
    'vat-25': { nb: '25 prosent', en: '25 per cent' },
    'vat-15': { nb: '15 prosent', en: '15 per cent' },
    'vat-12': { nb: '12 prosent', en: '12 per cent' },
    'vat-0': { nb: '0 prosent', en: '0 per cent' },
    exempt: { nb: 'unntatt', en: 'exempt' },
    'reverse-charge': { nb: 'omvendt avgiftsplikt', en: 'reverse charge' },
    outside: { nb: 'selger er ikke registrert', en: 'the seller is not registered' },
  },
} as const;
const kid = {
  nb: 'Kontrollsiffer i KID',
  en: 'Check digit of the KID',
  codes: { mod10: { nb: 'modulus 10', en: 'modulo 10' }, mod11: { nb: 'modulus 11', en: 'modulo 11' } },
} as const;
const address = {
  nb: 'Adresse',
  en: 'Address',
  fields: {
    street: { nb: 'Gate', en: 'Street' },
    postcode: { nb: 'Postnummer', en: 'Postcode' },
    city: { nb: 'Sted', en: 'City' },
  },
} as const;
const seller = {
  nb: 'Selger',
  en: 'Seller',
  fields: {
    name,
    organisationNumber,
    isVatRegistered: { nb: 'I Merverdiavgiftsregisteret', en: 'Registered for VAT' },
    isInRegisterOfEnterprises: { nb: 'I Foretaksregisteret', en: 'In the register of enterprises' },
    address,
    email: { nb: 'E-post', en: 'E-mail' },
    account: { nb: 'Kontonummer', en: 'Account number' },
  },
} as const;
const paymentDays = { nb: 'Dager til forfall', en: 'Days to pay' } as const;
const reminderFeeOre = { nb: 'Purregebyr i øre', en: 'Reminder fee in øre' } as const;
const code = { nb: 'Varekode', en: 'Item code' } as const;
const unitPriceOre = { nb: 'Pris i øre', en: 'Price in øre' } as const;
const quantityThousandths = { nb: 'Antall i tusendeler', en: 'Quantity in thousandths' } as const;
const netOre = { nb: 'Beløp uten mva. i øre', en: 'Amount without VAT in øre' } as const;
const vatOre = { nb: 'Merverdiavgift i øre', en: 'VAT in øre' } as const;
const vatPercent = { nb: 'Merverdiavgift i prosent', en: 'VAT in per cent' } as const;

const invoiceFields = {
  id,
  kind: {
    nb: 'Hva',
    en: 'What',
    codes: { invoice: { nb: 'faktura', en: 'invoice' }, 'credit-note': { nb: 'kreditnota', en: 'credit note' } },
  },
  state: {
    nb: 'Tilstand',
    en: 'State',
    codes: {
      draft: { nb: 'utkast', en: 'draft' },
      approved: { nb: 'godkjent', en: 'approved' },
      issued: { nb: 'sendt', en: 'issued' },
      paid: { nb: 'betalt', en: 'paid' },
      credited: { nb: 'kreditert', en: 'credited' },
    },
  },
  recipient: { nb: 'Mottaker', en: 'Recipient', fields: { id, name, organisationNumber, address, language } },
  seller,
  priceListId: { nb: 'Prisliste (id)', en: 'Price list (id)' },
  period: { nb: 'Måned', en: 'Month' },
  paymentDays,
  kidAlgorithm: kid,
  reminderFeeOre,
  lines: {
    nb: 'Linjer',
    en: 'Lines',
    fields: {
      number: { nb: 'Nummer', en: 'Number' },
      code,
      text: { nb: 'Tekst', en: 'Text' },
      quantityThousandths,
      unit: {
        nb: 'Enhet',
        en: 'Unit',
        codes: {
          piece: { nb: 'stykk', en: 'piece' },
          month: { nb: 'måned', en: 'month' },
          hour: { nb: 'time', en: 'hour' },
        },
      },
      unitPriceOre,
      netOre,
      vat,
      vatPercent,
    },
  },
  totals: {
    nb: 'Sum',
    en: 'Totals',
    fields: {
      netOre,
      vatOre,
      payableOre: { nb: 'Å betale i øre', en: 'To pay in øre' },
      byVat: { nb: 'Per sats', en: 'By rate', fields: { vat, vatPercent, netOre, vatOre } },
    },
  },
  createdOn: { nb: 'Laget', en: 'Made' },
  credits: {
    nb: 'Krediterer',
    en: 'Credits',
    fields: {
      invoiceId: { nb: 'Faktura (id)', en: 'Invoice (id)' },
      number: { nb: 'Nummer', en: 'Number' },
      issuedOn: { nb: 'Sendt', en: 'Issued' },
      reason: { nb: 'Årsak', en: 'Reason' },
    },
  },
  number: { nb: 'Nummer', en: 'Number' },
  issuedOn: { nb: 'Sendt', en: 'Issued' },
  dueOn: { nb: 'Forfall', en: 'Due' },
  kid: { nb: 'KID', en: 'KID' },
  credited: {
    nb: 'Kreditert',
    en: 'Credited',
    fields: {
      creditNoteId: { nb: 'Kreditnota (id)', en: 'Credit note (id)' },
      line: { nb: 'Linje', en: 'Line' },
      quantityThousandths,
      netOre,
    },
  },
  creditedOre: { nb: 'Kreditert i øre', en: 'Credited in øre' },
  payments: {
    nb: 'Betalinger',
    en: 'Payments',
    fields: {
      paidOn: { nb: 'Betalt', en: 'Paid' },
      amountOre: { nb: 'Beløp i øre', en: 'Amount in øre' },
      recordedAt: { nb: 'Registrert', en: 'Recorded' },
    },
  },
  reminders: {
    nb: 'Påminnelser',
    en: 'Reminders',
    fields: {
      on: { nb: 'Dato', en: 'Day' },
      feeOre: { nb: 'Gebyr i øre', en: 'Fee in øre' },
      payBy: { nb: 'Ny frist', en: 'New deadline' },
    },
  },
} as const;
const documentFields = {
  pdf: { nb: 'PDF (base64)', en: 'PDF (base64)' },
  xml: { nb: 'EHF', en: 'EHF' },
  sha256: { nb: 'Fingeravtrykk', en: 'Fingerprint' },
} as const;

/** The fields of every way to charge; an item has those of one. */
const charge = {
  by: {
    nb: 'Regnet etter',
    en: 'Counted by',
    codes: {
      meter: { nb: 'det som måles', en: 'what is metered' },
      month: { nb: 'måned', en: 'month' },
      hour: { nb: 'time', en: 'hour' },
    },
  },
  meter: {
    nb: 'Hva som måles',
    en: 'What is metered',
    codes: {
      members: { nb: 'aktive medlemmer', en: 'active members' },
      devices: { nb: 'enheter', en: 'devices' },
      messages: { nb: 'SMS', en: 'text messages' },
    },
  },
  of: {
    nb: 'Av månedens dager',
    en: 'Of the days of the month',
    codes: {
      average: { nb: 'gjennomsnittet', en: 'the average' },
      highest: { nb: 'den høyeste', en: 'the highest' },
      sum: { nb: 'summen', en: 'the sum' },
    },
  },
  included: { nb: 'Inkludert', en: 'Included' },
  tiers: { nb: 'Trinn', en: 'Tiers', fields: { from: { nb: 'Fra', en: 'From' }, unitPriceOre } },
  unitPriceOre,
  isForEverybody: { nb: 'Gjelder alle', en: 'For everybody' },
} as const;

/** Prices and invoices. */
export const invoiceWords: readonly EntityWords[] = [
  words(invoiceEntity, { nb: 'Faktura', en: 'Invoice' }, invoiceFields),
  words(operatorInvoiceEntity, { nb: 'Faktura fra Vern', en: 'Invoice from Vern' }, invoiceFields),
  words(invoiceDocumentEntity, { nb: 'Fakturaen som dokument', en: 'The invoice as a document' }, documentFields),
  words(
    operatorInvoiceDocumentEntity,
    { nb: 'Fakturaen fra Vern som dokument', en: 'The invoice from Vern as a document' },
    documentFields,
  ),
  words(
    billingPlanEntity,
    { nb: 'Hva en kunde betaler hver måned', en: 'What a customer pays every month' },
    { items: { nb: 'Varer', en: 'Items', fields: { code, count: { nb: 'Antall', en: 'Number' } } } },
  ),
  words(
    priceListEntity,
    { nb: 'Prisliste', en: 'Price list' },
    {
      id,
      publishedAt: { nb: 'Gitt ut', en: 'Published' },
      validFrom: { nb: 'Gjelder fra', en: 'Valid from' },
      seller,
      paymentDays,
      kid,
      reminderFeeOre,
      items: {
        nb: 'Varer',
        en: 'Items',
        fields: {
          code,
          name: {
            nb: 'Navn',
            en: 'Name',
            fields: { nb: { nb: 'På norsk', en: 'In Norwegian' }, en: { nb: 'På engelsk', en: 'In English' } },
          },
          charge: {
            nb: 'Pris',
            en: 'Price',
            fields: charge,
          },
          vat,
        },
      },
    },
  ),
];
