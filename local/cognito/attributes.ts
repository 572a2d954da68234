import { withNewCode } from './codes.ts';
import { CognitoFailure } from './failure.ts';
import type { UserPool } from './pool.ts';
import type { User } from './records.ts';
import { type AttributeValue, isEmail, requireFreeEmail } from './users.ts';

const VERIFICATIONS = ['email_verified', 'phone_number_verified'];

/** A code that has to be mailed once the change is stored. */
interface CodeToSend {
  readonly to: string;
  readonly code: string;
}

/** Checks attributes against the pool's schema; throws InvalidParameterException. */
export function requireSchema(pool: UserPool, user: User | undefined, wanted: readonly AttributeValue[]): void {
  for (const { Name, Value } of wanted) {
    if (Name === 'sub') throw invalid('Cannot modify the non-mutable attribute sub');
    if (VERIFICATIONS.includes(Name)) {
      if (Value !== 'true' && Value !== 'false') throw invalid(`Attribute ${Name} must be true or false.`);
      continue;
    }
    const rule = pool.declaration.attributes.get(Name);
    if (!rule) {
      throw invalid(`Attributes did not conform to the schema: Type for attribute {${Name}} could not be determined`);
    }
    if (!rule.isMutable && user?.attributes[Name] !== undefined) {
      throw invalid(`user.${Name}: Attribute cannot be updated.`);
    }
    if (Value.length < rule.lengthMin || Value.length > rule.lengthMax) {
      throw invalid(`Attributes did not conform to the schema: ${Name}: Attribute does not fit its length.`);
    }
    if (Name === 'email' && !isEmail(Value)) throw invalid('Invalid email address format.');
  }
}

/** Refuses what a client may not write (WriteAttributes); verification flags never are. */
export function requireWritable(writable: readonly string[], wanted: readonly AttributeValue[]): void {
  if (wanted.every(({ Name }) => writable.includes(Name) && !VERIFICATIONS.includes(Name))) return;
  throw new CognitoFailure('NotAuthorizedException', 'A client attempted to write unauthorized attribute');
}

/**
 * The user with changed attributes. A new e-mail address counts as unproven, unless an administrator
 * sets `email_verified` in the same call; it waits beside the old one where the pool declares
 * AttributesRequireVerificationBeforeUpdate. Throws AliasExistsException, InvalidParameterException.
 */
export function withAttributes(
  pool: UserPool,
  user: User,
  wanted: readonly AttributeValue[],
): { readonly user: User; readonly codeToSend: CodeToSend | undefined } {
  requireSchema(pool, user, wanted);
  const patch = Object.fromEntries(wanted.map(({ Name, Value }) => [Name, Value]));
  const email = patch['email'];
  if (email === undefined || email === user.attributes['email']) {
    return { user: { ...user, attributes: { ...user.attributes, ...patch } }, codeToSend: undefined };
  }
  requireFreeEmail(pool, email, user.sub);
  const isProven = patch['email_verified'] === 'true';
  const mustProve = pool.declaration.autoVerifiesEmail && !isProven;
  const waits = mustProve && pool.declaration.verifiesEmailBeforeUpdate;
  const { email: _email, email_verified: _flag, ...others } = patch;
  const address = waits ? {} : { email, email_verified: String(isProven) };
  const changed: User = {
    ...user,
    attributes: { ...user.attributes, ...others, ...address },
    pendingEmail: waits ? email : null,
    emailCode: null,
  };
  if (!mustProve) return { user: changed, codeToSend: undefined };
  const withCode = withNewCode(pool, changed, 'emailCode');
  return { user: withCode.user, codeToSend: { to: email, code: withCode.code } };
}

/** The user whose address, current or waiting, is proven; throws AliasExistsException. */
export function withProvenEmail(pool: UserPool, user: User): User {
  const email = user.pendingEmail ?? user.attributes['email'] ?? '';
  requireFreeEmail(pool, email, user.sub);
  return {
    ...user,
    attributes: { ...user.attributes, email, email_verified: 'true' },
    pendingEmail: null,
    emailCode: null,
  };
}

function invalid(message: string): CognitoFailure {
  return new CognitoFailure('InvalidParameterException', message);
}
