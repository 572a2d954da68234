import { PDFDocument, type PDFFont, type PDFPage, rgb, StandardFonts } from '@cantoo/pdf-lib';
import type { Block, LegalDocument } from './document.ts';
import { columnWidths, inWinAnsi, linesOf } from './typesetting.ts';

/** A4 in points. */
const PAGE = { width: 595.28, height: 841.89, margin: 62, bottom: 68 };
const TEXT_WIDTH = PAGE.width - 2 * PAGE.margin;
const COLUMN_GAP = 10;
const LIST_INDENT = 14;
const INK = rgb(0.09, 0.13, 0.19);
const QUIET = rgb(0.36, 0.42, 0.48);
const RULE = rgb(0.8, 0.84, 0.88);
const MARK = rgb(0.04, 0.36, 0.29);

interface Style {
  readonly size: number;
  readonly leading: number;
  readonly font: PDFFont;
  readonly colour: ReturnType<typeof rgb>;
}

/** The document as an A4 PDF with page numbers, in the PDF's own fonts. The same document gives the same octets. */
export async function renderPdf(document: LegalDocument): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  const regular = await pdf.embedFont(StandardFonts.Helvetica);
  const bold = await pdf.embedFont(StandardFonts.HelveticaBold);
  const sheet = new Sheet(pdf, regular, bold);

  sheet.text(document.title, sheet.styles.title);
  sheet.space(6);
  for (const { label, value } of factsOf(document)) sheet.fact(label, value);
  for (const { title, blocks } of document.sections) {
    sheet.heading(title);
    for (const block of blocks) drawBlock(sheet, block);
  }
  sheet.numberPages(`${document.title}, ${document.version}`, document.language === 'nb' ? 'side' : 'page');

  pdf.setTitle(document.title, { showInWindowTitleBar: true });
  pdf.setLanguage(document.language === 'nb' ? 'nb-NO' : 'en');
  // The text's own day, so that the file says nothing about when it was fetched.
  const day = new Date(document.version.slice(0, 10));
  pdf.setCreationDate(day);
  pdf.setModificationDate(day);
  return pdf.save();
}

const factsOf = ({ parties, version, versionLabel }: LegalDocument) => [
  ...parties,
  { label: versionLabel, value: version },
];

function drawBlock(sheet: Sheet, block: Block): void {
  if (block.kind === 'paragraph') sheet.text(block.text, sheet.styles.body);
  else if (block.kind === 'list') for (const item of block.items) sheet.item(item);
  else sheet.table(block.columns, block.rows);
  sheet.space(6);
}

/** Pages that are filled from the top; a new one begins where there is no room. */
class Sheet {
  readonly styles: Readonly<Record<'title' | 'heading' | 'body' | 'label' | 'cell' | 'columnName', Style>>;
  readonly #pdf: PDFDocument;
  readonly #shown: Set<number>;
  #page: PDFPage;
  #y: number;

  constructor(pdf: PDFDocument, regular: PDFFont, bold: PDFFont) {
    this.#pdf = pdf;
    this.#shown = new Set(regular.getCharacterSet());
    this.styles = {
      title: { size: 22, leading: 28, font: bold, colour: INK },
      heading: { size: 12.5, leading: 17, font: bold, colour: MARK },
      body: { size: 10, leading: 14.5, font: regular, colour: INK },
      label: { size: 8.5, leading: 12, font: regular, colour: QUIET },
      cell: { size: 8.5, leading: 11.5, font: regular, colour: INK },
      columnName: { size: 8.5, leading: 11.5, font: bold, colour: QUIET },
    };
    this.#page = pdf.addPage([PAGE.width, PAGE.height]);
    this.#y = PAGE.height - PAGE.margin;
  }

  space(points: number): void {
    this.#y -= points;
  }

  text(text: string, style: Style, indent = 0): void {
    for (const line of this.#lines(text, TEXT_WIDTH - indent, style)) {
      this.#reserve(style.leading);
      this.#line(line, PAGE.margin + indent, style);
      this.#y -= style.leading;
    }
  }

  /** A heading keeps company with what follows it. */
  heading(title: string): void {
    const { heading, body } = this.styles;
    this.#reserve(12 + heading.leading + 3 * body.leading);
    this.space(12);
    this.text(title, heading);
    this.space(3);
  }

  fact(label: string, value: string): void {
    this.#reserve(this.styles.label.leading + this.styles.body.leading);
    this.text(label, this.styles.label);
    this.text(value, this.styles.body);
    this.space(3);
  }

  item(text: string): void {
    const { body } = this.styles;
    this.#reserve(body.leading);
    this.#line('•', PAGE.margin + 2, body);
    this.text(text, body, LIST_INDENT);
    this.space(2);
  }

  table(columns: readonly string[], rows: readonly (readonly string[])[]): void {
    const { cell, columnName } = this.styles;
    const measure = (text: string, size: number) => columnName.font.widthOfTextAtSize(this.#plain(text), size);
    const widths = columnWidths([columns, ...rows], TEXT_WIDTH, COLUMN_GAP, cell.size, measure);
    const header = this.#row(columns, widths, columnName);
    const [first] = rows.map((row) => this.#row(row, widths, cell));
    this.#reserve(header.height + (first?.height ?? 0));
    header.draw();
    for (const row of rows.map((cells) => this.#row(cells, widths, cell))) {
      // A table that goes on over the page says again what its columns are.
      if (this.#reserve(row.height)) header.draw();
      row.draw();
    }
  }

  numberPages(footer: string, pageWord: string): void {
    const pages = this.#pdf.getPages();
    const { label } = this.styles;
    pages.forEach((page, i) => {
      const number = `${pageWord} ${i + 1} / ${pages.length}`;
      const right = PAGE.width - PAGE.margin - label.font.widthOfTextAtSize(number, label.size);
      const put = (text: string, x: number) =>
        page.drawText(text, { x, y: 36, size: label.size, font: label.font, color: label.colour });
      put(this.#plain(footer), PAGE.margin);
      put(number, right);
    });
  }

  #row(cells: readonly string[], widths: readonly number[], style: Style) {
    const lines = cells.map((text, i) => this.#lines(text, widths[i] ?? 0, style));
    const height = Math.max(...lines.map(({ length }) => length)) * style.leading + 8;
    const draw = () => {
      const top = this.#y;
      let x = PAGE.margin;
      for (const [i, ofCell] of lines.entries()) {
        this.#y = top - 3;
        for (const line of ofCell) {
          this.#line(line, x, style);
          this.#y -= style.leading;
        }
        x += (widths[i] ?? 0) + COLUMN_GAP;
      }
      this.#y = top - height;
      const end = { x: PAGE.width - PAGE.margin, y: this.#y + 2 };
      this.#page.drawLine({ start: { x: PAGE.margin, y: end.y }, end, thickness: 0.5, color: RULE });
    };
    return { height, draw };
  }

  #lines(text: string, width: number, { size, font }: Style): string[] {
    return linesOf(this.#plain(text), width, size, (part, at) => font.widthOfTextAtSize(part, at));
  }

  #line(text: string, x: number, { size, font, colour }: Style): void {
    this.#page.drawText(text, { x, y: this.#y - size, size, font, color: colour });
  }

  /** True when a new page was begun for it. */
  #reserve(height: number): boolean {
    if (this.#y - height >= PAGE.bottom) return false;
    this.#page = this.#pdf.addPage([PAGE.width, PAGE.height]);
    this.#y = PAGE.height - PAGE.margin;
    return true;
  }

  #plain(text: string): string {
    return inWinAnsi(text, (character) => this.#shown.has(character.codePointAt(0) ?? 0));
  }
}
