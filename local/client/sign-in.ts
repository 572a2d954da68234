import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserPool,
  type CognitoUserSession,
  type ICognitoStorage,
} from 'amazon-cognito-identity-js';
import { TOTP } from 'otpauth';
import type { Endpoints } from '../endpoints.ts';

/** What a person types to sign in. */
export interface Credentials {
  readonly email: string;
  readonly password: string;
  /** Base 32; for whoever has turned on the second factor. */
  readonly totpSecret?: string;
  /** What their program asks the API for; without it bokmål. */
  readonly language?: 'nb' | 'en';
}

type CognitoEndpoints = Pick<Endpoints, 'cognito' | 'userPoolId' | 'clientId'>;

/**
 * Signs in as any client would: AWS's own library, SRP, TOTP where it is asked for. A temporary password is replaced
 * by `password`. Each TOTP code opens once: sign in again in the same half minute and a later code is used.
 */
export async function signIn(
  endpoints: CognitoEndpoints,
  credentials: Credentials,
  temporaryPassword?: string,
): Promise<CognitoUserSession> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await signInOnce(endpoints, credentials, temporaryPassword);
    } catch (error) {
      // Another process may have used this half minute's code already: the next one is tried.
      const isUsedCode = error instanceof Error && error.name === 'ExpiredCodeException';
      if (!isUsedCode || attempt >= USED_CODES_MAX) throw error;
    }
  }
}

function signInOnce(
  endpoints: CognitoEndpoints,
  { email, password, totpSecret }: Credentials,
  temporaryPassword?: string,
): Promise<CognitoUserSession> {
  const storage = memoryStorage();
  const pool = new CognitoUserPool({
    UserPoolId: endpoints.userPoolId,
    ClientId: endpoints.clientId,
    endpoint: endpoints.cognito,
    Storage: storage,
  });
  const user = new CognitoUser({ Username: email, Pool: pool, Storage: storage });
  return new Promise((resolve, reject) => {
    const callbacks = {
      onSuccess: resolve,
      onFailure: reject,
      newPasswordRequired: () => user.completeNewPasswordChallenge(password, {}, callbacks),
      totpRequired: () => {
        if (!totpSecret) return reject(new Error('A TOTP code is asked for, and there is no secret'));
        nextTotpCode(totpSecret).then((code) => user.sendMFACode(code, callbacks, 'SOFTWARE_TOKEN_MFA'), reject);
      },
    };
    const details = new AuthenticationDetails({ Username: email, Password: temporaryPassword ?? password });
    user.authenticateUser(details, callbacks);
  });
}

const USED_CODES_MAX = 4;
const STEP_MILLISECONDS = 30_000;
const usedSteps = new Map<string, number>();

/** So long before a step's end its predecessor is still taken when the request arrives. */
const MARGIN_MILLISECONDS = 12_000;

/**
 * A code that was not used before. Cognito accepts one step to either side of the present one, so three codes can
 * follow one another at once; after that the next half minute is waited for.
 */
export async function nextTotpCode(secret: string): Promise<string> {
  for (;;) {
    const now = Date.now();
    const present = Math.floor(now / STEP_MILLISECONDS);
    const isEarly = (present + 1) * STEP_MILLISECONDS - now > MARGIN_MILLISECONDS;
    const step = Math.max(isEarly ? present - 1 : present, (usedSteps.get(secret) ?? 0) + 1);
    if (step <= present + 1) {
      usedSteps.set(secret, step);
      return new TOTP({ secret }).generate({ timestamp: step * STEP_MILLISECONDS });
    }
    await new Promise((done) => setTimeout(done, (present + 1) * STEP_MILLISECONDS - now));
  }
}

function memoryStorage(): ICognitoStorage {
  const items = new Map<string, string>();
  return {
    setItem: (key, value) => void items.set(key, value),
    getItem: (key) => items.get(key) ?? null,
    removeItem: (key) => void items.delete(key),
    clear: () => items.clear(),
  };
}
