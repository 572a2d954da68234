import type * as z from 'zod';
import type { EntityDeclaration, ValueOf } from '../../platform/entity.ts';
import type { Bilingual } from '../agreements/document.ts';

/**
 * The words of one field: what it is called towards people, what each of its codes means, and the fields within it. A
 * field of an entity's schema that has no words does not compile.
 */
export type FieldWords<T> = [T] extends [boolean | number]
  ? Leaf
  : [T] extends [string]
    ? string extends T
      ? Leaf
      : [T] extends [z.$brand]
        ? Leaf
        : Leaf & { readonly codes: Readonly<Record<T & string, Bilingual>> }
    : [T] extends [readonly (infer Item)[]]
      ? [Item] extends [string]
        ? FieldWords<Item>
        : Leaf & { readonly fields: WordsOf<Item> }
      : Leaf & { readonly fields: WordsOf<T> };

/** In `freeText` others could be named: the controller looks at it before it leaves (GDPR Art. 15(4)). */
type Leaf = Bilingual & { readonly freeText?: true };

export type WordsOf<T> = { readonly [K in keyof Required<T>]: FieldWords<NonNullable<T[K & keyof T]>> };

/** The same without types, as it is read. */
export interface AnyFieldWords extends Leaf {
  readonly codes?: Readonly<Record<string, Bilingual>>;
  readonly fields?: Readonly<Record<string, AnyFieldWords>>;
}

/** What one entity is called, and its fields. */
export interface EntityWords {
  readonly entity: EntityDeclaration;
  readonly title: Bilingual;
  readonly fields: Readonly<Record<string, AnyFieldWords>>;
}

/** Declares the words of an entity. */
export const words = <E extends EntityDeclaration>(
  entity: E,
  title: Bilingual,
  fields: WordsOf<ValueOf<E>>,
): EntityWords => ({
  entity,
  title,
  fields: fields as unknown as EntityWords['fields'],
});
/** Of an entity that is shown in a view of its own (views.ts). */
export const wordsOfView =
  <S extends z.ZodType>() =>
  (entity: EntityDeclaration, title: Bilingual, fields: WordsOf<z.output<S>>): EntityWords => ({
    entity,
    title,
    fields: fields as unknown as EntityWords['fields'],
  });
