import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ConsentEvent,
  consentTo,
  currentConsents,
  decidesAlone,
  isAnswerOverdue,
  type PrincipalFacts,
  standingOf,
} from '../../../lambdas/features/consents/consent.ts';
import { type ConsentPurpose, changedPurpose } from '../../../lambdas/features/consents/purpose.ts';
import type { ConsentId, PersonId } from '../../../lambdas/http/ids.ts';
import { anId } from '../../support/store.ts';

const [child, mother, father] = [anId('per'), anId('per'), anId('per')];
const purpose: ConsentPurpose = {
  id: anId('pur'),
  textVersion: 1,
  holdsSinceTextVersion: 1,
  state: 'open',
  since: '2026-01-01T00:00:00.000Z',
  title: { nb: 'Bilder', en: 'Pictures' },
  text: { nb: 'Vi tar bilder.', en: 'We take pictures.' },
  data: { nb: 'bilder', en: 'pictures' },
  fields: [],
  guardians: 'both',
  age: 13,
  kinds: ['child'],
};
const both: PrincipalFacts = { decidesAlone: false, guardianIds: [mother, father] };

let minute = 0;
const event = (
  state: ConsentEvent['state'],
  by: PersonId | undefined,
  wanted: Partial<ConsentEvent> & { readonly consentId: ConsentId },
): ConsentEvent => ({
  schema: 'ISO/IEC TS 27560:2023',
  principalId: child,
  purposeId: purpose.id,
  purposeTextVersion: 1,
  statementVersion: 's1',
  language: 'nb',
  lawfulBasis: 'GDPR Art. 6(1)(a)',
  dataCategories: [],
  method: by ? 'service' : 'clock',
  state,
  at: new Date(Date.UTC(2026, 10, 21) + ++minute * 60_000).toISOString(),
  by: by && { personId: by, capacity: by === child ? 'self' : 'guardian' },
  ...wanted,
});
const standing = (events: ConsentEvent[], facts = both, of = purpose) => {
  const state = consentTo(currentConsents(events), of.id);
  return state && standingOf(state, of, facts);
};

describe('a consent that all guardians have to give', () => {
  const consentId = anId('con');
  it('waits until the last of them has given it', () => {
    const given = event('given', mother, { consentId });
    expect(standing([given])).toEqual({ standing: 'waiting-for-others', isInForce: false, missing: 1 });
    expect(standing([given, event('given', father, { consentId })])).toMatchObject({
      standing: 'in-force',
      missing: 0,
    });
  });

  it('ends when one of them withdraws, whoever gave it', () => {
    const events = [event('given', mother, { consentId }), event('given', father, { consentId })];
    expect(standing([...events, event('withdrawn', mother, { consentId })])).toMatchObject({
      standing: 'withdrawn',
      isInForce: false,
    });
  });

  it('waits again when the child gets another guardian, and goes on when one is no longer', () => {
    const events = [event('given', mother, { consentId }), event('given', father, { consentId })];
    expect(standing(events, { ...both, guardianIds: [mother, father, anId('per')] })?.standing).toBe(
      'waiting-for-others',
    );
    expect(standing(events.slice(0, 1), { ...both, guardianIds: [mother] })?.standing).toBe('in-force');
  });
});

describe('a consent that one guardian may give', () => {
  it('is in force with one', () => {
    const either = { ...purpose, guardians: 'either' } as const;
    expect(standing([event('given', father, { consentId: anId('con') })], both, either)?.standing).toBe('in-force');
  });
});

describe('a child that has reached the age', () => {
  const grown: PrincipalFacts = { ...both, decidesAlone: true };
  const either = { ...purpose, guardians: 'either' } as const;
  it('is asked anew: until it has had the chance, what guardians gave goes on', () => {
    const consentId = anId('con');
    const given = event('given', mother, { consentId });
    expect(standing([given], grown, either)).toEqual({ standing: 'to-be-asked-anew', isInForce: true, missing: 0 });
    const asked = event('asked-anew', undefined, { consentId });
    expect(standing([given, asked], grown, either)).toMatchObject({ isInForce: true });
    expect(standing([given, asked, event('given', child, { consentId })], grown, either)?.standing).toBe('in-force');
    expect(standing([given, asked, event('lapsed', undefined, { consentId })], grown, either)).toMatchObject({
      standing: 'lapsed',
      isInForce: false,
    });
  });

  it('needs no other consent than its own, even where both guardians were needed', () => {
    expect(standing([event('given', child, { consentId: anId('con') })], grown)?.standing).toBe('in-force');
  });

  it.each([
    ['2013-11-23', '2026-11-22', false],
    ['2013-11-23', '2026-11-23', true],
    ['2012-02-29', '2025-02-28', false],
    ['2012-02-29', '2025-03-01', true],
    [undefined, '2026-11-23', false],
  ])('born %s it is %s: decides alone is %s', (birthDate, today, expected) => {
    expect(decidesAlone({ kind: 'child', birthDate }, { age: 13 }, today)).toBe(expected);
  });

  it('has thirty days to answer', () => {
    const consentId = anId('con');
    const at = '2026-11-01T10:00:00.000Z';
    const [state] = currentConsents([
      event('given', mother, { consentId }),
      event('asked-anew', undefined, { consentId, at: '2026-12-01T10:00:00.000Z' }),
    ]);
    expect(at < state!.askedAnewAt!).toBe(true);
    expect(isAnswerOverdue(state!, new Date('2026-12-30T23:59:59Z'))).toBe(false);
    expect(isAnswerOverdue(state!, new Date('2026-12-31T00:00:00Z'))).toBe(true);
  });
});

describe('a purpose that changed', () => {
  const change = (wanted: Partial<ConsentPurpose>, asksAnew = false) =>
    changedPurpose(purpose, { ...purpose, ...wanted }, asksAnew, new Date('2026-11-23T10:00:00Z'));
  it('has a new version of its text, and asks anew when its publisher says so', () => {
    expect(change({})).toBeUndefined();
    expect(change({ title: { nb: 'Bilder!', en: 'Pictures!' } })).toMatchObject({
      textVersion: 2,
      holdsSinceTextVersion: 1,
    });
    expect(change({ title: { nb: 'Bilder!', en: 'Pictures!' } }, true)).toMatchObject({ holdsSinceTextVersion: 2 });
  });
  it('asks anew for more data or a stricter rule, whatever its publisher says', () => {
    expect(change({ fields: ['birthDate'] })).toMatchObject({ holdsSinceTextVersion: 2 });
    expect(change({ data: { nb: 'bilder og film', en: 'pictures and film' } })).toMatchObject({
      holdsSinceTextVersion: 2,
    });
    const either = changedPurpose(
      { ...purpose, guardians: 'either' },
      { ...purpose, guardians: 'both' },
      false,
      new Date(),
    );
    expect(either).toMatchObject({ holdsSinceTextVersion: 2 });
  });
  it('that changes once more has a date of its own to answer before', () => {
    const consentId = anId('con');
    const asked = [event('given', mother, { consentId }), event('asked-anew', undefined, { consentId })];
    const [answered] = currentConsents([...asked, event('given', mother, { consentId, purposeTextVersion: 2 })]);
    expect(answered).not.toHaveProperty('askedAnewAt');
  });
  it('is not covered by the old consent', () => {
    const given = event('given', mother, { consentId: anId('con') });
    const changed = { ...purpose, guardians: 'either', textVersion: 2, holdsSinceTextVersion: 2 } as const;
    expect(standing([given], both, changed)).toMatchObject({ standing: 'to-be-asked-anew', isInForce: false });
    const reworded = { ...changed, holdsSinceTextVersion: 1 };
    expect(standing([given], both, reworded)?.standing).toBe('in-force');
  });
});

describe('the fold', () => {
  const ids = [anId('con'), anId('con'), anId('con')] as const;
  const anEvent = fc
    .record({
      consentId: fc.constantFrom(...ids),
      state: fc.constantFrom('given', 'withdrawn', 'asked-anew', 'lapsed') as fc.Arbitrary<ConsentEvent['state']>,
      by: fc.constantFrom(mother, father, child),
      at: fc.integer({ min: 0, max: 20 }),
      purposeTextVersion: fc.integer({ min: 1, max: 3 }),
    })
    .map(({ consentId, state, by, at, purposeTextVersion }) =>
      event(state, state === 'given' || state === 'withdrawn' ? by : undefined, {
        consentId,
        at: new Date(Date.UTC(2026, 0, 1) + at * 1000).toISOString(),
        purposeTextVersion,
      }),
    );
  const events = fc.array(anEvent, { maxLength: 15 });
  /** One event at an instant: two of the same kind at the same instant cannot be told apart by their order. */
  const apart = fc.uniqueArray(anEvent, { maxLength: 12, selector: ({ at }) => at });

  it('makes no difference between the orders that events come in', () => {
    fc.assert(
      fc.property(apart, fc.infiniteStream(fc.nat()), (history, chance) => {
        const shuffled = [...history].sort(() => (chance.next().value! % 2 === 0 ? 1 : -1));
        const byId = (all: readonly ConsentEvent[]) => new Map(currentConsents(all).map((one) => [one.consentId, one]));
        expect(byId(shuffled)).toEqual(byId(history));
      }),
    );
  });

  it('never has in force what was withdrawn or has lapsed, whatever comes after', () => {
    fc.assert(
      fc.property(events, fc.boolean(), (history, alone) => {
        for (const state of currentConsents(history)) {
          const ended = history.some(
            (one) => one.consentId === state.consentId && (one.state === 'withdrawn' || one.state === 'lapsed'),
          );
          if (ended) expect(standingOf(state, purpose, { ...both, decidesAlone: alone }).isInForce).toBe(false);
        }
      }),
    );
  });

  it('has nothing in force without somebody who gave it to a text that still holds', () => {
    fc.assert(
      fc.property(events, fc.integer({ min: 1, max: 3 }), fc.boolean(), (history, since, alone) => {
        const changed = { ...purpose, textVersion: 3, holdsSinceTextVersion: since };
        for (const state of currentConsents(history)) {
          if (!standingOf(state, changed, { ...both, decidesAlone: alone }).isInForce) continue;
          expect(state.givings.some(({ purposeTextVersion }) => purposeTextVersion >= since)).toBe(true);
        }
      }),
    );
  });

  it('keeps consents apart: an event of one changes no other', () => {
    fc.assert(
      fc.property(events, anEvent, (history, one) => {
        const others = (all: ConsentEvent[]) =>
          currentConsents(all).filter(({ consentId }) => consentId !== one.consentId);
        expect(others([...history, one])).toEqual(others(history));
      }),
    );
  });

  it('counts every event once', () => {
    fc.assert(
      fc.property(events, (history) => {
        const total = currentConsents(history).reduce((sum, { sequence }) => sum + sequence, 0);
        expect(total).toBe(history.length);
      }),
    );
  });
});
