import { compile } from '../../../core/access/compiled/engine.ts';
import type { Decision } from '../../../core/access/decision.ts';
import { engineOf } from '../../../core/access/engine.ts';
import type { Organization } from '../../../core/access/organization.ts';
import { whoCan } from '../../../core/access/who-can.ts';
import { allow, ask, away, home, organizationFrom, policy, user } from './world.ts';

const foreign = { ...user('ben', { all: policy(allow('*')) }), Arn: `arn:aws:iam::${away}:user/ben` };
const details = { UserDetailList: [user('amy', { all: policy(allow('*')) }), user('none'), foreign] };
const [amy, ben] = [`arn:aws:iam::${home}:user/amy`, foreign.Arn];
const queue = `arn:aws:sqs:eu-west-1:${home}:q`;
const object = 'arn:aws:s3:::b/k';
const world = (...resources: object[]): Organization => organizationFrom({ details, resources });
const conditionOf = ({ when }: Decision): string => JSON.stringify(when?.condition ?? null);

describe('what was not read makes an answer conditional, with its name, in every kind of question', () => {
  test.each([
    ['a policy that may not be read', world({ arn: queue, unread: true }), amy, 'sqs:SendMessage', queue, 'not read'],
    [
      'a kind of resource whose policies nobody reads',
      world(),
      amy,
      'backup:DeleteBackupVault',
      `arn:aws:backup:eu-west-1:${home}:backup-vault:v`,
      'not read',
    ],
    [
      'the stream of a table whose policy is read',
      world({ arn: `arn:aws:dynamodb:eu-west-1:${home}:table/t`, policy: policy({ ...allow('*'), Principal: '*' }) }),
      amy,
      'dynamodb:GetRecords',
      `arn:aws:dynamodb:eu-west-1:${home}:table/t/stream/2026-01-01T00:00:00.000`,
      'not read',
    ],
    [
      'access control lists',
      world({ arn: 'arn:aws:s3:::b', account: home, bucket: { acls: 'unread', publicAccess: 'open' } }),
      ben,
      's3:GetObject',
      object,
      'access control list',
    ],
    [
      'Block Public Access',
      world({
        arn: 'arn:aws:s3:::b',
        account: home,
        policy: policy({ ...allow('s3:*'), Principal: '*' }),
        bucket: { acls: 'disabled', publicAccess: 'unread' },
      }),
      ben,
      's3:GetObject',
      object,
      'Block Public Access',
    ],
    [
      'the owner of an object',
      world({
        arn: 'arn:aws:s3:::b',
        account: home,
        policy: policy({ ...allow('s3:PutObject'), Principal: { AWS: away } }),
        bucket: { acls: 'unread', publicAccess: 'open' },
      }),
      amy,
      's3:GetObject',
      object,
      "bucket's owner",
    ],
  ])('%s', (_, organization, principal, action, resource, named) => {
    const question = ask(principal, action, resource, { resourceAccount: home });
    const engine = engineOf(organization);
    const decided = engine.decide(question);
    expect(decided.outcome).toBe('conditional');
    expect(conditionOf(decided)).toContain(named);
    const holders = whoCan((each) => ({ ...question, principal: each }), engine, organization);
    expect(holders.find((each) => each.principal.arn === principal)?.answer.outcome).toBe('conditional');
    const able = compile(organization).whoCan(question);
    expect(able.find((each) => each.principal === principal)?.outcome).toBe('conditional');
  });
});

describe('what cannot matter leaves the answer plain', () => {
  test.each([
    [
      'the own account, whatever the lists',
      world({ arn: 'arn:aws:s3:::b', account: home }),
      amy,
      object,
      's3:GetObject',
    ],
    [
      'a kind of resource without policies',
      world(),
      amy,
      `arn:aws:ec2:eu-west-1:${home}:instance/i`,
      'ec2:StopInstances',
    ],
  ])('%s', (_, organization, principal, resource, action) => {
    const question = ask(principal, action, resource, { resourceAccount: home });
    expect(engineOf(organization).decide(question).outcome).toBe('allowed');
  });
});
