export type KidAlgorithm = 'mod10' | 'mod11';

/** Digits before the check digit: KIDs of one issuer are all of one length, as the agreement with its bank says. */
export const KID_NUMBER_DIGITS = 9;

/** The invoice's number with its check digit: 10 characters. Modulo 11 ends in `-` where the check digit would be 10 (Nets, "KID"). */
export function kidOf(number: number, algorithm: KidAlgorithm): string {
  const digits = String(number).padStart(KID_NUMBER_DIGITS, '0');
  if (digits.length > KID_NUMBER_DIGITS) throw new Error('No KID is so long');
  return `${digits}${algorithm === 'mod10' ? luhnDigit(digits) : mod11Digit(digits)}`;
}

/** Every second digit from the right doubled, and the sum of all digits brought up to a multiple of ten. */
function luhnDigit(digits: string): string {
  const sum = [...digits].reverse().reduce((total, digit, i) => {
    const product = Number(digit) * (i % 2 === 0 ? 2 : 1);
    return total + (product > 9 ? product - 9 : product);
  }, 0);
  return String((10 - (sum % 10)) % 10);
}

/** Weights 2 to 7 from the right, again and again. */
function mod11Digit(digits: string): string {
  const sum = [...digits].reverse().reduce((total, digit, i) => total + Number(digit) * (2 + (i % 6)), 0);
  const check = (11 - (sum % 11)) % 11;
  return check === 10 ? '-' : String(check);
}
