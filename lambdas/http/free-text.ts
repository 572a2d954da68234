import { idnr } from '@navikt/fnrvalidator';
import cardValidator from 'card-validator';
import * as z from 'zod';

/** What all text of people shares: NFC, trimmed, `\n` as the only line break, without what cannot be seen, without numbers that we must not hold. */
const text = (options: { readonly max: number; readonly refused: RegExp; readonly refusal: string }) =>
  z
    .string()
    .overwrite((value) => value.replace(/\r\n?/g, '\n').normalize('NFC').trim())
    .max(options.max)
    .refine((value) => !options.refused.test(value), options.refusal)
    .check(({ value, issues }) => {
      const found = value.length <= options.max && forbiddenNumberIn(value);
      if (!found) return;
      // The input is not repeated: an issue may end in an answer or a log.
      issues.push({
        code: 'custom',
        input: undefined,
        message: refusals[found],
        params: { slug: 'forbidden-content' },
      });
    });

const refusals = {
  'card-number': 'This text holds a card number.',
  'identity-number': 'This text holds a Norwegian identity number.',
} as const;

/**
 * Free text of several lines. Line breaks become `\n`; other control characters are refused. Its description says that no
 * health data belongs there (Art. 9); a field where it may come in says so in a description of its own.
 */
export const freeText = (options: { readonly max: number }) =>
  text({
    max: options.max,
    refused: /[^\P{Cc}\n\t]/u,
    refusal: 'Control characters are not allowed.',
  }).meta({ description: 'Free text; no health data.' });

/** A name or a title: one line, not empty, and nothing that turns the direction of what stands around it. */
export const oneLine = (options: { readonly max: number }) =>
  text({
    max: options.max,
    refused: /[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u,
    refusal: 'One line without control characters.',
  }).min(1);

/** The same for readers of either language. */
export const inBothLanguages = <S extends z.ZodType>(schema: S) => z.strictObject({ nb: schema, en: schema });

type ForbiddenNumber = keyof typeof refusals;

/**
 * Finds a payment card number or a Norwegian identity number (fødselsnummer, D-, H- and synthetic numbers) in a text,
 * also when its digits are grouped (CE-09). Telephone, organisation and account numbers, dates and times pass.
 */
export function forbiddenNumberIn(value: string): ForbiddenNumber | undefined {
  // Full-width digits and invisible characters between digits are still the same number to a reader.
  const plain = value.normalize('NFKC').replace(/\p{Cf}/gu, '');
  const joined = plain.replace(spelledOutDigits, (digits) => digits.replace(/\D/g, ''));
  for (const [run] of joined.matchAll(groupsOfDigits)) {
    const found = forbiddenNumberAmong(run.match(/\d+/g) ?? []);
    if (found) return found;
  }
  return undefined;
}

const groupsOfDigits = /\d+(?:[ .\-\u2010-\u2015]{1,3}\d+)*/g;
/** Each digit for itself, eleven of them or more. */
const spelledOutDigits = /(?<!\d)\d(?:[ .\-\u2010-\u2015]{1,3}\d(?!\d)){10,}/g;

/** Shorter ones exist only on paper (Maestro), but many references of that length share the check digit of cards. */
const CARD_DIGITS_MIN = 14;
const CARD_DIGITS_MAX = 19;

/** Every stretch of neighbouring groups that could have been written as one number. */
function forbiddenNumberAmong(groups: readonly string[]): ForbiddenNumber | undefined {
  for (let first = 0; first < groups.length; first++) {
    let digits = '';
    const lengths: number[] = [];
    for (const group of groups.slice(first, first + CARD_DIGITS_MAX)) {
      digits += group;
      lengths.push(group.length);
      if (digits.length > CARD_DIGITS_MAX) break;
      if (isIdentityNumber(digits, lengths)) return 'identity-number';
      if (isCardNumber(digits, lengths)) return 'card-number';
    }
  }
  return undefined;
}

/** How people write an identity number: date and number apart, or each pair; never as a date and a time. */
const identityGroupings = /^(?:11|6,5|6,3,2|2,2,2,5|2,2,2,3,2|4,2,5|3,3,3,2)$/;

const isIdentityNumber = (digits: string, lengths: readonly number[]): boolean =>
  digits.length === 11 && identityGroupings.test(lengths.join()) && idnr(digits).status === 'valid';

/**
 * Cards are printed 4-4-4-4, 4-6-5 or 4-6-4: so groups of four or more. Pairs and threes are dates, times and telephone
 * numbers; two eights are two Norwegian telephone numbers.
 */
function isCardNumber(digits: string, lengths: readonly number[]): boolean {
  if (digits.length < CARD_DIGITS_MIN || lengths.join() === '8,8') return false;
  const isGroupedAsCard = lengths.slice(0, -1).every((length) => length >= 4);
  return isGroupedAsCard && cardValidator.number(digits, { luhnValidateUnionPay: true }).isValid;
}
