import { readCase } from '../../../../core/access/read-case.ts';
import { evaluate } from '../../../../core/access/reference/evaluate.ts';

const request = {
  principal: 'arn:aws:iam::111122223333:user/ann',
  action: 's3:GetObject',
  resource: `arn:aws:s3:::b/${'a'.repeat(300)}`,
  resourceAccount: '111122223333',
  context: {},
  unknownContext: ['*'],
};

function answer(statements: readonly object[], asked: object = request) {
  const policy = { Version: '2012-10-17', Statement: statements };
  const read = readCase(JSON.stringify({ request: asked, identityPolicies: [policy] }));
  if (!read.ok) throw new Error(read.error);
  return evaluate(read.value.situation);
}

const allow = { Effect: 'Allow', Action: 's3:*', Resource: '*' };

describe('what is made to be slow or odd', () => {
  test('ten thousand statements', () => {
    const many = Array.from({ length: 9999 }, (_, index) => ({ ...allow, Resource: `arn:aws:s3:::b${index}/*` }));
    expect(answer([...many, allow]).because).toEqual([
      { layer: 'identityPolicies', policy: 0, statement: 9999, effect: 'Allow' },
    ]);
  });

  test('a document of a megabyte', () => {
    const resources = Array.from({ length: 1000 }, () => `arn:aws:s3:::${'x'.repeat(1000)}`);
    expect(answer([{ ...allow, Resource: resources }]).outcome).toBe('implicit-deny');
  });

  test('patterns that nearly match in many ways', () => {
    expect(answer([{ ...allow, Resource: `arn:aws:s3:::b/${'a*'.repeat(400)}b` }]).outcome).toBe('implicit-deny');
  });

  test('unknown variables that can be cut in many ways are conditional', () => {
    const [one, two] = [`\${aws:PrincipalTag/one}`, `\${aws:PrincipalTag/two}`];
    expect(answer([{ ...allow, Resource: `arn:aws:s3:::*${one}*${two}*${one}*` }]).outcome).toBe('conditional');
  });

  test('patterns on one unknown key that overlap in many ways are never plainly allowed', () => {
    const statements = Array.from({ length: 20 }, (_, index) => ({
      ...allow,
      Effect: index % 2 ? 'Allow' : 'Deny',
      Condition: { StringLike: { 'aws:PrincipalTag/t': `*${'?'.repeat(index)}a*${'?'.repeat(index)}b*` } },
    }));
    expect(answer(statements).outcome).toBe('conditional');
  });

  test('hundreds of address ranges against an unknown address', () => {
    const nets = (length: number) => Array.from({ length: 500 }, (_, i) => `10.${i >> 8}.${i & 255}.0/${length}`);
    const Condition = {
      IpAddress: { 'aws:SourceIp': nets(24) },
      NotIpAddress: { 'aws:SourceIp': nets(25) },
    };
    const { outcome, when } = answer([{ ...allow, Condition }]);
    expect([outcome, when?.witness]).toEqual(['conditional', { 'aws:SourceIp': '10.0.0.128' }]);
    expect(
      answer([{ ...allow, Condition: { ...Condition, NotIpAddress: { 'aws:SourceIp': nets(24) } } }]).outcome,
    ).toBe('implicit-deny');
  });

  test.each(['arn:::::', 'nobody', '', 'arn:aws:iam::12:user/x', 'arn:aws:sts::111122223333:assumed-role/x'])(
    'the principal %j has nothing, or is no case',
    (principal) => {
      const read = readCase(JSON.stringify({ request: { ...request, principal }, identityPolicies: [] }));
      expect(read.ok ? evaluate(read.value.situation).outcome : read.error).toBe(
        principal === '' ? 'request.principal is not a text' : 'implicit-deny',
      );
    },
  );

  test('an action that is none matches what speaks of everything', () => {
    const asked = { ...request, action: 'what' };
    expect(answer([{ ...allow, Action: '*' }], asked).outcome).toBe('allowed');
    expect(answer([allow], asked).outcome).toBe('implicit-deny');
  });
});

test.each([
  ['no request', {}, 'has no request'],
  ['an action that is a number', { request: { ...request, action: 7 } }, 'request.action is not a text'],
  ['a kind of caller that there is not', { request: { ...request, principalKind: 'robot' } }, 'principalKind'],
  ['unknown keys that are no list', { request: { ...request, unknownContext: 'x' } }, 'unknownContext is not a list'],
  ['policies that are no list', { request, identityPolicies: {} }, 'identityPolicies is not a list'],
  [
    'SCPs without levels',
    { request, scps: [{ Version: '2012-10-17', Statement: [] }] },
    'scps is not a list of levels',
  ],
  ['grants that are no list', { request, kmsGrants: {} }, 'kmsGrants is not a list'],
  ['a grant to nobody', { request, kmsGrants: [{ operations: ['Decrypt'] }] }, 'kmsGrants[0] has no granteePrincipal'],
  ['a context that is a list', { request: { ...request, context: [] } }, 'request.context is not an object'],
  [
    'a context of objects',
    { request: { ...request, context: { 'aws:x': { a: 1 } } } },
    'request.context.aws:x is neither',
  ],
  ['an owner that is a number', { request: { ...request, resourceAccount: 1 } }, 'request.resourceAccount is neither'],
  [
    'a management account in words',
    { request: { ...request, principalAccountIsManagement: 'yes' } },
    'principalAccountIsManagement is neither true nor false',
  ],
  ['with its id, what', { id: 'X-1', request: { ...request, action: 7 } }, 'X-1: request.action is not a text'],
  ['a list', [], 'a case is an object'],
])('%s is no case', (_, value, words) => {
  const read = readCase(JSON.stringify(value));
  expect(read.ok ? '' : read.error).toContain(words);
});
