import { member, someValue, textOf } from './parameters.ts';
import type { SignalRule } from './rule.ts';

/** What a public site offers on purpose. */
const webPorts = new Set([80, 443]);

/** A security group opened to every address, on anything but the ports of the web. */
export const openIngress: SignalRule = {
  kind: 'open-ingress',
  names: ['AuthorizeSecurityGroupIngress', 'ModifySecurityGroupRules'],
  matches({ requestParameters }) {
    const isOpen = (value: unknown) =>
      member(value, 'ipProtocol') !== undefined && !isWeb(value) && isForEverybody(value);
    return someValue(requestParameters, isOpen);
  },
};

function isWeb(permission: unknown): boolean {
  const [from, to] = [member(permission, 'fromPort'), member(permission, 'toPort')];
  return from === to && webPorts.has(Number(from));
}

/** `/0` means every address, whatever stands before it; a few halves and quarters mean as much. */
const isForEverybody = (permission: unknown): boolean =>
  someValue(permission, (value) =>
    ['cidrIp', 'cidrIpv4', 'cidrIpv6'].some((name) => /\/[0-7]$/.test(textOf(value, name) ?? '')),
  );
