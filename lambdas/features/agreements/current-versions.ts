// Written by `node bin/versions.ts` from the texts: most functions compare a version and never show its text.

import type { Profile } from '../../access/roles.ts';

/** The data-processing agreement in force under each profile. */
export const agreementVersions: Readonly<Record<Profile, string>> = {
  family: '2026-11-21.4ffe0d1aa8ee456b',
  kindergarten: '2026-11-21.931bb80905913a83',
  workplace: '2026-11-21.12c83fd092fd84f4',
  safety: '2026-11-21.d0cc36940cb2caa8',
  itservice: '2026-11-21.fd444985d98e7930',
};

/** The privacy statement in force under each profile. */
export const statementVersions: Readonly<Record<Profile, string>> = {
  family: '2026-11-21.b647b70e90a88757',
  kindergarten: '2026-11-21.6fe6122b0bee9b85',
  workplace: '2026-11-21.6fe2df186b52c3d8',
  safety: '2026-11-21.834eacfa60f9321c',
  itservice: '2026-11-21.50be412801f9591f',
};
