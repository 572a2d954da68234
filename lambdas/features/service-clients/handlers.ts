import type { Call } from '../../http/call.ts';
import type { OrganisationId, ServiceClientId } from '../../http/ids.ts';
import { usernameOfMachine } from '../../http/machine-name.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import { dayIn } from '../../platform/calendar.ts';
import type { MachineUsers } from '../../platform/machine-users.ts';
import type { Stored } from '../../platform/records.ts';
import type { RoleRecord } from '../access/role.ts';
import type { Account } from '../accounts/account.ts';
import type { Organisation } from '../organisations/organisation.ts';
import { demandTerms } from '../roles/administration.ts';
import type { serviceClientRoutes } from './routes.ts';
import {
  newPassword,
  newSecret,
  rotated,
  SERVICE_CLIENTS_MAX,
  type ServiceClient,
  type serviceClientEntity,
} from './service-client.ts';

type StoredClient = Stored<typeof serviceClientEntity>;

export interface ServiceClientStore {
  organisation(organisationId: OrganisationId, call: Call): Promise<Organisation | undefined>;
  list(organisationId: OrganisationId, call: Call): Promise<readonly StoredClient[]>;
  find(organisationId: OrganisationId, id: ServiceClientId, call: Call): Promise<StoredClient | undefined>;
  /** Throws `department-not-found` or `group-not-found`. */
  demandScope(organisationId: OrganisationId, scope: RoleRecord['scope'], call: Call): Promise<void>;
  /** The client, its account, its link, its role, and word to the administrators, in one transaction. */
  add<A>(
    organisationId: OrganisationId,
    made: { readonly client: ServiceClient; readonly account: Account; readonly role: RoleRecord },
    call: Call,
    answer: A,
  ): Promise<A>;
  /** `endsTokens`: what was issued until now is refused from now on. */
  saveSecrets(before: StoredClient, after: ServiceClient, endsTokens: boolean, call: Call): Promise<void>;
  remove(organisationId: OrganisationId, client: StoredClient, call: Call): Promise<void>;
}

export const serviceClientHandlers = (
  clients: ServiceClientStore,
  users: Pick<MachineUsers, 'create' | 'remove'>,
): HandlersFor<typeof serviceClientRoutes, Call> => ({
  async createServiceClient({ params: { organisationId }, body }, call) {
    const [organisation, held] = await Promise.all([
      clients.organisation(organisationId, call),
      clients.list(organisationId, call),
    ]);
    if (!organisation) throw new Problem('organisation-not-found');
    if (held.length >= SERVICE_CLIENTS_MAX) throw new Problem('too-many', `At most ${SERVICE_CLIENTS_MAX} programs.`);
    const { id, personId, roleId, accountId } = newIds(call);
    const scope = body.scope ?? { kind: 'organisation' as const };
    const role: RoleRecord = {
      id: roleId,
      personId,
      role: 'integration',
      actions: [...new Set(body.scopes)],
      scope,
      validFrom: dayIn(organisation.timeZone, call.now),
      state: 'active',
    };
    demandTerms('integration', role, personId);
    await clients.demandScope(organisationId, scope, call);
    const { secret, kept } = newSecret(call.now);
    const createdAt = call.now.toISOString();
    const client: ServiceClient = {
      ...{ id, name: body.name, scopes: role.actions ?? [], scope, accountId, personId, roleId },
      ...{ secrets: [kept], password: newPassword(), createdAt },
    };
    const sub = await users.create(id, client.password);
    const account: Account = {
      ...{ id: accountId, sub, email: usernameOfMachine(id), language: organisation.language, settings: {} },
      ...{ createdAt, notBeforeEpochSeconds: 0 },
    };
    try {
      // What a repeated request is answered with is kept for a day, and so without the secret.
      const answer = await clients.add(organisationId, { client, account, role }, call, { client: viewOf(client) });
      return { ...answer, secret };
    } catch (error) {
      // Nothing of ours leads to that user: it could do nothing, and nobody would find it.
      await users.remove(id);
      throw error;
    }
  },

  async listServiceClients({ params: { organisationId } }, call) {
    return { items: (await clients.list(organisationId, call)).map(({ value }) => viewOf(value)) };
  },

  async renewServiceClientSecret({ params: { organisationId, serviceClientId }, body }, call) {
    const before = await clients.find(organisationId, serviceClientId, call);
    if (!before) throw new Problem('service-client-not-found');
    const { secret, kept } = newSecret(call.now);
    const endsOthersNow = body.endsOthersNow ?? false;
    const after = { ...before.value, secrets: rotated(before.value, kept, { endsOthersNow, now: call.now }) };
    await clients.saveSecrets(before, after, endsOthersNow, call);
    return { client: viewOf(after), secret };
  },

  async endServiceClient({ params: { organisationId, serviceClientId } }, call) {
    const client = await clients.find(organisationId, serviceClientId, call);
    if (!client) throw new Problem('service-client-not-found');
    // First there: if we stopped here, our own record would still lead to the user that is to be deleted.
    await users.remove(serviceClientId);
    await clients.remove(organisationId, client, call);
  },
});

const newIds = (call: Call) => ({
  id: call.newId('scl'),
  personId: call.newId('per'),
  roleId: call.newId('rol'),
  accountId: call.newId('acc'),
});

/** Neither hashes nor the password. */
function viewOf({ id, name, scopes, scope, roleId, createdAt, secrets }: ServiceClient) {
  const older = secrets.find(({ until }) => until !== undefined);
  const newest = secrets.find(({ until }) => until === undefined);
  return {
    ...{ id, name, scopes, scope, roleId, createdAt, newestSecretAt: newest?.createdAt ?? createdAt },
    ...(older?.until !== undefined && { olderSecretUntil: older.until }),
  };
}
