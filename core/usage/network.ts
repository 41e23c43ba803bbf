import { memo } from './memo.ts';

const mapped = /^::ffff:(\d{1,3})\.(\d{1,3})\.\d{1,3}\.\d{1,3}$/i;
const ipv6 = /^[0-9a-f:]{2,39}$/i;

/**
 * The neighbourhood of `sourceIPAddress`: /16 of IPv4, /48 of IPv6, service host names and `AWS Internal` as themselves
 * (at most 128 characters). null where the record has none.
 */
export const networkOf = (address: string | null): string | null =>
  address === null ? null : (ofDigits(address) ?? neighbourhood(address));

const remembered = new Map<number, string>();

/** The /16 of an IPv4 address, read digit by digit: there are too many addresses to remember each. */
function ofDigits(address: string): string | null {
  if (address.length > 15) return null;
  let [dots, number, key] = [0, 0, 0];
  for (let i = 0; i < address.length; i++) {
    const code = address.charCodeAt(i);
    if (code === 46) {
      dots += 1;
      if (dots <= 2) key = key * 1000 + number;
      number = 0;
    } else if (code < 48 || code > 57) return null;
    else number = number * 10 + code - 48;
  }
  if (dots !== 3) return null;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const network = `${Math.floor(key / 1000)}.${key % 1000}.0.0/16`;
  if (remembered.size < 70_000) remembered.set(key, network);
  return network;
}

const neighbourhood = memo((address: string): string => {
  const four = mapped.exec(address);
  if (four !== null) return `${Number(four[1])}.${Number(four[2])}.0.0/16`;
  if (ipv6.test(address) && address.includes(':')) return `${groupsOf(address).slice(0, 3).join(':')}::/48`;
  return address.slice(0, 128);
});

/** The eight groups of an IPv6 address without leading zeros. */
function groupsOf(address: string): string[] {
  const [head = '', tail = ''] = address.toLowerCase().split('::', 2);
  const left = head === '' ? [] : head.split(':');
  const right = tail === '' ? [] : tail.split(':');
  const zeros = Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  return [...left, ...zeros, ...right].map((group) => Number.parseInt(group || '0', 16).toString(16));
}
