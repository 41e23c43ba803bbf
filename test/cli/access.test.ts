import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseAuthorizationDetails } from '../../core/identity/authorization-details.ts';
import { encodeSnapshot } from '../../core/identity/snapshot.ts';
import { instantAt } from '../../core/time.ts';
import { allow, away, deny, home, policy, role, user } from '../core/access/world.ts';
import { record } from '../core/usage/records.ts';
import { program } from '../program/program.ts';

const folder = mkdtempSync(join(tmpdir(), 'leastwise-access-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Ran {
  code: number;
  rows: Record<string, unknown>[];
  out: string;
  err: string;
}

const leastwise = (...args: string[]): Promise<Ran> =>
  new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { cwd: folder, maxBuffer: 1 << 28 }, (error, out, err) => {
      const isJson = out.startsWith('{');
      const rows = isJson
        ? out
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line) as Record<string, unknown>)
        : [];
      resolve({ code: error === null ? 0 : Number(error.code), rows, out, err });
    });
  });

const file = (name: string, content: unknown): string => {
  writeFileSync(join(folder, name), JSON.stringify(content));
  return join(folder, name);
};

const reader = policy(allow('s3:GetObject', 'arn:aws:s3:::b/*'), deny('s3:GetObject', 'arn:aws:s3:::b/secret/*'));
const trust = policy({ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' });
const details = file('details.json', {
  UserDetailList: [user('amy', { reader }), user('ben')],
  RoleDetailList: [role('fn', trust, { own: policy(allow('dynamodb:GetItem')) })],
});
const wider = file('wider.json', {
  UserDetailList: [user('amy'), user('ben', { all: policy(allow('s3:*')) })],
  RoleDetailList: [role('fn', trust, { own: policy(allow('dynamodb:GetItem')) })],
});
const organization = file('organization.json', {
  v: 1,
  id: 'o-a1b2c3d4e5',
  managementAccount: away,
  root: { id: 'r-ab12', accounts: [{ id: home }] },
});
const resources = file('resources.json', { v: 1, resources: [{ arn: 'arn:aws:s3:::b', account: home }] });
const usage = file('usage.json', {
  Records: [
    record({
      eventID: 'used',
      eventTime: '2026-11-02T09:30:00Z',
      eventName: 'GetObject',
      errorCode: undefined,
      userIdentity: {
        type: 'IAMUser',
        arn: `arn:aws:iam::${home}:user/amy`,
        accountId: home,
        principalId: 'AIDAAMY0000000000',
      },
      recipientAccountId: home,
      requestParameters: { bucketName: 'b', key: 'k' },
    }),
  ],
});
const known = ['--authorization-details', details, '--organization', organization, '--resource-policies', resources];

describe('leastwise can', () => {
  test('answers about a pattern, quotes the statement, and says when it was last used', async () => {
    const { code, rows, err } = await leastwise(
      'can',
      'amy',
      's3:GetObject',
      'arn:aws:s3:::b/*',
      ...known,
      '--cloudtrail',
      usage,
    );
    expect(err).toContain('1 events');
    expect(code).toBe(0);
    expect(rows).toHaveLength(1);
    expect(Object.keys(rows[0]!)).toEqual([
      'principal',
      'action',
      'resource',
      'decision',
      'extent',
      'because',
      'when',
      'except',
      'invalid',
      'lastUsed',
    ]);
    expect(rows[0]).toMatchObject({
      principal: `arn:aws:iam::${home}:user/amy`,
      decision: 'allowed',
      extent: 'some',
      because: [
        { layer: 'scps' },
        { layer: 'scps', on: home },
        { layer: 'identityPolicies', policy: 'reader', statement: reader.Statement[0] },
      ],
      except: [{ resource: 'arn:aws:s3:::b/secret/', decision: 'explicit-deny' }],
      lastUsed: '2026-11-02',
    });
  });

  test('answers the same from what a deployment keeps, and tells what of it is old', async () => {
    const { inventories } = parseAuthorizationDetails([JSON.parse(readFileSync(details, 'utf8'))], instantAt(0));
    const denied = { at: instantAt(86_400), detail: 'sqs:ListQueues' };
    const parts = [{ part: 'sqs eu-west-1', takenAt: instantAt(0), denied }];
    const kept = join(folder, 'kept.json.gz');
    writeFileSync(kept, gzipSync(encodeSnapshot({ ...inventories[0]!, parts })));
    const asked = ['can', 'amy', 's3:GetObject', 'arn:aws:s3:::b/*', '--organization', organization];
    const live = await leastwise(...asked, '--snapshots', kept);
    const file = await leastwise(...asked, '--authorization-details', details);
    expect([live.code, live.rows]).toEqual([0, file.rows]);
    expect(live.err).toContain(
      'sqs eu-west-1 is known as of 1970-01-01T00:00:00Z, and could not be read since: sqs:ListQueues',
    );
    expect((await leastwise(...asked, '--snapshots', details)).err).toContain('it is no snapshot of an inventory');
  });

  test('an action that AWS does not list is asked about as it is written, and that is told', async () => {
    const { code, rows, err } = await leastwise('can', 'amy', 's3:GetNothing', 'arn:aws:s3:::b/k', ...known);
    expect([code, rows.map(({ action }) => action)]).toEqual([0, ['s3:GetNothing']]);
    expect(err).toContain('AWS lists no action s3:GetNothing');
  });

  test('a pattern of actions is one line an action, for people in sentences', async () => {
    const { out } = await leastwise('can', 'role/fn', 'dynamodb:*Item', '*', ...known, '--format', 'table');
    expect(out).toContain(`yes, all of them: arn:aws:iam::${home}:role/fn dynamodb:GetItem on *`);
    expect(out).toContain(`no, all of them: arn:aws:iam::${home}:role/fn dynamodb:DeleteItem on *`);
    expect(out).toContain('nothing allows it');
  });

  test.each([
    [['can', 'amy', 'GetObject', '*', ...known], 'GetObject is no action: write SERVICE:NAME'],
    [['can', 'amy', 's3:GetObject', 'b/k', ...known], 'b/k is no resource: write its whole ARN'],
    [['who-can', 's3:GetObject', '*', ...known, '--resource-account', '12'], 'has twelve digits'],
    [['can', 'zoe', 's3:GetObject', '*', ...known], 'zoe is no user or role'],
    [['can', 'amy', 's3:GetObject', '*'], 'Name --authorization-details'],
    [['can', 'amy', 's3:GetObject', '*', '--authorization-details', 'absent.json'], 'there is no such file'],
    [['can', 'amy', 's3:GetObject', '*', ...known, '--context', 'x'], 'write KEY=VALUE'],
    [
      ['can', 'amy', 's3:GetObject', '*', '--authorization-details', details, '--organization', resources],
      'cannot be used',
    ],
  ])('%#: wrong usage is one sentence and exit code 1', async (args, words) => {
    const { code, err, out } = await leastwise(...args);
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(words);
  });
});

describe('leastwise who-can', () => {
  test('lists those who may', async () => {
    const { rows } = await leastwise('who-can', 's3:GetObject', 'arn:aws:s3:::b/k', ...known);
    expect(rows.map(({ principal, class: kind, decision }) => [principal, kind, decision])).toEqual([
      [`arn:aws:iam::${home}:user/amy`, 'person', 'allowed'],
    ]);
  });

  test('tells who gained and who lost between two files, and exits with 3 under --check', async () => {
    const args = [
      'who-can',
      's3:GetObject',
      'arn:aws:s3:::b/k',
      '--resource-policies',
      resources,
      '--diff',
      details,
      wider,
    ];
    const { code, rows } = await leastwise(...args, '--check');
    expect(code).toBe(3);
    expect(rows.map(({ principal, change }) => [principal, change])).toEqual([
      [`arn:aws:iam::${home}:user/amy`, 'lost'],
      [`arn:aws:iam::${home}:user/ben`, 'gained'],
    ]);
    expect((await leastwise(...args)).code).toBe(0);
  });

  test('compares whom the resources let in from outside as well', async () => {
    const bucket = (...principals: unknown[]) => ({
      v: 1,
      resources: [
        {
          arn: 'arn:aws:s3:::b',
          account: home,
          policy: policy(
            ...principals.map((Principal) => ({ ...allow('s3:GetObject', 'arn:aws:s3:::b/*'), Principal })),
          ),
        },
      ],
    });
    const service = { Service: 'logging.s3.amazonaws.com' };
    const before = file('bucket-before.json', bucket({ AWS: away }, service));
    const after = file('bucket-after.json', bucket('*', service));
    const args = ['who-can', 's3:GetObject', 'arn:aws:s3:::b/k', '--authorization-details', details];
    const { code, rows } = await leastwise(...args, '--diff', before, after, '--check');
    expect(code).toBe(3);
    expect(rows.map(({ principal, change }) => [principal, change])).toEqual([
      ['*', 'gained'],
      [`arn:aws:iam::${home}:role/fn`, 'gained'],
      [`arn:aws:iam::${home}:user/ben`, 'gained'],
      [`arn:aws:iam::${away}:root`, 'lost'],
    ]);
  });

  test('compares what a deployment kept on two days', async () => {
    const kept = (name: string, principal: string): string => {
      const open = policy({ Effect: 'Allow', Principal: { AWS: principal }, Action: 'sts:AssumeRole' });
      const { inventories } = parseAuthorizationDetails([{ RoleDetailList: [role('fn', open, {})] }], instantAt(0));
      const path = join(folder, name);
      writeFileSync(path, gzipSync(encodeSnapshot(inventories[0]!)));
      return path;
    };
    const sides = [kept('monday.json.gz', home), kept('tuesday.json.gz', away)];
    const asked = ['who-can', 'sts:AssumeRole', `arn:aws:iam::${home}:role/fn`];
    const { rows } = await leastwise(...asked, '--diff', ...sides);
    expect(rows.map(({ principal, change }) => [principal, change])).toEqual([[`arn:aws:iam::${away}:root`, 'gained']]);
  });
});

describe('leastwise principal-can', () => {
  test('tells everything, by service', async () => {
    const { rows } = await leastwise('principal-can', 'amy', ...known, '--cloudtrail', usage);
    expect(rows).toEqual([
      {
        principal: `arn:aws:iam::${home}:user/amy`,
        service: 's3',
        exceptServices: [],
        decision: 'allowed',
        extent: 'some',
        actions: ['s3:GetObject'],
        resources: ['arn:aws:s3:::b/*'],
        when: null,
        lastUsed: '2026-11-02',
      },
    ]);
  });
});

describe('leastwise explain', () => {
  test('names the smallest grant', async () => {
    const denied = file('denied.json', {
      Records: [
        record({
          eventName: 'GetObject',
          errorCode: 'AccessDenied',
          userIdentity: { type: 'IAMUser', arn: `arn:aws:iam::${home}:user/ben`, accountId: home },
          recipientAccountId: home,
          requestParameters: { bucketName: 'b', key: 'k' },
          resources: undefined,
        }),
      ],
    });
    const { code, rows } = await leastwise('explain', denied, ...known);
    expect(code).toBe(0);
    expect(rows[0]).toMatchObject({
      why: 'not-granted',
      grant: [{ layer: 'identityPolicies', statement: allow('s3:GetObject', 'arn:aws:s3:::b/k') }],
    });
    const { out } = await leastwise('explain', denied, ...known, '--format', 'table');
    expect(out).toContain('The smallest grant that would have allowed it:');
  });
});
