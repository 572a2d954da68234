/** Measures a text at a size, in points. */
export type Measure = (text: string, size: number) => number;

/** Breaks a text into lines no wider than `width` points. A word that is wider by itself is broken where it must be. */
export function linesOf(text: string, width: number, size: number, measure: Measure): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/[ \n\t]+/).flatMap((long) => piecesOf(long, width, size, measure))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && measure(longer, size) > width) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return line === '' ? lines : [...lines, line];
}

function piecesOf(word: string, width: number, size: number, measure: Measure): string[] {
  if (measure(word, size) <= width) return [word];
  const pieces: string[] = [];
  let piece = '';
  for (const character of word) {
    if (piece !== '' && measure(piece + character, size) > width) {
      pieces.push(piece);
      piece = '';
    }
    piece += character;
  }
  return [...pieces, piece];
}

/**
 * Widths of a table's columns: no column narrower than its longest word (as far as there is room), the rest shared by
 * how much text each has to hold.
 */
export function columnWidths(
  rows: readonly (readonly string[])[],
  total: number,
  gap: number,
  size: number,
  measure: Measure,
): number[] {
  const count = rows[0]?.length ?? 0;
  const room = total - gap * (count - 1);
  const columns = Array.from({ length: count }, (_, i) => rows.map((row) => row[i] ?? ''));
  const needed = columns.map((cells) =>
    Math.max(...cells.flatMap((cell) => cell.split(' ').map((word) => measure(word, size)))),
  );
  const narrowest = needed.map((width) => Math.min(width + 1, room / count));
  // The square root: a column with four times the text gets twice the room, so that the others stay readable.
  const weights = columns.map((cells) => Math.sqrt(Math.max(...cells.map((cell) => measure(cell, size)))));
  const spare = room - sum(narrowest);
  return narrowest.map((width, i) => width + (spare * weights[i]!) / sum(weights));
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

/** Letters of Sámi and others that the PDF's own fonts do not have, and what stands for them. */
const STAND_INS: Readonly<Record<string, string>> = { đ: 'd', Đ: 'D', ŋ: 'n', Ŋ: 'N', ŧ: 't', Ŧ: 'T', ł: 'l', Ł: 'L' };

/**
 * A text in the characters that a PDF's standard fonts can show (WinAnsi): an accent that is missing is left out, and
 * what has no counterpart becomes a question mark. The HTML form of the document shows every character.
 */
export function inWinAnsi(text: string, isShown: (character: string) => boolean): string {
  return [...text.normalize('NFC').replace(/[ \n\r\t]+/g, ' ')]
    .map((character) => {
      if (isShown(character)) return character;
      const plain = STAND_INS[character] ?? character.normalize('NFKD').replace(/\p{M}/gu, '');
      return plain !== '' && [...plain].every(isShown) ? plain : '?';
    })
    .join('');
}
