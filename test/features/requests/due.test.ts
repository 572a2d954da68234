import { describe, expect, it } from 'vitest';
import {
  dueAt,
  mayExtend,
  nextAt,
  textErasedFrom,
  warningAt,
  warningsDue,
} from '../../../lambdas/features/requests/due.ts';
import type { RequestRecord } from '../../../lambdas/features/requests/request.ts';
import { anId } from '../../support/store.ts';

const timeZone = 'Europe/Oslo';
const due = (receivedAt: string, isExtended = false) => dueAt({ timeZone, receivedAt }, isExtended);

function aRequest(wanted: Partial<RequestRecord> = {}): RequestRecord {
  const receivedAt = wanted.receivedAt ?? '2026-11-23T07:00:00.000Z';
  return {
    id: anId('req'),
    right: 'erasure',
    subject: anId('per'),
    askedBy: { as: 'self', accountId: anId('acc') },
    channel: 'account',
    language: 'nb',
    timeZone,
    state: 'received',
    receivedAt,
    dueAt: due(receivedAt),
    warned: [],
    ...wanted,
  };
}

describe('an answer is due (ALL-02)', () => {
  it.each([
    ['31 January', '2027-01-31T12:00:00Z', '2027-02-28T23:00:00.000Z', '28 February'],
    ['31 January of a leap year', '2028-01-31T12:00:00Z', '2028-02-29T23:00:00.000Z', '29 February'],
    ['29 February', '2028-02-29T12:00:00Z', '2028-03-29T22:00:00.000Z', '29 March, in summer time'],
    ['28 February', '2027-02-28T12:00:00Z', '2027-03-28T22:00:00.000Z', '28 March, the day that has 23 hours'],
    ['25 September', '2026-09-25T12:00:00Z', '2026-10-25T23:00:00.000Z', '25 October, the day that has 25 hours'],
    ['a minute past midnight on 1 May', '2026-04-30T22:01:00Z', '2026-06-01T22:00:00.000Z', '1 June'],
    ['a minute before midnight on 30 April', '2026-04-30T21:59:00Z', '2026-05-30T22:00:00.000Z', '30 May'],
    ['24 November', '2026-11-24T08:00:00Z', '2026-12-24T23:00:00.000Z', '24 December: no holiday moves it'],
  ])('for one of %s (%s) at %s, at the end of %s', (_, receivedAt, at) => {
    expect(due(receivedAt)).toBe(at);
  });

  it('after three months from the first day where it has been extended', () => {
    expect(due('2026-11-30T12:00:00Z', true)).toBe('2027-02-28T23:00:00.000Z');
  });

  it('in the controller’s own zone', () => {
    expect(dueAt({ timeZone: 'America/New_York', receivedAt: '2026-05-01T00:30:00Z' })).toBe(
      '2026-05-31T04:00:00.000Z',
    );
    expect(dueAt({ timeZone: 'UTC', receivedAt: '2026-05-01T00:30:00Z' })).toBe('2026-06-02T00:00:00.000Z');
  });

  it('and can be extended until that instant', () => {
    const request = aRequest();
    expect(mayExtend(request, new Date('2026-12-23T22:59:59.999Z'))).toBe(true);
    expect(mayExtend(request, new Date('2026-12-23T23:00:00.000Z'))).toBe(false);
  });
});

describe('a warning', () => {
  it('stands 14, 7 and 2 local days before the end, also over the change to summer time', () => {
    const request = aRequest({ receivedAt: '2027-03-10T12:00:00Z' });
    expect(request.dueAt).toBe('2027-04-10T22:00:00.000Z');
    expect([14, 7, 2].map((days) => warningAt(request, days))).toEqual([
      '2027-03-27T23:00:00.000Z',
      '2027-04-03T22:00:00.000Z',
      '2027-04-08T22:00:00.000Z',
    ]);
  });

  it('is due from its instant, is not given again, and makes the earlier ones superfluous', () => {
    const request = aRequest();
    const at = warningAt(request, 7);
    const before = new Date(Date.parse(at) - 1000);
    expect(warningsDue({ ...request, warned: [14] }, before)).toEqual([]);
    expect(warningsDue({ ...request, warned: [14] }, new Date(at))).toEqual([7]);
    expect(warningsDue(request, new Date(at))).toEqual([14, 7]);
    expect(warningsDue({ ...request, warned: [14, 7] }, new Date(at))).toEqual([]);
    expect(warningsDue({ ...request, state: 'answered' }, new Date(at))).toEqual([]);
  });
});

describe('the clock looks', () => {
  const now = new Date('2026-11-23T07:00:00Z');

  it('at the next warning, then at the end, then every day', () => {
    const request = aRequest();
    expect(nextAt(request, now)).toBe(warningAt(request, 14));
    expect(nextAt({ ...request, warned: [14] }, now)).toBe(warningAt(request, 7));
    expect(nextAt({ ...request, warned: [14, 7, 2] }, now)).toBe(request.dueAt);
    const overdue = { ...request, warned: [14, 7, 2], overdueSince: request.dueAt };
    expect(nextAt(overdue, new Date(request.dueAt))).toBe('2026-12-24T23:00:00.000Z');
  });

  it('at the end of a delay, and not again and again at one that a hold keeps waiting', () => {
    const approved = aRequest({ state: 'approved', executesAt: '2026-11-26T07:00:00.000Z' });
    expect(nextAt(approved, now)).toBe('2026-11-26T07:00:00.000Z');
    expect(nextAt(approved, new Date('2026-11-26T07:00:00Z'))).toBe(warningAt(approved, 14));
  });

  it('at what was said when 30 days have gone since the final answer, and then never more', () => {
    const closed = aRequest({ state: 'refused', closedAt: '2026-11-23T07:00:00.000Z' });
    expect(textErasedFrom({ ...closed, closedAt: closed.closedAt! })).toBe('2026-12-23T23:00:00.000Z');
    expect(nextAt(closed, now)).toBe('2026-12-23T23:00:00.000Z');
    expect(nextAt({ ...closed, textErasedAt: '2026-12-23T23:00:00.000Z' }, now)).toBeUndefined();
  });
});
