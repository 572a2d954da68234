import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { ACCOUNT_ID } from '../account.ts';
import type { Clock } from '../clock.ts';
import type { InvocationResult } from '../lambda/pool.ts';
import { isLoopbackHost, LOOPBACK } from '../loopback/listen.ts';
import { readBody } from '../loopback/read-body.ts';
import type { AccessLog } from './access-log.ts';
import type { ApiDeclaration, RouteDeclaration } from './api.ts';
import { corsHeaders, isPreflight, preflightHeaders, withoutCorsHeaders } from './cors.ts';
import { type GatewayRequest, lambdaEvent } from './event.ts';
import { AuthorizationRefused, type Authorize, type VerifiedToken } from './jwt.ts';
import { type GatewayResponse, gatewayError, responseFrom } from './response.ts';
import { routeSelector, type SelectedRoute } from './route-selection.ts';
import { throttle } from './throttle.ts';

/** "Quotas for HTTP APIs": 10 MB of body, 10,240 bytes of request line and headers. */
const BODY_BYTES_MAX = 10 * 1024 * 1024;
const HEAD_BYTES_MAX = 10_240;
/** Lambda's own bound for the event of a synchronous invocation. */
const EVENT_BYTES_MAX = 6 * 1024 * 1024;

/** Node's parser must let through what the gateway itself wants to refuse. */
export const SERVER_HEAD_BYTES_MAX = 65_536;

export interface GatewayOptions {
  readonly api: ApiDeclaration;
  readonly clock: Clock;
  readonly authorize: Authorize;
  invoke(functionArn: string, event: string): Promise<InvocationResult>;
  readonly accessLog?: AccessLog | undefined;
}

/** The embedded HTTP API: give the listener to a server on 127.0.0.1. */
export function gateway(options: GatewayOptions): RequestListener {
  const { api, clock } = options;
  const select = routeSelector(api.routes);
  const mayPass = throttle();

  async function answer(
    request: GatewayRequest,
    selected: SelectedRoute | undefined,
    bodyIsTooLarge: boolean,
  ): Promise<GatewayResponse> {
    if (api.cors && isPreflight(request.method, request.headers)) {
      const headers = preflightHeaders(api.cors, request.headers.origin);
      return { status: 204, headers, cookies: [], body: Buffer.alloc(0) };
    }
    if (!selected) return gatewayError(404);
    const token = await tokenFor(selected.route, request);
    if (token instanceof AuthorizationRefused)
      return gatewayError(token.status, { 'www-authenticate': token.challenge });
    if (!mayPass(selected.route)) return gatewayError(429);
    if (bodyIsTooLarge) return gatewayError(413);
    const event = JSON.stringify(lambdaEvent(request, selected, api, token));
    if (Buffer.byteLength(event) > EVENT_BYTES_MAX) return gatewayError(413);
    const { functionArn, timeoutMilliseconds } = selected.route;
    return within(timeoutMilliseconds, options.invoke(functionArn, event).then(responseFrom));
  }

  async function tokenFor(
    route: RouteDeclaration,
    { headers }: GatewayRequest,
  ): Promise<VerifiedToken | AuthorizationRefused | undefined> {
    if (!route.authorizer) return undefined;
    const header = headers[route.authorizer.header];
    try {
      return await options.authorize(route.authorizer, route.scopes, Array.isArray(header) ? header[0] : header);
    } catch (error) {
      if (error instanceof AuthorizationRefused) return error;
      throw error;
    }
  }

  async function respond(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    const [path = '/', query = ''] = splitOnce(incoming.url ?? '/', '?');
    const selected = select(incoming.method ?? 'GET', path);
    const log = logger(incoming, { requestId, path, routeKey: selected?.route.routeKey });
    const send = (response: GatewayResponse) => {
      write(outgoing, withCors(response, incoming), requestId, incoming.method === 'HEAD');
      log(response);
    };
    if (headBytes(incoming) > HEAD_BYTES_MAX) return send(gatewayError(431));
    // API Gateway turns hosts away that are not its own in the same way.
    if (!isLoopbackHost(incoming.headers.host)) return send(gatewayError(403));
    const body = await readBody(incoming, BODY_BYTES_MAX);
    const request: GatewayRequest = {
      method: incoming.method ?? 'GET',
      path,
      query,
      headers: incoming.headers,
      body: body ?? Buffer.alloc(0),
      sourceIp: incoming.socket.remoteAddress ?? LOOPBACK,
      requestId,
      epochMilliseconds: clock.now(),
    };
    send(await answer(request, selected, body === undefined).catch(failed));
  }

  /** Takes the time now, and writes the request's line once it is answered. */
  function logger(
    { method, httpVersion, headers, socket }: IncomingMessage,
    known: { readonly requestId: string; readonly path: string; readonly routeKey: string | undefined },
  ): (response: GatewayResponse) => void {
    const [arrivedAt, requestTimeEpoch] = [performance.now(), clock.now()];
    const sourceIp = socket.remoteAddress ?? LOOPBACK;
    return ({ status, body, errorType, errorMessage, integrationError }) =>
      options.accessLog?.write({
        ...known,
        accountId: ACCOUNT_ID,
        apiId: api.apiId,
        stage: api.stage,
        httpMethod: method,
        protocol: `HTTP/${httpVersion}`,
        requestTimeEpoch,
        status,
        responseLength: body.length,
        responseLatency: Math.round(performance.now() - arrivedAt),
        'identity.sourceIp': sourceIp,
        'identity.userAgent': headers['user-agent'],
        'error.message': errorMessage,
        'error.responseType': errorType,
        integrationErrorMessage: integrationError,
      });
  }

  function withCors(response: GatewayResponse, { headers, method = '' }: IncomingMessage): GatewayResponse {
    if (!api.cors || isPreflight(method, headers)) return response;
    return {
      ...response,
      headers: { ...withoutCorsHeaders(response.headers), ...corsHeaders(api.cors, headers.origin) },
    };
  }

  function write(
    outgoing: ServerResponse,
    { status, headers, cookies, body }: GatewayResponse,
    requestId: string,
    toHead = false,
  ): void {
    outgoing.sendDate = false;
    outgoing.writeHead(status, {
      ...headers,
      date: new Date(clock.now()).toUTCString(),
      'apigw-requestid': requestId,
      // What a HEAD's own GET would weigh is not known here (RFC 9110, section 8.6).
      ...(!toHead && { 'content-length': body.length }),
      ...(cookies.length > 0 && { 'set-cookie': [...cookies] }),
    });
    outgoing.end(body);
  }

  return (incoming, outgoing) => {
    respond(incoming, outgoing).catch((error: unknown) => {
      console.error(error);
      if (outgoing.headersSent) outgoing.destroy();
      else write(outgoing, gatewayError(500), randomUUID());
    });
  };
}

function failed(error: unknown): GatewayResponse {
  console.error(error);
  return gatewayError(500);
}

async function within(milliseconds: number, answer: Promise<GatewayResponse>): Promise<GatewayResponse> {
  const answered = new AbortController();
  const late = sleep(milliseconds, gatewayError(503), { signal: answered.signal, ref: false });
  late.catch(() => {});
  try {
    return await Promise.race([answer, late]);
  } finally {
    answered.abort();
  }
}

function headBytes({ method = '', url = '', rawHeaders }: IncomingMessage): number {
  // Each header line holds ": " and a line break beside its name and value.
  return rawHeaders.reduce(
    (sum, each) => sum + each.length + 2,
    method.length + url.length + ' HTTP/1.1\r\n'.length + 1,
  );
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
