import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { countBits } from '../core/access/compiled/bits.ts';
import { compile, type Engine } from '../core/access/compiled/engine.ts';
import type { OpenQuestion } from '../core/access/compiled/survey.ts';
import type { Organization, Question } from '../core/access/organization.ts';
import { evaluate } from '../core/access/reference/evaluate.ts';
import { replacePolicy } from '../core/access/replace-policy.ts';
import { createSituations } from '../core/access/situations.ts';
import { actionsOfService, allActions } from '../core/catalogue/catalogue.ts';
import { parsePolicy } from '../core/policy/parse.ts';
import { managedPolicies } from './managed-policies.ts';
import { readOrganization, type Size, writeOrganization } from './organization.ts';
import { seeded } from './random.ts';

const usual: Size = { roles: 1_400, accounts: 7, attached: [3, 5], resources: 200 };
const large: Size = { roles: 14_000, accounts: 40, attached: [2, 4], resources: 200 };

/** The speed of the access engine, each figure beside the plain evaluator's on the same work in the same run. */
export function accessFigures() {
  const managed = managedPolicies();
  const written = writeOrganization(usual, managed);
  const before = heapUsed();
  const [organization, engine, compiling] = compiled(written);
  const memory = heapUsed() - before;
  const plain = plainly(organization);
  return {
    work: countsOf(organization),
    compileFromJson: { milliseconds: compiling, again: compiled(written)[2], plainMilliseconds: readOnly(written) },
    decisions: decisions(organization, engine, plain),
    whoCan: whoCan(organization, engine, plain),
    whoCanLarge: largeWhoCan(managed),
    everyAction: everyAction(organization, engine, plain),
    onePolicyChanged: onePolicyChanged(organization, engine),
    memory: { megabytesCompiled: memory, megabytesAfterAll: heapUsed() - before },
  };
}

/** All actions of the catalogue for every role at Resource `*`. */
function everyAction(organization: Organization, engine: Engine, plain: Plain) {
  const roles = organization.inventories.flatMap(({ principals }) => principals);
  const run = () => {
    const start = performance.now();
    const counts = { allowed: 0, conditional: 0 };
    for (const { arn } of roles) {
      const { allowed, conditional } = engine.actionsOf(arn);
      counts.allowed += countBits(allowed);
      counts.conditional += countBits(conditional);
    }
    return { ...counts, milliseconds: performance.now() - start };
  };
  const first = run();
  const again = median([run(), run(), run()].map(({ milliseconds }) => milliseconds));
  const actions = allActions();
  const sampled = 400;
  const random = seeded(7);
  const questions = Array.from({ length: sampled }, (): Question => {
    const { arn } = roles[Math.floor(random() * roles.length)]!;
    const action = actions[Math.floor(random() * actions.length)]!;
    return { ...openly, principal: arn, action, resource: '*', resourceAccount: arn.split(':')[4]! };
  });
  const perDecision = 1000 / perSecond(sampled, () => runAll(questions, plain));
  return {
    decisions: roles.length * actions.length,
    allowed: first.allowed,
    conditional: first.conditional,
    firstMilliseconds: Math.round(first.milliseconds),
    warmMilliseconds: Math.round(again),
    plainMilliseconds: Math.round(perDecision * roles.length * actions.length),
    plainMeasuredOn: `${sampled} decisions of them`,
  };
}

const openly = {
  principalKind: null,
  principalRoleArn: null,
  federatingUserArn: null,
  context: new Map(),
  unknown: 'all',
  sessionPolicies: null,
  vpcEndpointPolicies: [],
} as const;

/** From the change to the answer of a question that it touches. */
function onePolicyChanged(organization: Organization, engine: Engine) {
  const { principals, managed } = organization.inventories[0]!;
  const { arn, attached } = principals.find((role) => role.attached.length > 0)!;
  const text = managed.get(attached[0]!)!.text;
  const question: Question = {
    ...openly,
    principal: arn,
    action: 's3:GetObject',
    resource: '*',
    resourceAccount: null,
  };
  const times: number[] = [];
  let current = engine;
  for (let i = 0; i < 15; i++) {
    const document = JSON.parse(text) as { Statement: object[] };
    const changed = { Version: '2012-10-17', Id: `${i}`, Statement: [document.Statement].flat() };
    const written = JSON.stringify(changed);
    const start = performance.now();
    current = current.replacePolicy({ kind: 'managed', arn: attached[0]! }, written);
    current.evaluate(question);
    times.push(performance.now() - start);
  }
  const changed = replacePolicy(organization, { kind: 'managed', arn: attached[0]! }, text.replace('{', '{ '));
  const start = performance.now();
  plainly(changed)(question);
  return { milliseconds: rounded(median(times)), plainMilliseconds: rounded(performance.now() - start) };
}

type Plain = (question: Question) => ReturnType<typeof evaluate>;

function plainly(organization: Organization): Plain {
  const situationOf = createSituations(organization);
  return (question) => evaluate(situationOf(question));
}

function compiled(written: ReturnType<typeof writeOrganization>): [Organization, Engine, number] {
  const start = performance.now();
  const organization = readOrganization(written);
  const engine = compile(organization);
  return [organization, engine, Math.round(performance.now() - start)];
}

/** The plain evaluator reads each policy when it is first asked about; here all at once. */
function readOnly(written: ReturnType<typeof writeOrganization>): number {
  const start = performance.now();
  const { inventories, tree, resources } = readOrganization(written);
  const texts = new Set(inventories.flatMap(({ managed }) => [...managed.values()].map(({ text }) => text)));
  for (const text of texts) parsePolicy(text, 'identity');
  for (const { text } of tree?.policies ?? []) parsePolicy(text);
  for (const { policy } of resources) parsePolicy(policy!, 'resource');
  return Math.round(performance.now() - start);
}

function countsOf({ inventories, resources }: Organization) {
  const principals = inventories.flatMap((inventory) => inventory.principals);
  return {
    roles: principals.length,
    attachments: principals.reduce((sum, { attached, inline }) => sum + attached.length + inline.length, 0),
    boundaries: principals.filter(({ boundary }) => boundary !== null).length,
    resourcePolicies: resources.length,
  };
}

/** Questions as an API call would bring them: texts read from JSON, everything known, the usual context. */
function questionsOf(
  { inventories, resources }: Organization,
  count: number,
  seed: number,
  fresh: boolean,
  from = 0,
): Question[] {
  const random = seeded(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const roles = inventories.flatMap(({ principals }) => principals);
  const buckets = resources.filter(({ arn }) => arn.startsWith('arn:aws:s3'));
  const actions = ['s3', 'sqs', 'kms', 'ec2', 'lambda', 'dynamodb']
    .flatMap(actionsOfService)
    .map(({ action }) => action);
  const contexts = Array.from({ length: 20 }, (_, i) => contextOf(i));
  return Array.from({ length: count }, (_, place) => {
    const i = from + place;
    const { arn, name } = pick(roles);
    const guarded = pick(buckets);
    const action = pick(actions);
    const account = arn.split(':')[4]!;
    const resource = action.startsWith('s3')
      ? `${guarded.arn}/${fresh ? `object-${i}` : `object-${Math.floor(random() * 5)}`}`
      : `arn:aws:${action.slice(0, action.indexOf(':'))}:eu-west-1:${account}:thing/${fresh ? i : Math.floor(random() * 5)}`;
    const session = `arn:aws:sts::${account}:assumed-role/${name}/session`;
    // The engine joins texts of several pieces when it first looks at them; a caller has them in one piece.
    const texts = JSON.parse(JSON.stringify([session, action, resource, account])) as [string, string, string, string];
    return {
      principal: texts[0],
      principalKind: null,
      principalRoleArn: null,
      federatingUserArn: null,
      action: texts[1],
      resource: texts[2],
      resourceAccount: texts[3],
      context: fresh ? contextOf(i) : pick(contexts),
      unknown: new Set<string>(),
      sessionPolicies: null,
      vpcEndpointPolicies: [],
    };
  });
}

const contextOf = (i: number): Question['context'] =>
  new Map([
    ['aws:securetransport', i % 50 === 0 ? 'false' : 'true'],
    ['aws:requestedregion', i % 9 === 0 ? 'us-east-1' : 'eu-west-1'],
    ['aws:sourceip', `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`],
    ['aws:currenttime', '2026-05-01T00:00:00Z'],
  ]);

function decisions(organization: Organization, engine: Engine, plain: Plain) {
  const usualOnes = questionsOf(organization, 20_000, 2, false);
  const few = usualOnes.slice(0, 300);
  const warm = (): number => perSecond(usualOnes.length, () => runAll(usualOnes, engine.evaluate));
  warm();
  warm();
  const plainSpeed = (list: readonly Question[]): number => perSecond(list.length, () => runAll(list, plain));
  plainSpeed(few);
  return {
    warmMeans: 'what policies say of an action is known; every decision is made anew',
    warmPerSecond: median([warm(), warm(), warm(), warm(), warm()]),
    warmPlainPerSecond: plainSpeed(few),
    neverRepeatedPerSecond: neverRepeated(organization, engine.evaluate, 200),
    neverRepeatedPlainPerSecond: neverRepeated(organization, plain, 1),
    outcomes: outcomesOf(usualOnes, engine.evaluate),
  };
}

/**
 * Questions that nobody asked before, a thousand at a time, made right before they are asked as a caller would make them;
 * the making is not timed.
 */
function neverRepeated(organization: Organization, ask: Plain, batches: number): number {
  let milliseconds = 0;
  for (let batch = 0; batch < batches; batch++) {
    const questions = questionsOf(organization, 1_000, 1_000 + batch, true, batch * 1_000);
    const start = performance.now();
    runAll(questions, ask);
    milliseconds += performance.now() - start;
  }
  return Math.round((batches * 1_000_000) / milliseconds);
}

/** An action on a resource, everything about the call known but who asks. */
const openQuestion = (action: string, resource: string): OpenQuestion => ({
  action,
  resource,
  resourceAccount: null,
  context: contextOf(1),
  unknown: new Set<string>(),
  vpcEndpointPolicies: [],
});

/** Every question is a new one: none is about the object of an earlier one. */
function whoCan(organization: Organization, engine: Engine, plain: Plain) {
  const bucket = organization.resources.find(({ arn }) => arn.startsWith('arn:aws:s3'))!;
  const oneObject = askEach(90, engine, (i) => openQuestion('s3:GetObject', `${bucket.arn}/object-${i}`));
  const roles = organization.inventories.flatMap(({ principals }) => principals);
  const some = roles.slice(0, 150);
  const start = performance.now();
  for (const { arn } of some) {
    plain({ ...openly, ...openQuestion('s3:GetObject', `${bucket.arn}/object-0`), principal: arn });
  }
  const plainly = ((performance.now() - start) / some.length) * roles.length;
  return {
    ...oneObject,
    reasonsOfAllFoundMilliseconds: reasonsOfAll(engine, openQuestion('s3:GetObject', `${bucket.arn}/object-99`)),
    otherQuestions: otherQuestions(organization, engine),
    plainMilliseconds: Math.round(plainly),
    plainMeasuredOn: `${some.length} of ${roles.length} roles`,
  };
}

/** The first third of the questions warms up. */
function askEach(count: number, engine: Engine, question: (i: number) => OpenQuestion) {
  const times: number[] = [];
  let found = 0;
  for (let i = 0; i < count; i++) {
    const asked = question(i);
    const start = performance.now();
    found = engine.whoCan(asked).length;
    times.push(performance.now() - start);
  }
  const warm = times.slice(Math.floor(count / 3));
  return {
    found,
    warmMilliseconds: rounded(median(warm)),
    slowestWarmMilliseconds: rounded(Math.max(...warm)),
    firstMilliseconds: rounded(times[0]!),
  };
}

/** Who may is told without the statements that decide; they are found for each when asked for. */
function reasonsOfAll(engine: Engine, question: OpenQuestion): number {
  const found = engine.whoCan(question);
  const start = performance.now();
  for (const { because } of found) because();
  return rounded(performance.now() - start);
}

/** Ever other actions on ever other resources, those with a policy of their own and those without. */
function otherQuestions({ resources, inventories }: Organization, engine: Engine) {
  const actions = ['s3:PutObject', 's3:ListBucket', 'sqs:SendMessage', 'kms:Decrypt', 'ec2:TerminateInstances'];
  const arnOf = (i: number, action: string): string => {
    const service = action.slice(0, action.indexOf(':'));
    const guarded = resources.filter(({ arn }) => arn.startsWith(`arn:aws:${service}:`));
    const { account } = inventories[i % inventories.length]!;
    if (guarded.length === 0) return `arn:aws:${service}:eu-west-1:${account}:instance/i-${i}`;
    const { arn } = guarded[i % guarded.length]!;
    return action === 's3:PutObject' ? `${arn}/object-${i}` : arn;
  };
  return askEach(150, engine, (i) => {
    const action = actions[i % actions.length]!;
    return openQuestion(action, arnOf(i, action));
  });
}

function largeWhoCan(managed: ReturnType<typeof managedPolicies>) {
  const organization = readOrganization(writeOrganization(large, managed, 5));
  return { work: countsOf(organization), ...whoCan(organization, compile(organization), plainly(organization)) };
}

function runAll(questions: readonly Question[], decide: Plain): number {
  let allowed = 0;
  for (const question of questions) if (decide(question).outcome === 'allowed') allowed += 1;
  return allowed;
}

function outcomesOf(questions: readonly Question[], decide: Plain): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const question of questions) {
    const { outcome } = decide(question);
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}

function perSecond(count: number, work: () => unknown): number {
  const start = performance.now();
  work();
  return Math.round((count / (performance.now() - start)) * 1000);
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
const rounded = (milliseconds: number): number => Math.round(milliseconds * 100) / 100;

/** Megabytes that are still in use after everything unused is gone. */
function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed: heap, external } = process.memoryUsage();
  return Math.round((heap + external) / 1_048_576);
}
