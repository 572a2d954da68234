import { describe, expect, it } from 'vitest';
import { noveltyToTell } from '../../../lambdas/features/accounts/novelty.ts';

const safari = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile/15E148 Safari/604.1';
const newerSafari = safari.replace('Version/18.1', 'Version/18.4');
const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0';
const [home, office] = ['203.0.113.0/24', '198.51.100.0/24'];
const at = (instant: string, network = home, browser = safari) => ({
  at: `2026-11-${instant}:00.000Z`,
  network,
  browser,
});

const usual = [at('20T07:00'), at('21T07:00')];

describe('a sign-in is told of (CE-08)', () => {
  it('from a browser, a network, or both that the log does not hold', () => {
    expect(noveltyToTell(at('23T07:00', home, firefox), usual)).toBe('browser');
    expect(noveltyToTell(at('23T07:00', office), usual)).toBe('network');
    expect(noveltyToTell(at('23T07:00', office, firefox), usual)).toBe('browser-and-network');
  });

  it('not from what is known, in a newer version or not', () => {
    expect(noveltyToTell(at('23T07:00'), usual)).toBeUndefined();
    expect(noveltyToTell(at('23T07:00', home, newerSafari), usual)).toBeUndefined();
  });

  it('once a day for each kind of novelty', () => {
    const told = [...usual, at('23T07:00', office)];
    const elsewhere = '192.0.2.0/24';
    expect(noveltyToTell(at('23T12:00', elsewhere), told)).toBeUndefined();
    expect(noveltyToTell(at('23T12:00', elsewhere, firefox), told)).toBe('browser');
    expect(noveltyToTell(at('24T08:00', elsewhere), told)).toBe('network');
  });

  it('after three weeks without one, and soon after the first', () => {
    expect(noveltyToTell(at('23T07:00'), [])).toBe('browser-and-network');
    expect(noveltyToTell(at('23T09:00', office), [at('23T07:00')])).toBe('network');
  });
});
