import { createHmac } from 'node:crypto';
import type { CounterKey, Counters } from '../../platform/counters.ts';

/** Salts that one container holds at once; more are of organisations that it will hardly meet again. */
const HELD_MAX = 500;

/** What somebody is counted by for as long as a salt lives: afterwards it leads to nobody. */
export interface Salts {
  /** The HMAC-SHA-256 of a value under the salt of that row, in base64url: the same in every container. */
  pseudonym(row: CounterKey, value: string, expiresAtEpochSeconds: number): Promise<string>;
}

/** One round trip for each salt that the container has not met; the row decides which of several is the salt. */
export function saltsIn(counters: Pick<Counters, 'settle'>, newSalt: () => string): Salts {
  const held = new Map<string, Promise<string>>();
  function saltOf(row: CounterKey, expiresAtEpochSeconds: number): Promise<string> {
    const id = `${row.pk}|${row.sk}`;
    const known = held.get(id);
    if (known !== undefined) return known;
    if (held.size >= HELD_MAX) held.delete(held.keys().next().value!);
    const asked = counters.settle(row, newSalt(), expiresAtEpochSeconds);
    held.set(id, asked);
    asked.catch(() => held.delete(id));
    return asked;
  }
  return {
    async pseudonym(row, value, expiresAtEpochSeconds) {
      const salt = await saltOf(row, expiresAtEpochSeconds);
      return createHmac('sha256', salt).update(value).digest('base64url');
    },
  };
}
