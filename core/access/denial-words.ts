import type { Layer } from './decision.ts';
import type { Explanation, Why } from './explain.ts';

/** Why a call was denied, in a sentence. */
export const whyWords: Readonly<Record<Why, string>> = {
  denied: 'A statement denies it: no grant can help while it stands.',
  'not-granted': 'Nothing allows it.',
  depends: 'It depends on something that the event does not show.',
  'not-explained': 'What is known does not explain it.',
  'unknown-principal': 'The caller is not in the inventory: name the authorization details of its account.',
};

const layerWords: Readonly<Record<Layer, string>> = {
  rcps: 'A resource control policy',
  scps: 'A service control policy',
  vpcEndpointPolicies: 'The policy of a VPC endpoint',
  resourcePolicy: 'The policy of the resource itself',
  kmsGrants: 'A grant of the key',
  identityPolicies: 'One of its own policies',
  groupPolicies: 'A policy of a group',
  permissionsBoundary: 'The permissions boundary',
  sessionPolicies: 'The policy of the session',
};

/**
 * What keeps a loan from helping, in a sentence: something denies it, or what is missing is missing where no loan can
 * add it. undefined: a loan may help, as far as is known.
 */
export function obstacleTo({ why, decision, grant }: Explanation): string | undefined {
  if (why === 'denied') {
    const denying = decision?.because.find(({ effect }) => effect === 'Deny')?.layer;
    return `${denying ? layerWords[denying] : 'A statement'} denies it; no grant can help while that stands.`;
  }
  if (why !== 'not-granted') return undefined;
  if (grant === null) return 'No grant can help.';
  const beyond = grant.find(({ layer }) => layer !== 'identityPolicies');
  if (beyond?.layer === 'resourcePolicy')
    return 'The policy of the resource itself would have to allow it; no loan can.';
  return beyond && `${layerWords[beyond.layer]} does not allow it; no loan can change that.`;
}
