import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Problem } from '../../lambdas/http/problem.ts';
import { BODY_BYTES_MAX, canonicalJson, DEPTH_MAX, parseStrictJson } from '../../lambdas/http/strict-json.ts';

const parse = (text: string) => parseStrictJson(Buffer.from(text));

/** Where and why a text is refused; undefined when it is read. */
function refusal(bytes: string | Uint8Array) {
  try {
    parseStrictJson(Buffer.from(bytes as string));
    return undefined;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return (error.extensions['errors'] as { pointer: string; detail: string }[] | undefined)?.[0] ?? error.slug;
  }
}

const dangerous = ['__proto__', 'constructor', 'prototype'];
const harmless = fc
  .jsonValue({ maxDepth: DEPTH_MAX - 2, stringUnit: 'grapheme' })
  .filter((value) => !/"(__proto__|constructor|prototype)":|\\u0000|\\ud[89a-f]/i.test(JSON.stringify(value)));

describe('strict JSON', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(harmless, fc.nat(3), (value, indent) => {
        expect(parse(JSON.stringify(value, undefined, indent))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('refuses what JSON.parse refuses, and crashes on nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), harmless, (before, after, value) => {
        const text = `${before}${JSON.stringify(value)}${after}`;
        let isJson = true;
        try {
          JSON.parse(text.toWellFormed());
        } catch {
          isJson = false;
        }
        if (!isJson) expect(refusal(text)).toMatchObject({ pointer: '#/body' });
      }),
      { numRuns: 50 },
    );
  });

  it('finds a name given twice, however it is written and wherever it is', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('array', 'object'), { maxLength: DEPTH_MAX - 1 }),
        fc.string({ minLength: 1 }).filter((name) => !dangerous.includes(name) && !name.includes('\0')),
        fc.boolean(),
        (wrappers, name, isEscaped) => {
          const again = isEscaped
            ? `"${[...name].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`
            : JSON.stringify(name);
          const twice = `{${JSON.stringify(name)}:[{}],${JSON.stringify(`between ${name}`)}:"{\\"",${again}:null}`;
          const text = wrappers.reduce(
            (inner, wrapper) => (wrapper === 'array' ? `[0,${inner}]` : `{"a":0,"in":${inner}}`),
            twice,
          );
          expect(() => JSON.parse(text)).not.toThrow();
          expect(refusal(text)).toMatchObject({ detail: 'This field is given twice.' });
        },
      ),
    );
  });

  it.each([
    ['{"a":1,"a":2}', '#/body/a'],
    ['{"a":{"b":[{},{"c":1,"c":1}]}}', '#/body/a/b/1/c'],
    ['{"a":1,"\\u0061":2}', '#/body/a'],
    ['{"__proto__":{}}', '#/body/__proto__'],
    ['[{"constructor":1}]', '#/body/0/constructor'],
    ['{"a":{"\\u0070rototype":1}}', '#/body/a/prototype'],
    ['{"a":"\\ud800"}', '#/body/a'],
    ['["x","\\udc00\\ud800"]', '#/body/1'],
    ['{"a":["b",["\\u0000"]]}', '#/body/a/1/0'],
    ['{"\\u0000":1}', '#/body/%00'],
    ['"\\ud800"', '#/body'],
  ])('refuses %s at %s', (text, pointer) => {
    expect(refusal(text)).toMatchObject({ pointer });
  });

  it.each(['', ' ', '{', '{"a":1,}', "{'a':1}", 'NaN', '01', '\ufeff{}', '{}x', '"\t"'])('refuses %j', (text) => {
    expect(refusal(text)).toEqual({ pointer: '#/body', detail: 'The body is not JSON.' });
  });

  it('takes the same name in two places', () => {
    expect(parse('[{"a":1},{"a":{"a":"a"}}]')).toEqual([{ a: 1 }, { a: { a: 'a' } }]);
  });

  it('takes a whole surrogate pair, also escaped', () => {
    expect(parse('["\\ud83d\\ude00","😀"]')).toEqual(['😀', '😀']);
  });

  it('refuses bytes that are not UTF-8', () => {
    for (const bytes of [
      [0x22, 0xff, 0x22],
      [0x22, 0xc3, 0x22],
      [0x22, 0xed, 0xa0, 0x80, 0x22],
    ]) {
      expect(refusal(Uint8Array.from(bytes))).toMatchObject({ detail: 'The body is not valid UTF-8.' });
    }
  });

  it('takes twenty levels and refuses one more', () => {
    const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    expect(refusal(nested(DEPTH_MAX))).toBeUndefined();
    expect(refusal(nested(DEPTH_MAX + 1))).toMatchObject({ detail: `More than ${DEPTH_MAX} levels.` });
    expect(refusal(nested(BODY_BYTES_MAX / 2)), 'no stack overflows').toBeDefined();
    expect(refusal(nested(BODY_BYTES_MAX / 2 + 1))).toBe('body-too-large');
  });

  it('never repeats a value in its refusal', () => {
    for (const text of ['{"a":"Kari","a":"Kari"}', '{"a":"Kari" oops}', '{"a":"Kari\\ud800"}']) {
      expect(JSON.stringify(refusal(text))).not.toContain('Kari');
    }
  });
});

describe('canonical JSON', () => {
  it('is the same for the same value, whatever the order of its names', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
