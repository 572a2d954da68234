import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod';
import type { Step } from '../exchange.ts';
import { parseForm } from '../form.ts';
import { pointer, type RequestError } from '../pointer.ts';
import { Problem, type ProblemSlug, problems } from '../problem.ts';
import type { InputOf, Route } from '../route.ts';
import { canonicalJson, parseStrictJson } from '../strict-json.ts';

const ERRORS_MAX = 20;
const nothing = z.strictObject({});

/** Reads params, query, body and `If-Match` through the route's schemas: after this, types are true. */
export const validate = (): Step => ({
  before: ({ event, context: { exchange } }) => {
    const { route } = exchange;
    const body = readBody(event, route);
    const parts = {
      params: { schema: route.params, value: readParams(event.pathParameters ?? {}) },
      query: { schema: route.query ?? nothing, value: readQuery(event.rawQueryString) },
      body: { schema: route.body, value: body },
    };
    exchange.canonicalBody = route.body ? canonicalJson(body) : '';
    const parsed = parseParts(parts);
    // A query that the route does not declare was parsed only to find that it is empty.
    const query = route.query ? parsed['query'] : undefined;
    exchange.input = { ...parsed, query, ifMatch: readIfMatch(event, route) } as InputOf<Route>;
  },
});

type Parts = Record<'params' | 'query' | 'body', { readonly schema: z.ZodType | undefined; readonly value: unknown }>;

/** All parts at once, so that the caller learns every mistake in one answer. */
function parseParts(parts: Parts): Record<string, unknown> {
  const errors: RequestError[] = [];
  const slugs = new Set<ProblemSlug>();
  const parsed: Record<string, unknown> = {};
  for (const [place, { schema, value }] of Object.entries(parts)) {
    const result = schema?.safeParse(value);
    if (!result || result.success) {
      parsed[place] = result?.data;
      continue;
    }
    for (const issue of result.error.issues) {
      slugs.add(slugOf(issue));
      errors.push(...errorsOf(place, issue));
    }
  }
  if (errors.length === 0) return parsed;
  const slug = [...slugs].find((candidate) => candidate !== 'malformed-request') ?? 'malformed-request';
  throw new Problem(slug, undefined, { errors: errors.slice(0, ERRORS_MAX) });
}

/** A schema may name a problem of its own in an issue's `params.slug`; free text does so for forbidden numbers. */
function slugOf(issue: z.core.$ZodIssue): ProblemSlug {
  const slug: unknown = issue.code === 'custom' ? issue.params?.['slug'] : undefined;
  return isProblemSlug(slug) ? slug : 'malformed-request';
}

const isProblemSlug = (slug: unknown): slug is ProblemSlug => typeof slug === 'string' && Object.hasOwn(problems, slug);

/** Messages of zod say what was expected and name types; none of them repeats a value. */
function errorsOf(place: string, issue: z.core.$ZodIssue): RequestError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: pointer(place, ...issue.path, key),
      detail: 'This field is not known here.',
    }));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    // What the reader most likely meant: the shape with the fewest mistakes.
    const closest = issue.errors.reduce((least, one) => (one.length < least.length ? one : least));
    return closest.flatMap((inner) => errorsOf(place, { ...inner, path: [...issue.path, ...inner.path] }));
  }
  return [{ pointer: pointer(place, ...issue.path), detail: issue.message }];
}

/**
 * API Gateway has decoded the path already. What is still escaped, or was replaced, was no valid UTF-8; and no id,
 * slug or token of ours needs a per cent sign.
 */
function readParams(params: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined && /[%\uFFFD\p{Cc}]/u.test(value)) throw malformed(['params', name], 'Not a valid path.');
  }
  return params;
}

/** From the raw query: API Gateway joins repeated parameters with commas, and then nobody can tell them apart. */
function readQuery(rawQueryString: string): Record<string, string> {
  const query = new Map<string, string>();
  for (const pair of rawQueryString.split('&')) {
    if (pair === '') continue;
    const [name = '', value = ''] = pair.split(/=(.*)/s, 2).map(decodeQueryPart);
    if (query.has(name)) throw malformed(['query', name], 'This parameter is given twice.');
    if (name === '__proto__') throw malformed(['query', name], 'This name is not allowed.');
    query.set(name, value);
  }
  return Object.fromEntries(query);
}

function decodeQueryPart(part: string): string {
  let decoded: string;
  try {
    decoded = decodeURIComponent(part.replaceAll('+', ' '));
  } catch {
    throw malformed(['query'], 'The query is not valid percent-encoded UTF-8.');
  }
  if (/\p{Cc}/u.test(decoded)) throw malformed(['query'], 'Control characters are not allowed.');
  return decoded;
}

function readBody(event: APIGatewayProxyEventV2, route: Route): unknown {
  const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  const contentType = event.headers['content-type'] ?? '';
  if (!route.body) {
    // A form is left unread: browsers and mail programs (RFC 8058) send one to a link that needs no fields.
    const isForm = /^application\/x-www-form-urlencoded|^multipart\/form-data/i.test(contentType);
    if (bytes.byteLength > 0 && !isForm) throw malformed(['body'], 'This route takes no body.');
    return undefined;
  }
  if (route.form && /^application\/x-www-form-urlencoded(?:\s*;.*)?$/i.test(contentType.trim()))
    return parseForm(bytes);
  if (!/^application\/json(?:\s*;\s*charset="?utf-8"?)?$/i.test(contentType.trim())) {
    throw new Problem('unsupported-media-type');
  }
  return parseStrictJson(bytes);
}

/** A strong entity tag of ours (RFC 9110, section 8.8.3); whether it must be there is decided after access is. */
function readIfMatch(event: APIGatewayProxyEventV2, { versioned, method }: Route): number | undefined {
  const header = event.headers['if-match'];
  if (header === undefined || !versioned || method === 'GET' || method === 'POST') return undefined;
  const version = /^"([1-9]\d{0,14})"$/.exec(header.trim())?.[1];
  if (version === undefined) {
    throw malformed(['headers', 'if-match'], 'Send the ETag of the resource as it was given; `*` is refused.');
  }
  return Number(version);
}

const malformed = (path: readonly string[], detail: string): Problem =>
  new Problem('malformed-request', undefined, { errors: [{ pointer: pointer(...path), detail }] });
