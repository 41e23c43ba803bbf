import type { InvalidPolicy } from '../policy/parse.ts';
import type { PolicyDocument } from '../policy/statement.ts';
import type { Result } from '../result.ts';

/** What a caller is that is not an IAM principal. */
export type CallerKind = 'saml' | 'web-identity' | 'service';

/** A context key's value or values, as the service would put them into the request. */
export type ContextValue = string | readonly string[];

/** Who asks to do what to which resource. */
export interface Request {
  /**
   * ARN of a user, a role, a role session, a federated-user session, an account's root or a provider; a service's name
   * (`ec2.amazonaws.com`); `*` for an anonymous caller.
   */
  principal: string;
  /** null for IAM principals and anonymous callers. */
  principalKind: CallerKind | null;
  /** The role behind a session, with its path; null where it is not known apart from the session's ARN. */
  principalRoleArn: string | null;
  /** The user behind a federated-user session. */
  federatingUserArn: string | null;
  principalAccountIsManagement: boolean;
  /** `service:Name`. */
  action: string;
  resource: string;
  /** null: the owner is unknown. */
  resourceAccount: string | null;
  /** By key in lower case: keys ignore case. What the engine derives stands above these. */
  context: ReadonlyMap<string, ContextValue>;
  /** Keys in lower case whose values are unknown; `all`: every key that is neither given nor derived. Others are absent. */
  unknown: 'all' | ReadonlySet<string>;
}

/** A policy that was read, or why it could not be. */
export type Policy = Result<PolicyDocument, InvalidPolicy>;

/** A grant of a KMS key: who may do which operations, under which encryption context. */
export interface KmsGrant {
  granteePrincipal: string;
  retiringPrincipal: string | null;
  /** `Decrypt`, without the service. */
  operations: readonly string[];
  /** Pairs that the request's encryption context must hold; `equals`: these and no others. */
  encryptionContext: { equals: boolean; pairs: ReadonlyMap<string, string> } | null;
}

/** What stands beside a bucket's policy: access control lists, and Block Public Access. */
export interface BucketFacts {
  /** `disabled`: the bucket's owner enforces its ownership; lists do not count and all objects are its own. */
  acls: 'disabled' | 'unread';
  /** `restricted`: RestrictPublicBuckets is on, for the bucket or above it. */
  publicAccess: 'open' | 'restricted' | 'unread';
}

/** Everything that bears on one request. An empty list says that there is no such policy; null that the layer is absent. */
export interface Situation {
  request: Request;
  /** The caller's own: inline and attached. */
  identityPolicies: readonly Policy[];
  /** Of the groups that the calling user is in. */
  groupPolicies: readonly Policy[];
  permissionsBoundary: Policy | null;
  /** null: the session was made without any. */
  sessionPolicies: readonly Policy[] | null;
  /** Of the resource: a bucket's, a key's, a role's trust. */
  resourcePolicy: Policy | null;
  /** The resource may have a policy that nobody read. */
  isPolicyUnread: boolean;
  /** What stands beside a bucket's policy; null: nothing does, or it is no bucket. */
  bucket: BucketFacts | null;
  vpcEndpointPolicies: readonly Policy[];
  kmsGrants: readonly KmsGrant[];
  /** Levels of the caller's account, root first, each with the policies attached there; null: it is in no organization. */
  scps: readonly (readonly Policy[])[] | null;
  /** The same of the resource's account, without RCPFullAWSAccess, which is always attached. */
  rcps: readonly (readonly Policy[])[] | null;
}
