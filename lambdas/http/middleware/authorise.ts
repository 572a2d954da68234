import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod';
import { preferredLanguage } from '../accept-language.ts';
import type { Exchange, Step } from '../exchange.ts';
import { pointer } from '../pointer.ts';
import { Problem } from '../problem.ts';
import { demandsIdempotencyKey } from '../route-facts.ts';
import type { Admission, Steps } from '../steps.ts';
import { isHead } from './headers-only.ts';

export const authorise = (steps: Pick<Steps<unknown>, 'admit'>, options: { now(): Date }): Step => ({
  before: async ({ event, context: { exchange } }) => {
    const { sourceIp, userAgent = '' } = event.requestContext.http;
    const asked = InAddress.safeParse(exchange.input.query);
    exchange.admission = {
      requestId: exchange.requestId,
      routeId: exchange.routeId,
      route: exchange.route,
      input: exchange.input,
      account: exchange.account,
      ...(exchange.device && { device: exchange.device }),
      roleHeader: exchange.route.access.to === 'role' ? event.headers['vern-role'] : undefined,
      language: asked.success ? asked.data.language : preferredLanguage(event.headers['accept-language']),
      origin: { sourceIp, userAgent },
      idempotency: idempotencyOf(event, exchange),
      ...(isHead(event) && { headersOnly: true }),
      ...(exchange.route.withBasicCredentials && basicCredentialsIn(event.headers['authorization'])),
      now: options.now(),
    };
    const { call, replay } = await steps.admit(exchange.admission);
    exchange.call = call;
    exchange.replay = replay;
  },
});

/** A route that declares `language` in its query is answered in it; see `inLanguage`. */
const InAddress = z.object({ language: z.enum(['nb', 'en']) });

/** A key is bound to an account, so a creating route for anyone takes none: such a route answers 202 and nothing else. */
function idempotencyOf(event: APIGatewayProxyEventV2, { route, canonicalBody }: Exchange): Admission['idempotency'] {
  const key = event.headers['idempotency-key'];
  if (!demandsIdempotencyKey(route) || key === undefined) return undefined;
  if (!/^[\x21-\x7e]{1,128}$/.test(key)) {
    throw new Problem('malformed-request', undefined, {
      errors: [{ pointer: pointer('headers', 'idempotency-key'), detail: '1 to 128 visible ASCII characters.' }],
    });
  }
  return {
    key,
    request: `${event.requestContext.http.method} ${event.rawPath}?${event.rawQueryString}\n${canonicalBody}`,
  };
}

/** RFC 7617; both are form-encoded before that (RFC 6749, section 2.3.1). What is no such header is no credentials. */
function basicCredentialsIn(header: string | undefined): Pick<Admission, 'basicCredentials'> {
  const encoded = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(header ?? '')?.[1];
  const [, user, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString()) ?? [];
  if (user === undefined || password === undefined) return {};
  try {
    return { basicCredentials: { user: decodeURIComponent(user), password: decodeURIComponent(password) } };
  } catch {
    return {};
  }
}
