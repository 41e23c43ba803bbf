import type { Day } from '../../core/time.ts';
import { accounts } from './accounts.ts';
import type { BenignSession } from './benign-session.ts';
import { detailedCall } from './parameters.ts';
import { consoleLogin } from './people-day.ts';
import { type Random, randomOf } from './random.ts';
import { denied, recordOf, type SampleRecord } from './record.ts';
import { roleSession, type Session, userSession } from './session.ts';
import { type Colleague, tools } from './staff.ts';
import type { Weeks } from './weeks.ts';
import { momentOf, reservedRoleOf, userOf } from './world.ts';

/** Who sits where and calls with what, at a time. */
export interface Desk {
  day: Day;
  second: number;
  address: string;
  agent: string;
  account: Colleague['accounts'][number];
}

/** One sitting: signs in, does some of what this person does, now and then is refused something. */
export function personVisit(world: Weeks, who: Colleague, day: Day, index: number): BenignSession {
  const random = randomOf(world.seed, 'visit', who.id, day, index);
  const { kind, post, uses, address } = situationOf(world, who, day);
  const isNew = kind === 'new-joiner';
  const second = 7 * 3600 + Math.min(index, 4) * 2 * 3600 + random.between(0, 5 * 3600);
  const usual = deskOf(who, day, second, random);
  const desk = { ...usual, address: address ?? usual.address };
  const session = sessionOf(world, who, post, desk);
  const records = openingOf(session, desk, random);
  let at = second + 10;
  for (let n = random.between(4, isNew ? 30 : 18); n > 0; n--) {
    at += random.between(4, 200);
    const use = isNew && random.chance(0.4) ? random.pick(uses)[0] : random.weighted(uses);
    records.push(callIn(session, use, desk, at, random));
  }
  if (random.chance(isNew ? 0.2 : 0.03)) {
    const use = random.pick(['kms:ListKeys', 'iam:ListUsers', 'organizations:ListAccounts', 'ec2:DescribeInstances']);
    records.push(refusedIn(session, use, desk, at + 30, random));
  }
  return { host: `person/${who.id}`, kind, records };
}

interface Situation {
  kind: string;
  post: string;
  uses: Colleague['uses'];
  /** Away from home and office. */
  address: string | null;
}

/** How many days count as new, after joining or after a change of post. */
const newFor = 5;

function situationOf(world: Weeks, who: Colleague, day: Day): Situation {
  const { post, uses, moves } = who;
  const nth = world.nth(day);
  const address = isAway(world, who, day) ? away(world, who) : null;
  if (who.joins > 0 && nth - who.joins < newFor) return { kind: 'new-joiner', post, uses, address };
  const kind = address === null ? 'routine' : 'travel';
  if (moves === null || nth < moves.on) return { kind, post, uses, address };
  return { kind: nth - moves.on < newFor ? 'new-post' : kind, post: moves.to, uses: who.usesAfterMove, address };
}

/** Once in two months or so a person works from somewhere else for a few days. */
function isAway(world: Weeks, who: Colleague, day: Day): boolean {
  const from = randomOf(world.seed, 'away', who.id).between(0, 150);
  const index = world.nth(day);
  return index >= from && index < from + 3;
}

const away = (world: Weeks, who: Colleague): string =>
  `100.${randomOf(world.seed, 'hotel', who.id).between(114, 126)}.7.${randomOf(world.seed, 'room', who.id).between(2, 250)}`;

/** In the office more often than at home, and mostly with the usual tool. */
export function deskOf(who: Colleague, day: Day, second: number, random: Random): Desk {
  const atHome = random.chance(0.35);
  const agent = who.tools.length > 1 && random.chance(0.25) ? random.pick(who.tools.slice(1)) : who.tools[0]!;
  const account = random.weighted(who.accounts.map((each, i) => [each, i === 0 ? 3 : 1] as const));
  return { day, second, address: atHome ? who.home : `198.51.100.${random.between(20, 40)}`, agent, account };
}

/** Identity Center's role for the post in that account, or the user's key. */
export function sessionOf(world: Weeks, who: Colleague, post: string, desk: Desk): Session {
  const { account, address, agent } = desk;
  if (who.user) return userSession(world, userOf(world, 'staging', who.id), address, agent);
  const role = reservedRoleOf(world, account, post);
  const since = momentOf(desk.day, desk.second);
  return roleSession(world, role, { name: who.id, since, address, agent, ...(who.enhanced && { person: who.id }) });
}

export const openingOf = (session: Session, { day, second, agent }: Desk, random: Random): SampleRecord[] =>
  agent === tools.console ? [consoleLogin(session, momentOf(day, second), random)] : [];

function callIn(session: Session, use: string, desk: Desk, second: number, random: Random, region = 'eu-central-1') {
  const call = detailedCall(use, { account: session.account, region, random });
  return recordOf(session, call, momentOf(desk.day, second), random);
}

function refusedIn(session: Session, use: string, desk: Desk, second: number, random: Random) {
  const call = detailedCall(use, { account: accounts[desk.account], region: 'eu-central-1', random });
  return recordOf(session, call, momentOf(desk.day, second), random, denied(session, use.split('@', 1)[0]!));
}
