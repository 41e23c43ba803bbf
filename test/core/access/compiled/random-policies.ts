import fc from 'fast-check';
import { operatorNames } from '../../../../core/policy/conditions/operator.ts';
import type { PolicyKind } from '../../../../core/policy/kinds.ts';

export const accounts = { home: '111122223333', away: '444455556666', management: '999999999999' };
const { home, away } = accounts;

export const actions = [
  's3:GetObject',
  'S3:getobject',
  's3:PutObject',
  's3:ListBucket',
  'sqs:SendMessage',
  'kms:Decrypt',
  'kms:RetireGrant',
  'kms:PutKeyPolicy',
  's3:PutBucketPolicy',
  'sts:AssumeRole',
  'sts:AssumeRoleWithSAML',
  'sts:GetCallerIdentity',
  'iam:PassRole',
  'sts:GetSessionToken',
  'ec2:RunInstances',
  'nosuch:Thing',
];
export const resources = [
  'arn:aws:s3:::b/k',
  'arn:aws:s3:::b/amy/x',
  'arn:aws:s3:::b/red/x',
  'arn:aws:s3:::b',
  'arn:aws:s3:::other/k',
  `arn:aws:sqs:eu-west-1:${home}:q`,
  `arn:aws:kms:eu-west-1:${home}:key/1`,
  `arn:aws:kms:eu-west-1:${away}:key/2`,
  `arn:aws:iam::${home}:role/team/Deploy`,
  `arn:aws:iam::${away}:role/Part`,
  `arn:aws:iam::${home}:role/aws-service-role/x.amazonaws.com/Linked`,
  '*',
  'nonsense',
];
const actionPatterns = [
  ...actions,
  '*',
  's3:*',
  's3:Get*',
  'S3:?etObject',
  'kms:*',
  'sqs:*',
  'sts:*',
  'nosuch:*',
  'ec2:*',
  '*:*',
];
const resourcePatterns = [
  '*',
  'arn:aws:s3:::b/*',
  'arn:aws:s3:::b*',
  'arn:aws:s3:::b/?',
  'arn:aws:s3:::b/k',
  'arn:aws:s3:::*/x',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the policy language
  'arn:aws:s3:::b/${aws:username}/*',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the policy language
  "arn:aws:s3:::b/${aws:PrincipalTag/team, 'red'}/*",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an escape of the policy language
  'arn:aws:s3:::b/${*}',
  'arn:aws:sqs:*:*:q',
  'arn:aws:kms:*:*:key/*',
  `arn:aws:iam::${home}:role/*`,
  `arn:aws:iam::*:role/Part`,
];

/** Keys and values that go with each family of operators, so that some meet what requests carry. */
const tests: Record<string, readonly (readonly [key: string, values: readonly string[]])[]> = {
  String: [
    ['aws:SourceVpc', ['vpc-1', 'vpc-2']],
    ['aws:PrincipalTag/team', ['red', 'blue', 'RED']],
    ['aws:RequestedRegion', ['eu-west-1', 'us-*', '*']],
    ['aws:PrincipalOrgID', ['o-abcdefghij', 'o-*']],
    ['aws:TagKeys', ['cost', 'team', 't*']],
    ['aws:ResourceAccount', [home, away]],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the policy language
    ['s3:prefix', ['home/', '${aws:username}/*', "${aws:PrincipalTag/team, 'none'}"]],
    ['aws:userid', ['AROAX:s1', '*:s1', 'anonymous']],
    ['aws:PrincipalType', ['User', 'AssumedRole', 'Anonymous']],
  ],
  Numeric: [
    ['s3:max-keys', ['10', '20']],
    ['aws:MultiFactorAuthAge', ['300', '3600']],
  ],
  Date: [
    ['aws:CurrentTime', ['2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z']],
    ['aws:TokenIssueTime', ['2026-06-01T00:00:00Z']],
  ],
  Bool: [
    ['aws:SecureTransport', ['true', 'false']],
    ['aws:MultiFactorAuthPresent', ['true']],
  ],
  Binary: [['x:Bytes', ['QmluYXJ5', 'AAAA']]],
  Ip: [['aws:SourceIp', ['10.0.0.0/8', '203.0.113.0/24', '2001:db8::/32']]],
  Arn: [
    [
      'aws:PrincipalArn',
      [`arn:aws:iam::${home}:role/*`, `arn:aws:iam::${home}:user/amy`, 'arn:aws:iam::*:role/team/*'],
    ],
    ['aws:SourceArn', [`arn:aws:sns:*:${home}:*`, `arn:aws:s3:::b`]],
  ],
  Null: [
    ['aws:TokenIssueTime', ['true', 'false']],
    ['aws:SourceVpc', ['true', 'false']],
    ['aws:TagKeys', ['true']],
  ],
};
const familyOf = (name: string): string =>
  name.includes('IpAddress') ? 'Ip' : Object.keys(tests).find((family) => name.startsWith(family))!;

/** Values that requests carry for the keys above. */
export const contextValues: Record<string, readonly (string | readonly string[])[]> = {
  'aws:sourcevpc': ['vpc-1', 'vpc-9'],
  'aws:principaltag/team': ['red', 'Blue'],
  'aws:requestedregion': ['eu-west-1', 'us-east-1'],
  'aws:tagkeys': [['cost'], ['team', 'cost'], [], 'team'],
  's3:prefix': ['home/', 'amy/x', 'red'],
  's3:max-keys': ['9', '15', 'x'],
  'aws:multifactorauthage': ['30', '4000'],
  'aws:currenttime': ['2026-05-01T00:00:00Z', '2025-01-01T00:00:00Z'],
  'aws:tokenissuetime': ['2026-05-01T00:00:00Z'],
  'aws:securetransport': ['true', 'false'],
  'aws:multifactorauthpresent': ['true', 'false'],
  'x:bytes': ['QmluYXJ5'],
  'aws:sourceip': ['10.1.2.3', '2001:db8::1', '8.8.8.8'],
  'aws:sourcearn': [`arn:aws:sns:eu-west-1:${home}:t`, 'arn:aws:s3:::b'],
  'aws:userid': ['AROAX:s1', 'AIDAX'],
  'aws:principalarn': ['arn:aws:iam::111122223333:role/forged'],
};

const some = <T>(list: readonly T[], maxLength = 3) =>
  fc.subarray([...list], { minLength: 1, maxLength: Math.min(maxLength, list.length) });

/** Some of a list, as often as not with what covers much. */
const mostly = (list: readonly string[]) => {
  const wide = list.filter((pattern) => pattern.endsWith('*'));
  return fc.oneof(
    some(list),
    fc.tuple(some(wide, 1), some(list, 1)).map((both) => [...new Set(both.flat())]),
  );
};

const condition = fc.constantFrom(...operatorNames).chain((name) =>
  fc.constantFrom(...tests[familyOf(name)]!).chain(([key, values]) =>
    fc.record({
      operator: fc
        .tuple(fc.constantFrom('', '', '', 'ForAllValues:', 'ForAnyValue:'), fc.constantFrom('', '', 'IfExists'))
        .map(([quantifier, end]) => (name === 'Null' ? name : `${quantifier}${name}${end}`)),
      key: fc.constantFrom(key, key.toUpperCase()),
      values: some(values),
    }),
  ),
);
const conditions = fc.array(condition, { minLength: 1, maxLength: 3 }).map((list) => {
  const block: Record<string, Record<string, readonly string[]>> = {};
  for (const { operator, key, values } of list) block[operator] = { ...(block[operator] ?? {}), [key]: values };
  for (const keys of Object.values(block)) {
    const names = Object.keys(keys);
    if (new Set(names.map((name) => name.toLowerCase())).size < names.length) delete keys[names[0]!];
  }
  return Object.keys(block).length === 0 ? {} : { Condition: block };
});

const awsNames = [
  '*',
  home,
  `arn:aws:iam::${home}:root`,
  `arn:aws:iam::${away}:root`,
  `arn:aws:iam::${home}:user/amy`,
  `arn:aws:iam::${home}:role/App`,
  `arn:aws:iam::${home}:role/team/Deploy`,
  `arn:aws:sts::${home}:assumed-role/App/s1`,
  `arn:aws:sts::${home}:federated-user/amy`,
  `arn:aws:iam::${away}:role/Part`,
  `arn:aws:iam::${away}:user/ben`,
];
const who = fc.oneof(
  { weight: 2, arbitrary: fc.constant('*' as const) },
  { weight: 6, arbitrary: some(awsNames, 2).map((AWS) => ({ AWS })) },
  { weight: 1, arbitrary: fc.constantFrom({ Service: 'ec2.amazonaws.com' }, { Service: ['*'] }) },
  { weight: 1, arbitrary: fc.constant({ Federated: `arn:aws:iam::${home}:saml-provider/x` }) },
  { weight: 1, arbitrary: fc.constant({ CanonicalUser: '79a59df900b949e55d96a1e698fbaced' }) },
);
const element = <T>(name: string, value: fc.Arbitrary<T>, nots: number) =>
  fc.tuple(fc.nat(9), value).map(([n, made]) => ({ [n < nots ? `Not${name}` : name]: made }));

function statement(kind: PolicyKind): fc.Arbitrary<object> {
  const isControl = kind === 'rcp';
  const asked = isControl ? actionPatterns.filter((pattern) => !pattern.startsWith('*')) : actionPatterns;
  const spoken = kind === 'trust' ? asked.filter((pattern) => /^sts:/.test(pattern)) : asked;
  const principal = isControl ? fc.constant({ Principal: '*' }) : element('Principal', who, kind === 'trust' ? 0 : 1);
  return fc
    .tuple(
      fc.constantFrom(...(isControl ? ['Deny'] : ['Allow', 'Allow', 'Deny'])),
      element('Action', mostly(spoken), isControl || kind === 'trust' ? 0 : 1),
      kind === 'trust' ? fc.constant({}) : element('Resource', mostly(resourcePatterns), 1),
      ['identity', 'scp'].includes(kind) ? fc.constant({}) : principal,
      fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 5, arbitrary: conditions }),
    )
    .map(([Effect, action, resource, speaker, condition]) => ({
      Effect,
      ...action,
      ...resource,
      ...speaker,
      ...condition,
    }));
}

const wide = { Effect: 'Allow', Action: '*', Resource: '*' };

/** A policy of a kind, as text; now and then one that allows everything, seldom one that AWS refuses. */
export function policyText(kind: PolicyKind): fc.Arbitrary<string> {
  const head =
    kind === 'rcp' || kind === 'scp'
      ? fc.constant({ Version: '2012-10-17' })
      : fc.constantFrom({ Version: '2012-10-17' }, { Version: '2012-10-17' }, { Version: '2008-10-17' }, {});
  const statements = fc.array(statement(kind), { minLength: 1, maxLength: 3 });
  const written = fc.tuple(head, statements).map(([version, Statement]) => JSON.stringify({ ...version, Statement }));
  const open = ['identity', 'scp', 'endpoint', 'resource'].includes(kind)
    ? [
        {
          weight: 4,
          arbitrary: fc.constant(
            JSON.stringify({
              Version: '2012-10-17',
              Statement: kind === 'identity' || kind === 'scp' ? wide : { ...wide, Principal: '*' },
            }),
          ),
        },
      ]
    : [];
  return fc.oneof(
    { weight: 160, arbitrary: written },
    { weight: 1, arbitrary: fc.constant('{"Statement":7}') },
    ...open.map((each) => ({ ...each, weight: 80 })),
  );
}
