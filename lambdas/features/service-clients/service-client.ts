import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import { serviceClientScopes } from '../../access/rules.ts';
import { oneLine } from '../../http/free-text.ts';
import { AccountId, OrganisationId, PersonId, RoleId, ServiceClientId } from '../../http/ids.ts';
import { entity } from '../../platform/entity.ts';
import type { PointerKey } from '../../platform/records.ts';
import { RoleScope } from '../access/role.ts';
import { organisationOwner } from '../organisations/organisation.ts';

/** Programs of one organisation. */
export const SERVICE_CLIENTS_MAX = 20;
/** How long the secret before stays valid when a new one is made: a program is seldom deployed at once everywhere. */
export const OLD_SECRET_HOURS = 24;

const SECRET_BYTES = 32;
/** The newest, and those before that are still valid; whoever renews more often in a day loses the oldest. */
const SECRETS_MAX = 4;

/** What a rule gives the role of service clients; the contract lists them (access/rules.ts). */
export const Scope = z.enum(serviceClientScopes).meta({ id: 'ServiceClientScope' });

const Secret = z.strictObject({
  /** SHA-256 in base64url: 256 random bits need no slower hash. */
  hash: z.string().length(43),
  createdAt: z.iso.datetime(),
  /** Only of the one before. */
  until: z.iso.datetime().optional(),
});

/**
 * A program of an organisation (RFC 6749, section 4.4). It stands there as a person that nobody is: of that person there
 * is a role and a link to the account, and no record.
 */
export const ServiceClient = z.strictObject({
  id: ServiceClientId,
  name: oneLine({ max: 80 }),
  /** As they were given; one whose rule is gone gives nothing. */
  scopes: z
    .array(
      z
        .string()
        .max(60)
        .regex(/^[a-z-]+(?::[a-z-]+)+$/),
    )
    .min(1)
    .max(60),
  scope: RoleScope,
  accountId: AccountId,
  personId: PersonId,
  roleId: RoleId,
  secrets: z.array(Secret).min(1).max(SECRETS_MAX),
  /** What Cognito knows it by: made here, shown to nobody, and not what the program sends. */
  password: z.string().max(100),
  createdAt: z.iso.datetime(),
});
export type ServiceClient = z.output<typeof ServiceClient>;

export const serviceClientEntity = entity({
  name: 'service-client',
  table: 'core',
  sortKey: 'SERVICE-CLIENT',
  schema: ServiceClient,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: "to let the organisation's own programs in, with no more than they need",
  legalBasis: 'controllers-agreement',
  article9: 'none',
  source: 'controller',
  retentionClass: 'organisation',
  exported: { not: 'it holds the secrets of programs; what they did stands in the activity log' },
  onErasure: 'delete',
});

export const serviceClientRef = (organisationId: OrganisationId, id: ServiceClientId) =>
  ({ entity: serviceClientEntity, owner: organisationOwner(organisationId), key: id }) as const;

/** Where a client is, which names itself by its id alone. Attributes: `organisationId`. */
export const clientPointer = (id: ServiceClientId): PointerKey => ({
  table: 'core',
  pk: `SERVICE-CLIENT#${id}`,
  sk: 'ORGANISATION',
});
export const organisationIn = (attributes: Readonly<Record<string, unknown>> | undefined) =>
  OrganisationId.safeParse(attributes?.['organisationId']).data;

export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

/** A fresh secret: shown once, and kept as its hash alone. */
export function newSecret(now: Date): { readonly secret: string; readonly kept: ServiceClient['secrets'][number] } {
  const secret = `vern_${randomBytes(SECRET_BYTES).toString('base64url')}`;
  return { secret, kept: { hash: hashOf(secret), createdAt: now.toISOString() } };
}

/** As the pool's policy wants a password: small, large and a digit are in it whatever chance gives. */
export const newPassword = (): string => `Vern1-${randomBytes(SECRET_BYTES).toString('base64url')}`;

/** Whether it is one of the client's, and still valid. The comparison takes as long wherever they differ. */
export function isSecretOf({ secrets }: Pick<ServiceClient, 'secrets'>, secret: string, now: Date): boolean {
  const given = Buffer.from(hashOf(secret));
  return secrets
    .filter(({ until }) => until === undefined || now < new Date(until))
    .some(({ hash }) => timingSafeEqual(Buffer.from(hash), given));
}

/**
 * The new one, and those before for as long as they are left: whoever renews again because the answer was lost ends no
 * secret that is in use. Pure.
 */
export function rotated(
  { secrets }: Pick<ServiceClient, 'secrets'>,
  fresh: ServiceClient['secrets'][number],
  { endsOthersNow, now }: { readonly endsOthersNow: boolean; readonly now: Date },
): ServiceClient['secrets'] {
  if (endsOthersNow) return [fresh];
  const until = new Date(now.getTime() + OLD_SECRET_HOURS * 60 * 60 * 1000).toISOString();
  const before = secrets.filter((secret) => secret.until === undefined || now < new Date(secret.until));
  return [fresh, ...before.map((secret) => ({ ...secret, until: secret.until ?? until }))].slice(0, SECRETS_MAX);
}

/**
 * As they stand when a renewal is known and the fresh secret is not (a restore): none is valid for longer than it left
 * them. Pure.
 */
export function overtaken(
  { secrets }: Pick<ServiceClient, 'secrets'>,
  renewal: { readonly at: string; readonly endedOthers: boolean },
): ServiceClient['secrets'] {
  const left = renewal.endedOthers ? 0 : OLD_SECRET_HOURS * 60 * 60 * 1000;
  const end = new Date(Date.parse(renewal.at) + left).toISOString();
  return secrets.map((secret) => {
    const isEarlier = secret.until !== undefined && secret.until <= end;
    return isEarlier || secret.createdAt >= renewal.at ? secret : { ...secret, until: end };
  });
}
