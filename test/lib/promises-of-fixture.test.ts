import { describe } from 'vitest';
import { fixtureCatalogue } from './fixtures/catalogue.ts';
import { describePromises } from './promises.ts';
import { synthesise } from './synthesise.ts';

// Every kind of declaration occurs in it, so that what holds here holds for whatever will be declared.
describe('the template of the fixture', () => describePromises(fixtureCatalogue, synthesise(fixtureCatalogue)));
