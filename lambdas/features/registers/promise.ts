import type { Profile } from '../../access/roles.ts';
import type { Bilingual } from '../agreements/document.ts';
import { everyonePromises } from './promises/everyone.ts';
import { familyPromises } from './promises/family.ts';
import { itservicePromises } from './promises/itservice.ts';
import { kindergartenPromises } from './promises/kindergarten.ts';
import { safetyPromises } from './promises/safety.ts';
import { workplacePromises } from './promises/workplace.ts';

/**
 * What shows that a promise is kept: a test that names it, or a property of the infrastructure that is checked before each
 * deployment. None: the service does not do yet what it speaks of.
 */
export const evidenceKinds = ['test', 'infrastructure'] as const;

export interface PromiseToPeople extends Bilingual {
  readonly evidence: readonly (typeof evidenceKinds)[number][];
}
export type Promises = Readonly<Record<string, PromiseToPeople>>;

/** The promises made under each profile; an id never changes its meaning. */
export const promisesOfProfile: Readonly<Record<Profile, Promises>> = {
  family: familyPromises,
  safety: safetyPromises,
  kindergarten: kindergartenPromises,
  workplace: workplacePromises,
  itservice: itservicePromises,
};
export const promisesToEveryone: Promises = everyonePromises;
