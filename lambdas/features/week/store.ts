import { type AccountId, OrganisationId, PersonId, RoleId } from '../../http/ids.ts';
import type { Ref } from '../../platform/entity.ts';
import type { Pointer, Records } from '../../platform/records.ts';
import { roleRef } from '../access/role.ts';
import { accountPointers } from '../accounts/account.ts';
import { attendanceDayRef } from '../attendance/attendance-day.ts';
import { inOneWave } from '../attendance/one-wave.ts';
import { organisationEntity, organisationOwner } from '../organisations/organisation.ts';
import { blocksBetween } from '../people/blocks.ts';
import { guardianLinkEntity, ownerOf, peoplePointers, personEntity } from '../people/person.ts';
import type { WeekStore } from './handlers.ts';
import { CHILDREN_MAX, PERSONS_MAX } from './week.ts';

/** Pointers of one account that are read: persons, and their roles there. */
const POINTERS_MAX = 500;

export const weekStore: WeekStore = {
  async known({ accountId }, days, { records }) {
    const mine = await personsOf(records, accountId);
    const pairs = (await Promise.all(mine.map((me) => pairsOf(records, me)))).flat();
    const read = await inOneWave(records, {
      organisations: pairs.map(({ me }) => organisationRef(me.organisationId)),
      roles: mine.flatMap((me) => me.roleIds.map((roleId) => roleRef(me.organisationId, me.personId, roleId))),
      persons: pairs.map(({ me, personId }) => ({ entity: personEntity, owner: ownerOf(me.organisationId, personId) })),
      links: pairs.map(({ me, personId }) => ({
        entity: guardianLinkEntity,
        owner: ownerOf(me.organisationId, personId),
        key: me.personId,
      })),
      blocks: pairs.flatMap(({ me, personId }) => blocksBetween(me.organisationId, selvesOf(me, mine), personId)),
      days: pairs.flatMap(({ me, personId }) => days.map((day) => attendanceDayRef(me.organisationId, personId, day))),
    });
    const blocks = new Set(read.blocks.flatMap((block) => (block ? [blockKey(block.ref)] : [])));
    const roles = read.roles.flatMap((stored) => (stored ? [stored.value] : []));
    return pairs.flatMap(({ me }, i) => {
      const [organisation, person] = [read.organisations[i]?.value, read.persons[i]?.value];
      if (!organisation || !person) return [];
      return [
        {
          organisation,
          callerId: me.personId,
          roles: roles.filter(({ personId }) => personId === me.personId),
          person,
          link: read.links[i]?.value,
          isBlocked: blocksBetween(me.organisationId, selvesOf(me, mine), person.id).some((ref) =>
            blocks.has(blockKey(ref)),
          ),
          days: days.map((_, n) => read.days[i * days.length + n]?.value),
        },
      ];
    });
  },
};

/** The caller in one organisation. */
interface Me {
  readonly organisationId: OrganisationId;
  readonly personId: PersonId;
  readonly roleIds: readonly RoleId[];
}

/** One query: `PERSON#…` and `ROLE#…` are neighbours in the account's partition. */
async function personsOf(records: Records, accountId: AccountId): Promise<Me[]> {
  const { pk } = accountPointers.person(accountId, '' as OrganisationId, '' as PersonId);
  const { items } = await records.pointers('core', pk, { from: 'PERSON#', to: 'ROLE#~', limit: POINTERS_MAX });
  const roles = items.filter(({ sk }) => sk.startsWith('ROLE#'));
  return items
    .filter(({ sk }) => sk.startsWith('PERSON#'))
    .slice(0, PERSONS_MAX)
    .map(({ sk }) => {
      const [, organisationId, personId] = sk.split('#');
      const me = { organisationId: OrganisationId.parse(organisationId), personId: PersonId.parse(personId) };
      return { ...me, roleIds: roles.filter((role) => isHeldBy(role, me)).map(roleIdOf) };
    });
}

/** A block keeps the one who signs in from the child, as whichever person they have it. */
const selvesOf = ({ organisationId }: Me, mine: readonly Me[]): PersonId[] =>
  mine.filter((one) => one.organisationId === organisationId).map(({ personId }) => personId);

const isHeldBy = ({ sk, attributes }: Pointer, { organisationId, personId }: Omit<Me, 'roleIds'>): boolean =>
  sk.startsWith(`ROLE#${organisationId}#`) && attributes?.['personId'] === personId;
const roleIdOf = ({ sk }: Pointer): RoleId => RoleId.parse(sk.split('#')[2]);

/** The caller with themselves, and with each child; what may be seen of them is decided later. */
async function pairsOf(records: Records, me: Me): Promise<{ readonly me: Me; readonly personId: PersonId }[]> {
  const { pk, sk } = peoplePointers.child(me.organisationId, me.personId, '' as PersonId);
  const { items } = await records.pointers('core', pk, { prefix: sk, limit: CHILDREN_MAX });
  const children = items.map((pointer) => PersonId.parse(pointer.sk.slice(sk.length)));
  return [me.personId, ...children].map((personId) => ({ me, personId }));
}

const organisationRef = (organisationId: OrganisationId) =>
  ({ entity: organisationEntity, owner: organisationOwner(organisationId) }) as const;
const blockKey = ({ owner, key }: Pick<Ref, 'owner' | 'key'>) => `${owner.controller} ${owner.subject} ${key}`;
