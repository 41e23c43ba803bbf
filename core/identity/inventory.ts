import type { Instant } from '../time.ts';
import type { ResourcePolicy } from './resource-policy.ts';

/** A policy document as IAM holds it: its JSON text, byte for byte where the source gives bytes. */
export interface PolicyText {
  name: string;
  /** null for inline policies. */
  arn: string | null;
  text: string;
}

export interface PrincipalRecord {
  type: 'user' | 'role';
  /** IAM unique id. */
  id: string;
  arn: string;
  name: string;
  path: string;
  createdAt: Instant | null;
  tags: Readonly<Record<string, string>>;
  /** Roles only: the trust policy's text. */
  trust: string | null;
  inline: readonly PolicyText[];
  /** ARNs. */
  attached: readonly string[];
  boundary: string | null;
  /** Names; users only. */
  groups: readonly string[];
}

export interface GroupRecord {
  name: string;
  arn: string;
  inline: readonly PolicyText[];
  attached: readonly string[];
}

/** How far one part of an account was read, and when. */
export interface InventoryPart {
  /** `identities`, or a service and where it was asked: `s3`, `sqs eu-central-1`. */
  part: string;
  /** When what stands in the inventory of it was read; null: never. */
  takenAt: Instant | null;
  /** Why the newest attempt read nothing: what is there is older then. null: it succeeded. */
  denied: { at: Instant; detail: string } | null;
}

/** One account's identities at one moment. The snapshot format is ADR-0010. */
export interface Inventory {
  v: 1;
  account: string;
  takenAt: Instant;
  principals: readonly PrincipalRecord[];
  groups: readonly GroupRecord[];
  /** Managed policies by ARN (default version), AWS's own among them where the source has them. */
  managed: ReadonlyMap<string, PolicyText>;
  /** Resources with policies of their own, by ARN; absent where nobody asked for them. */
  resources?: readonly ResourcePolicy[];
  /** By part; absent where nobody kept record. What is missing was never tried. */
  parts?: readonly InventoryPart[];
}
