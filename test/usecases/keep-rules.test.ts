import fc from 'fast-check';
import { memoryMessageStore } from '../../adapters/memory/message-store.ts';
import { memorySlack } from '../../adapters/memory/slack.ts';
import { memoryState } from '../../adapters/memory/state.ts';
import { slackViews } from '../../adapters/slack/render/views.ts';
import { verifyChain } from '../../core/audit/chain.ts';
import type { Configuration } from '../../core/configuration.ts';
import { digestOfRules, rulebookId, ruleSetOf } from '../../core/rulebook/rulebook.ts';
import { type Instant, plusSeconds, secondsOf } from '../../core/time.ts';
import { decideChange } from '../../usecases/decide-change.ts';
import { keepRules, objectToRules } from '../../usecases/keep-rules.ts';
import { knowPeople } from '../../usecases/know-people.ts';
import { requestAccess } from '../../usecases/request-access.ts';
import { showRules } from '../../usecases/show-rules.ts';
import { account, changeWorld, configuration, later, loan, people } from './change-world.ts';

const start = '2026-03-01T12:00:00Z' as Instant;
const day = 86_400;
const lax: Configuration = { ...configuration, rules: [{ name: 'eve', approvers: ['dan'], quorum: 1 }] };
const withoutBen: Configuration = { ...configuration, people: people.filter(({ id }) => id !== 'ben') };

function world() {
  const state = memoryState();
  const clock = { now: start };
  const now = () => clock.now;
  const deploy = (deployed: Configuration) => keepRules({ rulebook: state.rulebook, configuration: deployed, now })();
  const known = (deployed: Configuration) => knowPeople({ ...state, configuration: deployed, now })();
  const object = async (by: string, deployed: Configuration, key = by) =>
    objectToRules({ rulebook: state.rulebook, configuration: await known(deployed), now })({
      digest: digestOfRules(ruleSetOf(deployed)),
      by,
      key,
    });
  const book = async () => (await state.rulebook.find(rulebookId))!;
  const types = async () => (await state.outbox.pending(1000)).map(({ type }) => type);
  const wait = (seconds: number) => {
    clock.now = plusSeconds(clock.now, seconds);
  };
  return { state, clock, now, deploy, known, object, book, types, wait };
}

test('what is deployed first is in force at once, and before anybody wrote it down', async () => {
  const { deploy, known, book, types } = world();
  expect(await known(configuration)).toEqual(configuration);
  await deploy(configuration);
  await deploy(configuration);
  expect(await book()).toMatchObject({ number: 1, pending: null, version: 1 });
  expect(await types()).toEqual(['rules.in-force']);
  expect((await known(configuration)).rules).toEqual(configuration.rules);
});

test('what differs counts a day later, to the second, whenever the clock looked', async () => {
  const { deploy, known, book, wait, types } = world();
  await deploy(configuration);
  expect((await known(lax)).rules).toEqual(configuration.rules);
  await deploy(lax);
  wait(day - 1);
  expect((await known(lax)).rules).toEqual(configuration.rules);
  wait(1);
  expect((await known(lax)).rules).toEqual(lax.rules);
  wait(day);
  await deploy(lax);
  expect(await book()).toMatchObject({ number: 2, since: plusSeconds(start, day), pending: null });
  expect(await types()).toEqual(['rules.in-force', 'rules.pending', 'rules.in-force']);
});

test('how long it waits is itself a rule in force, not what comes with the change', async () => {
  const { deploy, book } = world();
  await deploy({ ...configuration, rulesDelayHours: 48 });
  await deploy({ ...lax, rulesDelayHours: 1 });
  expect((await book()).pending?.from).toBe(plusSeconds(start, 2 * day));
});

test('one approver who objects keeps it from coming into force, for as long as it stays deployed', async () => {
  const { deploy, known, object, wait, types, book } = world();
  await deploy(configuration);
  await deploy(lax);
  expect(await object('ben', lax)).toMatchObject({ ok: true });
  expect(await object('ben', lax)).toMatchObject({ ok: true });
  await deploy(lax);
  wait(30 * day);
  await deploy(lax);
  expect((await known(lax)).rules).toEqual(configuration.rules);
  await deploy(withoutBen);
  expect((await book()).objection).toBeNull();
  expect((await types()).slice(2)).toEqual(['rules.objected', 'rules.withdrawn', 'rules.pending']);
});

test('nobody else objects, and not once it is in force', async () => {
  const { deploy, object, wait, types } = world();
  await deploy(configuration);
  await deploy(lax);
  expect(await object('dan', lax)).toEqual({ ok: false, error: 'not-an-approver' });
  expect(await object('dan', lax)).toEqual({ ok: false, error: 'not-an-approver' });
  expect(await object('eve', lax)).toEqual({ ok: false, error: 'unknown-person' });
  wait(day);
  expect(await object('ben', lax)).toMatchObject({ ok: false });
  expect((await types()).filter((type) => type === 'rules.objection-refused')).toHaveLength(3);
});

test('a deployment that goes back is waited for no more', async () => {
  const { deploy, wait, types, known } = world();
  await deploy(configuration);
  await deploy(lax);
  await deploy(configuration);
  wait(2 * day);
  expect((await known(configuration)).rules).toEqual(configuration.rules);
  expect(await types()).toEqual(['rules.in-force', 'rules.pending', 'rules.withdrawn']);
});

test('another deployment begins to wait anew, and what waited before is told to wait no more', async () => {
  const { deploy, book, wait, types } = world();
  await deploy(configuration);
  await deploy(withoutBen);
  wait(day - 60);
  await deploy(lax);
  expect((await book()).pending?.from).toBe(plusSeconds(start, 2 * day - 60));
  expect(await types()).toEqual(['rules.in-force', 'rules.pending', 'rules.withdrawn', 'rules.pending']);
});

test('what somebody objected to is proposed again once something else was deployed, also where that was in force', async () => {
  const { deploy, object, book, wait, types } = world();
  await deploy(configuration);
  await deploy(lax);
  await object('ben', lax);
  await deploy(configuration);
  expect((await book()).objection).toBeNull();
  wait(day);
  await deploy(lax);
  expect((await book()).pending?.from).toBe(plusSeconds(start, 2 * day));
  expect(await types()).toEqual([
    'rules.in-force',
    'rules.pending',
    'rules.objected',
    'rules.withdrawn',
    'rules.pending',
  ]);
});

test('units and account rules wait, names and new accounts do not', async () => {
  const { deploy, known } = world();
  await deploy({ ...configuration, accounts: [{ id: account, name: 'test', units: ['prod'] }] });
  const other = {
    ...configuration,
    accounts: [
      { id: account, name: 'renamed' },
      { id: '444455556666', name: 'new', units: ['dev'] },
    ],
  };
  expect((await known(other)).accounts).toEqual([
    { id: account, name: 'renamed', units: ['prod'] },
    { id: '444455556666', name: 'new' },
  ]);
});

describe('whoever is taken out of the people', () => {
  async function takenOut() {
    const base = await changeWorld();
    const kept = { ...base.deps, rulebook: base.state.rulebook };
    await keepRules({ ...kept, configuration })();
    await keepRules({ ...kept, configuration: withoutBen })();
    const settings = await knowPeople({ ...base.state, configuration: withoutBen, now: base.deps.now })();
    return { world: base, deps: { ...base.deps, configuration: settings as Configuration } };
  }

  test('approves nothing from now on, and what they approved counts no more', async () => {
    const { world: base, deps } = await takenOut();
    const change = await requestAccess(deps)(loan);
    const click = { change: change.id, by: 'ben', verdict: 'approve' as const, digest: change.digest };
    expect(await decideChange(deps)(click)).toEqual({ ok: false, error: 'suspended' });
    expect(await decideChange(deps)({ ...click, by: 'cyd' })).toMatchObject({ value: { state: 'approved' } });
    later(base, 1);
  });

  test('may still say no', async () => {
    const { deps } = await takenOut();
    const change = await requestAccess(deps)(loan);
    const click = { change: change.id, by: 'ben', verdict: 'deny' as const, digest: change.digest };
    expect(await decideChange(deps)(click)).toMatchObject({ value: { state: 'denied' } });
  });

  test('may object, so that nobody is rid of all who would', async () => {
    const { deploy, object, known } = world();
    const alone: Configuration = { ...lax, people: people.filter(({ id }) => id === 'dan') };
    await deploy(configuration);
    await deploy(alone);
    expect((await known(alone)).people.filter(({ suspended }) => suspended).map(({ id }) => id)).toEqual([
      'ada',
      'ben',
      'cyd',
    ]);
    expect(await object('cyd', alone)).toMatchObject({ ok: true });
  });

  test('asks for nothing and gets nothing', async () => {
    const { deps } = await takenOut();
    const change = await requestAccess(deps)({ ...loan, by: 'ben', beneficiary: 'ben' });
    expect(change).toMatchObject({ state: 'refused', refusal: { reason: 'terms-refused' } });
  });
});

test('whatever is deployed when, the rules in force are the first, or waited a day, and the audit is whole', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ which: fc.nat(2), hours: fc.nat(30), objects: fc.boolean() }), { maxLength: 12 }),
      async (history) => {
        const { state, deploy, known, object, wait, book, clock } = world();
        const choices = [configuration, lax, withoutBen];
        const sets = choices.map((each) => digestOfRules(ruleSetOf(each)));
        await deploy(configuration);
        /** Since when each set was deployed without a break. */
        let [which, since] = [0, start];
        let counting = 0;
        for (const step of history) {
          if (step.which !== which) [which, since] = [step.which, clock.now];
          await deploy(choices[which]!);
          if (step.objects) await object('cyd', choices[which]!);
          wait(step.hours * 3600);
          const inForce = sets.indexOf(digestOfRules(ruleSetOf(await withoutSuspension(known(choices[which]!)))));
          if (inForce !== counting) {
            expect(inForce).toBe(which);
            expect(secondsOf(clock.now) - secondsOf(since)).toBeGreaterThanOrEqual(day);
            counting = inForce;
          }
        }
        const events = await state.outbox.pending(1000);
        expect(verifyChain(events, (await book()).audit)).toEqual([]);
      },
    ),
    { numRuns: 100 },
  ));

const withoutSuspension = async (known: Promise<Configuration>): Promise<Configuration> => {
  const configuration = await known;
  return { ...configuration, people: configuration.people.map(({ suspended: _, ...person }) => person) };
};

/** The messages of the rules, each brought up to what is stored as its events are handled. */
function shown({ state, now }: ReturnType<typeof world>) {
  const slack = memorySlack(() => secondsOf(now()));
  const views = slackViews({ configuration, nonceKey: 'key' });
  const messages = memoryMessageStore();
  const show = showRules({ rulebook: state.rulebook, messages, slack, channel: 'C1', views, now });
  return async () => {
    for (const { data } of await state.outbox.pending(1000)) {
      await show(data as { digest: string | null; from?: Instant });
    }
    return slack.messages('C1').map(({ blocks }) => JSON.stringify(blocks));
  };
}

test('every approver is called by name, sees what changes, and sees what became of it', async () => {
  const rules = world();
  const text = shown(rules);
  await rules.deploy(configuration);
  expect(await text()).toEqual([]);
  await rules.deploy(lax);
  expect(await text()).toEqual([expect.stringMatching(/ada ben cyd other rules were deployed.*\+ rule eve.*I object/)]);
  await rules.object('ben', lax);
  expect(await text()).toEqual([expect.stringContaining('ben objected')]);
});

test('rules that are deployed again call every approver again: nobody hears of a message that merely changes', async () => {
  const rules = world();
  const text = shown(rules);
  await rules.deploy(configuration);
  await rules.deploy(lax);
  await text();
  rules.wait(3600);
  await rules.deploy(withoutBen);
  await text();
  rules.wait(3600);
  await rules.deploy(lax);
  const gone = expect.stringContaining('Not deployed any more');
  const pending = expect.stringMatching(/ada ben cyd other rules were deployed.*\+ rule eve.*I object/);
  expect(await text()).toEqual([gone, gone, pending]);
  rules.wait(day);
  await rules.deploy(lax);
  expect(await text()).toEqual([gone, gone, expect.stringContaining('In force')]);
});
