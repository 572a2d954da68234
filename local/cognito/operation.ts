import * as z from 'zod';
import { CognitoFailure } from './failure.ts';
import type { Pools } from './pool.ts';

/** One operation of the cognito-idp API, over untrusted JSON. */
export interface Operation {
  /** Operations of administrators take SigV4; those of users prove themselves in the body. */
  readonly needsSignature: boolean;
  /** Throws CognitoFailure. */
  run(pools: Pools, input: unknown): Promise<object>;
}

export type Operations = Readonly<Record<string, Operation>>;

type Run<I> = (pools: Pools, input: I) => object | Promise<object>;

/** An operation that anybody may call. */
export const anyone = <I>(input: z.ZodType<I>, run: Run<I>): Operation => parsed(false, input, run);

/** An operation that AWS allows by IAM only. */
export const administrator = <I>(input: z.ZodType<I>, run: Run<I>): Operation => parsed(true, input, run);

/** Fields that several operations share, with the API reference's bounds. */
export const field = {
  accessToken: z.string().min(1).max(8192),
  clientId: z.string().min(1).max(128),
  code: z.string().regex(/^\S{1,2048}$/),
  password: z.string().min(1).max(256),
  session: z.string().min(20).max(2048),
  username: z.string().min(1).max(128),
  userPoolId: z.string().min(1).max(55),
  attributes: z.array(z.strictObject({ Name: z.string().min(1).max(32), Value: z.string().max(2048).default('') })),
  clientMetadata: z.record(z.string(), z.string()).optional(),
  strings: z.record(z.string(), z.string()),
  mfaSettings: z.strictObject({ Enabled: z.boolean().default(false), PreferredMfa: z.boolean().default(false) }),
};

/** Fields of threat protection and analytics: AWS's clients send them; nothing here depends on them. */
export const unused = {
  AnalyticsMetadata: z.unknown().optional(),
  UserContextData: z.unknown().optional(),
  ContextData: z.unknown().optional(),
};

function parsed<I>(needsSignature: boolean, schema: z.ZodType<I>, run: Run<I>): Operation {
  return {
    needsSignature,
    run: async (pools, input) => {
      const result = schema.safeParse(withoutNulls(input));
      if (!result.success) throw invalid(result.error);
      return run(pools, result.data);
    },
  };
}

/** AWS JSON 1.1: a null member is the same as none (and amazon-cognito-identity-js sends some). */
function withoutNulls(input: unknown): unknown {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return input;
  return Object.fromEntries(
    Object.entries(input)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, withoutNulls(value)]),
  );
}

function invalid(error: z.ZodError): CognitoFailure {
  const [issue] = error.issues;
  const where = issue?.path.join('.') || 'request';
  return new CognitoFailure(
    'InvalidParameterException',
    `1 validation error detected: Value at '${where}' failed to satisfy constraint: ${issue?.message}`,
  );
}
