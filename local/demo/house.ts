import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Profile, RoleName } from '../../lambdas/access/roles.ts';
import type { OrganisationId, PersonId, RoleId } from '../../lambdas/http/ids.ts';
import { linkTokenIn, type Mail, serviceTime, waitForMail } from '../client/mailbox.ts';
import type { Credentials } from '../client/sign-in.ts';
import { type Api, registered, signedIn, type Visitor } from '../client/visitor.ts';
import type { Endpoints } from '../endpoints.ts';
import type { SamplePerson } from '../sample-people.ts';
import { refusal } from './playing.ts';
import { step } from './telling.ts';

const PASSWORD = 'Solbakken-2026-barnehage';
/** Longer than signing in takes when a TOTP code has to be waited for; shorter than any two invitations are apart. */
const A_MOMENT_MILLISECONDS = 60_000;

export interface NewCustomer {
  readonly name: string;
  readonly profile: Profile;
  readonly companyName: string;
  readonly organisationNumber: string;
  readonly postalAddress: { readonly street: string; readonly postcode: string; readonly city: string };
  readonly administrator: {
    readonly firstName: string;
    readonly lastName: string;
    readonly email: string;
    readonly phone: string;
    /** What the customer calls them. */
    readonly title: string;
  };
}

/** A new organisation, opened by the administrator that its agreement names. */
export interface Customer {
  readonly organisationId: OrganisationId;
  /** The administrator, in their role. */
  readonly api: Api;
  readonly administrator: Visitor;
  /** Signs in again and opens the role anew: it is open for half an hour. */
  again(): Promise<Api>;
}

/** Somebody in a role of theirs. */
export interface InRole {
  readonly visitor: Visitor;
  readonly roleId: RoleId;
  readonly api: Api;
  /** Signs in again and opens the role anew, where it is guarded. */
  again(): Promise<Api>;
}

/** The house that the demo plays in: who runs it, who becomes a customer, and how people come in. */
export interface House {
  readonly endpoints: Endpoints;
  readonly stateDir: string;
  platformOperator(): Promise<Api>;
  customer(platform: Api, wanted: NewCustomer): Promise<Customer>;
  agree(customer: Customer): Promise<void>;
  /** From the invitation to being signed in: a new account, or the one from an earlier run. */
  comeIn(email: string, profile: Profile): Promise<Visitor>;
  /** The same for somebody who is registered and not invited yet, up to the open role. */
  join(
    customer: Customer,
    profile: Profile,
    person: { readonly id: PersonId; readonly email: string },
    role?: { readonly role: RoleName; readonly scope?: { readonly kind: 'department' | 'group'; readonly id: string } },
  ): Promise<InRole>;
  remember(visitor: Visitor): void;
  /** Whose account goes with their last organisation registers anew in the next run. */
  forget(visitor: Visitor): void;
}

export function readState<T>(stateDir: string, name: string): T {
  const file = join(stateDir, name);
  if (!existsSync(file)) throw new Error(`There is no ${file}: run \`npm start\` first, and leave it running`);
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}

export function houseAt(stateDir: string): House {
  const endpoints = readState<Endpoints>(stateDir, 'endpoints.json');
  const accountsFile = join(stateDir, 'demo-accounts.json');
  const accounts: Record<string, Credentials> = existsSync(accountsFile)
    ? readState(stateDir, 'demo-accounts.json')
    : {};
  const keep = () => writeFileSync(accountsFile, JSON.stringify(accounts, null, 2), { mode: 0o600 });
  /** Since when a mail can be the one that was just caused; by the service's clock, which an earlier run may have moved. */
  const aMomentAgo = async () =>
    new Date((await serviceTime(endpoints.mailbox)).getTime() - A_MOMENT_MILLISECONDS).toISOString();
  const newestInvitation = async (email: string): Promise<Mail> => {
    const since = await aMomentAgo();
    return waitForMail(endpoints.mailbox, email, (mail) => mail.text.includes('/l/') && mail.sentAt >= since);
  };

  const house: House = {
    endpoints,
    stateDir,

    async platformOperator() {
      const people = readState<SamplePerson[]>(stateDir, 'people.json');
      const operator = people.find(({ roles }) => roles.some(({ role }) => role === 'platform-operator'));
      if (!operator) throw new Error('No platform operator among the sample people: start with --fresh');
      const visitor = await signedIn(endpoints, operator);
      const roleId = operator.roles[0]!.roleId;
      step(
        `${operator.name}, of the operator's staff, signs in (SRP, then a TOTP code) and opens the platform role for 30 minutes.`,
      );
      return visitor.openRole('operator', roleId);
    },

    async customer(platform, { name, profile, administrator, ...agreement }) {
      const { title, firstName, lastName, email, phone } = administrator;
      const { body } = await platform.createOrganisation({
        body: {
          name,
          profile,
          language: 'nb',
          agreement: {
            ...agreement,
            manager: { name: `${firstName} ${lastName}`, email, phone },
            startsOn: (await serviceTime(endpoints.mailbox)).toISOString().slice(0, 10),
          },
          representative: { firstName, lastName, email },
        },
      });
      const organisationId = body.organisation.id;
      step(
        `An organisation is created with its agreement (${organisationId}); its ${title}, ${firstName} ${lastName}, is invited by mail.`,
      );
      const visitor = await house.comeIn(email, profile);
      if (!visitor.credentials.totpSecret) {
        await visitor.turnOnTotp();
        step(
          `An administrator needs a second factor: ${firstName} scans the QR code with an authenticator app and signs in again.`,
        );
      }
      house.remember(visitor);
      const roleId = await roleIn(visitor, organisationId);
      const api = await visitor.openRole(organisationId, roleId);
      step('The undertaking of confidentiality is given, and the role opens.');
      const again = async () => {
        await visitor.signInAgain();
        return visitor.openRole(organisationId, roleId);
      };
      return { organisationId, api, administrator: visitor, again };
    },

    async agree({ api, organisationId }) {
      const tooEarly = await refusal(() =>
        api.createPerson({ params: { organisationId }, body: { kind: 'staff', firstName: 'For', lastName: 'Tidlig' } }),
      );
      step(`Before the data-processing agreement is accepted nothing about a person can be written: ${tooEarly}.`);
      const { body: agreement } = await api.getAgreement({ params: { organisationId } });
      await api.acceptAgreement({ params: { organisationId }, body: { version: agreement.document.version } });
      step(`The agreement (version ${agreement.document.version}; also as a page and as PDF) is read and accepted.`);
    },

    async comeIn(email, profile) {
      const known = accounts[email];
      if (!known) {
        const visitor = await registered(endpoints, { email, password: PASSWORD }, profile, await aMomentAgo());
        step(
          `${email} presses the link, registers with the code in the mail, gets a temporary password from Cognito and chooses an own one.`,
        );
        return visitor;
      }
      const visitor = await signedIn(endpoints, known);
      const invitation = await newestInvitation(email);
      const { body: configuration } = await visitor.api.getSignInConfiguration();
      const statementVersion = configuration.statementVersions[profile];
      await visitor.api.acceptInvitation({
        body: {
          invitation: linkTokenIn(invitation),
          statementVersion,
          ...(profile === 'safety' && { consents: ['account'] }),
        },
      });
      step(`${email} has an account from an earlier run: signs in and accepts the invitation.`);
      return visitor;
    },

    async join({ api, organisationId }, profile, { id, email }, role) {
      await api.invitePerson({ params: { organisationId, personId: id }, body: role ?? {} });
      const visitor = await house.comeIn(email, profile);
      const isGuarded = role !== undefined && role.role !== 'guardian' && role.role !== 'member';
      if (isGuarded && !visitor.credentials.totpSecret) await visitor.turnOnTotp();
      house.remember(visitor);
      const roleId = await roleIn(visitor, organisationId);
      const open = () => (isGuarded ? visitor.openRole(organisationId, roleId) : Promise.resolve(visitor.as(roleId)));
      const again = async () => {
        await visitor.signInAgain();
        return open();
      };
      return { visitor, roleId, api: await open(), again };
    },

    remember({ credentials }) {
      accounts[credentials.email] = credentials;
      keep();
    },

    forget({ credentials }) {
      delete accounts[credentials.email];
      keep();
    },
  };
  return house;
}

async function roleIn(visitor: Visitor, organisationId: OrganisationId): Promise<RoleId> {
  const { roles } = (await visitor.api.getMe()).body;
  return roles.find((held) => held.organisationId === organisationId)!.id as RoleId;
}
