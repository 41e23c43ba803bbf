import { compile } from '../../../core/access/compiled/engine.ts';
import { engineOf } from '../../../core/access/engine.ts';
import { answer } from '../../../core/access/extent.ts';
import type { Organization } from '../../../core/access/organization.ts';
import { evaluate } from '../../../core/access/reference/evaluate.ts';
import { createSituations } from '../../../core/access/situations.ts';
import type { Inventory, PrincipalRecord } from '../../../core/identity/inventory.ts';
import type { Instant } from '../../../core/time.ts';
import { allow, ask, away, home, policy } from './world.ts';

const record = (type: 'user' | 'role', name: string, text: string, trust: string | null = null): PrincipalRecord => ({
  type,
  id: '',
  arn: `arn:aws:iam::${home}:${type}/${name}`,
  name,
  path: '/',
  createdAt: null,
  tags: {},
  trust,
  inline: [{ name: 'p', arn: null, text }],
  attached: [],
  boundary: null,
  groups: [],
});
const amy = `arn:aws:iam::${home}:user/amy`;
const world = (text: string, ...others: PrincipalRecord[]): Organization => ({
  inventories: [
    {
      v: 1,
      account: home,
      takenAt: '2026-01-01T00:00:00Z' as Instant,
      principals: [record('user', 'amy', text), ...others],
      groups: [],
      managed: new Map(),
    } satisfies Inventory,
  ],
  tree: null,
  resources: [],
});
const text = (...statements: object[]): string => JSON.stringify(policy(...statements));

/** What both engines say, which is the same, and within what time a person waits. */
function outcome(organization: Organization, action: string, resource: string, more: object = {}): string {
  const question = ask(amy, action, resource, more);
  const plain = evaluate(createSituations(organization)(question)).outcome;
  const engine = compile(organization);
  expect(engine.evaluate(question).outcome).toBe(plain);
  const able = engine.whoCan(question).find(({ principal }) => principal === amy);
  expect(able?.outcome ?? 'deny').toBe(plain.endsWith('deny') ? 'deny' : plain);
  return plain;
}

describe('what comes in that nobody meant', () => {
  test.each(['{', '', 'null', '[]', '"text"', '{"Statement":', '\u0000', '{"Version":"2012-10-17"}'])(
    'a policy that reads %j cannot be read, and says so',
    (broken) => expect(outcome(world(broken), 's3:GetObject', 'arn:aws:s3:::b/k')).toBe('invalid-policy'),
  );

  test('one policy that cannot be read leaves everybody else of the account as they are', () => {
    const organization = world(text(allow('s3:*')), record('user', 'broken', '{'));
    expect(outcome(organization, 's3:GetObject', 'arn:aws:s3:::b/k')).toBe('allowed');
  });

  test('a document of a megabyte', () => {
    const long = Array.from({ length: 1000 }, (_, index) => `arn:aws:s3:::${'x'.repeat(1000)}${index}`);
    expect(outcome(world(text(allow('s3:*', long))), 's3:GetObject', 'arn:aws:s3:::b/k')).toBe('implicit-deny');
  });

  test('ten thousand statements', () => {
    const many = Array.from({ length: 10_000 }, (_, index) => allow('s3:GetObject', `arn:aws:s3:::b${index}/*`));
    expect(outcome(world(text(...many)), 's3:GetObject', 'arn:aws:s3:::b9999/k')).toBe('allowed');
  });

  test.each(['arn:::::', 'arn:aws:s3', 'nonsense', 'arn:aws:s3:::', '::::::', 'arn:aws:sqs:eu-west-1::'])(
    'a resource that is %j is covered by what covers everything, and by nothing else',
    (resource) => {
      expect(['allowed', 'conditional']).toContain(outcome(world(text(allow('*'))), 's3:GetObject', resource));
      expect(outcome(world(text(allow('*', 'arn:aws:s3:::b/*'))), 's3:GetObject', resource)).toMatch(/implicit-deny/);
    },
  );

  test('a trust policy that names deleted ids trusts nobody, and the role stays', () => {
    const trust = text({
      Effect: 'Allow',
      Principal: { AWS: ['AIDAEXAMPLEDELETED1', 'AROAEXAMPLEDELETED1'] },
      Action: 'sts:AssumeRole',
    });
    const organization = world(text(allow('*')), record('role', 'Orphan', text(), trust));
    expect(outcome(organization, 'sts:AssumeRole', `arn:aws:iam::${home}:role/Orphan`)).toBe('implicit-deny');
    expect(outcome(organization, 'iam:GetRole', `arn:aws:iam::${home}:role/Orphan`)).toBe('allowed');
  });

  test('actions and services that no catalogue knows are matched as patterns', () => {
    const organization = world(text(allow(['newservice:Do*', 's3:Frobnicate?'])));
    const on = `arn:aws:newservice:eu-west-1:${home}:thing/1`;
    expect(outcome(organization, 'newservice:DoThings', on)).toBe('allowed');
    expect(outcome(organization, 'NewService:dothings', on)).toBe('allowed');
    expect(outcome(organization, 'newservice:Undo', on)).toBe('implicit-deny');
    expect(outcome(organization, 's3:Frobnicate2', 'arn:aws:s3:::b')).toBe('allowed');
    expect(outcome(organization, 's3:Frobnicate', 'arn:aws:s3:::b')).toBe('implicit-deny');
  });

  test('a resource whose account nobody says depends on its owner', () => {
    const organization = world(text(allow('s3:*')));
    expect(outcome(organization, 's3:GetObject', 'arn:aws:s3:::b/k', { resourceAccount: null })).toBe('conditional');
    expect(outcome(organization, 's3:GetObject', 'arn:aws:s3:::b/k', { resourceAccount: away })).toBe('implicit-deny');
  });
});

describe('globs made to be slow are answered in time', () => {
  const slow = [
    `arn:aws:s3:::b/${'a*'.repeat(400)}b`,
    `arn:aws:s3:::b/${'*a?'.repeat(300)}b`,
    `arn:aws:s3:::${'*'.repeat(2000)}x`,
  ];

  test.each(slow)('as a resource of a policy (%#)', (pattern) => {
    const organization = world(text(allow('s3:*', pattern), allow(`s3:${'*a'.repeat(200)}b`)));
    expect(outcome(organization, 's3:GetObject', `arn:aws:s3:::b/${'a'.repeat(2000)}`)).toBe('implicit-deny');
  });

  test('as a question against another', () => {
    const organization = world(text(allow('s3:*', slow[0]), { ...allow('s3:*', slow[1]), Effect: 'Deny' }));
    const started = performance.now();
    const question = ask(amy, 's3:GetObject', `arn:aws:s3:::b/${'*a'.repeat(40)}`);
    expect(['all', 'some']).toContain(answer(question, engineOf(organization), organization).extent);
    // Without a bound it takes minutes.
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe('more patterns than are cut along each other', () => {
  const parts = Array.from({ length: 20 }, (_, index) => `arn:aws:s3:::b/${index}/*`);
  const asked = (statements: object[], resource = 'arn:aws:s3:::b/*') => {
    const organization = world(text(...statements));
    return answer(ask(amy, 's3:GetObject', resource), engineOf(organization), organization);
  };

  test('a wide Allow beside them is allowed for all', () =>
    expect(asked([allow('s3:*', [...parts, 'arn:aws:s3:::b/*'])])).toMatchObject({
      outcome: 'allowed',
      extent: 'all',
    }));

  test('without one they are allowed for some, and one that is not is named', () => {
    const { outcome: decided, extent, except } = asked([allow('s3:*', parts)]);
    expect([decided, extent, except.map(({ decision }) => decision.outcome)]).toEqual([
      'allowed',
      'some',
      ['implicit-deny'],
    ]);
  });

  test('a Deny among them takes some away', () =>
    expect(
      asked([
        allow('s3:*', [...parts, 'arn:aws:s3:::b/*']),
        { ...allow('s3:*', 'arn:aws:s3:::b/7/*'), Effect: 'Deny' },
      ]),
    ).toMatchObject({ outcome: 'allowed', extent: 'some', except: [{ decision: { outcome: 'explicit-deny' } }] }));

  test('that nothing is allowed is never said of all', () => {
    const others = parts.map((pattern) => pattern.replace(':b/', ':b/x'));
    const denied = others.map((pattern) => ({ ...allow('s3:*', pattern), Effect: 'Deny' }));
    expect(asked(denied)).toMatchObject({ outcome: 'implicit-deny', extent: 'some' });
  });
});
