/** Twelve digits. */
export type AccountId = string & { readonly __brand: 'AccountId' };

/**
 * Whose policies authorised a call (ADR-0002): the IAM unique id (AIDA…, AROA…) where it is well formed, else the ARN,
 * else `service:NAME`, `account:ID`, `federated:ISSUER/SUBJECT` or `unknown:SOURCE`.
 */
export type PrincipalId = string & { readonly __brand: 'PrincipalId' };

/**
 * Who stands behind a call (ADR-0002): `federated:ISSUER/SUBJECT` where an identity provider names the person,
 * else the ARN of the role or user, else the principal's own id. Never a session or an access key.
 */
export type ActorId = string & { readonly __brand: 'ActorId' };

/** What a CloudTrail `userIdentity` says about the caller. */
export interface Caller {
  principal: PrincipalId;
  /** The role's or user's own ARN (never a session's); null where the record has none. */
  arn: string | null;
  actor: ActorId;
  /** The account the principal belongs to; null where the record does not say. */
  account: AccountId | null;
  /** Role session name; chosen by the caller, so evidence only. */
  session: string | null;
  /** The AWS service that forwarded the call for this identity (`invokedBy`). */
  invokedBy: string | null;
  accessKeyId: string | null;
  /** null where the record does not say. */
  mfa: boolean | null;
  /** True where an identity provider fixed the person (Identity Center, SAML, web identity). */
  federated: boolean;
  /** A pure AWS service principal: goes to the ledger, is not scored. */
  isService: boolean;
}
