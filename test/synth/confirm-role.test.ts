import { App } from 'aws-cdk-lib';
import { readConfiguration } from '../../adapters/files/configuration.ts';
import { compile } from '../../core/access/compiled/engine.ts';
import type { ContextValue } from '../../core/access/situation.ts';
import { MemberStack } from '../../lib/member-stack.ts';
import { inventoryOf, principal, principalsOf } from './own-roles/resolved.ts';
import { rolesOf } from './own-roles/template-roles.ts';
import type { Resource } from './synth.ts';

const [account, stranger] = ['444455556666', '999988887777'];
const everything = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
});
const trustEverybody = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
});
const role = `arn:aws:iam::${account}:role/leastwise-confirm`;

const app = new App();
new MemberStack(app, 'Member', { configuration: readConfiguration('leastwise.config.example.json') });
const { Resources: resources } = app.synth().getStackByName('Member').template as {
  Resources: Record<string, Resource>;
};
const people = (of: string) => [
  principal(of, 'ana', { policies: [everything] }),
  principal(of, 'cyd', { policies: [everything] }),
  principal(of, 'administrator', { trust: trustEverybody, policies: [everything] }),
];
const engine = compile({
  tree: null,
  resources: [],
  inventories: [
    inventoryOf(account, [...principalsOf(resources, account), ...people(account)]),
    inventoryOf(stranger, people(stranger)),
  ],
});

type Context = readonly [string, ContextValue][];

function assume(who: string, context: Context) {
  const isRole = who.includes(':role/');
  return engine.evaluate({
    principal: who,
    principalKind: null,
    principalRoleArn: isRole ? who : null,
    federatingUserArn: null,
    action: 'sts:AssumeRole',
    resource: role,
    resourceAccount: null,
    context: new Map(context),
    unknown: new Set(),
    sessionPolicies: null,
    vpcEndpointPolicies: [],
  }).outcome;
}

const user = (name: string, of = account) => `arn:aws:iam::${of}:user/${name}`;
const as = (name: string): Context => [
  ['aws:username', name],
  ['aws:principaltype', 'User'],
];
const named = (name: string): Context => [['sts:rolesessionname', name]];
const mfa: Context = [['aws:multifactorauthpresent', 'true']];

test('a user with a second factor may assume leastwise-confirm under their own name', () => {
  expect(assume(user('ana'), [...as('ana'), ...mfa, ...named('ana')])).toBe('allowed');
});

test.each<[string, string, Context]>([
  ['without a second factor', user('ana'), [...as('ana'), ...named('ana')]],
  [
    'with a second factor that is not there',
    user('ana'),
    [...as('ana'), ['aws:multifactorauthpresent', 'false'], ...named('ana')],
  ],
  ['under the name of somebody else', user('ana'), [...as('ana'), ...mfa, ...named('cyd')]],
  ['under no name', user('ana'), [...as('ana'), ...mfa]],
  [
    'as a role',
    `arn:aws:iam::${account}:role/administrator`,
    [['aws:principaltype', 'AssumedRole'], ...mfa, ...named('ana')],
  ],
  ['from another account', user('ana', stranger), [...as('ana'), ...mfa, ...named('ana')]],
])('nobody does %s', (_, who, context) => {
  expect(assume(who, context)).toBe('implicit-deny');
});

test('it may do nothing', () => {
  const found = rolesOf(resources).find(({ name }) => name === 'leastwise-confirm');
  expect(found?.statements).toEqual([]);
});
