import { abilitiesOf } from '../../../core/access/abilities.ts';
import { engineOf } from '../../../core/access/engine.ts';
import { actionsOfService } from '../../../core/catalogue/catalogue.ts';
import { allow, ask, deny, home, organizationFrom, policy, role, user } from './world.ts';

const everySns = actionsOfService('sns').map(({ action }) => action);
const organization = organizationFrom({
  details: {
    UserDetailList: [
      user('admin', { all: policy(allow('*')) }),
      user('amy', {
        own: policy(
          allow('sqs:*'),
          allow(['iam:GetUser', 'iam:GetRole', 'newservice:DoIt']),
          allow('s3:GetObject', ['arn:aws:s3:::a/*', 'arn:aws:s3:::b/*']),
          deny('s3:GetObject', 'arn:aws:s3:::b/secret/*'),
          allow('ec2:RunInstances', '*', { Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-1' } } }),
          allow('dynamodb:PutItem'),
          deny('dynamodb:*'),
        ),
      }),
      user('ben', { most: policy(allow(everySns.filter((action) => action !== 'sns:Publish'))) }),
      user('none'),
    ],
    RoleDetailList: [
      role(
        'trusting',
        policy({ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${home}:user/none` }, Action: 'sts:AssumeRole' }),
      ),
    ],
  },
  resources: [
    {
      arn: `arn:aws:sqs:eu-central-1:${home}:q`,
      policy: policy({
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${home}:user/none` },
        Action: 'sqs:SendMessage',
        Resource: `arn:aws:sqs:eu-central-1:${home}:q`,
      }),
    },
  ],
});
const engine = engineOf(organization);
const abilities = (name: string) =>
  abilitiesOf((action, resource) => ask(`arn:aws:iam::${home}:user/${name}`, action, resource), engine, organization);

describe('everything that a principal may do', () => {
  test('is told by service, with its resources, conditions and what a Deny takes away', () => {
    const rows = abilities('amy').map(({ actions, resources, decision, extent }) => [
      actions.join(' '),
      resources.join(' '),
      decision,
      extent,
    ]);
    expect(rows).toEqual(
      expect.arrayContaining([
        ['sqs:*', '*', 'allowed', 'all'],
        ['iam:GetRole iam:GetUser', '*', 'allowed', 'all'],
        ['s3:GetObject', 'arn:aws:s3:::a/*', 'allowed', 'all'],
        ['s3:GetObject', 'arn:aws:s3:::b/*', 'allowed', 'some'],
        ['ec2:RunInstances', '*', 'conditional', 'all'],
        ['newservice:DoIt', '*', 'allowed', 'all'],
      ]),
    );
    expect(rows).toHaveLength(6);
  });

  test('a wildcard stands only where it covers nothing else', () => {
    const [row] = abilities('ben');
    expect(row?.actions).not.toContain('sns:*');
    expect(row?.actions.filter((action) => action.startsWith('sns:P') && action.endsWith('*'))).toEqual([]);
    expect(row?.actions).toContain('sns:List*');
  });

  test('of an administrator is one row for all services that are alike', () => {
    const [first, ...rest] = abilities('admin');
    expect(first).toMatchObject({ service: '*', actions: ['*'], resources: ['*'], decision: 'allowed', extent: 'all' });
    expect(first?.exceptServices).toEqual(['kms', 'sts']);
    expect(rest.every(({ service }) => ['kms', 'sts'].includes(service))).toBe(true);
  });

  test('holds what resources and roles give by themselves', () => {
    const rows = abilities('none').map(({ actions, resources }) => [...actions, ...resources]);
    expect(rows).toEqual([
      ['sts:AssumeRole', `arn:aws:iam::${home}:role/trusting`],
      ['sqs:SendMessage', `arn:aws:sqs:eu-central-1:${home}:q`],
    ]);
  });
});
