import { OrganisationId, PersonId } from '../../../http/ids.ts';
import { keyOf } from '../../../platform/entity.ts';
import type { RawKey, RawRow } from '../../../platform/partition-rows.ts';
import { roleRef } from '../../access/role.ts';
import { accountLinkEntity } from '../../accounts/account.ts';
import { ownerOf } from '../../people/person.ts';
import { blockRef, linkRef, personRef } from '../../people/writes.ts';
import { requestRef } from '../../requests/request.ts';

const core = (ref: Parameters<typeof keyOf>[0]): RawKey => ({ table: 'core', ...keyOf(ref) });

/**
 * What a row of ids leads to, where it is nothing without it; undefined for every other row. Exports of several tables
 * lie minutes apart, so one of the two may be missing: without its end such a row says nothing, and goes. Pure.
 */
export function endOf({ table, pk, sk, attributes }: RawRow): RawKey | undefined {
  if (table !== 'core' || attributes['sealed'] !== undefined) return undefined;
  const [controller = '', subject = ''] = pk.split('#');
  const [kind = '', first = '', second = ''] = sk.split('#');
  if (controller === 'operator' && subject.startsWith('acc_')) return endOfAccountsRow(kind, first, second, attributes);
  const organisationId = OrganisationId.safeParse(controller).data;
  if (!organisationId) return undefined;
  if (subject === 'PEOPLE') return core(personRef(organisationId, first as PersonId));
  if (subject === 'ROLES') return core(roleRef(organisationId, attributes['personId'] as PersonId, sk as never));
  if (kind === 'MEMBER') return core(personRef(organisationId, first as PersonId));
  const personId = PersonId.safeParse(subject).data;
  if (!personId) return undefined;
  if (kind === 'CHILD') return core(linkRef(organisationId, first as PersonId, personId));
  if (kind === 'BLOCKED') return core(blockRef(organisationId, first as PersonId, personId));
  return undefined;
}

/** From an account to its persons, roles and requests. */
function endOfAccountsRow(
  kind: string,
  first: string,
  second: string,
  attributes: RawRow['attributes'],
): RawKey | undefined {
  switch (kind) {
    case 'PERSON':
      return core({ entity: accountLinkEntity, owner: ownerOf(first as OrganisationId, second as PersonId) });
    case 'ROLE':
      return core(roleRef(first as OrganisationId, attributes['personId'] as PersonId, second as never));
    case 'ASKED': {
      const owner = { controller: attributes['controller'], subject: attributes['subject'] } as never;
      return { table: 'rights', ...keyOf(requestRef(owner, first as never)) };
    }
    default:
      return undefined;
  }
}
