import { expect, it } from 'vitest';
import { cancelledOne, changedOne } from '../../../lambdas/features/calendar/edits.ts';
import { OVERRIDES_MAX } from '../../../lambdas/features/calendar/event.ts';
import { newCalendarEvent } from '../../../lambdas/features/calendar/writes.ts';
import type { Problem } from '../../../lambdas/http/problem.ts';
import { daysAfter } from '../../../lambdas/platform/calendar.ts';
import { anId } from '../../support/store.ts';

const ITEM_BYTES_MAX = 400 * 1024;
const now = new Date('2026-11-01T08:00:00Z');

it('a series takes no more text of single days than an item of the table holds, and says so', () => {
  const letters = 'ئۆ'.repeat(1000);
  const bring = Array.from({ length: 20 }, () => letters.slice(0, 80));
  const changes = { title: letters.slice(0, 120), description: letters, place: letters.slice(0, 200), bring };
  let event = newCalendarEvent(
    { title: 'Tur', bring: [], when: { kind: 'all-day', from: '2026-11-02', until: '2026-11-02' }, rule: 'FREQ=DAILY' },
    { id: anId('cal'), scope: { kind: 'organisation' }, timeZone: 'Europe/Oslo' },
    now,
  );
  const bytes = () => Buffer.byteLength(JSON.stringify(event));
  const fill = () => {
    for (let n = 0; n < OVERRIDES_MAX; n++) event = changedOne(event, daysAfter('2026-11-02', n), changes, now);
  };
  expect(fill).toThrow(expect.objectContaining({ slug: 'too-many' } satisfies Partial<Problem>));
  expect(event.overrides.length).toBeGreaterThan(30);
  // With all days left out and files that may still come.
  expect(bytes()).toBeLessThan(ITEM_BYTES_MAX - 64 * 1024);
  // What makes it smaller is always taken.
  expect(cancelledOne(event, '2026-11-02', now).overrides).toHaveLength(event.overrides.length - 1);
});
