import { writeFileSync } from 'node:fs';
import { type Profile, profiles } from '../lambdas/access/roles.ts';
import { agreementVersion } from '../lambdas/features/agreements/agreement.ts';
import { statementVersion } from '../lambdas/features/agreements/statement.ts';

/** The versions of the legal texts, as `node bin/versions.ts` writes them to a module of constants. */
export const currentVersionsSource =
  (): string => `// Written by \`node bin/versions.ts\` from the texts: most functions compare a version and never show its text.

import type { Profile } from '../../access/roles.ts';

/** The data-processing agreement in force under each profile. */
export const agreementVersions: Readonly<Record<Profile, string>> = ${recordOf(agreementVersion)};

/** The privacy statement in force under each profile. */
export const statementVersions: Readonly<Record<Profile, string>> = ${recordOf(statementVersion)};
`;

const recordOf = (version: (profile: Profile) => string) =>
  `{\n${profiles.map((profile) => `  ${profile}: '${version(profile)}',\n`).join('')}}`;

if (import.meta.main) {
  writeFileSync(
    new URL('../lambdas/features/agreements/current-versions.ts', import.meta.url),
    currentVersionsSource(),
  );
}
