import type { WeightOverrides } from './anomaly/model.ts';
import type { Risk } from './approvals/risk.ts';
import type { ApproverRule, Person, Rota, StandingDecision } from './approvals/rules.ts';
import type { FastLane } from './fast-lane/patterns.ts';

/** The one typed configuration (leastwise.config.json), after validation. Nothing in it is secret. */
export interface Configuration {
  version: 1;
  organization: { id: string };
  /** The account that Leastwise is deployed into. */
  securityAccount: string;
  homeRegion: string;
  /** Regions that may be used; the home region among them. */
  regions: readonly string[];
  /** Member accounts that Leastwise may be asked to change. */
  accounts: readonly { id: string; name: string; units?: readonly string[] }[];
  /** The organization trail's files; null: fast lane only. */
  trail: { bucket: string; prefix: string; logFileValidation: boolean } | null;
  slack: { team: string; app: string; channel: string };
  people: readonly Person[];
  rules: readonly ApproverRule[];
  /** Person ids by the name that rules have for them: `group:NAME`. */
  groups?: Readonly<Record<string, readonly string[]>>;
  /** Who is on call: `on-call:NAME`. */
  onCall?: Readonly<Record<string, Rota>>;
  /** What was decided beforehand, for emergencies; absent: nothing. */
  standing?: readonly StandingDecision[];
  /** Hours until other rules than those in force count; absent: 24. */
  rulesDelayHours?: number;
  /** Up to which risk a click in Slack approves; absent: medium. */
  confirmAbove?: Risk;
  /** Principal ARNs that Leastwise never touches. */
  breakGlass: readonly string[];
  /** Days of complete ingestion before anything may be proposed. */
  windowDays: number;
  /** Hours at most of one loan, and of a loan with everything that extends it (`longestLoanOf`). */
  lending: { maxHours: number; maxTotalHours?: number };
  /** How permissions are taken away; what is absent has a default (`ladderOf`). */
  rightsizing?: Partial<Ladder>;
  /** Hours after which an undecided plan lapses. */
  decideWithinHours: number;
  /** Weights of detection that are not the model's own, and who else is told of cases (docs/anomaly.md). */
  detection?: { weights?: WeightOverrides; outputs?: Outputs };
  /** How it is laid out in AWS; what is absent has a default (`deploymentOf`). */
  deployment?: Partial<Deployment>;
}

/** Who is told of cases besides Slack; absent: nobody. */
export interface Outputs {
  /** Files of OCSF in a bucket of their own. */
  ocsf?: boolean;
  /** Findings in Security Hub of the security account, in the home region. */
  securityHub?: boolean;
}

/** How permissions are taken away. */
export interface Ladder {
  /** Whole days that a trial must have been quiet before the rest is proposed; 0: nothing is tried. */
  trialDays: number;
  /** Principals that are left alone for a while. */
  exclusions: readonly Exclusion[];
  /** Windows other than `windowDays`; the first that fits counts. */
  windows: readonly WindowRule[];
}

/** How many days must be covered for principals of an account, under a path, with a tag; of what is absent: any. */
export interface WindowRule {
  account?: string;
  /** Of IAM, like `/finance/`: with everything under it. */
  path?: string;
  /** Without `value`: whatever it says. */
  tag?: { key: string; value?: string };
  days: number;
}

/** Somebody answers for it that a principal keeps what it does not use, until a day. */
export interface Exclusion {
  /** ARN, with `*` and `?`. */
  principal: string;
  /** Who answers for it. */
  owner: string;
  /** The last day that it holds, like `2027-03-31`. */
  until: string;
}

/** The ladder, with what the configuration leaves out. */
export const ladderOf = ({ rightsizing }: Pick<Configuration, 'rightsizing'>): Ladder => ({
  trialDays: 14,
  exclusions: [],
  windows: [],
  ...rightsizing,
});

/** How Leastwise is laid out in AWS. */
export interface Deployment {
  /** StackSets skip it: it gets stacks of its own. null: it is left alone. */
  managementAccount: string | null;
  /** Organizational units, or the root, whose accounts get the member stacks by StackSets; empty: no StackSets. */
  organizationalUnits: readonly string[];
  fastLane: FastLane;
  /** Regions that get rules for sign-ins alone, besides those that get the whole fast lane. */
  signInRegions: readonly string[];
  /** ARN of the KMS key that the trail's files are encrypted with; null: with S3's own. */
  trailKey: string | null;
  audit: AuditLock;
  /** Paths of IAM, like `/service/`, under which right-sizing may change policies; `/`: everywhere. */
  scope: { paths: readonly string[] };
  /** Whether roles may be made for leases, under a boundary; else access is lent by inline policies only. */
  leaseRoles: boolean;
  /** Whose permission sets may be lent; null: none, access is lent by policies and roles. */
  identityCenter: LendingCenter | null;
}

/** The instance of Identity Center, in the home region, in which permission sets are lent by assigning them for a while. */
export interface LendingCenter {
  /** ARN. */
  instance: string;
  /** Where it is administered: the management account, or a delegated administrator. */
  administrator: string;
  /** ARNs of the permission sets that are reserved for lending: nobody has them otherwise, for an hour at most. */
  permissionSets: readonly string[];
}

/** How long no audit event can be deleted: by nobody (`compliance`), or by whoever may bypass it (`governance`). */
export interface AuditLock {
  mode: 'compliance' | 'governance';
  days: number;
}

/** Regions that every account has without asking for them. */
const regionsOfEveryAccount = [
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ca-central-1',
  'eu-central-1',
  'eu-north-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
] as const;

/** IAM, STS's global endpoint and Organizations tell what happens here, wherever they are called from. */
const regionOfGlobalServices = 'us-east-1';

/** How it is laid out, with what the configuration leaves out. */
export const deploymentOf = ({ deployment }: Pick<Configuration, 'deployment'>): Deployment => ({
  managementAccount: null,
  organizationalUnits: [],
  fastLane: { width: 'prompt', constantReaders: [] },
  signInRegions: regionsOfEveryAccount,
  trailKey: null,
  audit: { mode: 'compliance', days: 400 },
  scope: { paths: ['/'] },
  leaseRoles: false,
  identityCenter: null,
  ...deployment,
});

/** Hours that access may be lent without a break, however often it is extended. */
export const longestLoanOf = ({ maxHours, maxTotalHours }: Configuration['lending']): number =>
  maxTotalHours ?? Math.max(24, maxHours);

/** Where the whole fast lane is laid, and where only sign-ins take it; each ascending. */
export function fastLaneRegions(configuration: Pick<Configuration, 'deployment' | 'regions'>): {
  whole: readonly string[];
  signIns: readonly string[];
} {
  const whole = [...new Set([...configuration.regions, regionOfGlobalServices])].sort();
  const signIns = deploymentOf(configuration).signInRegions.filter((region) => !whole.includes(region));
  return { whole, signIns: [...new Set(signIns)].sort() };
}
