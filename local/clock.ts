/** The one movable clock of the embedded cloud: real time plus an offset that only ever grows. */
export interface Clock {
  /** Milliseconds since the epoch, as everything in the embedded cloud must see it. */
  now(): number;
  /** Milliseconds by which the clock runs ahead of the machine's. */
  readonly offsetMilliseconds: number;
}

export const realClock: Clock = { now: () => Date.now(), offsetMilliseconds: 0 };
