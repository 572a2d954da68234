/**
 * How a week is laid on one sheet of A4, landscape. Counted in lines of type, because a browser breaks lines as it
 * likes: what is given so many lines is cut after them by the style sheet, so the sheet is never more than one.
 */

interface Type {
  readonly size: 'large' | 'small';
  /** Lines of the table's body. */
  readonly linesMax: number;
  /** What a row takes beside its lines: its padding and rule. */
  readonly linesBesideRow: number;
  /** Signs of a line in a column, in the widest of the usual fonts and with words that are not broken. */
  readonly signsOfLine: number;
}
/** For a door or a fridge, where all of the week fits uncut. */
const large: Type = { size: 'large', linesMax: 33, linesBesideRow: 0.5, signsOfLine: 12 };
const small: Type = { size: 'small', linesMax: 47, linesBesideRow: 0.65, signsOfLine: 16 };

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

export interface Sheet {
  readonly size: Type['size'];
  /** Those that there is room for; what is missing at the end has none. */
  readonly rows: readonly FittedRow[];
}

/** Pure. */
export function fitted(rows: readonly RowToFit[]): Sheet {
  const isUncut = rows.every((row) => linesOf(row, large, Number.POSITIVE_INFINITY).flat().every(isInLimit));
  const wanted = sum(rows.map((row) => linesWanted(row, large, LINES_OF_TEXT_MAX)));
  if (isUncut && wanted <= roomFor(rows, large)) {
    return { size: 'large', rows: rows.map((row) => laid(row, large, LINES_OF_TEXT_MAX)) };
  }
  const placed = rows.slice(0, placesFor(rows));
  const left = roomFor(placed, small) - sum(placed.map((row) => linesWanted(row, small, 1)));
  return { size: 'small', rows: left >= 0 ? lengthened(placed, left) : shortened(placed) };
}

const isInLimit = (lines: number): boolean => lines <= LINES_OF_TEXT_MAX;

const roomFor = (rows: readonly RowToFit[], { linesMax, linesBesideRow }: Type): number =>
  linesMax - rows.length * linesBesideRow;

/** Every row that is there has its headings. */
function placesFor(rows: readonly RowToFit[]): number {
  let used = 0;
  const beyond = rows.findIndex(({ headings }) => {
    used += headings + small.linesBesideRow;
    return used > small.linesMax;
  });
  return beyond === -1 ? rows.length : beyond;
}

/** All texts have a place: those of one row after the other get the lines that are left. */
function lengthened(rows: readonly RowToFit[], lines: number): FittedRow[] {
  let left = lines;
  const linesOfText = rows.map(() => 1);
  for (let longer = 2; longer <= LINES_OF_TEXT_MAX; longer++) {
    for (const [i, row] of rows.entries()) {
      const more = linesWanted(row, small, longer) - linesWanted(row, small, linesOfText[i]!);
      if (more > left) continue;
      left -= more;
      linesOfText[i] = longer;
    }
  }
  return rows.map((row, i) => laid(row, small, linesOfText[i]!));
}

/** Texts have to be left out. Who needs less leaves more to the others: line by line to whoever has the fewest. */
function shortened(rows: readonly RowToFit[]): FittedRow[] {
  const given = rows.map(({ headings }) => headings);
  for (let left = roomFor(rows, small) - sum(given); left >= 1; left--) {
    const needy = given.flatMap((lines, i) => (lines < linesWanted(rows[i]!, small, 1) ? [{ lines, i }] : []));
    const next = needy.sort((one, other) => one.lines - other.lines)[0];
    if (!next) break;
    given[next.i] = next.lines + 1;
  }
  return rows.map((row, i) => laid(row, small, 1, given[i]));
}

function laid(row: RowToFit, type: Type, linesOfTextMax: number, linesOfRow?: number): FittedRow {
  const lines = linesOf(row, type, linesOfTextMax);
  return { lines, shown: lines.map((cell) => (linesOfRow === undefined ? cell.length : shownOf(cell, linesOfRow))) };
}

const linesWanted = (row: RowToFit, type: Type, linesOfTextMax: number): number =>
  Math.max(row.headings, ...linesOf(row, type, linesOfTextMax).map(sum));

const linesOf = ({ cells }: RowToFit, { signsOfLine }: Type, max: number): number[][] =>
  cells.map((texts) => texts.map((text) => Math.min(max, Math.max(1, Math.ceil(text.length / signsOfLine)))));

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
