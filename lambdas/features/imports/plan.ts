import type { Id, IdPrefix, OrganisationId, PersonId } from '../../http/ids.ts';
import { childIdentity, comparableName, grownUpIdentity } from '../people/identity.ts';
import type { Block, GuardianLink, PersonRecord } from '../people/person.ts';
import { movedTo } from '../people/placement.ts';
import {
  type ChildRow,
  type GuardianCells,
  type GuardianWho,
  type ReadRow,
  type RowError,
  type RowRemark,
  type StaffRow,
  type Who,
  withoutEmpty,
} from './import-row.ts';
import type { Known, World } from './world.ts';

/** What taking in one row would write. Persons have their ids already; nothing is written here. */
export type Step =
  | { readonly do: 'add'; readonly who: Who; readonly person: PersonRecord }
  | { readonly do: 'save'; readonly who: Who; readonly before: Known<PersonRecord>; readonly after: PersonRecord }
  | { readonly do: 'link'; readonly who: Who; readonly childId: PersonId; readonly link: GuardianLink }
  | {
      readonly do: 'save-link';
      readonly who: Who;
      readonly childId: PersonId;
      readonly before: Known<GuardianLink>;
      readonly after: GuardianLink;
    }
  | { readonly do: 'block'; readonly who: Who; readonly childId: PersonId; readonly block: Block };

/** `remark`: nothing of the row is taken in, and it is no error. */
export type Verdict = 'new' | 'changed' | 'unchanged' | 'error' | 'remark';

export interface RowPlan {
  readonly line: number;
  readonly verdict: Verdict;
  readonly steps: readonly Step[];
  readonly errors: readonly RowError[];
  readonly remarks: readonly PlannedRemark[];
}
export interface PlannedRemark extends RowRemark {
  /** The import cannot be approved before somebody has decided. */
  readonly needsDecision: boolean;
}

/** What the approver decided about a row. Without it no block is set and no note is kept. */
export interface Decision {
  readonly block?: readonly GuardianWho[];
  readonly basis?: Block['basis'];
  readonly keepAsNote?: boolean;
}

export interface Planner {
  readonly organisationId: OrganisationId;
  readonly world: World;
  newId<P extends IdPrefix>(prefix: P): Id<P>;
}

/**
 * Plans one row: how what is held differs from what the row says. An import adds and corrects; it never takes away a
 * link, a block, a protection or a value, and never links across a block.
 */
export function planRow(read: ReadRow, planner: Planner, decision: Decision = {}): RowPlan {
  const { line, row } = read;
  if (!row) {
    const remarks = read.remarks.map((remark) => ({ ...remark, needsDecision: false }));
    return { line, verdict: read.errors.length > 0 ? 'error' : 'remark', steps: [], errors: read.errors, remarks };
  }
  const planned = row.kind === 'staff' ? planStaff(row, planner) : planChild(row, planner, decision);
  if (planned.errors.length > 0) return { line, verdict: 'error', steps: [], errors: planned.errors, remarks: [] };
  const remarks = [...read.remarks, ...planned.remarks].map((remark) => ({
    ...remark,
    needsDecision: remark.code === 'possible-block' && !planned.hasBlock,
  }));
  return { line, verdict: verdictOf(planned), steps: planned.steps, errors: [], remarks };
}

/** Plans all rows, each against what the rows before it will have made. */
export function planRegister(rows: readonly ReadRow[], planner: Planner): RowPlan[] {
  return rows.map((read) => {
    const plan = planRow(read, planner);
    planner.world.carryOut(plan.steps);
    return plan;
  });
}

interface Planned {
  readonly steps: readonly Step[];
  readonly errors: readonly RowError[];
  readonly remarks: readonly RowRemark[];
  /** A block stands already between the child and one of the row's grown-ups. */
  readonly hasBlock: boolean;
  readonly isLeftAlone?: boolean;
}

function verdictOf({ steps, isLeftAlone }: Planned): Verdict {
  if (isLeftAlone) return 'remark';
  if (steps.length === 0) return 'unchanged';
  return steps.some((step) => step.do === 'add' && (step.who === 'child' || step.who === 'staff')) ? 'new' : 'changed';
}

function planStaff(row: StaffRow, { world, organisationId, newId }: Planner): Planned {
  const nothing = { steps: [], errors: [], remarks: [], hasBlock: false };
  const identity = grownUpIdentity(row);
  const known = identity && world.personBy(identity);
  const base = known?.value ?? newPerson(row, 'staff', organisationId, newId('per'));
  if (comparableName(base) !== comparableName(row)) return { ...nothing, errors: [emailOfAnother(row.line, 'E-post')] };
  if (base.kind !== 'staff') {
    return { ...nothing, remarks: [{ line: row.line, code: 'has-other-kind', who: 'staff' }], isLeftAlone: true };
  }
  const groupId = row.groupName === undefined ? undefined : world.groupNamed(row.groupName);
  const after: PersonRecord = {
    ...base,
    ...withoutEmpty({ email: row.email, phone: row.phone, position: row.position }),
    placements: (groupId && movedTo(base.placements, groupId, world.today, world.today)) ?? base.placements,
  };
  return { ...nothing, steps: stepsFor('staff', known, after) };
}

function planChild(row: ChildRow, planner: Planner, decision: Decision): Planned {
  const { world, organisationId, newId } = planner;
  const known = world.personBy(childIdentity(row));
  const base = known?.value ?? { ...newPerson(row, 'child', organisationId, newId('per')), birthDate: row.birthDate };
  const groupId = row.groupName === undefined ? undefined : world.groupNamed(row.groupName);
  const note = decision.keepAsNote ? noteWith(base.note, row.remark) : base.note;
  const after: PersonRecord = {
    ...base,
    ...withoutEmpty({ note }),
    protectedAddress: base.protectedAddress || row.protectedAddress,
    placements: (groupId && movedTo(base.placements, groupId, row.startDate, world.today)) ?? base.placements,
  };
  const guardians = row.guardians.map((cells) => planGuardian(cells, row, base.id, planner, decision));
  return {
    steps: [...stepsFor('child', known, after), ...guardians.flatMap(({ steps }) => steps)],
    errors: guardians.flatMap(({ errors }) => errors),
    remarks: guardians.flatMap(({ remarks }) => remarks),
    hasBlock: guardians.some(({ hasBlock }) => hasBlock),
  };
}

function planGuardian(
  cells: GuardianCells,
  row: ChildRow,
  childId: PersonId,
  { world, organisationId, newId }: Planner,
  decision: Decision,
): Planned {
  const { who, relation, rights, livesWith } = cells;
  const { line } = row;
  const known = findGuardian(cells, childId, world);
  const base = known?.value ?? newPerson(cells, 'guardian', organisationId, newId('per'));
  if (comparableName(base) !== comparableName(cells)) {
    const column = `Foresatt ${who === 'guardian1' ? 1 : 2} e-post`;
    return { steps: [], errors: [emailOfAnother(line, column)], remarks: [], hasBlock: false };
  }
  const isOurs = base.kind === 'guardian';
  const { email, phone, address, postcode } = cells;
  // Whoever lives with a protected child has the same address to protect.
  const protectedAddress = base.protectedAddress || (row.protectedAddress && livesWith !== false);
  const after = isOurs
    ? { ...base, ...withoutEmpty({ email, phone, address, postcode }), protectedAddress }
    : { ...base, protectedAddress };
  const steps = stepsFor(who, known, after);
  const remarks: RowRemark[] = isOurs ? [] : [{ line, code: 'has-other-kind', who }];

  if (world.isBlocked(childId, base.id)) {
    return { steps, errors: [], remarks: [...remarks, { line, code: 'stays-blocked', who }], hasBlock: true };
  }
  if (decision.block?.includes(who)) {
    const block: Block = { personId: base.id, basis: decision.basis ?? 'organisation', since: world.today };
    return { steps: [...steps, { do: 'block', who, childId, block }], errors: [], remarks, hasBlock: true };
  }
  const link = world.link(childId, base.id);
  if (!link) {
    const from = [row.startDate, world.today].sort()[0] ?? world.today;
    // Where the register does not say that the child lives there, it is not taken for granted.
    const made: GuardianLink = { guardianId: base.id, relation, rights, livesWith: livesWith ?? false, from };
    return { steps: [...steps, { do: 'link', who, childId, link: made }], errors: [], remarks, hasBlock: false };
  }
  // The rights are the organisation's own decision by now: a register says nothing about them.
  const changed = { ...link.value, relation, livesWith: livesWith ?? link.value.livesWith };
  if (changed.relation !== link.value.relation || changed.livesWith !== link.value.livesWith) {
    steps.push({ do: 'save-link', who, childId, before: link, after: changed });
  }
  return { steps, errors: [], remarks, hasBlock: false };
}

/** By e-mail address, else by name and phone, else as the child's guardian of that name (whose address has changed). */
function findGuardian(cells: GuardianCells, childId: PersonId, world: World): Known<PersonRecord> | undefined {
  const { email, ...withoutEmail } = cells;
  for (const identity of [email === undefined ? undefined : grownUpIdentity(cells), grownUpIdentity(withoutEmail)]) {
    const known = identity && world.personBy(identity);
    if (known) return known;
  }
  return world.guardianNamed(childId, comparableName(cells));
}

function stepsFor(who: Who, known: Known<PersonRecord> | undefined, after: PersonRecord): Step[] {
  if (!known) return [{ do: 'add', who, person: after }];
  if (changedFields(known.value, after).length === 0) return [];
  return [{ do: 'save', who, before: known, after }];
}

export const changedFields = (before: PersonRecord, after: PersonRecord): (keyof PersonRecord)[] =>
  (Object.keys(after) as (keyof PersonRecord)[]).filter(
    (field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]),
  );

const newPerson = (
  { firstName, lastName }: { readonly firstName: string; readonly lastName: string },
  kind: PersonRecord['kind'],
  organisationId: OrganisationId,
  id: PersonId,
): PersonRecord => ({
  id,
  organisationId,
  kind,
  firstName,
  lastName,
  language: 'nb',
  protectedAddress: false,
  placements: [],
});

const NOTE_CHARACTERS_MAX = 2000;

/** The remark put after the note; left out when it stands there already or would not fit. */
function noteWith(note: string | undefined, remark: string | undefined): string | undefined {
  if (remark === undefined || note?.includes(remark)) return note;
  const joined = note === undefined ? remark : `${note}\n${remark}`;
  return joined.length <= NOTE_CHARACTERS_MAX ? joined : note;
}

const emailOfAnother = (line: number, column: string): RowError => ({ line, column, code: 'email-of-another' });
