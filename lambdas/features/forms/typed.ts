import * as z from 'zod';
import { Email } from '../people/person.ts';
import { contact, EnquiryText, PEOPLE_MAX } from './form.ts';

/** What a form sent: text in every field, or nothing. */
export type Typed = Readonly<Partial<Record<FieldName | 'website', string | undefined>>>;
export type FieldName = 'name' | 'email' | 'phone' | 'address' | 'people' | 'text';

/** Empty means not given; people write telephone numbers with spaces, and at home without the country's code. */
const given = (text: string | undefined) => (text?.trim() ? text.trim() : undefined);
const international = (text: string | undefined) => {
  const number = given(text)?.replace(/[\s().-]/g, '');
  if (number === undefined) return undefined;
  if (/^[2-9]\d{7}$/.test(number)) return `+47${number}`;
  return number.replace(/^00/, '+');
};

const fields = {
  name: z.string().optional().transform(given).pipe(contact.name),
  email: z.string().optional().transform(given).pipe(Email),
  phone: z.string().optional().transform(international).pipe(contact.phone),
  address: z.string().optional().transform(given).pipe(contact.address),
  people: z.coerce.number().default(1).pipe(z.int().min(1).max(PEOPLE_MAX)),
  text: z.string().optional().transform(given).pipe(EnquiryText),
} as const;
type Fields = typeof fields;

export type Refusal = {
  readonly slug: 'malformed-request' | 'forbidden-content';
  readonly fields: readonly FieldName[];
};

/** The fields that a form has, read; or those that somebody has to look at again. Others are not looked at. Pure. */
export function read<N extends FieldName>(
  typed: Typed,
  names: readonly N[],
): { readonly [K in N]: z.output<Fields[K]> } | Refusal {
  const wrong: FieldName[] = [];
  let slug: Refusal['slug'] = 'malformed-request';
  const values: Partial<Record<FieldName, unknown>> = {};
  for (const name of names) {
    const parsed = fields[name].safeParse(typed[name]);
    if (parsed.success) {
      values[name] = parsed.data;
      continue;
    }
    wrong.push(name);
    const isForbidden = parsed.error.issues.some(
      (issue) => issue.code === 'custom' && issue.params?.['slug'] === 'forbidden-content',
    );
    if (isForbidden) slug = 'forbidden-content';
  }
  return wrong.length > 0 ? { slug, fields: wrong } : (values as { readonly [K in N]: z.output<Fields[K]> });
}
export const isRefusal = (value: object): value is Refusal => 'slug' in value;

/** Filled in where no person could see a field. */
export const isTrapped = ({ website }: Typed): boolean => (website ?? '') !== '';
