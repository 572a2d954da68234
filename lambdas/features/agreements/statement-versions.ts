import { type Profile, profiles } from '../../access/roles.ts';
import { statementText } from './statement-text.ts';
import { versionOf } from './version.ts';

const IN_FORCE_SINCE = '2026-11-21';

/** The version in force under each profile. */
export const statementVersions = Object.fromEntries(
  profiles.map((profile) => [
    profile,
    versionOf(IN_FORCE_SINCE, { nb: statementText(profile, 'nb'), en: statementText(profile, 'en') }),
  ]),
) as Readonly<Record<Profile, string>>;

/** What was shown is proven by its version (AT-15): it changes with the text in either language. */
export const statementVersion = (profile: Profile): string => statementVersions[profile];
