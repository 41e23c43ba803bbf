import type { Case } from '../../core/anomaly/case.ts';
import type { Place } from '../../core/findings/asff.ts';
import { exportCasesHandler } from '../../lambdas/export-cases/handler.ts';
import { exportCase } from '../../usecases/export-case.ts';
import { sampleCase } from '../adapters/slack/samples.ts';

const place: Place = { account: '999988887777', region: 'eu-central-1', partition: 'aws' };

function world(it: Case | undefined) {
  const files = new Map<string, string>();
  const told: { Id: string; RecordState: string; UpdatedAt: string }[] = [];
  const deps = {
    cases: { find: async () => it },
    files: { put: async (key: string, line: string) => void files.set(key, line) },
    hub: {
      place,
      findings: { tell: async (findings: readonly (typeof told)[number][]) => void told.push(...findings) },
    },
    now: () => '2026-03-02T10:00:00Z' as Case['from'],
  };
  return { files, told, deps };
}

test('a case becomes a file for each version and a finding, again with the same effect', async () => {
  const it = { ...sampleCase(), version: 1 };
  const { files, told, deps } = world(it);
  for (let i = 0; i < 2; i += 1) await exportCase(deps)(it.id);
  expect([...files.keys()]).toEqual([`ocsf/${it.openedAt.slice(0, 10).replaceAll('-', '/')}/${it.id}-000001.ndjson`]);
  expect(JSON.parse([...files.values()][0]!)).toMatchObject({ class_uid: 2004, activity_id: 1 });
  expect(new Set(told.map(({ Id }) => Id)).size).toBe(1);
  expect(told[0]).toMatchObject({ RecordState: 'ACTIVE', UpdatedAt: '2026-03-02T10:00:00Z' });
});

test.each([
  ['extended', { version: 2 }, 2, 'ACTIVE'],
  ['expected', { version: 3, state: 'expected' }, 3, 'ARCHIVED'],
  ['superseded', { version: 3, state: 'superseded' }, 3, 'ARCHIVED'],
  ['not us', { version: 3, state: 'not-us' }, 2, 'ACTIVE'],
] as const)('a case that is %s is told as what it is now', async (_what, over, activity, record) => {
  const { files, told, deps } = world({ ...sampleCase(), ...over });
  await exportCase(deps)('any');
  expect(JSON.parse([...files.values()][0]!)).toMatchObject({ activity_id: activity });
  expect(told[0]!.RecordState).toBe(record);
});

test('what only a rule on trial would have told is told to nobody, and what is gone neither', async () => {
  for (const it of [{ ...sampleCase(), level: 'shadow' as const }, undefined]) {
    const { files, told, deps } = world(it);
    await exportCase(deps)('any');
    expect([files.size, told.length]).toEqual([0, 0]);
  }
});

test('an output that is not wanted gets nothing', async () => {
  const { files, told, deps } = world(sampleCase());
  await exportCase({ ...deps, files: null })('any');
  await exportCase({ ...deps, hub: null })('any');
  expect([files.size, told.length]).toEqual([1, 1]);
});

test('events of cases are taken from the queue; others go to the dead letters, faults come back', async () => {
  const { files, deps } = world(sampleCase());
  const buried: string[] = [];
  const failed: string[] = [];
  const handler = exportCasesHandler({
    ...deps,
    deadLetters: { bury: async (_body: string, reason: string) => void buried.push(reason) },
    failed: (id) => void failed.push(id),
  });
  const record = (messageId: string, type: string) => ({
    messageId,
    body: JSON.stringify({ detail: { aggregate: { type, id: 'c' } } }),
  });
  type Event = Parameters<typeof handler>[0];
  expect(await handler({ Records: [record('a', 'case'), record('b', 'lease')] } as unknown as Event)).toEqual({
    batchItemFailures: [],
  });
  expect([files.size, buried]).toEqual([1, ['not an event of a case']]);
  deps.files.put = async () => {
    throw new Error('S3 is away');
  };
  expect(await handler({ Records: [record('a', 'case')] } as unknown as Event)).toEqual({
    batchItemFailures: [{ itemIdentifier: 'a' }],
  });
  expect(failed).toEqual(['a']);
});
