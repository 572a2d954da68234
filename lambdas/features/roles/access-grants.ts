import type { Call } from '../../http/call.ts';
import type { AccessGrantId, AccountId, OrganisationId } from '../../http/ids.ts';
import { StaleVersion, type Stored } from '../../platform/records.ts';
import { type AccessGrant, accessGrantEntity, rolePointers } from '../access/role.ts';
import { organisationOwner } from '../organisations/organisation.ts';

export const ACCESS_GRANTS_SHOWN_MAX = 100;

export interface AccessGrantStore {
  /** The newest first. */
  list(organisationId: OrganisationId, call: Call): Promise<readonly AccessGrant[]>;
  find(
    organisationId: OrganisationId,
    id: AccessGrantId,
    call: Call,
  ): Promise<Stored<typeof accessGrantEntity> | undefined>;
  /** In force at once; an earlier one of the same account in the same organisation ends with it. */
  give(grant: AccessGrant, call: Call): Promise<AccessGrant>;
  end(grant: Stored<typeof accessGrantEntity>, call: Call): Promise<void>;
}

const grantRef = (organisationId: OrganisationId, id: AccessGrantId) =>
  ({ entity: accessGrantEntity, owner: organisationOwner(organisationId), key: id }) as const;

export const accessGrantStore: AccessGrantStore = {
  async list(organisationId, { records }) {
    const range = { limit: ACCESS_GRANTS_SHOWN_MAX, newestFirst: true };
    const { items } = await records.list(accessGrantEntity, organisationOwner(organisationId), range);
    return items.map(({ value }) => value);
  },

  find: (organisationId, id, { records }) => records.get(grantRef(organisationId, id)),

  async give(grant, call) {
    const { organisationId, accountId, id } = grant;
    const earlier = await inForce(organisationId, accountId, call);
    const change = call.records.change();
    if (earlier) change.put(earlier.ref, endedAt(earlier.value, call), { version: earlier.version });
    const untilEpochSeconds = Math.floor(Date.parse(grant.until) / 1000);
    return change
      .put(grantRef(organisationId, id), grant, 'new')
      .point(
        {
          ...rolePointers.grant(organisationId, accountId),
          attributes: { untilEpochSeconds, grantId: id },
          expiresAtEpochSeconds: untilEpochSeconds,
        },
        // Of two at once one is in force, and the list says which; over an earlier one its version decides.
        earlier ? {} : { ifNew: () => new StaleVersion('Another grant was given meanwhile') },
      )
      .activity({
        event: 'access-grant.given',
        subject: organisationOwner(organisationId),
        about: [id, accountId],
        detail: { until: grant.until },
      })
      .commit(grant);
  },

  async end(grant, call) {
    const { organisationId, accountId, id } = grant.value;
    const [pointer] = await call.records.pointersAt([rolePointers.grant(organisationId, accountId)]);
    const change = call.records.change().put(grant.ref, endedAt(grant.value, call), { version: grant.version });
    // Once this one's hours were over, the same account may have been given another: that one is ended by itself.
    if (pointer?.attributes?.['grantId'] === id) change.unpoint(rolePointers.grant(organisationId, accountId));
    await change.activity({ event: 'access-grant.ended', subject: grant.ref.owner, about: [id, accountId] }).commit();
  },
};

const endedAt = (grant: AccessGrant, { now }: Call): AccessGrant => ({ ...grant, endedAt: now.toISOString() });

async function inForce(organisationId: OrganisationId, accountId: AccountId, { records }: Call) {
  const [pointer] = await records.pointersAt([rolePointers.grant(organisationId, accountId)]);
  const id = pointer?.attributes?.['grantId'];
  const grant = typeof id === 'string' ? await records.get(grantRef(organisationId, id as AccessGrantId)) : undefined;
  return grant?.value.endedAt === undefined ? grant : undefined;
}
