import type { Id, IdPrefix } from '../../lambdas/http/ids.ts';

/** The same run of chance for the same seed: what is made of it can be made again. */
export interface Chance {
  /** From 0 up to 1, 1 excluded. */
  next(): number;
  /** From `least` to `most`, both included. */
  whole(least: number, most: number): number;
  of<T>(choices: readonly [T, ...T[]] | readonly T[]): T;
  /** True so often in a hundred. */
  percent(share: number): boolean;
  /** An id made at an instant (milliseconds since the epoch). */
  id<P extends IdPrefix>(prefix: P, at: number): Id<P>;
}

/** Crockford's base 32, as ULIDs are written. */
const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_DIGITS = 10;
const CHANCE_DIGITS = 16;

/** Mulberry32 (public domain): 32 bits of state are plenty for data that nobody must not guess. */
export function chance(seed: number): Chance {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    whole,
    of: (choices) => {
      const chosen = choices[whole(0, choices.length - 1)];
      if (chosen === undefined) throw new Error('Nothing to choose from');
      return chosen;
    },
    percent: (share) => next() * 100 < share,
    id: (prefix, at) => {
      let [time, rest] = ['', at];
      for (let digit = 0; digit < TIME_DIGITS; digit++) {
        time = DIGITS[rest % 32]! + time;
        rest = Math.floor(rest / 32);
      }
      const random = Array.from({ length: CHANCE_DIGITS }, () => DIGITS[whole(0, 31)]).join('');
      return `${prefix}_${time}${random}` as Id<typeof prefix>;
    },
  };
}
