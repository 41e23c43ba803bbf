import { existsSync, readFileSync } from 'node:fs';
import { closerTechniques, techniqueOf } from '../../../core/catalogue/attack-techniques.ts';
import { allActions, findAction } from '../../../core/catalogue/catalogue.ts';
import { everydayActions, isEveryday } from '../../../core/catalogue/everyday.ts';
import {
  alwaysAlertedActions,
  isAlwaysAlerted,
  privilegeClasses,
  privilegeClassOf,
  tacticOf,
} from '../../../core/catalogue/privilege-class.ts';
import { privilegeOverrides } from '../../../core/catalogue/privilege-overrides.ts';

const overridden = Object.entries(privilegeOverrides).flatMap(([privilegeClass, services]) =>
  Object.entries(services).flatMap(([service, names]) =>
    names.split(' ').map((name) => ({ action: `${service}:${name}`, privilegeClass })),
  ),
);

test('every override names an action of the catalogue, in its spelling', () => {
  const spelledOtherwise = overridden.filter(({ action }) => findAction(action)?.action !== action);
  expect(spelledOtherwise).toEqual([]);
});

test('no action stands in the overrides twice, and each gets the class it stands under', () => {
  const actions = overridden.map(({ action }) => action);
  expect(actions.filter((action, i) => actions.indexOf(action) !== i)).toEqual([]);
  expect(overridden.filter(({ action, privilegeClass }) => privilegeClassOf(action) !== privilegeClass)).toEqual([]);
});

test('every action of the catalogue has one of the classes, and no class is empty', () => {
  const counts = new Map<string, number>();
  for (const action of allActions()) {
    counts.set(privilegeClassOf(action), (counts.get(privilegeClassOf(action)) ?? 0) + 1);
  }
  expect([...counts.keys()].sort()).toEqual([...privilegeClasses].sort());
});

test.each([
  ['sts:GetCallerIdentity', 'metadata-read'],
  ['iam:ListUsers', 'discovery'],
  ['ec2:DescribeInstances', 'discovery'],
  ['ec2:CreateTags', 'write'],
  ['sqs:SendMessage', 'write'],
  ['iam:AttachRolePolicy', 'privilege-escalation'],
  ['billing:GetResourcePolicy', 'metadata-read'],
  ['sqs:SetQueueAttributes', 'write'],
  ['lambda:RemovePermission', 'write'],
  ['iam:DetachRolePolicy', 'privilege-escalation'],
  ['s3:DeleteBucketPolicy', 'defense-evasion'],
  ['lambda:UpdateFunctionCode', 'persistence'],
  ['ssm:GetParametersByPath', 'secret-read'],
  ['unmapped:new.amazonaws.com/DoIt', 'write'],
  ['new:NotYetInTheCatalogue', 'write'],
])('%s is %s', (action, privilegeClass) => expect(privilegeClassOf(action)).toBe(privilegeClass));

test('classes name their ATT&CK tactic, ordinary writes none', () => {
  expect(tacticOf('secret-read')).toBe('credential-access');
  expect(tacticOf('defense-evasion')).toBe('defense-evasion');
  expect(tacticOf('write')).toBeNull();
});

test('the always-alert list exists in the catalogue and is never classed as ordinary', () => {
  expect(alwaysAlertedActions.filter((action) => findAction(action)?.action !== action)).toEqual([]);
  expect(alwaysAlertedActions.filter((action) => tacticOf(privilegeClassOf(action)) === null)).toEqual([]);
  expect(isAlwaysAlerted('cloudtrail:StopLogging')).toBe(true);
  expect(isAlwaysAlerted('cloudtrail:StartLogging')).toBe(false);
});

const serious = new Set([
  'secret-read',
  'privilege-escalation',
  'persistence',
  'defense-evasion',
  'exfiltration',
  'impact',
]);

test('every serious action, and nothing of everyday writing, serves a technique of ATT&CK', () => {
  const spelled = Object.entries(closerTechniques).flatMap(([technique, services]) =>
    Object.entries(services).flatMap(([service, names]) =>
      names.split(' ').map((name) => [technique, `${service}:${name}`] as const),
    ),
  );
  expect(spelled.filter(([technique]) => !/^T\d{4}(?:\.\d{3})?$/.test(technique))).toEqual([]);
  expect(spelled.filter(([, action]) => findAction(action)?.action !== action)).toEqual([]);
  expect(new Set(spelled.map(([, action]) => action)).size).toBe(spelled.length);
  expect(spelled.filter(([, action]) => ['write', 'metadata-read'].includes(privilegeClassOf(action)))).toEqual([]);
  expect(
    allActions().filter((action) => serious.has(privilegeClassOf(action)) && techniqueOf(action) === null),
  ).toEqual([]);
  expect([techniqueOf('iam:CreateAccessKey'), techniqueOf('ec2:CreateTags')]).toEqual(['T1098.001', null]);
});

const edgesFile = new URL('../../../../shared/cases/escalation-edges.json', import.meta.url);
const withEdges = existsSync(edgesFile) ? test : test.skip;
if (!existsSync(edgesFile)) console.warn('Not checked: ../shared/cases/escalation-edges.json is not on this machine.');

withEdges('every way to escalate oneself, or to become somebody else, passes a serious action', () => {
  const { edges } = JSON.parse(readFileSync(edgesFile, 'utf8')) as {
    edges: { id: string; kind: string; requires: string[] }[];
  };
  const direct = edges.filter(({ kind }) => kind === 'self-escalation' || kind === 'take-over-principal');
  const harmless = direct.filter(({ requires }) =>
    requires.every((each) => each.split('|').some((action) => !serious.has(privilegeClassOf(action)))),
  );
  // Assuming a role and tagging are everyday: who does it, and whether it is new, tells more than the action.
  expect(harmless.map(({ requires }) => requires.join(' '))).toEqual([
    'sts:AssumeRole',
    'iam:TagUser|iam:TagRole|sts:TagSession',
  ]);
});

test('what is said to be everyday is a serious action of the catalogue, and nothing that is always told', () => {
  expect(everydayActions.filter((action) => findAction(action)?.action !== action)).toEqual([]);
  expect(everydayActions.filter((action) => !serious.has(privilegeClassOf(action)))).toEqual([]);
  expect(everydayActions.filter(isAlwaysAlerted)).toEqual([]);
  expect([isEveryday('lambda:UpdateFunctionCode'), isEveryday('iam:CreateUser')]).toEqual([true, false]);
});
