import type { Configuration } from '../configuration.ts';
import { type Day, dayAt, dayNumber, dayOf, type Instant, secondsOf } from '../time.ts';
import { deliveredHours, digestRegionsOf, fullDay } from '../usage/coverage.ts';
import { type AccountFacts, type Facts, isSeen, type QueueFacts, type Seen, type TrailFacts } from './facts.ts';

/** `unknown`: it could not be seen, which says nothing about whether it holds. */
type Verdict = 'holds' | 'fails' | 'unknown';

/** One thing that a deployment needs, whether it holds, and how to repair it where it does not. */
export interface Finding {
  check: string;
  verdict: Verdict;
  detail: string;
  /** Empty where it holds. */
  repair: string;
}

type Settings = Pick<Configuration, 'securityAccount' | 'homeRegion' | 'regions' | 'trail' | 'accounts' | 'slack'>;

/** What the Slack app must be allowed: to post, to take commands, and to look for its messages in the channel's kind. */
const slackScopes = [['chat:write'], ['commands'], ['users:read'], ['channels:history', 'groups:history']] as const;

/** Older than this, something that runs every night or every hour did not run. */
const [nightly, hourly] = [36 * 3600, 3 * 3600];
const mostSkew = 60;
/** A message that waits longer is not being worked on. */
const mostAge = 900;
const withReads = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';

/** Judges what was seen of a deployment at `now`, in the order in which an event takes its way through it. */
export function examine(facts: Facts, settings: Settings, now: Instant): readonly Finding[] {
  return [
    ...caller(facts, settings, now),
    ...trail(facts.trails, settings, now),
    ...rules(facts),
    ...functions(facts),
    ...queues(facts),
    ...accounts(facts, settings, now),
    management(facts, settings),
    slack(facts, settings),
    ...probe(facts),
  ];
}

const finding = (check: string, holds: boolean, detail: string, repair: string): Finding => ({
  check,
  verdict: holds ? 'holds' : 'fails',
  detail,
  repair: holds ? '' : repair,
});

const unknown = (check: string, why: string): Finding => ({
  check,
  verdict: 'unknown',
  detail: `could not be seen: ${why}`,
  repair: 'Allow whoever runs the doctor to read it (docs/cli.md lists the actions), and run it again.',
});

/** What `judge` says of the fact, or that it could not be seen. */
function seen<T extends object>(
  check: string,
  fact: Seen<T>,
  judge: (fact: T) => readonly Finding[],
): readonly Finding[] {
  return isSeen(fact) ? judge(fact) : [unknown(check, fact.unseen)];
}

const caller = ({ caller: fact }: Facts, { securityAccount }: Settings, now: Instant) =>
  seen('account', fact, ({ account, arn, theirs }) => [
    finding(
      'account',
      account === securityAccount,
      `asked as ${arn}`,
      `Use credentials of the security account ${securityAccount}.`,
    ),
    theirs === null
      ? unknown('clock', 'AWS told no time')
      : finding(
          'clock',
          Math.abs(secondsOf(theirs) - secondsOf(now)) <= mostSkew,
          `this machine's clock is ${secondsOf(now) - secondsOf(theirs)} s ahead of AWS`,
          'Set this machine’s clock: signatures older than five minutes are refused, here and at enrolment.',
        ),
  ]);

function trail(fact: Facts['trails'], settings: Settings, now: Instant): readonly Finding[] {
  const configured = settings.trail;
  if (configured === null) {
    const repair = 'Name the organization trail in leastwise.config.json: without it nothing is ever right-sized.';
    return [finding('trail', false, 'no trail is configured: fast lane only', repair)];
  }
  return seen('trail', fact, (trails) => {
    const found = trails.find(({ bucket, prefix }) => bucket === configured.bucket && prefix === configured.prefix);
    if (found) return trailFindings(found, configured.logFileValidation, now);
    const repair =
      'Create an organization trail that writes there, or correct the bucket and prefix of the configuration.';
    return [finding('trail', false, `no trail writes to ${configured.bucket}/${configured.prefix}`, repair)];
  });
}

function trailFindings(found: TrailFacts, validated: boolean, now: Instant): readonly Finding[] {
  const { name } = found;
  const isRecent = (at: Instant | null, seconds: number) => at !== null && secondsOf(now) - secondsOf(at) <= seconds;
  const update = `aws cloudtrail update-trail --name ${name}`;
  return [
    finding(
      'trail.organization',
      found.isOrganizationTrail,
      `${name} is ${found.isOrganizationTrail ? '' : 'not '}an organization trail`,
      `${update} --is-organization-trail, in the management account.`,
    ),
    finding(
      'trail.regions',
      found.isMultiRegion,
      `${name} is ${found.isMultiRegion ? '' : 'not '}multi-region`,
      `${update} --is-multi-region-trail`,
    ),
    finding(
      'trail.logging',
      found.isLogging && found.deliveryFault === null,
      found.deliveryFault ?? (found.isLogging ? 'is logging' : 'is stopped'),
      `aws cloudtrail start-logging --name ${name}; where delivery fails, correct the bucket policy.`,
    ),
    finding(
      'trail.delivery',
      isRecent(found.lastDelivery, hourly),
      `last file: ${found.lastDelivery ?? 'never'}`,
      'See the delivery fault of get-trail-status; nothing is right-sized over hours without files.',
    ),
    finding(
      'trail.validation',
      found.logFileValidation === validated,
      `validation is ${found.logFileValidation ? 'on' : 'off'} in CloudTrail and ${validated ? 'on' : 'off'} in the configuration`,
      `${update} --enable-log-file-validation, and "logFileValidation": true; then deploy.`,
    ),
    ...(validated
      ? [
          finding(
            'trail.digests',
            isRecent(found.lastDigest, hourly),
            `last digest: ${found.lastDigest ?? 'never'}`,
            'Digests come hourly; see latestDigestDeliveryError of get-trail-status.',
          ),
        ]
      : []),
  ];
}

const rules = ({ rules: fact }: Facts) =>
  seen('fast-lane.rule', fact, (found) => {
    if (found.length === 0)
      return [
        finding(
          'fast-lane.rule',
          false,
          'the central bus has no rule',
          'Deploy the stack of the security account again.',
        ),
      ];
    return found.map(({ name, state }) =>
      finding(
        'fast-lane.rule',
        state === withReads,
        `${name} is ${state}`,
        `Deploy again, or put the rule with the state ${withReads}: otherwise no read arrives.`,
      ),
    );
  });

const functions = ({ functions: fact }: Facts) =>
  seen('functions', fact, (found) => {
    const broken = found.filter(
      ({ state, sources }) => state !== 'Active' || sources.some((each) => each !== 'Enabled'),
    );
    const detail = broken.map(({ name, state, sources }) => `${name}: ${[state, ...sources].join(', ')}`).join('; ');
    return [
      finding(
        'functions',
        found.length > 0 && broken.length === 0,
        detail || `${found.length} functions, all active`,
        'Enable the event source, or deploy again; the function’s log says why it failed.',
      ),
    ];
  });

const queues = ({ queues: fact }: Facts) => seen('queues', fact, (found) => found.map(queueFinding));

function queueFinding({ name, waiting, ageSeconds, isDeadLetters }: QueueFacts): Finding {
  if (isDeadLetters)
    return finding(
      'queues.dead-letters',
      waiting === 0,
      `${name} holds ${waiting}`,
      'See docs/runbook.md, "Dead letters".',
    );
  const age = ageSeconds === null ? 'of unknown age' : `the oldest for ${ageSeconds} s`;
  return finding(
    'queues.age',
    (ageSeconds ?? 0) <= mostAge,
    `${name}: ${waiting} wait, ${age}`,
    'The function that works on it fails or is throttled: see its log and its errors.',
  );
}

function accounts({ accounts: all }: Facts, settings: Settings, now: Instant): readonly Finding[] {
  const yesterday = dayAt(dayNumber(dayOf(now)) - 2);
  return all.flatMap((fact): readonly Finding[] => {
    if (!isSeen(fact)) return [unknown('account.member', fact.unseen)];
    const { account, inventoryAt, coverage } = fact;
    const isRead = inventoryAt !== null && secondsOf(now) - secondsOf(inventoryAt) <= nightly;
    const member = `Deploy LeastwiseMember into ${account}: its role leastwise-scan is missing, or trusts another account.`;
    const read = finding('account.member', isRead, `${account}: identities read ${inventoryAt ?? 'never'}`, member);
    const parts = partsFinding(fact);
    if (settings.trail === null) return [read, parts];
    const hours = deliveredHours(coverage, digestRegionsOf(settings)).find(({ day }) => day === yesterday)?.hours ?? 0;
    return [read, parts, coverageFinding(account, yesterday, hours)];
  });
}

function partsFinding({ account, unread }: AccountFacts): Finding {
  const told = unread.map(({ part, takenAt, detail }) => `${part} (known as of ${takenAt ?? 'never'}): ${detail}`);
  return finding(
    'account.parts',
    unread.length === 0,
    `${account}: ${told.join('; ') || 'nothing was denied'}`,
    'See docs/runbook.md, "Unread parts". What is known of these is used as it is, however old.',
  );
}

function coverageFinding(account: string, day: Day, hours: number): Finding {
  const missing = Array.from({ length: 24 }, (_, hour) => hour).filter((hour) => !(hours & (1 << hour)));
  return finding(
    'account.coverage',
    hours === fullDay,
    missing.length === 0
      ? `${account}: every hour of ${day}`
      : `${account}: no proof of ${missing.length} hours of ${day}: ${missing.join(', ')}`,
    'Nothing is proposed for this account until its window is whole. Look for rejected digests and files (docs/runbook.md), and for regions of the configuration where the trail delivers nothing.',
  );
}

function management({ managementAccount: fact, accounts: all }: Facts, settings: Settings): Finding {
  if (!isSeen(fact)) return unknown('management-account', fact.unseen);
  const isConfigured = settings.accounts.some(({ id }) => id === fact.id);
  const known = all.find((each) => isSeen(each) && each.account === fact.id);
  const isThere = isConfigured && known !== undefined && isSeen(known) && known.inventoryAt !== null;
  return finding(
    'management-account',
    isThere,
    `${fact.id} ${isThere ? 'has its stack' : isConfigured ? 'was never read' : 'is not in the configuration'}`,
    'StackSets skip the management account: add it to `accounts` and deploy the member stack there by itself (docs/deploy.md).',
  );
}

function slack({ slack: fact }: Facts, settings: Settings): Finding {
  if (!isSeen(fact)) return unknown('slack', fact.unseen);
  const missing = slackScopes
    .filter((either) => !either.some((scope) => fact.scopes.includes(scope)))
    .map((either) => either.join(' or '));
  const isTeam = fact.team === settings.slack.team;
  const detail = isTeam
    ? `scopes missing: ${missing.join(', ') || 'none'}`
    : `the token is of ${fact.team}, not of ${settings.slack.team}`;
  return finding(
    'slack',
    isTeam && missing.length === 0,
    detail,
    'Add the scopes to the Slack app, install it again, and put the new bot token into the secret.',
  );
}

function probe({ probe: fact }: Facts): readonly Finding[] {
  if (fact === null) {
    const repair =
      'Name a profile of a member account with --probe-profile: the doctor reads once there, and waits for it.';
    return [{ ...unknown('fast-lane.read', 'no member account was named'), repair }];
  }
  return seen('fast-lane.read', fact, ({ account, arrived, waitedSeconds }) => [
    finding(
      'fast-lane.read',
      arrived,
      arrived
        ? `a read in ${account} arrived within ${waitedSeconds} s`
        : `a read in ${account} did not arrive in ${waitedSeconds} s`,
      `Look at the rule of the member stack in ${account}, its state, and failed invocations of it; until reads arrive, count them as full lane only.`,
    ),
  ]);
}
