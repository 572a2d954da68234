import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { decodeCursor, encodeCursor, page, pageQuery } from '../../lambdas/http/cursor.ts';

const children = { name: 'children', filter: { group: 'grp_1', from: undefined } };
const query = z.strictObject(pageQuery);

describe('a cursor', () => {
  it('gives its sort key back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 100 }), (sortKey) => {
        const cursor = encodeCursor(children, sortKey);
        expect(decodeCursor(children, cursor, z.string())).toBe(sortKey);
      }),
    );
  });

  it('passes the query that it travels in', () => {
    const cursor = encodeCursor(children, 'person#per_01');
    expect(query.parse({ cursor })).toEqual({ cursor, limit: 25 });
  });

  it.each([
    ['another list', { ...children, name: 'staff' }],
    ['another filter', { ...children, filter: { group: 'grp_2' } }],
    ['one filter more', { ...children, filter: { group: 'grp_1', from: '2026-11-21' } }],
  ])('is refused by %s', (_what, list) => {
    expect(() => decodeCursor(list, encodeCursor(children, 'a'), z.string())).toThrow(
      expect.objectContaining({ slug: 'malformed-request' }),
    );
  });

  it('is refused when its sort key is not of the kind that the list has', () => {
    const kind = z.string().startsWith('person#');
    expect(() => decodeCursor(children, encodeCursor(children, 'agreement#1'), kind)).toThrow();
  });

  it('is refused when it is no cursor at all, and no text crashes it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.base64String()), (text) => {
        expect(() => decodeCursor(children, text, z.string())).toThrow(
          expect.objectContaining({ extensions: { errors: [expect.objectContaining({ pointer: '#/query/cursor' })] } }),
        );
      }),
    );
  });
});

describe('a page', () => {
  it.each(['0', '101', '1.5', 'many', ''])('has no limit of `%s`', (limit) => {
    expect(query.safeParse({ limit }).success).toBe(false);
  });

  it('holds at most a hundred items, and lets no undeclared field through', () => {
    const names = page(z.strictObject({ name: z.string() }));
    expect(names.safeParse({ items: Array.from({ length: 101 }, () => ({ name: 'x' })) }).success).toBe(false);
    expect(names.parse({ items: [], next: 'c', partition: 'org_1' })).toEqual({ items: [], next: 'c' });
  });
});
