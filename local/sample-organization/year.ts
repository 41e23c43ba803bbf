import type { Day, Instant } from '../../core/time.ts';
import { accountNames, accounts } from './accounts.ts';
import { detailsOf } from './authorization-details.ts';
import { actionOf, callOf } from './calls.ts';
import type { SampleIdentity, SamplePolicy } from './identities.ts';
import { randomOf } from './random.ts';
import { recordOf, type SampleRecord } from './record.ts';
import { roleSession, userSession } from './session.ts';
import { daysOf, isWorkday, momentOf, roleOf, userOf, type World, weekday } from './world.ts';
import { type Cadence, type Post, posts } from './year-posts.ts';

/** A permission that nobody will ever use, as who made the world knows it. */
export interface Excess {
  /** ARN. */
  principal: string;
  action: string;
  /** Whoever misuses it gets further. */
  escalation: boolean;
  /** Whether its use would show in a management trail. */
  shows: boolean;
  /** Whether somebody else who holds the same policy uses it in the course of the year. */
  usedByOthers: boolean;
}

/** A call as it was made, whether or not a trail shows it. */
export interface TrueCall {
  /** ARN. */
  principal: string;
  action: string;
  region: string;
  /** ARN, or `*` where the call names nothing. */
  resource: string;
  /** The day on which the principal took it up. */
  since: Day;
}

export interface SampleYear {
  /** Of 2026. */
  days: readonly Day[];
  accounts: readonly string[];
  /** As iam:GetAccountAuthorizationDetails answers. */
  authorizationDetails(account: string): Record<string, unknown>;
  recordsOf(day: Day): readonly SampleRecord[];
  callsOf(day: Day): readonly TrueCall[];
  excess: readonly Excess[];
}

/**
 * A year of an invented organization with what is true about it: who uses what and when, and what each may do and never
 * will. It knows nothing of how permissions are judged. `copies`: at most so many of each post.
 */
export function sampleYear({ seed, copies = 99 }: { seed: number; copies?: number }): SampleYear {
  const world: World = { seed, days: 365, end: '2026-12-31T23:59:59Z' as Instant, profile: 'small' };
  const days = daysOf(world);
  const staff = posts.flatMap((post) =>
    Array.from({ length: Math.min(post.copies, copies) }, (_, i) => employ(world, days, post, i + 1)),
  );
  const doneOn = (day: Day) =>
    staff.flatMap((one) => one.habits.filter((habit) => isDue(habit, day)).map((habit) => ({ one, habit })));
  return {
    days,
    accounts: accountNames.map((name) => accounts[name]),
    authorizationDetails: (account) => {
      const here = staff.filter(({ identity }) => identity.account === account);
      const managed = new Map(here.flatMap((one) => one.policies.map((policy) => [policy.arn, policy])));
      return detailsOf(account, { identities: here.map(({ identity }) => identity), managed: [...managed.values()] });
    },
    recordsOf: (day) =>
      doneOn(day).flatMap(({ one, habit }, i) => (habit.shows ? recordFor(world, one, habit.use, day, i) : [])),
    callsOf: (day) => doneOn(day).map(({ one, habit }) => callFor(one, habit, day)),
    excess: staff.flatMap((one) =>
      one.excess.map((each) => ({ ...each, usedByOthers: isUsedByOthers(one, each, staff) })),
    ),
  };
}

function isUsedByOthers(holder: Employed, { action }: { action: string }, staff: readonly Employed[]): boolean {
  const held = new Set(holder.identity.attached);
  return staff.some(
    (other) =>
      other !== holder &&
      other.identity.attached.some((arn) => held.has(arn)) &&
      other.habits.some(({ use }) => actionOf(use) === action),
  );
}

interface Habit {
  use: string;
  cadence: Cadence;
  shows: boolean;
  since: Day;
  /** Which weekday, which day of the month. */
  phase: number;
}

interface Employed {
  identity: SampleIdentity;
  policies: readonly SamplePolicy[];
  habits: readonly Habit[];
  excess: readonly Omit<Excess, 'usedByOthers'>[];
}

const listed = (text: string): string[] => text.split(/\s+/).filter((each) => each !== '');

/** One of the post's kind: most of its habits, some of what it may do taken up in the course of the year. */
function employ(world: World, days: readonly Day[], post: Post, number: number): Employed {
  const name = `${post.name}-${number}`;
  const ref = post.runs === 'user' ? userOf(world, post.account, name) : roleOf(world, post.account, name);
  const random = randomOf(world.seed, 'year', name);
  const habits: Habit[] = [];
  const excess: Omit<Excess, 'usedByOthers'>[] = [];
  const takesUp = (use: string, cadence: Cadence, shows: boolean, since: Day) =>
    habits.push({ use, cadence, shows, since, phase: random.between(0, 4) });
  const neverUses = (use: string, shows: boolean, escalation: boolean) =>
    excess.push({ principal: ref.arn, action: actionOf(use), escalation, shows });

  for (const [cadence, uses] of post.uses) {
    for (const use of listed(uses)) {
      if (random.chance(0.93)) takesUp(use, cadence, true, days[0]!);
      else neverUses(use, true, false);
    }
  }
  for (const use of listed(post.unseen)) takesUp(use, 'daily', false, days[0]!);
  for (const entry of listed(post.idle)) {
    const use = entry.replace(/[!~]+$/, '');
    const shows = !entry.endsWith('~');
    if (shows && random.chance(yearlyNews)) takesUp(use, 'weekly', true, random.pick(days));
    else neverUses(use, shows, entry.includes('!'));
  }
  return { ...identityOf(post, name, ref), habits, excess };
}

/** The chance that something granted and unused comes into use in a year. */
const yearlyNews = 0.06;

function identityOf(post: Post, name: string, ref: ReturnType<typeof roleOf>) {
  const named = [...post.uses.map(([, uses]) => uses), post.unseen, post.idle].flatMap(listed);
  const exact = [...new Set(named.map((each) => actionOf(each.replace(/[!~]+$/, ''))))];
  const Action = post.grants === null ? exact : listed(post.grants);
  const statement = { Sid: 'Work', Effect: 'Allow', Action, Resource: '*' };
  const Statement = [post.condition ? { ...statement, Condition: post.condition } : statement];
  const text = JSON.stringify({ Version: '2012-10-17', Statement }, null, 2);
  const policies = post.holds === 'inline' ? [] : [policyOf(post, name, ref.account, text)];
  const identity: SampleIdentity = {
    ...ref,
    createdAt: '2024-03-01T00:00:00Z' as Instant,
    trust: ref.type === 'user' ? null : '{"Version":"2012-10-17","Statement":[]}',
    tags: post.keepUntil === undefined ? {} : { 'leastwise:keep-until': post.keepUntil },
    inline: post.holds === 'inline' ? [{ name: 'work', text }] : [],
    attached: policies.map(({ arn }) => arn),
  };
  return { identity, policies };
}

function policyOf(post: Post, name: string, account: string, text: string): SamplePolicy {
  if (post.holds === 'aws') {
    return { name: 'AdministratorAccess', arn: 'arn:aws:iam::aws:policy/AdministratorAccess', text };
  }
  const own = post.holds === 'shared' ? post.name : name;
  return { name: own, arn: `arn:aws:iam::${account}:policy/${own}`, text };
}

function isDue({ cadence, since, phase }: Habit, day: Day): boolean {
  if (day < since) return false;
  const date = day.slice(5);
  switch (cadence) {
    case 'daily':
      return true;
    case 'workdays':
      return isWorkday(day);
    case 'weekly':
      return weekday(day) === 1 + phase;
    case 'monthly':
      return Number(day.slice(8)) === 1 + phase;
    case 'quarterly':
      return /^(?:03-31|06-30|09-30|12-31)$/.test(date);
    default:
      return cadence === `yearly ${date}`;
  }
}

const region = 'eu-central-1';

function recordFor(world: World, { identity }: Employed, use: string, day: Day, place: number): SampleRecord[] {
  const random = randomOf(world.seed, 'call', identity.arn, use, day);
  const at = momentOf(day, 7 * 3600 + (place % 600) * 60);
  const agent = 'Boto3/1.38.12 md/Botocore#1.38.12 ua/2.1 os/linux#6.1 md/arch#x86_64 lang/python#3.12.9';
  const session =
    identity.type === 'user'
      ? userSession(world, identity, '198.18.40.9', agent)
      : roleSession(world, identity, { name: 'work', since: momentOf(day, 6 * 3600), address: '198.18.60.4', agent });
  return [recordOf(session, callOf(use, { account: identity.account, region, random }), at, random)];
}

function callFor({ identity }: Employed, { use, since }: Habit, day: Day): TrueCall {
  const random = randomOf('resource', identity.arn, use, day);
  const call = callOf(use, { account: identity.account, region, random });
  return {
    principal: identity.arn,
    action: actionOf(use),
    region: call.region,
    resource: call.resources[0]?.ARN ?? '*',
    since,
  };
}
