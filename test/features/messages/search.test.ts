import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { folded, isFoundIn } from '../../../lambdas/features/messages/search.ts';

const norwegian = new Intl.Collator('nb', { sensitivity: 'base' });

describe('a search', () => {
  it('finds all words, in any order, whatever their case and accents', () => {
    expect(isFoundIn('Møte om André på ÅPEN dag', 'apen andre')).toBe(false);
    expect(isFoundIn('Møte om André på ÅPEN dag', 'åpen andre')).toBe(true);
    expect(isFoundIn('Møte om André på ÅPEN dag', 'dag  møte')).toBe(true);
    expect(isFoundIn('Møte', 'mote')).toBe(false);
  });

  it('takes æ, ø and å for letters of their own, however they are written', () => {
    expect(isFoundIn('Aase og A\u030asmund', 'åse åsmund')).toBe(true);
    expect(isFoundIn('Bär', 'bær')).toBe(true);
    expect(isFoundIn('Göran', 'gøran')).toBe(true);
    expect(isFoundIn('bar', 'bær')).toBe(false);
  });

  it('tells letters apart just as the Norwegian collation does', () => {
    const letter = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzæøåäöüéèêëáàâãíìîïóòôõúùûçñšžđ');
    fc.assert(
      fc.property(letter, letter, (one, other) => {
        expect(folded(one) === folded(other)).toBe(norwegian.compare(one, other) === 0);
        expect(folded(one.toUpperCase())).toBe(folded(one));
      }),
      { numRuns: 2_000 },
    );
  });
});
