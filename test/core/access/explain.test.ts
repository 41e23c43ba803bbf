import { parseDenialMessage } from '../../../core/access/denial-message.ts';
import { engineOf } from '../../../core/access/engine.ts';
import { explain } from '../../../core/access/explain.ts';
import { quoterOf } from '../../../core/access/quotes.ts';
import { instantAt } from '../../../core/time.ts';
import { parseRecord } from '../../../core/usage/parse.ts';
import { record } from '../usage/records.ts';
import { allow, away, deny, home, organizationFrom, policy, role, user } from './world.ts';

const boundary = `arn:aws:iam::${home}:policy/boundary`;
const trust = policy({ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' });
const organization = organizationFrom({
  details: {
    UserDetailList: [
      user('amy', { own: policy(allow('s3:*')) }),
      user('ben'),
      user('cy', { own: policy(allow('s3:*')) }, { PermissionsBoundary: { PermissionsBoundaryArn: boundary } }),
    ],
    RoleDetailList: [
      role('app', trust, {
        own: policy(allow('sqs:*', '*', { Condition: { Bool: { 'aws:SecureTransport': 'true' } } })),
      }),
    ],
    Policies: [
      {
        Arn: boundary,
        PolicyName: 'boundary',
        PolicyVersionList: [{ IsDefaultVersion: true, Document: policy(allow('ec2:*')) }],
      },
    ],
  },
  tree: {
    v: 1,
    id: 'o-a1b2c3d4e5',
    managementAccount: away,
    policies: [{ id: 'p-nodelete', name: 'NoDelete', document: policy(deny('s3:DeleteBucket')) }],
    root: {
      id: 'r-ab12',
      units: [{ id: 'ou-ab12-x', scps: ['p-FullAWSAccess', 'p-nodelete'], accounts: [{ id: home }] }],
    },
  },
  resources: [
    { arn: 'arn:aws:s3:::ours', account: home },
    { arn: 'arn:aws:s3:::theirs', account: away },
  ],
});
const engine = engineOf(organization);
const quote = quoterOf(organization, engine);

const denied = (who: string, eventName: string, bucketName: string, more: object = {}) => {
  const parsed = parseRecord(
    record({
      eventName,
      errorCode: 'AccessDenied',
      userIdentity: { type: 'IAMUser', arn: `arn:aws:iam::${home}:user/${who}`, accountId: home },
      recipientAccountId: home,
      requestParameters: { bucketName },
      resources: undefined,
      ...more,
    }),
    { trust: 'trusted-by-operator', historic: false, latest: instantAt(4_000_000_000), account: null },
  );
  if (!parsed.ok) throw new Error(parsed.error.detail);
  return explain(parsed.value, engine, organization)[0]!;
};

describe('why a call was denied', () => {
  test('a Deny is named with its layer and statement, and no grant can help', () => {
    const { why, grant, decision, question } = denied('amy', 'DeleteBucket', 'ours');
    expect([why, grant, decision?.outcome]).toEqual(['denied', null, 'explicit-deny']);
    expect(quote(question, decision?.because ?? [])).toMatchObject([
      {
        layer: 'scps',
        policy: 'NoDelete (p-nodelete)',
        on: 'ou-ab12-x',
        effect: 'Deny',
        statement: deny('s3:DeleteBucket'),
      },
    ]);
  });

  test('who has nothing needs one statement of its own, for this action on this resource', () => {
    const { why, grant } = denied('ben', 'GetBucketPolicy', 'ours');
    expect(why).toBe('not-granted');
    expect(grant).toEqual([
      { layer: 'identityPolicies', level: null, statement: allow('s3:GetBucketPolicy', 'arn:aws:s3:::ours') },
    ]);
  });

  test('a boundary that does not allow it is what must be widened', () => {
    expect(denied('cy', 'GetBucketPolicy', 'ours').grant).toMatchObject([{ layer: 'permissionsBoundary' }]);
  });

  test('another account must say yes as well', () => {
    expect(denied('amy', 'GetBucketPolicy', 'theirs').grant).toEqual([
      {
        layer: 'resourcePolicy',
        level: null,
        statement: {
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${home}:user/amy` },
          Action: 's3:GetBucketPolicy',
          Resource: 'arn:aws:s3:::theirs',
        },
      },
    ]);
    expect(denied('ben', 'GetBucketPolicy', 'theirs').grant).toHaveLength(2);
  });

  test('a Deny that AWS names and the inventory does not show is not explained away', () => {
    const errorMessage = `User: arn:aws:iam::${home}:user/ben is not authorized to perform: s3:GetBucketPolicy on resource: "arn:aws:s3:::ours" with an explicit deny in a VPC endpoint policy`;
    expect(denied('ben', 'GetBucketPolicy', 'ours', { errorMessage })).toMatchObject({
      why: 'not-explained',
      grant: null,
      said: { kind: 'explicit', policy: 'VPC endpoint policy' },
    });
  });

  test('what is allowed today is not explained, and who is not known is said', () => {
    expect(denied('amy', 'GetBucketPolicy', 'ours').why).toBe('not-explained');
    expect(denied('zoe', 'GetBucketPolicy', 'ours').why).toBe('unknown-principal');
  });

  test('AWS names the action better than the name of the call', () => {
    const errorMessage = `User: arn:aws:iam::${home}:user/ben is not authorized to perform: s3:ListBucket on resource: "arn:aws:s3:::ours" because no identity-based policy allows the s3:ListBucket action`;
    expect(denied('ben', 'HeadBucket', 'ours', { errorMessage }).question).toMatchObject({
      action: 's3:ListBucket',
      resource: 'arn:aws:s3:::ours',
    });
  });
});

describe('an access-denied message', () => {
  const who = `User: arn:aws:iam::${home}:user/x is not authorized to perform: ec2:RunInstances`;
  test.each([
    [
      `${who} on resource: arn:aws:ec2:*:*:instance/* because no identity-based policy allows the ec2:RunInstances action`,
      'implicit',
      'identity-based policy',
    ],
    [
      `${who} on resource: arn:x with an explicit deny in a service control policy`,
      'explicit',
      'service control policy',
    ],
    [
      `${who} with an explicit deny in an identity-based policy: arn:aws:iam::${home}:policy/p`,
      'explicit',
      `identity-based policy: arn:aws:iam::${home}:policy/p`,
    ],
    [
      `You are not authorized to perform this operation. ${who} with an explicit deny in a service control policy. Encoded authorization failure message: 1Qju1r`,
      'explicit',
      'service control policy',
    ],
    [`${who} because no permissions boundary allows the ec2:RunInstances action`, 'implicit', 'permissions boundary'],
    [
      `${who} on resource: arn:x with an explicit deny in an identity-based policy: arn:p. Go to https://console/x#y`,
      'explicit',
      'identity-based policy: arn:p',
    ],
    [
      `${who} on resource: arn:x because no resource-based policy allows the ec2:RunInstances action (Service: Ec2; Status Code: 400)`,
      'implicit',
      'resource-based policy',
    ],
  ])('%#: says what kind of policy it was', (message, kind, named) => {
    expect(parseDenialMessage(message)).toMatchObject({ action: 'ec2:RunInstances', reason: { kind, policy: named } });
  });

  test('names its action whatever follows it', () => {
    expect(parseDenialMessage(`${who} on the resource associated with this ciphertext`)).toEqual({
      action: 'ec2:RunInstances',
      resource: null,
      reason: null,
    });
    expect(parseDenialMessage(`${who} on resource: "arn:x y", with an explicit deny`)).toMatchObject({
      resource: 'arn:x y',
    });
  });

  test('of another form says nothing', () => {
    expect(parseDenialMessage('Access Denied')).toBeUndefined();
    expect(parseDenialMessage(null)).toBeUndefined();
    expect(parseDenialMessage(who)).toMatchObject({ resource: null, reason: null });
  });
});
