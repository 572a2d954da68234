import { lookup } from 'node:dns/promises';
import { request } from 'node:https';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Whatever has not answered by then has failed (Standard Webhooks, "Operational considerations": 15 to 30 seconds). */
const ANSWER_MILLISECONDS_MAX = 15_000;
const HTTPS_PORT = 443;
/** Of IPv6, what has been given out to the world (RFC 4291, section 2.5.4; IANA). */
const GLOBAL_UNICAST = '2000::/3';

/** What became of a message to an address that a customer gave; neither its answer's body nor any header is read. */
export type Posted =
  | { readonly status: number; readonly milliseconds: number }
  | {
      readonly failure: 'address-refused' | 'timeout' | 'certificate' | 'connection';
      readonly milliseconds: number;
    };

export interface OutboundMessage {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
export type Post = (message: OutboundMessage) => Promise<Posted>;

type Resolve = (name: string) => Promise<readonly { readonly address: string; readonly family: number }[]>;

class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

/**
 * POST over HTTPS to a public address, and to no other: the name is resolved here, every address that it has must be
 * public, and the connection is made to just those, so that a second answer of the name server changes nothing.
 * Redirects are not followed; the certificate must be valid for the name.
 */
export const outboundPost = (
  options: { readonly resolve?: Resolve; readonly now?: () => number; readonly send?: typeof request } = {},
): Post => {
  const { resolve = (name) => lookup(name, { all: true }), now = Date.now, send = request } = options;
  return (message) =>
    new Promise((done) => {
      const begunAt = now();
      const spent = () => ({ milliseconds: now() - begunAt });
      const url = new URL(message.url);
      if (!isAllowed(url)) return done({ failure: 'address-refused', ...spent() });
      const sent = send(
        {
          method: 'POST',
          host: url.hostname,
          servername: url.hostname,
          port: HTTPS_PORT,
          path: `${url.pathname}${url.search}`,
          headers: { ...message.headers, 'content-length': Buffer.byteLength(message.body) },
          // A connection of its own: one that stands might lead to an address that nobody has checked.
          agent: false,
          lookup: publicLookup(resolve),
          signal: AbortSignal.timeout(ANSWER_MILLISECONDS_MAX),
        },
        (response) => {
          done({ status: response.statusCode ?? 0, ...spent() });
          response.destroy();
        },
      );
      sent.on('error', (error) => done({ failure: failureOf(error), ...spent() }));
      sent.end(message.body);
    });
};

/** `https`, a name, the usual port, and no credentials. Pure; what the name stands for is looked at when it is used. */
export function isAllowed({ protocol, hostname, port, username, password }: URL): boolean {
  if (protocol !== 'https:' || port !== '' || username !== '' || password !== '') return false;
  // An address is never looked up, so nothing would look at it.
  return !ipaddr.isValid(hostname.replace(/^\[|\]$/g, '')) && hostname.includes('.');
}

/** Not this machine, not this network, not the provider's own services, and nothing reserved. Pure. */
export function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  // An IPv4 address in the clothes of IPv6 is judged as what it is.
  const read = ipaddr.process(address);
  // RFC 4291, section 2.5.5.1: `::7f00:1` is 127.0.0.1 too, in clothes that the reader does not know.
  const isGlobal = read.kind() === 'ipv4' || read.match(ipaddr.parseCIDR(GLOBAL_UNICAST));
  return isGlobal && read.range() === 'unicast';
}

const publicLookup =
  (resolve: Resolve): LookupFunction =>
  (name, options, callback) => {
    resolve(name).then(
      (addresses) => {
        const [first] = addresses;
        if (!first || !addresses.every(({ address }) => isPublic(address))) callback(new AddressRefused(), []);
        else if (options.all) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      },
      (error: Error) => callback(error, []),
    );
  };

function failureOf(error: Error & { code?: string }): Extract<Posted, { failure: string }>['failure'] {
  if (error instanceof AddressRefused) return 'address-refused';
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'timeout';
  return /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ALTNAME/.test(error.code ?? '') ? 'certificate' : 'connection';
}
