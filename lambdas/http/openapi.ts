import type * as z from 'zod';
import { type Action, type Rule, rules, serviceClientScopes } from '../access/rules.ts';
import { deprecationText } from './deprecation.ts';
import { errorSchemas, problemExamples, responseHeaders, responsesOf } from './openapi-responses.ts';
import { SchemaCollection } from './openapi-schemas.ts';
import type { JsonSchema, OpenApiDocument, Operation, Parameter } from './openapi-types.ts';
import { type Access, type Route, type Routes, type Tag, tags } from './route.ts';
import { demandsIdempotencyKey, demandsIfMatch, problemsOf } from './route-facts.ts';

/** Builds the OpenAPI 3.1 document from the declarations of all routes. */
export function openApiDocument(routes: Routes, about: { version: string; publicUrl: string }): OpenApiDocument {
  const collection = new SchemaCollection();
  const paths: Record<string, Record<string, Operation>> = {};
  for (const [operationId, route] of Object.entries(routes)) {
    const operations = paths[route.path] ?? {};
    paths[route.path] = operations;
    const method = route.method.toLowerCase();
    if (operations[method]) throw new Error(`${route.method} ${route.path} is declared twice`);
    operations[method] = operationOf(operationId, route, collection);
  }
  const { document, schemas } = collection.resolve(paths);
  const used = JSON.stringify(document);
  const usedOnly = <T>(kind: string, all: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(all).filter(([name]) => used.includes(`"#/components/${kind}/${name}"`)));

  return {
    openapi: '3.1.1',
    info: infoOf(about),
    servers: [{ url: about.publicUrl, description: 'The service.' }],
    tags: Object.entries(tags)
      .filter(([name]) => Object.values(routes).some(({ tag }) => tag === name))
      .map(([name, description]) => ({ name, description })),
    paths: document,
    components: {
      schemas: { ...schemas, ...usedOnly('schemas', errorSchemas) },
      parameters: usedOnly('parameters', headerParameters),
      headers: usedOnly('headers', responseHeaders),
      examples: usedOnly('examples', problemExamples(Object.values(routes).flatMap(problemsOf), about.publicUrl)),
      securitySchemes: Object.fromEntries(
        Object.entries(securitySchemesOf(about)).filter(([name]) => used.includes(`"${name}"`)),
      ),
    },
  };
}

const securitySchemesOf = ({ publicUrl }: { publicUrl: string }) => ({
  accessToken: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'An access token of the user pool that `GET /v1/sign-in-configuration` names. ID tokens are refused.',
  },
  // OpenAPI has no name for message signatures: the header that carries them, and in words what they are.
  deviceSignature: {
    type: 'apiKey',
    in: 'header',
    name: 'Signature',
    description:
      'An HTTP Message Signature (RFC 9421) by the device’s Ed25519 key: `Signature-Input` covers `@method`, ' +
      '`@target-uri` and `content-digest` (RFC 9530, `sha-256`), with `created` at most five minutes from the time of ' +
      'arrival, `keyid` the device’s id and, where it is given, `alg="ed25519"`.',
  },
  serviceClient: {
    type: 'oauth2',
    description: 'A program of the organisation’s: client credentials (RFC 6749, section 4.4).',
    flows: {
      clientCredentials: {
        tokenUrl: `${publicUrl}/v1/oauth/token`,
        scopes: Object.fromEntries(serviceClientScopes.map((scope) => [scope, `The action ${scope}.`])),
      },
    },
  },
  clientSecret: { type: 'http', scheme: 'basic', description: 'The id and the secret of a service client.' },
});

const infoOf = ({ version, publicUrl }: { version: string; publicUrl: string }): OpenApiDocument['info'] => ({
  title: 'Vern',
  version,
  summary: 'The service where the privacy statement runs.',
  description: [
    'Organisations offer Vern to the people they serve: who is where and when, the week, messages and notices.',
    '**Signing in.** Read the user pool and client from `GET /v1/sign-in-configuration`, sign in there (SRP), and send `Authorization: Bearer <access token>`. A password is changed (`ChangePassword`) or, when forgotten, chosen anew (`ForgotPassword`) there as well: none ever passes this API.',
    '**Roles.** Addresses under `/v1/organisations/{organisationId}` need `Vern-Role`: one of your own roles in that organisation. What you have no role for is answered as if it were not there.',
    '**Creating.** A creating request needs an `Idempotency-Key`. The same key with the same request gets the same answer for 24 hours; with another request it is refused.',
    '**Changing.** An answer with an `ETag` is changed under `If-Match`, so that nobody overwrites what they have not read.',
    '**Growing.** Fields and operations are added at any time: ignore what you do not know. Nothing that is published is taken away before it has been marked `deprecated` here for six months; until then each answer says so in `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and `Link`.',
    '**Programs.** A service client gets its tokens at `POST /v1/oauth/token` (RFC 6749, section 4.4), and does what its scopes name.',
    '**Devices.** A safety device makes an Ed25519 key, gives its public half with the code that staff were shown (`POST /v1/devices/enrolments`), and signs every request by it (RFC 9421): `Content-Digest: sha-256=:…:` of the body, `Signature-Input: sig1=("@method" "@target-uri" "content-digest");created=…;keyid="<its id>"` and `Signature: sig1=:…:`. A refused signature is told so with `Accept-Signature`; `Date` in each answer tells the time to a device whose clock is wrong.',
    '**Webhooks** are signed as Standard Webhooks 1.0 says: `webhook-id`, `webhook-timestamp`, and in `webhook-signature` the HMAC-SHA-256 of `id.timestamp.body` under the secret, for which there are libraries in most languages.',
    '**Looking.** `HEAD` is answered like `GET`, without the body, wherever `GET` is.',
    '**Bodies** are JSON in UTF-8 of at most 256 KB. Unknown fields, fields given twice, and card or identity numbers in free text are refused.',
    '**Problems** are RFC 9457 documents whose `type` is the address of a page about them. A few errors come from Amazon API Gateway before the service sees the request; those are `{ "message": … }`.',
  ].join('\n\n'),
  contact: { name: 'The reference and the problem pages', url: `${publicUrl}/docs` },
  license: { name: 'All rights reserved', identifier: 'LicenseRef-All-Rights-Reserved' },
});

function operationOf(operationId: string, route: Route, collection: SchemaCollection): Operation {
  return {
    operationId,
    summary: route.summary,
    description: [route.description, route.deprecated && deprecationText(route.deprecated), accessText(route.access)]
      .filter((text) => text !== undefined)
      .join('\n\n'),
    tags: [route.tag satisfies Tag],
    security: securityOf(route),
    parameters: [
      ...pathParameters(route, collection),
      ...parametersIn('query', route.query, collection),
      ...headersOf(route).map((name) => ({ $ref: `#/components/parameters/${name}` })),
    ],
    ...(route.body && { requestBody: { required: true as const, content: bodyOf(route, route.body, collection) } }),
    responses: responsesOf(route, collection),
    ...(route.access.to === 'role' && { 'x-action': route.access.may }),
    ...(route.deprecated && { deprecated: true as const, 'x-sunset': route.deprecated.sunset }),
  };
}

function securityOf({ access, withBasicCredentials }: Route): Operation['security'] {
  // The other way of naming a client is in the body.
  if (withBasicCredentials) return [{ clientSecret: [] }, {}];
  if (access.to === 'anyone') return [];
  if (access.to === 'device') return [{ deviceSignature: [] }];
  const isForPrograms = access.to === 'role' && serviceClientScopes.includes(access.may);
  return [{ accessToken: [] }, ...(isForPrograms ? [{ serviceClient: [access.may] }] : [])];
}

function bodyOf(route: Route, body: z.ZodType, collection: SchemaCollection) {
  const media = { schema: collection.add(body, 'input') };
  return { 'application/json': media, ...(route.form && { 'application/x-www-form-urlencoded': media }) };
}

function pathParameters(route: Route, collection: SchemaCollection): Parameter[] {
  const declared = parametersIn('path', route.params, collection);
  const named = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  const missing = named.filter((name) => !declared.some((parameter) => parameter.name === name));
  if (missing.length > 0 || declared.length !== named.length) {
    throw new Error(`The params of ${route.method} ${route.path} are not those in its path`);
  }
  return declared;
}

function parametersIn(
  place: 'path' | 'query',
  schema: z.ZodType | undefined,
  collection: SchemaCollection,
): Parameter[] {
  if (!schema) return [];
  const { properties = {}, required = [] } = collection.add(schema, 'input');
  return Object.entries(properties).map(([name, { description, ...property }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description !== undefined && { description }),
    schema: property satisfies JsonSchema,
  }));
}

type HeaderName = keyof typeof headerParameters;

function headersOf(route: Route): HeaderName[] {
  const names: HeaderName[] = [];
  if (route.access.to === 'role') names.push('Vern-Role');
  if (demandsIdempotencyKey(route)) names.push('Idempotency-Key');
  if (demandsIfMatch(route)) names.push('If-Match');
  if (route.versioned && route.method === 'GET') names.push('If-None-Match');
  if (!('content' in route.success)) names.push('Accept-Language');
  return names;
}

const headerParameters = {
  'Vern-Role': {
    name: 'Vern-Role',
    in: 'header',
    required: true,
    description: 'The role you act in: one of your own; `GET /v1/me` lists them.',
    schema: { type: 'string', pattern: '^rol_[0-9a-z]{26}$', examples: ['rol_01jd8m3v5c2w7x9y4z6a8b0c1d'] },
  },
  'Idempotency-Key': {
    name: 'Idempotency-Key',
    in: 'header',
    required: true,
    description: 'A fresh random value for each thing to create; the same one when you try again.',
    schema: {
      type: 'string',
      pattern: '^[\\x21-\\x7e]{1,128}$',
      examples: ['5b6f2c1e-8f0a-4d7b-9c55-0d9a5f3f7c11'],
    },
  },
  'If-Match': {
    name: 'If-Match',
    in: 'header',
    required: true,
    description: 'The `ETag` of the version that you change.',
    schema: { type: 'string', pattern: '^"[1-9][0-9]*"$', examples: ['"3"'] },
  },
  'If-None-Match': {
    name: 'If-None-Match',
    in: 'header',
    required: false,
    description: 'The `ETag` that you have: if it still holds, the answer is 304 without a body.',
    schema: { type: 'string', examples: ['"3"'] },
  },
  'Accept-Language': {
    name: 'Accept-Language',
    in: 'header',
    required: false,
    description: '`nb` or `en`; Norwegian unless asked otherwise.',
    schema: { type: 'string', examples: ['nb'] },
  },
} as const satisfies Readonly<Record<string, Parameter>>;

/** Who may call, in words, from the rules that decide it. */
function accessText(access: Access): string {
  if (access.to === 'anyone') return '**Who:** anyone, without a token.';
  if (access.to === 'device') return '**Who:** the device itself, by its signature.';
  const proof = access.proof === 'fresh' ? ' Signed in within the last five minutes.' : '';
  if (access.to === 'account') return `**Who:** whoever is signed in, for what is their own.${proof}`;
  return `**Who:** ${rolesIn(access.may)}.${proof}`;
}

const rolesIn = (action: Action): string => rules[action].map(ruleText).join('; ');

/** A rule in words, for the contract and the list of permissions. */
export function ruleText(rule: Rule): string {
  if (rule.within === 'organisation') return rule.role;
  if (rule.within === 'whole-organisation') return `${rule.role} of the whole organisation`;
  if (rule.within === 'scope') return `${rule.role} within the scope of the role`;
  if (rule.within === 'self') return `${rule.role} about themselves`;
  return `${rule.role} of the child (${rule.rights.join(', ')})`;
}
