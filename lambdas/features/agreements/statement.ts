import type { Profile } from '../../access/roles.ts';
import type { Language } from '../../http/call.ts';
import type { LegalDocument } from './document.ts';
import { operator } from './operator.ts';
import { statementText } from './statement-text.ts';
import { statementVersion } from './statement-versions.ts';

export { statementVersions } from './statement-versions.ts';

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
