import { readConfiguration } from '../../adapters/files/configuration.ts';
import { memoryLedgerStore } from '../../adapters/memory/ledger-store.ts';
import type { AccountId, PrincipalId } from '../../core/identity/principal.ts';
import type { Day, Instant } from '../../core/time.ts';
import { rankBy } from '../../core/usage/bounded.ts';
import { fullDay } from '../../core/usage/coverage.ts';
import { parseEnvelope } from '../../core/usage/envelope.ts';
import { createLedger } from '../../core/usage/ledger.ts';
import { type ExamineDeploymentDeps, examineDeployment } from '../../usecases/examine-deployment.ts';
import type { Deployment } from '../../usecases/ports/deployment.ts';
import { inventory } from '../contracts/examples.ts';
import { envelope } from '../core/usage/records.ts';

const configuration = readConfiguration('leastwise.config.example.json');
const { securityAccount: security, accounts, regions, trail } = configuration;
const now = '2026-11-22T03:00:00Z' as Instant;
const recently = '2026-11-22T02:10:00Z' as Instant;

/** A deployment in which everything is as it should be. */
const healthy: Deployment = {
  caller: async () => ({ account: security, arn: `arn:aws:iam::${security}:role/auditor`, theirs: now }),
  managementAccount: async () => ({ id: accounts[1]!.id }),
  trails: async () => [
    {
      name: 'all',
      bucket: trail!.bucket,
      prefix: '',
      isOrganizationTrail: true,
      isMultiRegion: true,
      logFileValidation: true,
      isLogging: true,
      lastDelivery: recently,
      lastDigest: recently,
      deliveryFault: null,
    },
  ],
  rules: async () => [{ name: 'fast', state: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS' }],
  functions: async () => [{ name: 'leastwise-record-usage', state: 'Active', sources: ['Enabled'] }],
  queues: async () => [
    { name: 'work', waiting: 3, ageSeconds: 12, isDeadLetters: false },
    { name: 'dead', waiting: 0, ageSeconds: null, isDeadLetters: true },
  ],
  slack: async () => ({
    team: configuration.slack.team,
    scopes: ['chat:write', 'commands', 'users:read', 'groups:history'],
  }),
};

const principal = 'AROAEXAMPLEDOCTOR0001' as PrincipalId;

/** The read of the probe, as the fast lane brings it. */
function arrives(name: string) {
  const read = envelope(
    { source: 'aws.secretsmanager' },
    {
      eventSource: 'secretsmanager.amazonaws.com',
      eventName: 'GetSecretValue',
      requestParameters: { secretId: name },
      resources: undefined,
      errorCode: 'ResourceNotFoundException',
    },
  );
  const parsed = parseEnvelope(read, { trust: 'fast-lane', historic: false, latest: now });
  if (!parsed.ok) throw new Error(parsed.error.detail);
  const ledger = createLedger({ key: 'test', resources: true });
  ledger.add(parsed.value);
  return ledger.items();
}

async function look(changes: Partial<Deployment> = {}, deps: Partial<ExamineDeploymentDeps> = {}) {
  const ledger = memoryLedgerStore({ rank: rankBy('test') });
  const days = ['2026-11-19', '2026-11-20', '2026-11-21'] as Day[];
  for (const { id } of accounts)
    for (const region of regions)
      await ledger.joinCoverage(days.map((day) => ({ v: 1, account: id as AccountId, day, hours: fullDay, region })));
  const seen = 'AIDAEXAMPLEALICE00001' as PrincipalId;
  const findings = await examineDeployment({
    deployment: { ...healthy, ...changes },
    ledger,
    inventories: { read: async (account) => inventory({ account, takenAt: '2026-11-22T02:17:00Z' as Instant }) },
    probe: {
      read: async (name) => ({ account: await ledger.join(arrives(name)).then(() => '444455556666'), principal: seen }),
    },
    nonce: 'abc',
    configuration,
    now: () => now,
    wait: async () => undefined,
    ...deps,
  })();
  return { findings, open: findings.filter(({ verdict }) => verdict !== 'holds') };
}

test('a deployment in which everything holds has no finding, and every check says what it saw', async () => {
  const { findings, open } = await look();
  expect(open).toEqual([]);
  expect(new Set(findings.map(({ check }) => check))).toEqual(
    new Set([
      'account',
      'clock',
      'trail.organization',
      'trail.regions',
      'trail.logging',
      'trail.delivery',
      'trail.validation',
      'trail.digests',
      'fast-lane.rule',
      'functions',
      'queues.age',
      'queues.dead-letters',
      'account.member',
      'account.parts',
      'account.coverage',
      'management-account',
      'slack',
      'fast-lane.read',
    ]),
  );
  for (const { detail, repair } of findings) expect([detail === '', repair]).toEqual([false, '']);
});

const trailWith = (changes: object): Partial<Deployment> => ({
  trails: async () => (await healthy.trails()).map((each) => ({ ...each, ...changes })),
});

test.each<[string, Partial<Deployment>]>([
  ['account', { caller: async () => ({ account: '999988887777', arn: 'arn', theirs: now }) }],
  ['clock', { caller: async () => ({ account: security, arn: 'arn', theirs: '2026-11-22T03:04:00Z' as Instant }) }],
  ['trail', trailWith({ bucket: 'another' })],
  ['trail.organization', trailWith({ isOrganizationTrail: false })],
  ['trail.regions', trailWith({ isMultiRegion: false })],
  ['trail.logging', trailWith({ isLogging: false })],
  ['trail.logging', trailWith({ deliveryFault: 'AccessDenied' })],
  ['trail.delivery', trailWith({ lastDelivery: '2026-11-21T20:00:00Z' })],
  ['trail.validation', trailWith({ logFileValidation: false })],
  ['trail.digests', trailWith({ lastDigest: null })],
  ['fast-lane.rule', { rules: async () => [{ name: 'fast', state: 'ENABLED' }] }],
  ['fast-lane.rule', { rules: async () => [] }],
  ['functions', { functions: async () => [{ name: 'f', state: 'Active', sources: ['Enabled', 'Disabled'] }] }],
  ['functions', { functions: async () => [] }],
  ['queues.dead-letters', { queues: async () => [{ name: 'd', waiting: 1, ageSeconds: 5, isDeadLetters: true }] }],
  ['queues.age', { queues: async () => [{ name: 'q', waiting: 1, ageSeconds: 4000, isDeadLetters: false }] }],
  ['management-account', { managementAccount: async () => ({ id: '999988887777' }) }],
  ['slack', { slack: async () => ({ team: configuration.slack.team, scopes: ['commands', 'groups:history'] }) }],
  [
    'slack',
    { slack: async () => ({ team: 'TOTHER', scopes: ['chat:write', 'commands', 'users:read', 'groups:history'] }) },
  ],
])('%s fails alone, with its repair', async (check, changes) => {
  const { open } = await look(changes);
  expect(open.map((each) => [each.check, each.verdict])).toEqual([[check, 'fails']]);
  expect(open[0]!.repair).not.toBe('');
});

test('what cannot be seen is no answer: it is told as unknown, and the rest goes on', async () => {
  const denied = async () => Promise.reject(Object.assign(new Error('no'), { name: 'AccessDeniedException' }));
  const { findings, open } = await look({ trails: denied, queues: denied, slack: denied });
  expect(open.map(({ check, verdict }) => `${check} ${verdict}`)).toEqual([
    'trail unknown',
    'queues unknown',
    'slack unknown',
  ]);
  expect(open[0]!.detail).toContain('AccessDeniedException: no');
  expect(findings.length).toBeGreaterThan(10);
});

test('an account whose identities were never read, and hours that nobody proved, are named', async () => {
  const { open } = await look(
    {},
    {
      inventories: { read: async () => undefined },
      ledger: memoryLedgerStore({ rank: rankBy('test') }),
      probe: null,
    },
  );
  expect(open.map(({ check, verdict }) => `${check} ${verdict}`)).toEqual([
    ...accounts.flatMap(() => ['account.member fails', 'account.coverage fails']),
    'management-account fails',
    'fast-lane.read unknown',
  ]);
  expect(open[1]!.detail).toContain('no proof of 24 hours of 2026-11-20');
});

test('a read that does not arrive by the fast lane within five minutes fails, after it was waited for', async () => {
  let waited = 0;
  const { open } = await look(
    {},
    {
      probe: { read: async () => ({ account: '444455556666', principal }) },
      wait: async (seconds) => {
        waited += seconds;
      },
    },
  );
  expect(open.map(({ check, detail }) => [check, detail])).toEqual([
    ['fast-lane.read', 'a read in 444455556666 did not arrive in 300 s'],
  ]);
  expect(waited).toBe(300);
});

test('without a trail the doctor says that nothing will ever be right-sized', async () => {
  const { open } = await look({}, { configuration: { ...configuration, trail: null } });
  expect(open.map(({ check }) => check)).toEqual(['trail']);
});

test('an account that was only followed by events, and parts that may not be read, are named with their age', async () => {
  const old = '2026-11-19T02:17:00Z' as Instant;
  const denied = { at: recently, detail: 'sqs:ListQueues' };
  const parts = [
    { part: 'identities', takenAt: old, denied: null },
    { part: 'sqs eu-west-1', takenAt: old, denied },
  ];
  const read = async (account: string) => inventory({ account, takenAt: recently, parts });
  const { open } = await look({}, { inventories: { read } });
  const [first] = open;
  expect(first).toMatchObject({ check: 'account.member', detail: expect.stringContaining(old) });
  expect(open.find(({ check }) => check === 'account.parts')).toMatchObject({
    verdict: 'fails',
    detail: expect.stringContaining(`sqs eu-west-1 (known as of ${old}): sqs:ListQueues`),
  });
});
