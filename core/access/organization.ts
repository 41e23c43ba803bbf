import type { Inventory } from '../identity/inventory.ts';
import { type OrganizationTree, placesOf } from '../identity/organization-tree.ts';
import type { ResourcePolicy } from '../identity/resource-policy.ts';
import type { Request } from './situation.ts';

/** Everything that bears on access in some accounts, as texts: what the questions are asked about. */
export interface Organization {
  /** One for each account. */
  inventories: readonly Inventory[];
  /** null: the accounts are in no organization. */
  tree: OrganizationTree | null;
  resources: readonly ResourcePolicy[];
}

/**
 * Who asks to do what: a request without what the organization knows, and with the policies that only the request
 * brings along. `resourceAccount` and `principalRoleArn` stand for what the organization does not know.
 */
export interface Question extends Omit<Request, 'principalAccountIsManagement'> {
  sessionPolicies: readonly string[] | null;
  vpcEndpointPolicies: readonly string[];
  /** The resource is none that is there, but stands for its kind: what it might say for itself is not asked for. */
  isSample?: boolean;
}

/** The question whether a principal may do something, with nothing known of the request; `*` is in the principal's account. */
export const questionAbout = (principal: string, action: string, resource: string): Question => ({
  principal,
  principalKind: null,
  principalRoleArn: principal.includes(':role/') ? principal : null,
  federatingUserArn: null,
  action,
  resource,
  resourceAccount: resource === '*' ? (principal.split(':')[4] ?? null) : null,
  context: new Map(),
  unknown: 'all',
  sessionPolicies: null,
  vpcEndpointPolicies: [],
});

/** One policy of an organization that can be replaced by itself. */
export type PolicyPlace =
  | { kind: 'managed'; arn: string }
  | { kind: 'control'; id: string }
  | { kind: 'inline'; holder: string; name: string }
  | { kind: 'trust'; role: string }
  | { kind: 'resource'; arn: string };

/** What stands above an account in its organization. */
export interface Guardrails {
  organization: string;
  path: string;
  /** Ids of the policies at each level, root first; null where SCPs do not count. */
  scps: readonly (readonly string[])[] | null;
  /** The same of RCPs, which spare the management account's resources. */
  rcps: readonly (readonly string[])[] | null;
}

/** By account. */
export function guardrailsOf(tree: OrganizationTree | null): ReadonlyMap<string, Guardrails> {
  const guardrails = new Map<string, Guardrails>();
  if (!tree) return guardrails;
  for (const [id, { account, units, path }] of placesOf(tree)) {
    const levels = [...units, account];
    const spared = id === tree.managementAccount;
    guardrails.set(id, {
      organization: tree.id,
      path,
      scps: tree.enabled.scps ? levels.map(({ scps }) => scps) : null,
      rcps: tree.enabled.rcps && !spared ? levels.map(({ rcps }) => rcps) : null,
    });
  }
  return guardrails;
}
