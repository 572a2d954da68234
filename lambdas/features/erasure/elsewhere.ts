import { type AccountId, ExportId, OrganisationId, PersonId, RoleId } from '../../http/ids.ts';
import { keyOf, type Owner } from '../../platform/entity.ts';
import type { RawRow } from '../../platform/partition-rows.ts';
import type { PointerKey } from '../../platform/records.ts';
import { rolePointers } from '../access/role.ts';
import { accountLinkEntity, accountPointers } from '../accounts/account.ts';
import { attendancePointers } from '../attendance/attendance-day.ts';
import { exportPointers } from '../exports/export.ts';
import { blockEntity, guardianLinkEntity, ownerOf, peoplePointers, personKinds } from '../people/person.ts';

/** What else must be known, beside a row, to find what it leads to. */
export interface Ties {
  /** The account that a person signs in with. */
  readonly accountId: AccountId | undefined;
  /** Who may have been given an export of this child. */
  readonly guardianIds: readonly PersonId[];
}

const core = (key: { pk: string; sk: string }): PointerKey => ({ table: 'core', ...key });

/**
 * The rows in others' partitions that name the subject, by the row in its own partition that leads to them. They go
 * before it does, so that after a crash it still leads there. Pure.
 */
export function rowsElsewhere({ table, sk }: Pick<RawRow, 'table' | 'sk'>, owner: Owner, ties: Ties): PointerKey[] {
  const cut = sk.indexOf('#');
  const kind = cut < 0 ? sk : sk.slice(0, cut);
  const rest = cut < 0 ? '' : sk.slice(cut + 1);
  const { controller, subject } = owner;
  if (table === 'transient' && kind === 'LINK') return [{ table: 'transient', pk: `LINK#${rest}`, sk: 'LINK' }];
  if (table === 'transient' && kind === 'EXPORT') return rowsOfExport(ExportId.parse(rest), owner, ties);
  if (table !== 'core') return [];
  if (kind === 'PERSON' && rest !== '') return rowsOfLinkedPerson(rest);
  if (controller === 'operator' && kind === 'ROLE') return rowsOfRole(controller, rest, ties);
  const personId = PersonId.safeParse(subject);
  if (controller === 'operator' || !personId.success) return [];
  switch (kind) {
    case 'ROLE':
      return rowsOfRole(controller, rest, ties);
    case 'ACCOUNT-LINK':
      return ties.accountId ? [accountPointers.person(ties.accountId, controller, personId.data)] : [];
    case 'GUARDIAN':
      return [peoplePointers.child(controller, PersonId.parse(rest), personId.data)];
    case 'BLOCK':
      return [peoplePointers.blockedFrom(controller, PersonId.parse(rest), personId.data)];
    case 'CHILD':
      return [rowInPartitionOf(guardianLinkEntity, controller, rest, personId.data)];
    case 'BLOCKED':
      return [rowInPartitionOf(blockEntity, controller, rest, personId.data)];
    case 'DAY':
      return [attendancePointers.expected(controller, rest, personId.data)];
    default:
      return [];
  }
}

const rowInPartitionOf = (
  entity: typeof guardianLinkEntity | typeof blockEntity,
  controller: OrganisationId,
  childId: string,
  grownUpId: PersonId,
) => core(keyOf({ entity, owner: ownerOf(controller, PersonId.parse(childId)), key: grownUpId }));

/** From an account (`PERSON#<organisation>#<person>`): the link in that person's partition. */
function rowsOfLinkedPerson(rest: string): PointerKey[] {
  const [organisationId, personId] = rest.split('#');
  const owner = ownerOf(OrganisationId.parse(organisationId), PersonId.parse(personId));
  return [core(keyOf({ entity: accountLinkEntity, owner }))];
}

/** From a person, `ROLE#<role>`; from an account `ROLE#<controller>#<role>`, which leads nowhere that is not the person's. */
function rowsOfRole(controller: Owner['controller'], rest: string, { accountId }: Ties): PointerKey[] {
  const roleId = RoleId.safeParse(rest);
  if (!roleId.success) return [];
  const held = accountId ? [rolePointers.ofAccount(accountId, controller, roleId.data)] : [];
  return [rolePointers.inOrganisation(controller, roleId.data), ...held];
}

function rowsOfExport(id: ExportId, owner: Owner, { guardianIds }: Ties): PointerKey[] {
  const { controller } = owner;
  const receivers = guardianIds.map((subject) => exportPointers.receiver({ controller, subject }, id));
  return [exportPointers.job(owner, id), exportPointers.all(id), ...receivers];
}

/** Rows about a person in its organisation's own lists: where they lie follows from the ids alone. Pure. */
export const rowsInLists = (
  organisationId: OrganisationId,
  personId: PersonId,
  groupIds: readonly string[],
): PointerKey[] => [
  ...personKinds.map((kind) => peoplePointers.person(organisationId, kind, personId)),
  attendancePointers.open(organisationId, personId),
  ...groupIds.map((groupId) => core({ pk: `${organisationId}#${groupId}`, sk: `MEMBER#${personId}` })),
];
