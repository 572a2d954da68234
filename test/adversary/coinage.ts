import { randomInt } from 'node:crypto';
import type { RetentionClass } from '../../lambdas/platform/entity.ts';
import type { Sink } from './evidence.ts';
import type { Canary } from './needles.ts';

/** A canary, and where it is put: there the adversary must find it before the erasure. */
export interface PlacedCanary extends Canary {
  readonly sinks: readonly Sink[];
  /** Stands in what the law has the organisation keep, whoever asks: there it stays to the end of that term. */
  readonly keptIn?: readonly RetentionClass[];
}

/** Values that nobody else in the world has, in the shapes that real ones have. */
export const word = (length = 10): string => Array.from({ length }, () => letters[randomInt(letters.length)]).join('');
export const nameOf = (): string => capitalised(word());
export const text = (beginning: string): string => `${beginning} ${word(12)} ${word(12)}`;
export const street = (): string => `${capitalised(word())}veien ${randomInt(100, 999)}`;
export const emailOf = (): string => ascii(`${word(9)}@${word(7)}.example.no`);
export const phoneOf = (): string => `+479${digits(7)}`;
export const digits = (length: number): string => Array.from({ length }, () => String(randomInt(10))).join('');
/** Both years included. */
export const dayIn = (from: number, until: number): string =>
  `${randomInt(from, until + 1)}-${two(randomInt(1, 13))}-${two(randomInt(1, 28))}`;
/** In Norway; with digits enough to be one of its kind, and none that a number would lose. */
export const coordinates = () => ({
  latitude: Number(`6${randomInt(0, 4)}.${digits(6)}${randomInt(1, 10)}`),
  longitude: Number(`${randomInt(10, 12)}.${digits(6)}${randomInt(1, 10)}`),
});

const letters = 'abcdefghijklmnoprstuvyæøå';
export const ascii = (word: string): string => word.replaceAll(/[æøå]/g, 'x');
export const capitalised = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
const two = (number: number) => String(number).padStart(2, '0');
