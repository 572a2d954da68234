import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { categories } from '../../../lambdas/features/agreements/categories.ts';
import { fieldsOf, isFreeText } from '../../../lambdas/features/registers/schema-fields.ts';
import { apiFunctions } from '../../../lambdas/functions/catalogue.ts';
import type { Route } from '../../../lambdas/http/route.ts';
import type { EntityDeclaration } from '../../../lambdas/platform/entity.ts';

const routes = Object.values(apiFunctions).flatMap(({ routes: declared }): [string, Route][] =>
  Object.entries<Route>(declared),
);
const asked = routes.flatMap(([id, { body }]) =>
  body
    ? fieldsOf(body)
        .filter(isFreeText)
        .map(({ path, schema }) => [`${id}: ${path}`, schema] as const)
    : [],
);
const kept = categories.flatMap(({ entities }) =>
  entities.flatMap((entity: EntityDeclaration) =>
    entity.article9 === 'none'
      ? fieldsOf(entity.schema)
          .filter(isFreeText)
          .map(({ path, schema }) => [`${entity.name}: ${path}`, schema] as const)
      : [],
  ),
);
const descriptionOf = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input' }).description ?? '';

describe('a field in which people write what they want (CE-03, AT-12)', () => {
  it('is found in routes and in entities', () => {
    expect(asked.length).toBeGreaterThan(10);
    expect(kept.length).toBeGreaterThan(5);
  });

  it.each(asked)('%s says in the contract that health data does not belong there', (_path, schema) => {
    expect(descriptionOf(schema)).toMatch(/no (?:more about )?health/);
  });

  it.each(kept)('%s, which rests on no condition of Art. 9, says so where it is kept', (_path, schema) => {
    expect(descriptionOf(schema)).toMatch(/no (?:more about )?health/);
  });
});
