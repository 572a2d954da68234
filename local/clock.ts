import { join } from 'node:path';
import { Temporal } from 'temporal-polyfill';
import { readDurably, writeDurably } from './durable-file.ts';

/** The one movable clock of the embedded cloud: real time plus an offset that only ever grows. */
export interface Clock {
  /** Milliseconds since the epoch, as everything in the embedded cloud must see it. */
  now(): number;
  /** Milliseconds by which the clock runs ahead of the machine's. */
  readonly offsetMilliseconds: number;
}

export const realClock: Clock = { now: () => Date.now(), offsetMilliseconds: 0 };

export interface MovableClock extends Clock {
  /**
   * Moves the clock forward by an ISO 8601 duration ("P1D", "PT30M", "P1M"). Days, weeks, months and years are those
   * of the calendar in Europe/Oslo, so "P1D" over a change to summer time is 23 hours.
   * @throws RangeError for what is no duration, does not move forward, or passes `OFFSET_MILLISECONDS_MAX`.
   */
  advance(duration: string): void;
  /** Calls the listener with the new offset after each move; the returned function ends that. */
  onChange(listener: (offsetMilliseconds: number) => void): () => void;
}

/** A hundred years: beyond every term in the product, far within what Date can hold. */
export const OFFSET_MILLISECONDS_MAX = 100 * 365.25 * 86_400_000;

// Kept from before anyone patches Date, so that an offset is never counted twice.
const machineNow = Date.now;

/** A clock whose offset outlives the process (`<stateDir>/clock.json`). One process per state folder. */
export function movableClock({ stateDir, now = machineNow }: { stateDir: string; now?: () => number }): MovableClock {
  const file = join(stateDir, 'clock.json');
  const listeners = new Set<(offsetMilliseconds: number) => void>();
  let offset = storedOffset(file);
  return {
    now: () => now() + offset,
    get offsetMilliseconds() {
      return offset;
    },
    advance(duration) {
      const grown = offset + lengthFrom(now() + offset, duration);
      if (grown > OFFSET_MILLISECONDS_MAX) throw new RangeError('The clock may not run more than 100 years ahead');
      writeDurably(file, JSON.stringify({ offsetMilliseconds: grown }));
      offset = grown;
      for (const listener of listeners) listener(offset);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function storedOffset(file: string): number {
  const stored = readDurably(file);
  if (stored === undefined) return 0;
  const offset = (stored as { offsetMilliseconds?: unknown } | null)?.offsetMilliseconds;
  if (typeof offset === 'number' && offset >= 0 && offset <= OFFSET_MILLISECONDS_MAX) return offset;
  throw new Error(`${file} is damaged; restore it or remove the whole state folder`);
}

function lengthFrom(epochMilliseconds: number, duration: string): number {
  const start = Temporal.Instant.fromEpochMilliseconds(Math.floor(epochMilliseconds)).toZonedDateTimeISO('Europe/Oslo');
  const length = start.add(Temporal.Duration.from(duration)).epochMilliseconds - start.epochMilliseconds;
  if (length < 1) throw new RangeError('The clock moves forward only, by a millisecond or more');
  return length;
}

/** One offset that every worker thread sees change at the same moment. */
export interface SharedOffset {
  /** Pass this to the thread (`workerData`), and give it to `sharedOffset` there. */
  readonly buffer: SharedArrayBuffer;
  read(): number;
  write(offsetMilliseconds: number): void;
}

export function sharedOffset(buffer = new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT)): SharedOffset {
  // 64-bit integers, because Atomics has no floats and a torn read would be a wild date.
  const cell = new BigInt64Array(buffer);
  return {
    buffer,
    read: () => Number(Atomics.load(cell, 0)),
    write: (offsetMilliseconds) => void Atomics.store(cell, 0, BigInt(Math.round(offsetMilliseconds))),
  };
}

/**
 * Makes `Date.now()`, `new Date()` and `Date()` of this thread run ahead by the offset; parsing, `Date.UTC`,
 * `instanceof`, subclasses and timers stay as they are. Not moved: `performance.now()`, and an `Intl.DateTimeFormat`
 * asked to format without a date. Returns the function that undoes it.
 */
export function patchDate(offsetMilliseconds: () => number): () => void {
  const MachineDate = globalThis.Date;
  const now = () => MachineDate.now() + offsetMilliseconds();

  function MovedDate(this: unknown, ...parts: unknown[]): unknown {
    // Date() without new is a text of the present moment, whatever its arguments (ECMA-262, 21.4.2.1).
    if (!new.target) return new MachineDate(now()).toString();
    return Reflect.construct(MachineDate, parts.length === 0 ? [now()] : parts, new.target);
  }
  // The same prototype object, so dates made before the patch are instances too.
  Object.defineProperties(MovedDate, Object.getOwnPropertyDescriptors(MachineDate));
  Object.defineProperty(MovedDate, 'now', { value: now, writable: true, configurable: true });

  const install = (date: unknown) => {
    globalThis.Date = date as DateConstructor;
    Object.defineProperty(MachineDate.prototype, 'constructor', { value: date, writable: true, configurable: true });
  };
  install(MovedDate);
  return () => install(MachineDate);
}
