import type { Call, Language } from '../../http/call.ts';
import { InvoiceId, PersonId } from '../../http/ids.ts';
import type { HandlersFor } from '../../http/route.ts';
import { type Issuer, issuerIn } from '../billing/issuer.ts';
import { amountText } from '../billing/money.ts';
import { deadLinkPage } from '../links/dead-link.ts';
import type { LinkPage } from '../links/handlers.ts';
import { findLink, type Link } from '../links/link.ts';
import type { PageWords } from '../links/page.ts';
import { outstandingOre } from './decisions.ts';
import { documentRef, type Invoice, type InvoiceDocument } from './invoice.ts';
import type { linkedInvoiceRoutes } from './linked-routes.ts';
import { dayText } from './pdf-words.ts';
import { isStillFor } from './recipients.ts';
import { findInvoice } from './writes.ts';

/** What a link leads to: shown when its button is pressed, because a mail scanner only looks. */
export const invoiceLinkPage: LinkPage = async (link, token, call, isPressed) => {
  if (!placeOf(link)) return undefined;
  if (!isPressed) return askingPage(call.language);
  const invoice = (await linked(link, call))?.invoice;
  return invoice && invoicePage(invoice, token, call.language);
};

export const linkedInvoiceHandlers: HandlersFor<typeof linkedInvoiceRoutes, Call> = {
  async fetchLinkedInvoice({ params: { token } }, call) {
    const link = await findLink(call.records, token);
    const found = link && (await linked(link, call));
    const document = found && (await call.records.get(documentRef(found.issuer, found.invoice.id)));
    if (!document) throw deadLinkPage(call);
    return pdfOf(document.value, found.invoice.id);
  },
};

/** Undefined when it is gone, or no longer for whom it was mailed to. */
async function linked(
  link: Link,
  call: Call,
): Promise<{ readonly issuer: Issuer; readonly invoice: Invoice } | undefined> {
  const place = placeOf(link);
  const personId = PersonId.safeParse(link.owner.subject).data;
  const stored = place && (await findInvoice(place.issuer, place.id, call));
  if (!place || !stored || !personId) return undefined;
  const invoice = stored.value;
  return (await isStillFor(place.issuer, invoice, personId, call)) ? { issuer: place.issuer, invoice } : undefined;
}

export const pdfOf = ({ pdf }: InvoiceDocument, id: InvoiceId) => ({
  contentType: 'application/pdf',
  content: Buffer.from(pdf, 'base64'),
  filename: `${id}.pdf`,
});

function placeOf({ purpose, about = '' }: Link): { readonly issuer: Issuer; readonly id: InvoiceId } | undefined {
  const [issuer, invoice] = about.split('#');
  const id = InvoiceId.safeParse(invoice).data;
  return purpose === 'read-invoice' && id !== undefined ? { issuer: issuerIn(issuer), id } : undefined;
}

export const askingPage = (language: Language): PageWords => ({
  title: texts[language].title,
  paragraphs: [texts[language].ask],
  button: texts[language].show,
});

export function invoicePage(invoice: Invoice, token: string, language: Language): PageWords {
  const words = texts[language];
  const { kind, number, kid, dueOn, seller, totals, reminders, state } = invoice;
  const payBy = reminders.at(-1)?.payBy ?? dueOn;
  const left = outstandingOre(invoice);
  const isToPay = kind === 'invoice' && state === 'issued';
  const lines = [
    `${words.number}: ${number ?? ''}`,
    `${words.total}: ${amountText(totals.payableOre, language)} NOK`,
    ...(isToPay ? [`${words.left}: ${amountText(left, language)} NOK`] : []),
    ...(isToPay && payBy !== undefined ? [`${words.payBy}: ${dayText(payBy, language)}`] : []),
    ...(isToPay ? [`${words.account}: ${seller.account}`] : []),
    ...(isToPay && kid !== undefined ? [`KID: ${kid}`] : []),
    ...reminders.map(({ on, feeOre }) => words.reminder(dayText(on, language), amountText(feeOre, language))),
  ];
  return {
    title: words.kinds[kind],
    paragraphs: [isToPay ? words.lead : words.nothing[kind]],
    forms: [{ action: `/l/${token}/invoice`, fields: [], button: words.pdf }],
    notes: { heading: words.heading, lines },
  };
}

const texts = {
  nb: {
    title: 'Det som skal betales',
    ask: 'Siden viser beløpet og hvordan det betales, når du trykker på knappen.',
    show: 'Vis',
    kinds: { invoice: 'Faktura', 'credit-note': 'Kreditnota' },
    lead: 'Bruk kontonummeret og KID-nummeret under.',
    nothing: { invoice: 'Du trenger ikke betale noe.', 'credit-note': 'Beløpet trekkes fra fakturaen.' },
    pdf: 'Hent PDF',
    heading: 'Opplysninger',
    number: 'Nummer',
    total: 'Sum',
    left: 'Å betale',
    payBy: 'Frist',
    account: 'Kontonummer',
    reminder: (on: string, fee: string) => `Påminnelse ${on}, gebyr ${fee} NOK`,
  },
  en: {
    title: 'What has to be paid',
    ask: 'The page shows the amount and how it is paid, when you press the button.',
    show: 'Show',
    kinds: { invoice: 'Invoice', 'credit-note': 'Credit note' },
    lead: 'Use the account number and the KID below.',
    nothing: { invoice: 'You need not pay anything.', 'credit-note': 'The amount is taken off the invoice.' },
    pdf: 'Fetch the PDF',
    heading: 'Details',
    number: 'Number',
    total: 'Total',
    left: 'To pay',
    payBy: 'Deadline',
    account: 'Account',
    reminder: (on: string, fee: string) => `Reminder ${on}, fee NOK ${fee}`,
  },
} as const;
