import { describe, expect, it } from 'vitest';
import type { Closure } from '../../../lambdas/features/reservations/closure.ts';
import { weekdays } from '../../../lambdas/features/reservations/days.ts';
import { deadlinesNear } from '../../../lambdas/features/reservations/deadlines.ts';
import { type ReservationRules, rulesUnlessSet } from '../../../lambdas/features/reservations/rules.ts';
import { anId } from '../../support/store.ts';

const rules: ReservationRules = {
  ...rulesUnlessSet,
  openWeekdays: weekdays.slice(0, 5),
  weekCutOff: { weeksBefore: 1, weekday: 'thursday', at: '12:00' },
  remindHoursBefore: 24,
};
const summer: Closure = {
  id: anId('clo'),
  title: 'Sommer',
  kind: 'must-answer',
  from: '2027-07-05',
  until: '2027-07-09',
  answerBefore: { day: '2027-04-01', at: '12:00' },
};
const near = (at: string, some: ReservationRules, ...closures: Closure[]) =>
  deadlinesNear({ rules: some, closures }, 'Europe/Oslo', new Date(at));

describe('a deadline', () => {
  it('is near from the hours before that the organisation says, until it is over', () => {
    expect(near('2026-11-25T10:59:59Z', rules)).toEqual([]);
    const [deadline] = near('2026-11-25T11:00:00Z', rules);
    expect(deadline).toMatchObject({ at: new Date('2026-11-26T11:00:00Z') });
    expect(deadline?.days).toEqual(['2026-11-30', '2026-12-01', '2026-12-02', '2026-12-03', '2026-12-04']);
    expect(near('2026-11-26T11:00:00Z', rules)).toEqual([]);
  });

  it('is of no organisation that has not asked for reminders', () => {
    const { remindHoursBefore: _, ...silent } = rules;
    expect(near('2026-11-25T12:00:00Z', silent)).toEqual([]);
  });

  it('of a period that asks comes long before it, and its days are in no other', () => {
    const all = near('2027-03-31T11:00:00Z', rules, summer);
    const deadline = all.find(({ closureId }) => closureId === summer.id);
    expect(deadline?.at).toEqual(new Date('2027-04-01T10:00:00Z'));
    expect(deadline?.days).toHaveLength(5);
    // The week of 5 April has a deadline of its own at the same instant.
    const others = all.filter((one) => one !== deadline);
    expect(others.map(({ days }) => days[0])).toEqual(['2027-04-05']);
    expect(near('2027-06-30T12:00:00Z', rules, summer).flatMap(({ days }) => days)).toEqual([]);
  });

  it('leaves out closed days, and is none where all are closed', () => {
    const week: Closure = { ...summer, kind: 'closed', from: '2026-11-30', until: '2026-12-03' };
    expect(near('2026-11-26T08:00:00Z', rules, week)[0]?.days).toEqual(['2026-12-04']);
    expect(near('2026-11-26T08:00:00Z', rules, { ...week, until: '2026-12-06' })).toEqual([]);
  });
});
