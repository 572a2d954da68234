import type { JsonSchema, OpenApiDocument, Operation } from '../lambdas/http/openapi-types.ts';
import type { Route, Routes } from '../lambdas/http/route.ts';
import { demandsIdempotencyKey, demandsIfMatch } from '../lambdas/http/route-facts.ts';

/** The contract as TypeScript: each schema a type, each operation a function. What it imports: nothing. */
export function clientTypes(document: OpenApiDocument, routes: Routes): string {
  const schemas = Object.entries(document.components.schemas)
    .filter(([name]) => name !== 'GatewayError')
    .map(([name, schema]) => `${comment(schema.description)}export type ${name} = ${typeOf(schema)};\n`);
  const operations = Object.entries(routes).map(([id, route]) => {
    const operation = document.paths[route.path]?.[route.method.toLowerCase()];
    if (!operation) throw new Error(`The contract has no ${route.method} ${route.path}`);
    return `  ${comment(told(operation, route), '  ')}  readonly ${id}: ${signatureOf(operation, route)};\n`;
  });
  return [HEAD, ...schemas, 'export interface VernClient {\n', ...operations, '}\n'].join('\n');
}

const HEAD = `// Made from the contract of Vern; not to be changed by hand.
export interface ClientOptions {
  readonly baseUrl: string;
  /** The access token, asked for before each request; undefined while nobody is signed in. */
  token?(): string | undefined | Promise<string | undefined>;
  /** \`Vern-Role\` of every request to a route for roles that names no other. */
  readonly role?: string;
  readonly language?: 'nb' | 'en';
  readonly fetch?: typeof fetch;
}
export interface Answer<Body> {
  readonly body: Body;
  readonly status: number;
  /** As it stands in the header, to be sent back in \`ifMatch\`. */
  readonly etag: string | undefined;
  readonly headers: Headers;
}
export interface Content {
  readonly contentType: string;
  readonly content: string | Uint8Array;
  readonly filename?: string;
}
/** The service refused, and says why (RFC 9457). */
export declare class ProblemError extends Error {
  readonly name: 'ProblemError';
  readonly status: number;
  /** The last part of the problem's type; undefined for \`about:blank\` (500). */
  readonly slug: string | undefined;
  readonly problem: Problem;
  readonly headers: Headers;
}
/** API Gateway answered before the service did. */
export declare class GatewayError extends Error {
  readonly name: 'GatewayError';
  readonly status: number;
  readonly headers: Headers;
}
export declare function vernClient(options: ClientOptions): VernClient;
/** The tokens of a service client, to be given to a client as \`token\`. */
export declare function serviceTokens(options: {
  readonly baseUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly fetch?: typeof fetch;
  now?(): Date;
}): () => Promise<string>;
`;

function signatureOf(operation: Operation, route: Route): string {
  const inPath = partOf('params', operation, 'path');
  const inQuery = partOf('query', operation, 'query');
  const body = operation.requestBody?.content['application/json']?.schema;
  const parts = [
    ...inPath,
    ...inQuery,
    ...(body ? [`readonly body: ${typeOf(body)}`] : []),
    ...(demandsIfMatch(route) ? ['readonly ifMatch: string | number'] : []),
    ...(demandsIdempotencyKey(route) ? ['readonly idempotencyKey?: string'] : []),
    'readonly role?: string',
  ];
  const isOptional = parts.every((part) => /^readonly \w+\?:/.test(part));
  return `(request${isOptional ? '?' : ''}: { ${parts.join('; ')} }) => Promise<Answer<${answerOf(operation, route)}>>`;
}

function partOf(name: string, { parameters }: Operation, place: string): string[] {
  const declared = parameters.flatMap((parameter) => ('in' in parameter && parameter.in === place ? [parameter] : []));
  if (declared.length === 0) return [];
  const fields = declared.map(
    ({ name: field, required, schema }) =>
      `readonly ${key(field)}${required ? '' : '?'}: ${typeOf(schema)}${required ? '' : ' | undefined'}`,
  );
  return [`readonly ${name}${declared.some(({ required }) => required) ? '' : '?'}: { ${fields.join('; ')} }`];
}

function answerOf({ responses }: Operation, { success }: Route): string {
  if ('content' in success) return 'Content';
  if (!('body' in success)) return 'undefined';
  const schema = responses[String(success.status)]?.content?.['application/json']?.schema;
  if (!schema) throw new Error('An answer with a body, and no schema of it');
  return typeOf(schema);
}

/** A schema of the part of JSON Schema 2020-12 that the contract uses. Pure. */
export function typeOf(schema: JsonSchema | boolean): string {
  if (typeof schema === 'boolean') return schema ? 'unknown' : 'never';
  if (schema.$ref !== undefined) return schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return union(schema.enum.map((value) => JSON.stringify(value)));
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives) return union(alternatives.map(typeOf));
  if (schema.allOf) return schema.allOf.map((part) => `(${typeOf(part)})`).join(' & ');
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? []);
  return types.length === 0 ? 'unknown' : union(types.map((type) => plainTypeOf(type, schema)));
}

function plainTypeOf(type: string, schema: JsonSchema): string {
  switch (type) {
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      if (schema.prefixItems) return `readonly [${schema.prefixItems.map(typeOf).join(', ')}]`;
      return `readonly (${typeOf(schema.items ?? true)})[]`;
    case 'object':
      return objectType(schema);
    case 'string':
      return idType(schema.pattern) ?? type;
    default:
      return type;
  }
}

/** An id is told from other text, and from ids of another kind. */
function idType(pattern: string | undefined): string | undefined {
  const prefix = /^\^([a-z]{3}_)\[0-7\]/.exec(pattern ?? '')?.[1];
  return prefix && `\`${prefix}\${string}\``;
}

function objectType({ properties = {}, required = [], additionalProperties }: JsonSchema): string {
  const fields = Object.entries(properties).map(([name, schema]) => {
    const isRequired = required.includes(name);
    return `${comment(schema.description, ' ')}readonly ${key(name)}${isRequired ? '' : '?'}: ${typeOf(schema)}`;
  });
  if (fields.length > 0) return `{ ${fields.join('; ')} }`;
  if (additionalProperties === false) return 'Record<string, never>';
  return `{ readonly [name: string]: ${typeOf(additionalProperties ?? true)} }`;
}

const union = (types: readonly string[]) =>
  [...new Set(types)].map((type) => (/=>|&/.test(type) ? `(${type})` : type)).join(' | ');
const key = (name: string) => (/^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name));

const told = ({ summary }: Operation, { deprecated }: Route) =>
  deprecated ? `${summary}\n@deprecated Gone after ${deprecated.sunset}.` : summary;

function comment(text: string | undefined, indent = ''): string {
  if (text === undefined) return '';
  const safe = text.replaceAll('*/', '*\\/').split('\n');
  if (safe.length === 1) return `/** ${safe[0]} */${indent === '' ? '\n' : indent === ' ' ? ' ' : `\n`}`;
  return `/**\n${safe.map((line) => `${indent} * ${line}`).join('\n')}\n${indent} */\n`;
}
