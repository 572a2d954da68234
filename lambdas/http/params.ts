import * as z from 'zod';
import { OrganisationId, PersonId } from './ids.ts';

/** What most paths name. */
export const inOrganisation = z.strictObject({ organisationId: OrganisationId });
export const ofPerson = inOrganisation.extend({ personId: PersonId });
