import type { Profile, RoleName } from '../../lambdas/access/roles.ts';
import type { OrganisationId, PersonId, RequestId, RoleId } from '../../lambdas/http/ids.ts';
import { signIn } from '../../local/client/sign-in.ts';
import { type Api, registered, signedIn, type Visitor } from '../../local/client/visitor.ts';
import type { Stage } from './history.ts';
import { AWAY } from './programs-outside.ts';

/** An organisation of a profile, as its first day leaves it: agreed, with an administrator and a privacy officer. */
export interface Customer {
  readonly organisationId: OrganisationId;
  readonly profile: Profile;
  readonly administrator: Worker;
  readonly officer: Worker;
}

/** Somebody with a role. The role stays open for half an hour: `again` opens it anew. */
interface Worker {
  readonly visitor: Visitor;
  readonly roleId: RoleId;
  readonly api: Api;
  again(): Promise<Api>;
}

/** Somebody whom the organisation has to do with. */
export interface Inhabitant extends Worker {
  readonly personId: PersonId;
  /** Person and account: what an erasure fences. */
  readonly subjects: readonly string[];
}

const PASSWORD = 'Adversary-2026-profiles';

export async function openCustomer({ endpoints, people }: Stage, profile: Profile): Promise<Customer> {
  const operator = people.find(({ roles }) => roles.some(({ role }) => role === 'platform-operator'))!;
  const platform = await (await signedIn(endpoints, operator)).openRole('operator', operator.roles[0]!.roleId);
  const email = `ledelsen@${profile}.example.no`;
  const { body } = await platform.createOrganisation({
    body: {
      name: 'Vardø Drift',
      profile,
      language: 'nb',
      agreement: {
        companyName: 'Vardø Drift AS',
        organisationNumber: '974760673',
        postalAddress: { street: 'Havnegata 1', postcode: '9950', city: 'Vardø' },
        manager: { name: 'Liv Vik', email, phone: '+4778000000' },
        startsOn: new Date().toISOString().slice(0, 10),
      },
      representative: { firstName: 'Liv', lastName: 'Vik', email },
    },
  });
  const organisationId = body.organisation.id;
  const administrator = await atWork({ endpoints, email, profile, organisationId });
  const { body: agreement } = await administrator.api.getAgreement({ params: { organisationId } });
  await administrator.api.acceptAgreement({
    params: { organisationId },
    body: { version: agreement.document.version },
  });
  const customer = { organisationId, profile, administrator };
  await tellPrograms(customer);
  return { ...customer, officer: await employ({ endpoints, people }, customer, 'privacy-officer') };
}

/** Systems of the customer's own: one that takes what it is told, and one that is away. */
async function tellPrograms({ organisationId, administrator: { api } }: Omit<Customer, 'officer'>): Promise<void> {
  const events = ['person.*', 'customer.*', 'timesheet.*', 'invoice.*', 'erasure.*'];
  for (const path of ['', AWAY]) {
    const url = `https://hooks.outside.test/${path}`;
    await api.createWebhook({ params: { organisationId }, body: { url, events } });
  }
}

/** A member of staff with a guarded role. */
export async function employ(
  { endpoints }: Stage,
  { organisationId, profile, administrator: { api } }: Omit<Customer, 'officer'>,
  role: RoleName,
): Promise<Inhabitant> {
  const email = `${role}@${profile}.example.no`;
  const { body: person } = await api.createPerson({
    params: { organisationId },
    body: { kind: 'staff', firstName: 'Siv', lastName: 'Berge', email },
  });
  await api.invitePerson({
    params: { organisationId, personId: person.id },
    body: { role, scope: { kind: 'organisation' } },
  });
  const worker = await atWork({ endpoints, email, profile, organisationId });
  return { ...worker, personId: person.id, subjects: await subjectsOf(worker.visitor, person.id) };
}

/** Somebody who is registered already comes in, by the invitation that is mailed to them. */
export async function comeIn(
  { endpoints }: Stage,
  { organisationId, profile, administrator: { api } }: Customer,
  { personId, email }: { readonly personId: PersonId; readonly email: string },
): Promise<Inhabitant> {
  await api.invitePerson({ params: { organisationId, personId }, body: {} });
  const visitor = await registered(endpoints, { email, password: PASSWORD }, profile);
  const roleId = await roleIn(visitor, organisationId);
  const again = async () => {
    await visitor.signInAgain();
    return visitor.as(roleId);
  };
  return { visitor, roleId, personId, api: visitor.as(roleId), again, subjects: await subjectsOf(visitor, personId) };
}

async function atWork({
  endpoints,
  email,
  profile,
  organisationId,
}: Pick<Stage, 'endpoints'> & {
  readonly email: string;
  readonly profile: Profile;
  readonly organisationId: OrganisationId;
}): Promise<Worker> {
  const visitor = await registered(endpoints, { email, password: PASSWORD }, profile);
  await visitor.turnOnTotp();
  const roleId = await roleIn(visitor, organisationId);
  const again = async () => {
    await visitor.signInAgain();
    await visitor.api.openRole({ body: { organisationId, roleId } });
    return visitor.as(roleId);
  };
  return { visitor, roleId, api: await visitor.openRole(organisationId, roleId), again };
}

const subjectsOf = async ({ api }: Visitor, personId: PersonId) => [personId, (await api.getMe()).body.id];

async function roleIn({ api }: Visitor, organisationId: OrganisationId): Promise<RoleId> {
  const { body: me } = await api.getMe();
  const held = me.roles.find((role) => role.organisationId === organisationId);
  if (!held) throw new Error('There is no role in the organisation');
  return held.id;
}

/** What a browser sends that comes in anew; who calls with it is noted with the browser. */
export async function asBrowser(
  { endpoints }: Stage,
  { visitor, roleId }: Pick<Worker, 'visitor' | 'roleId'>,
  browser: string,
): Promise<Record<string, string>> {
  const session = await signIn(endpoints, visitor.credentials);
  return {
    authorization: `Bearer ${session.getAccessToken().getJwtToken()}`,
    'vern-role': roleId,
    'user-agent': browser,
  };
}

/** They ask themselves; the officer plans it, and the administrator approves. Resolves with the request. */
export async function askToBeErased(
  { organisationId, administrator, officer }: Customer,
  { visitor, personId }: Inhabitant,
): Promise<readonly RequestId[]> {
  await visitor.signInAgain();
  const { body: asked } = await visitor.api.askForRight({
    body: { controller: organisationId, personId, right: 'erasure' },
  });
  const params = { organisationId, requestId: asked.id };
  await (await officer.again()).planErasure({ params });
  await (await administrator.again()).approveRequest({ params, body: {} });
  return [asked.id];
}
