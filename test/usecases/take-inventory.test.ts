import { memoryIam } from '../../adapters/memory/iam.ts';
import { memoryInventoryStore } from '../../adapters/memory/inventory-store.ts';
import { partOf } from '../../core/identity/inventory-parts.ts';
import { type Instant, plusSeconds } from '../../core/time.ts';
import { takeInventoryHandler } from '../../lambdas/take-inventory/handler.ts';
import { ReadingDenied, type ResourceScan } from '../../usecases/ports/inventory-scan.ts';
import { type TakenInventory, takeAccount } from '../../usecases/take-inventory.ts';
import { account, evidence, now } from '../core/rightsizing/world.ts';

const other = '444455556666';
const queueArn = `arn:aws:sqs:eu-central-1:${account}:q`;
const bucketArn = 'arn:aws:s3:::b';

/** Two parts; each may be made to fail. */
function resourcesOf() {
  const faults = new Map<string, Error>();
  const policies = new Map([
    [queueArn, 'first'],
    [bucketArn, 'first'],
  ]);
  const reads: string[] = [];
  const resources: ResourceScan = {
    parts: ['s3', 'sqs eu-central-1'],
    read: async (of, part) => {
      reads.push(`${of} ${part}`);
      const fault = faults.get(part);
      if (fault) throw fault;
      const own = [...policies].filter(([arn]) => partOf(arn) === part);
      return { resources: own.map(([arn, policy]) => ({ arn, account: of, policy, grants: [] })), problems: [] };
    },
  };
  return { resources, faults, policies, reads };
}

function world() {
  const iam = memoryIam();
  iam.load(evidence([{ name: 'ci' }, { name: 'app' }]).inventory);
  const inventories = memoryInventoryStore();
  const live = resourcesOf();
  const clock = { now: now as Instant };
  const later = (seconds: number) => {
    clock.now = plusSeconds(clock.now, seconds);
    return clock.now;
  };
  const closed = new Set<string>();
  const scan: typeof iam.scan = async (of, at) => {
    if (closed.has(of)) throw new ReadingDenied('not authorized to perform: sts:AssumeRole');
    return iam.scan(of, at);
  };
  const deps = { scan, resources: live.resources, inventories, now: () => clock.now };
  return { iam, inventories, deps, clock, later, closed, ...live };
}

describe('taking the inventory of an account', () => {
  test('identities and what resources say are kept, with the age of each part', async () => {
    const { deps, inventories } = world();
    expect(await takeAccount(deps)(account, now)).toMatchObject({ principals: 2, denied: [], isUnfinished: false });
    const kept = await inventories.read(account);
    expect(kept?.resources?.map(({ arn, policy }) => [arn, policy])).toEqual([
      [bucketArn, 'first'],
      [queueArn, 'first'],
    ]);
    expect(kept?.parts).toEqual([
      { part: 'identities', takenAt: now, denied: null },
      { part: 's3', takenAt: now, denied: null },
      { part: 'sqs eu-central-1', takenAt: now, denied: null },
    ]);
  });

  test('a part that may no longer be read stays as it was, with its age and the reason', async () => {
    const { deps, inventories, faults, policies, later } = world();
    await takeAccount(deps)(account, now);
    policies.set(bucketArn, 'second').set(queueArn, 'second');
    faults.set('sqs eu-central-1', new ReadingDenied('sqs:ListQueues'));
    const at = later(86_400);
    expect((await takeAccount(deps)(account, at)).denied).toEqual([
      { part: 'sqs eu-central-1', detail: 'sqs:ListQueues' },
    ]);
    const kept = await inventories.read(account);
    expect(kept?.resources?.map(({ policy }) => policy)).toEqual(['second', 'first']);
    expect(kept?.parts?.at(-1)).toEqual({
      part: 'sqs eu-central-1',
      takenAt: now,
      denied: { at, detail: 'sqs:ListQueues' },
    });
    // Once it is let in again, the mark goes.
    faults.clear();
    await takeAccount(deps)(account, later(86_400));
    expect((await inventories.read(account))?.parts?.every(({ denied }) => denied === null)).toBe(true);
  });

  test('an account that lets nobody in any more keeps its identities, with their age and the reason', async () => {
    const { deps, inventories, closed, later } = world();
    await takeAccount(deps)(account, now);
    closed.add(account);
    const taken = await takeAccount(deps)(account, later(86_400));
    expect(taken).toMatchObject({ principals: 2, denied: [{ part: 'identities' }] });
    expect(taken.fault).toBeUndefined();
    const kept = await inventories.read(account);
    expect(kept).toMatchObject({ takenAt: now, principals: [{}, {}] });
    expect(kept?.parts?.[0]).toMatchObject({
      part: 'identities',
      takenAt: now,
      denied: { detail: expect.any(String) },
    });
  });

  test('of one that never let anybody in nothing is kept, and that is no fault', async () => {
    const { deps, inventories, closed } = world();
    closed.add(account);
    const taken = await takeAccount(deps)(account, now);
    expect([taken.denied.length, taken.fault]).toEqual([1, undefined]);
    expect(await inventories.read(account)).toBeUndefined();
  });

  test('a run that broke off goes on with what is left, and asks nothing twice', async () => {
    const { deps, faults, reads, later, inventories, iam } = world();
    faults.set('sqs eu-central-1', new Error('Throttling'));
    const broken = await takeAccount(deps)(account, now);
    expect(String(broken.fault)).toContain('Throttling');
    expect((await inventories.read(account))?.resources).toHaveLength(1);
    faults.clear();
    reads.length = 0;
    later(60);
    iam.throttleNext(1);
    expect((await takeAccount(deps)(account, now)).fault).toBeUndefined();
    expect(reads).toEqual([`${account} sqs eu-central-1`]);
    expect((await inventories.read(account))?.resources).toHaveLength(2);
  });

  test('where time is up, what is left is for another run', async () => {
    const { deps, reads } = world();
    const left = [true, false];
    const hasTime = () => left.shift() ?? false;
    expect(await takeAccount({ ...deps, hasTime })(account, now)).toMatchObject({ isUnfinished: true });
    expect(await takeAccount(deps)(account, now)).toMatchObject({ isUnfinished: false });
    expect(reads).toEqual([`${account} s3`, `${account} sqs eu-central-1`]);
  });

  test('a throttle leaves the earlier snapshot as it was', async () => {
    const { deps, inventories, iam, later } = world();
    await takeAccount(deps)(account, now);
    const before = await inventories.read(account);
    iam.throttleNext(1);
    expect((await takeAccount(deps)(account, later(86_400))).fault).toBeDefined();
    expect(await inventories.read(account)).toEqual(before);
  });
});

describe('the function that takes every account', () => {
  function deployed() {
    const made = world();
    const sent: string[] = [];
    const counted: number[] = [];
    const reported: unknown[] = [];
    const time = { left: true };
    const handle = takeInventoryHandler({
      ...made.deps,
      accounts: [account, other],
      organization: {
        organization: async () => {
          throw new ReadingDenied('organizations:DescribeOrganization');
        },
        identityCenter: async () => null,
      },
      organizations: {
        read: async () => undefined,
        write: async () => {},
        answers: async () => new Map(),
        keepAnswers: async () => {},
      },
      send: async (body) => void sent.push(body),
      hasTime: () => time.left,
      report: (taken) => reported.push(taken),
      count: (_, by) => counted.push(by),
      failed: () => {},
    });
    const work = async (...bodies: string[]) =>
      (await handle({ Records: bodies.map((body, at) => ({ messageId: `m-${at}`, body })) as never })) as {
        batchItemFailures: { itemIdentifier: string }[];
      };
    return { ...made, handle, work, sent, counted, reported, time };
  }

  test('asks for the organization and each account by a message of its own, all of one night', async () => {
    const { handle, sent } = deployed();
    expect(await handle({ time: '2026-11-22T02:17:00Z' })).toEqual({ asked: 3 });
    const since = '2026-11-22T02:17:00Z';
    expect(sent.map((body) => JSON.parse(body))).toEqual([
      { organization: true, since },
      { account, since },
      { account: other, since },
    ]);
  });

  test('one account that cannot be read is handed out again, and the others are kept', async () => {
    const { work, inventories, iam } = deployed();
    iam.throttleNext(1);
    const { batchItemFailures } = await work(
      JSON.stringify({ account: other, since: now }),
      JSON.stringify({ account, since: now }),
    );
    expect(batchItemFailures).toEqual([{ itemIdentifier: 'm-0' }]);
    expect((await inventories.read(account))?.principals).toHaveLength(2);
  });

  test('one that lets nobody in is an outcome: counted, told, and not tried again that night', async () => {
    const { work, closed, counted, reported } = deployed();
    closed.add(other);
    expect(await work(JSON.stringify({ account: other, since: now }))).toEqual({ batchItemFailures: [] });
    expect(counted).toEqual([1]);
    expect(reported as TakenInventory[]).toMatchObject([{ account: other, denied: [{ part: 'identities' }] }]);
    expect((await work(JSON.stringify({ organization: true, since: now }))).batchItemFailures).toEqual([]);
    expect(reported).toHaveLength(2);
  });

  test('what broke off for want of time is asked for again', async () => {
    const { work, sent, time } = deployed();
    time.left = false;
    const body = JSON.stringify({ account, since: now });
    await work(body);
    expect(sent).toEqual([body]);
    time.left = true;
    await work(body);
    expect(sent).toHaveLength(1);
  });

  test('a message that nobody of ours wrote comes back, and asks nothing', async () => {
    const { work, reads } = deployed();
    const bodies = ['{', '{"account":"1"}', JSON.stringify({ account: '999999999999', since: now })];
    expect((await work(...bodies)).batchItemFailures).toHaveLength(3);
    expect(reads).toEqual([]);
  });
});
