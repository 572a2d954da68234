import type { InvocationResult } from '../lambda/pool.ts';

export interface GatewayResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: Buffer;
  /** For the access log alone: the gateway's own error, and what was wrong with the function's answer. */
  readonly errorType?: string;
  readonly errorMessage?: string;
  readonly integrationError?: string;
}

/** The message of each, and its type ("Gateway response types for API Gateway"). */
const gatewayErrors = {
  401: ['Unauthorized', 'UNAUTHORIZED'],
  403: ['Forbidden', 'ACCESS_DENIED'],
  404: ['Not Found', 'RESOURCE_NOT_FOUND'],
  413: ['Request Entity Too Large', 'REQUEST_TOO_LARGE'],
  429: ['Too Many Requests', 'THROTTLED'],
  431: ['Request Header Fields Too Large', 'DEFAULT_4XX'],
  500: ['Internal Server Error', 'DEFAULT_5XX'],
  503: ['Service Unavailable', 'INTEGRATION_TIMEOUT'],
} as const;

export type GatewayErrorStatus = keyof typeof gatewayErrors;

/** An error that the gateway answers by itself, in its own format. */
export function gatewayError(
  status: GatewayErrorStatus,
  headers: Readonly<Record<string, string>> = {},
): GatewayResponse {
  const [errorMessage, errorType] = gatewayErrors[status];
  const body = Buffer.from(JSON.stringify({ message: errorMessage }));
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    cookies: [],
    body,
    errorType,
    errorMessage,
  };
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
  if (functionError) return integrationFailed(`The Lambda function returned the following error: ${functionError}`);
  const result: unknown = JSON.parse(payload);
  if (typeof result !== 'object' || result === null || !('statusCode' in result)) return inferred(result);
  const { statusCode, headers = {}, cookies = [], body, isBase64Encoded } = result as FunctionAnswer;
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599) return integrationFailed(malformed);
  if (typeof headers !== 'object' || !Array.isArray(cookies)) return integrationFailed(malformed);
  if (body !== undefined && body !== null && typeof body !== 'string') return integrationFailed(malformed);
  return {
    status,
    headers: { 'content-type': 'text/plain;charset=UTF-8', ...lowerCased(headers) },
    cookies: cookies.map(String),
    body: Buffer.from(body ?? '', isBase64Encoded === true ? 'base64' : 'utf8'),
  };
}

const malformed = "The response from the Lambda function doesn't match the format that API Gateway expects";

function integrationFailed(integrationError: string): GatewayResponse {
  return { ...gatewayError(500), integrationError };
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
