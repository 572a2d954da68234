import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { profiles } from '../../../lambdas/access/roles.ts';
import {
  acceptBefore,
  agreementStanding,
  currentAgreementVersion,
} from '../../../lambdas/features/organisations/agreement-standing.ts';
import { organisationCode } from '../../../lambdas/features/organisations/code.ts';
import { TimeZone } from '../../../lambdas/features/organisations/organisation.ts';
import { isOrganisationNumber } from '../../../lambdas/features/organisations/organisation-number.ts';

describe('a time zone', () => {
  it.each([
    ['Europe/Oslo', true],
    ['Europe/Blåveis', false],
    ['', false],
    ['+25:00', false],
  ])('%j is one: %s, the second time as the first', (zone, isOne) => {
    for (let i = 0; i < 2; i++) expect(TimeZone.safeParse(zone).success).toBe(isOne);
  });

  it('is known by any of its names, more of them than are remembered', () => {
    for (const zone of Intl.supportedValuesOf('timeZone')) expect(TimeZone.safeParse(zone).success).toBe(true);
    expect(TimeZone.safeParse('Europe/Blåveis').success).toBe(false);
  });
});

describe('an organisation number', () => {
  // Published in Enhetsregisteret: the register itself, Oslo kommune, Datatilsynet, the tax administration.
  it.each(['974760673', '958935420', '974761467', '974761076'])('is right: %s', (number) => {
    expect(isOrganisationNumber(number)).toBe(true);
  });

  it('is refused with any one digit changed', () => {
    const right = '974760673';
    for (let place = 0; place < right.length; place++) {
      for (const digit of '0123456789') {
        const other = right.slice(0, place) + digit + right.slice(place + 1);
        expect(isOrganisationNumber(other)).toBe(other === right);
      }
    }
  });

  // The last one has a right check digit, and is in no series that is given out.
  it.each(['', '97476067', '9747606733', '123456785', '97476067x', ' 974760673', '９７４７６０６７３'])(
    'is refused: %j',
    (text) => {
      expect(isOrganisationNumber(text)).toBe(false);
    },
  );

  it('is refused where the check digit would have to be 10', () => {
    // 4 · 3 = 12 leaves the remainder 1.
    for (const last of '0123456789') expect(isOrganisationNumber(`40000000${last}`)).toBe(false);
  });
});

describe('the code of an organisation', () => {
  it('has eight characters that nobody mistakes for each other', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), (random) => {
        expect(organisationCode(random)).toMatch(/^[A-HJ-NP-Z2-9]{8}$/);
      }),
    );
  });

  it('differs with every octet', () => {
    const codes = Array.from({ length: 32 }, (_, octet) => organisationCode(new Uint8Array(8).fill(octet)));
    expect(new Set(codes).size).toBe(32);
  });
});

describe('the standing of the data-processing agreement (FW-01)', () => {
  const current = '2026-11-21.0123456789abcdef';
  const standing = (organisation: Parameters<typeof agreementStanding>[0], today: string) =>
    agreementStanding(organisation, current, today);

  it('is not accepted before any version has been, from the first day on', () => {
    expect(standing({}, '2026-11-21')).toBe('dpa-not-accepted');
  });

  it('is in force with the present version, however old that is', () => {
    expect(standing({ acceptedAgreementVersion: current }, '2031-01-01')).toBe('in-force');
  });

  it('stays in force with an earlier version for 30 days after the day of the new one, and not a day longer', () => {
    const earlier = { acceptedAgreementVersion: '2026-01-01.fedcba9876543210' };
    expect(acceptBefore(current)).toBe('2026-12-21');
    expect(standing(earlier, '2026-12-21')).toBe('in-force');
    expect(standing(earlier, '2026-12-22')).toBe('dpa-not-accepted');
  });

  it('is ended outside the customer agreement, both its days included', () => {
    const served = (today: string, until?: string) =>
      standing(
        { acceptedAgreementVersion: current, servicePeriod: { from: '2026-12-01', ...(until && { until }) } },
        today,
      );
    expect(served('2026-11-30')).toBe('agreement-ended');
    expect(served('2026-12-01')).toBe('in-force');
    expect(served('2027-06-30', '2027-06-30')).toBe('in-force');
    expect(served('2027-07-01', '2027-06-30')).toBe('agreement-ended');
  });

  it('knows one version per profile, since the annexes differ', () => {
    expect(new Set(profiles.map(currentAgreementVersion)).size).toBe(profiles.length);
    for (const profile of profiles) expect(currentAgreementVersion(profile)).toMatch(/^\d{4}-\d\d-\d\d\.[0-9a-f]{16}$/);
  });
});
