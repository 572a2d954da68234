// Written by `node bin/versions.ts` from the texts: most functions compare a version and never show its text.

import type { Profile } from '../../access/roles.ts';

/** The data-processing agreement in force under each profile. */
export const agreementVersions: Readonly<Record<Profile, string>> = {
  family: '2026-11-21.3b15c6b4912e1942',
  kindergarten: '2026-11-21.f90ba8497696479c',
  workplace: '2026-11-21.0015dbfd5dc04610',
  safety: '2026-11-21.3df72cbede2f0a1d',
  itservice: '2026-11-21.efdc588319b8d764',
};

/** The privacy statement in force under each profile. */
export const statementVersions: Readonly<Record<Profile, string>> = {
  family: '2026-11-21.b488e402e0db09a3',
  kindergarten: '2026-11-21.58e29fc8f9f5b63d',
  workplace: '2026-11-21.29e3f145aa52d1fa',
  safety: '2026-11-21.a10b91a3a878a967',
  itservice: '2026-11-21.32762ae15d8ba883',
};
