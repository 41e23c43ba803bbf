import type { ResourcePolicy } from '../../identity/resource-policy.ts';
import { kindOfPolicyOn, type PolicyKind } from '../../policy/kinds.ts';
import type { Bearing } from '../caveats.ts';
import { accountOf, arnParts, policyHolderOf } from '../places.ts';
import type { KmsGrant } from '../situation.ts';
import type { AccountGuard } from './accounts.ts';
import { type Bits, hasBit } from './bits.ts';
import type { Documents, ResourceSet } from './documents.ts';
import type { GroupOf, ListGroup, ListOf, PolicyList } from './lists.ts';
import type { ActionTraits } from './named-actions.ts';
import type { PatternIndex } from './pattern-index.ts';

/** What a question is about, whoever asks. */
export interface Target {
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
  /** That policy cannot be read. */
  readonly isInvalid: boolean;
  readonly grants: readonly KmsGrant[];
  readonly isTrust: boolean;
  readonly isKey: boolean;
  /** Of the two kinds that answer only to whom their own policy names. */
  readonly needsBoth: boolean;
  readonly isUnderRcps: boolean;
  readonly isServiceLinked: boolean;
  readonly isRetiring: boolean;
  /** No other account's principal can, whatever policies say. */
  readonly isKeptHome: boolean;
  /** No bucket policy denies it to the owner's root user. */
  readonly isOnBucketPolicy: boolean;
  /** What of it decides beside what its policy says, as bits that no caller's traits have. */
  readonly traits: number;
  /** Whoever of an account needs no permission for it. */
  readonly isFreeFor: 'all' | 'users' | null;
}

/** A resource, whatever is done to it. */
export interface Place {
  readonly resource: string;
  readonly site: Site;
  /** Number of the kind of resource. */
  readonly kind: number;
  /** Asked about more than once: worth looking at all patterns together. */
  isUsual: boolean;
  /** Which of the first `matchedOf` patterns match; null where they are looked at one by one. */
  matched: Bits | null;
  matchedOf: number;
  /** What bears on decisions about it and was not read; undefined until somebody asks. */
  bearing: Bearing | null | undefined;
}

/** What is the same for all objects of a bucket, and for all resources of an account that have no policies. */
interface Site {
  readonly guarded: ResourcePolicy | undefined;
  readonly owner: string | null;
  readonly guard: AccountGuard | null;
  /** By kind of resource and of action. */
  readonly targets: (Target | undefined)[];
  /** Where there is a policy: what bears on everything under it; undefined until somebody asks. */
  bearing: Bearing | null | undefined;
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

/** Kinds of resources, as bits. */
const kinds = { role: 1, kmsKey: 2, serviceLinked: 4 } as const;
const allKinds = 8;

/** Resources for each of which a number is kept, as a power of two. */
const seats = 1 << 15;

/**
 * Remembers resources that were asked about more than once. Of one that is asked about for the first time only a number
 * is kept: most are never heard of again, and should leave nothing to look through and to collect.
 */
export class Targets {
  readonly #parts: TargetParts;
  readonly #most: number;
  /** By who owns the resource. */
  readonly #unguarded = new Map<string, Site>();
  readonly #guarded = new Map<ResourcePolicy, Site>();
  #young = new Map<string, Place>();
  #old = new Map<string, Place>();
  /** The resource that was last seen at each seat. */
  readonly #seen = new Int32Array(seats);

  constructor(parts: TargetParts, most = 8_192) {
    this.#parts = parts;
    this.#most = most;
  }

  placeOf(resource: string): Place {
    return this.#young.get(resource) ?? this.#settle(resource);
  }

  targetOf({ resource, site, kind }: Place, traits: ActionTraits): Target {
    // Each role has a trust policy of its own.
    if (traits.isSts && (kind & kinds.role) !== 0) return this.#aimAt(resource, site, kind, traits);
    const name = traits.number * allKinds + kind;
    const known = site.targets[name];
    if (known !== undefined) return known;
    const made = this.#aimAt(resource, site, kind, traits);
    site.targets[name] = made;
    return made;
  }

  #settle(resource: string): Place {
    const number = numberOf(resource);
    const seat = number & (seats - 1);
    if (this.#seen[seat] !== number) {
      this.#seen[seat] = number;
      return this.#placeAt(resource);
    }
    if (this.#young.size >= this.#most) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    const place = this.#old.get(resource) ?? this.#placeAt(resource);
    place.isUsual = true;
    this.#young.set(resource, place);
    return place;
  }

  #placeAt(resource: string): Place {
    const parts = arnParts(resource);
    const guarded = this.#parts.resources.get(policyHolderOf(resource, parts));
    const site = guarded ? this.#siteOf(guarded, resource) : this.#siteAt(parts?.account ?? '');
    const kind = parts ? kindOf(resource, parts.service) : 0;
    return { resource, site, kind, isUsual: false, matched: null, matchedOf: 0, bearing: undefined };
  }

  #siteOf(guarded: ResourcePolicy, resource: string): Site {
    const known = this.#guarded.get(guarded);
    if (known) return known;
    const site = this.#siteFor(guarded.account || accountOf(resource), guarded);
    this.#guarded.set(guarded, site);
    return site;
  }

  #siteAt(account: string): Site {
    const known = this.#unguarded.get(account);
    if (known) return known;
    const site = this.#siteFor(account, undefined);
    if (this.#unguarded.size >= this.#most) this.#unguarded.clear();
    this.#unguarded.set(account, site);
    return site;
  }

  #siteFor(account: string, guarded: ResourcePolicy | undefined): Site {
    const owner = account || null;
    return {
      guarded,
      owner,
      guard: owner === null ? null : this.#parts.guardOf(owner),
      targets: [],
      bearing: undefined,
    };
  }

  #aimAt(resource: string, { guarded, owner, guard }: Site, kind: number, traits: ActionTraits): Target {
    const { isSts, isKms, isRetiring, isUnderRcps, isForKeyOwner, isOnBucketPolicy, isFreeFor } = traits;
    const { documents, listOf, groupOf, trustOf } = this.#parts;
    const alone = (text: string | null | undefined, of: PolicyKind): ListGroup =>
      groupOf([listOf('resourcePolicy', text == null ? [] : [documents.documentOf(text, of)])]);
    const isRole = (kind & kinds.role) !== 0;
    const trust = isSts ? trustOf(resource) : null;
    const attached =
      trust === null ? alone(guarded?.policy, kindOfPolicyOn(guarded?.arn ?? '')) : alone(trust, 'trust');
    const policyGroup = isRole && !isSts ? alone(null, 'resource') : attached;
    const isTrust = isSts && isRole;
    const isKey = isKms && (kind & kinds.kmsKey) !== 0;
    const isKeptHome = isKey && isForKeyOwner;
    return {
      owner,
      guard,
      policy: policyGroup.lists[0]!,
      policyGroup,
      attached: attached.lists[0]!,
      isInvalid: attached.lists[0]!.invalid.length > 0,
      grants: guarded?.grants ?? [],
      isTrust,
      isKey,
      needsBoth: isTrust || isKey,
      isUnderRcps,
      isServiceLinked: (kind & kinds.serviceLinked) !== 0,
      isRetiring,
      isKeptHome,
      isOnBucketPolicy,
      traits: (isTrust ? 128 : 0) | (isTrust || isKey ? 256 : 0) | (isKeptHome ? 512 : 0),
      isFreeFor,
    };
  }
}

/** Mostly another number for another text, never 0: by its length and its end, where most resources differ. */
function numberOf(text: string): number {
  let number = text.length;
  for (let i = Math.max(0, text.length - 24); i < text.length; i++) {
    number = Math.imul(number ^ text.charCodeAt(i), 0x01000193);
  }
  return (number ^ (number >>> 15)) | 0 || 1;
}

/** Only two services have kinds that differ here. */
function kindOf(resource: string, service: string): number {
  if (service === 'kms') return isKmsKey.test(resource) ? kinds.kmsKey : 0;
  if (service !== 'iam') return 0;
  if (!isRole.test(resource)) return 0;
  return resource.includes(':role/aws-service-role/') ? kinds.role | kinds.serviceLinked : kinds.role;
}

/** Whether a statement's resources cover the place; `depends` where a variable decides. */
export function coverageOf(
  { not, fixed, variable, everything }: ResourceSet,
  place: Place,
  patterns: PatternIndex,
): 'yes' | 'no' | 'depends' {
  if (everything || isAmong(fixed, place, patterns)) return not ? 'no' : 'yes';
  if (variable.length > 0) return 'depends';
  return not ? 'yes' : 'no';
}

function isAmong(numbers: readonly number[], place: Place, patterns: PatternIndex): boolean {
  if (place.isUsual && place.matched === null) {
    place.matchedOf = patterns.count();
    place.matched = patterns.matching(place.resource);
  }
  const { matched, matchedOf, resource } = place;
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i]!;
    if (matched !== null && number < matchedOf ? hasBit(matched, number) : patterns.matches(number, resource))
      return true;
  }
  return false;
}
