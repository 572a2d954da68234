/** What an invoice says beside its facts. */
export const invoiceWords = {
  nb: {
    title: { invoice: 'Faktura', 'credit-note': 'Kreditnota' },
    organisationNumber: 'Org.nr.',
    issuedOn: 'Fakturadato',
    dueOn: 'Forfall',
    period: 'Måned',
    credits: 'Gjelder faktura',
    reason: 'Årsak',
    reference: 'Deres ref.',
    columns: { text: 'Beskrivelse', quantity: 'Antall', price: 'Pris', vat: 'Mva.', net: 'Beløp' },
    units: { piece: 'stk.', month: 'mnd.', hour: 't' },
    net: 'Sum uten mva.',
    vatOf: (percent: number, net: string) => `Mva. ${percent} % av ${net}`,
    payable: 'Å betale (NOK)',
    credited: 'Kreditert (NOK)',
    account: 'Kontonummer',
    kid: 'KID',
    page: 'side',
  },
  en: {
    title: { invoice: 'Invoice', 'credit-note': 'Credit note' },
    organisationNumber: 'Org. no.',
    issuedOn: 'Invoice date',
    dueOn: 'Due date',
    period: 'Month',
    credits: 'Credits invoice',
    reason: 'Reason',
    reference: 'Your ref.',
    columns: { text: 'Description', quantity: 'Quantity', price: 'Price', vat: 'VAT', net: 'Amount' },
    units: { piece: 'pcs', month: 'months', hour: 'h' },
    net: 'Total without VAT',
    vatOf: (percent: number, net: string) => `VAT ${percent}% of ${net}`,
    payable: 'To pay (NOK)',
    credited: 'Credited (NOK)',
    account: 'Account',
    kid: 'KID',
    page: 'page',
  },
} as const;

/** `1. oktober 2026` as `01.10.2026`, which is how invoices write it; in English as ISO 8601, which nobody misreads. */
export const dayText = (day: string, language: 'nb' | 'en'): string =>
  language === 'nb' ? day.split('-').reverse().join('.') : day;
