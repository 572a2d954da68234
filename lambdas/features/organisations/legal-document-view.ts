import * as z from 'zod';
import type { LegalDocument } from '../agreements/document.ts';

const LINES_MAX = 500;
const Line = z.string();
const Lines = z.array(Line).max(LINES_MAX);

const Block = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('paragraph'), text: Line }),
  z.strictObject({ kind: z.literal('list'), items: Lines }),
  z.strictObject({ kind: z.literal('table'), columns: Lines, rows: z.array(Lines).max(LINES_MAX) }),
]);

/** A document's structure as it leaves the API: plain text in sections. */
export const LegalDocumentView = z
  .strictObject({
    language: z.enum(['nb', 'en']),
    title: Line,
    version: Line,
    versionLabel: Line,
    parties: z.array(z.strictObject({ label: Line, value: Line })).max(LINES_MAX),
    sections: z.array(z.strictObject({ title: Line, blocks: z.array(Block).max(LINES_MAX) })).max(LINES_MAX),
  })
  .meta({ id: 'LegalDocument' });

/** The document as data that may be changed by whoever gets it: the declarations stay as they are. */
export const legalDocumentView = (document: LegalDocument): z.output<typeof LegalDocumentView> =>
  LegalDocumentView.parse(document);
