import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeKey, changesOf } from '../../../lambdas/features/imports/changes.ts';
import type { ChildRow, GuardianCells, ReadRow, RegisterRow } from '../../../lambdas/features/imports/import-row.ts';
import { type Decision, planRegister, planRow, type RowPlan } from '../../../lambdas/features/imports/plan.ts';
import { readRegister } from '../../../lambdas/features/imports/register.ts';
import { newWorld, type World } from '../../../lambdas/features/imports/world.ts';
import { anId } from '../../support/store.ts';

const organisationId = anId('org');
const today = '2026-11-23';

function aWorld(...groupNames: string[]): World {
  const world = newWorld(today);
  for (const name of groupNames) world.addGroup(name, anId('grp'));
  return world;
}
const groupNames = ['Blåveis', 'Revebjella', 'Tyttebær', 'Trollhiet'];
const planner = (world: World) => ({ organisationId, world, newId: anId });
const read = (row: RegisterRow, remarks: ReadRow['remarks'] = []): ReadRow => ({
  line: row.line,
  row,
  errors: [],
  remarks,
});

const aGuardian = (cells: Partial<GuardianCells> = {}): GuardianCells => ({
  who: 'guardian1',
  firstName: 'Kari',
  lastName: 'Dal',
  relation: 'mother',
  rights: 'parental-responsibility',
  livesWith: true,
  email: 'kari@example.no',
  ...cells,
});
const aRow = (cells: Partial<ChildRow> = {}): ChildRow => ({
  kind: 'child',
  line: 2,
  firstName: 'Ola',
  lastName: 'Dal',
  birthDate: '2023-02-01',
  startDate: '2026-08-17',
  groupName: 'Blåveis',
  protectedAddress: false,
  guardians: [aGuardian()],
  ...cells,
});
function takeIn(world: World, row: RegisterRow, decision?: Decision): RowPlan {
  const plan = planRow(read(row), planner(world), decision);
  world.carryOut(plan.steps);
  return plan;
}
const whats = (plan: RowPlan, world: World) => changesOf(plan.steps, world).map(({ who, what }) => `${who} ${what}`);
const childIn = (world: World) => world.personBy({ kind: 'import-row', value: 'child|ola dal|2023-02-01' })!.value;
const kariIn = (world: World) => world.personBy({ kind: 'email', value: 'kari@example.no' })!.value;

const exampleRows = (kind: 'register' | 'staff'): readonly ReadRow[] => {
  const bytes = readFileSync(new URL(`../../../examples/solbakken-${kind}.csv`, import.meta.url));
  const file = readRegister(kind, bytes, today);
  if ('errors' in file) throw new Error('unreadable');
  return file.rows;
};
const verdicts = (plans: readonly RowPlan[]) =>
  Object.fromEntries(
    [...new Set(plans.map(({ verdict }) => verdict))].map((verdict) => [
      verdict,
      plans.filter((plan) => plan.verdict === verdict).length,
    ]),
  );

describe('the plan of Solbakken’s register', () => {
  it('is 57 new children, two errors and one repeated row', () => {
    const plans = planRegister(exampleRows('register'), planner(aWorld(...groupNames)));
    expect(verdicts(plans)).toEqual({ new: 57, error: 2, remark: 1 });
    const steps = plans.flatMap((plan) => plan.steps);
    const count = (what: string) => steps.filter((step) => step.do === what).length;
    expect({ add: count('add'), save: count('save'), link: count('link') }).toEqual({
      add: 57 + 75,
      save: 0,
      link: 105,
    });
    expect(plans.flatMap(({ remarks }) => remarks).filter(({ needsDecision }) => needsDecision)).toMatchObject([
      { line: 31, code: 'possible-block' },
    ]);
  });

  it('is empty once it has been carried out: twice changes nothing', () => {
    const world = aWorld(...groupNames);
    planRegister(exampleRows('register'), planner(world));
    const again = planRegister(exampleRows('register'), planner(world));
    expect(verdicts(again)).toEqual({ unchanged: 57, error: 2, remark: 1 });
    expect(again.flatMap(({ steps }) => steps)).toEqual([]);
  });

  it('is followed by 17 new members of staff, and one whose e-mail address is a guardian’s', () => {
    const world = aWorld(...groupNames);
    planRegister(exampleRows('register'), planner(world));
    const plans = planRegister(exampleRows('staff'), planner(world));
    expect(verdicts(plans)).toEqual({ new: 17, error: 1 });
    expect(plans.flatMap(({ errors }) => errors)).toEqual([{ line: 10, column: 'E-post', code: 'email-of-another' }]);
    expect(verdicts(planRegister(exampleRows('staff'), planner(world)))).toEqual({ unchanged: 17, error: 1 });
  });
});

describe('an import adds and corrects', () => {
  it('a child with its guardian, group and link (KP-04, KP-05)', () => {
    const world = aWorld('Blåveis');
    const plan = planRow(read(aRow()), planner(world));
    expect(plan.verdict).toBe('new');
    expect(whats(plan, world)).toEqual(['child create', 'child group', 'guardian1 create', 'guardian1 link']);
  });

  it('exactly what differs, and says from what to what', () => {
    const world = aWorld('Blåveis', 'Revebjella');
    takeIn(world, aRow());
    const row = aRow({
      groupName: 'Revebjella',
      guardians: [aGuardian({ phone: '+4747274947', relation: 'co-mother', livesWith: false })],
    });
    const plan = planRow(read(row), planner(world));
    expect(plan.verdict).toBe('changed');
    expect(changesOf(plan.steps, world)).toEqual([
      { who: 'child', what: 'group', name: 'Ola Dal', from: 'Blåveis', to: 'Revebjella' },
      { who: 'guardian1', what: 'phone', name: 'Kari Dal', to: '+4747274947' },
      { who: 'guardian1', what: 'relation', name: 'Kari Dal', from: 'mother', to: 'co-mother' },
      { who: 'guardian1', what: 'lives-with', name: 'Kari Dal', from: 'true', to: 'false' },
    ]);
  });

  it('a new e-mail address to the guardian whom the child has by that name', () => {
    const world = aWorld('Blåveis');
    takeIn(world, aRow());
    const plan = takeIn(world, aRow({ guardians: [aGuardian({ email: 'ny@example.no' })] }));
    expect(plan.steps).toMatchObject([{ do: 'save', after: { email: 'ny@example.no' } }]);
  });

  it('siblings to one guardian, with or without an e-mail address', () => {
    for (const contact of [{}, { email: undefined, phone: '+4747274947' }]) {
      const world = aWorld('Blåveis');
      const { email: _, ...bare } = aGuardian();
      const guardian = 'phone' in contact ? { ...bare, phone: '+4747274947' } : aGuardian();
      takeIn(world, aRow({ guardians: [guardian] }));
      const plan = takeIn(world, aRow({ firstName: 'Per', guardians: [guardian] }));
      expect(plan.steps.map((step) => `${step.do} ${step.who}`)).toEqual(['add child', 'link guardian1']);
    }
  });
});

describe('an import never', () => {
  it('empties what the register leaves empty', () => {
    const world = aWorld('Blåveis');
    takeIn(world, aRow({ guardians: [aGuardian({ phone: '+4747274947', address: 'Veien 1', postcode: '0315' })] }));
    const { groupName: _, ...row } = aRow();
    expect(planRow(read(row), planner(world)).steps).toEqual([]);
  });

  it('removes a protection', () => {
    const world = aWorld('Blåveis');
    takeIn(world, aRow({ protectedAddress: true }));
    expect([childIn(world).protectedAddress, kariIn(world).protectedAddress]).toEqual([true, true]);
    expect(planRow(read(aRow()), planner(world)).steps).toEqual([]);
  });

  it('unlinks a guardian who is no longer on the row', () => {
    const world = aWorld('Blåveis');
    takeIn(world, aRow());
    expect(planRow(read(aRow({ guardians: [] })), planner(world)).steps).toEqual([]);
  });

  it('links across a block; it says so', () => {
    const world = aWorld('Blåveis');
    takeIn(world, aRow());
    world.addBlock(childIn(world).id, kariIn(world).id);
    const plan = planRow(read(aRow(), [{ line: 2, code: 'possible-block', who: 'child' }]), planner(world));
    expect(plan.steps).toEqual([]);
    expect(plan.remarks).toMatchObject([
      { code: 'possible-block', needsDecision: false },
      { code: 'stays-blocked', who: 'guardian1' },
    ]);
  });

  it('changes the rights that the organisation has given', () => {
    const world = aWorld('Blåveis');
    takeIn(world, aRow());
    const link = world.link(childIn(world).id, kariIn(world).id)!;
    world.addLink(childIn(world).id, { value: { ...link.value, rights: 'pick-up-only' }, version: 2 });
    expect(planRow(read(aRow()), planner(world)).steps).toEqual([]);
  });

  it('takes a person by an e-mail address that has another name', () => {
    const world = aWorld('Blåveis');
    takeIn(world, aRow());
    const row = aRow({ firstName: 'Per', guardians: [aGuardian({ firstName: 'Mona' })] });
    const plan = planRow(read(row), planner(world));
    expect(plan).toMatchObject({ verdict: 'error', steps: [], errors: [{ code: 'email-of-another', line: 2 }] });
  });

  it('makes a guardian of this register a member of staff, nor the other way round', () => {
    const world = aWorld('Blåveis');
    takeIn(world, aRow());
    const staff = { kind: 'staff', line: 3, firstName: 'Kari', lastName: 'Dal', email: 'kari@example.no' } as const;
    const plan = planRow(read({ ...staff, position: 'Styrer' }), planner(world));
    expect(plan).toMatchObject({ verdict: 'remark', steps: [], remarks: [{ code: 'has-other-kind' }] });
  });

  it('applies a remark by itself', () => {
    const world = aWorld('Blåveis');
    const row = aRow({ remark: 'Far skal ikke hente' });
    const plan = planRow(read(row, [{ line: 2, code: 'possible-block', who: 'child' }]), planner(world));
    expect(plan.remarks).toMatchObject([{ needsDecision: true }]);
    expect(plan.steps.some((step) => step.do === 'block')).toBe(false);
    expect(JSON.stringify(plan.steps)).not.toContain('hente');
  });
});

describe('a decision', () => {
  const father = aGuardian({ who: 'guardian2', firstName: 'Per', relation: 'father', email: 'per@example.no' });

  it('to block a guardian sets a block instead of a link, and takes away the link that was', () => {
    const world = aWorld('Blåveis');
    const row = aRow({ guardians: [aGuardian(), father] });
    const plan = takeIn(world, row, { block: ['guardian2'], basis: 'court-order' });
    expect(plan.steps.filter((step) => step.do === 'link')).toHaveLength(1);
    expect(plan.steps.at(-1)).toMatchObject({ do: 'block', block: { basis: 'court-order', since: today } });
    const again = planRow(read(row), planner(world), { block: ['guardian2'] });
    expect(again.steps).toEqual([]);
  });

  it('to keep a remark as a note does so once', () => {
    const world = aWorld('Blåveis');
    takeIn(world, aRow({ remark: 'Liker trær' }), { keepAsNote: true });
    expect(childIn(world).note).toBe('Liker trær');
    expect(planRow(read(aRow({ remark: 'Liker trær' })), planner(world), { keepAsNote: true }).steps).toEqual([]);
    takeIn(world, aRow({ remark: 'Og tog' }), { keepAsNote: true });
    expect(childIn(world).note).toBe('Liker trær\nOg tog');
  });
});

describe('any register', () => {
  const name = fc.constantFrom('Ola', 'Kari', 'Per', 'Åse');
  const some = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
  const guardian = fc.record({
    firstName: name,
    lastName: fc.constant('Dal'),
    relation: fc.constantFrom('mother' as const, 'father' as const),
    rights: fc.constant('parental-responsibility' as const),
    livesWith: some(fc.boolean()),
    email: some(fc.constantFrom('a@example.no', 'b@example.no', 'c@example.no')),
    phone: some(fc.constantFrom('+4790000001', '+4790000002')),
    address: some(fc.constantFrom('Veien 1', 'Veien 2')),
  });
  const row = fc.record({
    firstName: name,
    lastName: fc.constant('Dal'),
    birthDate: fc.constantFrom('2023-02-01', '2024-02-01'),
    startDate: fc.constantFrom('2026-08-17', '2027-01-04'),
    groupName: some(fc.constantFrom('Blåveis', 'Revebjella')),
    protectedAddress: fc.boolean(),
    // The register refuses a row that names one guardian twice.
    guardians: fc
      .uniqueArray(guardian, { maxLength: 2, selector: ({ firstName }) => firstName })
      .filter(([one, other]) => one?.email === undefined || one.email !== other?.email),
  });
  const defined = <T extends object>(value: T) =>
    Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as T;
  const rows = fc.array(row, { maxLength: 6 }).map((all) =>
    all.map((cells, i) =>
      read({
        ...defined(cells),
        kind: 'child',
        line: i + 2,
        guardians: cells.guardians.map((g, n) => ({ ...defined(g), who: n === 0 ? 'guardian1' : 'guardian2' })),
      } as ChildRow),
    ),
  );

  it('taken in row by row leaves each row with nothing more to do right after it', () => {
    fc.assert(
      fc.property(rows, (register) => {
        const world = aWorld('Blåveis', 'Revebjella');
        for (const each of register) {
          const plan = planRow(each, planner(world));
          world.carryOut(plan.steps);
          const again = planRow(each, planner(world));
          expect(again.steps).toEqual([]);
          expect(again.errors).toEqual(plan.errors);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('never loses a link, a block, a protection or a value', () => {
    fc.assert(
      fc.property(rows, rows, (first, second) => {
        const world = aWorld('Blåveis', 'Revebjella');
        planRegister(first, planner(world));
        const before = planRegister(second, planner(world)).flatMap(({ steps }) => steps);
        for (const step of before) {
          if (step.do !== 'save') continue;
          for (const [field, value] of Object.entries(step.before.value)) {
            const after = step.after[field as keyof typeof step.after];
            expect(after).toBeDefined();
            if (field === 'protectedAddress' && value) expect(after).toBe(true);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is described by changes whose keys tell them apart', () => {
    const world = aWorld('Blåveis');
    const plan = planRow(read(aRow()), planner(world));
    const keys = changesOf(plan.steps, world).map(changeKey);
    expect(new Set(keys).size).toBe(keys.length);
  });
});
