import fc from 'fast-check';
import { assess, caseIdOf } from '../../../core/anomaly/assess.ts';
import type { Verdict } from '../../../core/anomaly/case.ts';
import { defaultWeights, modelVersion } from '../../../core/anomaly/weights.ts';
import type { ActorId } from '../../../core/identity/principal.ts';
import { type Instant, plusSeconds } from '../../../core/time.ts';
import { known, minutes, type Told, tell, today } from './ledger-of.ts';

const alice = 'arn:aws:iam::111122223333:user/alice' as ActorId;
const elsewhere = { from: '198.51.100.9', region: 'ap-south-1', agent: 'Boto3/1.34' };
const told = (...events: readonly Told[]) => assess(tell(known, ...events), []);
const wordsOf = (...events: readonly Told[]) => told(...events).flatMap(({ reasons }) => reasons.map((r) => r.words));

describe('first uses', () => {
  test('a serious action that was never used before is a digest with its reason in words', () => {
    const [it, ...others] = told({ at: today, does: 'iam:CreateAccessKey', id: 'key' });
    expect(others).toEqual([]);
    expect(it).toMatchObject({
      id: caseIdOf(alice, 'key', modelVersion),
      actor: alice,
      level: 'digest',
      score: 14,
      from: today,
      to: today,
      first: [{ kind: 'action', action: 'iam:CreateAccessKey' }],
      eventIDs: ['key'],
    });
    expect(it?.reasons[0]?.words).toBe('first time alice created an access key (iam:CreateAccessKey)');
  });

  test('the same from a place never seen says so and weighs more', () => {
    const [here] = told({ at: today, does: 'iam:CreateAccessKey' });
    const [there] = told({ at: today, does: 'iam:CreateAccessKey', from: elsewhere.from });
    expect(there!.score).toBeGreaterThan(here!.score);
    expect(there!.reasons[0]!.words).toBe(
      'first time alice created an access key (iam:CreateAccessKey); from a network never used before',
    );
  });

  test('what was used before is not told, from wherever it was back-filled', () => {
    expect(
      told(
        { at: '2026-02-20T09:00:00Z', does: 'iam:CreateAccessKey', historic: true },
        { at: today, does: 'iam:CreateAccessKey' },
      ),
    ).toEqual([]);
  });

  test('what another principal of the same actor used is known', () => {
    const used = { does: 'iam:CreateAccessKey', principal: 'AIDABEFORE' };
    expect(
      told({ ...used, at: '2026-02-20T09:00:00Z', historic: true }, { at: today, does: 'iam:CreateAccessKey' }),
    ).toEqual([]);
  });

  test('history, and what a service forwarded, is never told', () => {
    expect(told({ at: today, does: 'iam:CreateAccessKey', historic: true })).toEqual([]);
    expect(told({ at: today, does: 'iam:CreateAccessKey', forwarded: true })).toEqual([]);
  });

  test('service-linked roles are AWS at work', () => {
    const arn = 'arn:aws:iam::111122223333:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS';
    expect(assess(tell({ at: today, does: 'iam:CreateAccessKey', arn }), [])).toEqual([]);
  });

  test('reading around alone makes no case, however much it is', () => {
    const reads = [
      'ec2:DescribeInstances',
      's3:ListBucket',
      'iam:ListUsers',
      'iam:ListRoles',
      'rds:DescribeDBInstances',
    ];
    expect(told(...reads.map((does, i) => ({ at: minutes(i), does })))).toEqual([]);
  });

  test('ordinary writing alone makes no case, however much it is', () => {
    const writes = [
      's3:PutObject',
      'sqs:SendMessage',
      'sns:Publish',
      'dynamodb:PutItem',
      'ec2:CreateTags',
      'logs:PutLogEvents',
    ];
    expect(told(...writes.map((does, i) => ({ at: minutes(i), does })))).toEqual([]);
  });

  test('two serious tactics in one session are a message', () => {
    const [it] = told({ at: today, does: 'iam:CreateUser' }, { at: minutes(2), does: 'iam:AttachUserPolicy' });
    expect(it?.level).toBe('message');
  });

  test('what is serious but somebody does every week stays a digest alone, and with its like', () => {
    const releases = ['lambda:UpdateFunctionCode', 'ecs:ExecuteCommand', 'secretsmanager:GetSecretValue'];
    const both = releases.map((does, i) => ({ at: minutes(i), does }));
    expect(told(...both)[0]?.level).toBe('digest');
    expect(told(...both.map((event) => ({ ...event, from: elsewhere.from })))[0]?.level).toBe('message');
  });

  test('a call whose parameters were looked at without finding anything is an ordinary change', () => {
    const shares = (account: string): Told => ({
      at: today,
      does: 's3:PutBucketPolicy',
      parameters: {
        bucketPolicy: { Statement: [{ Effect: 'Allow', Principal: { AWS: account }, Action: 's3:GetObject' }] },
      },
    });
    expect(told(shares('111122223333'))).toEqual([]);
    expect(told(shares('999988887777'))[0]?.level).toBe('message');
    expect(told({ ...shares('111122223333'), parameters: null })[0]?.level).toBe('digest');
  });
});

describe('context', () => {
  const used: Told = { at: '2026-02-20T09:00:00Z', does: 'iam:CreateAccessKey', historic: true };

  test('a used serious action from a new network, region and client is told', () => {
    const [it] = told(used, { at: today, does: 'iam:CreateAccessKey', ...elsewhere });
    expect(it?.level).toBe('digest');
    expect(it?.reasons.map(({ kind }) => kind).sort()).toEqual(['new-agent', 'new-network', 'new-region']);
  });

  test('a new network alone is told where it is used for something serious, and for nothing less', () => {
    const [it] = told(used, { at: today, does: 'iam:CreateAccessKey', from: elsewhere.from });
    expect(it?.level).toBe('digest');
    const look = { at: '2026-02-20T09:00:00Z', does: 's3:ListAllMyBuckets', historic: true };
    expect(told(look, { at: today, does: 's3:ListAllMyBuckets', from: elsewhere.from })).toEqual([]);
  });

  test('whoever comes from everywhere surprises nobody with one more network', () => {
    const roams = Array.from({ length: 12 }, (_, i) => ({
      ...used,
      at: `2026-02-${10 + i}T09:00:00Z`,
      from: `10.${i}.0.1`,
    }));
    expect(told(...roams, { at: today, does: 'iam:CreateAccessKey', from: elsewhere.from })).toEqual([]);
  });

  test('global services are recorded in one region, which is no new one', () => {
    const [it] = told(used, { at: today, does: 'iam:CreateUser', region: 'us-east-1' });
    expect(it?.reasons.map(({ kind }) => kind)).toEqual(['first-use']);
  });
  test('a new place weighs as much as the weightiest thing done from there, once', () => {
    const calm = { at: today, does: 'sts:GetCallerIdentity', ...elsewhere };
    const grave = (minute: number, does: string) => ({ at: minutes(minute), does, ...elsewhere });
    const [once] = told(calm, grave(0, 'iam:CreateUser'));
    const [twice] = told(calm, grave(0, 'iam:CreateUser'), grave(0, 'iam:CreateGroup'));
    const places = (it: typeof once) =>
      it!.reasons.filter(({ kind }) => kind.startsWith('new-')).map(({ kind, points }) => [kind, points]);
    expect(places(once)).toEqual([
      ['new-network', 9.62],
      ['new-region', 3.9],
      ['new-agent', 1.95],
    ]);
    expect(places(twice)).toEqual(places(once));
  });

  test("an actor's very first network, region and client are its own", () => {
    const fresh = assess(tell({ at: today, does: 'iam:CreateAccessKey' }), []);
    expect(fresh[0]?.reasons.map(({ kind }) => kind)).toEqual(['first-use']);
  });
});

describe('habits', () => {
  const day = (n: number, does: string): Told => ({ at: plusSeconds(today, (n - 40) * 86_400), does, historic: true });
  const days = (does: string, count = 30) => Array.from({ length: count }, (_, n) => day(n, does));
  const secret: Told = { at: today, does: 'secretsmanager:GetSecretValue' };
  const serious =
    'ecs:ExecuteCommand sqs:AddPermission bedrock:InvokeModel sns:AddPermission kms:CreateGrant logs:DeleteLogGroup'.split(
      ' ',
    );
  const score = (...events: readonly Told[]) => told(...events).at(-1)?.score ?? 0;

  test('the steadier somebody was, the more one new thing surprises', () => {
    const steady = days('ec2:DescribeInstances');
    const curious = [...steady, ...serious.map((does, n) => day(9 + n, does))];
    expect(score(...steady, secret)).toBeGreaterThan(score(...curious, secret));
    expect(score(...curious, secret)).toBe(0);
  });

  test('a first use among its like surprises less', () => {
    const reads = days('ssm:GetParameter');
    expect(score(...reads, secret)).toBeLessThan(score(...days('ec2:DescribeInstances'), secret));
  });

  test('what hardly anybody ever does is told of whoever does it', () => {
    const busy = ['ecs:ExecuteCommand', 'sqs:AddPermission', 'bedrock:InvokeModel'].flatMap((does) => days(does, 10));
    expect(score(...busy, { at: today, does: 'ec2:DeleteFlowLogs' })).toBeGreaterThanOrEqual(14);
  });

  test('a signal that history is full of tells nothing, one that came since then does', () => {
    const parameters = { groupId: 'g', ipProtocol: 'tcp', fromPort: 22, toPort: 22, cidrIp: '0.0.0.0/0' };
    const opens = (at: string, historic: boolean): Told => ({
      at,
      historic,
      does: 'ec2:AuthorizeSecurityGroupIngress',
      parameters,
    });
    const often = (historic: boolean) =>
      Array.from({ length: 8 }, (_, n) => opens(plusSeconds(today, (n - 20) * 86_400), historic));
    expect(score(...often(true), opens(today, false))).toBe(0);
    expect(score(...often(false), opens(today, false))).toBe(9);
  });
});

describe('denials', () => {
  test('one denial of an ordinary action is nothing', () => {
    expect(told({ at: today, does: 's3:PutObject', denied: true })).toEqual([]);
  });

  test('five denied actions over three services in a session are somebody who tries doors', () => {
    const doors = [
      's3:ListBucket',
      's3:GetObject',
      'ec2:DescribeInstances',
      'ec2:DescribeImages',
      'rds:DescribeDBInstances',
    ];
    const tried = doors.map((does, i) => ({ at: minutes(i), does, denied: true }));
    expect(told(...tried.slice(0, 4))).toEqual([]);
    expect(told(...tried)[0]?.reasons[0]?.kind).toBe('denied-spread');
  });

  test('a denied attempt at something serious is told, as an attempt', () => {
    expect(wordsOf({ at: today, does: 'secretsmanager:GetSecretValue', denied: true })).toEqual([
      'alice was denied secretsmanager:GetSecretValue',
    ]);
  });
});

describe('signals', () => {
  const openSsh = { ipProtocol: 'tcp', fromPort: 22, toPort: 22, cidrIp: '0.0.0.0/0' };
  const used: Told = { at: '2026-02-20T09:00:00Z', does: 'ec2:AuthorizeSecurityGroupIngress', historic: true };

  test('a risky parameter is told though the action is used every day', () => {
    const [it] = told(used, { at: today, does: 'ec2:AuthorizeSecurityGroupIngress', parameters: openSsh });
    expect(it).toMatchObject({ level: 'digest', score: 9 });
    expect(it?.reasons[0]?.words).toBe('alice opened a port to every address (ec2:AuthorizeSecurityGroupIngress)');
  });

  test('what is always told is a message whoever does it, on the first day and when it was denied', () => {
    const [it] = assess(tell({ at: today, does: 'cloudtrail:StopLogging', denied: true }), []);
    expect(it?.level).toBe('message');
  });
});

describe('sessions', () => {
  const at = (minute: number, does: string): Told => ({ at: minutes(minute), does });

  test('half an hour of quiet ends one', () => {
    expect(told(at(0, 'iam:CreateUser'), at(30, 'iam:CreateLoginProfile'))).toHaveLength(1);
    expect(told(at(0, 'iam:CreateUser'), at(31, 'iam:CreateLoginProfile'))).toHaveLength(2);
  });

  test('four hours end one, however busy', () => {
    const reads = Array.from({ length: 12 }, (_, i) => at(25 * i, `ec2:Describe${'ABCDEFGHIJKL'[i]}`));
    const cases = told(...reads, at(1, 'iam:CreateUser'), at(276, 'iam:CreateLoginProfile'));
    expect(cases.map(({ from }) => from)).toEqual([today, minutes(250)]);
  });

  test('points halve in half an hour', () => {
    const [near] = told(at(0, 'iam:CreateUser'), at(1, 'kms:ScheduleKeyDeletion'));
    const [far] = told(at(0, 'iam:CreateUser'), at(30, 'kms:ScheduleKeyDeletion'));
    expect(far!.score).toBe(21);
    expect(near!.score).toBeGreaterThan(27);
  });
});

describe('coming back', () => {
  const onDay = (day: string, does: string): Told => ({ at: `${day}T09:00:00Z`, does });

  test('what was used once and rested for months is told again', () => {
    const cases = told(onDay('2026-01-20', 'iam:CreateAccessKey'), onDay('2026-05-20', 'iam:CreateAccessKey'));
    expect(cases).toHaveLength(2);
    expect(cases[1]?.reasons[0]?.words).toBe(
      'alice created an access key (iam:CreateAccessKey) again after 120 days without',
    );
  });

  test('what is used every quarter is not', () => {
    const quarters = ['2025-04-01', '2025-07-01', '2025-10-01', '2025-12-31'].map((day) => ({
      ...onDay(day, 'iam:CreateAccessKey'),
      historic: true,
    }));
    const often = ['2025-12-29', '2025-12-30'].map((day) => ({ ...onDay(day, 'iam:CreateAccessKey'), historic: true }));
    expect(told(...quarters, ...often, onDay('2026-04-01', 'iam:CreateAccessKey'))).toEqual([]);
  });

  test('a rest of one principal is none where another of the same actor was at work', () => {
    const first = onDay('2026-01-20', 'iam:CreateAccessKey');
    const other = { ...onDay('2026-05-10', 'iam:CreateAccessKey'), principal: 'AIDAOTHER' };
    expect(told(first, other, onDay('2026-05-20', 'iam:CreateAccessKey'))).toHaveLength(2);
  });
});

describe('the first seven days', () => {
  const fresh = (...events: readonly Told[]) => assess(tell(...events), []);

  test('ordinary work of somebody new is not told', () => {
    const day = [
      's3:PutObject',
      'sqs:SendMessage',
      'sns:Publish',
      'dynamodb:PutItem',
      'ec2:DescribeInstances',
      's3:ListBucket',
    ];
    expect(fresh(...day.map((does, i) => ({ at: minutes(i), does })))).toEqual([]);
  });

  test('one serious action is told, though nothing is known that it could differ from', () => {
    expect(fresh({ at: today, does: 'secretsmanager:GetSecretValue' })[0]?.level).toBe('digest');
  });

  test('serious work is a digest, however much; a week later it is a message', () => {
    const work = ['iam:CreateUser', 'iam:AttachUserPolicy', 'secretsmanager:GetSecretValue'];
    expect(fresh(...work.map((does, i) => ({ at: minutes(i), does })))[0]?.level).toBe('digest');
    const later = plusSeconds(today, 8 * 86_400);
    const hello = { at: today, does: 'sts:GetCallerIdentity' };
    expect(fresh(hello, ...work.map((does, i) => ({ at: plusSeconds(later, i), does })))[0]?.level).toBe('message');
  });
});

describe('verdicts', () => {
  const parameters = { ipProtocol: 'tcp', fromPort: 22, toPort: 22, cidrIp: '0.0.0.0/0' };
  const opens = (at: Instant): Told => ({ at, does: 'ec2:AuthorizeSecurityGroupIngress', parameters });
  const [first] = told(opens(today));
  const verdict = (over: Partial<Verdict>): Verdict => ({
    v: 1,
    actor: alice,
    facet: first!.reasons.find(({ kind }) => kind === 'signal')!.facet,
    verdict: 'expected',
    case: first!.id,
    by: 'bob',
    at: minutes(60),
    until: plusSeconds(today, 30 * 86_400),
    ...over,
  });
  const withVerdict = (given: Verdict, ...events: readonly Told[]) => assess(tell(known, ...events), [given]);

  test('what is expected is not told again until the answer ends', () => {
    const days = (count: number) => plusSeconds(today, count * 86_400);
    const cases = withVerdict(verdict({}), opens(today), opens(days(3)), opens(days(31)));
    expect(cases.map(({ from }) => from)).toEqual([today, days(31)]);
  });

  test('an answer changes nothing of what was told before it', () => {
    expect(withVerdict(verdict({}), opens(today))).toEqual(
      told({ ...opens(today), id: first!.eventIDs[0]! }).map((it) => expect.objectContaining({ score: it.score })),
    );
  });

  test('what follows an answer within the session is a case of its own', () => {
    const answered = verdict({ at: minutes(5) });
    const cases = withVerdict(answered, opens(today), { at: minutes(10), does: 'iam:CreateAccessKey' });
    expect(cases.map(({ from }) => from)).toEqual([today, minutes(10)]);
  });

  test('what is muted is told in the digest until the end, unless something else comes with it', () => {
    const days = (count: number) => plusSeconds(today, count * 86_400);
    const muted = verdict({ verdict: 'muted', until: days(7) });
    const loud = (at: Instant): Told => ({ at, does: 's3:PutBucketPolicy', parameters: shared });
    const shared = { bucketPolicy: { Statement: { Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: '*' } } };
    const first = told(loud(today))[0]!;
    const verdicts = first.reasons.map(({ facet }) => ({ ...muted, facet }));
    const levels = (...events: readonly Told[]) =>
      assess(tell(known, loud(today), ...events), verdicts).map((it) => it.level);
    expect(levels(loud(days(3)))).toEqual(['message', 'digest']);
    expect(levels(loud(days(3)), { at: plusSeconds(days(3), 60), does: 'iam:CreateUser' })).toEqual([
      'message',
      'message',
    ]);
    expect(assess(tell(known, loud(days(8))), verdicts).map((it) => it.level)).toEqual(['message']);
    const stop: Told = { at: days(3), does: 'cloudtrail:StopLogging' };
    const always = told(stop)[0]!.reasons.map(({ facet }) => ({ ...muted, facet }));
    expect(assess(tell(known, stop), always).map((it) => it.level)).toEqual(['message']);
  });

  test('what was not us weighs more when it happens again', () => {
    const again = withVerdict(verdict({ verdict: 'not-us', until: null }), opens(today), opens(minutes(600)));
    expect(again.map(({ score }) => score)).toEqual([first!.score, 15]);
  });

  test('no answer quietens what is always told', () => {
    const stop = (at: Instant): Told => ({ at, does: 'cloudtrail:StopLogging' });
    const facet = { kind: 'signal' as const, action: 'cloudtrail:StopLogging', value: 'always-alert@2026-03-02T09' };
    expect(withVerdict(verdict({ facet }), stop(today), stop(minutes(600))).at(-1)?.level).toBe('message');
  });
});

test('the order of the items does not matter, nor does reading them twice', () => {
  const does = [
    'iam:CreateUser',
    'iam:AttachUserPolicy',
    's3:PutObject',
    'ec2:DescribeInstances',
    'cloudtrail:StopLogging',
  ];
  const events = does.flatMap((each, i) =>
    ['AIDAONE', 'AIDATWO'].map((principal, j) => ({
      at: minutes(7 * i + j),
      does: each,
      principal,
      from: `10.${j}.0.1`,
    })),
  );
  const items = [...tell(known, ...events)];
  const expected = assess(items, []);
  expect(expected.length).toBeGreaterThan(0);
  const orders = fc.shuffledSubarray([...items, ...items], { minLength: items.length * 2 });
  fc.assert(fc.property(orders, (order) => expect(assess(order, [])).toEqual(expected)));
});

test('whoever does much at once costs a bounded case', () => {
  const events = Array.from({ length: 2000 }, (_, i) => ({ at: plusSeconds(today, i), does: `svc${i}:CreateThing` }));
  const [it] = told({ at: today, does: 'iam:CreateUser', id: 'a' }, ...events);
  expect(it!.score).toBeGreaterThanOrEqual(defaultWeights.thresholds.digest);
  expect([it!.first.length, it!.eventIDs.length, it!.reasons.length]).toEqual([200, 200, 50]);
  expect(it!.eventIDs[0]).toBe('a');
});

test('a model of another version tells other cases', () => {
  const items = tell(known, { at: today, does: 'iam:CreateAccessKey' });
  expect(assess(items, [], { modelVersion: 'next', weights: defaultWeights })[0]?.id).not.toBe(
    assess(items, [])[0]?.id,
  );
});
