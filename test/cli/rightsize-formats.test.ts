import fc from 'fast-check';
import { type Besides, formats, written } from '../../cli/rightsize-formats.ts';
import type { PrincipalRecord } from '../../core/identity/inventory.ts';
import { redacted } from '../../core/rightsizing/redact.ts';
import { type Rightsizing, rightsize } from '../../core/rightsizing/rightsize.ts';
import { allow, evidence, policy, type RoleSketch } from '../core/rightsizing/world.ts';

const certificate = { rows: 7, same: 7, changed: [], byOthers: ['s3:GetObject'], byNoneKnown: [] };
const besides: Besides = {
  risk: () => ({ measured: [], words: 'The risk is small.' }),
  certificates: () => [certificate],
};
const many = 'ec2:RunInstances ec2:StopInstances iam:CreateAccessKey iam:PassRole'.split(' ');
const judge = (roles: readonly RoleSketch[], managed: Record<string, string> = {}) =>
  rightsize(evidence(roles, { mayMakePolicies: true, managed }));
const administrator = 'arn:aws:iam::aws:policy/AdministratorAccess';
const judged = judge(
  [
    { name: 'ci', inline: { own: policy(allow(many)), gone: policy(allow('rds:DeleteDBInstance')) }, used: [many[0]!] },
    { name: 'ops', attached: [administrator], used: ['iam:ListUsers'] },
    { name: 'young', record: { createdAt: null } },
  ],
  { [administrator]: policy(allow('*', { Resource: 'arn:aws:iam::*:user/$' + '{aws:username}' })) },
);
const text = (format: (typeof formats)[number], of = judged) => written(of, format, besides).join('\n');

describe('what right-sizing writes', () => {
  test('is one row for each principal, with the keys of the contract in their order', () => {
    const rows = text('ndjson')
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    const keys = ['principal', 'arn', 'status', 'reason', 'policies', 'removed', 'kept', 'proof', 'size'];
    expect(rows.map(Object.keys)).toEqual([keys, keys, keys]);
  });

  test('as one document says what goes by class, and the risk', () => {
    const { risk: measured, principals } = JSON.parse(text('json')) as { risk: object[]; principals: object[] };
    expect(measured).toEqual([]);
    expect(principals[0]).toMatchObject({
      removedByClass: [
        { class: 'write', count: 1 },
        { class: 'persistence', count: 1 },
        { class: 'impact', count: 1 },
      ],
      dangerousRemoved: ['iam:CreateAccessKey'],
      keptByReason: { used: 1, unobservable: 1 },
      certificate,
    });
  });

  test('as a table and as Markdown is for people: what goes, the proof, the policies line by line', () => {
    expect(text('table')).toContain('1 dangerous actions go');
    const markdown = text('markdown');
    expect(markdown).toContain('**3 actions go**: 1 write, 1 persistence, 1 impact.');
    expect(markdown).toContain('The risk is small.');
    expect(markdown).toContain('new access: 0');
    expect(markdown).toContain(
      'of 7 recorded uses, 7 are decided after as before. Allowed by policies that do not change: `s3:GetObject`.',
    );
    expect(markdown).toContain(
      '-         "ec2:StopInstances"\n-         "iam:CreateAccessKey"\n          "iam:PassRole"',
    );
    expect(markdown).toContain('Nothing can be concluded: age-unknown');
    expect(markdown).toContain('AdministratorAccess (aws-managed) is detached');
  });

  test('as Terraform escapes its templates, names what it makes once and says what goes', () => {
    const hcl = text('hcl');
    expect(hcl).toContain(
      'resource "aws_iam_role_policy" "ci_own" {\n  name   = "own"\n  role   = "ci"\n  policy = jsonencode({',
    );
    expect(hcl).toContain('# The inline policy "gone" of the role "ci" goes.');
    expect(hcl).toContain(`# "${administrator}" is detached from the role "ops".`);
    expect(hcl).toContain('arn:aws:iam::*:user/$$' + '{aws:username}');
    expect(hcl).toContain('policy_arn = aws_iam_policy.ops_ops_AdministratorAccess_1.arn');
    const names = [...hcl.matchAll(/^resource "(\w+)" "(\w+)"/gm)].map(([whole]) => whole);
    expect(new Set(names).size).toBe(names.length);
  });

  test('as CloudFormation is a template with every new policy', () => {
    const template = JSON.parse(text('cloudformation')) as { Metadata: object; Resources: Record<string, object> };
    expect(template.Resources.ciown).toMatchObject({
      Type: 'AWS::IAM::RolePolicy',
      Properties: { PolicyName: 'own', RoleName: 'ci' },
    });
    expect(template.Resources.opsopsAdministratorAccess1).toMatchObject({
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: { Path: '/leastwise/', Roles: ['ops'] },
    });
    expect(template.Metadata).toEqual({
      Leastwise: {
        Goes: ['the inline policy gone of the role ci goes', `${administrator} is detached from the role ops`],
      },
    });
  });
});

describe('redacted', () => {
  /** A word that nobody would find by chance. */
  const secret = fc.stringMatching(/^[a-z]{3}[A-Z]{2}[0-9]{2}q[a-z]{2}$/).map((word) => `zx${word}`);

  const worlds = fc
    .record({
      names: fc.uniqueArray(secret, { minLength: 12, maxLength: 12 }),
      stack: fc.boolean(),
    })
    .map(({ names: [role, other, own, managed, sid, bucket, prefix, tag, value, path, odd, id], stack }) => {
      const record: Partial<PrincipalRecord> = {
        path: `/${path}/`,
        tags: stack ? { 'aws:cloudformation:stack-name': String(value) } : { [String(tag)]: String(value) },
      };
      const statement = {
        Sid: sid,
        ...allow([...many, `${odd}:Thing*`]),
        Resource: [`arn:aws:s3:::${bucket}-*/${prefix}/*`, `arn:aws:ec2:eu-west-1:987654321012:instance/${id}`],
        Condition: {
          StringLike: { [`aws:ResourceTag/${tag}`]: [`${value}*`, '987654321012'] },
          Bool: { 'aws:SecureTransport': 'true' },
        },
      };
      const roles = [
        { name: String(role), inline: { [String(own)]: policy(statement) }, used: [many[0]!], record },
        { name: String(other), attached: [String(managed)], used: [many[1]!] },
      ];
      const words = [role, other, own, managed, sid, bucket, prefix, tag, value, path, odd, id].map(String);
      return { words, judged: judge(roles, { [String(managed)]: policy(statement) }) };
    });

  test('nothing that somebody chose is left in any format', () =>
    fc.assert(
      fc.property(worlds, ({ words, judged: whole }) => {
        const shown = redacted(whole);
        for (const format of formats) {
          const out = text(format, shown as Rightsizing[]);
          for (const word of [...words, '111122223333', '987654321012']) expect(out).not.toContain(word);
          expect(out.length).toBeGreaterThan(10);
        }
      }),
      { numRuns: 8 },
    ));

  test('what AWS chose stays, and what belongs together still does', () => {
    const resource = (arn: string) => policy({ ...allow(many), Resource: arn });
    const shown = redacted(
      judge([
        {
          name: 'a',
          inline: { own: resource('arn:aws:dynamodb:eu-west-1:111122223333:table/orders/index/*') },
          used: [many[0]!],
        },
        { name: 'b', inline: { own: resource('arn:aws:s3:::orders/$' + '{aws:username}') }, used: [many[0]!] },
      ]),
    );
    const [first, second] = shown.map((each) => (each.status === 'proposed' ? each.policies[0]! : undefined));
    expect(first!.name).toBe(second!.name);
    const orders = /table\/(\w+)\/index\/\*/.exec(first!.after!)?.[1];
    expect(orders).toMatch(/^name\d+$/);
    expect(second!.after).toContain(`"arn:aws:s3:::${orders}/\${aws:username}"`);
    expect(first!.after).toContain('arn:aws:dynamodb:eu-west-1:000000000001:table/');
  });
});
