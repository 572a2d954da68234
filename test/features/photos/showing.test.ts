import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConsentEvent } from '../../../lambdas/features/consents/consent.ts';
import { CONSENT_RECORD_SCHEMA, currentConsents } from '../../../lambdas/features/consents/consent.ts';
import type { Principal } from '../../../lambdas/features/consents/principal.ts';
import type { ConsentPurpose } from '../../../lambdas/features/consents/purpose.ts';
import { standardPurpose } from '../../../lambdas/features/consents/standard-purposes.ts';
import { mayBeShown, purposeOfPhotos, type Showing } from '../../../lambdas/features/photos/showing.ts';
import { anId } from '../../support/store.ts';

const organisationId = anId('org');
const purposeId = anId('pur');
const purpose = (but: Partial<ConsentPurpose> = {}): ConsentPurpose => ({
  ...standardPurpose('kindergarten', 'pictures-inside')!,
  id: purposeId,
  code: 'pictures-inside',
  textVersion: 1,
  holdsSinceTextVersion: 1,
  state: 'open',
  since: '2026-01-01T00:00:00.000Z',
  ...but,
});
const [mother, father] = [anId('per'), anId('per')];

interface Facts {
  readonly isThere: boolean;
  readonly isKept: boolean;
  readonly purpose: ConsentPurpose;
  /** What happened, the oldest first. */
  readonly events: readonly { readonly by: 'mother' | 'father'; readonly state: 'given' | 'withdrawn' }[];
}
function showingOf({ isThere, isKept, purpose: asked, events }: Facts): Showing {
  const [principalId, consentId] = [anId('per'), anId('con')];
  const happened = events.map(
    ({ by, state }, i): ConsentEvent => ({
      schema: CONSENT_RECORD_SCHEMA,
      consentId,
      principalId,
      purposeId: asked.id,
      purposeTextVersion: 1,
      statementVersion: '1',
      language: 'nb',
      lawfulBasis: 'GDPR Art. 6(1)(a)',
      dataCategories: [],
      method: 'service',
      state,
      at: new Date(Date.UTC(2026, 0, 2 + i)).toISOString(),
      by: { personId: by === 'mother' ? mother : father, capacity: 'guardian' },
    }),
  );
  const principal = {
    organisation: { id: organisationId },
    person: { id: principalId, kind: 'child', firstName: 'Åse', lastName: 'Ødegård', placements: [] },
    guardianIds: [mother, father],
    purposes: [asked],
    states: currentConsents(happened),
    statementVersion: '1',
    today: '2026-11-23',
  } as unknown as Principal;
  return { principal: isThere ? principal : undefined, isKeptFromSomebody: isKept };
}
const facts = (but: Partial<Facts> = {}): Facts => ({
  isThere: true,
  isKept: false,
  purpose: purpose(),
  events: [{ by: 'mother', state: 'given' }],
  ...but,
});
const isShown = (but: Partial<Facts>, of = purposeId) => mayBeShown(showingOf(facts(but)), of);

describe('whether a child may be shown (KP-04)', () => {
  it('follows the consent to the purpose, from either or both guardians as that says', () => {
    expect(isShown({})).toBe(true);
    expect(isShown({ events: [] })).toBe(false);
    const both = purpose({ guardians: 'both' });
    expect(isShown({ purpose: both })).toBe(false);
    const [one, other] = [
      { by: 'mother', state: 'given' },
      { by: 'father', state: 'given' },
    ] as const;
    expect(isShown({ purpose: both, events: [one, other] })).toBe(true);
    expect(isShown({ purpose: both, events: [one, other, { by: 'father', state: 'withdrawn' }] })).toBe(false);
  });

  it('ends with a withdrawal, a block, an erasure, a retired purpose, and a text that is to be asked anew', () => {
    expect(isShown({ events: [...facts().events, { by: 'mother', state: 'withdrawn' }] })).toBe(false);
    expect(isShown({ isKept: true })).toBe(false);
    expect(isShown({ isThere: false })).toBe(false);
    expect(isShown({ purpose: purpose({ state: 'retired' }) })).toBe(false);
    expect(isShown({ purpose: purpose({ textVersion: 2, holdsSinceTextVersion: 2 }) })).toBe(false);
    expect(isShown({}, anId('pur'))).toBe(false);
    expect(mayBeShown(undefined, purposeId)).toBe(false);
  });

  it('is asked by one purpose, which the organisation has declared and not retired', () => {
    const house = (...purposes: ConsentPurpose[]) => ({ purposes }) as unknown as Parameters<typeof purposeOfPhotos>[0];
    expect(purposeOfPhotos(house(purpose()))?.id).toBe(purposeId);
    expect(purposeOfPhotos(house(purpose({ state: 'retired' }), purpose({ code: 'trips' })))).toBeUndefined();
  });

  it('never turns true by an earlier giving, whatever else happened after the last withdrawal of that consent', () => {
    const event = fc.record({
      by: fc.constantFrom('mother' as const, 'father' as const),
      state: fc.constantFrom('given' as const, 'withdrawn' as const),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 6 }), (events) => {
        // One consent: ended once, it stays ended.
        const isInForce = events.length > 0 && events.every(({ state }) => state === 'given');
        expect(isShown({ events })).toBe(isInForce);
      }),
    );
  });
});
