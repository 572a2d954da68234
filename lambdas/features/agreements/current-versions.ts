// Written by `node bin/versions.ts` from the texts: most functions compare a version and never show its text.

import type { Profile } from '../../access/roles.ts';

/** The data-processing agreement in force under each profile. */
export const agreementVersions: Readonly<Record<Profile, string>> = {
  family: '2026-11-21.3eef06bdb0da2671',
  kindergarten: '2026-11-21.8c29ab54ea9f7f61',
  workplace: '2026-11-21.114d7ef91a411eef',
  safety: '2026-11-21.3cf5d08692374d55',
  itservice: '2026-11-21.344ba0f6c8cf502b',
};

/** The privacy statement in force under each profile. */
export const statementVersions: Readonly<Record<Profile, string>> = {
  family: '2026-11-21.2823da7546f0b191',
  kindergarten: '2026-11-21.0ca18cad28e2a289',
  workplace: '2026-11-21.a61de57725fe841e',
  safety: '2026-11-21.d3a722a10844608a',
  itservice: '2026-11-21.d6ad449e31802859',
};
