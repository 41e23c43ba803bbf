import type { ResourcePolicy } from '../../identity/resource-policy.ts';
import { arnParts, policyHolderOf } from '../places.ts';
import type { KmsGrant } from '../situation.ts';
import type { AccountGuard } from './accounts.ts';
import type { Bits } from './bits.ts';
import type { Documents } from './documents.ts';
import type { GroupOf, ListGroup, ListOf, PolicyList } from './lists.ts';
import type { ActionTraits } from './named-actions.ts';

/** What a question is about, whoever asks. */
export interface Target {
  readonly place: Place;
  /** null where only the question may say who owns the resource. */
  readonly owner: string | null;
  /** What stands above the owner's account. */
  readonly guard: AccountGuard | null;
  /** The resource's policy; empty where it has none, or one that does not speak of such actions. */
  readonly policy: PolicyList;
  /** The same by itself. */
  readonly policyGroup: ListGroup;
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

/** A resource, whatever is done to it. */
export interface Place {
  readonly resource: string;
  readonly guarded: ResourcePolicy | undefined;
  readonly owner: string | null;
  readonly guard: AccountGuard | null;
  readonly isRole: boolean;
  readonly isKmsKey: boolean;
  readonly isServiceLinked: boolean;
  /** Asked about more than once: worth looking at all patterns together. */
  isUsual: boolean;
  /** Which of the first `matchedOf` patterns match; null where they are looked at one by one. */
  matched: Bits | null;
  matchedOf: number;
  /** Of the actions asked about last. */
  target: Target | null;
  traits: ActionTraits | null;
}

/** What targets are made of. */
export interface TargetParts {
  documents: Documents;
  listOf: ListOf;
  groupOf: GroupOf;
  guardOf: (account: string) => AccountGuard;
  resources: ReadonlyMap<string, ResourcePolicy>;
  trustOf: (arn: string) => string | null;
}

const isRole = /^arn:[a-z-]+:iam::\d*:role\//;
const isKmsKey = /^arn:[a-z-]+:kms:[^:]*:\d*:key\//;

/** Remembers the resources that were asked about last. */
export class Targets {
  readonly #parts: TargetParts;
  readonly #lists: ListsOn;
  readonly #most: number;
  #young = new Map<string, Place>();
  #old = new Map<string, Place>();

  constructor(parts: TargetParts, most = 8_192) {
    this.#parts = parts;
    this.#lists = listsOn(parts);
    this.#most = most;
  }

  targetOf(traits: ActionTraits, resource: string): Target {
    const place = this.#again(resource) ?? this.#first(resource);
    if (place.traits === traits) return place.target!;
    place.target = aimAt(place, traits, this.#lists);
    place.traits = traits;
    return place.target;
  }

  #again(resource: string): Place | undefined {
    const place = this.#young.get(resource);
    if (place) place.isUsual = true;
    return place;
  }

  #first(resource: string): Place {
    if (this.#young.size >= this.#most) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    const place = this.#old.get(resource) ?? placeOf(resource, this.#parts);
    this.#young.set(resource, place);
    return place;
  }
}

function placeOf(resource: string, { resources, guardOf }: TargetParts): Place {
  const parts = arnParts(resource);
  const guarded = resources.get(policyHolderOf(resource, parts));
  const owner = guarded?.account || parts?.account || null;
  return {
    resource,
    guarded,
    owner,
    guard: owner === null ? null : guardOf(owner),
    isRole: parts?.service === 'iam' && isRole.test(resource),
    isKmsKey: parts?.service === 'kms' && isKmsKey.test(resource),
    isServiceLinked: resource.includes(':role/aws-service-role/'),
    isUsual: false,
    matched: null,
    matchedOf: 0,
    target: null,
    traits: null,
  };
}

/** The lists of a resource's own policy and of a role's trust. */
interface ListsOn {
  readonly none: ListGroup;
  policyOn(guarded: ResourcePolicy | undefined): ListGroup;
  trustOn(arn: string): ListGroup | null;
}

function listsOn({ documents, listOf, groupOf, trustOf }: TargetParts): ListsOn {
  const none = groupOf([listOf('resourcePolicy', [])]);
  const alone = (text: string, kind: 'resource' | 'trust'): ListGroup =>
    groupOf([listOf('resourcePolicy', [documents.documentOf(text, kind)])]);
  const known = new Map<ResourcePolicy, ListGroup>();
  return {
    none,
    policyOn: (guarded) => {
      if (guarded?.policy == null) return none;
      const group = known.get(guarded) ?? alone(guarded.policy, 'resource');
      known.set(guarded, group);
      return group;
    },
    trustOn: (arn) => {
      const trust = trustOf(arn);
      return trust === null ? null : alone(trust, 'trust');
    },
  };
}

function aimAt(place: Place, traits: ActionTraits, lists: ListsOn): Target {
  const { resource, guarded, owner, guard } = place;
  const { isSts, isRetiring, isUnderRcps, isFreeFor } = traits;
  const group = (isSts ? lists.trustOn(resource) : null) ?? lists.policyOn(guarded);
  const policyGroup = place.isRole && !isSts ? lists.none : group;
  const isTrust = isSts && place.isRole;
  const isKey = traits.isKms && place.isKmsKey;
  return {
    place,
    owner,
    guard,
    policy: policyGroup.lists[0]!,
    policyGroup,
    attached: group.lists[0]!,
    grants: guarded?.grants ?? [],
    isTrust,
    isKey,
    needsBoth: isTrust || isKey,
    isUnderRcps,
    isServiceLinked: place.isServiceLinked,
    isRetiring,
    isFreeFor,
  };
}
