import { memoryInventoryStore } from '../../adapters/memory/inventory-store.ts';
import { memoryLedgerStore } from '../../adapters/memory/ledger-store.ts';
import { memoryState } from '../../adapters/memory/state.ts';
import type { WindowRule } from '../../core/configuration.ts';
import type { LastAccessed } from '../../core/rightsizing/last-accessed.ts';
import type { Instant } from '../../core/time.ts';
import { proposeRightsizing } from '../../usecases/propose-rightsizing.ts';
import { account, allow, evidence, now, policy, roleArn, wholeCoverage } from '../core/rightsizing/world.ts';

const own = policy(allow(['ec2:RunInstances', 'ec2:TerminateInstances', 's3:GetObject']));
const role = (name: string, path: string) => ({
  name,
  inline: { own },
  used: ['ec2:RunInstances'],
  record: { path, createdAt: '2023-01-01T00:00:00Z' as Instant },
});

/** Judges two roles, one under /finance/, where the trail is whole for so many days. */
async function judged(days: number, windows: WindowRule[], lastAccessed?: LastAccessed) {
  const { inventory, usage } = evidence([role('ci', '/'), role('close', '/finance/')]);
  const inventories = memoryInventoryStore();
  const ledger = memoryLedgerStore({ rank: (value) => value });
  const { cases, changes, settings } = memoryState();
  await inventories.write({ ...inventory, resources: [] });
  await ledger.join([...usage.values()].flat());
  await ledger.joinCoverage(wholeCoverage(days + 2));
  const configuration = {
    breakGlass: [],
    windowDays: 90,
    decideWithinHours: 72,
    trail: null,
    regions: ['eu-central-1'],
    rightsizing: { windows },
  };
  const reports = lastAccessed && { lastAccessed: { read: async () => lastAccessed } };
  const deps = { inventories, ledger, cases, changes, settings, configuration, now: () => now, ...reports };
  const proposals = await proposeRightsizing(deps)(account);
  return new Map(proposals!.judged.map((each) => [each.principal.name, each]));
}

test('a principal under a path with a longer window waits for it, the others do not', async () => {
  const rules = [{ path: '/finance/', days: 180 }];
  const early = await judged(90, rules);
  expect(early.get('ci')?.status).toBe('proposed');
  expect(early.get('close')).toMatchObject({ status: 'not-yet-decidable', reason: 'no-ingestion' });
  expect((await judged(180, rules)).get('close')).toMatchObject({
    status: 'proposed',
    plan: { terms: { window: { from: '2026-05-23T00:00:00Z' } } },
  });
});

test('a shorter window is judged by what it covers', async () => {
  const found = await judged(30, [{ path: '/finance/', days: 30 }]);
  expect(found.get('close')?.status).toBe('proposed');
  expect(found.get('ci')).toMatchObject({ reason: 'no-ingestion' });
});

test('reports of last attempts, where there are some, reach the judgement', async () => {
  const report = { completedAt: '2026-11-20T06:00:00Z' as Instant, services: new Map([['s3', null]]) };
  const reports = { regions: ['eu-central-1'], reports: new Map([[roleArn('ci'), report]]) };
  expect((await judged(90, [])).get('ci')).toMatchObject({ removed: ['ec2:TerminateInstances'] });
  const found = await judged(90, [], reports);
  expect(found.get('ci')).toMatchObject({ removed: ['ec2:TerminateInstances', 's3:GetObject'] });
  expect(found.get('close')).toMatchObject({ removed: ['ec2:TerminateInstances'] });
});
