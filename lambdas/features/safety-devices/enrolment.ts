import { createHash } from 'node:crypto';
import * as z from 'zod';

/** How long a code is good for: as long as it takes to type it into the device. */
export const ENROLMENT_MINUTES = 15;

/** Crockford's digits: none is taken for another when it is read out. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const GROUPS = 4;
const DIGITS_PER_GROUP = 4;

/** 80 bits, good for a quarter of an hour and for one device. */
export const EnrolmentCode = z
  .string()
  .regex(/^([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/)
  .meta({ id: 'EnrolmentCode', examples: ['7K3M-Q9XD-2VTB-HN4W'] });

/** A code from 16 random bytes; the five lower bits of each count. Pure. */
export const enrolmentCode = (random: Uint8Array): string =>
  Array.from({ length: GROUPS }, (_, group) =>
    Array.from(
      { length: DIGITS_PER_GROUP },
      (_, i) => DIGITS[random[group * DIGITS_PER_GROUP + i]! % DIGITS.length],
    ).join(''),
  ).join('-');

/** What is stored: whoever reads the tables cannot enrol a device. */
export const digestOfCode = (code: string): string => createHash('sha256').update(code).digest('base64url');
