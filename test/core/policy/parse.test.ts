import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { readPlaced } from '../../../core/policy/json-places.ts';
import { parsePolicy } from '../../../core/policy/parse.ts';

const allow = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };
const policy = (...statements: unknown[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });

function parsed(text: string) {
  const result = parsePolicy(text);
  if (!result.ok) throw new Error(`${result.error.place} ${result.error.detail}`);
  return result.value;
}

describe('reading JSON with places', () => {
  test('every string, number and word stands where it is said to stand', () =>
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(3), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const rebuild = (placed: ReturnType<typeof readPlaced>): unknown => {
          if (placed.kind === 'array') return placed.items.map(rebuild);
          if (placed.kind === 'scalar') return JSON.parse(text.slice(placed.start, placed.end));
          const fields: Record<string, unknown> = Object.create(null);
          for (const { key, value: member } of placed.members) fields[key] = rebuild(member);
          return fields;
        };
        expect(JSON.stringify(rebuild(readPlaced(text)))).toBe(JSON.stringify(JSON.parse(text)));
      }),
    ));

  test('what is no JSON, or nested without end, is refused', () => {
    for (const text of ['', '{', '{"a":1,}', 'nul', '[1 2]']) expect(() => readPlaced(text)).toThrow();
    expect(() => readPlaced('['.repeat(100) + ']'.repeat(100))).toThrow('nested');
  });
});

describe('reading a policy', () => {
  test('scalars are lists of one, and one statement needs no list', () => {
    const { statements, version } = parsed(JSON.stringify({ Statement: allow }));
    expect(version).toBe('2008-10-17');
    expect(statements).toHaveLength(1);
    expect(statements[0]).toMatchObject({
      sid: null,
      effect: 'Allow',
      actions: { not: false, patterns: ['s3:GetObject'] },
      resources: { not: false, patterns: ['*'] },
      principals: null,
      conditions: [],
    });
  });

  test('NotAction, NotResource, NotPrincipal and conditions are carried', () => {
    const { statements } = parsed(
      policy({
        Sid: 'Two words',
        Effect: 'Deny',
        NotAction: ['iam:*'],
        NotResource: 'arn:aws:s3:::b/*',
        NotPrincipal: { AWS: ['111122223333'], Service: 'ec2.amazonaws.com' },
        Condition: { Bool: { 'aws:SecureTransport': false }, StringLike: { 's3:prefix': ['a*', 'b*'] } },
      }),
    );
    expect(statements[0]).toMatchObject({
      sid: 'Two words',
      actions: { not: true, patterns: ['iam:*'] },
      resources: { not: true, patterns: ['arn:aws:s3:::b/*'] },
      principals: {
        not: true,
        who: new Map([
          ['AWS', ['111122223333']],
          ['Service', ['ec2.amazonaws.com']],
        ]),
      },
      conditions: [
        {
          operator: 'Bool',
          test: { quantifier: null, name: 'Bool', ifExists: false },
          key: 'aws:SecureTransport',
          values: ['false'],
        },
        { operator: 'StringLike', test: { name: 'StringLike' }, key: 's3:prefix', values: ['a*', 'b*'] },
      ],
    });
  });

  test('a trust policy has principals and no resources', () => {
    const { statements } = parsed(policy({ Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' }));
    expect(statements[0]).toMatchObject({ resources: null, principals: { not: false, who: '*' } });
  });

  test.each([
    ['not JSON', '{"Version"', 'document'],
    ['a list', '[]', 'document'],
    ['no statement', '{"Version":"2012-10-17"}', 'Statement'],
    ['an unknown version', '{"Version":"2013-01-01","Statement":[]}', 'Version'],
    ['a statement that is a text', policy('allow'), 'Statement[0]'],
    ['a lower-case effect', policy(allow, { ...allow, Effect: 'allow' }), 'Statement[1].Effect'],
    ['no action', policy({ Effect: 'Allow', Resource: '*' }), 'Statement[0]'],
    ['both actions', policy({ ...allow, NotAction: 'a:b' }), 'Statement[0]'],
    ['an action without a service', policy({ ...allow, Action: ['s3:Get*', 'GetObject'] }), 'Statement[0].Action'],
    ['an action that is a number', policy({ ...allow, Action: 7 }), 'Statement[0].Action'],
    ['no resource', policy({ Effect: 'Allow', Action: 's3:*' }), 'Statement[0]'],
    ['an empty resource', policy({ ...allow, Resource: '' }), 'Statement[0].Resource'],
    ['an unknown element', policy({ ...allow, Actions: 's3:*' }), 'Statement[0]'],
    ['a principal that is a name', policy({ ...allow, Principal: 'ann' }), 'Statement[0].Principal'],
    ['a condition without keys', policy({ ...allow, Condition: { Bool: true } }), 'Statement[0].Condition.Bool'],
    [
      'a null in a condition',
      policy({ ...allow, Condition: { Bool: { k: [null] } } }),
      'Statement[0].Condition.Bool.k',
    ],
    ['an effect twice', '{"Statement":{"Effect":"Deny","Effect":"Allow","Action":"*","Resource":"*"}}', 'Statement[0]'],
  ])('%s is an invalid policy, and the place is named', (_, text, place) => {
    expect(parsePolicy(text)).toMatchObject({ ok: false, error: { error: 'invalid-policy', place } });
  });
});

/** Every policy document anywhere in a value. */
function policiesIn(value: unknown): object[] {
  if (Array.isArray(value)) return value.flatMap(policiesIn);
  if (typeof value !== 'object' || value === null) return [];
  return 'Statement' in value ? [value] : Object.values(value).flatMap(policiesIn);
}

const file = '../shared/cases/access.json';
const present = existsSync(file);
if (!present) console.warn(`${file} is absent: the cases of policy evaluation were not read`);
(present ? test : test.skip)('of the cases of policy evaluation exactly those are invalid that are said to be', () => {
  const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: { id: string; expected: string }[] };
  const isInvalid = (each: object) => !parsePolicy(JSON.stringify(each)).ok;
  const invalid = cases.filter((each) => policiesIn(each).some(isInvalid)).map(({ id }) => id);
  expect(invalid).toEqual(cases.filter(({ expected }) => expected === 'invalid-policy').map(({ id }) => id));
  expect(cases.length).toBeGreaterThan(0);
});
