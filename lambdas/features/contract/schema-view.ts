import { type Html, html } from '../../http/html.ts';
import type { JsonSchema, OpenApiDocument } from '../../http/openapi-types.ts';
import { inline } from './document-page.ts';

type Schemas = OpenApiDocument['components']['schemas'];

const LEVELS_MAX = 6;

export const nameIn = ($ref: string): string => $ref.split('/').at(-1) ?? '';

/** The schema itself, when a reference stands for it. */
export const resolved = (schema: JsonSchema, schemas: Schemas): JsonSchema =>
  schema.$ref === undefined ? schema : (schemas[nameIn(schema.$ref)] ?? {});

/** What is worth saying of a field: in a request that it is demanded, in an answer that it may be missing. */
export type Marks = 'required' | 'optional';

/** The fields of an object (or of the items of a list), one beneath the other; nothing for other schemas. */
export function fieldsView(schema: JsonSchema, schemas: Schemas, marks: Marks, level = 1): Html {
  const shown = objectIn(resolved(schema, schemas), schemas);
  if (level > LEVELS_MAX) return html``;
  const variants = (shown.anyOf ?? shown.oneOf ?? []).filter((variant) => resolved(variant, schemas).properties);
  if (variants.length > 0) {
    return html`${variants.map(
      (
        variant,
        place,
      ) => html`<p class="variant">${place > 0 ? 'or' : 'Either'} ${variant.$ref !== undefined && typeText(variant)}</p>
${fieldsView(variant, schemas, marks, level + 1)}`,
    )}`;
  }
  if (!shown.properties) return html``;
  const { properties, required = [] } = shown;
  const rows = Object.entries(properties).map(([name, field]) =>
    fieldView({ name, schema: field, isRequired: required.includes(name) }, schemas, marks, level),
  );
  return html`<dl class="fields">${rows}</dl>`;
}

export const fieldView = (
  field: { name: string; schema: JsonSchema; isRequired: boolean; description?: string },
  schemas: Schemas,
  marks: Marks,
  level = 1,
): Html => {
  const { name, schema } = field;
  const isMarked = field.isRequired === (marks === 'required');
  const description = field.description ?? schema.description ?? resolved(schema, schemas).description;
  return html`<div><dt><code>${name}</code> <span class="type">${typeText(schema)}</span>${isMarked && html` <span class="mark ${marks}">${marks}</span>`}</dt>
<dd>${description !== undefined && html`${inline(description)} `}<span class="limits">${limitsText(schema)}</span>${schema.$ref === undefined && fieldsView(schema, schemas, marks, level + 1)}</dd></div>
`;
};

/** A list is shown by its items. */
const objectIn = (schema: JsonSchema, schemas: Schemas): JsonSchema =>
  typeof schema.items === 'object' && schema.items.$ref === undefined ? resolved(schema.items, schemas) : schema;

/** A type in words; a named schema is a link to it. */
export function typeText(schema: JsonSchema): Html {
  if (schema.$ref !== undefined) {
    const name = nameIn(schema.$ref);
    return html`<a href="/docs/schemas#schema-${name}">${name}</a>`;
  }
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return html`${choices.map((choice, place) => html`${place > 0 && ' or '}${typeText(choice)}`)}`;
  if (schema.const !== undefined) return html`<code>${JSON.stringify(schema.const)}</code>`;
  if (schema.enum) {
    return html`${schema.enum.map((value, place) => html`${place > 0 && ' | '}<code>${JSON.stringify(value)}</code>`)}`;
  }
  if (typeof schema.items === 'object') return html`list of ${typeText(schema.items)}`;
  const type = typeof schema.type === 'string' ? schema.type : (schema.type?.join(' or ') ?? 'anything');
  return html`${schema.format ?? type}`;
}

function limitsText(schema: JsonSchema): Html {
  const { minLength, maxLength, minimum, maximum, minItems, maxItems, pattern } = schema;
  const limits = [
    between(minLength, maxLength, 'characters'),
    between(minimum, maximum, ''),
    between(minItems, maxItems, 'items'),
    schema.default !== undefined && html`default <code>${JSON.stringify(schema.default)}</code>`,
    pattern !== undefined && html`<code>${pattern}</code>`,
  ].filter((limit) => limit !== false && limit !== undefined);
  return html`${limits.map((limit, place) => html`${place > 0 && ' · '}${limit}`)}`;
}

function between(min: number | undefined, max: number | undefined, unit: string): string | undefined {
  if (min === undefined && max === undefined) return undefined;
  if (min === undefined || min === 0) return max === undefined ? undefined : `at most ${max} ${unit}`.trim();
  return max === undefined ? `at least ${min} ${unit}`.trim() : `${min} to ${max} ${unit}`.trim();
}
