import type { IncomingHttpHeaders } from 'node:http';
import { ACCOUNT_ID } from '../account.ts';
import type { ApiDeclaration } from './api.ts';
import type { VerifiedToken } from './jwt.ts';
import { decoded, type SelectedRoute } from './route-selection.ts';

export interface GatewayRequest {
  readonly method: string;
  /** Path as sent, without the query. */
  readonly path: string;
  /** As sent, without the question mark. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly sourceIp: string;
  readonly requestId: string;
  readonly epochMilliseconds: number;
}

/** The event of payload format 2.0 (API Gateway developer guide, "Lambda proxy integrations for HTTP APIs"). */
export function lambdaEvent(
  request: GatewayRequest,
  { route, pathParameters }: SelectedRoute,
  { apiId, stage }: ApiDeclaration,
  token: VerifiedToken | undefined,
): unknown {
  const { cookie, ...headers } = request.headers;
  const isBase64Encoded = request.body.length > 0 && !isText(request.headers['content-type']);
  const domainName = request.headers.host ?? '';
  const rawPath = decoded(request.path);
  return {
    version: '2.0',
    routeKey: route.routeKey,
    rawPath,
    rawQueryString: request.query,
    ...(cookie && { cookies: cookie.split(/;\s*/) }),
    headers: { ...joined(headers), ...forwarded(request) },
    ...(request.query && { queryStringParameters: queryParameters(request.query) }),
    requestContext: {
      accountId: ACCOUNT_ID,
      apiId,
      ...(token && { authorizer: { jwt: { claims: claimsAsText(token.claims), scopes: token.scopes } } }),
      domainName,
      domainPrefix: domainName.split('.')[0],
      http: {
        method: request.method,
        path: rawPath,
        protocol: 'HTTP/1.1',
        sourceIp: request.sourceIp,
        userAgent: request.headers['user-agent'] ?? '',
      },
      requestId: request.requestId,
      routeKey: route.routeKey,
      stage,
      time: commonLogTime(request.epochMilliseconds),
      timeEpoch: request.epochMilliseconds,
    },
    ...(pathParameters && { pathParameters }),
    ...(request.body.length > 0 && { body: request.body.toString(isBase64Encoded ? 'base64' : 'utf8') }),
    isBase64Encoded,
  };
}

// What API Gateway hands on as text; every other type is base64.
function isText(contentType: string | undefined): boolean {
  const mediaType = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  return mediaType.startsWith('text/') || /^application\/(json|javascript|xml)$/.test(mediaType);
}

function joined(headers: IncomingHttpHeaders): Record<string, string> {
  const text: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) text[name] = Array.isArray(value) ? value.join(',') : value;
  }
  return text;
}

function forwarded({ headers, sourceIp, requestId }: GatewayRequest): Record<string, string> {
  const before = headers['x-forwarded-for'];
  return {
    'x-forwarded-for': before ? `${before}, ${sourceIp}` : sourceIp,
    'x-forwarded-port': headers.host?.split(':')[1] ?? '80',
    'x-forwarded-proto': 'http',
    'x-amzn-trace-id': `Root=1-${requestId}`,
  };
}

function queryParameters(query: string): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    parameters[name] = Object.hasOwn(parameters, name) ? `${parameters[name]},${value}` : value;
  }
  return parameters;
}

/** Every claim is text to a function: lists become `[a b]`. */
function claimsAsText(claims: Readonly<Record<string, unknown>>): Record<string, string> {
  const text: Record<string, string> = {};
  for (const [name, value] of Object.entries(claims)) {
    if (Array.isArray(value)) text[name] = `[${value.join(' ')}]`;
    else text[name] = typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
  return text;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function commonLogTime(epochMilliseconds: number): string {
  const [date = '', time = ''] = new Date(epochMilliseconds).toISOString().split('T');
  const [year, month, day] = date.split('-');
  return `${day}/${months[Number(month) - 1]}/${year}:${time.slice(0, 8)} +0000`;
}
