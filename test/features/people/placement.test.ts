import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Placement } from '../../../lambdas/features/people/person.ts';
import { movedTo } from '../../../lambdas/features/people/placement.ts';
import type { GroupId } from '../../../lambdas/http/ids.ts';
import { anId } from '../../support/store.ts';

const [blaveis, tyttebar] = [anId('grp'), anId('grp')];
const today = '2026-11-23';
const start = '2026-08-17';

describe('moving somebody to a group by a register', () => {
  it('places who has no place, from the day that the register says', () => {
    expect(movedTo([], blaveis, start, today)).toEqual([{ groupId: blaveis, from: start }]);
  });

  it('leaves who is there already', () => {
    expect(movedTo([{ groupId: blaveis, from: '2025-08-18' }], blaveis, start, today)).toBeUndefined();
  });

  it('moves from today when the register repeats the first day of all', () => {
    expect(movedTo([{ groupId: blaveis, from: start }], tyttebar, start, today)).toEqual([
      { groupId: blaveis, from: start, until: '2026-11-22' },
      { groupId: tyttebar, from: today },
    ]);
  });

  it('replaces a place that has not begun', () => {
    const later = '2027-01-04';
    expect(movedTo([{ groupId: blaveis, from: later }], tyttebar, later, today)).toEqual([
      { groupId: tyttebar, from: later },
    ]);
  });

  it('never stretches a place that ends sooner', () => {
    const placements = [{ groupId: blaveis, from: start, until: '2026-12-01' }];
    expect(movedTo(placements, tyttebar, '2027-01-04', today)).toEqual([
      ...placements,
      { groupId: tyttebar, from: '2027-01-04' },
    ]);
  });

  it('takes somebody back from today when they were there before', () => {
    const before = { groupId: blaveis, from: '2025-08-18', until: '2026-06-30' };
    expect(movedTo([before], blaveis, '2025-08-18', today)).toEqual([before, { groupId: blaveis, from: today }]);
  });

  it('is done once: the same again changes nothing, and no two places in a group overlap', () => {
    const day = fc
      .integer({ min: 0, max: 1500 })
      .map((n) => new Date(Date.UTC(2024, 0, 1 + n)).toISOString().slice(0, 10));
    const group = fc.constantFrom<GroupId>(blaveis, tyttebar);
    fc.assert(
      fc.property(fc.array(fc.tuple(group, day), { maxLength: 6 }), day, (moves, at) => {
        let placements: Placement[] = [];
        for (const [groupId, from] of moves) {
          placements = movedTo(placements, groupId, from, at) ?? placements;
          expect(movedTo(placements, groupId, from, at)).toBeUndefined();
        }
        for (const [i, one] of placements.entries()) {
          expect(one.until === undefined || one.from <= one.until).toBe(true);
          for (const other of placements.slice(i + 1)) {
            const apart = (one.until ?? '9999') < other.from || (other.until ?? '9999') < one.from;
            expect(one.groupId !== other.groupId || apart).toBe(true);
          }
        }
      }),
    );
  });
});
