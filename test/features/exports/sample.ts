import fc from 'fast-check';
import * as z from 'zod';

interface JsonSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly type?: string;
  readonly examples?: readonly unknown[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly minimum?: number;
}

/** A value that the schema takes, with everything filled in that may be. Throws when it cannot find one. */
export function sampleOf<S extends z.ZodType>(schema: S): z.output<S> {
  const whole = z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }) as JsonSchema;
  return schema.parse(sample(whole, whole.$defs ?? {}));
}

function sample(schema: JsonSchema, defs: Readonly<Record<string, JsonSchema>>): unknown {
  if (schema.$ref) return sample(defs[schema.$ref.split('/').at(-1) ?? ''] ?? {}, defs);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const choice = schema.anyOf?.[0] ?? schema.oneOf?.[0];
  if (choice) return sample(choice, defs);
  if (schema.allOf) return sample(Object.assign({}, schema, { allOf: undefined }, ...schema.allOf), defs);
  if (schema.type === 'object') {
    return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, one]) => [name, sample(one, defs)]));
  }
  if (schema.type === 'array') {
    const items = Array.from({ length: Math.max(1, schema.minItems ?? 0) }, () => sample(schema.items ?? {}, defs));
    return items;
  }
  if (schema.type === 'integer' || schema.type === 'number') return Math.max(1, schema.minimum ?? 1);
  if (schema.type === 'boolean') return true;
  return text(schema);
}

function text({ examples, format, pattern, minLength = 0 }: JsonSchema): string {
  const example = examples?.[0];
  if (typeof example === 'string') return example;
  if (format === 'email') return 'kari@example.no';
  if (format === 'date') return '2026-11-20';
  if (format === 'date-time') return '2026-11-20T08:00:00Z';
  if (format === 'uri') return 'https://example.no/';
  if (format === 'base64') return 'iVBORw==';
  if (pattern !== undefined) return fc.sample(fc.stringMatching(new RegExp(pattern)), { numRuns: 1, seed: 1 })[0] ?? '';
  return 'Tekst'.padEnd(minLength, '.');
}
