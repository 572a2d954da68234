import type { RoleName } from '../../access/roles.ts';
import type { Call } from '../../http/call.ts';
import type { RoleId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { ControllerId } from '../../platform/entity.ts';
import { StaleVersion, type Stored } from '../../platform/records.ts';
import type { RoleRecord, roleEntity } from '../access/role.ts';

type StoredRole = Stored<typeof roleEntity>;

export interface RoleChanges {
  find(controller: ControllerId, roleId: RoleId, call: Call): Promise<StoredRole | undefined>;
  /** All roles of a kind that have not ended. */
  holdersOf(name: RoleName, controller: ControllerId, call: Call): Promise<readonly StoredRole[]>;
  /**
   * Saves over the version that was read, and takes the pointers of an ended role away. `witness` is a role that must
   * not have changed either: another administrator's. Throws `StaleVersion` when one of the two has.
   */
  save(before: StoredRole, after: RoleRecord, witness: StoredRole | undefined, call: Call): Promise<void>;
}

/** Somebody must always hold these: an organisation, and the platform, can otherwise not be administered any more. */
const indispensable: readonly RoleName[] = ['administrator', 'platform-operator'];

/** A holder to be counted on: active today and without a last day. Whoever is suspended or about to leave does not count. */
export const isStanding = ({ role, state, validFrom, validUntil }: RoleRecord, today: string): boolean =>
  indispensable.includes(role) && state === 'active' && validFrom <= today && validUntil === undefined;

/**
 * Where a change takes a standing administrator away: another one, who must stay as they are while it is written. Two
 * who end each other at once therefore cannot both succeed. Throws `last-administrator`.
 */
export async function witnessOf(
  roles: RoleChanges,
  before: StoredRole,
  after: RoleRecord,
  today: string,
  call: Call,
): Promise<StoredRole | undefined> {
  if (!isStanding(before.value, today) || isStanding(after, today)) return undefined;
  const holders = await roles.holdersOf(after.role, before.ref.owner.controller, call);
  const other = holders.find(({ value }) => value.personId !== after.personId && isStanding(value, today));
  if (!other) throw new Problem('last-administrator');
  return other;
}

/** A role that has not ended. Throws `role-not-found`. */
export async function roleOf(
  roles: RoleChanges,
  controller: ControllerId,
  roleId: RoleId,
  call: Call,
): Promise<StoredRole> {
  const stored = await roles.find(controller, roleId, call);
  if (!stored || stored.value.state === 'ended') throw new Problem('role-not-found');
  return stored;
}

const TRIES_MAX = 4;

/** Ends a role today; when somebody else was faster, what was read is read anew. */
export async function end(
  roles: RoleChanges,
  controller: ControllerId,
  roleId: RoleId,
  today: string,
  call: Call,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    const before = await roleOf(roles, controller, roleId, call);
    const after = ended(before.value, today);
    const witness = await witnessOf(roles, before, after, today, call);
    try {
      return await roles.save(before, after, witness, call);
    } catch (error) {
      if (!(error instanceof StaleVersion) || tries >= TRIES_MAX) throw error;
    }
  }
}

const ended = (role: RoleRecord, today: string): RoleRecord => ({
  ...role,
  state: 'ended',
  validUntil: role.validUntil !== undefined && role.validUntil < today ? role.validUntil : today,
});

/** Takes a suspension back, by somebody else than the one who holds the role. */
export async function confirm(
  roles: RoleChanges,
  controller: ControllerId,
  roleId: RoleId,
  call: Call,
): Promise<Pick<StoredRole, 'value' | 'version'>> {
  const before = await roleOf(roles, controller, roleId, call);
  if (before.value.state !== 'suspended') throw new Problem('wrong-state', 'The role is not suspended.');
  if (before.value.personId === call.role!.personId) throw new Problem('wrong-state', 'Somebody else must confirm it.');
  const value: RoleRecord = { ...before.value, state: 'active' };
  await roles.save(before, value, undefined, call);
  return { value, version: before.version + 1 };
}
