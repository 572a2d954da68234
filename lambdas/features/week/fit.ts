/**
 * How a week is laid on one sheet of A4, landscape. Counted in lines of type, because a browser breaks lines as it
 * likes: what is given so many lines is cut after them by the style sheet, so the sheet is never more than one.
 */

/** Lines of the table's body, and what a row takes beside its lines (its padding and rule). */
const LINES_MAX = 47;
const LINES_BESIDE_ROW = 0.65;
/** Signs of a line in a column, in the widest of the usual fonts and with words that are not broken. */
const SIGNS_OF_LINE = 16;
/** A text is cut after so many lines; where that leaves no room for others, after fewer. */
const LINES_OF_TEXT_MAX = 5;

/** A row of the table, as what it needs. */
export interface RowToFit {
  /** Each on a line of its own. */
  readonly headings: number;
  /** The texts of each cell. */
  readonly cells: readonly (readonly string[])[];
}

export interface FittedRow {
  /** For each text of each cell: its lines. */
  readonly lines: readonly (readonly number[])[];
  /** How many texts of each cell are printed; where some are not, one more line says how many. */
  readonly shown: readonly number[];
}

/** The rows that the sheet has room for; those that are missing at the end have none. Pure. */
export function fitted(rows: readonly RowToFit[]): FittedRow[] {
  const placed = rows.slice(0, placesFor(rows));
  for (let max = LINES_OF_TEXT_MAX; ; max--) {
    const result = laid(placed, max);
    const isWhole = result.every(({ lines, shown }) => lines.every((cell, i) => cell.length === shown[i]));
    if (isWhole || max === 1) return result;
  }
}

/** Every row that is there has its headings. */
function placesFor(rows: readonly RowToFit[]): number {
  let used = 0;
  const beyond = rows.findIndex(({ headings }) => {
    used += headings + LINES_BESIDE_ROW;
    return used > LINES_MAX;
  });
  return beyond === -1 ? rows.length : beyond;
}

function laid(rows: readonly RowToFit[], linesOfTextMax: number): FittedRow[] {
  const lines = rows.map(({ cells }) => cells.map((texts) => texts.map((text) => linesOf(text, linesOfTextMax))));
  const given = shared(
    rows.map(({ headings }, i) => ({ least: headings, wanted: Math.max(headings, ...lines[i]!.map(sum)) })),
  );
  return lines.map((cells, i) => ({ lines: cells, shown: cells.map((cell) => shownOf(cell, given[i]!)) }));
}

const linesOf = (text: string, max: number): number =>
  Math.min(max, Math.max(1, Math.ceil(text.length / SIGNS_OF_LINE)));

/** Who needs less leaves more to the others: line by line to whoever has the fewest and needs more. */
function shared(rows: readonly { readonly least: number; readonly wanted: number }[]): number[] {
  const given = rows.map(({ least }) => least);
  for (let left = LINES_MAX - sum(given) - rows.length * LINES_BESIDE_ROW; left >= 1; left--) {
    const needy = given.flatMap((lines, i) => (lines < rows[i]!.wanted ? [{ lines, i }] : []));
    const next = needy.sort((one, other) => one.lines - other.lines)[0];
    if (!next) break;
    given[next.i] = next.lines + 1;
  }
  return given;
}

function shownOf(lines: readonly number[], linesOfCell: number): number {
  if (sum(lines) <= linesOfCell) return lines.length;
  // One line says how many are missing.
  let [shown, used] = [0, 1];
  for (const one of lines) {
    if (used + one > linesOfCell) break;
    used += one;
    shown++;
  }
  return shown;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);
