// Written by `node bin/versions.ts` from the texts: most functions compare a version and never show its text.

import type { Profile } from '../../access/roles.ts';

/** The data-processing agreement in force under each profile. */
export const agreementVersions: Readonly<Record<Profile, string>> = {
  family: '2026-11-21.ba8ffe21f56090c4',
  kindergarten: '2026-11-21.047c900baf173c5c',
  workplace: '2026-11-21.f59cee3189d4e3fe',
  safety: '2026-11-21.29e5859f07c7d4bd',
  itservice: '2026-11-21.3939069f983bbf15',
};

/** The privacy statement in force under each profile. */
export const statementVersions: Readonly<Record<Profile, string>> = {
  family: '2026-11-21.12a7b136f631c6cc',
  kindergarten: '2026-11-21.e5ca7c6a52394aae',
  workplace: '2026-11-21.248c6f925f5f6295',
  safety: '2026-11-21.a35b3df02d121943',
  itservice: '2026-11-21.61cf82b8f21d944a',
};
