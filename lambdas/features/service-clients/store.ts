import { DepartmentId, GroupId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { grantRole } from '../access/grant-role.ts';
import { accountOwner, accountPointers, accountRef } from '../accounts/account.ts';
import { departmentRef, organisationOwner, organisationRef } from '../organisations/organisation.ts';
import { groupRef } from '../people/writes.ts';
import { belongingsOf, endClient, linkRef } from './ending.ts';
import type { ServiceClientStore } from './handlers.ts';
import {
  clientPointer,
  organisationIn,
  SERVICE_CLIENTS_MAX,
  serviceClientEntity,
  serviceClientRef,
} from './service-client.ts';
import { administratorsOf, tellOf } from './tell-administrators.ts';
import type { TokenStore } from './token-handlers.ts';

const notFound = () => new Problem('service-client-not-found');

export const serviceClientStore: ServiceClientStore & TokenStore = {
  organisation: async (organisationId, { records }) => (await records.get(organisationRef(organisationId)))?.value,

  async list(organisationId, { records }) {
    const range = { limit: SERVICE_CLIENTS_MAX };
    return (await records.list(serviceClientEntity, organisationOwner(organisationId), range)).items;
  },

  find: (organisationId, id, { records }) => records.get(serviceClientRef(organisationId, id)),

  async locate(id, { records }) {
    const [pointer] = await records.pointersAt([clientPointer(id)]);
    const organisationId = organisationIn(pointer?.attributes);
    const found = organisationId && (await records.get(serviceClientRef(organisationId, id)));
    return organisationId && found && { organisationId, client: found.value };
  },

  async demandScope(organisationId, { kind, id }, { records }) {
    if (kind === 'department' && !(await records.get(departmentRef(organisationId, DepartmentId.parse(id))))) {
      throw new Problem('department-not-found');
    }
    if (kind === 'group' && !(await records.get(groupRef(organisationId, GroupId.parse(id))))) {
      throw new Problem('group-not-found');
    }
  },

  async add(organisationId, { client, account, role }, call, answer) {
    const administrators = await administratorsOf(organisationId, call);
    const change = call.records
      .change()
      .put(serviceClientRef(organisationId, client.id), client, 'new')
      .point({ ...clientPointer(client.id), attributes: { organisationId } })
      .put(accountRef(account.id), account, 'new')
      .claim('operator', 'sub', account.sub, account.id, () => new Error('Cognito gave a subject twice'))
      .put(linkRef(organisationId, client), { accountId: account.id, since: client.createdAt }, 'new')
      .point(accountPointers.person(account.id, organisationId, client.personId));
    grantRole(change, organisationId, role, account.id);
    tellOf(change, administrators, { template: 'service-client-created', parameters: { name: client.name } }, call);
    return change
      .activity({
        event: 'service-client.created',
        subject: organisationOwner(organisationId),
        about: [client.id, role.id],
        detail: { scopes: client.scopes.join(' '), scope: client.scope.kind },
      })
      .commit(answer);
  },

  async saveSecrets(before, after, endsTokens, { records, now }) {
    const { owner } = before.ref;
    const change = records.change().put(before.ref, after, { version: before.version });
    if (endsTokens) {
      const account = await records.get(accountRef(after.accountId));
      if (!account) throw notFound();
      // A second is as fine as `auth_time` is: what was issued in this one is refused as well.
      const notBeforeEpochSeconds = Math.floor(now.getTime() / 1000) + 1;
      change.put(account.ref, { ...account.value, notBeforeEpochSeconds }, { version: account.version });
    }
    await change
      .activity({ event: 'service-client.secret-renewed', subject: owner, about: [after.id], detail: { endsTokens } })
      .commit();
  },

  async remove(organisationId, client, call) {
    const [found, administrators] = await Promise.all([
      belongingsOf(organisationId, client.value, call.records),
      administratorsOf(organisationId, call),
    ]);
    const { value } = client;
    const change = call.records.change();
    endClient(change, organisationId, client, found, notFound);
    if (found.account) change.release('operator', 'sub', found.account.value.sub, value.accountId);
    tellOf(change, administrators, { template: 'service-client-ended', parameters: { name: value.name } }, call);
    await change
      .activity({
        event: 'service-client.ended',
        subject: organisationOwner(organisationId),
        about: [value.id, value.roleId],
      })
      .commit();
  },

  async noteToken(organisationId, client, { records }) {
    await records
      .change()
      // Whoever was ended meanwhile gets no token.
      .requirePresent(accountRef(client.accountId), () => new Problem('client-refused'))
      .activity({
        event: 'service-client.token-issued',
        subject: organisationOwner(organisationId),
        about: [client.id, accountOwner(client.accountId).subject],
      })
      .commit();
  },
};
