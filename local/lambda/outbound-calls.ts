import dns from 'node:dns';
import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import type { LookupFunction } from 'node:net';

type OnResponse = (response: IncomingMessage) => void;
type Request = typeof https.request;

const userPoolHost = /^(issuer-)?cognito-idp\.[a-z0-9-]+\.amazonaws\.com$/;
const keySetPath = /^\/[\w-]+\/\.well-known\/jwks\.json$/;

/** Names of nobody (RFC 2606, `.test`), below which the world outside is played. */
const outsideName = /^([a-z0-9-]+\.)*outside\.test$/i;
/** Stands for that world: an address that is public, as far as anybody can tell who only looks at it. */
const OUTSIDE_ADDRESS = '8.8.4.4';
/** For showing what becomes of a name that leads into a private network. */
const PRIVATE = { name: 'private.outside.test', address: '10.0.0.1' };

export interface Elsewhere {
  /** The embedded Cognito. */
  readonly cognitoEndpoint: string | undefined;
  /** Who plays `*.outside.test`: plain HTTP on this machine, with the `host` header as it was sent. */
  readonly outsideWorld: string | undefined;
}

/**
 * Keeps this thread's HTTPS calls on this machine. Those for a user pool's key set are answered by the embedded Cognito,
 * those to `*.outside.test` by whoever plays the world outside; every other one is refused, and no other name resolves: the
 * SDK's clients have endpoints of their own here, so what comes this way would leave the machine.
 */
export function keepCallsOnThisMachine({ cognitoEndpoint, outsideWorld }: Elsewhere): void {
  const patched = (target: string | URL | RequestOptions, ...rest: unknown[]): ClientRequest => {
    const url = urlOf(target);
    const onResponse = rest.find((each): each is OnResponse => typeof each === 'function');
    if (cognitoEndpoint && userPoolHost.test(url.hostname) && keySetPath.test(url.pathname)) {
      return http.request(new URL(url.pathname, cognitoEndpoint), onResponse);
    }
    if (outsideName.test(url.hostname)) return toTheOutside(url, target, outsideWorld, onResponse);
    throw new Error(`The embedded cloud has no engine for ${url.origin}`);
  };
  https.request = patched as Request;
  https.get = ((target: string | URL | RequestOptions, ...rest: unknown[]) => {
    const request = patched(target, ...rest);
    request.end();
    return request;
  }) as typeof https.get;
  dns.promises.lookup = lookupOutside as unknown as typeof dns.promises.lookup;
  // Bundles in ESM import the functions by name; their bindings follow.
  syncBuiltinESMExports();
}

/** The caller's own `lookup` is asked all the same: an address that it refuses is not called. */
function toTheOutside(
  url: URL,
  target: string | URL | RequestOptions,
  outsideWorld: string | undefined,
  onResponse: OnResponse | undefined,
): ClientRequest {
  const given = typeof target === 'string' || target instanceof URL ? {} : target;
  const asked: LookupFunction = given.lookup ?? (dns.lookup as LookupFunction);
  const lookup: LookupFunction = (name, options, callback) => {
    asked(name, options, (error, ...found) => {
      if (error) return callback(error, ...found);
      if (!outsideWorld)
        return callback(Object.assign(new Error('Nobody plays the world outside'), { code: 'EHOSTUNREACH' }), []);
      const address = new URL(outsideWorld).hostname;
      if (options.all) callback(null, [{ address, family: 4 }]);
      else callback(null, address, 4);
    });
  };
  return http.request(
    {
      ...given,
      agent: false,
      protocol: 'http:',
      host: url.hostname,
      port: outsideWorld ? new URL(outsideWorld).port : 1,
      path: `${url.pathname}${url.search}`,
      headers: { host: url.hostname, ...Object(given.headers) },
      lookup,
    },
    onResponse,
  );
}

async function lookupOutside(name: string, options: { readonly all?: boolean } = {}) {
  if (!outsideName.test(name)) throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' });
  const found = { address: name.toLowerCase() === PRIVATE.name ? PRIVATE.address : OUTSIDE_ADDRESS, family: 4 };
  return options.all ? [found] : found;
}

function urlOf(target: string | URL | RequestOptions): URL {
  if (typeof target === 'string' || target instanceof URL) return new URL(target);
  return new URL(`https://${target.hostname ?? target.host ?? 'localhost'}${target.path ?? '/'}`);
}
