import type { OpenApiDocument, Operation, Parameter } from '../../http/openapi-types.ts';
import { exampleOf } from './example.ts';
import { nameIn } from './schema-view.ts';

/** An operation with the address that it stands at. */
export interface Addressed {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
}

/** What shows who calls, with shell variables for what is the reader's own; by the name of the security scheme. */
const credentials: Readonly<Record<string, readonly string[]>> = {
  accessToken: [header('Authorization: Bearer $TOKEN')],
  clientSecret: ['-u "$CLIENT_ID:$CLIENT_SECRET"'],
  // RFC 9421, section 4, and RFC 9530, section 2.
  deviceSignature: [
    header('Content-Digest: sha-256=:$DIGEST:'),
    header('Signature-Input: sig1=("@method" "@target-uri" "content-digest");created=$NOW;keyid="$DEVICE_ID"'),
    header('Signature: sig1=:$SIGNATURE:'),
  ],
};

export const parametersOf = (operation: Operation, { components }: OpenApiDocument): Parameter[] =>
  operation.parameters
    .map((parameter) => ('$ref' in parameter ? components.parameters[nameIn(parameter.$ref)] : parameter))
    .filter((parameter) => parameter !== undefined);

/** The request as a command. */
export function curl({ method, path, operation }: Addressed, document: OpenApiDocument): string {
  const { schemas } = document.components;
  const parameters = parametersOf(operation, document);
  const filled = path.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const parameter = parameters.find((candidate) => candidate.name === name);
    return parameter ? String(exampleOf(parameter.schema, schemas)) : whole;
  });
  const query = parameters
    .filter((parameter) => parameter.in === 'query' && parameter.required)
    .map(({ name, schema }) => `${name}=${encodeURIComponent(String(exampleOf(schema, schemas)))}`);
  const body = operation.requestBody?.content['application/json']?.schema;
  // The first of several ways is a person's.
  const [scheme] = Object.keys(operation.security[0] ?? {});
  return [
    `curl${method === 'get' ? '' : ` -X ${method.toUpperCase()}`} "${document.servers[0]?.url}${filled}${query.length > 0 ? `?${query.join('&')}` : ''}"`,
    ...(scheme === undefined ? [] : (credentials[scheme] ?? [])),
    ...parameters
      .filter((parameter) => parameter.in === 'header' && parameter.required)
      .map(({ name, schema }) => header(`${name}: ${exampleOf(schema, schemas)}`)),
    ...(body ? [header('Content-Type: application/json')] : []),
    ...(body ? [`-d '${pretty(exampleOf(body, schemas)).replaceAll("'", "'\\''")}'`] : []),
  ].join(' \\\n  ');
}

function header(line: string): string {
  return `-H "${line.replaceAll('"', '\\"')}"`;
}

export const pretty = (value: unknown): string => JSON.stringify(value, undefined, 2) ?? '';
