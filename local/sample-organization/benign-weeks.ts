import type { Day, Instant } from '../../core/time.ts';
import { type AccountName, accounts } from './accounts.ts';
import type { BenignSession } from './benign-session.ts';
import { infrastructureChanges, infrastructureReads } from './habits.ts';
import { machineWeeks } from './machine-weeks.ts';
import { occasionWeeks } from './occasion-weeks.ts';
import { detailedCall } from './parameters.ts';
import { personVisit } from './person-visit.ts';
import { randomOf } from './random.ts';
import { recordOf } from './record.ts';
import { roleSession } from './session.ts';
import { type Colleague, staffOf } from './staff.ts';
import { type Weeks, weeksOf } from './weeks.ts';
import { isWorkday, momentOf, roleOf } from './world.ts';

/**
 * Ordinary work of a larger organization, session by session: people with habits of their own, pipelines, machines, jobs,
 * and what makes honest work look like an attack: rotations, incidents, migrations, an announced penetration test, a new
 * region, joiners and movers, travel. `sessions` of them in `days`, in order of time. The same arguments give the same
 * bytes. It knows nothing of how its events are judged.
 */
export function benignWeeks(options: {
  seed: number;
  end: Instant;
  days?: number;
  sessions?: number;
}): readonly BenignSession[] {
  const world = weeksOf({ days: 60, profile: 'small', ...options });
  const wanted = options.sessions ?? 4000;
  const staff = staffOf(world);
  const planned = [
    ...machineWeeks(world),
    ...world.dates.flatMap((day) => [...visits(world, staff, day), ...releases(world, day)]),
    ...occasionWeeks(world, staff),
  ].filter(({ records }) => records.length > 0);
  if (planned.length > wanted) throw new RangeError(`${planned.length} sessions are planned, ${wanted} wanted`);
  return [...planned, ...furtherVisits(world, staff, wanted - planned.length)].sort(byTime);
}

const byTime = (a: BenignSession, b: BenignSession): number => {
  const [x, y] = [a.records[0]!, b.records[0]!];
  return x.eventTime < y.eventTime || (x.eventTime === y.eventTime && x.eventID < y.eventID) ? -1 : 1;
};

const isHere = (world: Weeks, who: Colleague, day: Day): boolean => world.nth(day) >= who.joins;

/** Each working day most people come to AWS once, some twice; on weekends hardly anybody. */
function visits(world: Weeks, staff: readonly Colleague[], day: Day): BenignSession[] {
  const random = randomOf(world.seed, 'visits', day);
  return staff.flatMap((who) => {
    const often = random.chance(isWorkday(day) ? 0.72 : 0.03);
    const again = random.chance(0.12);
    if (!often || !isHere(world, who, day)) return [];
    return [personVisit(world, who, day, 0), ...(again ? [personVisit(world, who, day, 1)] : [])];
  });
}

/** What is missing to the number wanted: people look in once more. */
function furtherVisits(world: Weeks, staff: readonly Colleague[], missing: number): BenignSession[] {
  const random = randomOf(world.seed, 'further');
  const workdays = world.dates.filter(isWorkday);
  return Array.from({ length: missing }, (_, i) => {
    const day = random.pick(workdays);
    const here = staff.filter((who) => isHere(world, who, day));
    return personVisit(world, random.pick(here), day, 2 + i);
  });
}

const teams = ['orders', 'payments', 'search', 'catalog', 'accounts', 'mail', 'reports', 'mobile'] as const;
const runner =
  'aws-sdk-js/3.812.0 ua/2.1 os/linux#6.11 lang/js md/nodejs#22.14.0 api/sts#3.812.0 configure-aws-credentials';
const terraform = 'APN/1.0 HashiCorp/1.0 Terraform/1.12.1 (+https://www.terraform.io) terraform-provider-aws/6.2.0';

interface Run {
  account: AccountName;
  role: string;
  start: number;
  agent: string;
  uses: readonly string[];
}

/** The teams' releases, and what describes the infrastructure. */
function releases(world: Weeks, day: Day): BenignSession[] {
  if (!isWorkday(day)) return [];
  const random = randomOf(world.seed, 'releases', day);
  const runs = teams.flatMap((team): Run[] => {
    const start = random.between(8 * 3600, 16 * 3600);
    if (!random.chance(0.42)) return [];
    const role = `deploy-${team}`;
    return [
      { account: 'staging', role, start, agent: runner, uses: releaseOf(team, random.next(), random.next()) },
      { account: 'production', role, start: start + 1500, agent: runner, uses: releaseOf(team, random.next(), 1) },
    ];
  });
  const applied = (['staging', 'production', 'data'] as const).flatMap((account): Run[] => {
    const start = random.between(9 * 3600, 17 * 3600);
    const reads = Array.from({ length: random.between(12, 40) }, () => random.weighted(infrastructureReads));
    const changes = Array.from({ length: random.between(0, 5) }, () => random.weighted(infrastructureChanges));
    const uses = [...reads, ...changes];
    return random.chance(0.55) ? [{ account, role: 'infrastructure', start, agent: terraform, uses }] : [];
  });
  return [...runs, ...applied].map((run) => runOf(world, day, run));
}

/** Most releases change code, some the infrastructure around it. */
function releaseOf(team: string, luck: number, rarity: number): string[] {
  const code = luck < 0.6 ? [`ecs:RegisterTaskDefinition@${team}`, `ecs:UpdateService@${team}`] : [];
  const fn = luck > 0.45 ? [`lambda:GetFunction@${team}`, `lambda:UpdateFunctionCode@${team}`] : [];
  const stack =
    luck < 0.25 ? [`cloudformation:CreateChangeSet@${team}`, `cloudformation:ExecuteChangeSet@${team}`] : [];
  const rare = [
    [0.02, 'lambda:UpdateFunctionConfiguration@resize-images'],
    [0.03, 'events:PutRule'],
    [0.035, 'lambda:AddPermission@events'],
    [0.045, 'ssm:PutParameter'],
  ] as const;
  return [
    ...code,
    ...fn,
    ...stack,
    ...rare.filter(([chance]) => rarity < chance).map(([, use]) => use),
    ...Array.from({ length: 4 }, () => `ecs:DescribeServices@${team}`),
  ];
}

function runOf(world: Weeks, day: Day, run: Run): BenignSession {
  const random = randomOf(world.seed, 'run', day, run.account, run.role);
  const role = roleOf(world, run.account, run.role, '/ci/');
  const address = `100.127.${random.between(1, 250)}.${random.between(1, 250)}`;
  const since = momentOf(day, run.start);
  const session = roleSession(world, role, { name: 'release', since, address, agent: run.agent });
  const place = { account: accounts[run.account], region: 'eu-central-1', random };
  let second = run.start + 5;
  const records = run.uses.map((use) => {
    second += random.between(1, 20);
    return recordOf(session, detailedCall(use, place), momentOf(day, second), random);
  });
  return { host: `pipeline/${run.account}/${run.role}`, kind: 'routine', records };
}
