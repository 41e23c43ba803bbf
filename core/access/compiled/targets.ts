import type { ResourcePolicy } from '../../identity/resource-policy.ts';
import { arnParts, policyHolderOf } from '../places.ts';
import { isUnderRcps } from '../rcp-services.ts';
import type { KmsGrant } from '../situation.ts';
import type { Document, Documents } from './documents.ts';
import type { ListOf, PolicyList } from './lists.ts';

/** What a query is about, whoever asks. */
export interface Target {
  /** null where only the question may say who owns the resource. */
  readonly owner: string | null;
  /** The resource's policy; empty where it has none, or one that does not speak of such actions. */
  readonly policy: PolicyList;
  /** The same with a policy that does not speak of such actions: it must be readable all the same. */
  readonly attached: PolicyList;
  readonly grants: readonly KmsGrant[];
  readonly isTrust: boolean;
  readonly isKey: boolean;
  /** Of the two kinds that answer only to whom their own policy names. */
  readonly needsBoth: boolean;
  readonly isUnderRcps: boolean;
  readonly isServiceLinked: boolean;
  readonly isRetiring: boolean;
  /** Whoever of an account needs no permission for it. */
  readonly isFreeFor: 'all' | 'users' | null;
}

/** What targets are made of. */
export interface TargetParts {
  documents: Documents;
  listOf: ListOf;
  resources: ReadonlyMap<string, ResourcePolicy>;
  trustOf: (arn: string) => string | null;
}

const isRole = /^arn:[a-z-]+:iam::\d*:role\//;
const isKmsKey = /^arn:[a-z-]+:kms:[^:]*:\d*:key\//;

/** Everything that follows from an action in lower case and a resource. */
export function targetOf(
  { lower, resource }: { lower: string; resource: string },
  { documents, listOf, resources, trustOf }: TargetParts,
): Target {
  const guarded = resources.get(policyHolderOf(resource));
  const isSts = lower.startsWith('sts:');
  const trust = isSts ? trustOf(resource) : null;
  const documentsOn = (): Document[] => {
    if (trust !== null) return [documents.documentOf(trust, 'trust')];
    return guarded?.policy == null ? [] : [documents.documentOf(guarded.policy, 'resource')];
  };
  const attached = listOf('resourcePolicy', documentsOn());
  const isTrust = isSts && isRole.test(resource);
  const isKey = lower.startsWith('kms:') && isKmsKey.test(resource);
  return {
    owner: guarded?.account || arnParts(resource)?.account || null,
    policy: isRole.test(resource) && !isSts ? listOf('resourcePolicy', []) : attached,
    attached,
    grants: guarded?.grants ?? [],
    isTrust,
    isKey,
    needsBoth: isTrust || isKey,
    isUnderRcps: isUnderRcps(lower),
    isServiceLinked: resource.includes(':role/aws-service-role/'),
    isRetiring: lower === 'kms:retiregrant',
    isFreeFor: lower === 'sts:getcalleridentity' ? 'all' : lower === 'sts:getsessiontoken' ? 'users' : null,
  };
}
