import type { Inventory, PrincipalRecord } from '../../../core/identity/inventory.ts';
import type { AccountId, ActorId, PrincipalId } from '../../../core/identity/principal.ts';
import type { Evidence } from '../../../core/rightsizing/rightsize.ts';
import { windowOf } from '../../../core/rightsizing/window.ts';
import { type Day, dayAt, dayNumber, dayOf, type Instant } from '../../../core/time.ts';
import { type Coverage, fullDay } from '../../../core/usage/coverage.ts';
import type { Outcome } from '../../../core/usage/event.ts';
import type { LedgerItem } from '../../../core/usage/item.ts';

export const account = '111122223333';
export const now = '2026-11-20T12:00:00Z' as Instant;

export const roleArn = (name: string) => `arn:aws:iam::${account}:role/${name}`;
export const policyArn = (name: string) => `arn:aws:iam::${account}:policy/${name}`;

/** A statement that allows these actions on everything. */
export const allow = (Action: string | string[], more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource: '*',
  ...more,
});
export const policy = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });

export interface RoleSketch {
  name: string;
  /** Inline policies by name. */
  inline?: Record<string, string>;
  /** Names of managed policies of the account, or ARNs. */
  attached?: string[];
  /** Actions that were used. */
  used?: string[];
  record?: Partial<PrincipalRecord>;
}

const role = ({ name, inline = {}, attached = [], record = {} }: RoleSketch): PrincipalRecord => ({
  type: 'role',
  id: `AROA${name}`,
  arn: roleArn(name),
  name,
  path: '/',
  createdAt: '2024-01-01T00:00:00Z' as Instant,
  tags: {},
  trust: null,
  inline: Object.entries(inline).map(([policyName, text]) => ({ name: policyName, arn: null, text })),
  attached: attached.map((each) => (each.startsWith('arn:') ? each : policyArn(each))),
  boundary: null,
  groups: [],
  ...record,
});

/** The ledger item of one action. */
export function item(name: string, action: string, outcome: Outcome = 'used'): LedgerItem {
  const day = '2026-10-01' as Day;
  const first = {
    time: `${day}T10:00:00Z` as Instant,
    eventID: `${name}-${action}`,
    account,
    region: 'us-east-1',
    action,
    network: null,
    agent: null,
    mfa: null,
    federated: false,
    forwarded: false,
    accessKeyId: null,
    session: null,
    historic: false,
  };
  return {
    v: 1,
    principal: `AROA${name}` as PrincipalId,
    actor: roleArn(name) as ActorId,
    kind: 'action',
    action,
    outcome,
    value: null,
    arn: roleArn(name),
    entries: new Map([['', { trust: 'digest-verified', first, last: day, days: [day], returns: [] }]]),
    overflow: false,
  };
}

/** Every day whole from `days` days ago until yesterday. */
export function wholeCoverage(days: number): Coverage[] {
  const today = dayNumber(dayOf(now));
  return Array.from({ length: days }, (_, ago) => ({
    v: 1 as const,
    account: account as AccountId,
    day: dayAt(today - 1 - ago),
    hours: fullDay,
  }));
}

/** An account of these roles with 90 whole days, in which each role did at least one harmless thing. */
export function evidence(
  roles: readonly RoleSketch[],
  more: Partial<Omit<Evidence, 'inventory'>> & {
    managed?: Record<string, string>;
    inventory?: Partial<Inventory>;
  } = {},
): Evidence {
  const { managed = {}, inventory, ...rest } = more;
  const texts = Object.entries(managed).map(([name, text]) => ({
    arn: name.startsWith('arn:') ? name : policyArn(name),
    name: name.slice(name.lastIndexOf('/') + 1),
    text,
  }));
  return {
    inventory: {
      v: 1,
      account,
      takenAt: now,
      principals: roles.map(role),
      groups: [],
      managed: new Map(texts.map((each) => [each.arn, each])),
      ...inventory,
    },
    usage: new Map(
      roles.map(({ name, used = [] }) => [
        roleArn(name),
        ['ec2:DescribeRegions', ...used].map((action) => item(name, action)),
      ]),
    ),
    cases: [],
    mayMakePolicies: false,
    coverage: wholeCoverage(95),
    window: windowOf(now, 90),
    breakGlass: [],
    ...rest,
  };
}
