import { CsvError, parse } from 'csv-parse/sync';
import type { FileErrorCode } from './findings.ts';
import { FILE_BYTES_MAX, ROWS_MAX } from './limits.ts';

/** What keeps a whole file out. `line` counts from 1, as a text editor does. */
export interface FileError {
  readonly code: FileErrorCode;
  readonly line?: number;
  readonly column?: string;
}
export interface TableRow {
  /** The line where the row begins; a quoted cell may reach over several. */
  readonly line: number;
  readonly cells: readonly string[];
}
export type Table =
  | { readonly error: FileError }
  | { readonly header: readonly string[]; readonly rows: readonly TableRow[] };

/** Reads a CSV file of any of the kinds that a spreadsheet writes. Never throws, whatever the bytes. */
export function readTable(bytes: Uint8Array): Table {
  if (bytes.byteLength > FILE_BYTES_MAX) return { error: { code: 'file-too-large' } };
  const text = decode(bytes);
  if (text.includes('\0')) return { error: { code: 'file-not-text' } };
  // csv-parse counts a CRLF inside quotes as two lines; with LF alone its count is an editor's.
  const parsed = parseCells(text.replace(/\r\n?/g, '\n'));
  if ('error' in parsed) return parsed;
  const [header, ...rows] = parsed.rows;
  if (!header) return { error: { code: 'file-empty' } };
  if (rows.length > ROWS_MAX) return { error: { code: 'rows-too-many' } };
  return { header: header.cells, rows };
}

/** UTF-8 (with or without BOM) when it is; UTF-16 by its BOM; else Windows-1252, in which every byte is something. */
function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

function parseCells(text: string): { error: FileError } | { rows: TableRow[] } {
  try {
    // With `info` csv-parse answers records of another shape than its types say.
    const records = parse(text, {
      delimiter: delimiterOf(text),
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      // A spreadsheet leaves rows of nothing but separators behind; they must not count as rows read.
      skip_records_with_empty_values: true,
      // The header, the rows, and one to see that there are too many.
      to: ROWS_MAX + 2,
    }) as unknown as { record: string[]; info: { lines: number } }[];
    return {
      rows: records.map(({ record, info }) => ({
        line: info.lines - lineBreaksIn(record),
        cells: record.map((cell) => cell.trim()),
      })),
    };
  } catch (error) {
    if (error instanceof CsvError) return { error: { code: 'quote-open', line: lineOf(error) } };
    throw error;
  }
}

const delimiters = [';', ',', '\t'] as const;

/** The one that the first line with content has most of, outside quotes. */
function delimiterOf(text: string): string {
  const firstLine = /[^\n]*\S[^\n]*/.exec(text)?.[0].replace(/"[^"]*"/g, '') ?? '';
  const count = (delimiter: string) => firstLine.split(delimiter).length;
  return delimiters.reduce((best, delimiter) => (count(delimiter) > count(best) ? delimiter : best));
}

const lineBreaksIn = (record: readonly string[]) =>
  record.reduce((sum, cell) => sum + (cell.match(/\n/g)?.length ?? 0), 0);
const lineOf = (error: CsvError): number => {
  const { lines } = error as { lines?: unknown };
  return typeof lines === 'number' ? lines : 1;
};
