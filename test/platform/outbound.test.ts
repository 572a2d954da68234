import type { LookupAddress } from 'node:dns';
import { EventEmitter } from 'node:events';
import type { RequestOptions, request } from 'node:https';
import { describe, expect, it } from 'vitest';
import { isAllowed, isPublic, outboundPost } from '../../lambdas/platform/outbound.ts';

type Options = Omit<RequestOptions, 'lookup'> & {
  lookup(name: string, options: object, done: (error: Error | null, found: LookupAddress[]) => void): void;
};

/** node:https as the outside world: it looks the name up as a socket does, and answers as it is told. */
function someHttps(status: number) {
  const seen: { options: Options; connectedTo: string[]; body: string }[] = [];
  const send = ((options: Options, answer: (response: object) => void) => {
    const sent = Object.assign(new EventEmitter(), {
      end(body: string) {
        options.lookup(String(options.host), { all: true }, (error, found) => {
          if (error) return void sent.emit('error', error);
          seen.push({ options, connectedTo: found.map(({ address }) => address), body });
          if (status === 0) sent.emit('error', Object.assign(new Error('off'), { code: 'ECONNREFUSED' }));
          else answer({ statusCode: status, destroy() {} });
        });
      },
    });
    return sent;
  }) as unknown as typeof request;
  return { send, seen };
}
const message = (url: string) => ({ url, headers: { 'webhook-id': 'evt_1' }, body: '{}' });
const resolvesTo =
  (...addresses: string[]) =>
  async () =>
    addresses.map((address) => ({ address, family: 4 }));

describe('the door to addresses that customers give', () => {
  it.each([
    ['this machine', '127.0.0.1'],
    ['this machine, in IPv6', '::1'],
    ['this machine, in IPv6’s clothes', '::ffff:127.0.0.1'],
    ['this machine, in older clothes', '::7f00:1'],
    ['a private network, in older clothes', '::a01:203'],
    ['what nobody has been given', '4000::1'],
    ['a private network', '10.1.2.3'],
    ['another one', '192.168.1.1'],
    ['the third', '172.16.0.1'],
    ['a provider’s own service', '169.254.169.254'],
    ['a provider’s own service, in IPv6', 'fd00:ec2::254'],
    ['a network’s own', 'fe80::1'],
    ['a carrier’s network', '100.64.0.1'],
    ['everybody', '255.255.255.255'],
    ['nobody', '0.0.0.0'],
    ['an address inside NAT64', '64:ff9b::a00:1'],
    ['an address inside 6to4', '2002:a00:1::'],
    ['a group', '224.0.0.1'],
    ['what is no address', 'localhost'],
  ])('does not lead to %s', async (_, address) => {
    expect(isPublic(address)).toBe(false);
    const { send, seen } = someHttps(200);
    const post = outboundPost({ resolve: resolvesTo('1.1.1.1', address), send });
    expect(await post(message('https://hooks.example.no/x'))).toMatchObject({ failure: 'address-refused' });
    expect(seen).toEqual([]);
  });

  it('connects to the very addresses that it has looked at: what the name server says next changes nothing', async () => {
    const answers = [['1.1.1.1', '8.8.8.8'], ['127.0.0.1']];
    const resolve = async () => answers.shift()!.map((address) => ({ address, family: 4 }));
    const { send, seen } = someHttps(204);
    expect(await outboundPost({ resolve, send })(message('https://hooks.example.no/x?y=1'))).toMatchObject({
      status: 204,
    });
    expect(seen[0]).toMatchObject({
      connectedTo: ['1.1.1.1', '8.8.8.8'],
      options: { host: 'hooks.example.no', servername: 'hooks.example.no', port: 443, path: '/x?y=1', agent: false },
    });
    expect(answers).toHaveLength(1);
  });

  it('opens for https by name on its own port alone', () => {
    const refused = [
      'http://hooks.example.no/',
      'https://hooks.example.no:8443/',
      'https://user:pass@hooks.example.no/',
      'https://127.0.0.1/',
      'https://2130706433/',
      'https://0x7f.1/',
      'https://[::1]/',
      'https://localhost/',
      'ftp://hooks.example.no/',
    ];
    expect(refused.filter((url) => isAllowed(new URL(url)))).toEqual([]);
    expect(isAllowed(new URL('https://hooks.example.no/path'))).toBe(true);
  });

  it('takes a redirect for what it is, and says why nothing was answered', async () => {
    const resolve = resolvesTo('1.1.1.1');
    const { send } = someHttps(302);
    expect(await outboundPost({ resolve, send })(message('https://hooks.example.no/'))).toMatchObject({ status: 302 });
    const off = someHttps(0);
    expect(await outboundPost({ resolve, send: off.send })(message('https://hooks.example.no/'))).toMatchObject({
      failure: 'connection',
    });
    const unknown = async () => Promise.reject(Object.assign(new Error('gone'), { code: 'ENOTFOUND' }));
    expect(await outboundPost({ resolve: unknown, send })(message('https://hooks.example.no/'))).toMatchObject({
      failure: 'connection',
    });
  });
});
