import type { Day } from '../../core/time.ts';
import { accountNames, accounts } from './accounts.ts';
import { callOf } from './calls.ts';
import { type Random, randomOf } from './random.ts';
import { recordOf, type SampleRecord } from './record.ts';
import { type Seasonal, seasonal } from './seasonal.ts';
import { assumeRoleCall, roleSession, type Session, serviceSession, userSession } from './session.ts';
import type { Workload } from './workload.ts';
import { workloads } from './workloads.ts';
import { dayNumber, daysOf, isWorkday, momentOf, roleOf, userOf, type World, weekday } from './world.ts';

const agents: Record<Workload['agent'], string> = {
  'sdk-java': 'aws-sdk-java/2.31.40 md/io#sync Linux/5.10 OpenJDK_64-Bit_Server_VM/21.0.4 exec-env/AWS_ECS_FARGATE',
  'sdk-go': 'aws-sdk-go-v2/1.36.3 os/linux lang/go#1.24.1 md/GOOS#linux md/GOARCH#arm64',
  'sdk-python': 'Boto3/1.38.12 md/Botocore#1.38.12 ua/2.1 os/linux#6.1 md/arch#x86_64 lang/python#3.12.9',
  'sdk-js': 'aws-sdk-js/3.812.0 os/linux#6.1 lang/js md/nodejs#22.14.0 exec-env/AWS_Lambda_nodejs22.x',
};

const starters = { task: 'ecs-tasks.amazonaws.com', function: 'lambda.amazonaws.com', instance: 'ec2.amazonaws.com' };

/** Every call of the machines in a day: applications, pollers, services; seasonal jobs on their days. */
export function machineDay(world: World, day: Day): SampleRecord[] {
  const due = seasonal.filter((job) => isDue(job, day));
  return [
    ...accountNames.flatMap((name) => recorderDay(world, accounts[name], roleOf(world, name, ...recorder), day)),
    ...workloads.flatMap((workload) => workloadDay(world, workload, day)),
    ...due.flatMap((job) => jobDay(world, job, day)),
    ...trailDay(world, day),
  ];
}

const isDue = (job: Seasonal, day: Day): boolean =>
  day.endsWith('-01') && (job.every === 'month' || /-(?:01|04|07|10)-/.test(day));

const recorder = ['AWSServiceRoleForConfig', '/aws-service-role/config.amazonaws.com/'] as const;
const recorded = ['ec2:DescribeInstances', 'ec2:DescribeVpcs', 's3:ListAllMyBuckets', 'lambda:ListFunctions'];

/** AWS Config looks at every account every hour. */
function recorderDay(world: World, account: string, role: ReturnType<typeof roleOf>, day: Day): SampleRecord[] {
  const random = randomOf(world.seed, 'config', account, day);
  const each = world.profile === 'large' ? 6 : 1;
  const service = 'config.amazonaws.com';
  const session = roleSession(world, role, {
    name: 'AWSConfig-Describe',
    since: momentOf(day, 0),
    address: service,
    agent: service,
  });
  session.userIdentity.invokedBy = service;
  return Array.from({ length: 24 * each }, (_, i) => {
    const at = momentOf(day, Math.floor(i / each) * 3600 + random.between(0, 3599));
    const use = recorded[i % recorded.length]!;
    return recordOf(session, callOf(use, { account, region: 'eu-central-1', random }), at, random);
  });
}

/** CloudTrail itself, delivering its files. */
function trailDay(world: World, day: Day): SampleRecord[] {
  const random = randomOf(world.seed, 'trail', day);
  const session = serviceSession(accounts.security, 'cloudtrail.amazonaws.com');
  const count = world.profile === 'large' ? 480 : 8;
  const place = { account: accounts.security, region: 'eu-central-1', random };
  return Array.from({ length: count }, () =>
    recordOf(session, callOf('kms:GenerateDataKey@trail', place), momentOf(day, random.between(0, 86_399)), random),
  );
}

function workloadDay(world: World, workload: Workload, day: Day): SampleRecord[] {
  const random = randomOf(world.seed, 'workload', workload.account, workload.name, day);
  const [from, to] =
    workload.when === 'night' ? [0, 5 * 3600] : workload.when === 'business' ? [7 * 3600, 18 * 3600] : [0, 86_400];
  if (workload.when === 'business' && !isWorkday(day)) return [];
  const slots = world.profile === 'large' && workload.when === 'always' ? 4 : 1;
  return Array.from({ length: slots }, (_, slot) => {
    const start = from + ((to - from) / slots) * slot;
    return shift(world, workload, day, { from: start, to: start + (to - from) / slots, first: slot === 0 }, random);
  }).flat();
}

interface Span {
  from: number;
  to: number;
  first: boolean;
}

/** One set of credentials at work: it is handed out, starts up, and then repeats itself. */
function shift(world: World, workload: Workload, day: Day, span: Span, random: Random): SampleRecord[] {
  const account = accounts[workload.account];
  const place = { account, region: workload.region, random };
  const { session, opening } = openSession(world, workload, day, span, random);
  const slots = world.profile === 'large' && workload.when === 'always' ? 4 : 1;
  const count = Math.max(
    2,
    Math.round(
      ((world.profile === 'large' ? workload.perDay : workload.perDay / 90) / slots) * (0.9 + random.next() * 0.2),
    ),
  );
  const frequent = workload.uses.filter(([, weight]) => weight > 0);
  const restarts = span.first && (weekday(day) === 1 || dayNumber(day) === dayNumber(daysOf(world)[0]!));
  const startUp = restarts ? frequent.map(([use]) => use) : [];
  const routine = Array.from({ length: count }, () => random.weighted(frequent));
  const records = [...startUp, ...routine].map((use, i) => {
    const at = momentOf(day, i < startUp.length ? span.from + 30 + i * 2 : random.between(span.from + 60, span.to - 1));
    const throttled = random.chance(0.001) && { errorCode: 'ThrottlingException', errorMessage: 'Rate exceeded' };
    return recordOf(session, callOf(use, place), at, random, throttled || undefined);
  });
  return [...opening, ...records];
}

function openSession(world: World, workload: Workload, day: Day, span: Span, random: Random) {
  const account = accounts[workload.account];
  const address = workload.runs === 'user' ? '198.18.40.7' : natOf(account);
  if (workload.runs === 'user') {
    const user = userOf(world, workload.account, workload.name);
    return { session: userSession(world, user, address, agents[workload.agent]), opening: [] };
  }
  const role = roleOf(world, workload.account, workload.name, '/service/');
  const name =
    workload.runs === 'function' ? workload.name : workload.runs === 'task' ? random.hex(32) : `i-${random.hex(17)}`;
  const since = momentOf(day, span.from);
  const session: Session = roleSession(world, role, { name, since, address, agent: agents[workload.agent] });
  const starter = serviceSession(account, starters[workload.runs]);
  return { session, opening: [recordOf(starter, assumeRoleCall('AssumeRole', role, session, name), since, random)] };
}

/** Each account goes out through one address. */
const natOf = (account: string): string => `198.18.${Number(account.slice(0, 2))}.10`;

/** A seasonal job: once on its day, early in the morning, all of its calls. */
function jobDay(world: World, job: Seasonal, day: Day): SampleRecord[] {
  const random = randomOf(world.seed, 'job', job.name, day);
  const span = { from: 4 * 3600, to: 4 * 3600 + 1800, first: true };
  const { session, opening } = openSession(world, job, day, span, random);
  const place = { account: accounts[job.account], region: job.region, random };
  const uses = job.uses.flatMap(([use, times]) => Array.from({ length: times }, () => use));
  const calls = uses.map((use, i) =>
    recordOf(session, callOf(use, place), momentOf(day, span.from + 20 + i * 15), random),
  );
  return [...opening, ...calls];
}
