import { statSync } from 'node:fs';
import {
  accessLevelOf,
  actionsOfService,
  allActions,
  catalogueSource,
  findAction,
  resourceTypesOfService,
  serviceNameOf,
  servicePrefixes,
} from '../../../core/catalogue/catalogue.ts';

test('an action is found in any case and comes back in AWS spelling', () => {
  expect(findAction('S3:getobject')?.action).toBe('s3:GetObject');
  expect(findAction('iam:PASSROLE')?.action).toBe('iam:PassRole');
});

test.each(['s3:DeleteReplicationConfiguration', 'nosuch:Action', 's3', '', ':', 's3:', '*', 's3:Get*'])(
  'what AWS does not have is not found: %j',
  (name) => expect(findAction(name)).toBeUndefined(),
);

test('the catalogue knows every service and action of its source, once', () => {
  expect(servicePrefixes().length).toBeGreaterThan(400);
  expect(allActions().length).toBeGreaterThan(20_000);
  expect(allActions()).toEqual(servicePrefixes().flatMap((prefix) => actionsOfService(prefix).map((a) => a.action)));
  expect(new Set(allActions().map((action) => action.toLowerCase())).size).toBe(allActions().length);
  expect(catalogueSource.version).toMatch(/^\d+\.\d+\.\d+$/);
  expect(catalogueSource.date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
});

test('the generated file stays compact: every Lambda carries it', () => {
  const file = new URL('../../../core/catalogue/generated/catalogue.json', import.meta.url);
  expect(statSync(file).size).toBeLessThan(1_500_000);
});

test('every action has an access level, and every resource type an ARN template', () => {
  const levels = new Set(['List', 'Read', 'Write', 'Tagging', 'Permissions management']);
  expect(allActions().filter((action) => !levels.has(accessLevelOf(action) ?? ''))).toEqual([]);
  const types = servicePrefixes().flatMap(resourceTypesOfService);
  expect(types.filter(({ templates }) => !templates.every((template) => template.startsWith('arn:')))).toEqual([]);
});

test('an action carries the resource types it takes with their templates', () => {
  const types = findAction('s3:GetObject')?.resourceTypes ?? [];
  expect(types.find(({ name }) => name === 'object')?.templates).toEqual([
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the catalogue's own placeholders
    'arn:${Partition}:s3:::${BucketName}/${ObjectName}',
  ]);
  expect(findAction('s3:ListAllMyBuckets')?.resourceTypes).toEqual([]);
  expect(findAction('iam:CreateRole')?.resourceTypes).toMatchObject([{ name: 'role', required: true }]);
});

test('a service gives its actions and its name', () => {
  expect(actionsOfService('STS').map(({ action }) => action)).toContain('sts:AssumeRole');
  expect(serviceNameOf('s3')).toMatch(/S3/);
  expect(actionsOfService('nosuch')).toEqual([]);
});

test('an action says what its calls may need besides, and whether any call has it', () => {
  expect(findAction('lambda:CreateFunction')?.dependents).toContain('iam:PassRole');
  expect(findAction('ec2:RunInstances')?.dependents).toEqual(['ec2:CreateTags', 'iam:PassRole']);
  expect(findAction('s3:GetObject')?.dependents).toEqual([]);
  expect(findAction('iam:PassRole')?.permissionOnly).toBe(true);
  expect(findAction('iam:CreateRole')?.permissionOnly).toBe(false);
  const actions = servicePrefixes().flatMap(actionsOfService);
  expect(actions.filter(({ permissionOnly }) => permissionOnly).length).toBeGreaterThan(1_000);
  expect(actions.filter(({ dependents }) => dependents.includes('iam:PassRole')).length).toBeGreaterThan(200);
});
