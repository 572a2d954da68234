import * as z from 'zod';
import { guardianRights } from '../../access/roles.ts';
import { GuardianLink, PersonFields, PlainDate } from '../people/person.ts';
import type { RowErrorCode, RowRemarkCode } from './findings.ts';

/** A row of a register, understood: what the plan is made from, and what is sealed until it has been applied. */

export const GROUP_NAME_CHARACTERS_MAX = 80;
const GroupName = z.string().min(1).max(GROUP_NAME_CHARACTERS_MAX);
const { firstName, lastName, email, phone, address, postcode, position, note } = PersonFields.shape;

export const Who = z.enum(['child', 'guardian1', 'guardian2', 'staff']).meta({ id: 'ImportedWho' });
export type Who = z.output<typeof Who>;
export const GuardianWho = z.enum(['guardian1', 'guardian2']);
export type GuardianWho = z.output<typeof GuardianWho>;

export const GuardianCells = z.strictObject({
  who: GuardianWho,
  firstName,
  lastName,
  relation: GuardianLink.shape.relation,
  rights: z.enum(guardianRights),
  /** Absent when the register does not say. */
  livesWith: z.boolean().optional(),
  email,
  phone,
  address,
  postcode,
});
export type GuardianCells = z.output<typeof GuardianCells>;

export const ChildRow = z.strictObject({
  kind: z.literal('child'),
  line: z.int().min(1),
  firstName,
  lastName,
  birthDate: PlainDate,
  groupName: GroupName.optional(),
  startDate: PlainDate,
  guardians: z.array(GuardianCells).max(2),
  protectedAddress: z.boolean(),
  /** A remark that is not about health; applied only as the approver decides. */
  remark: note,
});
export type ChildRow = z.output<typeof ChildRow>;

export const StaffRow = z.strictObject({
  kind: z.literal('staff'),
  line: z.int().min(1),
  firstName,
  lastName,
  email,
  phone,
  position,
  groupName: GroupName.optional(),
});
export type StaffRow = z.output<typeof StaffRow>;

export type RegisterRow = ChildRow | StaffRow;

/** An error of a row. It names line and column and never repeats the value. */
export interface RowError {
  readonly line: number;
  readonly column?: string;
  readonly code: RowErrorCode;
}

export interface RowRemark {
  readonly line: number;
  readonly code: RowRemarkCode;
  readonly who?: Who;
}

/** One row of the file. With an error it holds no values at all, and is not taken in. */
export interface ReadRow {
  readonly line: number;
  readonly row?: RegisterRow;
  readonly errors: readonly RowError[];
  readonly remarks: readonly RowRemark[];
}

/** Without what is undefined: an empty cell says nothing, and never empties what is held. */
export function withoutEmpty<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
