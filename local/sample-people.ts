import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { RoleName } from '../lambdas/access/roles.ts';
import type { OrganisationId, PersonId, RoleId } from '../lambdas/http/ids.ts';
import { type Api, firstSignIn, registered, type Visitor } from './client/visitor.ts';
import type { Endpoints } from './endpoints.ts';

export interface SampleRole {
  readonly organisationId: OrganisationId | 'operator';
  readonly roleId: RoleId;
  readonly role: RoleName;
}

/** Someone to try the service as; `<state>/people.json` lists them. */
export interface SamplePerson {
  readonly name: string;
  readonly email: string;
  readonly password: string;
  readonly totpSecret?: string;
  readonly roles: readonly SampleRole[];
}

const PASSWORD = 'Eikelunden-2026-barnehage';
const ORGANISATION_NAME = 'Eikelunden barnehage';

interface Wanted {
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
}
const people = {
  operator: { firstName: 'Torunn', lastName: 'Drift', email: 'drift@vern.example.no' },
  support: { firstName: 'Even', lastName: 'Hjelp', email: 'hjelp@vern.example.no' },
  protectionOfficer: { firstName: 'Runa', lastName: 'Lovise', email: 'personvernombud@vern.example.no' },
  administrator: { firstName: 'Ingrid', lastName: 'Eik', email: 'ingrid@eikelunden.example.no' },
  leader: { firstName: 'Solveig', lastName: 'Lund', email: 'solveig@eikelunden.example.no' },
  staff: { firstName: 'Amir', lastName: 'Berg', email: 'amir@eikelunden.example.no' },
  privacyOfficer: { firstName: 'Gro', lastName: 'Vern', email: 'gro@eikelunden.example.no' },
  mother: { firstName: 'Kari', lastName: 'Nygård', email: 'kari@example.no' },
} satisfies Record<string, Wanted>;

/**
 * Makes one person for each kind of role through the product's own endpoints, as real people would: invitation, mail,
 * registration, sign-in, TOTP, undertaking. Writes `<state>/people.json`.
 */
export async function createSamplePeople(endpoints: Endpoints, stateDir: string): Promise<void> {
  const operator = await firstOperator(endpoints);
  const platform = await openFirstRole(operator);
  const [organisationId, administrator] = await anOrganisation(endpoints, platform);
  const admin = await openFirstRole(administrator);
  await acceptAgreement(admin, organisationId);

  const { body: group } = await admin.createGroup({ params: { organisationId }, body: { name: 'Blåveis' } });
  const child = await addPerson(admin, organisationId, 'child', { firstName: 'Nora', lastName: 'Nygård' });
  const today = new Date().toISOString().slice(0, 10);
  await admin.placePerson({
    params: { organisationId, personId: child.id, groupId: group.id, from: today },
    ifMatch: child.version,
    body: {},
  });
  const mother = await addPerson(admin, organisationId, 'guardian', people.mother);
  await admin.linkGuardian({
    params: { organisationId, personId: child.id },
    body: {
      guardianId: mother.id,
      relation: 'mother',
      rights: 'parental-responsibility',
      livesWith: true,
      from: today,
    },
  });

  const invite = async (wanted: Wanted, role: RoleName, scope?: { kind: 'group'; id: string }) => {
    const person = await addPerson(admin, organisationId, 'staff', wanted);
    const params = { organisationId, personId: person.id };
    await admin.invitePerson({ params, body: { role, ...(scope && { scope }) } });
    return readyForDuty(await joined(endpoints, wanted));
  };
  await admin.invitePerson({ params: { organisationId, personId: mother.id }, body: {} });
  const staff = await Promise.all([
    invite(people.leader, 'leader'),
    invite(people.staff, 'staff', { kind: 'group', id: group.id }),
    invite(people.privacyOfficer, 'privacy-officer'),
    joined(endpoints, people.mother),
    platformStaff(endpoints, platform, people.support, 'platform-support'),
    platformStaff(endpoints, platform, people.protectionOfficer, 'platform-data-protection-officer'),
  ]);

  const all = [operator, administrator, ...staff];
  const listed = await Promise.all(all.map((visitor, i) => samplePerson(visitor, nameOf(allWanted[i]!))));
  writeFileSync(join(stateDir, 'people.json'), `${JSON.stringify(listed, null, 2)}\n`, { mode: 0o600 });
}

const allWanted = [
  people.operator,
  people.administrator,
  people.leader,
  people.staff,
  people.privacyOfficer,
  people.mother,
  people.support,
  people.protectionOfficer,
];
const nameOf = ({ firstName, lastName }: Wanted) => `${firstName} ${lastName}`;

/** As `npm run ops -- first-administrator` does it: the operator function, invoked with AWS credentials. */
async function firstOperator(endpoints: Endpoints): Promise<Visitor> {
  const lambda = new LambdaClient({
    endpoint: endpoints.lambda,
    region: endpoints.region,
    credentials: { accessKeyId: endpoints.accessKeyId, secretAccessKey: endpoints.secretAccessKey },
  });
  const { email } = people.operator;
  const command = { command: 'first-administrator', email, language: 'nb' };
  const { FunctionError, Payload } = await lambda.send(
    new InvokeCommand({ FunctionName: 'vern-dev-ops', Payload: JSON.stringify(command) }),
  );
  lambda.destroy();
  if (FunctionError) throw new Error(`The operator function failed: ${Buffer.from(Payload ?? []).toString()}`);
  const visitor = await firstSignIn(endpoints, { email, password: PASSWORD });
  await visitor.turnOnTotp();
  return visitor;
}

async function platformStaff(
  endpoints: Endpoints,
  platform: Api,
  { email }: Wanted,
  role: 'platform-support' | 'platform-data-protection-officer',
): Promise<Visitor> {
  await platform.invitePlatformStaff({ body: { email, language: 'nb', role } });
  return readyForDuty(await firstSignIn(endpoints, { email, password: PASSWORD }));
}

async function anOrganisation(endpoints: Endpoints, platform: Api): Promise<[OrganisationId, Visitor]> {
  const { firstName, lastName, email } = people.administrator;
  const { body } = await platform.createOrganisation({
    body: {
      name: ORGANISATION_NAME,
      profile: 'kindergarten',
      language: 'nb',
      agreement: {
        companyName: `${ORGANISATION_NAME} AS`,
        organisationNumber: '974760673',
        postalAddress: { street: 'Eikeveien 1', postcode: '0150', city: 'Oslo' },
        manager: { name: `${firstName} ${lastName}`, email, phone: '+4722000000' },
        startsOn: new Date().toISOString().slice(0, 10),
      },
      representative: { firstName, lastName, email },
    },
  });
  const administrator = await joined(endpoints, people.administrator);
  await administrator.turnOnTotp();
  return [body.organisation.id, administrator];
}

async function acceptAgreement(admin: Api, organisationId: OrganisationId): Promise<void> {
  const { body: agreement } = await admin.getAgreement({ params: { organisationId } });
  await admin.acceptAgreement({ params: { organisationId }, body: { version: agreement.document.version } });
}

async function addPerson(
  admin: Api,
  organisationId: OrganisationId,
  kind: 'child' | 'guardian' | 'staff',
  person: { firstName: string; lastName: string; email?: string },
): Promise<{ id: PersonId; version: number }> {
  const { body } = await admin.createPerson({ params: { organisationId }, body: { kind, ...person } });
  return body;
}

const joined = (endpoints: Endpoints, { email }: Wanted): Promise<Visitor> =>
  registered(endpoints, { email, password: PASSWORD }, 'kindergarten');

/** A second factor and the undertaking: whoever signs in as this person next can open the role. */
async function readyForDuty(visitor: Visitor): Promise<Visitor> {
  await visitor.setUpTotp();
  const { organisationId, id } = await firstRole(visitor);
  await visitor.giveUndertaking(organisationId, id);
  return visitor;
}

async function openFirstRole(visitor: Visitor): Promise<Api> {
  const { organisationId, id } = await firstRole(visitor);
  return visitor.openRole(organisationId, id);
}

async function firstRole(visitor: Visitor) {
  const [role] = (await visitor.api.getMe()).body.roles;
  if (!role) throw new Error(`${visitor.credentials.email} has no role`);
  return role;
}

async function samplePerson({ credentials, api }: Visitor, name: string): Promise<SamplePerson> {
  const { body: me } = await api.getMe();
  const roles = me.roles.map(({ organisationId, id, role }) => ({ organisationId, roleId: id, role }));
  return { name, ...credentials, roles };
}
