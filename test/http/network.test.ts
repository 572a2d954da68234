import { describe, expect, it } from 'vitest';
import { networkOf } from '../../lambdas/http/network.ts';

describe('the network of an address', () => {
  const kept = { numbers: 3, groups: 3 };
  const counted = { numbers: 4, groups: 4 };

  it.each([
    ['203.0.113.77', kept, '203.0.113.0/24'],
    ['203.0.113.77', counted, '203.0.113.77/32'],
    ['::ffff:203.0.113.77', counted, '203.0.113.77/32'],
    ['2001:0db8:85a3::8a2e:370:7334', kept, '2001:db8:85a3::/48'],
    ['2001:DB8:85a3:1:2:3:4:5', counted, '2001:db8:85a3:1::/64'],
    ['2001:db8:85a3:1::', counted, '2001:db8:85a3:1::/64'],
    ['::1', kept, '0:0:0::/48'],
    ['nonsense', kept, undefined],
  ] as const)('of %s by %o is %s', (address, of, network) => expect(networkOf(address, of)).toBe(network));
});
