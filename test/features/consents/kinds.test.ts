import { describe, expect, expectTypeOf, it } from 'vitest';
import { type ConsentState, currentConsents } from '../../../lambdas/features/consents/consent.ts';
import {
  type Accepted,
  type Acknowledged,
  accepted,
  acknowledged,
  type Consented,
  consented,
} from '../../../lambdas/features/consents/kinds.ts';
import type { PurposeStore } from '../../../lambdas/features/consents/purpose-handlers.ts';
import { accountPurpose } from '../../../lambdas/features/consents/standard-purposes.ts';

const at = '2026-11-23T10:00:00.000Z';
const read = acknowledged({ statementVersion: 's1', at });
const agreed = accepted({ version: 'a1', at });

describe('acknowledged, accepted and consented', () => {
  it('are three types, none of which stands for another', () => {
    expectTypeOf<Acknowledged>().not.toExtend<Consented>();
    expectTypeOf<Accepted>().not.toExtend<Consented>();
    expectTypeOf<Accepted>().not.toExtend<Acknowledged>();
    expectTypeOf<Consented>().not.toExtend<Acknowledged>();
    // @ts-expect-error: having read the statement is no consent
    const fromReading: Consented = read;
    // @ts-expect-error: having accepted the agreement is no consent
    const fromAccepting: Consented = agreed;
    // @ts-expect-error: nor is an object that looks like one
    const fromNothing: Consented = { consentId: 'con_1', principalId: 'per_1', fields: [] };
    expect([fromReading, fromAccepting, fromNothing]).toHaveLength(3);
  });

  it('what is held on consent demands a consent, not an acknowledgement', () => {
    type On = Parameters<PurposeStore['hold']>[1];
    expectTypeOf<On>().toEqualTypeOf<Consented>();
    expectTypeOf<Acknowledged>().not.toExtend<On>();
  });

  it('there is no consent without one that is in force', () => {
    const nobody = { decidesAlone: true, guardianIds: [] };
    expect(consented(undefined, accountPurpose, nobody)).toBeUndefined();
    const [none] = currentConsents([]) as readonly (ConsentState | undefined)[];
    expect(consented(none, accountPurpose, nobody)).toBeUndefined();
  });
});
