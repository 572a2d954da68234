import { describe } from 'vitest';
import { declaredCatalogue } from '../../lib/catalogue.ts';
import { describePromises } from './promises.ts';

describe('the template of what is declared', () => describePromises(declaredCatalogue));
