import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import type { JsonSchema } from './openapi-types.ts';

/** A schema describes what is sent (before defaults and coercion) or what is answered (after them). */
export type Direction = 'input' | 'output';

const COMPONENTS = '#/components/schemas/';
const DEFS = '#/$defs/';

/** Turns zod schemas into JSON Schema; each one with an id of its own stands once, in the components. */
export class SchemaCollection {
  readonly #named: Readonly<Record<Direction, Map<string, JsonSchema>>> = { input: new Map(), output: new Map() };

  /** The schema, with references that `resolve` will settle. */
  add(schema: z.ZodType, direction: Direction): JsonSchema {
    // Wrapped, because zod inlines the outermost schema even when it has an id.
    const { $defs = {}, properties } = z.toJSONSchema(z.strictObject({ wrapped: schema }), {
      io: direction,
      override: ({ jsonSchema }) => simplify(jsonSchema),
    });
    for (const [id, definition] of Object.entries($defs)) {
      const { id: _, ...named } = definition;
      this.#addNamed(id, direction, directed(named, direction));
    }
    return directed(properties?.['wrapped'], direction);
  }

  #addNamed(id: string, direction: Direction, definition: JsonSchema): void {
    const known = this.#named[direction].get(id);
    if (known && !isDeepStrictEqual(known, definition)) throw new Error(`Two different schemas are called ${id}`);
    this.#named[direction].set(id, definition);
  }

  /** Settles all references of a document, and gives the components they refer to. */
  resolve<T>(document: T): { document: T; schemas: Record<string, JsonSchema> } {
    const twofold = this.#namesThatDiffer();
    const settled = <V>(value: V): V =>
      mapStrings(value, (text) => {
        const [, direction, id = ''] = /^#\/(input|output)\/(.+)$/.exec(text) ?? [];
        return direction ? COMPONENTS + nameOf(id, direction, twofold) : text;
      });
    const schemas: Record<string, JsonSchema> = {};
    for (const direction of ['output', 'input'] as const) {
      for (const [id, schema] of this.#named[direction]) schemas[nameOf(id, direction, twofold)] = settled(schema);
    }
    const sorted = Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1));
    return { document: settled(document), schemas: Object.fromEntries(sorted) };
  }

  /** The names whose two directions differ, by themselves or by what they refer to. */
  #namesThatDiffer(): ReadonlySet<string> {
    const { input, output } = this.#named;
    const twofold = new Set<string>();
    const unsettled = [...input].filter(([id]) => output.has(id));
    for (let before = -1; before < twofold.size; ) {
      before = twofold.size;
      for (const [id, sent] of unsettled) {
        const bothAs = (schema: JsonSchema | undefined) =>
          mapStrings(schema, (text) => {
            const [, direction, name = ''] = /^#\/(input|output)\/(.+)$/.exec(text) ?? [];
            return direction ? nameOf(name, direction, twofold) : text;
          });
        if (!isDeepStrictEqual(bothAs(sent), bothAs(output.get(id)))) twofold.add(id);
      }
    }
    return twofold;
  }
}

const nameOf = (id: string, direction: string, twofold: ReadonlySet<string>): string =>
  direction === 'input' && twofold.has(id) ? `${id}Input` : id;

/** References are kept apart by direction until it is known which names need two schemas. */
const directed = (schema: unknown, direction: Direction): JsonSchema =>
  mapStrings(schema, (text) =>
    text.startsWith(DEFS) ? `#/${direction}/${text.slice(DEFS.length)}` : text,
  ) as JsonSchema;

/** Formats that say it better than the regular expression that zod adds to them. */
const plainFormats: ReadonlySet<unknown> = new Set(['date-time', 'date', 'email', 'uri', 'uuid']);

function simplify(schema: z.core.JSONSchema.BaseSchema): void {
  if (plainFormats.has(schema.format)) delete schema.pattern;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  // A record whose names are all known is an object like any other.
  const names = typeof schema.propertyNames === 'object' ? schema.propertyNames.enum : undefined;
  const member = schema.additionalProperties;
  if (!names || typeof member !== 'object') return;
  schema.properties = Object.fromEntries(names.map((name) => [String(name), member]));
  schema.additionalProperties = false;
  delete schema.propertyNames;
}

function mapStrings<T>(value: T, change: (text: string) => string): T;
function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, mapStrings(member, change)]));
}
