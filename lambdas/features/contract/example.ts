import type { JsonSchema, OpenApiDocument } from '../../http/openapi-types.ts';
import { resolved } from './schema-view.ts';

const LEVELS_MAX = 8;

/** A value that the schema could describe, for a reader: its own example where it has one. */
export function exampleOf(schema: JsonSchema, schemas: OpenApiDocument['components']['schemas'], level = 1): unknown {
  const plain = resolved(schema, schemas);
  const stated = schema.examples?.[0] ?? plain.examples?.[0] ?? plain.default ?? plain.const ?? plain.enum?.[0];
  if (stated !== undefined) return stated;
  if (level > LEVELS_MAX) return undefined;
  const choice = plain.anyOf?.[0] ?? plain.oneOf?.[0] ?? plain.allOf?.[0];
  if (choice) return exampleOf(choice, schemas, level + 1);
  if (plain.properties) {
    const members = Object.entries(plain.properties).map(([name, member]) => [
      name,
      exampleOf(member, schemas, level + 1),
    ]);
    return Object.fromEntries(members);
  }
  if (plain.type === 'array') {
    return typeof plain.items === 'object' ? [exampleOf(plain.items, schemas, level + 1)] : [];
  }
  return exampleOfType(plain);
}

const byFormat: Readonly<Record<string, string>> = {
  'date-time': '2026-11-21T08:00:00.000Z',
  date: '2026-11-21',
  email: 'kari@example.no',
  uri: 'https://example.no/',
  uuid: '5b6f2c1e-8f0a-4d7b-9c55-0d9a5f3f7c11',
  base64: 'AAAA',
};

function exampleOfType({ type, format, minimum }: JsonSchema): unknown {
  const first = typeof type === 'string' ? type : type?.[0];
  if (first === 'integer' || first === 'number') return minimum ?? 1;
  if (first === 'boolean') return true;
  if (first === 'object') return {};
  if (first === 'null') return null;
  return byFormat[format ?? ''] ?? '…';
}
