import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseForm } from '../../lambdas/http/form.ts';
import { BODY_BYTES_MAX } from '../../lambdas/http/strict-json.ts';

const form = (text: string) => parseForm(Buffer.from(text));

describe('a form', () => {
  it('is read as a browser sends it: blanks, line breaks and letters of any language', () => {
    expect(form('text=Hei+p%C3%A5+deg%0D%0A%E2%80%93+%C3%85se&code=12+34')).toEqual({
      text: 'Hei på deg\r\n– Åse',
      code: '12 34',
    });
    expect(form('')).toEqual({});
  });

  it('gives back any fields that were written into it', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => text !== '__proto__');
    const value = fc.string({ unit: 'grapheme' });
    fc.assert(
      fc.property(fc.dictionary(name, value), (fields) => {
        const wellFormed = Object.entries(fields).every(([key, text]) => !/\uFFFD/.test(key + text));
        fc.pre(wellFormed);
        expect(form(new URLSearchParams(fields).toString())).toEqual({ ...fields });
      }),
    );
  });

  it.each([
    ['a field that is given twice', 'code=1&code=2'],
    ['a name that could reach a prototype', '__proto__=1'],
    ['what is no UTF-8', 'text=%FF'],
  ])('is refused with %s', (_what, text) => {
    expect(() => form(text)).toThrow(expect.objectContaining({ slug: 'malformed-request' }));
  });

  it('is refused when it is larger than any other body may be', () => {
    expect(() => form(`text=${'a'.repeat(BODY_BYTES_MAX)}`)).toThrow(
      expect.objectContaining({ slug: 'body-too-large' }),
    );
  });
});
