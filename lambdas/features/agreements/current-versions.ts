// Written by `node bin/versions.ts` from the texts: most functions compare a version and never show its text.

import type { Profile } from '../../access/roles.ts';

/** The data-processing agreement in force under each profile. */
export const agreementVersions: Readonly<Record<Profile, string>> = {
  family: '2026-11-21.8cbedf0106ec5645',
  kindergarten: '2026-11-21.3f5245456659c00c',
  workplace: '2026-11-21.ecb9577f99d6f375',
  safety: '2026-11-21.9ab3308d2068b179',
  itservice: '2026-11-21.ee6330a58f696e42',
};

/** The privacy statement in force under each profile. */
export const statementVersions: Readonly<Record<Profile, string>> = {
  family: '2026-11-21.2cffb409b0a1ef02',
  kindergarten: '2026-11-21.2e5e95e7aab9505a',
  workplace: '2026-11-21.b2a9abb993431ed4',
  safety: '2026-11-21.65f6f4b11f835dcc',
  itservice: '2026-11-21.af27756425176e65',
};
