import { memoryMessageStore } from '../../adapters/memory/message-store.ts';
import { memorySlack } from '../../adapters/memory/slack.ts';
import { slackViews } from '../../adapters/slack/render/views.ts';
import type { ApproverRule, StandingDecision } from '../../core/approvals/rules.ts';
import { verifyChain } from '../../core/audit/chain.ts';
import { leaseIdOf } from '../../core/changes/applied.ts';
import { digestToDecide } from '../../core/changes/digest.ts';
import type { Configuration } from '../../core/configuration.ts';
import type { ActorId } from '../../core/identity/principal.ts';
import { secondsOf } from '../../core/time.ts';
import { answerForResidue } from '../../usecases/answer-for-residue.ts';
import { applyChange } from '../../usecases/apply-change.ts';
import { decideChange } from '../../usecases/decide-change.ts';
import { endLeaseOfReview } from '../../usecases/end-leases-of.ts';
import { lapseChanges } from '../../usecases/lapse-changes.ts';
import { type AccessRequest, requestAccess } from '../../usecases/request-access.ts';
import { showChange } from '../../usecases/show-change.ts';
import { tellDeciders } from '../../usecases/tell-deciders.ts';
import { account, type ChangeWorld, changeWorld, configuration, later, loan, settle } from './change-world.ts';

const standing: StandingDecision = {
  name: 'night',
  people: ['ada'],
  accounts: [account],
  classes: ['discovery', 'metadata-read', 'write'],
  maxHours: 2,
  reviewWithinHours: 24,
};
const two: ApproverRule = { name: 'two', approvers: ['ada', 'ben', 'cyd'], quorum: 2 };
const settings: Configuration = { ...configuration, rules: [two], standing: [standing], confirmAbove: 'high' };
const urgent = { ...loan, actions: ['s3:PutObject'], emergency: true };

async function taken(more: Partial<Configuration> = {}, request: Partial<AccessRequest> = {}) {
  const world = await changeWorld();
  const deps = { ...world.deps, configuration: { ...settings, ...more } };
  const change = await requestAccess(deps)({ ...urgent, ...request });
  return { world: { ...world, deps } as ChangeWorld, deps, change };
}

const leaseOf = (world: ChangeWorld, change: string) => world.state.leases.find(leaseIdOf(change));
const now = async (world: ChangeWorld, id: string) => (await world.state.changes.find(id))!;
const say = async (world: ChangeWorld, id: string, by: string, verdict: 'approve' | 'deny', confirmation?: ActorId) => {
  const digest = digestToDecide(await now(world, id));
  return decideChange(world.deps)({
    change: id,
    by,
    verdict,
    digest,
    key: `${by}/${verdict}`,
    ...(confirmation && { confirmation: { actor: confirmation, digest } }),
  });
};
const chainOf = async (world: ChangeWorld, id: string) => {
  await settle(world);
  return world.archive.chain('change', id);
};

test('what was decided beforehand is taken at once, lent as planned, and alarms', async () => {
  const { world, change } = await taken();
  expect(change).toMatchObject({ state: 'approved', decisions: [{ by: 'ada', rule: 'standing:night' }] });
  const events = await chainOf(world, change.id);
  expect(events.map(({ type, data }) => [type, data.alarm])).toContainEqual(['change.approved', 'emergency']);
  expect(verifyChain(events, (await now(world, change.id)).audit)).toEqual([]);
  expect(await now(world, change.id)).toMatchObject({ state: 'verified', review: { said: null, overdue: false } });
  expect(await leaseOf(world, change.id)).toMatchObject({ state: 'active', beneficiary: 'ada' });
});

test('asking twice takes it once', async () => {
  const { world, deps, change } = await taken();
  expect(await requestAccess(deps)(urgent)).toEqual(change);
  await settle(world, 2);
  expect((await now(world, change.id)).decisions).toHaveLength(1);
});

test.each<[string, Partial<AccessRequest>, Partial<Configuration>]>([
  ['for longer', { duration: 3 * 3600 }, {}],
  ['for other actions', { actions: ['secretsmanager:GetSecretValue'] }, {}],
  ['where nothing was decided beforehand', {}, { standing: [] }],
])('%s it waits like any other request, and says so in the audit', async (_what, request, more) => {
  const { world, change } = await taken(more, request);
  expect(change).toMatchObject({ state: 'planned', decisions: [] });
  expect(change.review).toBeUndefined();
  const refusals = (await chainOf(world, change.id)).filter(({ type }) => type === 'change.decision-refused');
  expect(refusals.map(({ data }) => data.refusal)).toEqual(['no-standing-decision']);
  await say(world, change.id, 'ben', 'approve');
  expect(await say(world, change.id, 'cyd', 'approve')).toMatchObject({ ok: true, value: { state: 'approved' } });
});

test('above the bound Slack alone cannot take it; the person’s own session can', async () => {
  const confirmAbove = 'low' as const;
  const { world, change } = await taken({ confirmAbove });
  expect(change).toMatchObject({ state: 'planned', decisions: [] });
  expect(await say(world, change.id, 'ada', 'approve')).toEqual({ ok: false, error: 'not-confirmed' });
  const own = 'federated:store/ada' as ActorId;
  expect(await say(world, change.id, 'ada', 'approve', own)).toMatchObject({
    value: { state: 'approved', decisions: [{ confirmedBy: own }] },
  });
  expect((await taken({ confirmAbove }, { signedBy: own })).change.state).toBe('approved');
});

test('it is not applied where the standing decision is gone by then', async () => {
  const { world, change } = await taken();
  const deps = { ...world.deps, configuration: { ...settings, standing: [] } };
  expect(await applyChange(deps)(change.id)).toEqual({ ok: false, error: 'no-longer-approved' });
  expect(await leaseOf(world, change.id)).toBeUndefined();
});

describe('its review', () => {
  test('is by an approver who is none of its parties, once', async () => {
    const { world, change } = await taken();
    await settle(world);
    expect(await say(world, change.id, 'ada', 'approve')).toEqual({ ok: false, error: 'self-approval' });
    expect(await say(world, change.id, 'dan', 'deny')).toEqual({ ok: false, error: 'not-an-approver' });
    expect(await say(world, change.id, 'ben', 'approve')).toMatchObject({ value: { review: { said: { by: 'ben' } } } });
    expect(await say(world, change.id, 'cyd', 'deny')).toEqual({ ok: false, error: 'not-pending' });
    const types = (await chainOf(world, change.id)).map(({ type }) => type);
    expect(types.filter((type) => type === 'change.review-approved')).toHaveLength(1);
    expect(types.filter((type) => type === 'change.decision-refused')).toHaveLength(3);
    expect(await leaseOf(world, change.id)).toMatchObject({ state: 'active' });
  });

  test('that finds it wrong ends the access', async () => {
    const { world, change } = await taken();
    await settle(world);
    await say(world, change.id, 'ben', 'deny');
    expect(await endLeaseOfReview(world.deps)(change.id)).toEqual([leaseIdOf(change.id)]);
    expect(await endLeaseOfReview(world.deps)(change.id)).toEqual([]);
    await settle(world);
    expect(await leaseOf(world, change.id)).toMatchObject({ state: 'revoked', revokeReason: 'early' });
  });

  test('that finds it wrong before it was lent lends nothing', async () => {
    const { world, change } = await taken();
    await say(world, change.id, 'ben', 'deny');
    expect(await applyChange(world.deps)(change.id)).toEqual({ ok: false, error: 'no-longer-approved' });
    await settle(world);
    expect(world.writes.filter(({ value }) => value !== null)).toEqual([]);
  });

  test('to find it right is confirmed as an approval would be, to find it wrong is not', async () => {
    const { world, change } = await taken({ confirmAbove: 'low' }, { signedBy: 'federated:store/ada' as ActorId });
    await settle(world);
    expect(await say(world, change.id, 'ben', 'approve')).toEqual({ ok: false, error: 'not-confirmed' });
    expect(await say(world, change.id, 'ben', 'deny')).toMatchObject({ ok: true });
  });

  test('that nobody made in time is told once, and can still be made', async () => {
    const { world, change } = await taken();
    await settle(world);
    later(world, 24 * 3600 + 1);
    expect(await lapseChanges(world.deps)()).toEqual([change.id]);
    expect(await lapseChanges(world.deps)()).toEqual([]);
    expect((await chainOf(world, change.id)).at(-1)).toMatchObject({
      type: 'change.review-overdue',
      data: { alarm: 'review-overdue' },
    });
    expect(await say(world, change.id, 'ben', 'approve')).toMatchObject({ ok: true });
  });
});

test('whoever took it does not answer for what it left behind: nothing was decided about that beforehand', async () => {
  const { world, change } = await taken();
  await settle(world);
  const lease = (await leaseOf(world, change.id))!;
  const residue = [{ kind: 'access-key', what: 'AKIAMADEUNDERIT', until: null }] as const;
  await world.state.leases.commit(lease, { ...lease, version: lease.version + 1, state: 'verified', residue }, []);
  const answer = (by: string) => answerForResidue(world.deps)({ lease: lease.id, by, reason: 'needed', residue });
  expect(await answer('ada')).toEqual({ ok: false, error: 'self-approval' });
  expect(await answer('ben')).toMatchObject({ ok: true });
});

describe('what the same person took before', () => {
  const again = (world: ChangeWorld, key: string) => requestAccess(world.deps)({ ...urgent, key, duration: 2 * 3600 });
  const refusals = async (world: ChangeWorld, id: string) =>
    (await chainOf(world, id)).flatMap(({ data }) => ('refusal' in data ? [data.refusal] : []));

  test('and a review found wrong keeps them from taking more for a week', async () => {
    const { world, change } = await taken();
    await settle(world);
    await say(world, change.id, 'ben', 'deny');
    const next = await again(world, 'again');
    expect(next).toMatchObject({ state: 'planned', decisions: [] });
    expect(await refusals(world, next.id)).toEqual(['found-wrong']);
    await say(world, next.id, 'ben', 'approve');
    expect(await say(world, next.id, 'cyd', 'approve')).toMatchObject({ value: { state: 'approved' } });
    later(world, 7 * 86_400);
    expect(await again(world, 'much later')).toMatchObject({ state: 'approved' });
  });

  test('and nobody looked at lasts together no longer than anything is lent', async () => {
    const { world } = await taken({ lending: { maxHours: 8, maxTotalHours: 8 } });
    for (const key of ['b', 'c', 'd']) {
      later(world, 2 * 3600);
      expect(await again(world, key)).toMatchObject({ state: 'approved' });
    }
    later(world, 3600);
    const next = await again(world, 'e');
    expect(next).toMatchObject({ state: 'planned', decisions: [] });
    expect(await refusals(world, next.id)).toEqual(['not-reviewed']);
    later(world, 9 * 3600);
    expect(await again(world, 'after a break')).toMatchObject({ state: 'approved' });
  });

  test('and somebody found right counts no more', async () => {
    const { world, change } = await taken({ lending: { maxHours: 2, maxTotalHours: 2 } });
    await settle(world);
    later(world, 3600);
    expect(await again(world, 'b')).toMatchObject({ state: 'planned' });
    await say(world, change.id, 'ben', 'approve');
    expect(await again(world, 'c')).toMatchObject({ state: 'approved' });
  });
});

function board(world: ChangeWorld) {
  const slack = memorySlack(() => secondsOf(world.clock.now));
  const deps = {
    changes: world.state.changes,
    messages: memoryMessageStore(),
    slack,
    channel: 'C1',
    configuration: world.deps.configuration,
    views: slackViews({ configuration: world.deps.configuration, nonceKey: 'key' }),
    now: () => world.clock.now,
  };
  const text = (key: string) =>
    JSON.stringify(
      slack
        .messages('C1')
        .filter((it) => it.key === key)
        .map(({ text, blocks }) => [text, blocks]),
    );
  return { deps, slack, text };
}

test('the channel hears of it, loudly, and reviewers by name when half of the time is over', async () => {
  const { world, change } = await taken();
  const { deps, slack, text } = board(world);
  await showChange(deps)(change.id);
  expect(text(`change/${change.id}/emergency`)).toMatch(/<!channel> EMERGENCY ACCESS.*It was not/);
  await tellDeciders(deps)();
  expect(text(`change/${change.id}/review`)).toBe('[]');
  later(world, 12 * 3600);
  await tellDeciders(deps)();
  await tellDeciders(deps)();
  expect(slack.messages('C1').filter(({ key }) => key === `change/${change.id}/review`)).toHaveLength(1);
  expect(text(`change/${change.id}/review`)).toMatch(/ben cyd the review/);
  await say(world, change.id, 'ben', 'approve');
  await showChange(deps)(change.id);
  expect(text(`change/${change.id}/review`)).toContain('It was reviewed.');
  expect(text(`change/${change.id}/emergency`)).not.toContain('It was not');
});

test('whoever can still answer is called by name once half of the time is over, and once only', async () => {
  const { world, change } = await taken({ standing: [] });
  const { deps, slack, text } = board(world);
  const key = `change/${change.id}/escalation`;
  await showChange(deps)(change.id);
  later(world, 12 * 3600 - 1);
  await tellDeciders(deps)();
  expect(text(key)).toBe('[]');
  later(world, 1);
  await tellDeciders(deps)();
  await tellDeciders({ ...deps, slack: { ...slack, post: async () => Promise.reject(new Error('told twice')) } })();
  expect(text(key)).toMatch(/ben cyd this waits for an answer/);
  await say(world, change.id, 'ben', 'deny');
  await showChange(deps)(change.id);
  expect(text(key)).toContain('It does not wait any more.');
});
