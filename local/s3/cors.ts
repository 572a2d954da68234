import type { CorsRule } from './buckets.ts';
import { S3Error } from './errors.ts';
import type { Headers } from './request.ts';

/** The answer to a preflight, by the first rule that allows it. Throws AccessForbidden. */
export function preflightHeaders(rules: readonly CorsRule[], headers: Headers): Record<string, string> {
  const origin = headers['origin'];
  const method = headers['access-control-request-method'];
  if (origin === undefined || method === undefined) {
    throw new S3Error('AccessForbidden', 'Insufficient information. Origin request header needed.');
  }
  const wanted = (headers['access-control-request-headers'] ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
  const rule = matchingRule(rules, origin, method, wanted);
  if (!rule) throw new S3Error('AccessForbidden');
  return {
    ...originHeaders(rule, origin),
    'access-control-allow-methods': rule.allowedMethods.join(', '),
    ...(wanted.length > 0 && { 'access-control-allow-headers': wanted.join(', ') }),
    ...(rule.maxAgeSeconds !== undefined && { 'access-control-max-age': String(rule.maxAgeSeconds) }),
  };
}

/** What is added to an ordinary answer; nothing where no rule allows the origin. */
export function corsHeaders(rules: readonly CorsRule[], method: string, headers: Headers): Record<string, string> {
  const origin = headers['origin'];
  const rule = origin === undefined ? undefined : matchingRule(rules, origin, method, []);
  return rule && origin !== undefined ? originHeaders(rule, origin) : {};
}

function originHeaders(rule: CorsRule, origin: string): Record<string, string> {
  const allowsAny = rule.allowedOrigins.includes('*');
  return {
    'access-control-allow-origin': allowsAny ? '*' : origin,
    ...(!allowsAny && { 'access-control-allow-credentials': 'true' }),
    ...(rule.exposedHeaders.length > 0 && { 'access-control-expose-headers': rule.exposedHeaders.join(', ') }),
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  };
}

function matchingRule(
  rules: readonly CorsRule[],
  origin: string,
  method: string,
  wantedHeaders: readonly string[],
): CorsRule | undefined {
  return rules.find(
    (rule) =>
      rule.allowedMethods.includes(method) &&
      rule.allowedOrigins.some((pattern) => matchesPattern(pattern, origin)) &&
      wantedHeaders.every((name) => rule.allowedHeaders.some((pattern) => matchesPattern(pattern.toLowerCase(), name))),
  );
}

// At most one `*` stands for anything.
function matchesPattern(pattern: string, text: string): boolean {
  const [before = '', after] = pattern.split('*', 2);
  if (after === undefined) return pattern === text;
  return text.length >= before.length + after.length && text.startsWith(before) && text.endsWith(after);
}
