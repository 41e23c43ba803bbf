import type { DynamoDBRecord, SQSEvent } from 'aws-lambda';
import type { DomainEvent } from '../../core/audit/event.ts';
import { digestToDecide } from '../../core/changes/digest.ts';
import { applyChangeHandler } from '../../lambdas/apply-change/handler.ts';
import { publishEventsHandler } from '../../lambdas/publish-events/handler.ts';
import { revokeLeaseHandler } from '../../lambdas/revoke-lease/handler.ts';
import { sweepLeasesHandler } from '../../lambdas/sweep-leases/handler.ts';
import { undoChangeHandler } from '../../lambdas/undo-change/handler.ts';
import { decideChange } from '../../usecases/decide-change.ts';
import { endLease } from '../../usecases/end-lease.ts';
import { requestAccess } from '../../usecases/request-access.ts';
import { requestUndo } from '../../usecases/request-undo.ts';
import { switchKill } from '../../usecases/switch-applying.ts';
import { aCase } from '../contracts/examples.ts';
import {
  type ChangeWorld,
  changeWorld,
  configuration,
  later,
  loan,
  oncall,
  people,
  planRightsizing,
} from '../usecases/change-world.ts';

const batch = (...bodies: unknown[]): Pick<SQSEvent, 'Records'> => ({
  Records: bodies.map((body, index) => ({
    messageId: `m${index}`,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })) as SQSEvent['Records'],
});
const told = (event: DomainEvent) => ({ source: 'leastwise', 'detail-type': event.type, detail: event });

async function handlers(options: Parameters<typeof changeWorld>[0] = {}) {
  const world = await changeWorld(options);
  const buried: [string, string][] = [];
  const failed: string[] = [];
  const lags: number[] = [];
  const deps = {
    ...world.deps,
    people: async () => people,
    deployed: configuration,
    deadLetters: { bury: async (body: string, reason: string) => void buried.push([body, reason]) },
    failed: (id: string) => void failed.push(id),
    stuck: ({ lease }: { lease: string }) => void failed.push(lease),
    lag: (seconds: number) => void lags.push(seconds),
    eventOf: (record: DynamoDBRecord) => record.dynamodb?.NewImage as unknown as DomainEvent | undefined,
  };
  const eventsOf = async (type: string) =>
    (await world.state.outbox.pending(100)).filter((event) => event.type === type);
  return { world, deps, buried, failed, lags, eventsOf };
}

async function approve(world: ChangeWorld, id: string, ...people: string[]): Promise<void> {
  for (const by of people) {
    const change = (await world.state.changes.find(id))!;
    await decideChange(world.deps)({ change: id, by, verdict: 'approve', digest: digestToDecide(change) });
  }
}

test('what was approved is applied and what was approved to be undone is undone, from the events alone', async () => {
  const { world, deps, eventsOf } = await handlers();
  const id = await planRightsizing(world);
  await approve(world, id, 'ben', 'cyd');
  expect(await applyChangeHandler(deps)(batch(...(await eventsOf('change.approved')).map(told)))).toEqual({
    batchItemFailures: [],
  });
  expect(await world.state.changes.find(id)).toMatchObject({ state: 'verified' });
  await requestUndo(world.deps)({ change: id, by: 'ada', reason: 'it broke' });
  await approve(world, id, 'ben', 'cyd');
  expect(await undoChangeHandler(deps)(batch(...(await eventsOf('change.undo-approved')).map(told)))).toEqual({
    batchItemFailures: [],
  });
  expect(await world.state.changes.find(id)).toMatchObject({ state: 'undone' });
});

test('a poisoned message goes to the dead letters with its reason, a failing one comes back, the others go on', async () => {
  const { world, deps, buried, failed, eventsOf } = await handlers();
  const id = await planRightsizing(world);
  await approve(world, id, 'ben', 'cyd');
  const [good] = (await eventsOf('change.approved')).map(told);
  const lease = { detail: { aggregate: { type: 'lease', id: 'x' } } };
  const changes = {
    ...world.deps.changes,
    find: async (wanted: string) => {
      if (wanted === 'chg-broken') throw new Error('the table is away');
      return world.state.changes.find(wanted);
    },
  };
  const broken = { detail: { aggregate: { type: 'change', id: 'chg-broken' } } };
  const answer = await applyChangeHandler({ ...deps, changes })(batch('{not json', lease, broken, good));
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm2' }] });
  expect(failed).toEqual(['m2']);
  expect(buried).toEqual([
    ['{not json', 'not an event of a change'],
    [JSON.stringify(lease), 'not an event of a change'],
  ]);
  expect(await world.state.changes.find(id)).toMatchObject({ state: 'verified' });
});

test('what a switch holds half way comes back until the switch is turned', async () => {
  const { world, deps, eventsOf } = await handlers();
  const id = await planRightsizing(world);
  await approve(world, id, 'ben', 'cyd');
  const messages = batch(...(await eventsOf('change.approved')).map(told));
  const throttled = { ...deps, iam: { ...world.iam, write: async () => Promise.reject(new Error('throttled')) } };
  const back = { batchItemFailures: [{ itemIdentifier: 'm0' }] };
  expect(await applyChangeHandler(throttled)(messages)).toEqual(back);
  await switchKill(world.deps)({ by: 'dan', killed: true });
  expect(await applyChangeHandler(deps)(messages)).toEqual(back);
  expect(world.writes).toEqual([]);
  await switchKill(world.deps)({ by: 'ben', killed: false });
  expect(await applyChangeHandler(deps)(messages)).toEqual({ batchItemFailures: [] });
  expect(await world.state.changes.find(id)).toMatchObject({ state: 'verified' });
});

test.each(['schedule', 'request'] as const)('lent access is taken back by %s', async (how) => {
  const { world, deps, eventsOf } = await handlers();
  const { id } = await requestAccess(world.deps)(loan);
  await approve(world, id, 'ben');
  await applyChangeHandler(deps)(batch(...(await eventsOf('change.approved')).map(told)));
  const lease = id.slice(4);
  if (how === 'request') await endLease(world.deps)({ lease, by: 'ada' });
  const messages = how === 'schedule' ? [{ lease }] : (await eventsOf('lease.revoking')).map(told);
  expect(messages).toHaveLength(1);
  expect(await revokeLeaseHandler(deps)(batch(...messages))).toEqual({ batchItemFailures: [] });
  const revokeReason = how === 'schedule' ? 'ended' : 'early';
  expect(await world.state.leases.find(lease)).toMatchObject({ state: 'revoked', revokeReason });
});

describe('early, without anybody asking', () => {
  async function lentTo() {
    const made = await handlers();
    const { id } = await requestAccess(made.world.deps)(loan);
    await approve(made.world, id, 'ben');
    await applyChangeHandler(made.deps)(batch(...(await made.eventsOf('change.approved')).map(told)));
    const now = async () => (await made.world.state.leases.find(id.slice(4)))!;
    return { ...made, now };
  }
  const notUs = { detail: { aggregate: { type: 'case', id: 'case-1' }, by: 'ben' } };

  test.each([
    ['of the beneficiary', { actor: people[0]!.actors[0]! }],
    ['on what it is lent', { actor: 'x' as never, arns: [oncall] }],
  ])('what is lent ends when a case %s was not theirs', async (_what, part) => {
    const { world, deps, eventsOf, now } = await lentTo();
    const other = { principals: [], arns: [], ...part };
    await world.state.cases.commit(undefined, aCase({ ...other, state: 'open' }), []);
    expect(await revokeLeaseHandler(deps)(batch(notUs))).toEqual({ batchItemFailures: [] });
    expect(await now()).toMatchObject({ state: 'active' });
    await world.state.cases.commit(aCase(other), aCase({ ...other, state: 'not-us', version: 2 }), []);
    await revokeLeaseHandler(deps)(batch(notUs));
    expect(await now()).toMatchObject({ state: 'revoking', revokeReason: 'alarm' });
    await revokeLeaseHandler(deps)(batch(...(await eventsOf('lease.revoking')).map(told)));
    expect(await now()).toMatchObject({ state: 'revoked', revokeReason: 'alarm' });
  });

  test('a case of somebody else ends nothing', async () => {
    const { world, deps, now } = await lentTo();
    const someone = { actor: people[1]!.actors[0]!, principals: [], arns: [] };
    await world.state.cases.commit(undefined, aCase({ ...someone, state: 'not-us' }), []);
    await revokeLeaseHandler(deps)(batch(notUs));
    expect(await now()).toMatchObject({ state: 'active' });
  });

  test('whoever is no longer known keeps nothing, and an empty list of people says nothing', async () => {
    const { deps, now } = await lentTo();
    await sweepLeasesHandler({ ...deps, people: async () => [] })();
    await sweepLeasesHandler(deps)();
    expect(await now()).toMatchObject({ state: 'active' });
    await sweepLeasesHandler({ ...deps, people: async () => people.slice(1) })();
    expect(await now()).toMatchObject({ state: 'revoking', revokeReason: 'offboarded' });
  });

  test('whoever has left keeps nothing also where what nobody decided cannot be read', async () => {
    const { deps, now } = await lentTo();
    const changes = { ...deps.changes, list: async () => Promise.reject(new Error('a row that cannot be read')) };
    const swept = sweepLeasesHandler({ ...deps, changes, people: async () => people.slice(1) })();
    await expect(swept).rejects.toThrow('cannot be read');
    expect(await now()).toMatchObject({ state: 'revoking', revokeReason: 'offboarded' });
  });
});

test('nobody unknown ends a lease, and that is kept', async () => {
  const { world, deps, eventsOf } = await handlers();
  const { id } = await requestAccess(world.deps)(loan);
  await approve(world, id, 'ben');
  await applyChangeHandler(deps)(batch(...(await eventsOf('change.approved')).map(told)));
  expect(await endLease(world.deps)({ lease: id.slice(4), by: 'eve' })).toEqual({ ok: false, error: 'unknown-person' });
  expect(await world.state.leases.find(id.slice(4))).toMatchObject({ state: 'active' });
  expect(await eventsOf('lease.end-refused')).toHaveLength(1);
});

test('the sweeper reports what it could not take back and lapses what nobody decided', async () => {
  const { world, deps, failed, lags, eventsOf } = await handlers();
  const { id } = await requestAccess(world.deps)(loan);
  const other = await requestAccess(world.deps)({ ...loan, key: 'other' });
  await approve(world, id, 'ben');
  await applyChangeHandler(deps)(batch(...(await eventsOf('change.approved')).map(told)));
  later(world, 90_000);
  const stuck = { ...deps, iam: { ...world.iam, write: async () => Promise.reject(new Error('denied')) } };
  await expect(sweepLeasesHandler(stuck)()).rejects.toThrow('1 leases could not be revoked');
  expect(failed).toEqual([id.slice(4)]);
  expect(lags).toEqual([90_000 - 3600]);
  expect(await world.state.changes.find(other.id)).toMatchObject({ state: 'lapsed' });
  later(world, 60);
  expect(await sweepLeasesHandler(deps)()).toMatchObject({ revoked: [id.slice(4)], failed: [] });
});

describe('publishing', () => {
  const record = (event: unknown, at: number) =>
    ({ dynamodb: { SequenceNumber: `s${at}`, NewImage: event } }) as unknown as DynamoDBRecord;

  test('archives, tells and clears each event; one that fails comes back alone and stays in the outbox', async () => {
    const { world, deps, failed } = await handlers();
    await planRightsizing(world);
    const events = await world.state.outbox.pending(10);
    const heard: string[] = [];
    const bus = {
      publish: async (event: DomainEvent) => {
        if (event.type === 'change.planned') throw new Error('the bus is away');
        heard.push(event.type);
      },
    };
    const answer = await publishEventsHandler({ ...deps, bus })({ Records: [...events, undefined].map(record) });
    expect(answer).toEqual({
      batchItemFailures: [{ itemIdentifier: `s${events.findIndex((e) => e.type === 'change.planned')}` }],
    });
    expect(heard).toEqual(['settings.applying-on']);
    expect(failed).toHaveLength(1);
    expect((await world.state.outbox.pending(10)).map(({ type }) => type)).toEqual(['change.planned']);
    expect(await world.archive.chain('change', 'chg-rightsizing')).toHaveLength(1);
    expect(await publishEventsHandler(deps)({})).toEqual({ batchItemFailures: [] });
    expect(await world.state.outbox.pending(10)).toEqual([]);
  });

  test('twice is once in the archive, and nothing is told that the archive does not hold', async () => {
    const { world, deps } = await handlers();
    const events = await world.state.outbox.pending(10);
    for (let i = 0; i < 2; i += 1) await publishEventsHandler(deps)({ Records: events.map(record) });
    expect(await world.archive.chain('settings', 'settings')).toEqual(events);
    const heard: string[] = [];
    const bus = { publish: async (event: DomainEvent) => void heard.push(event.type) };
    const archive = { put: async () => Promise.reject(new Error('full')) };
    await publishEventsHandler({ ...deps, bus, archive })({ Records: events.map(record) });
    expect(heard).toEqual([]);
  });
});
