import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';

type OnResponse = (response: IncomingMessage) => void;
type Request = typeof https.request;

const userPoolHost = /^(issuer-)?cognito-idp\.[a-z0-9-]+\.amazonaws\.com$/;
const keySetPath = /^\/[\w-]+\/\.well-known\/jwks\.json$/;

/**
 * Lets this thread's HTTPS calls for a user pool's key set be answered by the embedded Cognito, and refuses every
 * other HTTPS call to AWS: the SDK's clients have endpoints of their own here, so what comes this way is a service
 * that the embedded cloud does not play, and it must not leave the machine.
 */
export function keepCallsOnThisMachine(cognitoEndpoint: string | undefined): void {
  const original = https.request;
  const patched = (target: string | URL | RequestOptions, ...rest: unknown[]): ClientRequest => {
    const url = urlOf(target);
    if (!/\.amazonaws\.com$/.test(url.hostname)) return Reflect.apply(original, https, [target, ...rest]);
    if (cognitoEndpoint && userPoolHost.test(url.hostname) && keySetPath.test(url.pathname)) {
      const onResponse = rest.find((each): each is OnResponse => typeof each === 'function');
      return http.request(new URL(url.pathname, cognitoEndpoint), onResponse);
    }
    throw new Error(`The embedded cloud has no engine for ${url.origin}`);
  };
  https.request = patched as Request;
  https.get = ((target: string | URL | RequestOptions, ...rest: unknown[]) => {
    const request = patched(target, ...rest);
    request.end();
    return request;
  }) as typeof https.get;
  // Bundles in ESM import the function by name; their bindings follow.
  syncBuiltinESMExports();
}

function urlOf(target: string | URL | RequestOptions): URL {
  if (typeof target === 'string' || target instanceof URL) return new URL(target);
  return new URL(`https://${target.hostname ?? target.host ?? 'localhost'}${target.path ?? '/'}`);
}
