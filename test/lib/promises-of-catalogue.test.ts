import { describe } from 'vitest';
import { declaredCatalogue } from '../../lib/catalogue.ts';
import { describeBackups } from './backups.ts';
import { describeGuarantees } from './guarantees.ts';
import { describePromises } from './promises.ts';
import { declaredTemplate } from './synthesised.ts';

const template = await declaredTemplate();

describe('the template of what is declared', () => describePromises(declaredCatalogue, template));
describeGuarantees(template);
describeBackups(template);
