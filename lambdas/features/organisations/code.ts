/** 32 characters that are not mistaken for each other: no I, O, 0 or 1. */
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
export const CODE_CHARACTERS = 8;

/** An organisation's code from eight random octets: 40 bits. It is no secret; it only finds the organisation. */
export const organisationCode = (random: Uint8Array): string =>
  Array.from(random.subarray(0, CODE_CHARACTERS), (octet) => ALPHABET[octet % ALPHABET.length]).join('');
