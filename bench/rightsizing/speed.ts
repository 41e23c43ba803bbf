import { eachBit } from '../../core/access/compiled/bits.ts';
import type { Organization, Question } from '../../core/access/organization.ts';
import { evaluate } from '../../core/access/reference/evaluate.ts';
import { createSituations } from '../../core/access/situations.ts';
import { allActions, findAction } from '../../core/catalogue/catalogue.ts';
import type { Inventory, PrincipalRecord } from '../../core/identity/inventory.ts';
import type { ActorId, PrincipalId } from '../../core/identity/principal.ts';
import { applied } from '../../core/rightsizing/applied.ts';
import { allowedBy } from '../../core/rightsizing/granted.ts';
import { parsedPolicy } from '../../core/rightsizing/parsed-policy.ts';
import { type Evidence, type Rightsizing, rightsize } from '../../core/rightsizing/rightsize.ts';
import type { Day, Instant } from '../../core/time.ts';
import type { LedgerItem } from '../../core/usage/item.ts';
import { managedPolicies } from '../managed-policies.ts';
import { readOrganization, type Size, writeOrganization } from '../organization.ts';
import { seeded } from '../random.ts';

const size: Size = { roles: 1_400, accounts: 7, attached: [3, 5], resources: 0 };

/** The speed of proposals with their proof, beside what the plain evaluator would take to prove the same. */
export function rightsizingFigures() {
  const role = oneRole();
  const organization = wholeOrganization();
  return { oneRole: role, organization };
}

/** A role of 25 statements, each role another one: nothing is remembered but the catalogue. */
function oneRole() {
  const times: number[] = [];
  let kinds = { proposed: 0, others: 0 };
  for (let i = 0; i < 40; i += 1) {
    const evidence = evidenceFor(roleOf25(i), i);
    const start = process.cpuUsage();
    const [judged] = rightsize(evidence);
    times.push(process.cpuUsage(start).user / 1000);
    kinds =
      judged?.status === 'proposed'
        ? { ...kinds, proposed: kinds.proposed + 1 }
        : { ...kinds, others: kinds.others + 1 };
  }
  const [first] = times;
  return {
    statements: 25,
    ...kinds,
    firstCpuMilliseconds: rounded(first!),
    cpuMilliseconds: rounded(median(times)),
    slowestCpuMilliseconds: rounded(Math.max(...times.slice(1))),
  };
}

const services = ['ec2', 's3', 'iam', 'rds', 'lambda', 'ecs', 'kms', 'sqs', 'sns', 'dynamodb', 'cloudformation', 'ssm'];

function roleOf25(seed: number): Inventory {
  const random = seeded(seed + 1);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const ofService = services.map((service) => allActions().filter((action) => action.startsWith(`${service}:`)));
  const Statement = Array.from({ length: 25 }, (_, i) => {
    const list = pick(ofService);
    const service = list[0]!.split(':')[0]!;
    const wild = i % 3 === 0 ? [`${service}:${pick(['*', 'Describe*', 'Get*', 'Create*', 'List*'])}`] : [];
    const Action = [...wild, ...Array.from({ length: 6 }, () => pick(list))];
    const Resource =
      i % 2 === 0 ? '*' : [`arn:aws:${service}:*:111122223333:a${i}/*`, `arn:aws:${service}:*:111122223333:b${i}/*`];
    const Condition = i % 5 === 0 ? { Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } } } : {};
    return { Sid: `S${i}`, Effect: i % 12 === 11 ? 'Deny' : 'Allow', Action, Resource, ...Condition };
  });
  const arn = 'arn:aws:iam::111122223333:role/app';
  const principal: PrincipalRecord = {
    type: 'role',
    id: 'AROABENCH',
    arn,
    name: 'app',
    path: '/',
    createdAt,
    tags: {},
    trust: null,
    inline: [{ name: 'own', arn: null, text: JSON.stringify({ Version: '2012-10-17', Statement }) }],
    attached: [],
    boundary: null,
    groups: [],
  };
  return { v: 1, account: '111122223333', takenAt: createdAt, principals: [principal], groups: [], managed: new Map() };
}

const createdAt = '2024-01-01T00:00:00Z' as Instant;

/** Everybody used some of what they may. */
function evidenceFor(inventory: Inventory, seed: number): Evidence {
  const random = seeded(seed + 1000);
  const names = allActions();
  const known = new Map<string, readonly number[]>();
  const granted = (text: string): readonly number[] => {
    const found = known.get(text);
    if (found) return found;
    const numbers: number[] = [];
    eachBit(allowedBy(parsedPolicy(text)?.statements ?? []), (number) => numbers.push(number));
    known.set(text, numbers);
    return numbers;
  };
  const usage = inventory.principals.map(({ arn, id, inline, attached }): [string, LedgerItem[]] => {
    const texts = [...inline, ...attached.flatMap((each) => inventory.managed.get(each) ?? [])].map(({ text }) => text);
    const items = texts.flatMap((text) => {
      const all = granted(text);
      return Array.from({ length: Math.min(6, all.length) }, () => names[all[Math.floor(random() * all.length)]!]!);
    });
    return [arn, [...new Set(['sts:GetCallerIdentity', ...items])].map((action) => itemOf(id, arn, action))];
  });
  return {
    inventory,
    usage: new Map(usage),
    cases: [],
    coverage: 'vouched',
    window: { first: '2026-07-01' as Day, last: '2026-09-30' as Day },
    breakGlass: [],
    mayMakePolicies: true,
  };
}

function itemOf(id: string, arn: string, action: string): LedgerItem {
  const day = '2026-09-01' as Day;
  const first = {
    time: `${day}T10:00:00Z` as Instant,
    eventID: `${id}-${action}`,
    account: arn.split(':')[4] as string,
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
    principal: id as PrincipalId,
    actor: arn as ActorId,
    kind: 'action',
    action,
    outcome: 'used',
    value: null,
    arn,
    entries: new Map([['', { trust: 'trusted-by-operator', first, last: day, days: [day], returns: [] }]]),
    overflow: false,
  };
}

/** Roles with three to five policies of AWS each, as an inventory holds them. */
function wholeOrganization() {
  const { inventories } = readOrganization(writeOrganization(size, managedPolicies()));
  const evidence = inventories.map((inventory, i) => {
    const principals = inventory.principals.map((each) => ({ ...each, createdAt }));
    return evidenceFor({ ...inventory, principals }, i);
  });
  const start = performance.now();
  const busy = process.cpuUsage();
  const judged = evidence.map((each) => rightsize(each));
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(busy);
  const all = judged.flat();
  return {
    roles: all.length,
    seconds: rounded(seconds),
    /** Of one core, where others are at work on the machine too. */
    cpuSeconds: rounded((user + system) / 1_000_000),
    outcomes: countsOf(all),
    removed: all.reduce((sum, each) => sum + (each.status === 'proposed' ? each.removed.length : 0), 0),
    plain: plainly(evidence[0]!, judged[0]!, all.length),
  };
}

function countsOf(judged: readonly Rightsizing[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const each of judged) {
    const key = each.status === 'not-yet-decidable' ? each.reason : each.status;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

/** The plain evaluator asked about every action before and after: a sample of it, reckoned up to all roles. */
function plainly({ inventory }: Evidence, judged: readonly Rightsizing[], roles: number) {
  const askerOf = (each: Inventory) => {
    const organization: Organization = { inventories: [each], tree: null, resources: [] };
    const situationOf = createSituations(organization);
    return (question: Question) => evaluate(situationOf(question)).outcome;
  };
  const [then, now] = [askerOf(inventory), askerOf(applied(inventory, judged))];
  const random = seeded(3);
  const actions = allActions();
  const proposed = judged.filter(({ status }) => status === 'proposed').slice(0, 20);
  const questions = proposed.flatMap(({ principal }) =>
    Array.from({ length: 20 }, () => questionOf(principal.arn, actions[Math.floor(random() * actions.length)]!)),
  );
  const start = performance.now();
  let widened = 0;
  for (const question of questions) if (then(question) !== 'allowed' && now(question) === 'allowed') widened += 1;
  const perQuestion = (performance.now() - start) / Math.max(1, questions.length);
  return {
    seconds: Math.round((perQuestion * actions.length * roles) / 1000),
    measuredOn: `${questions.length} of ${actions.length * roles} actions of roles, before and after, each on one resource in one context`,
    widened,
  };
}

const questionOf = (principal: string, action: string): Question => ({
  principal,
  principalKind: null,
  principalRoleArn: null,
  federatingUserArn: null,
  action: findAction(action)?.action ?? action,
  resource: '*',
  resourceAccount: principal.split(':')[4] as string,
  context: new Map(),
  unknown: new Set<string>(),
  sessionPolicies: null,
  vpcEndpointPolicies: [],
});

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;
const rounded = (value: number): number => Math.round(value * 10) / 10;
