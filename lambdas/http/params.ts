import * as z from 'zod';
import { OrganisationId, PersonId } from './ids.ts';

/** A page in this language whatever the browser prefers: that of the letter that led to it. */
export const inLanguage = z.strictObject({ language: z.enum(['nb', 'en']).optional() });

/** What most paths name. */
export const inOrganisation = z.strictObject({ organisationId: OrganisationId });
export const ofPerson = inOrganisation.extend({ personId: PersonId });
