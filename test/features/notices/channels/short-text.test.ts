import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOnePart, shortText } from '../../../../lambdas/features/notices/channels/short-text.ts';
import { letterFor } from '../../../../lambdas/features/notices/letters.ts';
import { factsBut, samples } from '../letter-samples.ts';

const nb = (subject: string) => shortText({ language: 'nb', subject });

describe('a notice as an SMS', () => {
  it('is the letter’s subject, and where to read on', () => {
    expect(nb('Et oppslag venter på deg')).toBe('Vern: Et oppslag venter på deg. Logg inn i Vern for å lese.');
    expect(shortText({ language: 'en', subject: 'A notice is waiting for you' })).toBe(
      'Vern: A notice is waiting for you. Sign in to Vern to read it.',
    );
  });

  it('has no second full stop', () => {
    expect(nb('Har du svart?')).toBe('Vern: Har du svart? Logg inn i Vern for å lese.');
  });

  it.each([
    ['too long', `Emil ${'langt '.repeat(25)}`],
    ['of letters that the short alphabet has not, and too long for the other', 'Şêrko er hentet fra barnehagen i dag'],
  ])('says only that something waits when it is %s', (_, subject) => {
    expect(nb(subject)).toBe('Noe venter på deg i Vern. Logg inn i Vern for å lese.');
  });

  it('has room for 160 characters of GSM 7 bit, of which some count twice, or for 70 of others', () => {
    expect(isOnePart('ø'.repeat(160))).toBe(true);
    expect(isOnePart('ø'.repeat(161))).toBe(false);
    expect(isOnePart('€'.repeat(80))).toBe(true);
    expect(isOnePart('€'.repeat(81))).toBe(false);
    expect(isOnePart('ş'.repeat(70))).toBe(true);
    expect(isOnePart('ş'.repeat(71))).toBe(false);
    // Two code units each.
    expect(isOnePart('🙂'.repeat(35))).toBe(true);
    expect(isOnePart('🙂'.repeat(36))).toBe(false);
  });

  it.each(['nb', 'en'] as const)('says in %s what the mail’s subject says, of every notice there is', (language) => {
    for (const [template, content] of Object.entries(samples)) {
      const { subject } = letterFor(content, factsBut({ language }));
      expect(shortText({ language, subject }), template).toContain(subject.replaceAll('’', "'"));
    }
  });

  it('is one part, one line and without directions of writing, whatever the subject is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.constantFrom('nb' as const, 'en' as const),
        (subject, language) => {
          const text = shortText({ language, subject });
          expect(isOnePart(text)).toBe(true);
          expect(text).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
        },
      ),
    );
  });
});
