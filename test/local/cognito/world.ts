import {
  AdminCreateUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import {
  AuthenticationDetails,
  type ChallengeName,
  CognitoAccessToken,
  CognitoIdToken,
  CognitoRefreshToken,
  CognitoUser,
  CognitoUserPool,
  CognitoUserSession,
} from 'amazon-cognito-identity-js';
import * as OTPAuth from 'otpauth';
import { userPoolFromTemplate } from '../../../local/cognito/declaration.ts';
import { type CognitoServer, startCognito } from '../../../local/cognito/server.ts';
import { clientProperties, poolProperties, REGION } from './declared.ts';
import { aFolder } from './folder.ts';

export const PASSWORD = 'Correct-Horse-7';
export const DAY = 86_400_000;

interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly html: string;
}

export interface World {
  readonly server: CognitoServer;
  readonly poolId: string;
  readonly clientId: string;
  readonly stateDir: string;
  readonly mails: Mail[];
  readonly events: unknown[];
  readonly sdk: CognitoIdentityProviderClient;
  /** Moves the embedded cloud's clock; the machine's stays. */
  advance(milliseconds: number): void;
  now(): number;
  lastCode(): string;
}

interface WorldOptions {
  readonly pool?: Record<string, unknown>;
  readonly client?: Record<string, unknown>;
  readonly webAcl?: Record<string, unknown>;
  readonly stateDir?: string;
  readonly trigger?: (event: TriggerEvent) => Promise<unknown>;
  readonly sendMail?: (mail: Mail) => Promise<void>;
}

export interface TriggerEvent {
  readonly triggerSource: string;
  readonly request: Readonly<Record<string, unknown>>;
  readonly response: Readonly<Record<string, unknown>>;
}

/** A running server of its own, with an outbox, a clock and AWS's SDK pointed at it. */
export async function aWorld(options: WorldOptions = {}): Promise<World> {
  const mails: Mail[] = [];
  const events: unknown[] = [];
  let offsetMilliseconds = 0;
  // Stands still unless moved, so that no test depends on how fast it runs.
  const startedAt = Date.now();
  const now = () => startedAt + offsetMilliseconds;
  const triggered = options.trigger ? { LambdaConfig: { CustomMessage: 'custom-message' } } : {};
  const declaration = userPoolFromTemplate(
    REGION,
    { logicalId: 'Users', properties: { ...poolProperties, ...triggered, ...options.pool } },
    [{ logicalId: 'App', properties: { ...clientProperties, ...options.client } }],
    options.webAcl && { logicalId: 'Firewall', properties: options.webAcl },
  );
  const stateDir = options.stateDir ?? aFolder();
  const server = await startCognito({
    region: REGION,
    stateDir,
    pools: [declaration],
    clock: {
      now,
      get offsetMilliseconds() {
        return offsetMilliseconds;
      },
    },
    sendMail: options.sendMail ?? (async (mail) => void mails.push(mail)),
    invokeTrigger: async (_name, event) => {
      events.push(event);
      return options.trigger?.(event as TriggerEvent);
    },
  });
  return {
    server,
    poolId: declaration.id,
    clientId: declaration.clients[0]?.id ?? '',
    stateDir,
    mails,
    events,
    now,
    sdk: sdkFor(server.url),
    advance: (milliseconds) => {
      offsetMilliseconds += milliseconds;
    },
    lastCode: () => /code is (\d{6})/.exec(mails.at(-1)?.html ?? '')?.[1] ?? 'no code was mailed',
  };
}

export function sdkFor(url: string): CognitoIdentityProviderClient {
  return new CognitoIdentityProviderClient({
    region: REGION,
    endpoint: url,
    maxAttempts: 1,
    credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' },
  });
}

let people = 0;

/** A confirmed user with a proven address and PASSWORD. */
export async function aUser(world: World, email = `person${++people}@example.org`): Promise<string> {
  const who = { UserPoolId: world.poolId, Username: email };
  await world.sdk.send(new AdminCreateUserCommand({ ...who, MessageAction: 'SUPPRESS' }));
  await world.sdk.send(new AdminSetUserPasswordCommand({ ...who, Password: PASSWORD, Permanent: true }));
  await world.sdk.send(
    new AdminUpdateUserAttributesCommand({ ...who, UserAttributes: [{ Name: 'email_verified', Value: 'true' }] }),
  );
  return email;
}

export function browserUser(world: World, email: string): CognitoUser {
  const Pool = new CognitoUserPool({ UserPoolId: world.poolId, ClientId: world.clientId, endpoint: world.server.url });
  return new CognitoUser({ Username: email, Pool });
}

type Outcome =
  | { readonly kind: 'session'; readonly session: CognitoUserSession }
  | { readonly kind: ChallengeName; readonly parameters: Record<string, unknown> };

/** The callbacks of amazon-cognito-identity-js as one promise. */
export function outcome(start: (callbacks: Callbacks) => void): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const challenged = (kind: ChallengeName, parameters: Record<string, unknown>) => resolve({ kind, parameters });
    start({
      onSuccess: (session) => resolve({ kind: 'session', session }),
      onFailure: reject,
      totpRequired: challenged,
      mfaSetup: challenged,
      newPasswordRequired: (userAttributes, requiredAttributes) =>
        challenged('NEW_PASSWORD_REQUIRED', { userAttributes, requiredAttributes }),
    });
  });
}

interface Callbacks {
  onSuccess(session: CognitoUserSession): void;
  onFailure(error: Error): void;
  totpRequired(name: ChallengeName, parameters: Record<string, unknown>): void;
  mfaSetup(name: ChallengeName, parameters: Record<string, unknown>): void;
  newPasswordRequired(userAttributes: unknown, requiredAttributes: unknown): void;
}

export function signIn(user: CognitoUser, email: string, password = PASSWORD): Promise<Outcome> {
  const details = new AuthenticationDetails({ Username: email, Password: password });
  return outcome((callbacks) => user.authenticateUser(details, callbacks));
}

interface SignedIn {
  readonly user: CognitoUser;
  readonly session: CognitoUserSession;
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** Signs in with AWS's browser client and expects tokens at once. */
export async function signedInSession(world: World, email: string, password = PASSWORD): Promise<SignedIn> {
  const user = browserUser(world, email);
  const result = await signIn(user, email, password);
  if (result.kind !== 'session') throw new Error(`expected tokens, got ${result.kind}`);
  return {
    user,
    session: result.session,
    accessToken: result.session.getAccessToken().getJwtToken(),
    refreshToken: result.session.getRefreshToken().getToken(),
  };
}

/**
 * The same for tests of what comes after it: an administrator's call gives the tokens, without the client's SRP, which
 * takes a fifth of a second of CPU.
 */
export async function aSession(world: World, email: string, password = PASSWORD): Promise<SignedIn> {
  const { AuthenticationResult: tokens, ChallengeName } = await world.sdk.send(
    new AdminInitiateAuthCommand({
      UserPoolId: world.poolId,
      ClientId: world.clientId,
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: email, PASSWORD: password },
    }),
  );
  const { AccessToken: accessToken, IdToken, RefreshToken: refreshToken } = tokens ?? {};
  if (!accessToken || !IdToken || !refreshToken) throw new Error(`expected tokens, got ${ChallengeName}`);
  const session = new CognitoUserSession({
    AccessToken: new CognitoAccessToken({ AccessToken: accessToken }),
    IdToken: new CognitoIdToken({ IdToken }),
    RefreshToken: new CognitoRefreshToken({ RefreshToken: refreshToken }),
  });
  const user = browserUser(world, email);
  user.setSignInUserSession(session);
  return { user, session, accessToken, refreshToken };
}

/** What an authenticator app shows, `steps` of 30 s from now. */
export function appCode(secret: string, steps = 0): string {
  return new OTPAuth.TOTP({ secret }).generate({ timestamp: Date.now() + steps * 30_000 });
}
