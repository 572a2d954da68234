import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { UserPoolClientDeclaration, UserPoolDeclaration } from './declaration.ts';
import { CognitoFailure, invalidSession } from './failure.ts';
import { type Firewall, firewall } from './firewall.ts';
import type { PoolSecrets } from './records.ts';
import { Store } from './store.ts';
import { claimedIssuer, invalidToken, newPoolSecrets, type SigningKeys, signingKeys, tokenHash } from './tokens.ts';

const SECRETS_KEY = 'pool';

interface CognitoMail {
  readonly to: string;
  readonly subject: string;
  readonly html: string;
}

/** What a pool needs of the world around it. */
export interface Surroundings {
  readonly region: string;
  readonly clock: Clock;
  /** Invokes a Lambda function by the name or ARN that LambdaConfig holds; resolves to its result. */
  readonly invokeTrigger?: (functionName: string, event: unknown) => Promise<unknown>;
  readonly sendMail?: (mail: CognitoMail) => Promise<void>;
}

export interface UserPool extends Surroundings {
  readonly declaration: UserPoolDeclaration;
  readonly store: Store;
  readonly secrets: PoolSecrets;
  readonly keys: SigningKeys;
  /** AWS's own issuer string, so that verifiers need no exception for this machine. */
  readonly issuer: string;
  /** What SRP calls the pool: its id after the underscore. */
  readonly srpName: string;
  readonly mayPass: Firewall;
}

/** Opens a pool's journal in `stateDir`, making its keys on the first start. */
export async function openUserPool(
  declaration: UserPoolDeclaration,
  stateDir: string,
  surroundings: Surroundings,
): Promise<UserPool> {
  const store = new Store(join(stateDir, `${declaration.id}.journal`));
  const kept = store.all('secrets').get(SECRETS_KEY);
  const secrets = kept ?? (await newPoolSecrets(surroundings.clock.now()));
  if (!kept) store.commit({ collection: 'secrets', key: SECRETS_KEY, value: secrets });
  return {
    ...surroundings,
    declaration,
    store,
    secrets,
    keys: signingKeys(secrets),
    issuer: `https://cognito-idp.${surroundings.region}.amazonaws.com/${declaration.id}`,
    srpName: declaration.id.slice(declaration.id.indexOf('_') + 1),
    mayPass: firewall(declaration.firewall, () => surroundings.clock.now()),
  };
}

/** Bytes that only this pool can derive from `text`: the same for the same text, unrelated to others. */
export function derived(pool: UserPool, text: string): Buffer {
  return createHmac('sha256', Buffer.from(pool.secrets.derivationKey, 'base64')).update(text).digest();
}

export interface PoolClient {
  readonly pool: UserPool;
  readonly client: UserPoolClientDeclaration;
}

/** All pools of the server, found the three ways requests name them. */
export class Pools {
  readonly #pools: readonly UserPool[];

  constructor(pools: readonly UserPool[]) {
    this.#pools = pools;
  }

  /** Throws ResourceNotFoundException. */
  byId(id: string): UserPool {
    const pool = this.find(id);
    if (!pool) throw new CognitoFailure('ResourceNotFoundException', `User pool ${id} does not exist.`);
    return pool;
  }

  find(id: string): UserPool | undefined {
    return this.#pools.find(({ declaration }) => declaration.id === id);
  }

  /** Throws ResourceNotFoundException. */
  byClientId(clientId: string): PoolClient {
    for (const pool of this.#pools) {
      const client = pool.declaration.clients.find(({ id }) => id === clientId);
      if (client) return { pool, client };
    }
    throw new CognitoFailure('ResourceNotFoundException', `User pool client ${clientId} does not exist.`);
  }

  /** The pool that a client's request means, before anything of it is proven; nothing when it names none of ours. */
  namedIn(input: unknown): UserPool | undefined {
    const { ClientId, AccessToken, Session } = Object(input) as Readonly<Record<string, unknown>>;
    try {
      if (typeof ClientId === 'string') return this.byClientId(ClientId).pool;
      if (typeof AccessToken === 'string') return this.byToken(AccessToken);
      return typeof Session === 'string' ? this.bySession(Session) : undefined;
    } catch (error) {
      if (error instanceof CognitoFailure) return undefined;
      throw error;
    }
  }

  /** The pool that opened this session; throws NotAuthorizedException. */
  bySession(session: string): UserPool {
    const pool = this.#pools.find(({ store }) => store.all('challenges').has(tokenHash(session)));
    if (!pool) throw invalidSession();
    return pool;
  }

  /** The pool that must verify this token; throws NotAuthorizedException if none issued it. */
  byToken(accessToken: string): UserPool {
    const issuer = claimedIssuer(accessToken);
    const pool = this.#pools.find((candidate) => candidate.issuer === issuer);
    if (!pool) throw invalidToken();
    return pool;
  }
}

/** Throws ResourceNotFoundException. */
export function clientOf(pool: UserPool, clientId: string): UserPoolClientDeclaration {
  const client = pool.declaration.clients.find(({ id }) => id === clientId);
  if (!client) throw new CognitoFailure('ResourceNotFoundException', `User pool client ${clientId} does not exist.`);
  return client;
}
