import * as z from 'zod';

const EpochMilliseconds = z.int().min(0);
const Hex = z.string().regex(/^[0-9a-f]+$/);

const VerificationCode = z.strictObject({
  /** HMAC of the code, so that the journal does not open accounts. */
  hash: z.string(),
  expiresAtEpochMilliseconds: EpochMilliseconds,
  wrongTries: z.int().min(0),
});
export type VerificationCode = z.output<typeof VerificationCode>;

const SoftwareToken = z.strictObject({ secret: z.string(), lastStep: z.int().min(0) });

const Lockout = z.strictObject({
  failures: z.int().min(0),
  lockedUntilEpochMilliseconds: EpochMilliseconds,
  /** Failures are forgotten after this quiet period. */
  forgottenAtEpochMilliseconds: EpochMilliseconds,
});
export type Lockout = z.output<typeof Lockout>;

const User = z.strictObject({
  sub: z.string(),
  /** All but `sub`. */
  attributes: z.record(z.string(), z.string()),
  status: z.enum(['CONFIRMED', 'FORCE_CHANGE_PASSWORD', 'RESET_REQUIRED']),
  isEnabled: z.boolean(),
  password: z.strictObject({ salt: Hex, verifier: Hex }),
  temporaryPasswordExpiresAtEpochMilliseconds: EpochMilliseconds.nullable(),
  lockout: Lockout,
  /** The token whose secret the user has proven to hold. */
  softwareToken: SoftwareToken.nullable(),
  /** Given out by AssociateSoftwareToken, not yet proven. */
  pendingSecret: z.string().nullable(),
  mfa: z.strictObject({ isOn: z.boolean(), isPreferred: z.boolean() }),
  recoveryCode: VerificationCode.nullable(),
  emailCode: VerificationCode.nullable(),
  /** An address that replaces `email` once it is proven. */
  pendingEmail: z.string().nullable(),
  createdAtEpochMilliseconds: EpochMilliseconds,
  modifiedAtEpochMilliseconds: EpochMilliseconds,
});
export type User = z.output<typeof User>;

/** One sign-in and all that it gave out: its refresh token and every token with its `origin_jti`. */
const Grant = z.strictObject({
  originJti: z.string(),
  sub: z.string(),
  clientId: z.string(),
  eventId: z.string(),
  refreshTokenHash: z.string(),
  authTimeEpochSeconds: z.int().min(0),
  refreshExpiresAtEpochMilliseconds: EpochMilliseconds,
  /** `refresh-revoked`: a changed password ends the refresh token; access tokens run out by themselves. */
  state: z.enum(['live', 'refresh-revoked', 'revoked']),
});
export type Grant = z.output<typeof Grant>;

const srp = z.strictObject({ A: Hex, b: Hex, B: Hex, verifier: Hex });

/** A question that a client has to answer, kept under the hash of its Session (or SECRET_BLOCK). */
const Challenge = z.strictObject({
  name: z.enum(['PASSWORD_VERIFIER', 'NEW_PASSWORD_REQUIRED', 'SOFTWARE_TOKEN_MFA', 'MFA_SETUP']),
  /** The user's own id, or the made-up one of a user that does not exist. */
  sub: z.string(),
  clientId: z.string(),
  expiresAtEpochMilliseconds: EpochMilliseconds,
  wrongTries: z.int().min(0),
  srp: srp.nullable(),
  /** MFA_SETUP only: whether VerifySoftwareToken has succeeded. */
  isTokenVerified: z.boolean(),
});
export type Challenge = z.output<typeof Challenge>;

const SigningKey = z.strictObject({ kid: z.string(), privateKeyPem: z.string() });

/** Made once per pool. AWS signs access and ID tokens with keys of their own. */
const PoolSecrets = z.strictObject({
  accessKey: SigningKey,
  idKey: SigningKey,
  /** Base64; answers for users that do not exist, and hashes of short codes, derive from it. */
  derivationKey: z.string(),
  createdAtEpochMilliseconds: EpochMilliseconds,
});
export type PoolSecrets = z.output<typeof PoolSecrets>;

export interface Records {
  users: User;
  grants: Grant;
  challenges: Challenge;
  secrets: PoolSecrets;
}

export const recordSchemas: { readonly [C in keyof Records]: z.ZodType<Records[C]> } = {
  users: User,
  grants: Grant,
  challenges: Challenge,
  secrets: PoolSecrets,
};
