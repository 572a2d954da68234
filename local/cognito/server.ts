import { awsJsonAnswer, parsedJson } from '../loopback/aws-json.ts';
import { type Answer, type Call, serveCalls } from '../loopback/call-server.ts';
import type { Listening } from '../loopback/listen.ts';
import type { UserPoolDeclaration } from './declaration.ts';
import { CognitoFailure } from './failure.ts';
import type { Operations } from './operation.ts';
import { administrationOperations } from './operations/administration.ts';
import { descriptionOperations } from './operations/description.ts';
import { mfaOperations } from './operations/mfa.ts';
import { ownAccountOperations } from './operations/own-account.ts';
import { recoveryOperations } from './operations/recovery.ts';
import { signInOperations } from './operations/sign-in.ts';
import { openUserPool, Pools, type Surroundings } from './pool.ts';
import { type Jwk, publicJwks } from './tokens.ts';

const TARGET_PREFIX = 'AWSCognitoIdentityProviderService.';
const BODY_BYTES_MAX = 256 * 1024;

const operations: Operations = {
  ...signInOperations,
  ...mfaOperations,
  ...ownAccountOperations,
  ...recoveryOperations,
  ...administrationOperations,
  ...descriptionOperations,
};

interface CognitoOptions extends Surroundings {
  /** One journal per pool is kept here. */
  readonly stateDir: string;
  readonly pools: readonly UserPoolDeclaration[];
  /** Any free one by default. */
  readonly port?: number;
}

export interface CognitoServer extends Listening {
  /** The keys that verify a pool's tokens, as served at `/{poolId}/.well-known/jwks.json`. */
  jwks(userPoolId: string): { readonly keys: readonly Jwk[] };
}

/**
 * Serves the declared user pools on 127.0.0.1, in the AWS JSON 1.1 protocol of cognito-idp. Signatures
 * of administrators' calls must be present but are not verified: there is no account to check against.
 */
export async function startCognito(options: CognitoOptions): Promise<CognitoServer> {
  const opened = await Promise.all(options.pools.map((pool) => openUserPool(pool, options.stateDir, options)));
  const pools = new Pools(opened);
  const server = await serveCalls({
    port: options.port,
    clock: options.clock,
    bodyBytesMax: BODY_BYTES_MAX,
    answer: (call) => answer(pools, call),
  });
  return {
    ...server,
    jwks: (userPoolId) => publicJwks(pools.byId(userPoolId).keys),
    close: async () => {
      await server.close();
      for (const pool of opened) pool.store.close();
    },
  };
}

async function answer(pools: Pools, call: Call): Promise<Answer> {
  if (call.method === 'OPTIONS') return forPages(preflight);
  if (call.method === 'GET') return forPages(wellKnown(pools, call));
  try {
    return forPages(awsJsonAnswer(200, await resultOf(pools, call)));
  } catch (error) {
    return forPages(failed(error));
  }
}

async function resultOf(pools: Pools, call: Call): Promise<object> {
  const target = String(call.headers['x-amz-target'] ?? '');
  const name = target.startsWith(TARGET_PREFIX) ? target.slice(TARGET_PREFIX.length) : '';
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (operation?.needsSignature && !call.headers.authorization?.startsWith('AWS4-HMAC-SHA256 ')) {
    throw new CognitoFailure('MissingAuthenticationTokenException', 'Missing Authentication Token');
  }
  // AWS WAF sees what the public may call, known here or not, and before anything else is checked.
  const input = parsedJson(call.body, notJson);
  const isPublic = !operation?.needsSignature;
  if (isPublic && pools.namedIn(input)?.mayPass({ operation: name, address: call.address }) === false) {
    throw new CognitoFailure('ForbiddenException', 'Request not allowed due to WAF block.');
  }
  if (call.method !== 'POST' || !operation) {
    throw new CognitoFailure('UnknownOperationException', `The embedded Cognito has no operation "${name}".`);
  }
  return operation.run(pools, input);
}

const notJson = () => new CognitoFailure('SerializationException', 'The request body is not JSON.');

/** Public operations may be called from web pages, as at AWS; signed ones may not (no authorization header). */
const preflight: Answer = {
  status: 200,
  headers: {
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers':
      'cache-control,content-type,x-amz-target,x-amz-user-agent,amz-sdk-invocation-id,amz-sdk-request',
    'access-control-max-age': '172800',
  },
};

function wellKnown(pools: Pools, { url, headers }: Call): Answer {
  const [, poolId = '', document] = /^\/([\w-]+)\/\.well-known\/([\w.-]+)$/.exec(url.pathname) ?? [];
  const pool = pools.find(poolId);
  if (pool && document === 'jwks.json') return json(200, publicJwks(pool.keys));
  if (pool && document === 'openid-configuration') {
    return json(200, {
      issuer: pool.issuer,
      // The issuer stays AWS's, but its keys are found here.
      jwks_uri: `http://${headers.host}/${poolId}/.well-known/jwks.json`,
      id_token_signing_alg_values_supported: ['RS256'],
      response_types_supported: ['code', 'token'],
      scopes_supported: ['openid', 'email', 'phone', 'profile'],
      subject_types_supported: ['public'],
    });
  }
  return json(404, { message: 'Not found.' });
}

function json(status: number, body: object): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

function failed(error: unknown): Answer {
  const failure =
    error instanceof CognitoFailure
      ? error
      : new CognitoFailure('InternalErrorException', 'Something went wrong while processing the request.');
  if (failure !== error) process.emitWarning(error instanceof Error ? error : String(error));
  const body = { __type: failure.type, message: failure.message };
  return awsJsonAnswer(statuses[failure.type] ?? 400, body, { 'x-amzn-errortype': `${failure.type}:` });
}

const statuses: Readonly<Record<string, number>> = { ForbiddenException: 403, InternalErrorException: 500 };

function forPages(answer: Answer): Answer {
  return {
    ...answer,
    headers: {
      ...answer.headers,
      'access-control-allow-origin': '*',
      'access-control-expose-headers': 'x-amzn-RequestId,x-amzn-ErrorType,Date',
    },
  };
}
