import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deviceOf } from '../../../lambdas/features/usage/browser.ts';

const chrome =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36';

describe('what a User-Agent says', () => {
  it.each([
    [chrome, { maker: 'other', system: 'Windows', browser: 'Chrome', version: '131' }],
    [`${chrome} Edg/131.0.0.0`, { maker: 'other', system: 'Windows', browser: 'Edge', version: '131' }],
    [`${chrome} OPR/116.0.0.0`, { maker: 'other', system: 'Windows', browser: 'Opera', version: '116' }],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
      { maker: 'Apple', system: 'iOS', browser: 'Safari', version: '18' },
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:132.0) Gecko/20100101 Firefox/132.0',
      { maker: 'Apple', system: 'macOS', browser: 'Firefox', version: '132' },
    ],
    [
      'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36',
      { maker: 'Samsung', system: 'Android', browser: 'Samsung Internet', version: '27' },
    ],
    ['Vern/3 (Google Pixel 8; Android 15)', { maker: 'Google', system: 'Android', browser: 'Vern', version: '3' }],
    ['curl/8.5.0', { maker: 'other', system: 'other', browser: 'other', version: '-' }],
    ['', { maker: 'other', system: 'other', browser: 'other', version: '-' }],
  ])('%s', (userAgent, device) => {
    expect(deviceOf(userAgent)).toEqual(device);
  });

  it('is never more than a family and a major version, whatever is sent', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 600 }), (userAgent) => {
        const { version, ...names } = deviceOf(userAgent);
        expect(version).toMatch(/^(-|\d{1,4})$/);
        for (const name of Object.values(names)) expect(name.length).toBeLessThanOrEqual(16);
      }),
    );
  });
});
