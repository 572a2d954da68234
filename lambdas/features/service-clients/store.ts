import { DepartmentId, GroupId, type OrganisationId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import { grantRole } from '../access/grant-role.ts';
import { rolePointers, roleRef } from '../access/role.ts';
import { accountLinkEntity, accountOwner, accountPointers, accountRef } from '../accounts/account.ts';
import { departmentRef, organisationOwner, organisationRef } from '../organisations/organisation.ts';
import { ownerOf } from '../people/person.ts';
import { groupRef } from '../people/writes.ts';
import type { ServiceClientStore } from './handlers.ts';
import {
  clientPointer,
  organisationIn,
  SERVICE_CLIENTS_MAX,
  type ServiceClient,
  serviceClientEntity,
  serviceClientRef,
} from './service-client.ts';
import { administratorsOf, tellOf } from './tell-administrators.ts';
import type { TokenStore } from './token-handlers.ts';

const notFound = () => new Problem('service-client-not-found');
const linkRef = (organisationId: OrganisationId, { personId }: Pick<ServiceClient, 'personId'>) =>
  ({ entity: accountLinkEntity, owner: ownerOf(organisationId, personId) }) as const;

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
    const { value, ref, version } = client;
    const { records } = call;
    const [[account, link, role], administrators] = await Promise.all([
      records.together([
        accountRef(value.accountId),
        linkRef(organisationId, value),
        roleRef(organisationId, value.personId, value.roleId),
      ]),
      administratorsOf(organisationId, call),
    ]);
    const change = records
      .change()
      .remove(ref, { version }, notFound)
      .unpoint(clientPointer(value.id))
      .unpoint(accountPointers.person(value.accountId, organisationId, value.personId))
      .unpoint(rolePointers.ofAccount(value.accountId, organisationId, value.roleId))
      .unpoint(rolePointers.inOrganisation(organisationId, value.roleId));
    if (account) {
      change
        .remove(account.ref, { version: account.version })
        .release('operator', 'sub', account.value.sub, value.accountId);
    }
    if (link) change.remove(link.ref, { version: link.version });
    // Left where it is, ended: the activity log still says what it was.
    if (role) change.put(role.ref, { ...role.value, state: 'ended' }, { version: role.version });
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
