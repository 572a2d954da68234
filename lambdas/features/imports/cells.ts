import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { Email, type GuardianLink } from '../people/person.ts';

/** What a cell says, once understood; `undefined` when it cannot be. Cells come trimmed and are never empty here. */

/** `dd.mm.yyyy` or `d.m.yyyy` to an ISO date; a day that does not exist (31.02.) is none. */
export function dateFrom(cell: string): string | undefined {
  const match = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(cell);
  if (!match) return undefined;
  const [day, month, year] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const date = new Date(Date.UTC(year, month - 1, day));
  if (year < 1000 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  return date.toISOString().slice(0, 10);
}

/** To E.164. A number without a country is Norwegian; `00` is read as `+`. */
export function phoneFrom(cell: string): string | undefined {
  const parsed = parsePhoneNumberFromString(cell.replace(/^00/, '+'), { defaultCountry: 'NO', extract: false });
  // An extension is no part of E.164, and would be lost without a word.
  return parsed?.isValid() && parsed.ext === undefined && isWithinE164(parsed.number) ? parsed.number : undefined;
}
const isWithinE164 = (number: string) => /^\+[1-9]\d{7,14}$/.test(number);

export function emailFrom(cell: string): string | undefined {
  const parsed = Email.safeParse(cell);
  return parsed.success ? parsed.data : undefined;
}

export const postcodeFrom = (cell: string): string | undefined => (/^\d{4}$/.test(cell) ? cell : undefined);

export type Relation = GuardianLink['relation'];
const relations: Readonly<Record<string, Relation>> = {
  mor: 'mother',
  mamma: 'mother',
  far: 'father',
  pappa: 'father',
  medmor: 'co-mother',
  fosterforelder: 'foster-parent',
  fostermor: 'foster-parent',
  fosterfar: 'foster-parent',
  besteforelder: 'grandparent',
  bestemor: 'grandparent',
  bestefar: 'grandparent',
  farmor: 'grandparent',
  farfar: 'grandparent',
  mormor: 'grandparent',
  morfar: 'grandparent',
  steforelder: 'other',
  stemor: 'other',
  stefar: 'other',
  verge: 'other',
  annen: 'other',
  annet: 'other',
};
export const relationFrom = (cell: string): Relation | undefined => lookUp(relations, cell);

/**
 * What a relation gives until somebody decides otherwise: only a parent is taken to have parental responsibility
 * (Children Act, sections 34–35); the rest get the least, and the one who approves sees it.
 */
export const rightsOfRelation: Readonly<Record<Relation, GuardianLink['rights']>> = {
  mother: 'parental-responsibility',
  father: 'parental-responsibility',
  'co-mother': 'parental-responsibility',
  'foster-parent': 'information-only',
  grandparent: 'pick-up-only',
  other: 'pick-up-only',
};

export type Seat = 1 | 2;
const residences: Readonly<Record<string, readonly Seat[]>> = {
  begge: [1, 2],
  delt: [1, 2],
  'foresatt 1': [1],
  'foresatt 2': [2],
};
/** Which of the two guardians the child lives with, wholly or in part. */
export const residenceFrom = (cell: string): readonly Seat[] | undefined => lookUp(residences, cell);

const flags: Readonly<Record<string, boolean>> = { j: true, ja: true, x: true, n: false, nei: false };
export const flagFrom = (cell: string): boolean | undefined => lookUp(flags, cell);

function lookUp<T>(table: Readonly<Record<string, T>>, cell: string): T | undefined {
  const key = cell.normalize('NFC').toLowerCase().replace(/\s+/g, ' ');
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/**
 * Splits a full name. A guardian who shares the child's last name keeps it whole (`Borge Nielsen`); otherwise the first
 * word is the first name. A name of one word is none.
 */
export function nameFrom(cell: string, childsLastName: string): { firstName: string; lastName: string } | undefined {
  const words = cell.split(/\s+/);
  if (words.length < 2) return undefined;
  const shared = childsLastName.split(/\s+/);
  const tail = words.slice(-shared.length);
  const lastNameWords =
    words.length > shared.length && tail.join(' ').toLowerCase() === shared.join(' ').toLowerCase() ? shared.length : 0;
  const firstNameWords = lastNameWords > 0 ? words.length - lastNameWords : 1;
  return { firstName: words.slice(0, firstNameWords).join(' '), lastName: words.slice(firstNameWords).join(' ') };
}
