import { classesOf, type EntityDeclaration, type SubjectId } from '../../platform/entity.ts';
import { categories } from '../agreements/categories.ts';

/**
 * What an export holds follows from what the features declare: every entity stands in a category (a test sees to it),
 * and every entity whose class the subject can have a key of is looked for. Nothing is listed here by hand.
 */
export const declaredEntities: readonly EntityDeclaration[] = categories.flatMap(({ entities }) => entities);

export const entitiesOf = (subject: SubjectId): readonly EntityDeclaration[] => {
  const classes = classesOf(subject);
  return declaredEntities.filter(({ retentionClass }) => classes.includes(retentionClass));
};

export const isExported = ({ exported }: EntityDeclaration): boolean => typeof exported === 'string';

/** What may lie with the owner and is in no export, each with the reason that its declaration gives. */
export const notExported = (
  subjects: readonly SubjectId[],
): readonly { readonly entity: EntityDeclaration; readonly why: string }[] =>
  [...new Set(subjects.flatMap((subject) => entitiesOf(subject)))].flatMap((entity) =>
    typeof entity.exported === 'string' ? [] : [{ entity, why: entity.exported.not }],
  );
