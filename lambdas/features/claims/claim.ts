import { createHash, createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import { AccountId, PersonId, RequestId } from '../../http/ids.ts';
import { type ControllerId, entity, type Owner, type Ref } from '../../platform/entity.ts';

/** A mailed code is typed while the page is open; one that is handed over on paper lives as long as the claim. */
const MAILED_CODE_MINUTES = 10;
const MAILED_CODE_DIGITS = 6;
const HANDED_CODE_DIGITS = 8;
export const CODE_DIGITS_MAX = HANDED_CODE_DIGITS;
/** Wrong codes before a code is worth nothing. */
const TRIES_MAX = 5;
/** So that what a link's finder can guess stays below one in ten thousand: 5 tries at each of 20 codes of 6 digits. */
const CODES_MAILED_MAX = 20;
const SECONDS_BETWEEN_CODES = 60;
/** How long the opened answer can be used before the page asks for a code again. */
const PASS_MINUTES = 15;
const PASS_BYTES = 24;
const SALT_BYTES = 16;
/** So long a link to an answer works; the request's own key, and the claim with it, dies 30 days after the final answer. */
export const CLAIM_LINK_SECONDS = 30 * 24 * 60 * 60;
/** No claim outlives this, whatever becomes of its request: three months to answer, and a year for its certificate. */
export const CLAIM_KEPT_SECONDS = 400 * 24 * 60 * 60;

const Instant = z.iso.datetime();
const Hash = z.string().length(43);

/** What lets somebody without an account fetch the answer to a request: lies under the request's own key. */
export const Claim = z.strictObject({
  requestId: RequestId,
  /** Whose request it is. */
  subject: z.union([PersonId, AccountId]),
  /** `handed-over`: staff read the code out or print it, because the person has no mailbox or must not rely on it alone. */
  codeTravels: z.enum(['by-mail', 'handed-over']),
  code: z
    .strictObject({ salt: z.string(), hash: Hash, expiresAt: Instant.optional(), triesLeft: z.int().min(0) })
    .optional(),
  codesMailed: z.int().min(0),
  codeMailedAt: Instant.optional(),
  /** What the right code was exchanged for. */
  pass: z.strictObject({ hash: Hash, expiresAt: Instant }).optional(),
});
export type Claim = z.output<typeof Claim>;

export const claimEntity = entity({
  name: 'claim',
  table: 'transient',
  sortKey: 'CLAIM',
  schema: Claim,
  schemaVersion: 1,
  ourRole: 'processor',
  purpose: 'to hand the answer to a request to the person who made it, and to nobody else',
  legalBasis: 'legal-obligation',
  article9: 'none',
  source: 'use',
  retentionClass: 'request',
  exported: { not: 'it only lets the answer itself be fetched, and ends with it' },
  onErasure: 'delete',
});

/** A request is a subject of its own: its address, its text and its claim die with its own key. */
export const claimOwner = (controller: ControllerId, requestId: RequestId): Owner => ({
  controller,
  subject: requestId,
});
export const claimRef = (controller: ControllerId, requestId: RequestId): Ref<typeof claimEntity> => ({
  entity: claimEntity,
  owner: claimOwner(controller, requestId),
});

export const newClaim = (claim: Pick<Claim, 'requestId' | 'subject' | 'codeTravels'>): Claim => ({
  ...claim,
  codesMailed: 0,
});

/** Until when no further code is mailed; undefined when one may be. Pure. */
export function mailingPausedUntil(claim: Claim, now: Date): 'for-good' | Date | undefined {
  if (claim.codesMailed >= CODES_MAILED_MAX) return 'for-good';
  if (claim.codeMailedAt === undefined) return undefined;
  const until = new Date(Date.parse(claim.codeMailedAt) + SECONDS_BETWEEN_CODES * 1000);
  return now < until ? until : undefined;
}

/** A new code to be mailed; the one before it is worth nothing any more. The code stands in the mail and nowhere else. */
export function withMailedCode(
  claim: Claim,
  now: Date,
): { readonly claim: Claim; readonly code: string; expiresAt: string } {
  const code = digits(MAILED_CODE_DIGITS);
  const expiresAt = minutesAfter(now, MAILED_CODE_MINUTES);
  return {
    code,
    expiresAt,
    claim: {
      ...claim,
      code: { ...hashed(code), expiresAt, triesLeft: TRIES_MAX },
      codesMailed: claim.codesMailed + 1,
      codeMailedAt: now.toISOString(),
    },
  };
}

/** A new code to be handed over, shown once to those who do it. */
export function withHandedCode(claim: Claim): { readonly claim: Claim; readonly code: string } {
  const code = digits(HANDED_CODE_DIGITS);
  const { pass: _, ...rest } = claim;
  return { code, claim: { ...rest, code: { ...hashed(code), triesLeft: TRIES_MAX } } };
}

/**
 * What a typed code does: the claim to be stored before anything is answered, with a fresh pass if the code was right.
 * Every wrong code counts. A mailed code opens once; one on paper again and again, until it is replaced.
 */
export function tryCode(claim: Claim, typed: string, now: Date): { readonly claim: Claim; readonly pass?: string } {
  const { code, ...rest } = claim;
  // Compared also where there is none, so that the time taken tells nothing.
  const isRight = isSame(hashOf(typed.replace(/\s/g, ''), code?.salt ?? ''), code?.hash ?? hashOf('', 'none'));
  if (!code || !isUsable(code, now)) return { claim };
  if (!isRight) return { claim: { ...rest, code: { ...code, triesLeft: code.triesLeft - 1 } } };
  const pass = randomBytes(PASS_BYTES).toString('base64url');
  const opened = { ...rest, pass: { hash: sha256(pass), expiresAt: minutesAfter(now, PASS_MINUTES) } };
  const isForOneUse = code.expiresAt !== undefined;
  return { pass, claim: isForOneUse ? opened : { ...opened, code } };
}

const isUsable = ({ expiresAt, triesLeft }: NonNullable<Claim['code']>, now: Date): boolean =>
  triesLeft > 0 && (expiresAt === undefined || now.toISOString() < expiresAt);

/** Whether a pass that the page sent is the one that was given out, and still counts. Pure. */
export function isOpenedBy({ pass }: Claim, given: string, now: Date): boolean {
  const isRight = isSame(sha256(given), pass?.hash ?? sha256(''));
  return pass !== undefined && isRight && now.toISOString() < pass.expiresAt;
}

const digits = (count: number) => String(randomInt(10 ** count)).padStart(count, '0');
/** The salt and the hash lie sealed: who cannot open the request's key cannot try the million codes either. */
function hashed(code: string) {
  const salt = randomBytes(SALT_BYTES).toString('base64url');
  return { salt, hash: hashOf(code, salt) };
}
const hashOf = (code: string, salt: string) => createHmac('sha256', salt).update(code).digest('base64url');
const sha256 = (value: string) => createHash('sha256').update(value).digest('base64url');
const isSame = (one: string, other: string) => timingSafeEqual(Buffer.from(one), Buffer.from(other));
const minutesAfter = (now: Date, minutes: number) => new Date(now.getTime() + minutes * 60_000).toISOString();
