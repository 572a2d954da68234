import { PDFDocument, type PDFFont, type PDFPage, rgb, StandardFonts } from '@cantoo/pdf-lib';
import { inWinAnsi, linesOf } from '../agreements/typesetting.ts';
import { amountText, quantityText } from '../billing/money.ts';
import { vatOf } from '../billing/vat.ts';
import type { Invoice } from './invoice.ts';
import { dayText, invoiceWords } from './pdf-words.ts';

/** A4 in points. */
const PAGE = { width: 595.28, height: 841.89, margin: 56, bottom: 72 };
const RIGHT = PAGE.width - PAGE.margin;
const INK = rgb(0.09, 0.13, 0.19);
const QUIET = rgb(0.36, 0.42, 0.48);
const RULE = rgb(0.8, 0.84, 0.88);
const PANEL = rgb(0.94, 0.96, 0.97);

/** Where each column of the lines ends; the text begins at the margin. */
const COLUMNS = { text: 270, quantity: 330, price: 410, vat: 455, net: RIGHT } as const;

/** An issued invoice or credit note as A4, in the recipient's language. The same document gives the same octets. */
export async function invoicePdf(invoice: Invoice): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  const sheet = new Sheet(
    pdf,
    await pdf.embedFont(StandardFonts.Helvetica),
    await pdf.embedFont(StandardFonts.HelveticaBold),
  );
  const { language } = invoice.recipient;
  const words = invoiceWords[language];
  const title = `${words.title[invoice.kind]} ${invoice.number ?? ''}`.trim();

  head(sheet, invoice, title);
  lines(sheet, invoice);
  totals(sheet, invoice);
  if (invoice.kind === 'invoice') payment(sheet, invoice);
  sheet.foot(invoice.seller, words);

  pdf.setTitle(title, { showInWindowTitleBar: true });
  pdf.setLanguage(language === 'nb' ? 'nb-NO' : 'en');
  const day = new Date(`${invoice.issuedOn ?? invoice.createdOn}T00:00:00Z`);
  pdf.setCreationDate(day);
  pdf.setModificationDate(day);
  return pdf.save();
}

function head(sheet: Sheet, { seller, recipient, issuedOn, dueOn, period, credits }: Invoice, title: string): void {
  const words = invoiceWords[recipient.language];
  sheet.put(seller.name, PAGE.margin, 12, 'bold');
  sheet.down(34);
  sheet.put(title, PAGE.margin, 22, 'bold');
  sheet.down(36);
  const top = sheet.y;
  const { address } = recipient;
  for (const line of [
    recipient.name,
    ...(address ? [address.street, `${address.postcode} ${address.city}`] : []),
    ...(recipient.organisationNumber === undefined
      ? []
      : [`${words.organisationNumber} ${recipient.organisationNumber}`]),
  ]) {
    sheet.wrapped(line, PAGE.margin, 250, 10);
  }
  const afterRecipient = sheet.y;
  sheet.y = top;
  const facts: (readonly [string, string | undefined])[] = [
    [words.issuedOn, issuedOn && dayText(issuedOn, recipient.language)],
    [words.dueOn, dueOn && dayText(dueOn, recipient.language)],
    [words.period, period],
    [words.credits, credits && String(credits.number)],
    [words.reason, credits?.reason],
    [words.reference, recipient.id.slice(-8)],
  ];
  for (const [label, value] of facts) {
    if (value === undefined) continue;
    sheet.put(label, 340, 9, 'quiet');
    sheet.wrapped(value, 430, RIGHT - 430, 10);
  }
  sheet.y = Math.min(afterRecipient, sheet.y) - 22;
}

function lines(sheet: Sheet, { lines: all, recipient }: Invoice): void {
  const { language } = recipient;
  const words = invoiceWords[language];
  const columns = () => {
    sheet.put(words.columns.text, PAGE.margin, 9, 'quiet');
    sheet.putRight(words.columns.quantity, COLUMNS.quantity, 9, 'quiet');
    sheet.putRight(words.columns.price, COLUMNS.price, 9, 'quiet');
    sheet.putRight(words.columns.vat, COLUMNS.vat, 9, 'quiet');
    sheet.putRight(words.columns.net, COLUMNS.net, 9, 'quiet');
    sheet.down(14);
    sheet.rule();
  };
  columns();
  for (const line of all) {
    const text = sheet.linesOf(line.text, COLUMNS.text - PAGE.margin, 10);
    if (sheet.reserve(text.length * 13 + 6)) columns();
    const quantity = `${quantityText(line.quantityThousandths, language)} ${words.units[line.unit]}`;
    sheet.putRight(quantity, COLUMNS.quantity, 10, 'regular');
    sheet.putRight(amountText(line.unitPriceOre, language), COLUMNS.price, 10, 'regular');
    sheet.putRight(`${line.vatPercent} %`, COLUMNS.vat, 10, 'regular');
    sheet.putRight(amountText(line.netOre, language), COLUMNS.net, 10, 'regular');
    for (const part of text) {
      sheet.put(part, PAGE.margin, 10, 'regular');
      sheet.down(13);
    }
    sheet.down(5);
  }
  sheet.rule();
}

function totals(sheet: Sheet, { totals: sums, recipient, kind }: Invoice): void {
  const { language } = recipient;
  const words = invoiceWords[language];
  const row = (label: string, ore: number, style: 'regular' | 'bold') => {
    sheet.reserve(16);
    sheet.put(label, 300, style === 'bold' ? 11 : 10, style);
    sheet.putRight(`${amountText(ore as never, language)}`, RIGHT, style === 'bold' ? 11 : 10, style);
    sheet.down(16);
  };
  sheet.down(6);
  row(words.net, sums.netOre, 'regular');
  for (const { vat, vatPercent, netOre, vatOre } of sums.byVat) {
    row(words.vatOf(vatPercent, amountText(netOre, language)), vatOre, 'regular');
    const { reason } = vatOf(vat) as { readonly reason?: Readonly<Record<'nb' | 'en', string>> };
    if (reason) sheet.wrapped(reason[language], 300, RIGHT - 300, 8.5);
  }
  row(kind === 'invoice' ? words.payable : words.credited, sums.payableOre, 'bold');
  sheet.down(10);
}

/** What whoever pays has to type, in one place. */
function payment(sheet: Sheet, { seller, kid, dueOn, totals: sums, recipient }: Invoice): void {
  const { language } = recipient;
  const words = invoiceWords[language];
  const account = seller.account.replace(/^(\d{4})(\d{2})(\d{5})$/, '$1 $2 $3');
  sheet.reserve(70);
  sheet.panel(62);
  const facts = [
    [words.account, account],
    [words.kid, kid ?? ''],
    [words.dueOn, dueOn ? dayText(dueOn, language) : ''],
    [words.payable, amountText(sums.payableOre, language)],
  ] as const;
  facts.forEach(([label, value], i) => {
    const x = PAGE.margin + 12 + i * 120;
    sheet.at(x, 18, label, 8.5, 'quiet');
    sheet.at(x, 36, value, 11, 'bold');
  });
  sheet.down(74);
}

type Face = 'regular' | 'bold' | 'quiet';

/** Pages that are filled from the top. */
class Sheet {
  y = PAGE.height - PAGE.margin;
  readonly #pdf: PDFDocument;
  readonly #regular: PDFFont;
  readonly #bold: PDFFont;
  readonly #shown: Set<number>;
  #page: PDFPage;

  constructor(pdf: PDFDocument, regular: PDFFont, bold: PDFFont) {
    this.#pdf = pdf;
    this.#regular = regular;
    this.#bold = bold;
    this.#shown = new Set(regular.getCharacterSet());
    this.#page = pdf.addPage([PAGE.width, PAGE.height]);
  }

  down(points: number): void {
    this.y -= points;
  }

  put(text: string, x: number, size: number, face: Face): void {
    this.at(x, 0, text, size, face);
  }

  putRight(text: string, right: number, size: number, face: Face): void {
    this.put(text, right - this.#font(face).widthOfTextAtSize(this.#plain(text), size), size, face);
  }

  at(x: number, below: number, text: string, size: number, face: Face): void {
    const color = face === 'quiet' ? QUIET : INK;
    this.#page.drawText(this.#plain(text), { x, y: this.y - below - size, size, font: this.#font(face), color });
  }

  wrapped(text: string, x: number, width: number, size: number): void {
    for (const line of this.linesOf(text, width, size)) {
      this.put(line, x, size, 'regular');
      this.down(size + 4);
    }
  }

  linesOf(text: string, width: number, size: number): string[] {
    return linesOf(this.#plain(text), width, size, (part, at) => this.#regular.widthOfTextAtSize(part, at));
  }

  rule(): void {
    const y = this.y - 1;
    this.#page.drawLine({ start: { x: PAGE.margin, y }, end: { x: RIGHT, y }, thickness: 0.5, color: RULE });
    this.down(6);
  }

  panel(height: number): void {
    const y = this.y - height;
    this.#page.drawRectangle({ x: PAGE.margin, y, width: RIGHT - PAGE.margin, height, color: PANEL });
  }

  /** True when a new page was begun for it. */
  reserve(height: number): boolean {
    if (this.y - height >= PAGE.bottom) return false;
    this.#page = this.#pdf.addPage([PAGE.width, PAGE.height]);
    this.y = PAGE.height - PAGE.margin;
    return true;
  }

  foot(seller: Invoice['seller'], words: (typeof invoiceWords)['nb' | 'en']): void {
    const { address, email, organisationNumber, isVatRegistered, isInRegisterOfEnterprises } = seller;
    const registered = [
      organisationNumber,
      ...(isVatRegistered ? ['MVA'] : []),
      ...(isInRegisterOfEnterprises ? ['Foretaksregisteret'] : []),
    ];
    const who = `${seller.name}, ${address.street}, ${address.postcode} ${address.city}`;
    const pages = this.#pdf.getPages();
    pages.forEach((page, i) => {
      this.#page = page;
      this.y = 56;
      this.put(who, PAGE.margin, 8, 'quiet');
      this.putRight(`${words.page} ${i + 1} / ${pages.length}`, RIGHT, 8, 'quiet');
      this.down(11);
      this.put(`${words.organisationNumber} ${registered.join(' ')}, ${email}`, PAGE.margin, 8, 'quiet');
    });
  }

  #font = (face: Face): PDFFont => (face === 'bold' ? this.#bold : this.#regular);
  #plain = (text: string): string => inWinAnsi(text, (character) => this.#shown.has(character.codePointAt(0) ?? 0));
}
