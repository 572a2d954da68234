import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Holidays from 'date-holidays';

/**
 * The table of Norwegian public holidays, so that no bundle carries a library of the world's. `node
 * bin/public-holidays.ts` writes it; a test says when it is stale.
 */
export const PUBLIC_HOLIDAYS_FILE = join(
  import.meta.dirname,
  '../lambdas/features/reservations/public-holidays-table.ts',
);
const [FIRST_YEAR, LAST_YEAR] = [2024, 2045];

export function publicHolidaysTable(): string {
  const inBokmaal = holidaysBy('no');
  const inEnglish = holidaysBy('en');
  const rules = [...new Set(inBokmaal.map(({ rule }) => rule))];
  const names = rules.map((rule) => {
    const [nb, en] = [inBokmaal, inEnglish].map((all) => all.find((one) => one.rule === rule)?.name);
    return `  { nb: ${quoted(nb)}, en: ${quoted(en)} },`;
  });
  const years = Array.from({ length: LAST_YEAR - FIRST_YEAR + 1 }, (_, i) => FIRST_YEAR + i).map((year) => {
    const days = rules.map((rule) => dayOf(inBokmaal, rule, year));
    return `  ${year}: '${days.join(' ')}',`;
  });
  return `${[
    '// Written by `npm run generate` from date-holidays; do not edit.',
    '',
    "/** What the law calls Norwegian public holidays, in the order of each year's days below. */",
    'export const holidayNames: readonly { readonly nb: string; readonly en: string }[] = [',
    ...names,
    '];',
    '',
    '/** `MM-DD` of each, in the order of the names. */',
    'export const holidaysByYear: Readonly<Record<string, string>> = {',
    ...years,
    '};',
  ].join('\n')}\n`;
}

function holidaysBy(language: string) {
  const norway = new Holidays('NO', { languages: [language] });
  const years = Array.from({ length: LAST_YEAR - FIRST_YEAR + 1 }, (_, i) => FIRST_YEAR + i);
  return years.flatMap((year) => norway.getHolidays(year).filter(({ type }) => type === 'public'));
}

function dayOf(holidays: ReturnType<typeof holidaysBy>, rule: string, year: number): string {
  const day = holidays.find((one) => one.rule === rule && one.date.startsWith(`${year}-`))?.date;
  if (day === undefined) throw new Error(`No ${rule} in ${year}`);
  return day.slice('YYYY-'.length, 'YYYY-MM-DD'.length);
}

function quoted(text: string | undefined): string {
  if (text === undefined) throw new Error('A holiday without a name');
  return text.includes("'") ? `"${text}"` : `'${text}'`;
}

if (import.meta.main) writeFileSync(PUBLIC_HOLIDAYS_FILE, publicHolidaysTable());
