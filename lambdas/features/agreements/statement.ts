import type { Profile } from '../../access/roles.ts';
import type { Language } from '../../http/call.ts';
import type { LegalDocument } from './document.ts';
import { operator } from './operator.ts';
import { statementText } from './statement-text.ts';
import { versionOf } from './version.ts';

const IN_FORCE_SINCE = '2026-11-21';

/** What was shown is proven by its version (AT-15): it changes with the text in either language. */
export const statementVersion = (profile: Profile): string =>
  versionOf(IN_FORCE_SINCE, { nb: statementText(profile, 'nb'), en: statementText(profile, 'en') });

/** The privacy statement of a profile (GDPR Art. 13 and 14), in bokmål or English (AT-14). Pure. */
export function statementDocument(profile: Profile, language: Language): LegalDocument {
  const isNorwegian = language === 'nb';
  return {
    language,
    title: isNorwegian ? 'Personvernerklæring' : 'Privacy statement',
    version: statementVersion(profile),
    versionLabel: isNorwegian ? 'Versjon' : 'Version',
    parties: [
      {
        label: isNorwegian ? 'Personvernombud' : 'Data-protection officer',
        value: operator.dataProtectionOfficer,
      },
    ],
    sections: statementText(profile, language),
  };
}
