import type { Template } from './notice.ts';
import { claimTemplates } from './templates/claims.ts';
import { exportTemplates } from './templates/exports.ts';
import { registerTemplates } from './templates/registers.ts';
import { requestTemplates } from './templates/requests.ts';
import { statementTemplates } from './templates/statements.ts';

const aboutRights: ReadonlySet<string> = new Set(
  [claimTemplates, exportTemplates, registerTemplates, requestTemplates, statementTemplates].flatMap(Object.keys),
);

/** Letters about a person's rights reach them also while their data is restricted (Art. 18); all others wait. */
export const isAboutRights = (template: Template): boolean => aboutRights.has(template);
