import { memo } from './memo.ts';

const ipv4 = /^(?:::ffff:)?(\d{1,3})\.(\d{1,3})\.\d{1,3}\.\d{1,3}$/i;
const ipv6 = /^[0-9a-f:]{2,39}$/i;

/**
 * The neighbourhood of `sourceIPAddress`: /16 of IPv4, /48 of IPv6, service host names and `AWS Internal` as themselves
 * (at most 128 characters). null where the record has none.
 */
export function networkOf(address: string | null): string | null {
  if (address === null) return null;
  const half = firstHalf(address);
  return half === null ? neighbourhood(address) : neighbourhood(`${half}.0.0`);
}

/** The first two numbers of an IPv4 address, read by hand: there are too many addresses to remember each. */
function firstHalf(address: string): string | null {
  let [dots, end] = [0, 0];
  for (let i = 0; i < address.length; i++) {
    const code = address.charCodeAt(i);
    if (code === 46) {
      dots += 1;
      if (dots === 2) end = i;
    } else if (code < 48 || code > 57) return null;
  }
  return dots === 3 && address.length <= 15 ? address.slice(0, end) : null;
}

const neighbourhood = memo((address: string): string => {
  const four = ipv4.exec(address);
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
