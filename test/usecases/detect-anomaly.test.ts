import fc from 'fast-check';
import { memoryLedgerStore } from '../../adapters/memory/ledger-store.ts';
import { memorySlack } from '../../adapters/memory/slack.ts';
import { memoryState } from '../../adapters/memory/state.ts';
import { slackViews } from '../../adapters/slack/render/views.ts';
import type { Assessment, Case, Verdict } from '../../core/anomaly/case.ts';
import { casesOf } from '../../core/anomaly/cases-of.ts';
import { type Model, modelOf } from '../../core/anomaly/model.ts';
import { type Instant, instantAt, plusSeconds, secondsOf } from '../../core/time.ts';
import { rankBy } from '../../core/usage/bounded.ts';
import type { UsageEvent } from '../../core/usage/event.ts';
import { detectAnomaly } from '../../usecases/detect-anomaly.ts';
import type { Unscored } from '../../usecases/ports/ledger-store.ts';
import { caseKey, showCase } from '../../usecases/show-case.ts';
import { claimSeconds } from '../../usecases/show-message.ts';
import { sweepUnscored } from '../../usecases/sweep-unscored.ts';
import { look } from '../adapters/slack/samples.ts';
import { eventOf, known, ledgerOf, ledgerOptions, type Told, today } from '../core/anomaly/ledger-of.ts';
import { faults } from '../faults.ts';

const channel = 'C1';
type Planned = ReadonlyMap<number, 'before' | 'after'>;

/** Everything between a new row and a message in Slack; any call of any port may fail, before or after its effect. */
function world(planned: Planned = new Map()) {
  const broken = faults(planned);
  const stores = { ledger: memoryLedgerStore({ rank: rankBy(ledgerOptions.key) }), ...memoryState() };
  const slack = memorySlack();
  const clock = { now: '2026-03-20T12:00:00Z' as Instant };
  const streamed: Unscored[] = [];
  stores.ledger.marked.subscribe((mark) => streamed.push(mark));
  const deps = {
    ledger: broken.wrap(stores.ledger),
    cases: broken.wrap(stores.cases),
    verdicts: broken.wrap(stores.verdicts),
    messages: broken.wrap(stores.messages),
    slack: broken.wrap(slack),
    outbox: broken.wrap(stores.outbox),
    views: slackViews(look),
    channel,
    now: () => clock.now,
  };

  /** What a queue does: again until it succeeds. Time goes on meanwhile, so that a dead function's claim is taken over. */
  const untilDone = async (work: () => Promise<unknown>) => {
    for (let attempt = 0; attempt < 200; attempt += 1) {
      try {
        return await work();
      } catch {
        clock.now = plusSeconds(clock.now, claimSeconds);
      }
    }
    throw new Error('never done');
  };
  const record = (events: readonly UsageEvent[]) => untilDone(() => deps.ledger.join(ledgerOf(events)));
  const detect = async () => void (await detectAnomaly(deps)(streamed.splice(0)));
  const sweep = () =>
    untilDone(async () => {
      const { faults: left } = await sweepUnscored(deps)();
      if (left.length > 0) throw new Error('marks are left');
    });
  /** Domain events reach the queue in no order to rely on. */
  const show = (reversed: boolean) =>
    untilDone(async () => {
      const pending = await deps.outbox.pending(1000);
      for (const event of reversed ? pending.toReversed() : pending) {
        await showCase(deps)(event.aggregate.id);
        await deps.outbox.published(event);
      }
    });
  return { deps, stores, slack, record, detect, sweep, show, calls: broken.calls };
}

type World = ReturnType<typeof world>;

const storyOf = ({ id, actor, level, score, from, to, first, eventIDs, reasons }: Assessment) => ({
  ...{ id, actor, level, score, from, to, first, eventIDs, reasons },
});
const byId = <T extends { id: string }>(list: readonly T[]) => [...list].sort((a, b) => (a.id < b.id ? -1 : 1));
const open = (cases: readonly Case[]) => cases.filter(({ state }) => state === 'open');
const storiesIn = async ({ stores }: World) => byId(open(await stores.cases.list(10_000))).map(storyOf);
const replayed = (events: readonly UsageEvent[]) => byId(casesOf(ledgerOf(events))).map(storyOf);

const does = [
  'iam:CreateAccessKey',
  'iam:CreateUser',
  'iam:AttachUserPolicy',
  'secretsmanager:GetSecretValue',
  'cloudtrail:StopLogging',
  's3:PutObject',
  'sqs:SendMessage',
  'ec2:DescribeInstances',
  'iam:ListUsers',
];
const hello = ['alice', 'bob'].map((who) => eventOf({ ...known, who, id: `hello-${who}` }));

/** Few actors, actions and places over some hours of some days, so that everything meets everything. */
const event: fc.Arbitrary<Omit<Told, 'id'>> = fc.record(
  {
    at: fc
      .record({ day: fc.constantFrom(0, 0, 0, 1, 50), minute: fc.nat(300) })
      .map(({ day, minute }) => instantAt(secondsOf(today) - 50 * 86_400 + day * 86_400 + minute * 60)),
    does: fc.constantFrom(...does),
    who: fc.constantFrom('alice', 'alice', 'bob'),
    from: fc.constantFrom('203.0.113.7', '198.51.100.9', '192.0.2.1'),
    region: fc.constantFrom('eu-west-1', 'us-east-1'),
    denied: fc.constantFrom(false, false, false, true),
    principal: fc.constantFrom('AIDAONE', 'AIDATWO'),
  },
  { requiredKeys: ['at', 'does', 'who'] },
);
const events = fc
  .array(event, { minLength: 1, maxLength: 14 })
  .map((list) => list.map((told, i) => eventOf({ ...told, id: `e${i}` })));

/** History, and then the events in another order, some of them twice, in batches. */
const arrival = events.chain((all) =>
  fc.record({
    all: fc.constant([...hello, ...all]),
    batches: fc
      .tuple(
        fc.shuffledSubarray(all, { minLength: all.length }),
        fc.subarray(all),
        fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1 }),
      )
      .map(([order, again, sizes]) => [hello, ...batched([...order, ...again], sizes)]),
  }),
);

function batched<T>(list: readonly T[], sizes: readonly number[]): T[][] {
  const batches: T[][] = [];
  for (let at = 0, i = 0; at < list.length; i += 1) {
    const size = sizes[i % sizes.length]!;
    batches.push(list.slice(at, at + size));
    at += size;
  }
  return batches;
}

test('a first use becomes one case, one message, and no mark is left', async () => {
  const it = world();
  await it.record([...hello, eventOf({ at: today, does: 'cloudtrail:StopLogging', id: 'stop' })]);
  await it.detect();
  await it.show(false);
  expect(await it.stores.ledger.unscored(10)).toEqual([]);
  const [only, ...others] = await it.stores.cases.list(10);
  expect(others).toEqual([]);
  expect(only).toMatchObject({ state: 'open', level: 'message', eventIDs: ['stop'] });
  expect(it.slack.messages(channel).map(({ key }) => key)).toEqual([caseKey(only!.id)]);
});

test('what the stream lost is scored by the sweeper', async () => {
  const it = world();
  await it.record([...hello, eventOf({ at: today, does: 'iam:CreateAccessKey', id: 'key' })]);
  expect(await sweepUnscored(it.deps)()).toMatchObject({ commits: 1, faults: [] });
  expect(await it.stores.ledger.unscored(10)).toEqual([]);
  expect(await sweepUnscored(it.deps)()).toMatchObject({ found: 0, commits: 0 });
});

test('a used action from a place never seen is scored too, though no action is new', async () => {
  const it = world();
  const used = { does: 'iam:CreateAccessKey', who: 'alice' };
  await it.record([...hello, eventOf({ ...used, at: plusSeconds(today, -864_000), historic: true })]);
  await it.detect();
  const elsewhere = { from: '198.51.100.9', region: 'ap-south-1', agent: 'Boto3/1.34' };
  await it.record([eventOf({ ...used, ...elsewhere, at: today, id: 'elsewhere' })]);
  await it.detect();
  expect((await it.stores.cases.list(10)).map(({ eventIDs }) => eventIDs)).toEqual([['elsewhere']]);
});

test('a mark that a newer write has renewed is left for the newer one', async () => {
  const it = world();
  await it.record([...hello, eventOf({ at: today, does: 'iam:CreateAccessKey', id: 'later' })]);
  const marks = await it.stores.ledger.unscored(10);
  await it.record([eventOf({ at: plusSeconds(today, -60), does: 'iam:CreateAccessKey', id: 'earlier' })]);
  await detectAnomaly(it.deps)(marks);
  expect((await it.stores.ledger.unscored(10)).map(({ key }) => key.action)).toContain('iam:CreateAccessKey');
});

test("one actor's fault leaves its marks and does not hold up the others", async () => {
  const it = world();
  await it.record([...hello, ...['alice', 'bob'].map((who) => eventOf({ at: today, who, does: 'iam:CreateUser' }))]);
  const ofActor = async (actor: string) => {
    if (actor.endsWith('alice')) throw new Error('throttled');
    return [];
  };
  const results = await detectAnomaly({ ...it.deps, verdicts: { ofActor } })(await it.stores.ledger.unscored(10));
  expect(results.map(({ actor, fault }) => [actor.endsWith('alice'), fault === undefined])).toEqual(
    expect.arrayContaining([
      [true, false],
      [false, true],
    ]),
  );
  expect((await it.stores.ledger.unscored(10)).every(({ key }) => key.actor.endsWith('alice'))).toBe(true);
});

test('somebody else who commits first makes it look again', async () => {
  const it = world();
  await it.record([...hello, eventOf({ at: today, does: 'iam:CreateUser', id: 'user' })]);
  const marks = await it.stores.ledger.unscored(10);
  let raced = false;
  const verdicts = {
    ofActor: async (): Promise<readonly Verdict[]> => {
      if (!raced) {
        raced = true;
        await detectAnomaly(it.deps)(marks);
      }
      return [];
    },
  };
  const [result] = await detectAnomaly({ ...it.deps, verdicts })(marks);
  expect(result).toMatchObject({ commits: 0 });
  expect(result).not.toHaveProperty('fault');
  expect(await it.stores.cases.list(10)).toHaveLength(1);
});

test('whatever the order, the repetition and the split, live cases equal those of a replay', async () => {
  await fc.assert(
    fc.asyncProperty(arrival, async ({ all, batches }) => {
      const it = world();
      for (const batch of batches) {
        await it.record(batch);
        await it.detect();
      }
      expect(await storiesIn(it)).toEqual(replayed(all));
      expect(await it.stores.ledger.unscored(10)).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

test('a crash at any await between a new row and a posted message loses nothing and tells nothing twice', async () => {
  const crashes = fc.array(fc.tuple(fc.nat(150), fc.constantFrom('before' as const, 'after' as const)), {
    maxLength: 8,
  });
  await fc.assert(
    fc.asyncProperty(arrival, crashes, fc.boolean(), async ({ all, batches }, planned, reversed) => {
      const it = world(new Map(planned));
      const apart = new Set<string>();
      for (const batch of batches) {
        await it.record(batch);
        await it.detect();
        await it.show(reversed);
        await noteApart(it, apart);
      }
      await it.sweep();
      await it.show(reversed);
      await expectToldOnce(it, all, apart);
    }),
    { numRuns: 60 },
  );
});

test('and so does one crash at each await of one story', async () => {
  const story = (at: number, what: string, id: string) => eventOf({ at: plusSeconds(today, at), does: what, id });
  const batches = [
    [...hello, story(600, 'cloudtrail:StopLogging', 'b')],
    [story(0, 'iam:CreateUser', 'a')],
    [story(900, 'iam:AttachUserPolicy', 'c')],
  ];
  const through = async (planned: Planned) => {
    const it = world(planned);
    for (const batch of batches) {
      await it.record(batch);
      await it.detect();
      await it.show(true);
    }
    await it.sweep();
    await it.show(true);
    await expectToldOnce(it, batches.flat(), new Set());
    return it.calls();
  };
  const calls = await through(new Map());
  expect(calls).toBeGreaterThan(20);
  for (let call = 0; call < calls; call += 1) {
    for (const when of ['before', 'after'] as const) await through(new Map([[call, when]]));
  }
});

/** Notes which cases stand in Slack side by side while both are open: a late event may still join them. */
async function noteApart(it: World, apart: Set<string>): Promise<void> {
  const cases = new Map((await it.stores.cases.list(10_000)).map((each) => [caseKey(each.id), each]));
  const told = it.slack.messages(channel).map(({ key }) => key);
  const open = told.filter((key) => cases.get(key)?.state === 'open');
  for (const one of open) for (const other of open) apart.add(`${one} ${other}`);
}

/** Every case of the replay is open; each message-worthy one stands in Slack once, and nothing else does but digests. */
async function expectToldOnce(it: World, all: readonly UsageEvent[], apart: ReadonlySet<string>): Promise<void> {
  expect(await storiesIn(it)).toEqual(replayed(all));
  expect(await it.stores.ledger.unscored(10)).toEqual([]);
  expect(await it.stores.outbox.pending(10)).toEqual([]);
  const keys = it.slack.messages(channel).map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
  const worthy = (await storiesIn(it)).filter(({ level }) => level === 'message').map(({ id }) => caseKey(id));
  const standing = keys.filter((key) => !key.startsWith('digest/'));
  expect(worthy.filter((key) => !standing.includes(key))).toEqual([]);
  const cases = new Map((await it.stores.cases.list(10_000)).map((each) => [caseKey(each.id), each]));
  for (const key of standing.filter((each) => !worthy.includes(each))) {
    const { state, supersededBy } = cases.get(key)!;
    // Late events made the case smaller, dissolved it, or joined two that had been told: no message could take this one over.
    const successor = caseKey(supersededBy ?? '');
    if (state === 'superseded' && !apart.has(`${key} ${successor}`)) expect(worthy).not.toContain(successor);
  }
}

test('weights that a deployment sets decide what becomes a case, under ids of their own', async () => {
  const events = [known, { at: today, does: 'iam:CreateAccessKey' }].map(eventOf);
  const told = async (model: Model) => {
    const it = world();
    await it.stores.ledger.join(ledgerOf(events));
    await detectAnomaly({ ...it.deps, model })(await it.stores.ledger.unscored(10));
    return (await it.stores.cases.list(10)).map(({ id }) => id);
  };
  const [asItIs] = await told(modelOf());
  const [bolder] = await told(modelOf({ thresholds: { digest: 10 } }));
  expect(asItIs).toBeDefined();
  expect(bolder).toBeDefined();
  expect(bolder).not.toBe(asItIs);
  expect(await told(modelOf({ thresholds: { digest: 100, message: 100 } }))).toEqual([]);
});
