import type { InvocationResult } from '../lambda/pool.ts';

export interface GatewayResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: Buffer;
}

const gatewayMessages = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  413: 'Request Entity Too Large',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const;

export type GatewayErrorStatus = keyof typeof gatewayMessages;

/** An error that the gateway answers by itself, in its own format. */
export function gatewayError(
  status: GatewayErrorStatus,
  headers: Readonly<Record<string, string>> = {},
): GatewayResponse {
  const body = Buffer.from(JSON.stringify({ message: gatewayMessages[status] }));
  return { status, headers: { 'content-type': 'application/json', ...headers }, cookies: [], body };
}

interface FunctionAnswer {
  readonly statusCode?: unknown;
  readonly headers?: unknown;
  readonly cookies?: unknown;
  readonly body?: unknown;
  readonly isBase64Encoded?: unknown;
}

/**
 * What a function's result becomes (API Gateway developer guide, "Lambda function response for format 2.0"): without `statusCode`
 * the whole result is the JSON body of a 200; a result of the wrong form, and a function that failed, are a 500.
 */
export function responseFrom({ functionError, payload }: InvocationResult): GatewayResponse {
  if (functionError) return gatewayError(500);
  const result: unknown = JSON.parse(payload);
  if (typeof result !== 'object' || result === null || !('statusCode' in result)) return inferred(result);
  const { statusCode, headers = {}, cookies = [], body, isBase64Encoded } = result as FunctionAnswer;
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599) return gatewayError(500);
  if (typeof headers !== 'object' || !Array.isArray(cookies)) return gatewayError(500);
  if (body !== undefined && body !== null && typeof body !== 'string') return gatewayError(500);
  return {
    status,
    headers: { 'content-type': 'text/plain;charset=UTF-8', ...lowerCased(headers) },
    cookies: cookies.map(String),
    body: Buffer.from(body ?? '', isBase64Encoded === true ? 'base64' : 'utf8'),
  };
}

function inferred(result: unknown): GatewayResponse {
  const text = typeof result === 'string' ? result : (JSON.stringify(result) ?? '');
  return { status: 200, headers: { 'content-type': 'application/json' }, cookies: [], body: Buffer.from(text) };
}

function lowerCased(headers: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(Object(headers)).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
}
