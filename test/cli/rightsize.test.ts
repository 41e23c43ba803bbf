import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readCase } from '../../core/access/read-case.ts';
import { evaluate } from '../../core/access/reference/evaluate.ts';
import { quotas } from '../../core/rightsizing/quotas.ts';
import { program } from '../program/program.ts';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);
const leastwise = async (...args: string[]) =>
  (await run(process.execPath, [program, ...args], { cwd: root, maxBuffer: 1 << 26 })).stdout;

const folder = mkdtempSync(join(tmpdir(), 'rightsize-'));
afterAll(() => rmSync(folder, { recursive: true }));

const account = '123837392027';
const allow = (Action: string | string[]) => ({ Effect: 'Allow', Action, Resource: '*' });
const document = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });
const administrator = 'arn:aws:iam::aws:policy/AdministratorAccess';

/** Authorization details for two users of the log. */
function details(): string {
  const user = (name: string, id: string, more: object) => ({
    Path: '/',
    UserName: name,
    UserId: id,
    Arn: `arn:aws:iam::${account}:user/${name}`,
    CreateDate: '2023-01-01T00:00:00+00:00',
    GroupList: [],
    AttachedManagedPolicies: [],
    ...more,
  });
  const path = join(folder, 'details.json');
  const inline = document(allow(['ec2:*', 'iam:*', 's3:*']), {
    Effect: 'Deny',
    Action: 'iam:DeleteUser',
    Resource: '*',
  });
  writeFileSync(
    path,
    JSON.stringify({
      UserDetailList: [
        user('bert-jan', 'AIDATFQR7NSC5AU2ZV3IE', {
          AttachedManagedPolicies: [{ PolicyArn: administrator, PolicyName: 'AdministratorAccess' }],
        }),
        user('benjamin', 'AIDATFQR7NSC5U6Q3TMDR', {
          UserPolicyList: [{ PolicyName: 'inline', PolicyDocument: inline }],
        }),
        user('quiet', 'AIDATFQR7NSCQUIET00000', {
          UserPolicyList: [{ PolicyName: 'inline', PolicyDocument: inline }],
        }),
      ],
      GroupDetailList: [],
      RoleDetailList: [],
      Policies: [
        {
          PolicyName: 'AdministratorAccess',
          Arn: administrator,
          Path: '/',
          DefaultVersionId: 'v1',
          PolicyVersionList: [{ Document: document(allow('*')), VersionId: 'v1', IsDefaultVersion: true }],
        },
      ],
    }),
  );
  return path;
}

interface LedgerLine {
  arn: string;
  facet: { kind: string; action?: string; value?: string };
  outcome: string;
}

interface Row {
  arn: string;
  status: string;
  reason: string | null;
  policies: { name: string; kind: string; before: object | null; after: object | null }[];
  removed: string[];
  proof: { used: number; allowed: number; newAccess: number } | null;
}

const log = join(root, '../shared/data/cloudtrail/invictus');
const large = join(root, '../shared/data/authorization-details/large.json');

/** What the plain evaluator says of an action on a resource, under policies alone. */
function decider(arn: string, policies: readonly object[]): (action: string, resource?: string) => string {
  const request = { principal: arn, action: 's3:GetObject', resource: '*', resourceAccount: account, context: {} };
  const read = readCase(JSON.stringify({ request, identityPolicies: policies }));
  if (!read.ok) throw new Error(read.error);
  const { situation } = read.value;
  return (action, resource = '*') =>
    evaluate({ ...situation, request: { ...situation.request, action, resource } }).outcome;
}

const readable = existsSync(log) && existsSync(large);
if (!readable) process.stderr.write('\nnot run: the public log ../shared/data/cloudtrail/invictus is not here\n');
const describeWhereLogsAre = readable ? describe : describe.skip;

describeWhereLogsAre('leastwise rightsize', () => {
  let rows: Row[];
  /** Actions, each on every resource that a call of it named; on `*` where none did. */
  let usedBy: Map<string, Map<string, Set<string>>>;
  beforeAll(async () => {
    const lines = (
      await leastwise('rightsize', '--authorization-details', details(), '--cloudtrail', log, '--assume-complete')
    ).trim();
    rows = lines.split('\n').map((line) => JSON.parse(line) as Row);
    usedBy = new Map(rows.map(({ arn }) => [arn, new Map()]));
    for (const line of (await leastwise('ledger', log)).trim().split('\n')) {
      const { arn, facet, outcome } = JSON.parse(line) as LedgerLine;
      const used = usedBy.get(arn);
      if (!used || !facet.action?.match(/^(?!unmapped|sign-in)/) || outcome === 'denied') continue;
      const on = used.get(facet.action) ?? new Set();
      if (facet.kind === 'resource') on.add(facet.value as string);
      if (facet.kind === 'resource' || facet.kind === 'action') used.set(facet.action, on);
    }
  }, 60_000);
  const rowOf = (name: string) => rows.find(({ arn }) => arn.endsWith(`user/${name}`)) as Row;

  test('splits what an administrator used over policies under the quota, and detaches the old one', () => {
    const { status, policies, proof, removed } = rowOf('bert-jan');
    expect(status).toBe('proposed');
    expect(policies[0]).toMatchObject({ name: 'AdministratorAccess', kind: 'aws-managed', after: null });
    const made = policies.slice(1);
    expect(made.length).toBeGreaterThan(1);
    expect(made.length).toBeLessThanOrEqual(quotas.attached);
    for (const { before, after } of made) {
      expect(before).toBeNull();
      expect(JSON.stringify(after).length).toBeLessThanOrEqual(quotas.managed);
    }
    expect(proof).toMatchObject({ newAccess: 0 });
    expect(proof?.used).toBe(proof?.allowed);
    expect(removed).toContain('iam:CreateSAMLProvider');
  });

  test('an evaluator that knows nothing of the proposal finds every use allowed and what was removed denied', () => {
    for (const name of ['bert-jan', 'benjamin']) {
      const { arn, policies, removed } = rowOf(name);
      const [then, now] = (['before', 'after'] as const).map((when) =>
        decider(
          arn,
          policies.flatMap((policy) => policy[when] ?? []),
        ),
      ) as [ReturnType<typeof decider>, ReturnType<typeof decider>];
      const uses = [...(usedBy.get(arn) ?? [])].flatMap(([action, on]) =>
        [...(on.size === 0 ? ['*'] : on)].map((resource) => ({ action, resource })),
      );
      expect(uses.length).toBeGreaterThan(30);
      // Keys and roles answer to whom their own policies name, which nobody read: there nothing is allowed, before or after.
      const changed = uses.filter(({ action, resource }) => now(action, resource) !== then(action, resource));
      expect(changed).toEqual([]);
      const onAny = (action: string) => now(action) !== 'implicit-deny';
      const narrowed = /^(?:kms|sts):/;
      expect([...(usedBy.get(arn)?.keys() ?? [])].filter((action) => !onAny(action) && !narrowed.test(action))).toEqual(
        uses
          .map(({ action }) => action)
          .filter(
            (action, i, all) => name === 'benjamin' && !/^(ec2|iam|s3|sts):/.test(action) && all.indexOf(action) === i,
          ),
      );
      expect(removed.length).toBeGreaterThan(500);
      const sample = removed.filter((_, place) => place % 20 === 0);
      expect(sample.filter((action) => now(action) === 'allowed')).toEqual([]);
    }
  });

  test('the Deny stays word for word', () => {
    expect(JSON.stringify(rowOf('benjamin').policies.map(({ after }) => after))).toContain(
      '{"Effect":"Deny","Action":"iam:DeleteUser","Resource":"*"}',
    );
  });

  test('of somebody who was never seen nothing is concluded', () => {
    expect(rowOf('quiet')).toMatchObject({ status: 'not-yet-decidable', policies: [], removed: [], proof: null });
    expect(rowOf('quiet').reason).toMatch(/^never-seen/);
  });

  test('of an account of which the log holds nothing, nothing is concluded, whoever vouches', async () => {
    const lines = await leastwise(
      'rightsize',
      '--authorization-details',
      large,
      '--cloudtrail',
      log,
      '--assume-complete',
    );
    const reasons = lines
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as Row).reason ?? '');
    expect(reasons.length).toBeGreaterThan(100);
    expect(reasons.every((reason) => /^(no-ingestion|service-linked|identity-center): /.test(reason))).toBe(true);
    expect(reasons.some((reason) => reason.includes('no ingestion for account'))).toBe(true);
  }, 60_000);
});
