import { describe, expect, it } from 'vitest';
import { type AgreementEnd, daysOf, endOf, endSteps, stepsDue } from '../../../lambdas/features/agreement-end/end.ts';

const oslo = 'Europe/Oslo';
const open: AgreementEnd = { endsOn: '2026-12-31', done: [] };
const chosen = (what: 'return' | 'deletion', at: string): AgreementEnd => ({
  ...open,
  choice: { what, at, by: 'per_01jd8m3v5c2w7x9y4z6a8b0c1d' as never },
});

describe('the days of an end', () => {
  it.each([
    ['without a choice', open, '2027-04-01'],
    ['when the data is returned', chosen('return', '2026-12-01T12:00:00Z'), '2027-04-01'],
    ['when deletion was chosen before the end', chosen('deletion', '2026-12-01T12:00:00Z'), '2027-01-01'],
    ['three days after deletion was chosen', chosen('deletion', '2027-01-10T23:30:00Z'), '2027-01-14'],
    ['never after 90 days, however late it was chosen', chosen('deletion', '2027-03-30T12:00:00Z'), '2027-04-01'],
  ] as const)('delete everything %s', (_when, end, deletedOn) => {
    expect(daysOf(end, oslo)).toEqual({ agreementErasedOn: '2027-02-01', deletedOn });
  });
});

describe('what has to be done', () => {
  /** What a daily run does over a whole year. */
  const yearOf = (start: AgreementEnd) => {
    const steps: string[] = [];
    let end = start;
    for (let day = 0; day < 365; day++) {
      const today = new Date(Date.UTC(2026, 10, 1 + day)).toISOString().slice(0, 10);
      const due = stepsDue(end, oslo, today);
      steps.push(...due.map((step) => `${today} ${step}`));
      end = { ...end, done: [...end.done, ...due] };
    }
    return steps;
  };

  it('is each step once, on its day: asked, reminded after 30, 60 and 80 days, deleted after 90 (ALL-09, KP-10)', () => {
    expect(yearOf(open)).toEqual([
      '2026-12-01 asked',
      '2027-01-30 reminder-30',
      '2027-02-01 agreement-erased',
      '2027-03-01 reminder-60',
      '2027-03-21 reminder-80',
      '2027-03-31 deletion-announced',
      '2027-04-01 deletion-ordered',
    ]);
  });

  it('is no reminder for whoever has chosen', () => {
    expect(yearOf(chosen('return', '2026-11-01T12:00:00Z'))).toEqual([
      '2027-02-01 agreement-erased',
      '2027-03-31 deletion-announced',
      '2027-04-01 deletion-ordered',
    ]);
  });

  it('is only the last of several reminders that were missed', () => {
    expect(stepsDue(open, oslo, '2027-03-22')).toEqual(['reminder-80', 'agreement-erased']);
  });

  it('begins anew when the agreement goes on longer', () => {
    const done: AgreementEnd = { ...open, done: [...endSteps] };
    expect(endOf(done, '2026-12-31')).toBe(done);
    expect(endOf(done, '2027-12-31')).toEqual({ endsOn: '2027-12-31', done: [] });
  });
});
