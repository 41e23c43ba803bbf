import type { PolicyDocument } from '../policy/statement.ts';
import { isPublic, letsOthersWrite } from './buckets.ts';
import type { Decision, Test } from './decision.ts';
import { arnParts, policyHolderOf } from './places.ts';
import { callerOf } from './reference/caller.ts';
import { untoldPrefix } from './residual/facts.ts';
import type { BucketFacts, Policy, Request, Situation } from './situation.ts';
import { delegationTo, openDoor } from './unseen.ts';

/** What bears on access to a resource, whoever asks, and was not read; or was, and stands outside of policies. */
export interface Bearing {
  owner: string | null;
  isPolicyUnread: boolean;
  /** Whether Block Public Access takes a public policy from outsiders; null where that cannot matter. */
  publicAccess: 'restricted' | 'unread' | null;
  /** Whether access control lists may let outsiders in. */
  mayHaveLists: boolean;
  /** Whether objects may belong to others than the bucket's owner. */
  mayBeOthers: boolean;
  /** Whether the key may be one that AWS manages. */
  mayBeManaged: boolean;
}

/** What is known of a resource that a caveat may follow from. */
export interface Known {
  resource: string;
  owner: string | null;
  isPolicyUnread: boolean;
  /** null: not a bucket, or all that counts is given. */
  bucket: BucketFacts | null;
  document: PolicyDocument | null;
}

/** null where nothing bears: nearly always. */
export function bearingOf({ resource, owner, isPolicyUnread, bucket, document }: Known): Bearing | null {
  const isKey = /^arn:[a-z-]+:kms:[^:]*:\d*:key\//.test(resource);
  // AWS writes the policies of its own keys and names them so.
  const mayBeManaged = isKey && (isPolicyUnread || document?.id?.startsWith('auto-') === true);
  if (!isPolicyUnread && !mayBeManaged && bucket === null) return null;
  const publicAccess = bucket && document && isPublic(document) ? bucket.publicAccess : 'open';
  const mayHaveLists = bucket?.acls === 'unread';
  const mayBeOthers = mayHaveLists && document !== null && letsOthersWrite(document, owner);
  if (!isPolicyUnread && !mayBeManaged && publicAccess === 'open' && !mayHaveLists) return null;
  return {
    owner,
    isPolicyUnread,
    publicAccess: publicAccess === 'open' ? null : publicAccess,
    mayHaveLists,
    mayBeOthers,
    mayBeManaged,
  };
}

type Asked = Pick<
  Request,
  'principal' | 'principalKind' | 'principalRoleArn' | 'federatingUserArn' | 'action' | 'resource'
>;
/** Decides again with something else in a layer's place, and without caveats. */
type Again = (change: (situation: Situation) => Partial<Situation>) => Decision;

/**
 * Makes a decision depend on what bears on it and was not read: each is one fact that is so or not, whatever the
 * request says. `decision` is what the known policies say.
 */
export function withCaveats(bearing: Bearing, asked: Asked, decision: Decision, again: Again): Decision {
  if (decision.outcome === 'allowed' || decision.outcome === 'conditional') return lessened(bearing, asked, decision);
  if (decision.outcome === 'implicit-deny') return ifLetIn(bearing, asked, decision, again);
  return decision.outcome === 'explicit-deny' && bearing.mayBeManaged
    ? ifManaged(bearing, asked, decision, again)
    : decision;
}

/** What may take away what is allowed. */
function lessened(bearing: Bearing, asked: Asked, decision: Decision): Decision {
  // RestrictPublicBuckets leaves a public policy to the owner's account and to services.
  if (bearing.publicAccess === 'restricted' && isOutside(bearing, asked))
    return { ...decision, outcome: 'implicit-deny', when: null };
  const holder = policyHolderOf(asked.resource);
  const tests: Test[] = [];
  if (bearing.isPolicyUnread) tests.push(untold(`the policy of ${holder}, which was not read, does not deny it`));
  if (bearing.publicAccess === 'unread' && isOutside(bearing, asked))
    tests.push(untold(`Block Public Access does not restrict ${holder}`));
  if (bearing.mayBeOthers && isOfObject(asked)) tests.push(untold(`${asked.resource} belongs to its bucket's owner`));
  return dependent(decision, tests);
}

/** What may let in whom nothing that was read lets in. */
function ifLetIn(bearing: Bearing, asked: Asked, decision: Decision, again: Again): Decision {
  const { account } = callerOf(asked);
  const door = account === null ? openDoor(asked.action) : delegationTo(account, asked.action);
  const opened = (tests: Test[], own: (policy: Policy | null) => Policy): Decision => {
    const then = again(({ resourcePolicy }) => ({ resourcePolicy: own(resourcePolicy) }));
    if (then.outcome !== 'allowed' && then.outcome !== 'conditional') return decision;
    return dependent({ ...then, because: then.because.filter(({ layer }) => layer !== 'resourcePolicy') }, tests);
  };
  if (bearing.isPolicyUnread) {
    const key = `policy of ${policyHolderOf(asked.resource)}`;
    return opened([{ operator: 'Allows', key, values: [asked.principal] }], () => door);
  }
  if (!bearing.mayHaveLists || !isOutside(bearing, asked) || !grantable.has(asked.action.toLowerCase())) {
    return decision;
  }
  const whom = account === null ? 'everybody' : `account ${account}`;
  return opened([untold(`an access control list lets ${whom} in to ${asked.resource}`)], (own) => beside(own, door));
}

/** A list gives what the bucket's own policy does not deny. */
function beside(own: Policy | null, door: Policy): Policy {
  if (!own?.ok || !door.ok) return door;
  const denials = own.value.statements.filter(({ effect }) => effect === 'Deny');
  return { ok: true, value: { ...own.value, statements: [...denials, ...door.value.statements] } };
}

/** RCPs do not limit the keys that AWS manages. */
function ifManaged(bearing: Bearing, asked: Asked, decision: Decision, again: Again): Decision {
  if (decision.because.some(({ layer }) => layer !== 'rcps')) return decision;
  const unlimited: Again = (change) => again((situation) => ({ rcps: null, ...change({ ...situation, rcps: null }) }));
  const then = withCaveats(
    bearing,
    asked,
    unlimited(() => ({})),
    unlimited,
  );
  if (then.outcome !== 'allowed' && then.outcome !== 'conditional') return decision;
  const because = [...decision.because, ...then.because];
  return dependent({ ...then, because }, [untold(`AWS manages ${asked.resource}`)]);
}

const untold = (what: string): Test => ({ operator: 'Untold', key: `${untoldPrefix}${what}`, values: ['true'] });

/** The decision where all of these hold as well. */
function dependent(decision: Decision, tests: readonly Test[]): Decision {
  if (tests.length === 0) return decision;
  const conditions = [...(decision.when ? [decision.when.condition] : []), ...tests];
  const facts = tests.map(({ operator, key, values }): [string, string] => [
    key,
    operator === 'Allows' ? `allows ${values.join()}` : 'true',
  ]);
  const condition = conditions.length === 1 ? conditions[0]! : { all: conditions };
  const witness = { ...decision.when?.witness, ...Object.fromEntries(facts) };
  return { ...decision, outcome: 'conditional', when: { condition, witness } };
}

/** Of another account than the bucket's, or of none; services are neither public nor of another account. */
function isOutside({ owner }: Bearing, asked: Asked): boolean {
  const { kind, account } = callerOf(asked);
  return kind === 'anonymous' || (account !== null && account !== owner);
}

/** What concerns an object that is there. */
const isOfObject = ({ action, resource }: Asked): boolean =>
  (arnParts(resource)?.rest.includes('/') ?? false) &&
  /^s3:(?:getobject|restoreobject|putobject(?:version)?(?:acl|tagging)|deleteobject(?:version)?tagging)/i.test(action);

/**
 * What a bucket's or an object's list can give. Source: S3 User Guide, "Access control list (ACL) overview", what each
 * ACL permission stands for.
 */
const grantable = new Set(
  `s3:listbucket s3:listbucketversions s3:listbucketmultipartuploads s3:putobject s3:deleteobject
   s3:deleteobjectversion s3:getbucketacl s3:putbucketacl s3:getobject s3:getobjectversion s3:getobjecttorrent
   s3:getobjectacl s3:getobjectversionacl s3:putobjectacl s3:putobjectversionacl`.split(/\s+/),
);
