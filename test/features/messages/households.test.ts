import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GuardianOfChild } from '../../../lambdas/features/attendance/guardians.ts';
import type { Custody } from '../../../lambdas/features/custody/custody.ts';
import { householdsOf } from '../../../lambdas/features/messages/households.ts';
import type { PersonId } from '../../../lambdas/http/ids.ts';
import { anId } from '../../support/store.ts';

interface Known {
  readonly livesWith?: boolean;
  readonly address?: string;
  readonly protectedAddress?: boolean;
}
const [mother, father, stepmother] = [anId('per'), anId('per'), anId('per')];

function homes(known: Readonly<Record<PersonId, Known>>, custody?: Pick<Custody, 'homes'>) {
  const ids = Object.keys(known) as PersonId[];
  const guardians = ids.map((guardianId): GuardianOfChild => {
    const { livesWith = true } = known[guardianId]!;
    const link = {
      guardianId,
      relation: 'other',
      rights: 'parental-responsibility',
      livesWith,
      from: '2020-01-01',
    } as const;
    return { link, isBlocked: false };
  });
  return householdsOf(ids, {
    guardians,
    custody: custody && { ...custody, from: '2026-01-05', weeks: [], exceptions: [] },
    personOf: (id) => ({ protectedAddress: false, ...known[id] }),
  });
}

describe('who lives together', () => {
  it('is whoever the child lives with, at one address or at none that is known', () => {
    expect(homes({ [mother]: {}, [father]: {} })).toEqual([[mother, father]]);
    expect(homes({ [mother]: { address: 'Bakken 1' }, [father]: {} })).toEqual([[mother, father]]);
    expect(homes({ [mother]: { address: 'Bakken 1' }, [father]: { address: 'bakken  1' } })).toEqual([
      [mother, father],
    ]);
  });

  it('is nobody with another address, a protected one, or another home', () => {
    const apart = [[mother], [father]];
    expect(homes({ [mother]: { address: 'Bakken 1' }, [father]: { address: 'Dalen 2' } })).toEqual(apart);
    expect(homes({ [mother]: { protectedAddress: true }, [father]: {} })).toEqual(apart);
    expect(homes({ [mother]: {}, [father]: { livesWith: false } })).toEqual(apart);
    expect(homes({ [mother]: { livesWith: false }, [father]: { livesWith: false } })).toEqual(apart);
  });

  it('follows an agreement about two homes, whatever the links say', () => {
    const custody = { homes: { first: [mother], second: [father, stepmother] } };
    expect(homes({ [mother]: {}, [father]: {}, [stepmother]: {} }, custody)).toEqual([[mother], [father, stepmother]]);
    expect(homes({ [mother]: {}, [father]: {} }, { homes: { first: [mother], second: [mother] } })).toEqual([
      [mother],
      [father],
    ]);
  });

  it('puts everybody into one household, and nobody of a protected address together with anybody', () => {
    const known = fc.record({
      livesWith: fc.boolean(),
      protectedAddress: fc.boolean(),
      address: fc.constantFrom('Bakken 1', 'Dalen 2', 'Åsen 3'),
    });
    const known3 = fc.tuple(known, known, known);
    fc.assert(
      fc.property(known3, fc.boolean(), ([one, two, three], isAgreed) => {
        const facts = { [mother]: one, [father]: two, [stepmother]: three } as Record<PersonId, Known>;
        const custody = isAgreed ? { homes: { first: [mother], second: [father, stepmother] } } : undefined;
        const found = homes(facts, custody);
        expect(found.flat().sort()).toEqual([mother, father, stepmother].sort());
        for (const household of found.filter(({ length }) => length > 1)) {
          expect(household.some((id) => facts[id]!.protectedAddress)).toBe(false);
          expect(new Set(household.map((id) => facts[id]!.address)).size).toBe(1);
          if (isAgreed) expect(household).not.toContain(mother);
        }
      }),
    );
  });
});
