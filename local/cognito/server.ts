import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
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

const HOST = '127.0.0.1';
const TARGET_PREFIX = 'AWSCognitoIdentityProviderService.';
const BODY_BYTES_MAX = 256 * 1024;
const REQUEST_MILLISECONDS_MAX = 30_000;

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

export interface CognitoServer {
  readonly url: string;
  readonly port: number;
  /** The keys that verify a pool's tokens, as served at `/{poolId}/.well-known/jwks.json`. */
  jwks(userPoolId: string): { readonly keys: readonly Jwk[] };
  close(): Promise<void>;
}

/**
 * Serves the declared user pools on 127.0.0.1, in the AWS JSON 1.1 protocol of cognito-idp. Signatures
 * of administrators' calls must be present but are not verified: there is no account to check against.
 */
export async function startCognito(options: CognitoOptions): Promise<CognitoServer> {
  const opened = await Promise.all(options.pools.map((pool) => openUserPool(pool, options.stateDir, options)));
  const pools = new Pools(opened);
  const server = createServer({ requestTimeout: REQUEST_MILLISECONDS_MAX }, (request, response) => {
    answer(pools, request).then(
      (reply) => send(response, reply),
      (error: unknown) => send(response, failed(error)),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, HOST, resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://${HOST}:${port}`,
    port,
    jwks: (userPoolId) => publicJwks(pools.byId(userPoolId).keys),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      for (const pool of opened) pool.store.close();
    },
  };
}

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

const AMZ_JSON = { 'content-type': 'application/x-amz-json-1.1' };

async function answer(pools: Pools, request: IncomingMessage): Promise<Reply> {
  if (request.method === 'OPTIONS') return preflight;
  if (request.method === 'GET') return wellKnown(pools, request);
  const body = await call(pools, request);
  return { status: 200, headers: AMZ_JSON, body };
}

async function call(pools: Pools, request: IncomingMessage): Promise<object> {
  const target = String(request.headers['x-amz-target'] ?? '');
  const name = target.startsWith(TARGET_PREFIX) ? target.slice(TARGET_PREFIX.length) : '';
  const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (request.method !== 'POST' || !operation) {
    throw new CognitoFailure('UnknownOperationException', `The embedded Cognito has no operation "${name}".`);
  }
  if (operation.needsSignature && !request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 ')) {
    throw new CognitoFailure('MissingAuthenticationTokenException', 'Missing Authentication Token');
  }
  return operation.run(pools, await jsonBody(request));
}

async function jsonBody(request: IncomingMessage): Promise<unknown> {
  const length = Number(request.headers['content-length']);
  if (!(length <= BODY_BYTES_MAX))
    throw new CognitoFailure(
      'SerializationException',
      `The request needs a Content-Length of at most ${BODY_BYTES_MAX}.`,
    );
  try {
    return JSON.parse(await text(request));
  } catch {
    throw new CognitoFailure('SerializationException', 'The request body is not JSON.');
  }
}

/** Public operations may be called from web pages, as at AWS; signed ones may not (no authorization header). */
const preflight: Reply = {
  status: 200,
  headers: {
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers':
      'cache-control,content-type,x-amz-target,x-amz-user-agent,amz-sdk-invocation-id,amz-sdk-request',
    'access-control-max-age': '172800',
  },
  body: undefined,
};

function wellKnown(pools: Pools, request: IncomingMessage): Reply {
  const [, poolId = '', document] = /^\/([\w-]+)\/\.well-known\/([\w.-]+)$/.exec(request.url ?? '') ?? [];
  const pool = pools.find(poolId);
  if (pool && document === 'jwks.json') return json(200, publicJwks(pool.keys));
  if (pool && document === 'openid-configuration') {
    return json(200, {
      issuer: pool.issuer,
      // The issuer stays AWS's, but its keys are found here.
      jwks_uri: `http://${request.headers.host}/${poolId}/.well-known/jwks.json`,
      id_token_signing_alg_values_supported: ['RS256'],
      response_types_supported: ['code', 'token'],
      scopes_supported: ['openid', 'email', 'phone', 'profile'],
      subject_types_supported: ['public'],
    });
  }
  return json(404, { message: 'Not found.' });
}

function json(status: number, body: object): Reply {
  return { status, headers: { 'content-type': 'application/json' }, body };
}

function failed(error: unknown): Reply {
  const failure =
    error instanceof CognitoFailure
      ? error
      : new CognitoFailure('InternalErrorException', 'Something went wrong while processing the request.');
  if (failure !== error) process.emitWarning(error instanceof Error ? error : String(error));
  return {
    status: failure.type === 'InternalErrorException' ? 500 : 400,
    headers: { ...AMZ_JSON, 'x-amzn-errortype': `${failure.type}:` },
    body: { __type: failure.type, message: failure.message },
  };
}

function send(response: ServerResponse, { status, headers, body }: Reply): void {
  response.writeHead(status, {
    ...headers,
    'access-control-allow-origin': '*',
    'access-control-expose-headers': 'x-amzn-RequestId,x-amzn-ErrorType,Date',
    'x-amzn-requestid': randomUUID(),
  });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
