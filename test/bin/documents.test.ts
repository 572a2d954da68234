import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { documents } from '../../bin/documents.ts';

describe('the generated documents', () => {
  it.each(Object.entries(documents))(
    'docs/%s says what the declarations say: if this fails, run `npm run generate`',
    (name, write) => {
      expect(readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8')).toBe(write());
    },
  );
});
