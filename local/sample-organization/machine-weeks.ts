import type { Day } from '../../core/time.ts';
import { type AccountName, accounts } from './accounts.ts';
import type { BenignSession } from './benign-session.ts';
import { detailedCall } from './parameters.ts';
import { type Random, randomOf } from './random.ts';
import { recordOf } from './record.ts';
import { seasonal } from './seasonal.ts';
import { roleSession, type Session, userSession } from './session.ts';
import type { Weeks } from './weeks.ts';
import { describe, usual, type Workload } from './workload.ts';
import { workloads } from './workloads.ts';
import { dayNumber, momentOf, roleOf, userOf, weekday } from './world.ts';

const agents: Readonly<Record<Workload['agent'], string>> = {
  'sdk-java': 'aws-sdk-java/2.31.40 md/io#sync Linux/5.10 OpenJDK_64-Bit_Server_VM/21.0.4 exec-env/AWS_ECS_FARGATE',
  'sdk-go': 'aws-sdk-go-v2/1.36.3 os/linux lang/go#1.24.1 md/GOOS#linux md/GOARCH#arm64',
  'sdk-python': 'Boto3/1.38.12 md/Botocore#1.38.12 ua/2.1 os/linux#6.1 md/arch#x86_64 lang/python#3.12.9',
  'sdk-js': 'aws-sdk-js/3.812.0 os/linux#6.1 lang/js md/nodejs#22.14.0 exec-env/AWS_Lambda_nodejs22.x',
};

type Uses = Workload['uses'];

const service = (account: AccountName, name: string, runs: Workload['runs'], agent: Workload['agent'], uses: Uses) =>
  describe(account, name, { ...usual, runs, agent, perDay: 0, uses, idle: [] });

/** Services beside the small organization's. */
const furtherServices: readonly Workload[] = [
  service('production', 'catalog-api', 'task', 'sdk-java', [
    ['kms:Decrypt@catalog', 30],
    ['ssm:GetParametersByPath', 5],
    ['sqs:GetQueueAttributes@orders', 4],
  ]),
  service('production', 'accounts-api', 'task', 'sdk-java', [
    ['kms:Decrypt@accounts', 30],
    ['secretsmanager:GetSecretValue@accounts/database', 6],
    ['cognito-idp:AdminGetUser', 9],
  ]),
  service('production', 'mail-sender', 'function', 'sdk-js', [
    ['kms:Decrypt@mail', 10],
    ['ses:GetSendQuota', 6],
    ['sqs:GetQueueAttributes@orders', 3],
  ]),
  service('production', 'backup-agent', 'user', 'sdk-python', [
    ['ec2:DescribeVolumes', 8],
    ['ec2:CreateSnapshot', 6],
    ['ec2:DescribeSnapshots', 8],
    ['ec2:DeleteSnapshot', 3],
    ['ec2:CreateTags', 4],
  ]),
  service('production', 'certificate-renewer', 'function', 'sdk-python', [
    ['acm:ListCertificates', 5],
    ['route53:ListHostedZones', 3],
    ['route53:ChangeResourceRecordSets', 1],
  ]),
  service('production', 'cluster-scaler', 'instance', 'sdk-go', [
    ['ec2:DescribeInstances', 12],
    ['ec2:RunInstances', 1],
    ['ec2:TerminateInstances', 1],
    ['ec2:DescribeLaunchTemplateVersions', 4],
  ]),
  service('staging', 'catalog-api', 'task', 'sdk-java', [
    ['kms:Decrypt@catalog', 30],
    ['ssm:GetParametersByPath', 5],
  ]),
  service('staging', 'preview-builder', 'function', 'sdk-js', [
    ['cloudformation:DescribeStacks', 9],
    ['cloudformation:CreateStack@orders', 2],
    ['cloudformation:DeleteStack@orders', 2],
  ]),
  service('data', 'report-writer', 'function', 'sdk-python', [
    ['athena:StartQueryExecution@orders', 9],
    ['athena:GetQueryResults', 9],
    ['redshift:GetClusterCredentials', 2],
  ]),
  service('tooling', 'runner-fleet', 'instance', 'sdk-go', [
    ['ec2:DescribeInstances', 9],
    ['ec2:RunInstances', 4],
    ['ec2:TerminateInstances', 4],
    ['ec2:CreateTags', 4],
    ['ssm:GetParameter@orders/feature-flags', 2],
  ]),
  service('security', 'log-watcher', 'function', 'sdk-python', [
    ['logs:FilterLogEvents@orders', 9],
    ['guardduty:ListFindings', 5],
    ['sns:ListTopics', 1],
  ]),
];

/** What a release may teach a service, and on which days a job runs. */
const features = [
  'sqs:GetQueueAttributes@orders',
  'ssm:GetParameter@orders/feature-flags',
  'secretsmanager:GetSecretValue@orders/database',
  'dynamodb:DescribeTable@orders',
  'kms:GenerateDataKey@orders',
  'events:PutEvents',
  'sns:ListTopics',
  's3:GetBucketLocation',
  'states:StartExecution',
  'bedrock:InvokeModel',
  'cloudwatch:GetMetricData',
  'servicediscovery:DiscoverInstances',
] as const;

/** Every machine's day is a session; a third of the machines learn something during the weeks. */
export function machineWeeks(world: Weeks): BenignSession[] {
  const services = [...workloads, ...furtherServices].filter(
    ({ account, name }) => `${account}/${name}` !== 'data/etl-runner',
  );
  const shifts = services.flatMap((each) => world.dates.flatMap((day) => shiftOf(world, each, day)));
  const jobs = seasonal.flatMap((job) =>
    world.dates
      .filter((day) => day.endsWith('-01') && (job.every === 'month' || /-(?:01|04|07|10)-/.test(day)))
      .map((day) => jobOf(world, job, day, job.uses)),
  );
  const etl = workloads.find(({ name }) => name === 'etl-runner')!;
  return [...shifts, ...jobs, ...world.dates.map((day) => jobOf(world, etl, day, etl.uses))];
}

function usesOn(world: Weeks, { account, name, uses }: Workload, day: Day): Uses {
  const random = randomOf(world.seed, 'feature', account, name);
  const [learns, from] = [random.chance(0.35), random.between(5, 58)];
  const feature = random.pick(features);
  return learns && world.nth(day) >= from ? [...uses, [feature, 8] as const] : uses;
}

/** A set of credentials at work over the day: all of its routine after a restart, else what comes. */
function shiftOf(world: Weeks, workload: Workload, day: Day): BenignSession[] {
  if (workload.when === 'business' && weekday(day) % 6 === 0) return [];
  const random = randomOf(world.seed, 'shift', workload.account, workload.name, day);
  const frequent = usesOn(world, workload, day).filter(([, weight]) => weight > 0);
  const restarts = dayNumber(day) % 7 === workload.name.length % 7;
  const opening = restarts ? frequent.map(([use]) => use) : [];
  const routine = Array.from({ length: random.between(8, 20) }, () => random.weighted(frequent));
  const [from, to] = workload.when === 'business' ? [7 * 3600, 18 * 3600] : [0, 86_000];
  const step = (to - from) / (opening.length + routine.length + 1);
  const times = [...opening, ...routine].map((_, i) => from + step * (i + random.next()));
  return [sessionWith(world, workload, day, [...opening, ...routine], times, random)];
}

/** All calls of a job in one go. */
function jobOf(world: Weeks, job: Workload, day: Day, jobUses: Uses): BenignSession {
  const random = randomOf(world.seed, 'weeks job', job.name, day);
  const uses = jobUses.flatMap(([use, times]) => Array.from({ length: Math.min(times, 5) }, () => use));
  const start = random.between(3 * 3600, 4 * 3600);
  const made = sessionWith(
    world,
    job,
    day,
    uses,
    uses.map((_, i) => start + i * 15),
    random,
  );
  return { ...made, host: `job/${job.account}/${job.name}` };
}

function sessionWith(
  world: Weeks,
  workload: Workload,
  day: Day,
  uses: readonly string[],
  times: readonly number[],
  random: Random,
): BenignSession {
  const session = credentialsOf(world, workload, momentOf(day, times[0] ?? 0), random);
  const place = { account: accounts[workload.account], region: workload.region, random };
  const records = uses.map((use, i) => {
    const throttled = random.chance(0.001) && { errorCode: 'ThrottlingException', errorMessage: 'Rate exceeded' };
    return recordOf(session, detailedCall(use, place), momentOf(day, times[i]!), random, throttled || undefined);
  });
  return { host: `machine/${workload.account}/${workload.name}`, kind: 'routine', records };
}

function credentialsOf(world: Weeks, workload: Workload, since: ReturnType<typeof momentOf>, random: Random): Session {
  const account = accounts[workload.account];
  const agent = agents[workload.agent];
  if (workload.runs === 'user')
    return userSession(world, userOf(world, workload.account, workload.name), '198.18.40.7', agent);
  const name = workload.runs === 'function' ? workload.name : random.hex(32);
  const role = roleOf(world, workload.account, workload.name, '/service/');
  return roleSession(world, role, { name, since, address: `198.18.${Number(account.slice(0, 2))}.10`, agent });
}
