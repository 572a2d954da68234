import * as z from 'zod';
import { rolesOfProfile } from '../../access/roles.ts';
import type { Language } from '../../http/call.ts';
import type { Stored } from '../../platform/records.ts';
import { RoleRecord, type roleEntity } from '../access/role.ts';
import type { Organisation } from '../organisations/organisation.ts';
import type { PersonRecord } from '../people/person.ts';

export const RoleView = RoleRecord.extend({
  /** What the profile's people call it. */
  title: z.string(),
  /** Absent when the person is erased or restricted. */
  person: z.strictObject({ firstName: z.string(), lastName: z.string() }).optional(),
  version: z.int().min(1).meta({ description: 'The version that `If-Match` takes.' }),
}).meta({ id: 'Role' });

export function roleView(
  { value, version }: Pick<Stored<typeof roleEntity>, 'value' | 'version'>,
  { profile }: Pick<Organisation, 'profile'>,
  person: Pick<PersonRecord, 'firstName' | 'lastName'> | undefined,
  language: Language,
): z.output<typeof RoleView> {
  return {
    ...value,
    title: rolesOfProfile[profile][value.role]?.[language] ?? value.role,
    ...(person && { person: { firstName: person.firstName, lastName: person.lastName } }),
    version,
  };
}
