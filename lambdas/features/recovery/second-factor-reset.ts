import * as z from 'zod';
import { AccountId, OrganisationId, PersonId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import type { RoleRecord } from '../access/role.ts';
import { accountOwner } from '../accounts/account.ts';

export const RESET_HOURS = 24;

/** A reset of a lost second factor that is under way: one per account, the newest counts. */
export const SecondFactorReset = z.strictObject({
  organisationId: OrganisationId,
  personId: PersonId,
  accountId: AccountId,
  /** By an administrator of the organisation, or by two platform staff for its only one. */
  by: z.enum(['administrator', 'platform']),
  state: z.enum(['waiting-for-approval', 'mailed']),
  requestedBy: AccountId,
  approvedBy: AccountId.optional(),
  /** What the mailed link has to name: a link of an earlier reset does nothing. */
  requestId: z.string().max(80),
  expiresAt: z.iso.datetime(),
});
export type SecondFactorReset = z.output<typeof SecondFactorReset>;

export const secondFactorResetEntity = entity({
  name: 'second-factor-reset',
  table: 'transient',
  sortKey: 'SECOND-FACTOR-RESET',
  schema: SecondFactorReset,
  schemaVersion: 1,
  ourRole: 'controller',
  purpose: 'to let a person who lost their second factor in again, and nobody else',
  legalBasis: 'contract',
  article9: 'none',
  source: 'use',
  retentionClass: 'transient',
  exported: 'copy',
  onErasure: 'delete',
});

export const secondFactorResetRef = (accountId: AccountId) =>
  ({ entity: secondFactorResetEntity, owner: accountOwner(accountId) }) as const;

/** A role of the account somewhere, as far as a reset concerns it. */
export interface RoleSomewhere {
  readonly organisationId: OrganisationId | 'operator';
  readonly role: RoleRecord;
  /** Nobody but this person could confirm it: the organisation has no other administrator. */
  readonly isSoleAdministrator: boolean;
}

/**
 * What a reset does to a role. The organisation that answered for the person keeps it, and takes its own suspension
 * back; every other one has to confirm. Where nobody could, two platform staff have answered for the person instead:
 * else two organisations with the same only administrator would lock each other out.
 */
export function stateAfterReset(
  { organisationId, role, isSoleAdministrator }: RoleSomewhere,
  reset: Pick<SecondFactorReset, 'organisationId' | 'by'>,
): RoleRecord['state'] {
  if (role.state === 'ended') return 'ended';
  if (organisationId === reset.organisationId) return 'active';
  if (reset.by === 'platform' && isSoleAdministrator) return role.state;
  return 'suspended';
}
