import { type AccountId, type OrganisationId, type PersonId, RequestId, type RoleId } from '../../../http/ids.ts';
import type { ControllerId } from '../../../platform/entity.ts';
import type { LookupKind, Records } from '../../../platform/records.ts';
import { rolePointers } from '../../access/role.ts';
import { accountLinkEntity, accountRef } from '../../accounts/account.ts';
import { nameHeld } from '../../organisations/name-held.ts';
import {
  DEPARTMENTS_MAX,
  departmentEntity,
  GROUPS_MAX,
  groupEntity,
  organisationOwner,
} from '../../organisations/organisation.ts';
import { peoplePointers } from '../../people/person.ts';
import { identityOf, personRef } from '../../people/writes.ts';
import { replyAddressRef } from '../../requests/request.ts';
import { personIdIn } from '../../retention/standings.ts';
import { SERVICE_CLIENTS_MAX, serviceClientEntity } from '../../service-clients/service-client.ts';
import { subscriberPointer } from '../../subscriptions/subscribers.ts';
import { subscriptionClaim } from '../../subscriptions/subscription.ts';
import type { StepContext } from '../step.ts';
import { chunksOf } from './chunks.ts';
import type { Replay } from './replay.ts';

/** References of one read are at most 5,000; a person has two. */
const PERSONS_PER_READ = 500;

/** A value that somebody has in Lookup, or had. */
export interface Claim {
  readonly controller: ControllerId;
  readonly kind: LookupKind;
  readonly value: string;
  readonly id: string;
}

/** What an organisation's open records claim, and the accounts that its persons and programs sign in with. */
export async function claimsOfOrganisation(context: Replay, organisationId: OrganisationId) {
  const claims: Claim[] = await namesOf(context.openCall(true).records, organisationId);
  const accountIds = new Set<string>();
  const ids: PersonId[] = [];
  const { pk } = peoplePointers.person(organisationId, 'child', '' as PersonId);
  for await (const { sk } of context.tables.rows.of('core', pk)) {
    const id = personIdIn(sk);
    if (id) ids.push(id);
  }
  for (const some of chunksOf(ids, PERSONS_PER_READ)) {
    const { records } = context.openCall(true);
    const refs = some.map((id) => personRef(organisationId, id));
    const [persons, links] = await Promise.all([
      records.getMany(refs),
      records.getMany(refs.map(({ owner }) => ({ entity: accountLinkEntity, owner }) as const)),
    ]);
    for (const person of persons) {
      const identity = person && identityOf(person.value);
      if (identity) claims.push({ controller: organisationId, ...identity, id: person.value.id });
    }
    for (const link of links) if (link) accountIds.add(link.value.accountId);
  }
  for (const accountId of await programsOf(context.openCall(true).records, organisationId)) accountIds.add(accountId);
  return { claims: [...claims, ...(await subscriptionsOf(context, organisationId))], accountIds };
}

/** A program stands there as a person that nobody is: no list of people leads to its account. */
async function programsOf(records: Records, organisationId: OrganisationId): Promise<AccountId[]> {
  const range = { limit: SERVICE_CLIENTS_MAX };
  const { items } = await records.list(serviceClientEntity, organisationOwner(organisationId), range);
  return items.map(({ value }) => value.accountId);
}

/** Who gets the newsletter without being registered: by address, so that nobody gets it twice. */
async function subscriptionsOf({ openCall, tables }: Replay, organisationId: OrganisationId): Promise<Claim[]> {
  const claims: Claim[] = [];
  const ids: RequestId[] = [];
  const { pk, sk: prefix } = subscriberPointer(organisationId, 'newsletter', '');
  for await (const { sk } of tables.rows.of('core', pk, prefix)) ids.push(RequestId.parse(sk.slice(prefix.length)));
  for (const some of chunksOf(ids, PERSONS_PER_READ)) {
    const addresses = await openCall(true).records.getMany(some.map((id) => replyAddressRef(organisationId, id)));
    for (const [i, id] of some.entries()) {
      const email = addresses[i]?.value.email;
      if (email === undefined) continue;
      const value = subscriptionClaim('newsletter', email);
      claims.push({ controller: organisationId, kind: 'subscription', value, id });
    }
  }
  return claims;
}

async function namesOf(records: Records, organisationId: OrganisationId): Promise<Claim[]> {
  const owner = organisationOwner(organisationId);
  const [departments, groups] = await Promise.all([
    records.list(departmentEntity, owner, { limit: DEPARTMENTS_MAX }),
    records.list(groupEntity, owner, { limit: GROUPS_MAX }),
  ]);
  return [...departments.items, ...groups.items].flatMap(({ value }): Claim[] => {
    const name = nameHeld(value);
    return name === undefined ? [] : [{ controller: organisationId, kind: 'name', value: name, id: value.id }];
  });
}

/** The accounts of the operator's own staff. */
export async function staffAccountIds({ tables, openCall }: Replay): Promise<ReadonlySet<string>> {
  const persons = new Set<PersonId>();
  const { pk } = rolePointers.inOrganisation('operator', '' as RoleId);
  for await (const { attributes } of tables.rows.of('core', pk)) {
    persons.add(attributes['personId'] as PersonId);
  }
  const links = await openCall(true).records.getMany(
    [...persons].map((subject) => ({ entity: accountLinkEntity, owner: { controller: 'operator', subject } }) as const),
  );
  return new Set(links.flatMap((link) => (link ? [link.value.accountId] : [])));
}

/** Cognito's subjects of the accounts that still open: an erased one gets none, whoever signs in. */
export async function claimsOfAccounts(
  { openCall }: StepContext,
  accountIds: Iterable<string>,
): Promise<readonly Claim[]> {
  const claims: Claim[] = [];
  for (const some of chunksOf([...accountIds], PERSONS_PER_READ)) {
    const accounts = await openCall(true).records.getMany(some.map((id) => accountRef(id as never)));
    for (const account of accounts) {
      if (!account) continue;
      claims.push({ controller: 'operator', kind: 'sub', value: account.value.sub, id: account.value.id });
    }
  }
  return claims;
}
