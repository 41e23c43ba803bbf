import { findAction } from '../../../core/catalogue/catalogue.ts';
import type { ActorId } from '../../../core/identity/principal.ts';
import { generalise } from '../../../core/rightsizing/generalise.ts';
import { listedActions, reachOf } from '../../../core/rightsizing/reach.ts';
import { rightsize } from '../../../core/rightsizing/rightsize.ts';
import type { LedgerItem } from '../../../core/usage/item.ts';
import { allow, evidence, item, policy, roleArn } from './world.ts';

const get = 's3:GetObject';
/** The items of calls that named these resources, on the day of the action's own item. */
const uses = (action: string, ...resources: string[]): LedgerItem[] => {
  const own = item('ci', action);
  const [entry] = own.entries.values();
  return [own, { ...own, kind: 'resource', entries: new Map(resources.map((arn) => [arn, entry!])) }];
};
const judge = (Statement: object[], items: LedgerItem[], more = {}) => {
  const text = policy(...Statement);
  const roles = [{ name: 'ci', inline: { own: text } }];
  const [judged] = rightsize(
    evidence(roles, { usage: new Map([[roleArn('ci'), items]]), narrowResources: true, ...more }),
  );
  if (judged?.status !== 'proposed') return { status: judged?.status, statements: [] };
  const { Statement: after } = JSON.parse(judged.policies[0]!.after!) as { Statement: object | object[] };
  return { status: judged.status, proof: judged.proof, statements: [after].flat() };
};
const keys = ['orders/a', 'orders/b', 'orders/c'].map((key) => `arn:aws:s3:::data/${key}`);

describe('resources', () => {
  test('are narrowed to what was used, in a statement that bears its parent’s name and terms', () => {
    const Condition = { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } };
    const { statements, proof } = judge(
      [{ Sid: 'Data', ...allow([get, 's3:PutObject', 'iam:PassRole'], { Condition }) }],
      uses(get, ...keys),
    );
    expect(statements).toEqual([
      { Sid: 'Data', Effect: 'Allow', Action: ['s3:PutObject', 'iam:PassRole'], Resource: '*', Condition },
      { Sid: 'DataNarrowed1', Effect: 'Allow', Action: get, Resource: 'arn:aws:s3:::data/orders/*', Condition },
    ]);
    expect(proof).toEqual({ used: 1, allowed: 1, newAccess: 0 });
  });

  test('of a wildcard’s used action too, and no other wildcard covers that any more', () => {
    const { statements } = judge([allow('sqs:*')], uses('sqs:SendMessage', 'arn:aws:sqs:eu-west-1:111122223333:work'));
    const [rest, narrowed] = statements as { Action: string[] }[];
    expect(narrowed).toMatchObject({ Sid: 'Statement1Narrowed1', Resource: 'arn:aws:sqs:eu-west-1:111122223333:work' });
    expect([rest!.Action].flat().some((each) => /^sqs:(?:\*|S\*|Send\*|SendMessage)$/.test(each))).toBe(false);
  });

  test('stay within those of the parent, whose name goes on where nothing else of it stays', () => {
    const within = allow(get, { Sid: 'Read', Resource: ['arn:aws:s3:::data/orders/*', 'arn:aws:s3:::other/*'] });
    expect(judge([within], uses(get, 'arn:aws:s3:::data/orders/1')).statements).toEqual([
      { Sid: 'Read', Effect: 'Allow', Action: get, Resource: 'arn:aws:s3:::data/orders/*' },
    ]);
  });

  test.each([
    [
      'an action of which the record does not always name the resource',
      'ec2:StartInstances',
      ['arn:aws:ec2:eu-west-1:111122223333:instance/i-1'],
      {},
    ],
    ['a variable, which depends on who asks', get, keys, { Resource: 'arn:aws:s3:::data/$' + '{aws:username}/*' }],
    ['what is as narrow already', get, keys, { Resource: 'arn:aws:s3:::data/orders/*' }],
    ['more places than anybody reads', get, Array.from({ length: 25 }, (_, i) => `arn:aws:s3:::bucket-${i}/x`), {}],
    ['exceptions', get, keys, { Resource: undefined, NotResource: 'arn:aws:s3:::secret/*' }],
  ])('are left of %s', (_, action, on, more) => {
    expect(judge([allow(action, more)], uses(action, ...on))).toMatchObject({ status: 'nothing-to-remove' });
  });

  test('are left where the set ran over, where a call named none, and where that is not asked for', () => {
    const statement = [allow(get)];
    const [own, on] = uses(get, ...keys);
    const other = item('ci', get);
    const [entry] = other.entries.values();
    const earlier = new Map([['', { ...entry!, first: { ...entry!.first, eventID: 'another' } }]]);
    expect(judge(statement, [own!, on!]).status).toBe('proposed');
    for (const items of [
      [own!, { ...on!, overflow: true }],
      [own!],
      [{ ...own!, entries: earlier }, on!],
      [own!, on!, { ...own!, actor: 'another' as ActorId }],
    ]) {
      expect(judge(statement, items).status).toBe('nothing-to-remove');
    }
    expect(judge(statement, [own!, on!], { narrowResources: false }).status).toBe('nothing-to-remove');
  });

  test('are narrowed once: doing it again changes nothing', () => {
    const first = judge([allow([get, 's3:PutObject'])], [...uses(get, ...keys), ...uses('s3:PutObject', keys[0]!)]);
    expect(first.statements).toHaveLength(2);
    const again = judge(first.statements, [...uses(get, ...keys), ...uses('s3:PutObject', keys[0]!)]);
    expect(again.status).toBe('nothing-to-remove');
  });
});

test.each([
  ['the folder at the top that all objects share', keys, ['arn:aws:s3:::data/orders/*']],
  ['the bucket where that has a number', keys.map((key) => key.replace('orders', '2026')), ['arn:aws:s3:::data/*']],
  ['the bucket where there are two, or few objects', [keys[0]!, 'arn:aws:s3:::data/x'], ['arn:aws:s3:::data/*']],
  ['a bucket itself', ['arn:aws:s3:::data'], ['arn:aws:s3:::data']],
  [
    'a table and its indexes',
    ['arn:aws:dynamodb:eu-west-1:111122223333:table/t'],
    ['arn:aws:dynamodb:eu-west-1:111122223333:table/t', 'arn:aws:dynamodb:eu-west-1:111122223333:table/t/index/*'],
  ],
  [
    'a function and its versions',
    ['arn:aws:lambda:eu-west-1:111122223333:function:f'],
    ['arn:aws:lambda:eu-west-1:111122223333:function:f', 'arn:aws:lambda:eu-west-1:111122223333:function:f:*'],
  ],
])('what was used stands for %s', (_, resources, patterns) => {
  expect(generalise(resources)).toEqual(patterns);
});

test('every action whose record lists its resource is one of the catalogue, and its resources are known', () => {
  expect(listedActions().filter((each) => findAction(each)?.action !== each)).toEqual([]);
  expect(reachOf(uses(get, ...keys))).toEqual(new Map([['s3:getobject', keys]]));
});
