import { type Filled, literalOf } from '../variables.ts';
import type { Comparison } from './comparison.ts';

/** The addresses from `first` to `last`, both included. */
export interface IpRange {
  bits: 32 | 128;
  first: bigint;
  last: bigint;
}

/** Reads an address or a CIDR range, IPv4 or IPv6; undefined where it is neither. Host bits do not count. */
export function ipRangeOf(text: string): IpRange | undefined {
  const [address = '', length, ...rest] = text.trim().split('/');
  const bits = address.includes(':') ? 128 : 32;
  const value = bits === 128 ? ipv6Of(address) : ipv4Of(address);
  if (value === undefined || rest.length > 0) return undefined;
  if (length !== undefined && (!/^\d{1,3}$/.test(length) || Number(length) > bits)) return undefined;
  const hosts = (1n << BigInt(bits - Number(length ?? bits))) - 1n;
  return { bits, first: value & ~hosts, last: value | hosts };
}

function ipv4Of(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255)) return undefined;
  return parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
}

function ipv6Of(text: string): bigint | undefined {
  const [left = '', right, ...rest] = text.split('::');
  if (rest.length > 0) return undefined;
  const head = groupsOf(left);
  const tail = right === undefined ? [] : groupsOf(right);
  if (!head || !tail) return undefined;
  const missing = 8 - head.length - tail.length;
  if (right === undefined ? missing !== 0 : missing < 1) return undefined;
  return [...head, ...Array<bigint>(missing).fill(0n), ...tail].reduce((sum, group) => (sum << 16n) | group, 0n);
}

/** Groups of 16 bits; the last two may be written as an IPv4 address. */
function groupsOf(text: string): bigint[] | undefined {
  if (text === '') return [];
  const groups: bigint[] = [];
  for (const [index, part] of text.split(':').entries()) {
    const isLast = index === text.split(':').length - 1;
    const embedded = isLast && part.includes('.') ? ipv4Of(part) : undefined;
    if (embedded !== undefined) groups.push(embedded >> 16n, embedded & 0xffffn);
    else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(BigInt(`0x${part}`));
    else return undefined;
  }
  return groups;
}

/** One address is held against many ranges, and one range against many addresses: each is read once. */
const ranges = new WeakMap<Filled, IpRange | null>();
let latest: { text: string; range: IpRange | undefined } = { text: '', range: undefined };

function rangeIn(wanted: Filled): IpRange | null {
  const known = ranges.get(wanted);
  if (known !== undefined) return known;
  const range = ipRangeOf(literalOf(wanted)) ?? null;
  ranges.set(wanted, range);
  return range;
}

function addressIn(text: string): IpRange | undefined {
  if (latest.text !== text) latest = { text, range: ipRangeOf(text) };
  return latest.range;
}

function meets(actual: string, wanted: Filled): boolean {
  const range = rangeIn(wanted);
  const address = addressIn(actual);
  if (!range || !address || range.bits !== address.bits) return false;
  return range.first <= address.first && address.last <= range.last;
}

const accepts = (value: string): boolean => ipRangeOf(value) !== undefined;

/** Addresses in ranges. An IPv4 address is in no IPv6 range, and the other way round. */
export const ipAddressComparisons = {
  IpAddress: { negated: false, accepts, meets },
  NotIpAddress: { negated: true, accepts, meets },
} satisfies Record<string, Comparison>;
