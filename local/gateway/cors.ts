import type { IncomingHttpHeaders } from 'node:http';
import type { CorsDeclaration } from './api.ts';

/** A preflight request of the Fetch standard, which the gateway answers without asking a function. */
export function isPreflight(method: string, headers: IncomingHttpHeaders): boolean {
  return method === 'OPTIONS' && headers.origin !== undefined && headers['access-control-request-method'] !== undefined;
}

/** The headers of a preflight's answer: none for an origin that is not allowed. */
export function preflightHeaders(cors: CorsDeclaration, origin: string | undefined): Record<string, string> {
  const allowed = allowedOrigin(cors, origin);
  if (!allowed) return {};
  return {
    'access-control-allow-origin': allowed,
    ...(cors.methods.length > 0 && { 'access-control-allow-methods': cors.methods.join(',') }),
    ...(cors.headers.length > 0 && { 'access-control-allow-headers': cors.headers.join(',') }),
    ...(cors.allowsCredentials && { 'access-control-allow-credentials': 'true' }),
    ...(cors.maxAgeSeconds !== undefined && { 'access-control-max-age': String(cors.maxAgeSeconds) }),
  };
}

/** What every other answer gets; the function's own CORS headers are dropped where the API declares CORS. */
export function corsHeaders(cors: CorsDeclaration, origin: string | undefined): Record<string, string> {
  const allowed = allowedOrigin(cors, origin);
  if (!allowed) return {};
  return {
    'access-control-allow-origin': allowed,
    ...(allowed !== '*' && { vary: 'Origin' }),
    ...(cors.exposedHeaders.length > 0 && { 'access-control-expose-headers': cors.exposedHeaders.join(',') }),
    ...(cors.allowsCredentials && { 'access-control-allow-credentials': 'true' }),
  };
}

export function withoutCorsHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('access-control-')));
}

function allowedOrigin({ origins }: CorsDeclaration, origin: string | undefined): string | undefined {
  if (!origin) return undefined;
  if (origins.includes('*')) return '*';
  return origins.some((each) => matches(each, origin)) ? origin : undefined;
}

// Beside exact origins the service takes `https://*` and `http://*`.
function matches(declared: string, origin: string): boolean {
  return declared === origin || (/^https?:\/\/\*$/.test(declared) && origin.startsWith(declared.slice(0, -1)));
}
