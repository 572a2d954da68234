import type { Call, Language } from '../../http/call.ts';
import { decodeCursor, encodeCursor, type List } from '../../http/cursor.ts';
import { type AccountId, OrganisationId, type PersonId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor } from '../../http/route.ts';
import { dayIn } from '../../platform/calendar.ts';
import type { Stored } from '../../platform/records.ts';
import type { AccessGrant, RoleRecord } from '../access/role.ts';
import { INVITATION_DAYS, type Invitation } from '../invitations/invitation.ts';
import { changed } from '../organisations/handlers.ts';
import type { Organisation, organisationEntity } from '../organisations/organisation.ts';
import { organisationView } from '../organisations/views.ts';
import type { PersonRecord } from '../people/person.ts';
import type { AccessGrantStore } from '../roles/access-grants.ts';
import { confirm, end, type RoleChanges } from '../roles/last-one.ts';
import { type CustomerAgreement, type customerAgreementRef, periodOf } from './customer-agreement.ts';
import type { PlatformRole, platformRoutes } from './routes.ts';

/** Where the operator's days begin and end. */
const OPERATORS_ZONE = 'Europe/Oslo';
const HOUR_MILLISECONDS = 60 * 60 * 1000;

/** All that begins with an organisation. */
export interface Beginning {
  readonly organisation: Organisation;
  readonly agreement: CustomerAgreement;
  readonly representative: PersonRecord;
  readonly invitation: Invitation;
}

export interface Customer {
  readonly organisation: Stored<typeof organisationEntity>;
  readonly agreement: Stored<ReturnType<typeof customerAgreementRef>['entity']>;
}

export interface PlatformStore {
  /** Makes the organisation's keys and code, then all of it with the representative's mail in one transaction. */
  begin<A>(beginning: Beginning, call: Call, answer: A): Promise<A>;
  organisations(
    range: { limit: number; after?: string },
    call: Call,
  ): Promise<{ organisations: readonly Stored<typeof organisationEntity>[]; next?: string }>;
  isKnown(organisationId: OrganisationId, call: Call): Promise<boolean>;
  customer(organisationId: OrganisationId, call: Call): Promise<Customer | undefined>;
  recordRead(organisationId: OrganisationId, call: Call): Promise<void>;
  /** The agreement and the period that the organisation is served in, in one transaction. */
  saveAgreement(customer: Customer, after: CustomerAgreement, call: Call): Promise<void>;
  /** The account of a subject with the platform roles that it holds; a new one where there is none yet. */
  staffAccount(sub: string, call: Call): Promise<{ accountId: AccountId; isNew: boolean; roles: RoleRecord[] }>;
  /** Everyone with a platform role that has not ended. */
  staff(call: Call): Promise<readonly { role: RoleRecord; email: string | undefined }[]>;
  addStaff<A>(staff: NewStaff, call: Call, answer: A): Promise<A>;
}

export interface NewStaff {
  readonly account: {
    readonly id: AccountId;
    readonly sub: string;
    readonly email: string;
    readonly language: Language;
    readonly isNew: boolean;
  };
  readonly role: RoleRecord;
}

export interface StaffDirectory {
  invite(email: string, language: Language): Promise<{ sub: string }>;
}

export const platformHandlers = (
  platform: PlatformStore,
  roles: RoleChanges,
  grants: AccessGrantStore,
  directory: StaffDirectory,
): HandlersFor<typeof platformRoutes, Call> => ({
  async createOrganisation({ body }, call) {
    demandOrder(body.agreement);
    const { agreement, representative, ...settings } = body;
    const organisation: Organisation = {
      id: call.newId('org'),
      ...settings,
      state: 'open',
      servicePeriod: periodOf(agreement),
    };
    const person = representativeOf(organisation, representative, call.newId('per'));
    const invitation = invitationOf(person, call);
    const answer = {
      organisation: organisationView({ value: organisation, version: 1 }),
      representativeId: person.id,
      invitationId: invitation.id,
    };
    return platform.begin({ organisation, agreement, representative: person, invitation }, call, answer);
  },

  async listOrganisations({ query }, call) {
    const list: List = { name: 'organisations', filter: {} };
    const after = query.cursor === undefined ? undefined : decodeCursor(list, query.cursor, OrganisationId);
    const range = { limit: query.limit, ...(after !== undefined && { after }) };
    const { organisations, next } = await platform.organisations(range, call);
    return {
      items: organisations.map(organisationView),
      ...(next !== undefined && { next: encodeCursor(list, next) }),
    };
  },

  async getCustomerAgreement({ params: { customerId } }, call) {
    const { agreement } = await customerOf(platform, customerId, call);
    await platform.recordRead(customerId, call);
    return { organisationId: customerId, agreement: agreement.value, version: agreement.version };
  },

  async changeCustomerAgreement({ params: { customerId }, body, ifMatch }, call) {
    const customer = await customerOf(platform, customerId, call);
    const { value, version } = customer.agreement;
    if (version !== ifMatch) throw new Problem('stale-version');
    const agreement = withChanges(value, body);
    demandOrder(agreement);
    await platform.saveAgreement(customer, agreement, call);
    return { organisationId: customerId, agreement, version: version + 1 };
  },

  async invitePlatformStaff({ body }, call) {
    const { sub } = await directory.invite(body.email, body.language);
    const staff = await newStaff(platform, { ...body, sub }, call);
    if (!staff) throw new Problem('wrong-state', 'This account has the role already.');
    const { id: roleId, personId } = staff.role;
    return platform.addStaff(staff, call, { accountId: staff.account.id, personId, roleId, role: body.role });
  },

  listPlatformStaff: async (_input, call) => ({
    items: (await platform.staff(call)).map(({ role, email }) => ({
      roleId: role.id,
      personId: role.personId,
      role: role.role as PlatformRole,
      state: role.state,
      ...(email !== undefined && { email }),
    })),
  }),

  endPlatformRole: ({ params }, call) => end(roles, 'operator', params.roleId, dayIn(OPERATORS_ZONE, call.now), call),

  async confirmPlatformRole({ params }, call) {
    await confirm(roles, 'operator', params.roleId, call);
  },

  async requestAccessGrant({ body: { organisationId, reason, hours } }, call) {
    if (!(await platform.isKnown(organisationId, call))) throw new Problem('organisation-not-found');
    const grant: AccessGrant = {
      id: call.newId('gnt'),
      organisationId,
      accountId: call.account!.accountId,
      reason,
      from: call.now.toISOString(),
      until: new Date(call.now.getTime() + hours * HOUR_MILLISECONDS).toISOString(),
    };
    return grants.give(grant, call);
  },
});

/** The account and role to add, or nothing when the account holds that role. Used by the console's first step as well. */
export async function newStaff(
  platform: Pick<PlatformStore, 'staffAccount'>,
  wanted: { sub: string; email: string; language: Language; role: PlatformRole },
  call: Call,
): Promise<NewStaff | undefined> {
  const { sub, email, language, role } = wanted;
  const { accountId, isNew, roles } = await platform.staffAccount(sub, call);
  demandOneHat(role, roles);
  if (roles.some((held) => held.role === role && held.state !== 'ended')) return undefined;
  return {
    account: { id: accountId, sub, email, language, isNew },
    role: {
      id: call.newId('rol'),
      personId: call.newId('per'),
      role,
      scope: { kind: 'organisation' },
      validFrom: dayIn(OPERATORS_ZONE, call.now),
      state: 'active',
    },
  };
}

/** GDPR Art. 38(6): who hears complaints in confidence (KP-17) has no other task that the complaints could be about. */
function demandOneHat(wanted: PlatformRole, roles: readonly RoleRecord[]): void {
  const isOfficer = (role: string) => role === 'platform-data-protection-officer';
  const isOther = (held: RoleRecord) => held.state !== 'ended' && isOfficer(held.role) !== isOfficer(wanted);
  if (!roles.some(isOther)) return;
  throw new Problem('wrong-state', 'The data-protection officer has no other role at the operator.');
}

async function customerOf(platform: PlatformStore, organisationId: OrganisationId, call: Call): Promise<Customer> {
  const customer = await platform.customer(organisationId, call);
  if (!customer) throw new Problem('organisation-not-found');
  return customer;
}

function demandOrder({ startsOn, endsOn }: CustomerAgreement): void {
  if (endsOn === undefined || startsOn <= endsOn) return;
  throw new Problem('wrong-state', 'The agreement ends before it starts.');
}

type AgreementChanges = {
  readonly [K in Exclude<keyof CustomerAgreement, 'endsOn'>]?: CustomerAgreement[K] | undefined;
} & {
  readonly endsOn?: string | null | undefined;
};
function withChanges(before: CustomerAgreement, { endsOn, ...changes }: AgreementChanges): CustomerAgreement {
  const after = changed<CustomerAgreement>(before, changes);
  if (endsOn === undefined) return after;
  const { endsOn: _, ...open } = after;
  return endsOn === null ? open : { ...open, endsOn };
}

const representativeOf = (
  { id, language }: Organisation,
  named: Pick<PersonRecord, 'firstName' | 'lastName' | 'email' | 'phone'>,
  personId: PersonId,
): PersonRecord => ({
  ...named,
  id: personId,
  organisationId: id,
  kind: 'staff',
  language,
  protectedAddress: false,
  placements: [],
});

const invitationOf = ({ id: personId, email: address }: PersonRecord, call: Call): Invitation => ({
  id: call.newId('inv'),
  personId,
  address,
  role: 'administrator',
  scope: { kind: 'organisation' },
  state: 'open',
  createdAt: call.now.toISOString(),
  expiresAt: new Date(call.now.getTime() + INVITATION_DAYS * 24 * HOUR_MILLISECONDS).toISOString(),
});
