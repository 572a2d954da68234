const IPV4 = /^(?:::ffff:)?(\d{1,3}(?:\.\d{1,3}){3})$/i;
const NUMBERS = 4;
const GROUPS = 8;

/**
 * The network that an address is in, by its first numbers (IPv4, 8 bits each) or groups (IPv6, 16 bits each), in the one
 * way to write it: `192.0.2.0/24`, `2001:db8:1::/48`. Undefined for what is no address.
 */
export function networkOf(
  address: string,
  { numbers, groups }: { readonly numbers: number; readonly groups: number },
): string | undefined {
  const ipv4 = IPV4.exec(address)?.[1]?.split('.');
  if (ipv4) {
    return `${ipv4.map((number, i) => (i < numbers ? Number(number) : 0)).join('.')}/${numbers * (32 / NUMBERS)}`;
  }
  if (!address.includes(':')) return undefined;
  const [head = '', tail] = address.toLowerCase().split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, GROUPS - before.length - after.length);
  const all = [...before, ...Array.from({ length: zeros }, () => '0'), ...after];
  const named = all.slice(0, groups).map((group) => group.replace(/^0+(?=.)/, ''));
  return `${named.join(':')}::/${groups * (128 / GROUPS)}`;
}
