import fc from 'fast-check';
import { findAction } from '../../../core/catalogue/catalogue.ts';
import { coversAction } from '../../../core/policy/match.ts';
import { parsePolicy } from '../../../core/policy/parse.ts';
import { observability } from '../../../core/rightsizing/observable.ts';
import { holds, prove } from '../../../core/rightsizing/prove.ts';
import { recordedNames } from '../../../core/rightsizing/recorded.ts';
import { type Evidence, rightsize } from '../../../core/rightsizing/rightsize.ts';
import { allow, evidence, policy, type RoleSketch } from './world.ts';

const names = [
  'ec2:RunInstances',
  'ec2:StopInstances',
  'ec2:DescribeInstances',
  'rds:DeleteDBInstance',
  'iam:PassRole',
  's3:GetObject',
  'ec2:runinstances',
];
const action = fc.constantFrom(...names);
const statement = fc.record({
  Effect: fc.constantFrom('Allow', 'Allow', 'Allow', 'Deny'),
  Action: fc.oneof(
    action,
    fc.array(fc.oneof({ weight: 8, arbitrary: action }, { weight: 1, arbitrary: fc.constantFrom('ec2:*', 'rds:D*') }), {
      minLength: 1,
      maxLength: 5,
    }),
  ),
  Resource: fc.constantFrom('*', 'arn:aws:ec2:*:*:instance/*', ['a', 'b']),
  ...{ Condition: fc.constantFrom(undefined, undefined, { Bool: { 'aws:SecureTransport': 'true' } }) },
});
const text = fc
  .tuple(fc.array(statement, { maxLength: 4 }), fc.nat(2))
  .map(([statements, indent]) => JSON.stringify({ Version: '2012-10-17', Statement: statements }, null, indent));
const sketch = (name: string): fc.Arbitrary<RoleSketch> =>
  fc.record({
    name: fc.constant(name),
    inline: fc.record({ one: text, two: text }, { requiredKeys: [] }),
    attached: fc.subarray(['x', 'y']),
    used: fc.subarray(names.filter((each) => findAction(each)?.action === each)),
  });
const worlds = fc
  .record({ a: sketch('a'), b: sketch('b'), c: sketch('c'), x: text, y: text })
  .map(({ a, b, c, x, y }) => ({ roles: [a, b, c], evidence: evidence([a, b, c], { managed: { x, y } }) }));

/** The evidence after every proposal was applied. */
function applied(before: Evidence): Evidence {
  const edits = rightsize(before).flatMap((judged) => (judged.status === 'proposed' ? judged.plan!.edits : []));
  const managed = new Map(before.inventory.managed);
  let { principals } = before.inventory;
  for (const { slot, after } of edits) {
    if (slot.type === 'managed-policy') managed.set(slot.policy, { ...managed.get(slot.policy)!, text: after! });
    if (slot.type !== 'inline-policy') continue;
    principals = principals.map((principal) => ({
      ...principal,
      inline: principal.inline.flatMap((each) =>
        principal.arn !== slot.principal || each.name !== slot.name
          ? [each]
          : after === null
            ? []
            : [{ ...each, text: after }],
      ),
    }));
  }
  return { ...before, inventory: { ...before.inventory, managed, principals } };
}

/** The (effect, resource, condition) under which a principal's own policies speak of an action. */
function grantsOf({ inventory }: Evidence, name: string, asked: string): string[] {
  const principal = inventory.principals.find((each) => each.name === name)!;
  const texts = [...principal.inline, ...principal.attached.map((arn) => inventory.managed.get(arn)!)].map(
    (each) => each.text,
  );
  const statements = texts.flatMap((each) => {
    const parsed = parsePolicy(each);
    if (!parsed.ok) throw new Error(`${parsed.error.place} ${parsed.error.detail}`);
    return parsed.value.statements;
  });
  const keys = statements
    .filter((each) => coversAction(each, asked))
    .map(({ effect, resources, conditions }) => JSON.stringify([effect, resources, conditions]));
  return [...new Set(keys)].sort();
}

describe('the laws of right-sizing', () => {
  test('every recorded use is allowed after as it was before', () =>
    fc.assert(
      fc.property(worlds, ({ roles, evidence: before }) => {
        const after = applied(before);
        for (const { name, used } of roles) {
          for (const each of used ?? []) expect(grantsOf(after, name, each)).toEqual(grantsOf(before, name, each));
        }
      }),
      { numRuns: 40 },
    ));

  test('nothing is allowed that was not, no Deny is lost, and some worlds do lose something', () => {
    let smaller = 0;
    fc.assert(
      fc.property(worlds, ({ roles, evidence: before }) => {
        const after = applied(before);
        for (const { name } of roles) {
          for (const each of [...names, 'rds:DeleteDBCluster', 'ec2:StartInstances']) {
            const old = grantsOf(before, name, each);
            const fresh = grantsOf(after, name, each);
            expect(old).toEqual(expect.arrayContaining(fresh));
            expect(fresh.filter((key) => key.includes('Deny'))).toEqual(old.filter((key) => key.includes('Deny')));
            if (fresh.length < old.length) smaller += 1;
          }
        }
      }),
      { numRuns: 40 },
    );
    expect(smaller).toBeGreaterThan(20);
  });

  test('doing it twice changes nothing', () =>
    fc.assert(
      fc.property(worlds, ({ evidence: before }) => {
        expect(rightsize(applied(before)).filter(({ status }) => status === 'proposed')).toEqual([]);
      }),
      { numRuns: 40 },
    ));
});

describe('the proof', () => {
  const used = new Map([['ec2:runinstances', null]]);
  const before = policy(allow(['ec2:RunInstances', 'ec2:StopInstances']), {
    Effect: 'Deny',
    Action: 'iam:*',
    Resource: '*',
  });
  const deny = { Effect: 'Deny', Action: 'iam:*', Resource: '*' };

  test.each([
    ['the same', before, true],
    ['less', policy(allow('ec2:RunInstances'), deny), true],
    ['less than was used', policy(allow('ec2:StopInstances'), deny), false],
    ['nothing', null, false],
    ['another action', policy(allow(['ec2:RunInstances', 'ec2:StartInstances']), deny), false],
    ['a wildcard', policy(allow('ec2:*'), deny), false],
    ['another resource', policy(allow('ec2:RunInstances', { Resource: 'arn:aws:ec2:*:*:x' }), deny), false],
    ['a new condition', policy(allow('ec2:RunInstances', { Condition: { Bool: { a: 'true' } } }), deny), false],
    ['no Deny', policy(allow('ec2:RunInstances')), false],
    [
      'the same in other words',
      policy({ ...allow(['ec2:StopInstances', 'ec2:RunInstances']), Resource: ['*', '*'] }, deny),
      true,
    ],
    ['a smaller Deny', policy(allow('ec2:RunInstances'), { ...deny, Action: 'iam:Get*' }), false],
    ['another language version', before.replace('2012-10-17', '2008-10-17'), false],
    ['no policy', '{"Statement":', false],
  ])('of %s holds: %#', (_, after, expected) => {
    expect(holds(prove([{ before, after }], used))).toBe(expected);
  });

  test('a use that a policy denies anew does not count as allowed', () => {
    const after = policy(allow('ec2:RunInstances'), deny, {
      Effect: 'Deny',
      Action: 'ec2:RunInstances',
      Resource: '*',
    });
    expect(prove([{ before, after }], used)).toEqual({ used: 1, allowed: 0, newAccess: 0 });
  });

  const onBuckets = (Resource: string | string[], more = {}) => policy(allow('s3:GetObject', { Resource, ...more }));
  const read = (Resource: string | string[], on: string[] | null) =>
    prove([{ before: onBuckets('arn:aws:s3:::*'), after: onBuckets(Resource) }], new Map([['s3:getobject', on]]));

  test('of fewer resources holds where every use is known to be on these', () => {
    const some = ['arn:aws:s3:::a/x/1', 'arn:aws:s3:::b/2'];
    expect(holds(read(['arn:aws:s3:::a/*', 'arn:aws:s3:::b/*'], some))).toBe(true);
    expect(holds(read(['arn:aws:s3:::a/x/*', 'arn:aws:s3:::b/2'], some))).toBe(true);
    expect(holds(read('arn:aws:s3:::a/*', some))).toBe(false);
    expect(holds(read(['arn:aws:s3:::a/*', 'arn:aws:s3:::b/*'], null))).toBe(false);
    expect(read('arn:aws:sqs:*', some).newAccess).toBe(1);
    expect(read('*', some).newAccess).toBe(1);
  });

  test('counts over the whole catalogue what a wildcard adds', () => {
    expect(prove([{ before, after: policy(allow('ec2:*'), deny) }], used).newAccess).toBeGreaterThan(500);
  });
});

test('every name in the table of what trails record is an action of the catalogue', () => {
  for (const name of recordedNames()) expect(findAction(name)?.action).toBe(name);
  expect(observability('ec2:RunInstances', { services: new Set(), reads: false })).toBe('observable');
});
