import type { OwnPerson } from '../../http/call.ts';
import { type AccountId, OrganisationId, PersonId, RoleId } from '../../http/ids.ts';
import type { Pointer, Records } from '../../platform/records.ts';
import { accountPointers } from '../accounts/account.ts';

/** Persons that one account is, over all organisations: more is a mistake. */
export const PERSONS_MAX = 20;
/** Pointers of one account that are read: its persons, and their roles there. */
const POINTERS_MAX = 500;

/**
 * Who an account is in each organisation, and which roles it was given there: ids alone, for the records themselves say
 * what is still in force. One round trip: `PERSON#…` and `ROLE#…` are neighbours in the account's partition.
 */
export async function ownPersonsOf(accountId: AccountId, records: Pick<Records, 'pointers'>): Promise<OwnPerson[]> {
  const { pk } = accountPointers.person(accountId, '' as OrganisationId, '' as PersonId);
  const { items } = await records.pointers('core', pk, { from: 'PERSON#', to: 'ROLE#~', limit: POINTERS_MAX });
  const roles = items.filter(({ sk }) => sk.startsWith('ROLE#'));
  return items
    .filter(({ sk }) => sk.startsWith('PERSON#'))
    .slice(0, PERSONS_MAX)
    .map(({ sk }) => {
      const [, organisationId, personId] = sk.split('#');
      const who = { organisationId: OrganisationId.parse(organisationId), personId: PersonId.parse(personId) };
      return { ...who, roleIds: roles.filter((role) => isHeldBy(role, who)).map(roleIdOf) };
    });
}

const isHeldBy = ({ sk, attributes }: Pointer, { organisationId, personId }: Omit<OwnPerson, 'roleIds'>): boolean =>
  sk.startsWith(`ROLE#${organisationId}#`) && attributes?.['personId'] === personId;
const roleIdOf = ({ sk }: Pointer): RoleId => RoleId.parse(sk.split('#')[2]);
