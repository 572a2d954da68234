import * as z from 'zod';

/** A field of a schema: where it is, and what it takes once optional and default are taken off. */
export interface Field {
  /** `facts.measures`; what lies in a list carries no index. */
  readonly path: string;
  readonly schema: z.ZodType;
}

/** Deeper than any schema of ours; a schema that holds itself ends here. */
const DEPTH_MAX = 12;

/** Every field of a schema that is no object or list itself, in the order declared. */
export function fieldsOf(schema: z.ZodType, path = '', depth = 0): Field[] {
  if (depth > DEPTH_MAX) return [];
  const within = (inner: unknown, name = '') =>
    fieldsOf(inner as z.ZodType, [path, name].filter(Boolean).join('.'), depth + 1);
  if (schema instanceof z.ZodObject) {
    return Object.entries(schema.shape as Record<string, unknown>).flatMap(([name, field]) => within(field, name));
  }
  if (schema instanceof z.ZodArray) return within(schema.element);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => within(option));
  if (schema instanceof z.ZodRecord) return within(schema.valueType);
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault) {
    return within(schema.unwrap());
  }
  return [{ path, schema }];
}

/** Takes what people write in several lines (`freeText`): of such a field nobody knows beforehand what it holds. */
export const isFreeText = ({ schema }: Field): boolean =>
  schema instanceof z.ZodString && schema.safeParse('a\nb').success && !schema.safeParse('a\u0000b').success;
