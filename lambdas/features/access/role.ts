import * as z from 'zod';
import { roleNames } from '../../access/roles.ts';
import { AccessGrantId, AccountId, OrganisationId, PersonId, RoleId } from '../../http/ids.ts';
import { type ControllerId, entity, type Owner } from '../../platform/entity.ts';
import { ofTheOrganisation } from '../organisations/of-the-organisation.ts';
import { PlainDate } from '../people/person.ts';

export const RoleScope = z
  .strictObject({
    kind: z.enum(['organisation', 'department', 'group', 'person']),
    /** The department, group or person; absent for the whole organisation. */
    id: z
      .string()
      .regex(/^(dep|grp|per)_[0-9a-z]{26}$/)
      .meta({ examples: ['grp_01jd8m3v5c2w7x9y4z6a8b0c1d'] })
      .optional(),
  })
  .meta({ id: 'RoleScope' });

export const RoleRecord = z.strictObject({
  id: RoleId,
  personId: PersonId,
  role: z.enum(roleNames),
  /** Of a service client alone: what it may do of what its role may. */
  actions: z
    .array(
      z
        .string()
        .max(60)
        .regex(/^[a-z-]+(?::[a-z-]+)+$/),
    )
    .max(60)
    .optional(),
  scope: RoleScope,
  validFrom: PlainDate,
  validUntil: PlainDate.optional(),
  /** `suspended` after a reset of the second factor elsewhere, until this organisation confirms. */
  state: z.enum(['active', 'suspended', 'ended']),
});
export type RoleRecord = z.output<typeof RoleRecord>;

export const roleEntity = entity({
  name: 'role',
  table: 'core',
  sortKey: 'ROLE',
  schema: RoleRecord,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to decide who may see and do what',
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: 'controller',
  retentionClass: 'membership',
  exported: 'copy',
  onErasure: 'delete',
});

/** An open role: 30 minutes, bound to one sign-in (`origin_jti`). */
export const RoleSession = z.strictObject({ openedAt: z.iso.datetime(), expiresAt: z.iso.datetime() });
export type RoleSession = z.output<typeof RoleSession>;
export const ROLE_SESSION_MINUTES = 30;
export const roleSessionEntity = entity({
  name: 'role-session',
  table: 'transient',
  sortKey: 'ROLE-SESSION',
  schema: RoleSession,
  schemaVersion: 1,
  ourRole: 'controller',
  purpose: 'to keep a guarded role open for half an hour',
  legalBasis: 'contract',
  article9: 'none',
  source: 'use',
  retentionClass: 'transient',
  exported: { not: 'it says for half an hour that a role is open' },
  onErasure: 'delete',
});

/** A recorded undertaking of confidentiality (SM-15): once per person, organisation and text. */
export const Undertaking = z.strictObject({ version: z.string().max(80), at: z.iso.datetime(), accountId: AccountId });
export const undertakingEntity = entity({
  name: 'confidentiality-undertaking',
  table: 'rights',
  sortKey: 'UNDERTAKING',
  schema: Undertaking,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to prove that staff are bound by confidentiality',
  legalBasis: 'legal-obligation',
  article9: 'none',
  source: 'data-subject',
  retentionClass: 'consent',
  exported: 'copy',
  onErasure: { keepUntil: '3 years after it last mattered', law: 'GDPR Art. 5(2), Art. 17(3)(e)' },
});

/** A time-limited permission for one platform account to see one organisation (SM-14, KP-13). */
export const AccessGrant = z
  .strictObject({
    id: AccessGrantId,
    organisationId: OrganisationId,
    accountId: AccountId,
    reason: z.string().max(300),
    from: z.iso.datetime(),
    until: z.iso.datetime(),
    endedAt: z.iso.datetime().optional(),
  })
  .meta({ id: 'AccessGrant' });
export type AccessGrant = z.output<typeof AccessGrant>;
export const accessGrantEntity = entity({
  ...ofTheOrganisation,
  name: 'access-grant',
  sortKey: 'ACCESS-GRANT',
  schema: AccessGrant,
  purpose: "to let the operator's staff help, for as long as the organisation allows",
});

export const roleOwner = (controller: ControllerId, personId: PersonId): Owner => ({ controller, subject: personId });
export const roleRef = (controller: ControllerId, personId: PersonId, roleId: RoleId) =>
  ({ entity: roleEntity, owner: roleOwner(controller, personId), key: roleId }) as const;
export const roleSessionRef = (accountId: AccountId, originJti: string, roleId: RoleId) =>
  ({
    entity: roleSessionEntity,
    owner: { controller: 'operator', subject: accountId },
    key: `${originJti}#${roleId}`,
  }) as const;
export const undertakingRef = (controller: ControllerId, personId: PersonId, version: string) =>
  ({ entity: undertakingEntity, owner: roleOwner(controller, personId), key: version }) as const;

export const rolePointers = {
  /** From an account to a role that it holds; says which person holds it. Never moves: it may be cached. */
  ofAccount: (accountId: AccountId, controller: ControllerId, roleId: RoleId) =>
    ({ table: 'core', pk: `operator#${accountId}`, sk: `ROLE#${controller}#${roleId}` }) as const,
  /** All roles of an organisation, by kind. */
  inOrganisation: (controller: ControllerId, roleId: RoleId) =>
    ({ table: 'core', pk: `${controller}#ROLES`, sk: roleId }) as const,
  /** The grants in force for one platform account. */
  grant: (organisationId: OrganisationId, accountId: AccountId) =>
    ({ table: 'core', pk: `${organisationId}#GRANTS`, sk: accountId }) as const,
};
