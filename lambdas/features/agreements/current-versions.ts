// Written by `node bin/versions.ts` from the texts: most functions compare a version and never show its text.

import type { Profile } from '../../access/roles.ts';

/** The data-processing agreement in force under each profile. */
export const agreementVersions: Readonly<Record<Profile, string>> = {
  family: '2026-11-21.f8464c15ee577778',
  kindergarten: '2026-11-21.e3ae9ba95b706d6b',
  workplace: '2026-11-21.ecb9577f99d6f375',
  safety: '2026-11-21.9ab3308d2068b179',
  itservice: '2026-11-21.ee6330a58f696e42',
};

/** The privacy statement in force under each profile. */
export const statementVersions: Readonly<Record<Profile, string>> = {
  family: '2026-11-21.031a2af97794e264',
  kindergarten: '2026-11-21.d069b2821ba959fd',
  workplace: '2026-11-21.b2a9abb993431ed4',
  safety: '2026-11-21.65f6f4b11f835dcc',
  itservice: '2026-11-21.af27756425176e65',
};
