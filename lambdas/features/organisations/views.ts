import * as z from 'zod';
import type { Stored } from '../../platform/records.ts';
import {
  Department,
  type departmentEntity,
  Group,
  type groupEntity,
  Organisation,
  type organisationEntity,
} from './organisation.ts';

const Version = z.int().min(1).meta({ description: 'The version that `If-Match` takes.' });

/** As its members see it. The dates of the customer agreement stay between the operator and the representative (KP-16). */
export const OrganisationView = Organisation.omit({ servicePeriod: true })
  .extend({ version: Version })
  .meta({ id: 'Organisation' });
export const DepartmentView = Department.extend({ version: Version }).meta({ id: 'Department' });
export const GroupView = Group.extend({ version: Version }).meta({ id: 'Group' });

export function organisationView({ value, version }: Pick<Stored<typeof organisationEntity>, 'value' | 'version'>) {
  const { servicePeriod: _, ...shown } = value;
  return { ...shown, version };
}
export const departmentView = ({ value, version }: Pick<Stored<typeof departmentEntity>, 'value' | 'version'>) => ({
  ...value,
  version,
});
export const groupView = ({ value, version }: Pick<Stored<typeof groupEntity>, 'value' | 'version'>) => ({
  ...value,
  version,
});

export const OrganisationCode = z
  .strictObject({ code: z.string().regex(/^[A-HJ-NP-Z2-9]{8}$/) })
  .meta({ id: 'OrganisationCodeAnswer' });
