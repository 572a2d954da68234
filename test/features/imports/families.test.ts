import { describe, expect, it } from 'vitest';
import { familiesOf } from '../../../lambdas/features/imports/families.ts';
import type { ChildRow, GuardianCells } from '../../../lambdas/features/imports/import-row.ts';

const guardian = (name: string, contact: Pick<GuardianCells, 'email' | 'phone'>): GuardianCells => ({
  who: 'guardian1',
  firstName: name,
  lastName: 'Dal',
  relation: 'mother',
  rights: 'parental-responsibility',
  ...contact,
});
const child = (line: number, ...guardians: GuardianCells[]): { row: ChildRow } => ({
  row: {
    kind: 'child',
    line,
    firstName: `Barn ${line}`,
    lastName: 'Dal',
    birthDate: '2023-02-01',
    startDate: '2026-08-17',
    protectedAddress: false,
    guardians,
  },
});
const linesOf = (...rows: { row: ChildRow }[]) => familiesOf(rows).map((family) => family.map(({ row }) => row.line));

describe('the families of a register', () => {
  const kari = guardian('Kari', { email: 'kari@example.no' });
  const per = guardian('Per', { email: 'per@example.no' });

  it('are the rows that share a guardian, also over a half-sibling', () => {
    const mona = guardian('Mona', { email: 'mona@example.no' });
    expect(linesOf(child(2, kari), child(3, mona), child(4, per), child(5, kari, per))).toEqual([[2, 4, 5], [3]]);
  });

  it('know a guardian again who has an e-mail address on one row alone', () => {
    const phone = '+4790000000';
    const [with_, without] = [guardian('Kari', { email: 'k@example.no', phone }), guardian('kari', { phone })];
    expect(linesOf(child(2, without), child(3, with_))).toEqual([[2, 3]]);
  });

  it('are one each for children who share nobody', () => {
    expect(linesOf(child(2), child(3), child(4, kari))).toEqual([[2], [3], [4]]);
  });
});
