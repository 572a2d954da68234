import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod';
import { chooseByAccept } from '../accept.ts';
import type { RichContent } from '../content.ts';
import type { ApiContext, ApiResult } from '../exchange.ts';
import type { Content, HandlersFor, Route, Routes } from '../route.ts';
import type { Steps } from '../steps.ts';

/** Calls the handler and turns its answer into a response; nothing leaves that the success schema does not declare. */
export const dispatch = <R extends Routes, C>(handlers: HandlersFor<R, C>, steps: Pick<Steps<C>, 'conclude'>) => {
  const handlerOf = handlers as Readonly<Record<string, (input: unknown, call: C) => Promise<unknown>>>;
  return async (event: APIGatewayProxyEventV2, { exchange }: ApiContext): Promise<ApiResult> => {
    const { route, routeId, input, admission, replay } = exchange;
    // What `admit` of the same steps gave.
    const call = exchange.call as C;
    if (replay) return jsonResponse(event, route, replay.status, declared(route, replay.body));
    const handle = handlerOf[routeId];
    if (!handle) throw new Error(`Route ${routeId} has no handler`);
    const answer = declared(route, await handle(input, call));
    await steps.conclude({ ...admission, call }, answer);
    const { success } = route;
    if ('content' in success) return contentResponse(event, route, success.content, answer as RichContent);
    return jsonResponse(event, route, success.status, answer);
  };
};

/** The answer through its schema. One that does not fit is a bug and becomes a 500, not a 400. */
const declared = ({ success }: Route, answer: unknown): unknown =>
  'body' in success ? success.body.parse(answer) : 'content' in success ? answer : undefined;

function jsonResponse(event: APIGatewayProxyEventV2, route: Route, statusCode: number, body: unknown): ApiResult {
  if (!('body' in route.success)) return { statusCode };
  const etag = etagOf(route, body);
  if (etag && isUnchanged(event, route, etag)) return { statusCode: 304, headers: { etag } };
  return {
    statusCode,
    headers: { 'content-type': 'application/json', ...(etag && { etag }) },
    body: JSON.stringify(body),
  };
}

const etagOf = (route: Route, answer: unknown) =>
  route.versioned ? `"${Versioned.parse(answer).version}"` : undefined;
const isUnchanged = (event: APIGatewayProxyEventV2, route: Route, etag: string) =>
  route.method === 'GET' && isKnown(event.headers['if-none-match'], etag);
const Versioned = z.object({ version: z.int().min(1) });

/** `If-None-Match` compares weakly, takes a list, and `*` (RFC 9110, section 13.1.2). */
const isKnown = (header: string | undefined, etag: string): boolean =>
  (header ?? '').split(',').some((candidate) => ['*', etag, `W/${etag}`].includes(candidate.trim()));

function contentResponse(
  event: APIGatewayProxyEventV2,
  route: Route,
  types: readonly string[],
  answer: RichContent,
): ApiResult {
  const etag = etagOf(route, answer);
  if (etag && isUnchanged(event, route, etag)) return { statusCode: 304, headers: { etag } };
  const { contentType, content, filename }: Content = chooseByAccept(event.headers['accept'], [
    answer,
    ...(answer.alternatives ?? []),
  ]);
  if (!types.includes(contentType)) throw new Error(`The content type ${contentType} is not declared`);
  const isText = typeof content === 'string';
  return {
    statusCode: 200,
    headers: {
      'content-type': contentType,
      ...(etag && { etag }),
      ...(answer.contentSecurityPolicy && { 'content-security-policy': answer.contentSecurityPolicy }),
      ...(answer.alternatives && { vary: 'accept' }),
      ...(filename !== undefined && { 'content-disposition': attachment(filename) }),
    },
    body: isText ? content : Buffer.from(content).toString('base64'),
    isBase64Encoded: !isText,
  };
}

/** RFC 6266 with RFC 8187: an ASCII name for old clients, the real one in UTF-8; no path, quote or control character. */
function attachment(filename: string): string {
  const safe = filename.toWellFormed().replace(/[\p{Cc}\p{Cf}/\\:*?"<>|]/gu, '_');
  const ascii = safe
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e]/g, '_')
    .replaceAll('%', '_');
  const encoded = encodeURIComponent(safe).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
