import { allActions, findAction } from '../../../core/catalogue/catalogue.ts';
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
