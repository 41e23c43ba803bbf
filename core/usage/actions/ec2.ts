import type { Parameters } from './need.ts';

/** The resource type that an id of EC2 belongs to, by what it begins with. */
const typeByPrefix: Readonly<Record<string, string>> = {
  acl: 'network-acl',
  ami: 'image',
  cgw: 'customer-gateway',
  dopt: 'dhcp-options',
  eigw: 'egress-only-internet-gateway',
  eipalloc: 'elastic-ip',
  eni: 'network-interface',
  fl: 'vpc-flow-log',
  i: 'instance',
  igw: 'internet-gateway',
  key: 'key-pair',
  lt: 'launch-template',
  nat: 'natgateway',
  pcx: 'vpc-peering-connection',
  pl: 'prefix-list',
  rtb: 'route-table',
  sg: 'security-group',
  sgr: 'security-group-rule',
  snap: 'snapshot',
  subnet: 'subnet',
  tgw: 'transit-gateway',
  vgw: 'vpn-gateway',
  vol: 'volume',
  vpc: 'vpc',
  vpce: 'vpc-endpoint',
  vpn: 'vpn-connection',
};
const id = /^([a-z]+)-[0-9a-f]{8,17}$/;
/** A request can be large and deep: it is read so far. */
const [deepest, mostRead] = [6, 600];

/** An id of EC2 and the resource type that it belongs to. */
export interface TypedId {
  type: string;
  id: string;
}

/**
 * The ids in a request, wherever they stand: EC2 writes lists as `instancesSet: { items: [{ instanceId }] }`, and some
 * requests one level deeper, under their own name.
 */
export function idsIn(parameters: unknown): readonly TypedId[] {
  const found = new Map<string, TypedId>();
  let left = mostRead;
  const read = (value: unknown, depth: number): void => {
    left -= 1;
    if (typeof value === 'string') {
      const typed = typedId(value);
      if (typed !== undefined) found.set(value, typed);
    } else if (typeof value === 'object' && value !== null && depth < deepest) {
      for (const name in value) {
        if (left <= 0) return;
        read((value as Parameters)[name], depth + 1);
      }
    }
  };
  read(parameters, 0);
  return [...found.values()];
}

function typedId(value: string): TypedId | undefined {
  const prefix = value.length < 40 ? id.exec(value)?.[1] : undefined;
  if (prefix === undefined || !Object.hasOwn(typeByPrefix, prefix)) return undefined;
  return { type: typeByPrefix[prefix] as string, id: value };
}

/** Calls that make what has no id yet. */
export const makesNew = (name: string): boolean =>
  /^(?:Allocate|Copy|Create|Import|Register|RequestSpot|RunInstances)/.test(name);
