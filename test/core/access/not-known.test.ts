import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Decision } from '../../../core/access/decision.ts';
import { engineOf } from '../../../core/access/engine.ts';
import { readCase } from '../../../core/access/read-case.ts';
import { evaluate } from '../../../core/access/reference/evaluate.ts';
import { allow, ask, away, home, organizationFrom, policy, role } from './world.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/access.md'), 'utf8');
const section = (title: string): string => page.split(`## ${title}\n`)[1]?.split('\n## ')[0] ?? '';

/** The bullets of the one section and the rows of the other's table: everything that is promised to be a condition. */
const bullets = section('What is not known, and answered `conditional`').match(/^- (?:.|\n {2})+/gm) ?? [];
const rows = section('Beside policies').match(/^\| (?!what was|-).*$/gm) ?? [];
const promised = [...bullets, ...rows].map((line) => line.replaceAll(/\s+/g, ' '));

const ann = `arn:aws:iam::${home}:user/ann`;
const key = `arn:aws:kms:eu-west-1:${home}:key/1`;
const object = 'arn:aws:s3:::b/k';
const everything = policy(allow('*'));
const toKey = { action: 'kms:Decrypt', resource: key };
const forAdmins = policy({ ...allow('kms:*'), Principal: { AWS: `arn:aws:iam::${home}:role/Admin` } });
const byTag = (value: string) => ({ StringLike: { 'aws:PrincipalTag/t': value } });

/** A case, decided by the plain evaluator; the compiled engine is held against it elsewhere. */
function decide(request: object, layers: object = {}): Decision {
  const asked = { principal: ann, action: 's3:GetObject', resource: object, resourceAccount: home, ...request };
  const read = readCase(JSON.stringify({ request: { context: {}, ...asked }, ...layers }));
  if (!read.ok) throw new Error(read.error);
  return evaluate(read.value.situation);
}

const others = { principal: `arn:aws:sts::${away}:assumed-role/Part/s` };

/** For each promise, by words of its line, something that it decides. */
const proofs: readonly (readonly [words: string, decide: () => Decision])[] = [
  ['the owner of a resource', () => decide({ resourceAccount: null }, { identityPolicies: [everything] })],
  [
    '`CanonicalUser`',
    () =>
      decide(others, {
        resourcePolicy: policy({ ...allow('s3:*'), Principal: { CanonicalUser: 'f'.repeat(64) } }),
        identityPolicies: [everything],
      }),
  ],
  [
    '`NotPrincipal` with Deny',
    () =>
      decide(
        {},
        {
          identityPolicies: [everything],
          resourcePolicy: policy({ ...allow('s3:*'), Effect: 'Deny', NotPrincipal: { AWS: ann } }),
        },
      ),
  ],
  ['who may retire a KMS grant', () => decide({ ...toKey, action: 'kms:RetireGrant' }, { resourcePolicy: forAdmins })],
  [
    'whether a grant to another account',
    () =>
      decide(
        { ...others, ...toKey },
        {
          resourcePolicy: forAdmins,
          kmsGrants: [{ granteePrincipal: `arn:aws:iam::${away}:role/Part`, operations: ['Decrypt'] }],
        },
      ),
  ],
  [
    'whether a VPC endpoint',
    () =>
      decide(
        {},
        {
          identityPolicies: [everything],
          vpcEndpointPolicies: [policy({ ...everything.Statement[0], Principal: { AWS: home } })],
        },
      ),
  ],
  [
    'the unique ids',
    () =>
      decide(
        {},
        { identityPolicies: [policy(allow('s3:*', '*', { Condition: { StringLike: { 'aws:userid': 'AIDAA*' } } }))] },
      ),
  ],
  [
    "which tags a role's session has",
    () => {
      const trust = policy({ Effect: 'Allow', Principal: { AWS: home }, Action: ['sts:AssumeRole', 'sts:TagSession'] });
      const own = policy(allow('sqs:*', '*', { Condition: byTag('red') }));
      const tagged = role('Tagged', trust, { own }, { Tags: [{ Key: 't', Value: 'red' }] });
      const organization = organizationFrom({ details: { RoleDetailList: [tagged] } });
      const question = ask(tagged.Arn, 'sqs:SendMessage', `arn:aws:sqs:eu-west-1:${home}:q`);
      return engineOf(organization).decide(question);
    },
  ],
  [
    'unknown keys in more combinations',
    () => {
      const puzzle = Array.from({ length: 14 }, (_, i) => byTag(`*${String.fromCharCode(97 + i)}*${i}?*`));
      const statements = puzzle.map((Condition) => ({ ...allow('s3:*', '*', { Condition }), Effect: 'Deny' }));
      const asked = { unknownContext: ['aws:PrincipalTag/t'] };
      return decide(asked, {
        identityPolicies: [policy(allow('s3:*', '*', { Condition: byTag('*') }), ...statements)],
      });
    },
  ],
  ['the policy of a resource', () => decide({}, { identityPolicies: [everything], resourcePolicyUnread: true })],
  [
    'Block Public Access',
    () =>
      decide(
        { principal: '*' },
        {
          resourcePolicy: policy({ ...allow('s3:*'), Principal: '*' }),
          bucket: { acls: 'disabled', publicAccess: 'unread' },
        },
      ),
  ],
  ['access control lists', () => decide({ principal: '*' }, { bucket: { acls: 'unread', publicAccess: 'open' } })],
  [
    'who owns an object',
    () =>
      decide(
        {},
        {
          identityPolicies: [everything],
          resourcePolicy: policy({ ...allow('s3:PutObject', 'arn:aws:s3:::b/*'), Principal: { AWS: away } }),
          bucket: { acls: 'unread', publicAccess: 'open' },
        },
      ),
  ],
  [
    'whether AWS manages a KMS key',
    () =>
      decide(toKey, {
        identityPolicies: [everything],
        resourcePolicy: { ...policy({ ...allow('kms:*'), Principal: { AWS: home } }), Id: 'auto-s3-2' },
        rcps: [[policy({ ...allow('kms:*'), Effect: 'Deny', Principal: '*' })]],
      }),
  ],
];

describe('what the page of access says that nobody knows', () => {
  test('has a proof each, and no proof is left over', () => {
    expect(promised.map((line) => proofs.filter(([words]) => line.includes(words)).length)).toEqual(
      promised.map(() => 1),
    );
    expect(proofs).toHaveLength(promised.length);
  });

  test.each(proofs)('%s is answered with a condition, never allowed in silence', (_, decision) => {
    const { outcome, when } = decision();
    expect(outcome).toBe('conditional');
    expect(when).not.toBeNull();
  });
});
