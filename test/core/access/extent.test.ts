import { engineOf } from '../../../core/access/engine.ts';
import { answer } from '../../../core/access/extent.ts';
import type { Question } from '../../../core/access/organization.ts';
import { allow, ask, away, deny, home, organizationFrom, policy, role, user } from './world.ts';

const amy = `arn:aws:iam::${home}:user/amy`;

const organization = organizationFrom({
  details: {
    UserDetailList: [
      user('amy', {
        reader: policy(allow('s3:GetObject', 'arn:aws:s3:::b/*'), deny('s3:GetObject', 'arn:aws:s3:::b/secret/*')),
        home: policy(allow('s3:PutObject', `arn:aws:s3:::b/home/\${aws:username}/*`)),
        roles: policy(allow('sts:AssumeRole', '*')),
        keys: policy(allow('kms:Decrypt', '*'), allow('sqs:SendMessage', '*')),
      }),
    ],
    RoleDetailList: [
      role('open', policy({ Effect: 'Allow', Principal: { AWS: home }, Action: 'sts:AssumeRole' })),
      role('shut', policy({ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' })),
    ],
  },
  resources: [
    {
      arn: `arn:aws:kms:eu-central-1:${home}:key/seen`,
      policy: policy({
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${home}:root` },
        Action: 'kms:*',
        Resource: '*',
      }),
    },
    { arn: `arn:aws:kms:eu-central-1:${home}:key/closed`, policy: null },
  ],
});
const engine = engineOf(organization);
const answered = (question: Question) => {
  const { outcome, extent, part, except } = answer(question, engine, organization);
  return { outcome, extent, resource: part.resource, except: except.map((it) => [it.resource, it.decision.outcome]) };
};

describe('a question about a pattern', () => {
  test('says some where a Deny takes a part away, and names one resource of the part', () => {
    expect(answered(ask(amy, 's3:GetObject', 'arn:aws:s3:::b/*'))).toEqual({
      outcome: 'allowed',
      extent: 'some',
      resource: 'arn:aws:s3:::b/x',
      except: [['arn:aws:s3:::b/secret/', 'explicit-deny']],
    });
  });

  test('says all where every resource is allowed, and where none is', () => {
    expect(answered(ask(amy, 's3:GetObject', 'arn:aws:s3:::b/open/*'))).toMatchObject({
      outcome: 'allowed',
      extent: 'all',
    });
    expect(answered(ask(amy, 's3:GetObject', 'arn:aws:s3:::b/secret/*'))).toMatchObject({
      outcome: 'explicit-deny',
      extent: 'all',
    });
    expect(answered(ask(amy, 's3:GetObject', 'arn:aws:s3:::other/*'))).toMatchObject({
      outcome: 'implicit-deny',
      extent: 'all',
      except: [],
    });
  });

  test('fills the variables that are known', () => {
    expect(answered(ask(amy, 's3:PutObject', 'arn:aws:s3:::b/home/amy/*'))).toMatchObject({
      outcome: 'allowed',
      extent: 'all',
    });
    expect(answered(ask(amy, 's3:PutObject', 'arn:aws:s3:::b/home/*'))).toMatchObject({
      outcome: 'allowed',
      extent: 'some',
    });
  });

  test('asks every role that the pattern covers about its own trust', () => {
    const { outcome, extent, except } = answered(ask(amy, 'sts:AssumeRole', `arn:aws:iam::${home}:role/*`));
    expect([outcome, extent]).toEqual(['allowed', 'some']);
    expect(except).toContainEqual([`arn:aws:iam::${home}:role/shut`, 'implicit-deny']);
  });

  test('one resource has no extent', () => {
    expect(answered(ask(amy, 's3:GetObject', 'arn:aws:s3:::b/k'))).toMatchObject({ outcome: 'allowed', extent: null });
  });
});

describe('a resource whose own policy nobody read', () => {
  test.each([
    ['a key may leave it to its account', 'kms:Decrypt', `arn:aws:kms:eu-central-1:${home}:key/1`, 'conditional'],
    ['a key that leaves it to its account', 'kms:Decrypt', `arn:aws:kms:eu-central-1:${home}:key/seen`, 'allowed'],
    ['a role of another account may trust the caller', 'sts:AssumeRole', `arn:aws:iam::${away}:role/x`, 'conditional'],
    [
      'a queue of another account may let the caller in',
      'sqs:SendMessage',
      `arn:aws:sqs:eu-central-1:${away}:q`,
      'conditional',
    ],
    ['a queue of the same account needs no word', 'sqs:SendMessage', `arn:aws:sqs:eu-central-1:${home}:q`, 'allowed'],
    [
      'without a permission of its own it does not depend',
      'sqs:DeleteQueue',
      `arn:aws:sqs:eu-central-1:${away}:q`,
      'implicit-deny',
    ],
  ])('%s', (_, action, resource, expected) => {
    const decision = engine.decide(ask(amy, action, resource));
    expect(decision.outcome).toBe(expected);
    if (expected === 'conditional') expect(JSON.stringify(decision.when?.condition)).toContain('policy of');
  });
});
