import { allActions } from '../../../core/catalogue/catalogue.ts';
import { alwaysAlertedActions, privilegeClassOf } from '../../../core/catalogue/privilege-class.ts';
import { forwardedBy } from '../../../core/fast-lane/forwarded.ts';
import { type FastLane, fastLanePatterns, signInPatterns } from '../../../core/fast-lane/patterns.ts';
import { isCalled } from '../../../core/fast-lane/prompt-calls.ts';
import { changingCalls } from '../../../core/identity/iam-changes.ts';

const patternsOf = (patch: Partial<FastLane> = {}) =>
  fastLanePatterns({ width: 'prompt', constantReaders: [], ...patch });
const isPrompt = forwardedBy(patternsOf());

const recordOf = (action: string, patch: Record<string, unknown> = {}) => {
  const [service, eventName] = action.split(':');
  return { eventSource: `${service}.amazonaws.com`, eventName, eventType: 'AwsApiCall', readOnly: false, ...patch };
};
const decrypting = { requestParameters: { withDecryption: true } };
const byClass = new Map<string, string[]>();
for (const action of allActions().filter(isCalled)) {
  const name = privilegeClassOf(action);
  byClass.get(name)?.push(action) ?? byClass.set(name, [action]);
}
const harmless = ['metadata-read', 'discovery', 'write'] as const;
const dangerous = [...byClass].flatMap(([name, actions]) => (harmless.some((each) => each === name) ? [] : actions));

test('every action of a dangerous class takes it', () => {
  expect(dangerous.length).toBeGreaterThan(600);
  const byPerson = { ...decrypting, userIdentity: { type: 'IAMUser' } };
  expect(dangerous.filter((action) => !isPrompt(recordOf(action, byPerson)))).toEqual([]);
});

test('every change of identities takes it, since the inventory is kept current by them', () => {
  expect(changingCalls.length).toBeGreaterThan(30);
  expect(changingCalls.filter((name) => !isPrompt(recordOf(`iam:${name}`)))).toEqual([]);
  expect(isPrompt(recordOf('iam:GetUser', { readOnly: true }))).toBe(false);
});

test('what is always alerted takes it, whatever its class', () => {
  expect(alwaysAlertedActions.filter((action) => !isPrompt(recordOf(action)))).toEqual([]);
});

test('nothing that only looks takes it, but what the sign-in service says', () => {
  const looks = [...(byClass.get('metadata-read') ?? []), ...(byClass.get('discovery') ?? [])];
  expect(looks.length).toBeGreaterThan(9000);
  expect(
    looks.filter((action) => !action.startsWith('signin:') && isPrompt(recordOf(action, { readOnly: true }))),
  ).toEqual([]);
});

test('of ordinary changes, at most one in thirty comes along, for its name', () => {
  const writes = byClass.get('write') ?? [];
  expect(writes.filter((action) => isPrompt(recordOf(action))).length).toBeLessThan(writes.length / 30);
});

test.each([
  ['lambda', 'UpdateFunctionCode20150331v2', true],
  ['lambda', 'AddPermission20150331v2', true],
  ['lambda', 'Invoke', false],
  ['s3', 'PutBucketLifecycle', true],
  ['s3', 'PutBucketReplication', true],
  ['s3', 'DeleteBucketPublicAccessBlock', true],
  ['s3', 'PutObject', false],
  ['kms', 'Decrypt', false],
  ['ec2', 'RunInstances', true],
  ['ec2', 'CreateTags', false],
])('%s %s: %s', (service, name, expected) => {
  expect(isPrompt(recordOf(`${service}:${name}`))).toBe(expected);
});

test('a role that a person assumes is known at once, one that a service assumes with the files', () => {
  const by = (type: string) => recordOf('sts:AssumeRole', { userIdentity: { type } });
  expect(isPrompt(by('AssumedRole'))).toBe(true);
  expect(isPrompt(by('AWSService'))).toBe(false);
});

test('a parameter is secret where it is decrypted, or where somebody was refused it', () => {
  const read = (patch: object) => recordOf('ssm:GetParameter', { readOnly: true, ...patch });
  expect(isPrompt(read(decrypting))).toBe(true);
  expect(isPrompt(read({ requestParameters: { withDecryption: false } }))).toBe(false);
  expect(isPrompt(read({ requestParameters: null, errorCode: 'AccessDenied' }))).toBe(true);
});

test('sign-ins take it, also where nothing else does', () => {
  const signIn = { eventSource: 'signin.amazonaws.com', eventName: 'ConsoleLogin', eventType: 'AwsConsoleSignIn' };
  const isSignIn = forwardedBy(signInPatterns);
  expect(isPrompt(signIn)).toBe(true);
  expect(isSignIn(signIn)).toBe(true);
  expect(isSignIn(recordOf('iam:CreateUser'))).toBe(false);
});

describe('a role that reads secrets all day', () => {
  const arn = 'arn:aws:iam::111122223333:role/service/api';
  const passes = forwardedBy(patternsOf({ constantReaders: [arn] }));
  const session = (role: string) => ({
    userIdentity: { type: 'AssumedRole', sessionContext: { sessionIssuer: { arn: role } } },
  });

  test('does so by the files', () => {
    expect(passes(recordOf('secretsmanager:GetSecretValue', session(arn)))).toBe(false);
    expect(passes(recordOf('ssm:GetParameter', { ...session(arn), ...decrypting }))).toBe(false);
  });

  test('is known at once in everything else', () => {
    expect(passes(recordOf('iam:CreateAccessKey', session(arn)))).toBe(true);
    expect(passes(recordOf('sts:AssumeRole', session(arn)))).toBe(true);
  });

  test('hides nobody else', () => {
    const secret = 'secretsmanager:GetSecretValue';
    expect(passes(recordOf(secret, session(`${arn}-2`)))).toBe(true);
    expect(passes(recordOf(secret, { userIdentity: { type: 'IAMUser' } }))).toBe(true);
  });
});

test('widened, every change takes it; widened further, everything does', () => {
  const [change, look] = [recordOf('ec2:CreateTags'), recordOf('ec2:DescribeInstances', { readOnly: true })];
  const passing = (width: FastLane['width']) => [change, look].map(forwardedBy(patternsOf({ width })));
  expect(passing('prompt')).toEqual([false, false]);
  expect(passing('changes')).toEqual([true, false]);
  expect(passing('everything')).toEqual([true, true]);
});

const roles = (count: number) =>
  Array.from({ length: count }, (_, i) => `arn:aws:iam::111122223333:role/service/some-service-${i}`);

test.each(['prompt', 'changes', 'everything'] as const)('%s: EventBridge takes every pattern', (width) => {
  for (const constantReaders of [[], roles(20)]) {
    const patterns = patternsOf({ width, constantReaders });
    expect(patterns.length).toBeLessThan(20);
    for (const pattern of patterns) {
      expect(JSON.stringify(pattern).length).toBeLessThanOrEqual(2048);
      expect(pattern.source).toEqual([{ prefix: 'aws.' }]);
    }
  }
});

test('readers too many for one rule are refused', () => {
  expect(() => patternsOf({ constantReaders: roles(60) })).toThrow('longer than one rule');
});

test('what takes it, takes it once', () => {
  const rules = patternsOf().map((pattern) => forwardedBy([pattern]));
  const twice = dangerous.filter((action) => {
    const record = recordOf(action, { ...decrypting, userIdentity: { type: 'Root' } });
    return rules.filter((passes) => passes(record)).length > 1;
  });
  expect(twice).toEqual([]);
});
