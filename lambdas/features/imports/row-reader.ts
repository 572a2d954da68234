import { freeText, oneLine } from '../../http/free-text.ts';
import type { Places } from './columns.ts';
import type { RowErrorCode } from './findings.ts';
import type { RowError } from './import-row.ts';
import type { TableRow } from './table.ts';

/** Reads one row cell by cell and collects what is wrong with it; a cell that cannot be read counts as empty. */
export interface RowReader<C extends string> {
  readonly line: number;
  readonly errors: RowError[];
  refuse(column: C | undefined, code: RowErrorCode): void;
  isEmpty(column: C): boolean;
  text(column: C, charactersMax: number): string | undefined;
  note(column: C, charactersMax: number): string | undefined;
  /** What a parser makes of the cell; `code` is the error when it makes nothing. */
  parsed<T>(column: C, parse: (cell: string) => T | undefined, code: RowErrorCode): T | undefined;
  /** The value, or the error that it is missing. An error that the cell already has is enough. */
  required<T>(column: C, value: T | undefined): T | undefined;
}

export function rowReader<C extends string>(
  row: TableRow,
  places: Places<C>,
  columns: Readonly<Record<C, { readonly header: string }>>,
): RowReader<C> {
  const { line } = row;
  const errors: RowError[] = [];
  const cellOf = (column: C) => {
    const place = places.get(column);
    return place === undefined ? '' : (row.cells[place] ?? '');
  };
  const refuse = (column: C | undefined, code: RowErrorCode) => {
    errors.push({ line, ...(column !== undefined && { column: columns[column].header }), code });
  };
  const checkedText = (column: C, charactersMax: number, schema: typeof oneLine) => {
    const cell = cellOf(column);
    if (cell === '') return undefined;
    if (cell.length > charactersMax) {
      refuse(column, 'text-too-long');
      return undefined;
    }
    const checked = schema({ max: charactersMax }).safeParse(cell);
    if (!checked.success) refuse(column, 'text-refused');
    return checked.data;
  };
  return {
    line,
    errors,
    refuse,
    isEmpty: (column) => cellOf(column) === '',
    text: (column, charactersMax) => checkedText(column, charactersMax, oneLine),
    note: (column, charactersMax) => checkedText(column, charactersMax, freeText),
    parsed(column, parse, code) {
      const cell = cellOf(column);
      if (cell === '') return undefined;
      const value = parse(cell);
      if (value === undefined) refuse(column, code);
      return value;
    },
    required(column, value) {
      if (value === undefined && cellOf(column) === '') refuse(column, 'value-missing');
      return value;
    },
  };
}
