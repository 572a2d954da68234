import { comparableName, normalisedEmail } from '../people/identity.ts';
import {
  dateFrom,
  emailFrom,
  flagFrom,
  nameFrom,
  phoneFrom,
  postcodeFrom,
  relationFrom,
  residenceFrom,
  rightsOfRelation,
} from './cells.ts';
import { placeColumns, type RegisterColumn, registerColumns, type StaffColumn, staffColumns } from './columns.ts';
import type { RowRemarkCode } from './findings.ts';
import {
  type ChildRow,
  GROUP_NAME_CHARACTERS_MAX,
  type GuardianCells,
  type GuardianWho,
  type ReadRow,
  type RowRemark,
  type StaffRow,
  type Who,
  withoutEmpty,
} from './import-row.ts';
import type { ImportKind } from './limits.ts';
import { classifyRemark } from './remark.ts';
import { type RowReader, rowReader } from './row-reader.ts';
import { checkRowsTogether } from './rows-together.ts';
import { type FileError, readTable } from './table.ts';

export type ReadFile = { readonly errors: readonly FileError[] } | { readonly rows: readonly ReadRow[] };

const NAME_CHARACTERS_MAX = 80;
const FULL_NAME_CHARACTERS_MAX = 160;
const ADDRESS_CHARACTERS_MAX = 120;
const REMARK_CHARACTERS_MAX = 2000;
/** A register holds children and the young; an older one is a slip of the century. */
const CHILD_YEARS_MAX = 20;
const START_YEARS_AHEAD_MAX = 5;

/** Reads a register. Pure: `today` is the organisation's day (ISO). Never throws, whatever the bytes. */
export function readRegister(kind: ImportKind, bytes: Uint8Array, today: string): ReadFile {
  const table = readTable(bytes);
  if ('error' in table) return { errors: [table.error] };
  if (kind === 'staff') {
    const placed = placeColumns<StaffColumn>(table.header, staffColumns);
    if ('errors' in placed) return placed;
    const rows = table.rows.map((row) => readStaffRow(rowReader(row, placed.places, staffColumns)));
    return withRows(rows, table.rows, table.header.length);
  }
  const placed = placeColumns<RegisterColumn>(table.header, registerColumns);
  if ('errors' in placed) return placed;
  const rows = table.rows.map((row) => readChildRow(rowReader(row, placed.places, registerColumns), today));
  return withRows(rows, table.rows, table.header.length);
}

function withRows(rows: readonly ReadRow[], cells: readonly { cells: readonly string[] }[], width: number): ReadFile {
  if (rows.length === 0) return { errors: [{ code: 'file-empty' }] };
  // A cell beyond the header belongs to no column: what it says cannot be known.
  const checked = rows.map((row, i): ReadRow => {
    if (!cells[i]!.cells.slice(width).some((cell) => cell !== '')) return row;
    return { line: row.line, errors: [...row.errors, { line: row.line, code: 'cells-too-many' }], remarks: [] };
  });
  return { rows: checkRowsTogether(checked) };
}

function readStaffRow(reader: RowReader<StaffColumn>): ReadRow {
  const firstName = reader.required('firstName', reader.text('firstName', NAME_CHARACTERS_MAX));
  const lastName = reader.required('lastName', reader.text('lastName', NAME_CHARACTERS_MAX));
  const row = {
    email: reader.parsed('email', emailFrom, 'email-invalid'),
    phone: reader.parsed('phone', phoneFrom, 'phone-invalid'),
    position: reader.text('position', NAME_CHARACTERS_MAX),
    groupName: reader.text('group', GROUP_NAME_CHARACTERS_MAX),
  };
  const { line, errors } = reader;
  if (errors.length > 0 || firstName === undefined || lastName === undefined) return { line, errors, remarks: [] };
  const staff: StaffRow = { kind: 'staff', line, firstName, lastName, ...withoutEmpty(row) };
  return {
    line,
    row: staff,
    errors,
    remarks: row.email === undefined ? [{ line, code: 'email-empty', who: 'staff' }] : [],
  };
}

function readChildRow(reader: RowReader<RegisterColumn>, today: string): ReadRow {
  const { line, errors } = reader;
  const firstName = reader.required('firstName', reader.text('firstName', NAME_CHARACTERS_MAX));
  const lastName = reader.required('lastName', reader.text('lastName', NAME_CHARACTERS_MAX));
  const birthDate = reader.required('birthDate', reader.parsed('birthDate', dateFrom, 'date-invalid'));
  const startDate = reader.required('startDate', reader.parsed('startDate', dateFrom, 'date-invalid'));
  checkDates(reader, birthDate, startDate, today);
  const groupName = reader.text('group', GROUP_NAME_CHARACTERS_MAX);
  const residence = reader.parsed('residence', residenceFrom, 'residence-unknown');
  const guardians = (['guardian1', 'guardian2'] as const).flatMap(
    (who) => readGuardian(reader, who, { childsLastName: lastName ?? '', residence }) ?? [],
  );
  if (areSamePerson(guardians)) reader.refuse('guardian2Name', 'guardian-twice');
  const protectedAddress = reader.parsed('protectedAddress', flagFrom, 'flag-unknown') ?? false;
  const remark = reader.note('remark', REMARK_CHARACTERS_MAX);
  if (errors.length > 0 || !firstName || !lastName || !birthDate || !startDate) return { line, errors, remarks: [] };

  const remarks: RowRemark[] = [];
  const say = (code: RowRemarkCode, who?: Who) => remarks.push({ line, code, ...(who && { who }) });
  if (groupName === undefined) say('group-empty', 'child');
  if (guardians.length === 0) say('guardian-missing', 'child');
  if (guardians.length > 0 && residence === undefined) say('residence-empty', 'child');
  for (const { who, email } of guardians) if (email === undefined) say('email-empty', who);
  const { mayBeBlock, mayBeHealthData } = classifyRemark(remark ?? '');
  if (mayBeBlock) say('possible-block', 'child');
  if (mayBeHealthData) say('health-data', 'child');
  if (remark !== undefined && !mayBeBlock && !mayBeHealthData) say('free-text', 'child');
  const child: ChildRow = {
    kind: 'child',
    line,
    firstName,
    lastName,
    birthDate,
    startDate,
    guardians,
    protectedAddress,
    // Health data is not kept, not even until the approval: the approver is told the line, and has the file.
    ...withoutEmpty({ groupName, remark: mayBeHealthData ? undefined : remark }),
  };
  return { line, row: child, errors, remarks };
}

function checkDates(
  reader: RowReader<RegisterColumn>,
  birthDate: string | undefined,
  startDate: string | undefined,
  today: string,
) {
  if (birthDate && (birthDate > today || birthDate < yearsFrom(today, -CHILD_YEARS_MAX))) {
    reader.refuse('birthDate', 'birth-date-implausible');
  }
  if (birthDate && startDate && startDate < birthDate) reader.refuse('startDate', 'start-before-birth');
  if (startDate && startDate > yearsFrom(today, START_YEARS_AHEAD_MAX)) reader.refuse('startDate', 'start-implausible');
}

function readGuardian(
  reader: RowReader<RegisterColumn>,
  who: GuardianWho,
  facts: { readonly childsLastName: string; readonly residence: readonly (1 | 2)[] | undefined },
): GuardianCells | undefined {
  const columns = {
    name: `${who}Name`,
    relation: `${who}Relation`,
    email: `${who}Email`,
    phone: `${who}Phone`,
    address: `${who}Address`,
    postcode: `${who}Postcode`,
  } as const;
  if (Object.values(columns).every((column) => reader.isEmpty(column))) return undefined;
  const fullName = reader.required(columns.name, reader.text(columns.name, FULL_NAME_CHARACTERS_MAX));
  const name = fullName === undefined ? undefined : nameFrom(fullName, facts.childsLastName);
  if (fullName !== undefined && !isNameThatFits(name)) reader.refuse(columns.name, 'name-incomplete');
  const relation = reader.required(columns.relation, reader.parsed(columns.relation, relationFrom, 'relation-unknown'));
  const contact = {
    email: reader.parsed(columns.email, emailFrom, 'email-invalid'),
    phone: reader.parsed(columns.phone, phoneFrom, 'phone-invalid'),
    address: reader.text(columns.address, ADDRESS_CHARACTERS_MAX),
    postcode: reader.parsed(columns.postcode, postcodeFrom, 'postcode-invalid'),
  };
  if (name === undefined || relation === undefined) return undefined;
  const livesWith = facts.residence?.includes(who === 'guardian1' ? 1 : 2);
  return { who, ...name, relation, rights: rightsOfRelation[relation], ...withoutEmpty({ livesWith, ...contact }) };
}

const isNameThatFits = (name: { firstName: string; lastName: string } | undefined) =>
  name !== undefined && name.firstName.length <= NAME_CHARACTERS_MAX && name.lastName.length <= NAME_CHARACTERS_MAX;

const areSamePerson = ([one, other]: readonly GuardianCells[]) =>
  one !== undefined &&
  other !== undefined &&
  (comparableName(one) === comparableName(other) ||
    (one.email !== undefined &&
      other.email !== undefined &&
      normalisedEmail(one.email) === normalisedEmail(other.email)));

/** The same day some years away; 29 February counts on as 1 March. */
function yearsFrom(day: string, years: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCFullYear(date.getUTCFullYear() + years);
  return date.toISOString().slice(0, 10);
}
