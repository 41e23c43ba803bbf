import type { Day } from '../../core/time.ts';
import { accounts, identityStore } from './accounts.ts';
import { callOf } from './calls.ts';
import { type Member, members, onCall, permissionSets } from './people.ts';
import { builder, pipeline } from './pipeline.ts';
import { type Random, randomOf } from './random.ts';
import { denied, recordOf, type SampleRecord } from './record.ts';
import { assumeRoleCall, forwardedBy, roleSession, type Session, userSession } from './session.ts';
import {
  dayNumber,
  daysOf,
  isWorkday,
  momentOf,
  reservedRoleOf,
  roleOf,
  storeUserOf,
  userOf,
  type World,
} from './world.ts';

const agents: Record<Member['agent'], string> = {
  console: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36',
  'cli-mac': 'aws-cli/2.27.50 md/awscrt#0.26.1 ua/2.1 os/macos#24.5.0 md/arch#arm64 lang/python#3.13.4',
  'cli-linux': 'aws-cli/2.27.50 md/awscrt#0.26.1 ua/2.1 os/linux#6.8.0 md/arch#x86_64 lang/python#3.13.4',
};

/** Everything people do in a day: their sessions, their releases, and the pager at night. */
export function peopleDay(world: World, day: Day): SampleRecord[] {
  const random = randomOf(world.seed, 'people', day);
  const present = members.filter((member) => hasJoined(world, member, day));
  const working = isWorkday(day) ? present.filter(() => random.chance(0.85)) : [];
  const sessions = world.profile === 'large' ? 4 : 1;
  const releases = isWorkday(day) ? random.between(1, 2) * (world.profile === 'large' ? 6 : 1) : 0;
  return [
    ...working.flatMap((member) =>
      Array.from({ length: random.between(1, sessions) }, (_, i) => workSession(world, member, day, i, random)).flat(),
    ),
    ...Array.from({ length: releases }, () => release(world, day, random)).flat(),
    ...(random.chance(0.25) ? incident(world, day, random) : []),
  ];
}

function hasJoined(world: World, member: Member, day: Day): boolean {
  const first = daysOf(world)[Math.floor(member.joins * world.days)];
  return member.joins === 0 || (first !== undefined && day >= first);
}

interface Visit {
  second: number;
  network: string;
  calls: number;
}

function workSession(world: World, member: Member, day: Day, index: number, random: Random): SampleRecord[] {
  const second = 7 * 3600 + index * 2 * 3600 + random.between(0, 2 * 3600);
  const visit = { second, network: member.network, calls: random.between(4, world.profile === 'large' ? 24 : 8) };
  return member.access.length > 0
    ? ssoVisit(world, member, day, visit, random)
    : userVisit(world, member, day, visit, random);
}

/** Sign-in at the portal, the role's credentials, then the work. */
function ssoVisit(world: World, member: Member, day: Day, visit: Visit, random: Random): SampleRecord[] {
  const access = random.weighted(member.access.map((each) => [each, each.weight] as const));
  const role = reservedRoleOf(world, access.account, access.set);
  const since = momentOf(day, visit.second);
  const place = { name: member.id, since, address: visit.network, agent: agents[member.agent], mfa: false };
  const session = roleSession(world, role, { ...place, ...(member.enhanced && { person: member.id }) });
  const signIn = [portalRecord(world, member, role.account, since, visit.network, random)];
  if (member.agent === 'console') signIn.push(consoleLogin(session, momentOf(day, visit.second + 4), random));
  const work = callsIn(session, permissionSets[access.set].uses, day, visit, random);
  if (random.chance(0.04)) {
    const refused = callOf('kms:ListKeys', { account: role.account, region: 'eu-central-1', random });
    const at = momentOf(day, visit.second + 900);
    work.push(recordOf(session, refused, at, random, denied(session, 'kms:ListKeys')));
  }
  return [...signIn, ...work];
}

/** What Identity Center writes into the management account when somebody opens a role. */
function portalRecord(
  world: World,
  member: Member,
  target: string,
  at: SampleRecord['eventTime'],
  address: string,
  random: Random,
): SampleRecord {
  const onBehalfOf = { userId: storeUserOf(world, member.id), identityStoreArn: identityStore };
  const session: Session = {
    userIdentity: {
      type: 'IdentityCenterUser',
      accountId: accounts.security,
      onBehalfOf,
      credentialId: random.hex(64),
    },
    account: accounts.security,
    address,
    agent: agents[member.agent],
    accessKeyId: null,
  };
  const call = { source: 'sso.amazonaws.com', name: 'Federate', readOnly: false, region: 'eu-central-1' };
  const record = recordOf(
    session,
    { ...call, requestParameters: null, responseElements: null, resources: [] },
    at,
    random,
  );
  return { ...record, eventType: 'AwsServiceEvent', serviceEventDetails: { account_id: target, federation: 'SAML' } };
}

export function consoleLogin(session: Session, at: SampleRecord['eventTime'], random: Random): SampleRecord {
  const call = { source: 'signin.amazonaws.com', name: 'ConsoleLogin', readOnly: false, region: 'eu-central-1' };
  const response = { responseElements: { ConsoleLogin: 'Success' }, requestParameters: null, resources: [] };
  const record = recordOf(session, { ...call, ...response }, at, random);
  return { ...record, eventType: 'AwsConsoleSignIn', additionalEventData: { MobileVersion: 'No', MFAUsed: 'No' } };
}

/** The contractor has a user with keys. */
function userVisit(world: World, member: Member, day: Day, visit: Visit, random: Random): SampleRecord[] {
  const user = userOf(world, 'staging', member.id);
  const session = userSession(world, user, visit.network, agents[member.agent]);
  return callsIn(session, contractorUses, day, visit, random);
}

export const contractorUses: readonly (readonly [string, number])[] = [
  ['cloudformation:DescribeStacks', 4],
  ['lambda:ListFunctions', 3],
  ['lambda:UpdateFunctionCode@resize-images', 2],
  ['logs:FilterLogEvents@orders', 5],
];

function callsIn(
  session: Session,
  uses: readonly (readonly [string, number])[],
  day: Day,
  visit: Visit,
  random: Random,
): SampleRecord[] {
  let second = visit.second + 10;
  return Array.from({ length: visit.calls }, () => {
    second += random.between(5, 240);
    const call = callOf(random.weighted(uses), { account: session.account, region: 'eu-central-1', random });
    return recordOf(session, call, momentOf(day, second), random);
  });
}

/** A push to the main branch: built in tooling, rolled out to staging and production. */
function release(world: World, day: Day, random: Random): SampleRecord[] {
  const start = random.between(8 * 3600, 16 * 3600);
  const agent =
    'aws-sdk-js/3.812.0 ua/2.1 os/linux#6.11 lang/js md/nodejs#22.14.0 api/sts#3.812.0 configure-aws-credentials';
  const address = `198.18.200.${random.between(2, 250)}`;
  const since = momentOf(day, start);
  const build = roleOf(world, 'tooling', 'build', '/ci/');
  const session = roleSession(world, build, { name: 'GitHubActions', since, address, agent });
  const records = [
    recordOf(
      oidcSession(address, agent),
      assumeRoleCall('AssumeRoleWithWebIdentity', build, session, 'GitHubActions'),
      since,
      random,
    ),
  ];
  const place = { account: accounts.tooling, region: 'eu-central-1', random };
  const builds = builder.uses
    .filter(([use]) => !use.startsWith('sts:'))
    .flatMap(([use, n]) => Array.from({ length: n }, () => use));
  records.push(
    ...builds.map((use, i) => recordOf(session, callOf(use, place), momentOf(day, start + 30 + i * 8), random)),
  );
  for (const [index, target] of (['staging', 'production'] as const).entries()) {
    records.push(...rollOut(world, target, session, day, start + 200 + index * 600, random));
  }
  return records;
}

function rollOut(
  world: World,
  target: 'staging' | 'production',
  from: Session,
  day: Day,
  start: number,
  random: Random,
): SampleRecord[] {
  const role = roleOf(world, target, 'deploy', '/ci/');
  const since = momentOf(day, start);
  const session = roleSession(world, role, { name: 'release', since, address: from.address, agent: from.agent });
  const assumed = { ...recordOf(from, assumeRoleCall('AssumeRole', role, session, 'release'), since, random) };
  assumed.recipientAccountId = role.account;
  const place = { account: role.account, region: 'eu-central-1', random };
  const uses = pipeline.uses.flatMap(([use, times]) => Array.from({ length: times }, () => use));
  const calls = uses.map((use, i) => recordOf(session, callOf(use, place), momentOf(day, start + 10 + i * 12), random));
  const forwarded = forwardedBy(session, 'cloudformation.amazonaws.com');
  calls.push(recordOf(forwarded, callOf('ecs:DescribeServices@orders', place), momentOf(day, start + 300), random));
  return [assumed, ...calls];
}

function oidcSession(address: string, agent: string): Session {
  const provider = `arn:aws:iam::${accounts.tooling}:oidc-provider/token.actions.githubusercontent.com`;
  const userName = 'repo:sample-organization/orders:ref:refs/heads/main';
  const principalId = `${provider}:sts.amazonaws.com:${userName}`;
  return {
    userIdentity: { type: 'WebIdentityUser', principalId, userName, identityProvider: provider },
    account: accounts.tooling,
    address,
    agent,
    accessKeyId: null,
  };
}

/** The pager rings at night: whoever has the week looks, and restarts what hangs. */
function incident(world: World, day: Day, random: Random): SampleRecord[] {
  const person = onCall[Math.floor((dayNumber(day) + 3) / 7) % onCall.length]!;
  const member = members.find((each) => each.id === person)!;
  const second = random.pick([random.between(0, 4 * 3600), random.between(20 * 3600, 22 * 3600)]);
  const role = reservedRoleOf(world, 'production', 'Operator');
  const home = `203.0.113.${200 + onCall.indexOf(person)}`;
  const place = { name: member.id, since: momentOf(day, second), address: home, agent: agents[member.agent] };
  const session = roleSession(world, role, { ...place, ...(member.enhanced && { person: member.id }) });
  const visit = { second, network: home, calls: random.between(6, 16) };
  const signIn = portalRecord(world, member, role.account, place.since, home, random);
  const work = callsIn(session, permissionSets.Operator.uses, day, visit, random);
  const restart = callOf('ecs:UpdateService@orders', { account: role.account, region: 'eu-central-1', random });
  return [signIn, ...work, recordOf(session, restart, momentOf(day, second + 2000), random)];
}
