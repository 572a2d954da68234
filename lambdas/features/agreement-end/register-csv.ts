import { type RegisterColumn, registerColumns, type StaffColumn, staffColumns } from '../imports/columns.ts';
import type { GuardianLink, PersonRecord } from '../people/person.ts';

/** Guardians that the register has columns for; more stand in the data files. */
const SEATS = ['guardian1', 'guardian2'] as const;

export interface ChildInRegister {
  readonly child: PersonRecord;
  /** The name of the group that the child is in, and since when. */
  readonly group: { readonly name: string; readonly from: string } | undefined;
  readonly guardians: readonly { readonly link: GuardianLink; readonly person: PersonRecord }[];
}

/** As our own import reads it back: one row per child. A child without a birth date has no place in that format. */
export function childRegister(children: readonly ChildInRegister[]): string {
  const columns = Object.keys(registerColumns) as RegisterColumn[];
  return table(
    columns.map((column) => registerColumns[column].header),
    children.flatMap((child) => {
      const cells = cellsOf(child);
      return cells ? [columns.map((column) => cells[column] ?? '')] : [];
    }),
  );
}

export function staffRegister(
  staff: readonly { readonly person: PersonRecord; readonly groupName: string | undefined }[],
): string {
  const columns = Object.keys(staffColumns) as StaffColumn[];
  return table(
    columns.map((column) => staffColumns[column].header),
    staff.map(({ person, groupName }) => {
      const { firstName, lastName, email, phone, position } = person;
      const cells: Record<StaffColumn, string | undefined> = {
        firstName,
        lastName,
        email,
        phone,
        position,
        group: groupName,
      };
      return columns.map((column) => cells[column] ?? '');
    }),
  );
}

function cellsOf({ child, group, guardians }: ChildInRegister): Partial<Record<RegisterColumn, string>> | undefined {
  if (child.birthDate === undefined) return undefined;
  // The same seats whenever it is exported: ids say nothing of an order.
  const inOrder = guardians.toSorted((one, other) => seatOf(one).localeCompare(seatOf(other), 'nb'));
  const seated = SEATS.flatMap((seat, i) => {
    const guardian = inOrder[i];
    return guardian ? [{ seat, ...guardian }] : [];
  });
  return {
    firstName: child.firstName,
    lastName: child.lastName,
    birthDate: dateOf(child.birthDate),
    group: group?.name ?? '',
    // The format demands a first day, also of a child that is in no group.
    startDate: dateOf(group?.from ?? child.birthDate),
    ...Object.fromEntries(
      seated.flatMap(({ seat, link, person }) => [
        [`${seat}Name`, `${person.firstName} ${person.lastName}`],
        [`${seat}Relation`, relationWords[link.relation]],
        [`${seat}Email`, person.email ?? ''],
        [`${seat}Phone`, person.phone ?? ''],
        [`${seat}Address`, person.address ?? ''],
        [`${seat}Postcode`, person.postcode ?? ''],
      ]),
    ),
    residence: residenceOf(seated.map(({ link }) => link.livesWith)),
    protectedAddress: child.protectedAddress ? 'Ja' : '',
    remark: child.note ?? '',
  };
}

const relationsInOrder = ['mother', 'father', 'co-mother', 'foster-parent', 'grandparent', 'other'];
const seatOf = ({ link, person }: ChildInRegister['guardians'][number]) =>
  [relationsInOrder.indexOf(link.relation), person.firstName, person.lastName, person.email].join(' ');

const relationWords: Readonly<Record<GuardianLink['relation'], string>> = {
  mother: 'Mor',
  father: 'Far',
  'co-mother': 'Medmor',
  'foster-parent': 'Fosterforelder',
  grandparent: 'Besteforelder',
  other: 'Annen',
};

function residenceOf([first = false, second = false]: readonly boolean[]): string {
  if (first && second) return 'Begge';
  if (first) return 'Foresatt 1';
  return second ? 'Foresatt 2' : '';
}

/** `yyyy-mm-dd` as registers write it. */
const dateOf = (day: string): string => day.split('-').reverse().join('.');

/** Without it, spreadsheets take UTF-8 for something else and spoil æ, ø and å. */
const BYTE_ORDER_MARK = '\uFEFF';

const table = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  BYTE_ORDER_MARK + [header, ...rows].map((row) => `${row.map(quoted).join(';')}\r\n`).join('');

/** RFC 4180 with semicolons. A cell that a spreadsheet would run as a formula (OWASP, CSV injection) begins with a space, which a reader trims. */
function quoted(cell: string): string {
  const safe = /^[=+\-@\t\r]/.test(cell) && !/^\+\d+$/.test(cell) ? ` ${cell}` : cell;
  return /[";\r\n]/.test(safe) || safe !== cell ? `"${safe.replaceAll('"', '""')}"` : safe;
}
