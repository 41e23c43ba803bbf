import fc from 'fast-check';
import { evaluate } from '../../../../core/access/reference/evaluate.ts';
import type { ContextValue, Situation } from '../../../../core/access/situation.ts';
import { parsePolicy } from '../../../../core/policy/parse.ts';

/** Small worlds: a few keys, a few operators, and every value that could make a difference. */
const texts: readonly ContextValue[] = [[], 'a', 'A', 'b', 'B', 'ab', 'ax', 'bx', 'aab', 'x', 'a?', 'b*', '*b'];
const sets: readonly ContextValue[] = [[], ['a'], ['b'], ['x'], ['a', 'b'], ['a', 'x'], ['b', 'x'], ['a', 'b', 'x']];
const worlds = {
  'aws:PrincipalTag/one': texts,
  'aws:PrincipalTag/two': texts,
  'aws:TagKeys': sets,
  's3:max-keys': [[], '0', '1', '2', '3', '4'],
  'aws:SourceIp': [[], '10.0.0.1', '10.1.0.1', '11.0.0.1', '2001:db8::1'],
  'aws:MultiFactorAuthPresent': [[], 'true', 'false'],
} satisfies Record<string, readonly ContextValue[]>;
type Key = keyof typeof worlds;
const keys = Object.keys(worlds) as Key[];

const values = (pool: readonly string[]) => fc.uniqueArray(fc.constantFrom(...pool), { minLength: 1, maxLength: 2 });
const on = (key: Key, operators: readonly string[], pool: readonly string[]) =>
  fc
    .tuple(fc.constantFrom(...operators), values(pool))
    .map(([operator, wanted]) => ({ [operator]: { [key]: wanted } }));

const textual = ['StringEquals', 'StringNotEquals', 'StringLike', 'StringNotLike', 'StringEqualsIfExists'];
const condition = fc.oneof(
  on('aws:PrincipalTag/one', [...textual, 'StringEqualsIgnoreCase'], ['a', 'b', 'A']),
  on('aws:PrincipalTag/two', textual, ['a', 'b*', '*b', 'a?']),
  on('aws:PrincipalTag/two', ['StringEquals', 'StringNotEquals'], [`\${aws:PrincipalTag/one}`]),
  on(
    'aws:TagKeys',
    ['ForAnyValue:StringEquals', 'ForAllValues:StringEquals', 'ForAnyValue:StringNotEquals'],
    ['a', 'b'],
  ),
  on(
    's3:max-keys',
    ['NumericLessThan', 'NumericGreaterThanEquals', 'NumericNotEquals', 'NumericEqualsIfExists'],
    ['1', '3'],
  ),
  on('aws:SourceIp', ['IpAddress', 'NotIpAddress'], ['10.0.0.0/8', '10.1.0.0/16']),
  on('aws:MultiFactorAuthPresent', ['Bool', 'BoolIfExists', 'Null'], ['true', 'false']),
);
const statement = fc.record({
  Effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
  Action: fc.constant('s3:GetObject'),
  Resource: fc.constantFrom('*', '*', '*', `arn:aws:s3:::b/\${aws:PrincipalTag/one}`),
  Condition: fc.array(condition, { maxLength: 2 }).map((parts) => Object.assign({}, ...parts)),
});
const policy = fc.array(statement, { minLength: 1, maxLength: 3 });

function situationOf(identity: object[], boundary: object[] | null, scp: object[] | null): Situation {
  const read = (statements: object[]) => parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }));
  return {
    request: {
      principal: 'arn:aws:iam::111122223333:user/ann',
      principalKind: null,
      principalRoleArn: null,
      federatingUserArn: null,
      principalAccountIsManagement: false,
      action: 's3:GetObject',
      resource: 'arn:aws:s3:::b/a',
      resourceAccount: '111122223333',
      context: new Map(),
      unknown: new Set(keys.map((key) => key.toLowerCase())),
    },
    identityPolicies: [read(identity)],
    groupPolicies: [],
    permissionsBoundary: boundary && read(boundary),
    sessionPolicies: null,
    resourcePolicy: null,
    vpcEndpointPolicies: [],
    kmsGrants: [],
    scps: scp && [[read(scp)]],
    rcps: null,
    isPolicyUnread: false,
    bucket: null,
  };
}

const given = (situation: Situation, context: ReadonlyMap<string, ContextValue>) =>
  evaluate({ ...situation, request: { ...situation.request, context } }).outcome;

/** Every completion of the keys that the policies name. */
function* completions(
  named: readonly Key[],
  chosen = new Map<string, ContextValue>(),
): Generator<Map<string, ContextValue>> {
  const [key, ...rest] = named;
  if (key === undefined) {
    yield chosen;
    return;
  }
  for (const value of worlds[key]) yield* completions(rest, new Map(chosen).set(key.toLowerCase(), value));
}

const everyKeyAbsent = new Map<string, ContextValue>(keys.map((key) => [key.toLowerCase(), []]));
const seen = new Map<string, number>();

test('what is said of the unknown is what all its completions say together', () => {
  fc.assert(
    fc.property(policy, fc.option(policy), fc.option(policy), (identity, boundary, scp) => {
      const written = JSON.stringify([identity, boundary, scp]);
      const named = keys.filter((key) => written.includes(key));
      fc.pre(named.reduce((count, key) => count * worlds[key].length, 1) <= 300);
      const situation = situationOf(identity, boundary, scp);
      const outcomes = new Set<string>();
      for (const chosen of completions(named)) outcomes.add(given(situation, new Map([...everyKeyAbsent, ...chosen])));
      const expected = outcomes.has('allowed')
        ? outcomes.size === 1
          ? 'allowed'
          : 'conditional'
        : outcomes.has('implicit-deny')
          ? 'implicit-deny'
          : 'explicit-deny';
      const { outcome, when } = evaluate(situation);
      seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
      expect(outcome).toBe(expected);
      if (!when) return;
      const witness = Object.entries(when.witness).map(([key, value]) => [key.toLowerCase(), value ?? []] as const);
      expect(given(situation, new Map([...everyKeyAbsent, ...witness]))).toBe('allowed');
    }),
    { numRuns: 400 },
  );
  expect([...seen.keys()].sort()).toEqual(['allowed', 'conditional', 'explicit-deny', 'implicit-deny']);
});

test('conditions that encode a hard puzzle are answered in bounded time, and never as allowed', () => {
  const tags = Array.from({ length: 40 }, (_, index) => `aws:PrincipalTag/t${index}`);
  const denials = Array.from({ length: 160 }, (_, index) => ({
    Effect: 'Deny',
    Action: '*',
    Resource: '*',
    Condition: Object.fromEntries(
      [0, 1, 2].map((part) => {
        const pick = (index * 7 + part * 13 + index * part) % tags.length;
        return [['StringEquals', 'StringLike', 'StringNotEquals'][(index + part) % 3]!, { [tags[pick]!]: '1' }];
      }),
    ),
  }));
  const situation = situationOf([{ Effect: 'Allow', Action: '*', Resource: '*' }, ...denials], null, null);
  const unknown = new Set(tags.map((tag) => tag.toLowerCase()));
  const { outcome } = evaluate({ ...situation, request: { ...situation.request, unknown } });
  expect(['conditional', 'implicit-deny', 'explicit-deny']).toContain(outcome);
});
