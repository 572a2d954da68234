import type { FileError } from './table.ts';

/** The columns of the registers that we read, by the header that the register's own system writes. */
interface Column {
  readonly header: string;
  readonly required?: true;
}

export const registerColumns = {
  firstName: { header: 'Barn fornavn', required: true },
  lastName: { header: 'Barn etternavn', required: true },
  birthDate: { header: 'Fødselsdato', required: true },
  group: { header: 'Avdeling', required: true },
  startDate: { header: 'Startdato', required: true },
  guardian1Name: { header: 'Foresatt 1 navn', required: true },
  guardian1Relation: { header: 'Foresatt 1 relasjon', required: true },
  guardian1Email: { header: 'Foresatt 1 e-post', required: true },
  guardian1Phone: { header: 'Foresatt 1 telefon' },
  guardian1Address: { header: 'Foresatt 1 adresse' },
  guardian1Postcode: { header: 'Foresatt 1 postnr' },
  guardian2Name: { header: 'Foresatt 2 navn' },
  guardian2Relation: { header: 'Foresatt 2 relasjon' },
  guardian2Email: { header: 'Foresatt 2 e-post' },
  guardian2Phone: { header: 'Foresatt 2 telefon' },
  guardian2Address: { header: 'Foresatt 2 adresse' },
  guardian2Postcode: { header: 'Foresatt 2 postnr' },
  residence: { header: 'Bor hos' },
  protectedAddress: { header: 'Adressesperre' },
  remark: { header: 'Merknad' },
} as const satisfies Record<string, Column>;
export type RegisterColumn = keyof typeof registerColumns;

export const staffColumns = {
  firstName: { header: 'Fornavn', required: true },
  lastName: { header: 'Etternavn', required: true },
  email: { header: 'E-post', required: true },
  phone: { header: 'Telefon' },
  position: { header: 'Stilling' },
  group: { header: 'Avdeling' },
} as const satisfies Record<string, Column>;
export type StaffColumn = keyof typeof staffColumns;

/** Which column stands where, by its place in the row. */
export type Places<C extends string> = ReadonlyMap<C, number>;

/** Finds the columns in a header, whatever its case, spaces and hyphens. Everything wrong with it is said at once. */
export function placeColumns<C extends string>(
  header: readonly string[],
  columns: Readonly<Record<C, Column>>,
): { readonly errors: readonly FileError[] } | { readonly places: Places<C> } {
  const names = Object.keys(columns) as C[];
  const known = new Map(names.map((name) => [bare(columns[name].header), name]));
  const places = new Map<C, number>();
  const errors: FileError[] = [];
  for (const [place, cell] of header.entries()) {
    if (cell === '') continue;
    const name = known.get(bare(cell));
    if (name === undefined)
      errors.push({ code: 'column-unknown', line: 1, column: cell.slice(0, HEADER_CHARACTERS_MAX) });
    else if (places.has(name)) errors.push({ code: 'column-twice', line: 1, column: columns[name].header });
    else places.set(name, place);
  }
  // With hardly a column found, the first line is likely a person: its cells must not be repeated as names of columns.
  if (places.size < names.filter((name) => columns[name].required).length / 2) {
    return { errors: [{ code: 'header-missing', line: 1 }] };
  }
  for (const name of names) {
    if (columns[name].required && !places.has(name)) {
      errors.push({ code: 'column-missing', line: 1, column: columns[name].header });
    }
  }
  return errors.length > 0 ? { errors: errors.slice(0, FILE_ERRORS_MAX) } : { places };
}

const HEADER_CHARACTERS_MAX = 60;
export const FILE_ERRORS_MAX = 50;

const bare = (header: string) =>
  header
    .normalize('NFC')
    .toLowerCase()
    .replace(/[\s\-_.:]/g, '');
