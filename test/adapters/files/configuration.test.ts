import { readFileSync } from 'node:fs';
import { ConfigurationError, parseConfiguration, readConfiguration } from '../../../adapters/files/configuration.ts';
import { configurationJsonSchema } from '../../../adapters/files/configuration-schema.ts';

const root = new URL('../../../', import.meta.url);
const exampleFile = new URL('leastwise.config.example.json', root).pathname;

type Json = Record<string, unknown>;
const example = (): Json => JSON.parse(readFileSync(exampleFile, 'utf8'));

/** The example with one field set; the path is like the ones in messages. */
function changed(path: string, value: unknown): Json {
  const whole = example();
  const parts = path.split(/[.[\]]+/).filter((part) => part !== '');
  const last = parts.pop() ?? '';
  const place = parts.reduce<Json>((at, part) => at[part] as Json, whole);
  place[last] = value;
  return whole;
}

const problemsOf = (value: unknown) => {
  const parsed = parseConfiguration(value);
  return parsed.ok ? [] : parsed.error.map(({ field, words }) => `${field}: ${words}`);
};

const set = 'arn:aws:sso:::permissionSet/ssoins-0123456789abcdef/ps-0123456789abcdef';
const lending = {
  instance: 'arn:aws:sso:::instance/ssoins-0123456789abcdef',
  administrator: '777766665555',
  permissionSets: [set],
};

test('the example is valid, and its reference to the schema is no field of the configuration', () => {
  const configuration = readConfiguration(exampleFile);
  expect(configuration.people).toHaveLength(2);
  expect(configuration).not.toHaveProperty('$schema');
});

test.each<[string, string, unknown, string]>([
  ['an unknown field', 'slak', {}, 'slak: is not a field that Leastwise knows'],
  ['an unknown field further down', 'people[1].slack.email', 'x', 'people[1].slack.email: is not a field'],
  ['a missing field', 'homeRegion', undefined, 'homeRegion: is missing or not of the type string'],
  [
    'a weight that does not exist',
    'detection',
    { weights: { massage: 1 } },
    'detection.weights: there is no weight massage',
  ],
  ['an approver who is nobody', 'rules[1].approvers[1]', 'zoe', 'rules[1].approvers[1]: "zoe" is nobody: add a person'],
  [
    'a quorum larger than the approvers',
    'rules[1].quorum',
    3,
    'rules[1].quorum: 3 people cannot be found among 2 approvers',
  ],
  [
    'a management account that is unknown',
    'deployment.managementAccount',
    '888877776666',
    'deployment.managementAccount: 888877776666 is not in accounts: add it there',
  ],
  [
    'a security account that is the management account',
    'deployment.managementAccount',
    '111122223333',
    'deployment.managementAccount: StackSets reach the security account only if',
  ],
  [
    'permission sets that are lent, administered in an account that is not ours',
    'deployment',
    { managementAccount: '777766665555', identityCenter: { ...lending, administrator: '888877776666' } },
    'deployment.identityCenter.administrator: it is not in accounts',
  ],
  [
    'permission sets that are lent although Identity Center is read nowhere',
    'deployment',
    { identityCenter: lending },
    'deployment.identityCenter: it is read in the management account',
  ],
  [
    'a permission set that is named by a pattern',
    'deployment',
    { managementAccount: '777766665555', identityCenter: { ...lending, permissionSets: [`${set.slice(0, -3)}*`] } },
    'deployment.identityCenter.permissionSets[0]: must be the ARN of a permission set',
  ],
  ['a width that is none', 'deployment.fastLane.width', 'narrow', 'deployment.fastLane.width: must be'],
  ['no path at all', 'deployment.scope', { paths: [] }, 'deployment.scope.paths: must have at least one entry'],
  [
    'a path that is none',
    'deployment.scope',
    { paths: ['service'] },
    'deployment.scope.paths[0]: must be a path of IAM',
  ],
  ['a quorum of nobody', 'rules[0].quorum', 0, 'rules[0].quorum: must be 1 or more'],
  [
    'an approver who is named twice to fill the quorum',
    'rules[1].approvers[1]',
    'first-approver',
    'rules[1].approvers[1]: first-approver stands at rules[1].approvers[0] already',
  ],
  ['an account id as a number', 'accounts[0].id', 111122223333, 'accounts[0].id: is missing or not of the type string'],
  [
    'an account id of eleven digits',
    'accounts[1].id',
    '44445555666',
    'accounts[1].id: must be an AWS account id: twelve digits',
  ],
  [
    'the same account twice',
    'accounts[1].id',
    '111122223333',
    'accounts[1].id: 111122223333 stands at accounts[0] already',
  ],
  [
    'a security account that is not in accounts',
    'securityAccount',
    '999988887777',
    'securityAccount: 999988887777 is not in accounts',
  ],
  ['a home region that is not in regions', 'homeRegion', 'eu-west-1', 'homeRegion: eu-west-1 is not in regions'],
  [
    'one Slack account for two people',
    'people[1].slack.user',
    'U00000001',
    'people[1].slack: T00000000/U00000001 stands at people[0] already',
  ],
  ['a channel name', 'slack.channel', '#access', 'slack.channel: must be a Slack channel id'],
  [
    'an unknown kind',
    'rules[1].kinds[0]',
    'deleting',
    'rules[1].kinds[0]: must be one of: quarantine, rightsizing, lending',
  ],
  [
    'a rule for an account that is not there',
    'rules[1].accounts',
    ['999988887777'],
    'rules[1].accounts[0]: 999988887777 is not in accounts',
  ],
  [
    'a break-glass identity that is no ARN',
    'breakGlass[0]',
    'admin',
    'breakGlass[0]: must be the ARN of an IAM user or role',
  ],
  ['a loan without end', 'lending.maxHours', 1e9, 'lending.maxHours: must be 72 or less'],
  ['a standing decision for nobody', 'standing[0].people[0]', 'nobody', 'standing[0].people[0]: "nobody" is nobody'],
  [
    'a standing decision elsewhere',
    'standing[0].accounts[0]',
    '000000000000',
    'standing[0].accounts[0]: 000000000000 is not in accounts',
  ],
  ['no delay of rules', 'rulesDelayHours', 0, 'rulesDelayHours: must be 1 or more'],
  ['another version', 'version', 2, 'version: must be one of: 1'],
])('%s is refused with the field and what to do', (_, path, value, message) => {
  expect(problemsOf(changed(path, value))).toContainEqual(expect.stringContaining(message));
});

test.each([null, [], 'x', 7])('%p is no configuration', (value) => {
  expect(problemsOf(value)).toHaveLength(1);
});

test('all problems are told at once, with the file', () => {
  const broken = changed('rules[1].approvers', ['zoe', 'yan']);
  expect(problemsOf(broken)).toHaveLength(2);
  const error = new ConfigurationError('leastwise.config.json', [{ field: 'slack', words: 'is missing' }]);
  expect(error.message).toBe('leastwise.config.json cannot be used:\n  slack: is missing');
});

test('a missing file says where to begin, a broken one where it breaks', () => {
  expect(() => readConfiguration('/nowhere/leastwise.config.json')).toThrow('copy leastwise.config.example.json');
  expect(() => readConfiguration(new URL('LICENSE', root).pathname)).toThrow('it is not JSON');
});

test('leastwise.schema.json is what `npm run schema` writes', () => {
  const file = readFileSync(new URL('leastwise.schema.json', root), 'utf8');
  expect(JSON.parse(file)).toEqual(JSON.parse(configurationJsonSchema()));
});
