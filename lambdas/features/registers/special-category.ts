import * as z from 'zod';
import type { Profile } from '../../access/roles.ts';
import { freeText } from '../../http/free-text.ts';
import { type OrganisationId, PersonId } from '../../http/ids.ts';
import { type EntityDeclaration, entity } from '../../platform/entity.ts';
import { ofTheOrganisation } from '../organisations/of-the-organisation.ts';
import { organisationOwner } from '../organisations/organisation.ts';

/**
 * Special categories (GDPR Art. 9) under a profile that promises to hold none (CE-03, AT-12): only where the agreement
 * says so, states the interest, and names a condition of Art. 9(2).
 */
export const SpecialCategoryAgreement = z
  .strictObject({
    /** The legitimate interest, in the organisation's words. */
    interest: freeText({ max: 2000 }).min(1),
    condition: z.enum(['explicit-consent', 'health-or-social-care', 'vital-interests']),
    agreedBy: PersonId,
    agreedAt: z.iso.datetime(),
  })
  .meta({ id: 'SpecialCategoryAgreement' });
export type SpecialCategoryAgreement = z.output<typeof SpecialCategoryAgreement>;

export const specialCategoryAgreementEntity = entity({
  ...ofTheOrganisation,
  name: 'special-category-agreement',
  sortKey: 'SPECIAL-CATEGORIES',
  schema: SpecialCategoryAgreement,
  purpose: 'to know for which interest, and on which condition, special categories may be registered',
});
export const specialCategoryAgreementRef = (organisationId: OrganisationId) =>
  ({ entity: specialCategoryAgreementEntity, owner: organisationOwner(organisationId) }) as const;

const holdingNone: readonly Profile[] = ['workplace', 'itservice'];
/** Whether the profile refuses special categories unless the agreement says otherwise. */
export const refusesSpecialCategories = (profile: Profile): boolean => holdingNone.includes(profile);

/**
 * Whether an organisation may register what an entity holds. `refused` where its profile promises none and its agreement
 * does not name the very condition that the entity rests on. Pure.
 */
export function article9Decision(
  profile: Profile,
  article9: EntityDeclaration['article9'],
  agreed: Pick<SpecialCategoryAgreement, 'condition'> | undefined,
): 'not-special' | 'allowed' | 'refused' {
  if (article9 === 'none') return 'not-special';
  if (!refusesSpecialCategories(profile)) return 'allowed';
  return agreed?.condition === article9 ? 'allowed' : 'refused';
}
