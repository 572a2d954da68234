/**
 * Text as it is compared in a search: letter case and accents do not count, æ, ø and å are letters of their own. As the
 * Norwegian collation of ICU has it (`Intl.Collator('nb', { sensitivity: 'base' })`): ä is æ, ö is ø, ü is y, aa is å.
 */
export const folded = (text: string): string =>
  text
    .normalize('NFC')
    .toLowerCase()
    .replace(/aa|[\u0080-\uffff]/g, (letters) => letterOf[letters] ?? withoutMarks(letters));

const letterOf: Readonly<Record<string, string>> = {
  å: 'å',
  aa: 'å',
  æ: 'æ',
  ä: 'æ',
  ø: 'ø',
  ö: 'ø',
  ő: 'ø',
  ü: 'y',
  ű: 'y',
  œ: 'ø',
  ð: 'd',
  đ: 'd',
  ł: 'l',
  ß: 'ss',
  þ: 'th',
};
const withoutMarks = (letters: string) => letters.normalize('NFD').replace(/\p{M}/gu, '');

/** All words of the search, anywhere in the text and in any order. */
export function isFoundIn(text: string, search: string): boolean {
  const within = folded(text);
  return folded(search)
    .split(/\s+/)
    .every((word) => within.includes(word));
}
