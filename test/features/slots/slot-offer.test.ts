import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFor, isOpen, type SlotOffer, slotTimes } from '../../../lambdas/features/slots/slot-offer.ts';
import { anId } from '../../support/store.ts';

describe('a series of times', () => {
  it('has so many of one length, with a pause between them', () => {
    expect(slotTimes({ from: '2026-12-01T14:40', minutes: 20, pauseMinutes: 10, count: 3 })).toEqual([
      { from: '2026-12-01T14:40', until: '2026-12-01T15:00' },
      { from: '2026-12-01T15:10', until: '2026-12-01T15:30' },
      { from: '2026-12-01T15:40', until: '2026-12-01T16:00' },
    ]);
  });

  it('never overlaps itself, and ends on the day that it begins', () => {
    const arbitrary = fc.record({
      hour: fc.integer({ min: 0, max: 23 }),
      minute: fc.integer({ min: 0, max: 59 }),
      minutes: fc.integer({ min: 5, max: 180 }),
      pauseMinutes: fc.integer({ min: 0, max: 120 }),
      count: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(arbitrary, ({ hour, minute, ...series }) => {
        const from = `2026-12-01T${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
        const times = slotTimes({ from, ...series });
        const length = series.count * (series.minutes + series.pauseMinutes) - series.pauseMinutes;
        expect(times === undefined).toBe(hour * 60 + minute + length >= 24 * 60);
        for (const [i, slot] of (times ?? []).entries()) {
          expect(slot.from < slot.until && slot.until.startsWith('2026-12-01')).toBe(true);
          expect(Date.parse(slot.until) - Date.parse(slot.from)).toBe(series.minutes * 60_000);
          if (i > 0) expect(slot.from >= times![i - 1]!.until).toBe(true);
        }
      }),
    );
  });
});

describe('an offer', () => {
  const [groupId, childId] = [anId('grp'), anId('per')];
  const offer = { groupId, state: 'open', openUntil: '2026-11-30T11:00:00.000Z' } as SlotOffer;
  const child = { id: childId, placements: [{ groupId, from: '2026-08-01' }] } as Parameters<typeof isFor>[1];

  it('is open until its deadline, to the millisecond, and not when it was withdrawn', () => {
    expect(isOpen(offer, new Date('2026-11-30T10:59:59.999Z'))).toBe(true);
    expect(isOpen(offer, new Date('2026-11-30T11:00:00.000Z'))).toBe(false);
    expect(isOpen({ ...offer, state: 'withdrawn' }, new Date('2026-11-01T00:00:00Z'))).toBe(false);
  });

  it('is for the children of the group, or for those named alone', () => {
    expect(isFor(offer, child, '2026-11-23')).toBe(true);
    expect(isFor(offer, { ...child, placements: [{ groupId, from: '2026-12-01' }] }, '2026-11-23')).toBe(false);
    expect(isFor({ ...offer, childIds: [childId] }, child, '2026-11-23')).toBe(true);
    expect(isFor({ ...offer, childIds: [anId('per')] }, child, '2026-11-23')).toBe(false);
  });
});
