import type { OrganisationId, PersonId } from '../../lambdas/http/ids.ts';
import { signIn } from '../client/sign-in.ts';
import { type Api, apiFor, registered, type Visitor } from '../client/visitor.ts';
import type { SamplePerson } from '../sample-people.ts';
import type { RunningService } from './running-service.ts';

export const PASSWORD = 'Granlia-2026-barnehage';
const PROFILE = 'kindergarten';

export interface SeededOrganisation {
  readonly organisationId: OrganisationId;
  readonly name: string;
  readonly run: number;
  readonly administrator: Visitor;
  /** In the administrator's opened role. */
  readonly admin: Api;
}

/** An organisation of its own for each run, made and accepted through the API, as a customer comes to be one. */
export async function aSeededOrganisation({ endpoints, people }: RunningService): Promise<SeededOrganisation> {
  const operator = people.find(({ roles }) => roles.some(({ role }) => role === 'platform-operator'));
  if (!operator) throw new Error('The sample people have no platform operator: begin anew with npm start -- --fresh');
  const platform = await opened(operator, endpoints);
  const { body: known } = await platform.listOrganisations({});
  const run = known.items.length;
  const name = run === 1 ? 'Granlia barnehage' : `Granlia barnehage ${run}`;
  const representative = { firstName: 'Berit', lastName: 'Gran', email: `berit.gran.r${run}@example.no` };
  const { body } = await platform.createOrganisation({
    body: {
      name,
      profile: PROFILE,
      language: 'nb',
      agreement: {
        companyName: `${name} AS`,
        organisationNumber: '974760673',
        postalAddress: { street: 'Granliveien 1', postcode: '0150', city: 'Oslo' },
        manager: { name: 'Berit Gran', email: representative.email, phone: '+4722000000' },
        startsOn: new Date().toISOString().slice(0, 10),
      },
      representative,
    },
  });
  const organisationId = body.organisation.id;
  const administrator = await registered(endpoints, { email: representative.email, password: PASSWORD }, PROFILE);
  await administrator.turnOnTotp();
  const admin = await openedFirst(administrator);
  const { body: agreement } = await admin.getAgreement({ params: { organisationId } });
  await admin.acceptAgreement({ params: { organisationId }, body: { version: agreement.document.version } });
  return { organisationId, name, run, administrator, admin };
}

async function opened(person: SamplePerson, endpoints: RunningService['endpoints']): Promise<Api> {
  const session = await signIn(endpoints, person);
  const token = () => session.getAccessToken().getJwtToken();
  const { organisationId, roleId } = person.roles[0]!;
  await apiFor(endpoints, token).openRole({ body: { organisationId, roleId } });
  return apiFor(endpoints, token, roleId);
}

async function openedFirst(visitor: Visitor): Promise<Api> {
  const [role] = (await visitor.api.getMe()).body.roles;
  if (!role) throw new Error(`${visitor.credentials.email} has no role`);
  return visitor.openRole(role.organisationId, role.id);
}

export interface Invited {
  readonly id: PersonId;
  readonly email: string;
  /** With a second factor, an undertaking and a group, for a member of staff. */
  readonly groupId?: string;
}

/** Somebody seeded who can sign in: invited, registered, and ready for duty where the role asks for it. */
export async function anAccountFor(
  invited: Invited,
  { admin, organisationId }: SeededOrganisation,
  service: RunningService,
): Promise<Visitor> {
  const { id: personId, email, groupId } = invited;
  await admin.invitePerson({
    params: { organisationId, personId },
    body: groupId === undefined ? {} : { role: 'staff', scope: { kind: 'group', id: groupId } },
  });
  const visitor = await registered(service.endpoints, { email, password: PASSWORD }, PROFILE);
  if (groupId === undefined) return visitor;
  await visitor.turnOnTotp();
  await openedFirst(visitor);
  return visitor;
}
