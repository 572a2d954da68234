import { roles, rolesOfProfile } from '../../access/roles.ts';
import type { Call } from '../../http/call.ts';
import type { OrganisationId, RoleId } from '../../http/ids.ts';
import { Problem } from '../../http/problem.ts';
import type { HandlersFor, OutputOf } from '../../http/route.ts';
import { dayIn } from '../../platform/calendar.ts';
import { demandFreshProof } from '../access/admit.ts';
import { ROLE_SESSION_MINUTES, type RoleRecord } from '../access/role.ts';
import type { Organisation } from '../organisations/organisation.ts';
import type { PersonRecord } from '../people/person.ts';
import type { StatementStanding } from '../statements/acknowledgement.ts';
import type { Account, SignIn } from './account.ts';
import type { accountRoutes } from './routes.ts';
import { qrSvg, totpUri } from './totp-setup.ts';

/** An account with everything that hangs on it. */
export interface AccountView {
  readonly account: Account;
  readonly version: number;
  readonly lastSignInAt: string | undefined;
  /** Platform roles have no organisation. */
  readonly roles: readonly {
    role: RoleRecord;
    organisation: Organisation | undefined;
    scopeName: string | undefined;
  }[];
  readonly persons: readonly PersonRecord[];
  readonly statements: readonly (StatementStanding & { readonly organisation: Organisation })[];
}

export interface HeldRole {
  readonly account: Account;
  readonly role: RoleRecord;
  readonly organisation: Organisation | undefined;
  readonly hasUndertaken: boolean;
}

export interface AccountStore {
  view(call: Call): Promise<AccountView>;
  change(changed: Account, version: number, changedFields: readonly string[], call: Call): Promise<void>;
  signIns(call: Call): Promise<SignInView[]>;
  heldRole(
    organisationId: OrganisationId | 'operator',
    roleId: RoleId,
    undertaking: string,
    call: Call,
  ): Promise<HeldRole | undefined>;
  openRole(
    held: HeldRole,
    organisationId: OrganisationId | 'operator',
    expiresAt: Date,
    call: Call,
    answer: object,
  ): Promise<void>;
  undertake(
    held: HeldRole,
    organisationId: OrganisationId | 'operator',
    version: string,
    call: Call,
    answer: object,
  ): Promise<void>;
  setTotp(on: boolean, call: Call): Promise<void>;
  endSessions(call: Call): Promise<void>;
  account(call: Call): Promise<Account>;
  /** Seals the new address with the link's notice; answers until when it can be confirmed. */
  askToConfirmEmail(email: string, call: Call): Promise<string>;
}
type SignInView = (typeof SignIn)['_output'];

/** The part of Cognito that a signed-in person moves. */
export interface Factors {
  hasTotp(sub: string): Promise<boolean>;
  associateTotp(accessToken: string): Promise<string>;
  verifyAndTurnOnTotp(sub: string, accessToken: string, code: string): Promise<boolean>;
  turnOffTotp(sub: string): Promise<void>;
  signOutEverywhere(sub: string): Promise<void>;
}

export interface Undertaking {
  readonly version: string;
  readonly nb: string;
  readonly en: string;
}

export const accountHandlers = (
  store: AccountStore,
  factors: Factors,
  undertaking: Undertaking,
): HandlersFor<typeof accountRoutes, Call> => ({
  getMe: async (_input, call) => meOf(await store.view(call)),

  async changeMe({ body, ifMatch }, call) {
    const { account, version } = await store.view(call);
    if (version !== ifMatch) throw new Problem('stale-version');
    await store.change(changed(account, body), ifMatch, Object.keys(body), call);
    return meOf(await store.view(call));
  },

  listMySignIns: async (_input, call) => ({ items: await store.signIns(call) }),

  async openRole({ body }, call) {
    const held = await store.heldRole(body.organisationId, body.roleId, undertaking.version, call);
    if (!held || !isInForce(held, call.now)) throw new Problem('role-not-found');
    if (held.role.state === 'suspended') throw new Problem('role-suspended');
    if (held.organisation?.openingRoleNeedsFreshProof) demandFreshProof(call.account!, call.now);
    if (roles[held.role.role].guarded) await demandSecondFactor(held, factors, call);
    const expiresAt = new Date(call.now.getTime() + ROLE_SESSION_MINUTES * 60_000);
    const answer = { roleId: body.roleId, expiresAt: expiresAt.toISOString() };
    await store.openRole(held, body.organisationId, expiresAt, call, answer);
    return answer;
  },

  readUndertaking: async () => undertaking,

  async giveUndertaking({ body }, call) {
    if (body.version !== undertaking.version) throw new Problem('undertaking-outdated');
    const held = await store.heldRole(body.organisationId, body.roleId, body.version, call);
    if (!held || !isInForce(held, call.now)) throw new Problem('role-not-found');
    const answer = { version: body.version, at: call.now.toISOString() };
    await store.undertake(held, body.organisationId, body.version, call, answer);
    return answer;
  },

  async beginTotp(_input, call) {
    const { email, sub } = await store.account(call);
    // A second secret would replace the first: whoever wants another turns the first off.
    if (await factors.hasTotp(sub)) throw new Problem('wrong-state', 'TOTP is on already.');
    const secret = await factors.associateTotp(call.account!.accessToken).catch(asSignedOut);
    const otpauthUri = totpUri(email, secret);
    return { otpauthUri, secret, qrSvg: qrSvg(otpauthUri) };
  },

  async turnOnTotp({ body }, call) {
    const { sub } = await store.account(call);
    const { accessToken } = call.account!;
    const isRight = await factors.verifyAndTurnOnTotp(sub, accessToken, body.code).catch(asSignedOut);
    if (!isRight) throw new Problem('wrong-code');
    await store.setTotp(true, call);
  },

  async turnOffTotp(_input, call) {
    const { sub } = await store.account(call);
    await factors.turnOffTotp(sub);
    await store.setTotp(false, call);
  },

  async signOutEverywhere(_input, call) {
    const { sub } = await store.account(call);
    // Ours first: from here on every token alive is refused, even if Cognito is slow.
    await store.endSessions(call);
    await factors.signOutEverywhere(sub);
  },

  async changeMyEmail({ body }, call) {
    const confirmBefore = await store.askToConfirmEmail(body.email, call);
    return { confirmBefore };
  },
});

/**
 * Cognito itself must list the factor (no claim of a token says so on every plan), and the proof of identity must be
 * later than the moment the factor was turned on: `auth_time`, never `iat`, which a refresh renews.
 */
async function demandSecondFactor({ account, hasUndertaken }: HeldRole, factors: Factors, call: Call): Promise<void> {
  if (account.totpOnSince === undefined || !(await factors.hasTotp(account.sub))) throw new Problem('totp-required');
  if (call.account!.authTimeEpochSeconds * 1000 < Date.parse(account.totpOnSince))
    throw new Problem('fresh-proof-required');
  if (!hasUndertaken) throw new Problem('confidentiality-undertaking-required');
}

function asSignedOut(error: unknown): never {
  const isRevoked = error instanceof Error && error.name === 'TokenRevoked';
  throw isRevoked ? new Problem('not-signed-in', undefined, {}, { cause: error }) : error;
}

function isInForce({ role, organisation }: HeldRole, now: Date): boolean {
  const today = dayIn(organisation?.timeZone ?? 'Europe/Oslo', now);
  return (
    role.state !== 'ended' && role.validFrom <= today && (role.validUntil === undefined || today <= role.validUntil)
  );
}

type Me = OutputOf<(typeof accountRoutes)['getMe']>;

function meOf({ account, version, lastSignInAt, roles: held, persons, statements }: AccountView): Me {
  const { firstName, lastName, email, phone, language, settings, id, totpOnSince } = account;
  return {
    id,
    ...(firstName !== undefined && { firstName }),
    ...(lastName !== undefined && { lastName }),
    email,
    ...(phone !== undefined && { phone }),
    language,
    settings,
    totpOn: totpOnSince !== undefined,
    ...(lastSignInAt !== undefined && { lastSignInAt }),
    roles: held.map((one) => myRole(one, language)),
    persons: persons.map((person) => ({
      organisationId: person.organisationId,
      personId: person.id,
      kind: person.kind,
    })),
    statements: statements.map((standing) => myStatement(standing, language)),
    version,
  };
}

function myStatement(
  { organisation, version, isMaterial, mustAcknowledge, acknowledged }: AccountView['statements'][number],
  language: 'nb' | 'en',
): Me['statements'][number] {
  const title = language === 'nb' ? 'Personvernerklæringen til' : 'The privacy statement of';
  return {
    organisationId: organisation.id,
    version,
    title: `${title} ${organisation.name}`,
    material: isMaterial,
    mustAcknowledge,
    ...(acknowledged && { acknowledgedAt: acknowledged.at }),
  };
}

function myRole(
  { role, organisation, scopeName }: AccountView['roles'][number],
  language: 'nb' | 'en',
): Me['roles'][number] {
  const title = organisation && rolesOfProfile[organisation.profile][role.role]?.[language];
  return {
    id: role.id,
    organisationId: organisation?.id ?? 'operator',
    organisationName: organisation?.name ?? 'Vern',
    role: role.role,
    title: title ?? role.role,
    scope: role.scope,
    ...(scopeName !== undefined && { scopeName }),
    validFrom: role.validFrom,
    ...(role.validUntil !== undefined && { validUntil: role.validUntil }),
    state: role.state,
    guarded: roles[role.role].guarded,
  };
}

type Changes = { readonly [K in 'firstName' | 'lastName' | 'phone']?: string | null | undefined } & {
  readonly language?: 'nb' | 'en' | undefined;
  readonly settings?: Account['settings'] | undefined;
};

/** Applies what was sent: `null` empties, absent leaves. Pure. */
export function changed(account: Account, changes: Changes): Account {
  const { firstName, lastName, phone, ...rest } = account;
  const kept = (now: string | undefined, wanted: string | null | undefined) =>
    wanted === undefined ? now : (wanted ?? undefined);
  const next = {
    firstName: kept(firstName, changes.firstName),
    lastName: kept(lastName, changes.lastName),
    phone: kept(phone, changes.phone),
  };
  return {
    ...rest,
    ...(next.firstName !== undefined && { firstName: next.firstName }),
    ...(next.lastName !== undefined && { lastName: next.lastName }),
    ...(next.phone !== undefined && { phone: next.phone }),
    ...(changes.language !== undefined && { language: changes.language }),
    ...(changes.settings !== undefined && { settings: changes.settings }),
  };
}
