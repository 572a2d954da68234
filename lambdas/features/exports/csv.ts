/** A byte order mark: without it, spreadsheets take UTF-8 for something else and spoil æ, ø and å. */
const BYTE_ORDER_MARK = '\uFEFF';
/** A cell that begins so would be run as a formula by a spreadsheet (OWASP, CSV injection). */
const formula = /^[=+\-@\t\r]/;

/** RFC 4180, one line per record, nested fields under `outer.inner`, lists as JSON. The same data as the JSON file. */
export function csvOf(records: readonly unknown[]): string {
  const rows = records.map((record) => new Map(cellsOf(record, '')));
  const columns = [...new Set(rows.flatMap((row) => [...row.keys()]))];
  const lines = [columns, ...rows.map((row) => columns.map((column) => row.get(column) ?? ''))];
  return BYTE_ORDER_MARK + lines.map((line) => `${line.map(quoted).join(',')}\r\n`).join('');
}

function cellsOf(value: unknown, path: string): [string, string][] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return [[path, JSON.stringify(value)]];
  if (typeof value !== 'object') return [[path === '' ? 'value' : path, String(value)]];
  return Object.entries(value).flatMap(([name, member]) => cellsOf(member, path === '' ? name : `${path}.${name}`));
}

function quoted(cell: string): string {
  // A telephone number keeps its plus: it is a number to every reader, and no formula.
  const safe = formula.test(cell) && !/^\+\d+$/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
