import { compile } from '../../../core/access/compiled/engine.ts';
import { evaluate } from '../../../core/access/reference/evaluate.ts';
import { createSituations } from '../../../core/access/situations.ts';
import { allow, ask, home, organizationFrom, policy, role, user } from './world.ts';

const tags = { Tags: [{ Key: 'team', Value: 'red' }] };
const byTeam = policy(allow('sqs:*', '*', { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'red' } } }));
const trust = (...Action: string[]) => policy({ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action });
const organization = organizationFrom({
  details: {
    UserDetailList: [user('amy', { byTeam }, tags)],
    RoleDetailList: [
      role('Fixed', trust('sts:AssumeRole'), { byTeam }, tags),
      role('Taggable', trust('sts:AssumeRole', 'sts:TagSession'), { byTeam }, tags),
      role('Wide', trust('sts:*'), { byTeam }, tags),
    ],
  },
});
const situationOf = createSituations(organization);
const engine = compile(organization);
const queue = `arn:aws:sqs:eu-west-1:${home}:q`;

function outcomeOf(who: string, more: object = {}): string {
  const question = ask(
    `arn:aws:${who.startsWith('assumed') ? 'sts' : 'iam'}::${home}:${who}`,
    'sqs:SendMessage',
    queue,
    {
      principalRoleArn: null,
      ...more,
    },
  );
  const { outcome } = evaluate(situationOf(question));
  expect(engine.evaluate(question).outcome).toBe(outcome);
  return outcome;
}

describe('the tags of a role', () => {
  test.each([
    ['a user’s are its own', 'user/amy', 'allowed'],
    ['are certain where its trust lets nobody tag sessions', 'assumed-role/Fixed/s', 'allowed'],
    [
      'may be overridden by a session’s where its trust lets sessions be tagged',
      'assumed-role/Taggable/s',
      'conditional',
    ],
    ['may be overridden where its trust allows everything of STS', 'assumed-role/Wide/s', 'conditional'],
    ['of a role asked about without a session as well', 'role/Taggable', 'conditional'],
  ])('%s', (_, who, expected) => expect(outcomeOf(who)).toBe(expected));

  test('are what the request says where it says them', () => {
    const given = (team: string) => ({ context: new Map([['aws:principaltag/team', team]]) });
    expect(outcomeOf('assumed-role/Taggable/s', given('red'))).toBe('allowed');
    expect(outcomeOf('assumed-role/Taggable/s', given('blue'))).toBe('implicit-deny');
  });

  test('are the role’s where the context is said to be complete', () =>
    expect(outcomeOf('assumed-role/Taggable/s', { unknown: new Set() })).toBe('allowed'));

  test('count the same where everybody is asked', () => {
    const able = engine.whoCan(ask('', 'sqs:SendMessage', queue));
    expect(able.map(({ principal, outcome }) => [principal.split('/')[1], outcome])).toEqual([
      ['Fixed', 'allowed'],
      ['Taggable', 'conditional'],
      ['Wide', 'conditional'],
      ['amy', 'allowed'],
    ]);
  });
});
