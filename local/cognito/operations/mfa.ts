import * as z from 'zod';
import { countWrongTry, type FoundChallenge, findChallenge, openChallenge, spent } from '../challenges.ts';
import { CognitoFailure, invalidSession } from '../failure.ts';
import { signedIn } from '../grants.ts';
import { administrator, anyone, field, type Operations } from '../operation.ts';
import type { Pools, UserPool } from '../pool.ts';
import type { User } from '../records.ts';
import { challengedUser } from '../sign-in.ts';
import { newTotpSecret, totpDecision } from '../totp.ts';
import { requireUser, saved } from '../users.ts';

const Who = { AccessToken: field.accessToken.optional(), Session: field.session.optional() };
const MfaPreference = {
  SoftwareTokenMfaSettings: field.mfaSettings.optional(),
  SMSMfaSettings: field.mfaSettings.optional(),
  EmailMfaSettings: field.mfaSettings.optional(),
};

export const mfaOperations: Operations = {
  AssociateSoftwareToken: anyone(z.strictObject(Who), (pools, input) => {
    const { pool, user, found } = holder(pools, input);
    const pendingSecret = newTotpSecret();
    const next = found && nextSession(pool, found, false);
    pool.store.commit(saved(pool, { ...user, pendingSecret }), ...(next?.changes ?? []));
    return { SecretCode: pendingSecret, ...(next && { Session: next.token }) };
  }),

  VerifySoftwareToken: anyone(
    z.strictObject({
      ...Who,
      UserCode: z.string().regex(/^[0-9]{6}$/),
      FriendlyDeviceName: z.string().max(131_072).optional(),
    }),
    (pools, input) => {
      const { pool, user, found } = holder(pools, input);
      const softwareToken = provenToken(user, input.UserCode);
      if (!softwareToken) {
        if (found) countWrongTry(pool, found);
        const message = 'Code mismatch and fail enable Software Token MFA';
        throw new CognitoFailure('EnableSoftwareTokenMFAException', message);
      }
      const next = found && nextSession(pool, found, true);
      const proven: User = { ...user, softwareToken, pendingSecret: null };
      pool.store.commit(saved(pool, proven), ...(next?.changes ?? []));
      return { Status: 'SUCCESS', ...(next && { Session: next.token }) };
    },
  ),

  SetUserMFAPreference: anyone(
    z.strictObject({ ...MfaPreference, AccessToken: field.accessToken }),
    (pools, { AccessToken, ...preference }) => {
      const { pool, user } = signedIn(pools, AccessToken);
      pool.store.commit(saved(pool, withPreference(user, preference)));
      return {};
    },
  ),

  AdminSetUserMFAPreference: administrator(
    z.strictObject({ ...MfaPreference, UserPoolId: field.userPoolId, Username: field.username }),
    (pools, { UserPoolId, Username, ...preference }) => {
      const pool = pools.byId(UserPoolId);
      pool.store.commit(saved(pool, withPreference(requireUser(pool, Username), preference)));
      return {};
    },
  ),
};

/** `UserMFASettingList` and `PreferredMfaSetting` as GetUser shows them. */
export function mfaSettings(user: User): object {
  if (!user.softwareToken || !user.mfa.isOn) return {};
  const preferred = user.mfa.isPreferred ? { PreferredMfaSetting: 'SOFTWARE_TOKEN_MFA' } : {};
  return { UserMFASettingList: ['SOFTWARE_TOKEN_MFA'], ...preferred };
}

/** Whose token this is about: the holder of the access token, or the one who is being asked to set up MFA. */
function holder(
  pools: Pools,
  input: { readonly AccessToken?: string | undefined; readonly Session?: string | undefined },
): { readonly pool: UserPool; readonly user: User; readonly found?: FoundChallenge } {
  if (input.AccessToken) return signedIn(pools, input.AccessToken);
  if (!input.Session) {
    throw new CognitoFailure('InvalidParameterException', 'Either AccessToken or Session is required.');
  }
  const pool = pools.bySession(input.Session);
  const found = findChallenge(pool, input.Session, 'MFA_SETUP');
  const user = challengedUser(pool, found);
  // Another sign-in has set MFA up meanwhile: this one must not replace its token by the password alone.
  if (user.softwareToken) throw invalidSession();
  return { pool, user, found };
}

/** Replaces a used session by the next of the same challenge. */
function nextSession(
  pool: UserPool,
  found: FoundChallenge,
  isTokenVerified: boolean,
): ReturnType<typeof openChallenge> {
  const { name, sub, clientId } = found.challenge;
  const opened = openChallenge(pool, { name, sub, clientId, isTokenVerified });
  return { token: opened.token, changes: [...opened.changes, spent(found)] };
}

/** The token that this code proves: of the newly given secret, which has no step spent yet. */
function provenToken(user: User, code: string): User['softwareToken'] {
  if (!user.pendingSecret) return null;
  const token = { secret: user.pendingSecret, lastStep: 0 };
  const decision = totpDecision(token, code, Date.now());
  return typeof decision === 'string' ? null : { ...token, lastStep: decision.step };
}

type Preference = { readonly [P in keyof typeof MfaPreference]?: z.output<(typeof MfaPreference)[P]> };

function withPreference(user: User, preference: Preference): User {
  if (preference.SMSMfaSettings?.Enabled) throw noDelivery('SMS_MFA');
  if (preference.EmailMfaSettings?.Enabled) throw noDelivery('EMAIL_OTP');
  const wanted = preference.SoftwareTokenMfaSettings;
  if (!wanted) return user;
  if (wanted.PreferredMfa && !wanted.Enabled) {
    throw new CognitoFailure('InvalidParameterException', 'A preferred MFA method must be enabled.');
  }
  if (wanted.Enabled && !user.softwareToken) throw noDelivery('SOFTWARE_TOKEN_MFA');
  return { ...user, mfa: { isOn: wanted.Enabled, isPreferred: wanted.PreferredMfa } };
}

function noDelivery(method: string): CognitoFailure {
  const message = `User does not have delivery config set to turn on ${method}`;
  return new CognitoFailure('InvalidParameterException', message);
}
