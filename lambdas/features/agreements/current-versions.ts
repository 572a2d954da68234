// Written by `node bin/versions.ts` from the texts: most functions compare a version and never show its text.

import type { Profile } from '../../access/roles.ts';

/** The data-processing agreement in force under each profile. */
export const agreementVersions: Readonly<Record<Profile, string>> = {
  family: '2026-11-21.1cf2f47c4bf49691',
  kindergarten: '2026-11-21.81c7ef63d6579823',
  workplace: '2026-11-21.699d72f980b27a69',
  safety: '2026-11-21.4ffc9efd4be8ceaf',
  itservice: '2026-11-21.5e308e942d7fb514',
};

/** The privacy statement in force under each profile. */
export const statementVersions: Readonly<Record<Profile, string>> = {
  family: '2026-11-21.f2722b9844df014f',
  kindergarten: '2026-11-21.9b2a9675faf8b378',
  workplace: '2026-11-21.d03fa5ee35d129d2',
  safety: '2026-11-21.1c8cd194f6ee6355',
  itservice: '2026-11-21.c7a9be9be88938e3',
};
