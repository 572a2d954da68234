import type { CognitoUserSession } from 'amazon-cognito-identity-js';
import { apiFunctions } from '../../lambdas/functions/catalogue.ts';
import { type Client, clientFor } from '../../lambdas/http/client.ts';
import type { OrganisationId, RoleId } from '../../lambdas/http/ids.ts';
import type { Endpoints } from '../endpoints.ts';
import { linkTokenIn, type Mail, waitForMail } from './mailbox.ts';
import { type Credentials, nextTotpCode, signIn } from './sign-in.ts';

const everyRoute = Object.assign({}, ...Object.values(apiFunctions).map(({ routes }) => routes)) as AllRoutes;
type AllRoutes = UnionToIntersection<(typeof apiFunctions)[keyof typeof apiFunctions]['routes']>;
type UnionToIntersection<U> = (U extends unknown ? (one: U) => void : never) extends (all: infer I) => void ? I : never;

export type Api = Client<AllRoutes>;

/** The whole API, for whoever holds the token. */
export const apiFor = (
  endpoints: Pick<Endpoints, 'api'>,
  token?: () => string,
  role?: string,
  language?: Credentials['language'],
): Api => {
  const options = { ...(token && { token }), ...(role && { role }), ...(language && { language }) };
  return clientFor(everyRoute, { baseUrl: endpoints.api, ...options }) as unknown as Api;
};

/** One person at their keyboard: what they can do through the API, Cognito's client and their own mailbox. */
export interface Visitor {
  readonly credentials: Credentials;
  readonly api: Api;
  /** The API in one of the roles. */
  as(role: RoleId): Api;
  /** Sets up TOTP with a code of the app; it counts from the next sign-in. */
  setUpTotp(): Promise<void>;
  /** Sets up TOTP, and signs in again with it. */
  turnOnTotp(): Promise<void>;
  giveUndertaking(organisationId: OrganisationId | 'operator', roleId: RoleId): Promise<void>;
  /** Gives the undertaking and opens a guarded role. */
  openRole(organisationId: OrganisationId | 'operator', roleId: RoleId): Promise<Api>;
  signInAgain(): Promise<void>;
}

export async function signedIn(
  endpoints: Endpoints,
  wanted: Credentials,
  temporaryPassword?: string,
): Promise<Visitor> {
  let credentials = wanted;
  let session: CognitoUserSession = await signIn(endpoints, credentials, temporaryPassword);
  const token = () => session.getAccessToken().getJwtToken();
  const api = apiFor(endpoints, token, undefined, wanted.language);
  const signInAgain = async () => {
    session = await signIn(endpoints, credentials);
  };
  const as = (role: RoleId) => apiFor(endpoints, token, role, wanted.language);

  const visitor: Visitor = {
    get credentials() {
      return credentials;
    },
    api,
    as,
    signInAgain,
    async setUpTotp() {
      const { body: setup } = await api.beginTotp();
      await api.turnOnTotp({ body: { code: await nextTotpCode(setup.secret) } });
      credentials = { ...credentials, totpSecret: setup.secret };
    },
    async turnOnTotp() {
      await visitor.setUpTotp();
      // The factor counts for sign-ins after the second in which it was turned on.
      await new Promise((done) => setTimeout(done, 1_000 - (Date.now() % 1_000)));
      await signInAgain();
    },
    async giveUndertaking(organisationId, roleId) {
      const { body: undertaking } = await api.readUndertaking();
      await api.giveUndertaking({ body: { organisationId, roleId, version: undertaking.version } });
    },
    async openRole(organisationId, roleId) {
      await visitor.giveUndertaking(organisationId, roleId);
      await api.openRole({ body: { organisationId, roleId } });
      return as(roleId);
    },
  };
  return visitor;
}

/**
 * Follows an invitation from the mail to the first sign-in: registers, takes the temporary password from the next mail.
 * Older mails than `since` (RFC 3339) are of an earlier life of the address.
 */
export async function registered(
  endpoints: Endpoints,
  person: Credentials,
  profile: string,
  since = '',
): Promise<Visitor> {
  const isInvitation = ({ text, sentAt }: Mail) => text.includes('/l/') && sentAt >= since;
  const invitation = await waitForMail(endpoints.mailbox, person.email, isInvitation);
  const api = apiFor(endpoints);
  const { body: configuration } = await api.getSignInConfiguration();
  await api.register({
    body: {
      invitation: linkTokenIn(invitation),
      email: person.email,
      language: person.language ?? 'nb',
      statementVersion: configuration.statementVersions[profile as keyof typeof configuration.statementVersions],
      consents: profile === 'safety' ? ['account'] : [],
    },
  });
  return firstSignIn(endpoints, person, since);
}

/** Signs in with the temporary password that Cognito mailed, and sets the person's own. */
export async function firstSignIn(endpoints: Endpoints, person: Credentials, since = ''): Promise<Visitor> {
  const isWelcome = (mail: Mail) => temporaryPasswordIn(mail) !== undefined && mail.sentAt >= since;
  const welcome = await waitForMail(endpoints.mailbox, person.email, isWelcome);
  return signedIn(endpoints, person, temporaryPasswordIn(welcome));
}

/** Cognito's own mail is HTML alone: the temporary password is the value after its label. */
function temporaryPasswordIn({ html }: Mail): string | undefined {
  const value = /(?:Midlertidig passord|Temporary password):[\s\S]*?class="value"[^>]*>([^<]+)</.exec(html)?.[1];
  return value && unescaped(value.trim());
}

const unescaped = (text: string) =>
  text.replace(
    /&(amp|lt|gt|quot|#39);/g,
    (_, name: string) => ({ amp: '&', lt: '<', gt: '>', quot: '"' })[name] ?? "'",
  );
