import type * as z from 'zod';
import type { Language } from './call.ts';
import type { ProblemDocument } from './problem-document.ts';
import type { Content, Route, Routes } from './route.ts';
import { demandsIdempotencyKey, isOpenAtGateway } from './route-facts.ts';

export interface ClientOptions {
  readonly baseUrl: string;
  /** The access token, asked for before each request; undefined while nobody is signed in. */
  token?(): string | undefined | Promise<string | undefined>;
  /** `Vern-Role` of every request to a route for roles that names no other. */
  readonly role?: string;
  readonly language?: Language;
  readonly fetch?: typeof fetch;
  /** Waits before the second try. */
  wait?(milliseconds: number): Promise<void>;
}

type Wanted<S> = S extends z.ZodType ? z.input<S> : never;
type DemandsIfMatch<R extends Route> = R extends { versioned: true; method: 'PUT' | 'PATCH' | 'DELETE' } ? true : false;

/** A part of the request is demanded when its schema demands something, and may be left out when all of it may be. */
type Part<Name extends string, S> = S extends z.ZodType
  ? Record<string, never> extends Wanted<S>
    ? { readonly [K in Name]?: Wanted<S> }
    : { readonly [K in Name]: Wanted<S> }
  : unknown;

type RequestOf<R extends Route> = Part<'params', R['params']> &
  Part<'query', R['query']> &
  (R extends { body: infer B } ? { readonly body: Wanted<B> } : unknown) &
  /** The `etag` of an answer, or the version in it. */
  (DemandsIfMatch<R> extends true ? { readonly ifMatch: string | number } : unknown) &
  (R extends { creates: true } ? { readonly idempotencyKey?: string } : unknown) & {
    /** `Vern-Role`, on a route for roles. */
    readonly role?: string;
  };

type BodyOf<R extends Route> = R['success'] extends { body: infer B extends z.ZodType }
  ? z.output<B>
  : R['success'] extends { content: readonly string[] }
    ? Content
    : undefined;

interface Answer<Body> {
  readonly body: Body;
  readonly status: number;
  /** As it stands in the header, to be sent back in `ifMatch`. */
  readonly etag: string | undefined;
  readonly headers: Headers;
}

export type Client<R extends Routes> = {
  readonly [Id in keyof R]: Record<string, never> extends RequestOf<R[Id]>
    ? (request?: RequestOf<R[Id]>) => Promise<Answer<BodyOf<R[Id]>>>
    : (request: RequestOf<R[Id]>) => Promise<Answer<BodyOf<R[Id]>>>;
};

/** The service refused, and says why. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly status: number;
  /** The last part of the problem's type; `undefined` for `about:blank` (500). */
  readonly slug: string | undefined;
  readonly problem: ProblemDocument & Readonly<Record<string, unknown>>;
  readonly headers: Headers;

  constructor(operation: string, problem: ProblemError['problem'], headers: Headers) {
    super(`${operation}: ${problem.status} ${problem.title}`);
    this.status = problem.status;
    this.slug = /\/problems\/([\w-]+)$/.exec(problem.type)?.[1];
    this.problem = problem;
    this.headers = headers;
  }
}

/** API Gateway answered before the service did; its body is `{ message }` and no problem document. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly status: number;
  readonly headers: Headers;

  constructor(operation: string, status: number, message: string, headers: Headers) {
    super(`${operation}: ${status} ${message}`);
    this.status = status;
    this.headers = headers;
  }
}

const RETRY_SECONDS_MAX = 5;

/** One request, before its types are known to be right. */
interface LooseRequest {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly ifMatch?: string | number;
  readonly idempotencyKey?: string;
  readonly role?: string;
}

/**
 * A typed client for the declared routes. A creating request gets a fresh Idempotency-Key; 429 and 503 with a
 * `Retry-After` of at most five seconds are tried once more, with the same key. Throws `ProblemError` or `GatewayError`.
 */
export function clientFor<R extends Routes>(routes: R, options: ClientOptions): Client<R> {
  const operations = Object.entries(routes).map(([id, route]) => [
    id,
    (request: LooseRequest = {}) => perform(id, route, request, options),
  ]);
  return Object.fromEntries(operations) as Client<R>;
}

async function perform(operation: string, route: Route, request: LooseRequest, options: ClientOptions) {
  const send = options.fetch ?? fetch;
  const url = urlOf(route, request, options.baseUrl);
  const init: RequestInit = {
    method: route.method,
    headers: await headersOf(route, request, options),
    redirect: 'error',
    ...(request.body !== undefined && { body: JSON.stringify(request.body) }),
  };
  let response = await send(url, init);
  const retryAfterSeconds = secondsToWait(response);
  if (retryAfterSeconds !== undefined) {
    await response.body?.cancel();
    await (options.wait ?? wait)(retryAfterSeconds * 1000);
    response = await send(url, init);
  }
  if (!response.ok) throw await failureOf(operation, response);
  return {
    body: await bodyOf(route, response),
    status: response.status,
    etag: response.headers.get('etag') ?? undefined,
    headers: response.headers,
  };
}

function urlOf(route: Route, { params = {}, query = {} }: LooseRequest, baseUrl: string): URL {
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const url = new URL(baseUrl.replace(/\/$/, '') + path);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}

async function headersOf(route: Route, request: LooseRequest, options: ClientOptions): Promise<Headers> {
  const headers = new Headers();
  const set = (name: string, value: string | undefined) => value !== undefined && headers.set(name, value);
  set('accept-language', options.language);
  if (request.body !== undefined) set('content-type', 'application/json');
  if (!isOpenAtGateway(route.access)) {
    const token = await options.token?.();
    set('authorization', token && `Bearer ${token}`);
  }
  if (route.access.to === 'role') set('vern-role', request.role ?? options.role);
  if (demandsIdempotencyKey(route)) set('idempotency-key', request.idempotencyKey ?? crypto.randomUUID());
  set('if-match', typeof request.ifMatch === 'number' ? `"${request.ifMatch}"` : request.ifMatch);
  return headers;
}

function secondsToWait(response: Response): number | undefined {
  const header = response.headers.get('retry-after');
  if ((response.status !== 429 && response.status !== 503) || !/^\d+$/.test(header ?? '')) return undefined;
  const seconds = Number(header);
  return seconds <= RETRY_SECONDS_MAX ? seconds : undefined;
}

const wait = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

async function failureOf(operation: string, response: Response): Promise<ProblemError | GatewayError> {
  const text = await response.text();
  const document = jsonIn(text);
  if (response.headers.get('content-type')?.startsWith('application/problem+json') && isProblem(document)) {
    return new ProblemError(operation, document, response.headers);
  }
  const message = isGatewayBody(document) ? document.message : response.statusText;
  return new GatewayError(operation, response.status, message, response.headers);
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isProblem = (value: unknown): value is ProblemError['problem'] =>
  isObject(value) &&
  typeof value['type'] === 'string' &&
  typeof value['title'] === 'string' &&
  typeof value['status'] === 'number';
const isGatewayBody = (value: unknown): value is { message: string } =>
  isObject(value) && typeof value['message'] === 'string';

async function bodyOf({ success }: Route, response: Response): Promise<unknown> {
  if ('body' in success) return response.json();
  if (!('content' in success)) return undefined;
  const contentType = response.headers.get('content-type') ?? '';
  const filename = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get('content-disposition') ?? '')?.[1];
  const isText = /^text\/|json|xml/.test(contentType);
  const content: Content = {
    contentType,
    content: isText ? await response.text() : new Uint8Array(await response.arrayBuffer()),
    ...(filename && { filename: decodeURIComponent(filename) }),
  };
  return content;
}

/** Tokens are renewed so long before they end. */
const RENEWED_BEFORE_SECONDS = 60;

/**
 * The tokens of a service client (RFC 6749, section 4.4), to be given to a client as `token`: asked for when the first
 * request needs one, and again shortly before it ends. Throws `ProblemError` or `GatewayError`.
 */
export function serviceTokens(options: {
  readonly baseUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly fetch?: typeof fetch;
  now?(): Date;
}): () => Promise<string> {
  const { baseUrl, clientId, clientSecret, fetch: send = fetch, now = () => new Date() } = options;
  let held: { readonly token: string; readonly until: number } | undefined;
  let underWay: Promise<string> | undefined;

  async function ask(): Promise<string> {
    const response = await send(new URL(`${baseUrl.replace(/\/$/, '')}/v1/oauth/token`), {
      method: 'POST',
      headers: {
        authorization: `Basic ${btoa(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`)}`,
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/problem+json',
      },
      body: 'grant_type=client_credentials',
      redirect: 'error',
    });
    if (!response.ok) throw await failureOf('issueServiceToken', response);
    const { access_token, expires_in } = (await response.json()) as { access_token: string; expires_in: number };
    held = { token: access_token, until: now().getTime() + (expires_in - RENEWED_BEFORE_SECONDS) * 1000 };
    return access_token;
  }

  return async () => {
    if (held && now().getTime() < held.until) return held.token;
    // Requests side by side wait for one and the same token.
    underWay ??= ask().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}
