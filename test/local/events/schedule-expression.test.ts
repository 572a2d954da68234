import { describe, expect, it } from 'vitest';
import { scheduleExpression } from '../../../local/events/schedule-expression.ts';

const at = (text: string) => Date.parse(text);
const latest = (expression: string, zone: string, since: string, until: string, anchor = since) => {
  const due = scheduleExpression(expression, zone).latestDue(at(since), at(until), at(anchor));
  return due === undefined ? undefined : new Date(due).toISOString();
};

describe('a schedule', () => {
  it.each([
    ['rate(5 minutes)', 'UTC', '2026-11-21T10:00:00Z', '2026-11-21T10:04:59Z', undefined],
    ['rate(5 minutes)', 'UTC', '2026-11-21T10:00:00Z', '2026-11-21T10:05:00Z', '2026-11-21T10:05:00.000Z'],
    ['rate(1 minute)', 'UTC', '2026-11-21T10:00:00Z', '2026-11-22T10:00:30Z', '2026-11-22T10:00:00.000Z'],
    ['rate(1 day)', 'UTC', '2026-11-21T10:00:00Z', '2026-12-21T09:00:00Z', '2026-12-20T10:00:00.000Z'],
    // In winter Oslo is an hour ahead, in summer two.
    ['cron(0 3 * * ? *)', 'Europe/Oslo', '2026-11-20T10:00:00Z', '2026-11-21T10:00:00Z', '2026-11-21T02:00:00.000Z'],
    ['cron(0 3 * * ? *)', 'Europe/Oslo', '2026-07-20T10:00:00Z', '2026-07-21T10:00:00Z', '2026-07-21T01:00:00.000Z'],
    ['cron(0 3 * * ? *)', 'Europe/Oslo', '2026-11-21T02:00:00Z', '2026-11-22T01:59:59Z', undefined],
    // The night when 02:30 does not exist, and the one where it comes twice.
    ['cron(30 2 * * ? *)', 'Europe/Oslo', '2027-03-28T00:00:00Z', '2027-03-28T12:00:00Z', undefined],
    ['cron(30 2 * * ? *)', 'Europe/Oslo', '2026-10-25T00:00:00Z', '2026-10-25T12:00:00Z', '2026-10-25T00:30:00.000Z'],
    ['cron(30 2 * * ? *)', 'Europe/Oslo', '2026-10-25T00:30:00Z', '2026-10-25T12:00:00Z', undefined],
    ['cron(0/15 8-9 ? * MON-FRI *)', 'UTC', '2026-11-20T00:00:00Z', '2026-11-22T00:00:00Z', '2026-11-20T09:45:00.000Z'],
    ['cron(0 0 1 JAN,JUL ? *)', 'UTC', '2026-02-01T00:00:00Z', '2026-12-01T00:00:00Z', '2026-07-01T00:00:00.000Z'],
    ['cron(0 12 L * ? *)', 'UTC', '2028-02-01T00:00:00Z', '2028-03-01T00:00:00Z', '2028-02-29T12:00:00.000Z'],
    ['cron(0 12 ? * 2#1 *)', 'UTC', '2026-11-01T00:00:00Z', '2026-11-30T00:00:00Z', '2026-11-02T12:00:00.000Z'],
    ['cron(0 12 ? * 6L *)', 'UTC', '2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z', '2026-11-27T12:00:00.000Z'],
    ['cron(0 12 * * ? 2027)', 'UTC', '2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z', undefined],
    ['cron(0 0 29 2 ? *)', 'UTC', '2024-03-01T00:00:00Z', '2028-03-01T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    [
      'at(2026-11-21T10:00:00)',
      'Europe/Oslo',
      '2026-11-21T08:00:00Z',
      '2026-11-21T10:00:00Z',
      '2026-11-21T09:00:00.000Z',
    ],
    ['at(2026-11-21T10:00:00)', 'Europe/Oslo', '2026-11-21T09:00:00Z', '2026-11-21T10:00:00Z', undefined],
  ])('%s in %s from %s to %s is last due at %s', (expression, zone, since, until, expected) => {
    expect(latest(expression, zone, since, until)).toBe(expected);
  });

  it('counts a rate from when it was made, not from when it was last asked', () => {
    const asked = latest(
      'rate(10 minutes)',
      'UTC',
      '2026-11-21T10:07:00Z',
      '2026-11-21T10:12:00Z',
      '2026-11-21T10:00:00Z',
    );
    expect(asked).toBe('2026-11-21T10:10:00.000Z');
  });

  it.each([
    'rate(0 minutes)',
    'rate(5 parsecs)',
    'cron(* * *)',
    'cron(0 25 * * ? *)',
    'cron(0 0 * * * *)',
    'daily',
    'cron(0 5-1 * * ? *)',
  ])('is not %s', (text) => {
    expect(() => scheduleExpression(text)).toThrow(text);
  });
});
