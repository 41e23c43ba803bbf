import { actionsOfService } from '../../../core/catalogue/catalogue.ts';
import type { PolicyDocument } from '../../../core/policy/statement.ts';
import { editsFor } from '../../../core/rightsizing/edits.ts';
import type { PairRule } from '../../../core/rightsizing/paired.ts';
import { parsedPolicy } from '../../../core/rightsizing/parsed-policy.ts';
import { reduce } from '../../../core/rightsizing/reduce.ts';
import { rightsize } from '../../../core/rightsizing/rightsize.ts';
import type { Instant } from '../../../core/time.ts';
import { allow, evidence, item, policy, policyArn, type RoleSketch, roleArn, wholeCoverage } from './world.ts';

const only = (roles: RoleSketch[], more: Parameters<typeof evidence>[1] = {}) => {
  const [first] = rightsize(evidence(roles, more));
  return first!;
};
const ci = (text: string, used: string[] = ['ec2:RunInstances']): RoleSketch => ({
  name: 'ci',
  inline: { own: text },
  used,
});
const plain = policy(allow(['ec2:RunInstances', 'ec2:TerminateInstances', 'rds:DeleteDBInstance']));
const removedFrom = (text: string, used?: string[]) => {
  const judged = only([ci(text, used)]);
  return judged.status === 'proposed' ? judged.removed : judged.status;
};

describe('right-sizing', () => {
  test('an unused action goes, a used one stays, and the plan says both texts', () => {
    const judged = only([ci(plain)]);
    expect(judged).toMatchObject({
      status: 'proposed',
      removed: ['ec2:TerminateInstances', 'rds:DeleteDBInstance'],
      kept: [{ action: 'ec2:RunInstances', why: 'used' }],
      proof: { used: 1, allowed: 1, newAccess: 0 },
      plan: {
        kind: 'rightsizing',
        target: roleArn('ci'),
        edits: [
          {
            slot: { type: 'inline-policy', principal: roleArn('ci'), name: 'own' },
            before: plain,
            after: policy(allow(['ec2:RunInstances'])),
          },
        ],
        terms: {
          removed: ['ec2:TerminateInstances', 'rds:DeleteDBInstance'],
          kept: ['ec2:RunInstances'],
          window: { from: '2026-08-21T00:00:00Z', to: '2026-11-18T23:59:59Z' },
        },
      },
    });
  });

  test('untouched statements keep every byte, their order and their Sids', () => {
    const text = `{"Version":"2012-10-17",\n "Statement":[ {"Sid":"A","Effect":"Deny","Action":"rds:DeleteDBInstance","Resource":"*"} ,\n  {"Sid":"B","Effect":"Allow","Action":["ec2:RunInstances" , "ec2:TerminateInstances"],"Resource":["arn:aws:ec2:*:*:*"]},\n  {"Sid":"C","Effect":"Allow","Action":"ec2:StopInstances","Resource":"*"}, {"Sid":"D","Effect":"Allow","Action":"sqs:Send*","Resource":"*"} ]}`;
    const judged = only([ci(text)]);
    expect(judged.status === 'proposed' && judged.plan?.edits[0]?.after).toBe(
      text
        .replace('["ec2:RunInstances" , "ec2:TerminateInstances"]', '["ec2:RunInstances"]')
        .replace(',\n  {"Sid":"C","Effect":"Allow","Action":"ec2:StopInstances","Resource":"*"}', ''),
    );
  });

  test.each([
    ['a data event', 's3:GetObject', 'unobservable'],
    ['a service not in the table', 'quicksight:DescribeDashboard', 'unobservable'],
    ['PassRole', 'iam:PassRole', 'unobservable'],
    ['tagging', 'ec2:CreateTags', 'unobservable'],
    ['what AWS does not know', 'ec2:RunInstancess', 'unknown-action'],
    ['a key of a trail without key events', 'kms:ScheduleKeyDeletion', 'unobservable'],
  ])('%s stays: %s', (_, action, why) => {
    const judged = only([ci(policy(allow(['ec2:RunInstances', 'ec2:StopInstances', action])))]);
    expect(judged).toMatchObject({ status: 'proposed', removed: ['ec2:StopInstances'] });
    expect(judged.kept).toContainEqual({ action, why });
  });

  test('key administration is judged once the trail shows that it has key events', () => {
    expect(removedFrom(policy(allow(['kms:Decrypt', 'kms:ScheduleKeyDeletion'])), ['kms:Decrypt'])).toEqual([
      'kms:ScheduleKeyDeletion',
    ]);
  });

  test('a trail that shows no reads says nothing about reads', () => {
    const usage = new Map([[roleArn('ci'), [item('ci', 'ec2:RunInstances')]]]);
    const judged = only([ci(policy(allow(['ec2:DescribeInstances', 'ec2:StopInstances'])))], { usage });
    expect(judged).toMatchObject({
      removed: ['ec2:StopInstances'],
      kept: [{ action: 'ec2:DescribeInstances', why: 'unobservable' }],
    });
  });

  test('a denied call is not use, a call on something missing is', () => {
    const usage = new Map([
      [
        roleArn('ci'),
        [
          item('ci', 'ec2:StopInstances', 'denied'),
          item('ci', 'ec2:DescribeVpcs'),
          item('ci', 'ec2:StartInstances', 'not-found'),
        ],
      ],
    ]);
    expect(only([ci(policy(allow(['ec2:StopInstances', 'ec2:StartInstances'])))], { usage })).toMatchObject({
      removed: ['ec2:StopInstances'],
    });
  });

  test('a call whose action is not known keeps its whole service', () => {
    expect(removedFrom(plain, ['unmapped:ec2.amazonaws.com/SomethingNew'])).toEqual(['rds:DeleteDBInstance']);
  });

  test.each([
    ['NotAction', { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }],
    ['a Deny', { Effect: 'Deny', Action: 'ec2:StopInstances', Resource: '*' }],
  ])('a statement with %s passes through', (_, statement) => {
    expect(removedFrom(policy(statement, allow('rds:DeleteDBCluster', { Resource: 'x' })), ['iam:GetUser'])).toEqual(
      'NotAction' in statement ? 'nothing-to-remove' : ['rds:DeleteDBCluster'],
    );
  });

  test.each([
    ['Condition', { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }],
    ['Resource', { Resource: ['arn:aws:ec2:*:*:instance/i-1', 'arn:aws:ec2:*:*:volume/*'] }],
  ])('a statement loses actions and keeps its %s word for word', (_, more) => {
    const judged = only([ci(policy(allow(['ec2:RunInstances', 'ec2:StopInstances'], more)))]);
    expect(judged.status === 'proposed' && judged.plan?.edits[0]?.after).toBe(
      policy(allow(['ec2:RunInstances'], more)),
    );
  });

  test('of a wildcard the used actions are named and what nobody could have seen stays inside it', () => {
    const judged = only([ci(policy(allow('rds:*')), ['rds:DescribeDBInstances'])]);
    if (judged.status !== 'proposed') throw new Error(judged.status);
    const [edit] = judged.plan!.edits;
    const { Action } = (JSON.parse(edit!.after!) as { Statement: [{ Action: string[] }] }).Statement[0];
    expect(Action).toContain('rds:DescribeDBInstances');
    // Tags given to a new database need this action and leave no event of their own.
    expect(Action).toContain('rds:AddTagsToResource');
    expect(Action.every((each) => each.startsWith('rds:'))).toBe(true);
    expect(judged.removed).toContain('rds:DeleteDBCluster');
    expect(judged.removed).not.toContain('rds:AddTagsToResource');
  });

  test('of a wildcard over everything, services without anything to remove stay whole', () => {
    const judged = only([ci(policy(allow('*')))], { mayMakePolicies: true });
    if (judged.status !== 'proposed') throw new Error(judged.status);
    const left = judged.policies.flatMap(({ after }) => (after === null ? [] : [after])).join('');
    expect(left).toContain('"quicksight:*"');
    expect(left).toContain('"ec2:RunInstances"');
    expect(left).not.toContain('"rds:DeleteDBCluster"');
    expect(left).not.toContain('"*"]');
    expect(judged.proof).toEqual({ used: 2, allowed: 2, newAccess: 0 });
  });

  test('what was only tried on things that are not there is kept, and said so', () => {
    const base = evidence([ci(plain, [])]);
    const usage = new Map([
      [roleArn('ci'), [item('ci', 'ec2:DescribeRegions'), item('ci', 'ec2:TerminateInstances', 'not-found')]],
    ]);
    expect(rightsize({ ...base, usage })[0]).toMatchObject({
      removed: ['ec2:RunInstances', 'rds:DeleteDBInstance'],
      kept: [{ action: 'ec2:TerminateInstances', why: 'probed' }],
    });
  });

  test('an action that something else still grants is not called removed', () => {
    const others = { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' };
    expect(removedFrom(policy(allow(['ec2:StopInstances']), others))).toBe('nothing-to-remove');
    const readOnly = 'arn:aws:iam::aws:policy/AdministratorAccess';
    const judged = only([{ ...ci(plain), attached: [readOnly] }], { managed: { [readOnly]: policy(allow('*')) } });
    expect(judged.status).toBe('nothing-to-remove');
  });

  test('an inline policy without statements is deleted, a managed one stays', () => {
    const text = policy(allow('ec2:StopInstances'));
    const inline = only([ci(text)]);
    expect(inline.status === 'proposed' && inline.plan?.edits).toMatchObject([{ before: text, after: null }]);
    expect(only([{ name: 'ci', attached: ['own'] }], { managed: { own: text } })).toMatchObject({
      status: 'nothing-to-remove',
      kept: [{ action: 'own', why: 'would-be-empty' }],
    });
  });

  test('a managed policy of several loses only what none of them used, once', () => {
    const roles: RoleSketch[] = [
      { name: 'a', attached: ['own'], used: ['ec2:RunInstances'] },
      { name: 'b', attached: ['own'], used: ['rds:DeleteDBInstance'] },
    ];
    const [a, b] = rightsize(evidence(roles, { managed: { own: plain } }));
    expect(a).toMatchObject({
      status: 'proposed',
      removed: ['ec2:TerminateInstances'],
      proof: { used: 1, allowed: 1 },
      plan: { edits: [{ slot: { type: 'managed-policy', policy: policyArn('own') } }] },
    });
    expect(b).toMatchObject({ status: 'nothing-to-remove' });
    expect(b?.kept.map(({ action, why }) => `${action} ${why}`)).toEqual([
      'ec2:RunInstances used',
      'own shared',
      'rds:DeleteDBInstance used',
    ]);
  });

  test('nobody reckons with a change of a shared policy that is not proposed', () => {
    // What a would lose of the policy that it shares, one of its own that cannot be empty still grants.
    const managed = {
      own: policy(allow(['ec2:RunInstances', 'ec2:StopInstances'])),
      only: policy(allow('ec2:StopInstances')),
    };
    const mine = policy(allow(['ec2:StopInstances', 'rds:DeleteDBInstance', 'rds:StopDBInstance']));
    const [a, b] = rightsize(
      evidence(
        [
          { name: 'a', attached: ['own', 'only'], used: ['ec2:RunInstances'] },
          { name: 'b', inline: { mine }, attached: ['own'], used: ['ec2:RunInstances', 'rds:DeleteDBInstance'] },
        ],
        { managed },
      ),
    );
    expect(a?.status).toBe('nothing-to-remove');
    expect(b).toMatchObject({ status: 'proposed', removed: ['rds:StopDBInstance'] });
  });

  test('a managed policy is left alone where one of its holders cannot be judged, or where it is a boundary', () => {
    const young = { record: { createdAt: '2026-11-01T00:00:00Z' as Instant } };
    const shared = (other: RoleSketch) =>
      rightsize(
        evidence([{ name: 'a', attached: ['own'], used: ['ec2:RunInstances'] }, other], { managed: { own: plain } }),
      )[0];
    expect(shared({ name: 'b', attached: ['own'], ...young })?.status).toBe('nothing-to-remove');
    expect(shared({ name: 'b', record: { boundary: policyArn('own') } })?.status).toBe('nothing-to-remove');
    expect(shared({ name: 'b' })?.status).toBe('proposed');
  });

  describe('a managed policy that leaves somebody what is dangerous and only others use', () => {
    const risky = policy(allow(['iam:CreateAccessKey', 'iam:AttachUserPolicy', 'ec2:RunInstances']));
    const roles: RoleSketch[] = [
      { name: 'a', attached: ['own'], used: ['ec2:RunInstances', 'iam:CreateAccessKey'] },
      { name: 'b', attached: ['own'], used: ['ec2:RunInstances', 'iam:AttachUserPolicy'] },
      { name: 'c', attached: ['own'], used: ['ec2:RunInstances', 'iam:AttachUserPolicy', 'iam:CreateAccessKey'] },
    ];
    const judged = (sketches: readonly RoleSketch[], more: Parameters<typeof evidence>[1] = {}) =>
      rightsize(evidence([...sketches], { managed: { own: risky }, mayMakePolicies: true, ...more }));

    test('is exchanged for policies of their own, and stays as it is for whoever uses all of it', () => {
      const [a, b, c] = judged(roles);
      for (const [one, unused, kept] of [
        [a, 'iam:AttachUserPolicy', 'iam:CreateAccessKey'],
        [b, 'iam:CreateAccessKey', 'iam:AttachUserPolicy'],
      ] as const) {
        expect(one).toMatchObject({
          status: 'proposed',
          removed: [unused],
          proof: { used: 2, allowed: 2, newAccess: 0 },
        });
        const policies = one?.status === 'proposed' ? one.policies : [];
        expect(policies).toEqual([
          { name: 'own', kind: 'managed', arn: policyArn('own'), before: risky, after: null },
          expect.objectContaining({ kind: 'managed', before: null, after: policy(allow([kept, 'ec2:RunInstances'])) }),
        ]);
        expect(editsFor(one!.principal, '111122223333', policies)?.map(({ slot }) => slot.type)).toEqual([
          'managed-policy',
          'managed-policy',
          'attachment',
          'attachment',
        ]);
      }
      expect(c?.status).toBe('nothing-to-remove');
    });

    test('also where another holder cannot be judged, who keeps it', () => {
      const young = { record: { createdAt: '2026-11-01T00:00:00Z' as Instant } };
      const [a, b] = judged([roles[0]!, { ...roles[1]!, ...young }]);
      expect(a).toMatchObject({ status: 'proposed', removed: ['iam:AttachUserPolicy'] });
      expect(b?.status).toBe('not-yet-decidable');
    });

    test('stays whole with whoever has no room for policies of its own; the others get theirs', () => {
      const long = policy(allow('iam:*', { Resource: `arn:aws:iam::111122223333:role/${'x'.repeat(2500)}*` }));
      const most = actionsOfService('iam').map(({ action }) => action);
      const others = Array.from({ length: 9 }, (_, n) => `p${n}`);
      const small = Object.fromEntries(others.map((name) => [name, policy(allow('ec2:RunInstances'))]));
      const [a, b] = judged(
        [
          {
            name: 'a',
            attached: ['own', ...others],
            used: most.filter((name) => name !== 'iam:DeleteUser').slice(0, -9),
          },
          { name: 'b', attached: ['own'], used: ['iam:DeleteUser', ...most.slice(-9)] },
        ],
        { managed: { own: long, ...small } },
      );
      expect(a?.status).toBe('nothing-to-remove');
      expect(a?.kept).toContainEqual({ action: 'own', why: 'no-room' });
      expect(b).toMatchObject({
        status: 'proposed',
        policies: [{ arn: policyArn('own'), after: null }, { before: null }],
      });
    });

    test('is left alone where policies cannot be made', () => {
      const [a, b] = judged(roles, { mayMakePolicies: false });
      expect([a?.status, b?.status]).toEqual(['nothing-to-remove', 'nothing-to-remove']);
    });
  });

  test('a managed policy that a group has too is left alone', () => {
    const team = { name: 'team', arn: 'arn:aws:iam::111122223333:group/team', inline: [] };
    const base = evidence([{ name: 'a', attached: ['own'], used: ['ec2:RunInstances'] }], { managed: { own: plain } });
    const judgedWith = (attached: string[]) =>
      rightsize({ ...base, inventory: { ...base.inventory, groups: [{ ...team, attached }] } })[0]?.status;
    expect(judgedWith([policyArn('own')])).toBe('nothing-to-remove');
    expect(judgedWith([])).toBe('proposed');
  });

  test('a policy that cannot be read is left alone', () => {
    expect(only([ci('{"Statement":[{"Effect":"Allow"}]}')])).toMatchObject({
      status: 'nothing-to-remove',
      kept: [{ action: 'own', why: 'invalid-policy' }],
    });
  });
});

describe('what undoes what was done', () => {
  const pair = policy(allow(['ec2:CreateVolume', 'ec2:DeleteVolume', 'ec2:DeleteVpc', 'ec2:DetachVolume']));
  const judgedBy = (used: string[], pairRules?: readonly PairRule[]) => {
    const judged = only([ci(pair, used)], pairRules ? { pairRules } : {});
    return { kept: judged.kept, removed: judged.status === 'proposed' ? judged.removed : [] };
  };

  test('stays for whoever is seen to do it, with the reason', () => {
    const { kept, removed } = judgedBy(['ec2:CreateVolume']);
    expect(kept).toContainEqual({ action: 'ec2:DeleteVolume', why: 'paired' });
    expect(removed).toEqual(['ec2:DeleteVpc', 'ec2:DetachVolume']);
    expect(judgedBy(['ec2:AttachVolume']).removed).toEqual(['ec2:CreateVolume', 'ec2:DeleteVolume', 'ec2:DeleteVpc']);
  });

  test('goes where the rule is switched off, and where nothing was done', () => {
    expect(judgedBy(['ec2:CreateVolume'], ['attach-detach']).removed).toContain('ec2:DeleteVolume');
    expect(judgedBy(['ec2:RunInstances']).removed).toContain('ec2:DeleteVolume');
  });
});

describe('where the quotas leave little room', () => {
  const everything = policy(allow('*'));
  const nine = Object.fromEntries(
    Array.from({ length: 9 }, (_, i) => [`p${i}`, policy(allow('health:DescribeEvents'))]),
  );
  const holder = (attached: string[], inline = {}): RoleSketch => ({
    name: 'ci',
    attached,
    inline,
    used: ['ec2:RunInstances'],
  });

  test('a service of which nothing dangerous goes stays whole, and the text is shorter', () => {
    const why = (action: string) => (/^(?:ec2|iam|ecs|glue):[CD]/.test(action) ? undefined : 'unobservable');
    const document = parsedPolicy(everything) as PolicyDocument;
    const [fine, coarse] = [reduce(document, why, () => null, 'fine'), reduce(document, why, () => null, 'coarse')];
    expect(coarse.after!.length).toBeLessThan(fine.after!.length);
    const whole = coarse.kept.filter((each) => each.why === 'no-room').map(({ action }) => action);
    expect(whole.length).toBeGreaterThan(0);
    expect(whole).not.toContain('iam:*');
    expect(fine.kept.some((each) => each.why === 'no-room')).toBe(false);
  });

  test('everything beside many policies is proposed as soon as there is room', () => {
    const names = Object.keys(nine);
    const judgedBeside = (beside: number) =>
      only([holder(names.slice(0, beside), { own: everything })], { managed: nine, mayMakePolicies: true });
    let beside = 6;
    let first = judgedBeside(beside);
    while (first.status !== 'proposed' && beside > 0) {
      beside -= 1;
      first = judgedBeside(beside);
    }
    if (first.status !== 'proposed') throw new Error('never');
    expect(first.removed).toContain('iam:CreateAccessKey');
    expect(first.proof).toMatchObject({ newAccess: 0 });
  });

  test('what cannot fit at all stays as it is, and the rest goes on', () => {
    const Resource = Array.from(
      { length: 145 },
      (_, i) => `arn:aws:s3:::a-bucket-with-a-name-that-is-long-enough-${i}/*`,
    );
    const own = { big: policy(allow('s3:*', { Resource })), small: plain };
    const judged = only([holder(Object.keys(nine), own)], { managed: nine, mayMakePolicies: true });
    if (judged.status !== 'proposed') throw new Error(judged.status);
    expect(judged.kept).toContainEqual({ action: 'big', why: 'no-room' });
    expect(judged.policies.map(({ name }) => name)).toEqual(['small']);
  });
});

describe('right-sizing concludes nothing', () => {
  const reasonFor = (record: RoleSketch['record'], more: Parameters<typeof evidence>[1] = {}) => {
    const judged = only([{ ...ci(plain), record }], more);
    return judged.status === 'not-yet-decidable' ? judged.reason : judged.status;
  };

  test('unless something speaks against it, this principal would be proposed', () => {
    expect(reasonFor({})).toBe('proposed');
  });

  test.each([
    ['a break-glass principal', {}, { breakGlass: [roleArn('ci')] }, 'break-glass'],
    ['a service-linked role', { path: '/aws-service-role/x.amazonaws.com/' }, {}, 'service-linked'],
    ['a permission set', { name: 'AWSReservedSSO_Admin_0123456789abcdef' }, {}, 'identity-center'],
    ['its own roles', { name: 'leastwise-apply' }, {}, 'leastwise'],
    ['what a stack owns', { tags: { 'aws:cloudformation:stack-name': 'app' } }, {}, 'owned-by-stack'],
    ['what its owner keeps', { tags: { 'leastwise:keep-until': '2026-12-31' } }, {}, 'kept-by-owner'],
    ['what its owner keeps until nobody knows when', { tags: { 'leastwise:keep-until': 'soon' } }, {}, 'kept-by-owner'],
    ['what its owner kept, now', { tags: { 'leastwise:keep-until': '2026-10-31' } }, {}, 'proposed'],
    ['a principal younger than the window', { createdAt: '2026-08-21T00:00:01Z' as Instant }, {}, 'too-young'],
    ['a principal of unknown age', { createdAt: null }, {}, 'age-unknown'],
  ] as const)('about %s', (_, record, more, reason) => {
    expect(reasonFor(record, more as Parameters<typeof evidence>[1])).toBe(reason);
  });

  test('where a single hour of the window is missing', () => {
    const coverage = wholeCoverage(95).map((part) =>
      part.day === '2026-09-15' ? { ...part, hours: part.hours & ~(1 << 7) } : part,
    );
    expect(reasonFor({}, { coverage })).toBe('no-ingestion');
    expect(reasonFor({}, { coverage: [] })).toBe('no-ingestion');
    expect(reasonFor({}, { coverage: wholeCoverage(90) })).toBe('no-ingestion');
    expect(reasonFor({}, { coverage: wholeCoverage(91) })).toBe('proposed');
  });

  test('about a principal of which no call was ever recorded', () => {
    expect(reasonFor({}, { usage: new Map([[roleArn('ci'), []]]) })).toBe('never-seen');
  });

  test('and usage that was not read is a fault, never no usage', () => {
    expect(() => rightsize(evidence([ci(plain)], { usage: new Map() }))).toThrow('was not read');
  });
});
