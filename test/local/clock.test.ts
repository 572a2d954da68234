import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { movableClock, OFFSET_MILLISECONDS_MAX, patchDate, sharedOffset } from '../../local/clock.ts';

const hour = 3_600_000;
const aStateDir = () => mkdtempSync(join(tmpdir(), 'vern-clock-'));
const clockAt = (instant: string, stateDir = aStateDir()) => movableClock({ stateDir, now: () => Date.parse(instant) });
const shown = (clock: { now(): number }) => new Date(clock.now()).toISOString();

describe('the movable clock', () => {
  it('begins at the real time', () => {
    const clock = movableClock({ stateDir: aStateDir() });
    const before = Date.now();
    expect(clock.now()).toBeGreaterThanOrEqual(before);
    expect(clock.now()).toBeLessThanOrEqual(Date.now());
    expect(clock.offsetMilliseconds).toBe(0);
  });

  it('moves a day over the change to summer time by 23 hours, as a calendar in Oslo does', () => {
    const clock = clockAt('2027-03-27T12:00:00Z');
    clock.advance('P1D');
    expect(clock.offsetMilliseconds).toBe(23 * hour);
    clock.advance('PT24H');
    expect(clock.offsetMilliseconds).toBe(47 * hour);
  });

  it('moves 31 January by a month to the last of February', () => {
    const clock = clockAt('2027-01-31T10:00:00Z');
    clock.advance('P1M');
    expect(shown(clock)).toBe('2027-02-28T10:00:00.000Z');
  });

  it('tells its listeners the new offset until they leave', () => {
    const clock = clockAt('2026-11-21T00:00:00Z');
    const listener = vi.fn();
    const leave = clock.onChange(listener);
    clock.advance('PT1H');
    leave();
    clock.advance('PT1H');
    expect(listener.mock.calls).toEqual([[hour]]);
  });

  it('keeps its offset for the next process', () => {
    const stateDir = aStateDir();
    clockAt('2026-11-21T00:00:00Z', stateDir).advance('P2D');
    expect(clockAt('2026-11-21T00:00:00Z', stateDir).offsetMilliseconds).toBe(48 * hour);
  });

  it.each(['', 'tomorrow', '1D', 'P', 'P1', 'P0D', '-P1D', 'PT0.0001S', 'P1DT', 'P101Y', 'P99999999999Y'])(
    'refuses to move by %j, and stays',
    (duration) => {
      const stateDir = aStateDir();
      const clock = clockAt('2026-11-21T00:00:00Z', stateDir);
      expect(() => clock.advance(duration)).toThrow(RangeError);
      expect(clock.offsetMilliseconds).toBe(0);
      expect(() => readFileSync(join(stateDir, 'clock.json'))).toThrow('ENOENT');
    },
  );

  it('stops at a hundred years, however small the steps', () => {
    const clock = clockAt('2026-11-21T00:00:00Z');
    for (let step = 0; step < 2; step++) clock.advance('P49Y');
    expect(() => clock.advance('P3Y')).toThrow('100 years');
    expect(clock.offsetMilliseconds).toBeLessThanOrEqual(OFFSET_MILLISECONDS_MAX);
  });

  it.each(['{"offsetMilli', '{}', 'null', '{"offsetMilliseconds":-1}'])(
    'does not start from %s: it would go back',
    (kept) => {
      const stateDir = aStateDir();
      writeFileSync(join(stateDir, 'clock.json'), kept);
      expect(() => clockAt('2026-11-21T00:00:00Z', stateDir)).toThrow('damaged');
    },
  );
});

describe('a patched Date', () => {
  let restore = () => {};
  afterEach(() => restore());
  const RealDate = Date;
  const patch = (offset: number) => {
    restore = patchDate(() => offset);
  };

  it('shows the moved time in now(), new Date() and Date()', () => {
    const before = RealDate.now();
    patch(1000 * hour);
    for (const instant of [Date.now(), Date.parse(new Date().toISOString()), Date.parse(Date()) + 1000]) {
      expect(instant).toBeGreaterThanOrEqual(before + 1000 * hour);
      expect(instant).toBeLessThan(before + 1001 * hour);
    }
  });

  it('leaves parsing, parts, UTC and copies where they were', () => {
    patch(1000 * hour);
    expect(new Date('2026-11-21T10:00:00Z').getTime()).toBe(RealDate.UTC(2026, 10, 21, 10));
    expect(new Date(2026, 10, 21).getTime()).toBe(new RealDate(2026, 10, 21).getTime());
    expect(new Date(0).toISOString()).toBe('1970-01-01T00:00:00.000Z');
    expect(Date.UTC(2026, 0)).toBe(RealDate.UTC(2026, 0));
    expect(Date.parse('1970-01-02')).toBe(24 * hour);
    expect(new Date(new RealDate(5)).getTime()).toBe(5);
    expect(Number.isNaN(new Date('nonsense').getTime())).toBe(true);
    // Spelled out, undefined is an invalid date and not the present one.
    expect(Number.isNaN(new Date(undefined as unknown as number).getTime())).toBe(true);
  });

  it('makes dates that are dates, to everyone who asks', () => {
    const earlier = new RealDate();
    patch(hour);
    const date = new Date();
    expect(date).toBeInstanceOf(Date);
    expect(date).toBeInstanceOf(RealDate);
    expect(earlier).toBeInstanceOf(Date);
    expect(date.constructor).toBe(Date);
    expect(Object.prototype.toString.call(date)).toBe('[object Date]');
    expect(structuredClone(date).getTime()).toBe(date.getTime());
    expect(Date.name).toBe('Date');
    expect(Date.length).toBe(7);
    class Birthday extends Date {}
    expect(new Birthday()).toBeInstanceOf(Birthday);
    expect(new Birthday().getTime()).toBeGreaterThanOrEqual(earlier.getTime() + hour);
  });

  it('is gone when restored', () => {
    patch(1000 * hour);
    restore();
    expect(Date).toBe(RealDate);
    expect(new Date().constructor).toBe(RealDate);
  });
});

describe('the shared offset', () => {
  it('moves a worker thread that is already running', async () => {
    const offset = sharedOffset();
    const clockModule = new URL('../../local/clock.ts', import.meta.url).href;
    const worker = new Worker(
      `const { parentPort, workerData } = require('node:worker_threads');
       import(workerData.clockModule).then(({ patchDate, sharedOffset }) => {
         patchDate(sharedOffset(workerData.buffer).read);
         parentPort.on('message', () => parentPort.postMessage(Date.now()));
         parentPort.postMessage('ready');
       });`,
      { eval: true, workerData: { clockModule, buffer: offset.buffer } },
    );
    const answer = () => new Promise((resolve) => worker.once('message', resolve));
    const ask = () => {
      const answered = answer();
      worker.postMessage('now?');
      return answered as Promise<number>;
    };
    await answer();
    const before = Date.now();
    offset.write(1000 * hour);
    expect(offset.read()).toBe(1000 * hour);
    expect(await ask()).toBeGreaterThanOrEqual(before + 1000 * hour);
    await worker.terminate();
  });
});
