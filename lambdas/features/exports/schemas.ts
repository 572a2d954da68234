import * as z from 'zod';
import type { EntityDeclaration } from '../../platform/entity.ts';
import { OTHER_LABEL } from './others.ts';
import { viewOf } from './views.ts';

const idOfSomebody = /^\^(?:per|acc)_/;

/**
 * The JSON Schema (2020-12) of an exported entity's file: an array of its records. Ids of others have become labels,
 * texts may have been left out, and some fields stay with the organisation: so no field of the form is demanded.
 */
export function schemaOf(entity: EntityDeclaration, title: string): object {
  const schema = z.toJSONSchema(z.array(viewOf(entity).schema), {
    unrepresentable: 'any',
    override({ jsonSchema }) {
      if (jsonSchema.pattern !== undefined && idOfSomebody.test(jsonSchema.pattern)) {
        jsonSchema.pattern = `${jsonSchema.pattern}|^${OTHER_LABEL}$`;
      }
      if (jsonSchema.type === 'object') delete jsonSchema.required;
    },
  });
  return { ...schema, title };
}
