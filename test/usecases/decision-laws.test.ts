import fc from 'fast-check';
import type { ApproverRule, StandingDecision } from '../../core/approvals/rules.ts';
import { verifyChain } from '../../core/audit/chain.ts';
import { digestToDecide } from '../../core/changes/digest.ts';
import type { Configuration } from '../../core/configuration.ts';
import { registryId } from '../../core/enrolment/registry.ts';
import type { ActorId } from '../../core/identity/principal.ts';
import { digestOfRules, rulebookId, ruleSetOf } from '../../core/rulebook/rulebook.ts';
import { secondsOf } from '../../core/time.ts';
import { decideChange } from '../../usecases/decide-change.ts';
import { endLeaseOfReview, endLeasesOfLeaver } from '../../usecases/end-leases-of.ts';
import { freezeEnrolments, liftFreeze } from '../../usecases/freeze-enrolments.ts';
import { keepRules, objectToRules } from '../../usecases/keep-rules.ts';
import { knowPeople } from '../../usecases/know-people.ts';
import { lapseChanges } from '../../usecases/lapse-changes.ts';
import { requestAccess } from '../../usecases/request-access.ts';
import { account, type ChangeWorld, changeWorld, configuration, later, loan, people, settle } from './change-world.ts';

/**
 * The laws of lending over what is decided without a plain click: emergencies and their reviews, rules that change, and frozen
 * enrolments. Mutants of these guards are judged here (test/mutants).
 */
const standing: StandingDecision = {
  name: 'night',
  people: ['ada', 'dan'],
  accounts: [account],
  classes: ['metadata-read', 'discovery', 'write'],
  maxHours: 2,
  reviewWithinHours: 4,
};
const two: ApproverRule = { name: 'two', approvers: ['ada', 'ben', 'cyd'], quorum: 2 };
const settings: Configuration = { ...configuration, rules: [two], standing: [standing], confirmAbove: 'low' };
const own = (who: string) => `federated:store/${who}` as ActorId;

interface Step {
  who: string;
  verdict: 'approve' | 'deny';
  signed: boolean;
  hours: number;
  /** Whether what was decided before is carried out first. */
  settles: boolean;
}

const steps = fc.array(
  fc.record<Step>({
    who: fc.constantFrom('ada', 'ben', 'cyd', 'dan', 'eve'),
    verdict: fc.constantFrom('approve', 'deny'),
    signed: fc.boolean(),
    hours: fc.constantFrom(0, 0, 1, 3),
    settles: fc.boolean(),
  }),
  { maxLength: 8 },
);
const wishes = fc.record({
  by: fc.constantFrom('ada', 'ada', 'dan', 'cyd'),
  /** null: whoever asks. */
  beneficiary: fc.constantFrom(null, null, null, 'ada', 'dan'),
  hours: fc.constantFrom(1, 2, 3),
  actions: fc.constantFrom(['s3:GetObject'], ['s3:PutObject'], ['secretsmanager:GetSecretValue']),
  emergency: fc.constantFrom(true, true, false),
  signed: fc.boolean(),
});

interface Told {
  world: ChangeWorld;
  id: string;
}

/** Somebody asks, perhaps in an emergency, and people answer; every event is carried out. */
async function history(wish: FcOf<typeof wishes>, answers: readonly Step[]): Promise<Told> {
  const made = await changeWorld();
  const deps = { ...made.deps, configuration: settings };
  const world = { ...made, deps } as ChangeWorld;
  const { by, beneficiary, hours, actions, emergency, signed } = wish;
  const { id } = await requestAccess(deps)({
    ...loan,
    by,
    beneficiary: beneficiary ?? by,
    actions,
    duration: hours * 3600,
    ...(emergency && { emergency, ...(signed && { signedBy: own(by) }) }),
  });
  for (const [n, { who, verdict, signed: isSigned, hours: passed, settles }] of answers.entries()) {
    if (settles) await settle(world);
    later(world, passed * 3600);
    await lapseChanges(deps)();
    const digest = digestToDecide((await world.state.changes.find(id))!);
    const confirmation = { actor: own(who), digest };
    await decideChange(deps)({ change: id, by: who, verdict, digest, key: `k${n}`, ...(isSigned && { confirmation }) });
    await endLeaseOfReview(deps)(id);
  }
  await settle(world);
  return { world, id };
}
type FcOf<A> = A extends fc.Arbitrary<infer T> ? T : never;

test('P3: alone somebody takes only what was decided beforehand, for themselves, and others look at it', () =>
  fc.assert(
    fc.asyncProperty(wishes, steps, async (wish, answers) => {
      const { world, id } = await history(wish, answers);
      const change = (await world.state.changes.find(id))!;
      const { review, decisions, requester, beneficiary, plan, approvedAt } = change;
      if (approvedAt === null) return;
      const taken = decisions.filter(({ rule }) => rule.startsWith('standing:'));
      if (taken.length === 0) {
        const others = decisions.map(({ by }) => by);
        expect(new Set(others).size).toBeGreaterThanOrEqual(2);
        expect(others).not.toContain(requester);
        expect(others).not.toContain(beneficiary);
        return;
      }
      expect(wish.emergency && plan.terms.kind === 'lending' && plan.terms.emergency).toBe(true);
      expect([requester, beneficiary]).toEqual([taken[0]!.by, taken[0]!.by]);
      expect(standing.people).toContain(requester);
      expect(wish.hours).toBeLessThanOrEqual(standing.maxHours);
      expect<readonly string[]>(wish.actions).not.toContain('secretsmanager:GetSecretValue');
      // What changes anything is above the bound.
      if ((wish.actions as readonly string[]).includes('s3:PutObject'))
        expect(taken[0]!.confirmedBy).toBe(own(taken[0]!.by));
      expect(review?.due).toBeDefined();
      expect(secondsOf(review!.due) - secondsOf(approvedAt)).toBe(4 * 3600);
      if (review?.said) expect(['ben', 'cyd', 'ada'].filter((it) => it !== requester)).toContain(review.said.by);
    }),
    { numRuns: 80 },
  ));

test('P3: a review that finds it wrong leaves nothing lent', () =>
  fc.assert(
    fc.asyncProperty(wishes, steps, async (wish, answers) => {
      const { world, id } = await history({ ...wish, by: 'ada', beneficiary: 'ada', emergency: true }, answers);
      const change = (await world.state.changes.find(id))!;
      if (change.review?.said?.verdict !== 'deny') return;
      const lease = await world.state.leases.find(change.lease ?? '');
      expect(lease === undefined || ['revoked', 'verified', 'closed'].includes(lease.state)).toBe(true);
    }),
    { numRuns: 40 },
  ));

test('P3: what a review found wrong before it was lent is not lent', async () => {
  const { world, id } = await history(
    { by: 'ada', beneficiary: 'ada', hours: 1, actions: ['s3:GetObject'], emergency: true, signed: true },
    [{ who: 'ben', verdict: 'deny', signed: false, hours: 0, settles: false }],
  );
  expect(await world.state.changes.find(id)).toMatchObject({ state: 'refused', review: { said: { by: 'ben' } } });
  expect(await world.state.leases.list(10)).toEqual([]);
});

test('P3: whoever is deployed away approves nothing, and one who objects keeps the rest out', async () => {
  const { state, deps } = await changeWorld();
  const away: Configuration = { ...settings, people: people.filter(({ id }) => id !== 'ben') };
  const keep = (it: Configuration) => keepRules({ rulebook: state.rulebook, configuration: it, now: deps.now })();
  await keep(settings);
  await keep(away);
  const known = await knowPeople({ ...state, configuration: away, now: deps.now })();
  const under = { ...deps, configuration: known };
  const { id, digest } = await requestAccess(under)({ ...loan, actions: ['s3:GetObject'] });
  const say = (by: string, verdict: 'approve' | 'deny') => decideChange(under)({ change: id, by, verdict, digest });
  expect(await say('ben', 'approve')).toEqual({ ok: false, error: 'suspended' });
  expect(await say('cyd', 'approve')).toMatchObject({ value: { state: 'planned' } });
  const objection = { digest: digestOfRules(ruleSetOf(away)), by: 'ben', key: 'k' };
  const object = objectToRules({ ...deps, rulebook: state.rulebook, configuration: known });
  expect(await object({ ...objection, by: 'dan' })).toEqual({ ok: false, error: 'not-an-approver' });
  expect(await object(objection)).toMatchObject({ ok: true });
  await keep(away);
  expect((await state.rulebook.find(rulebookId))?.pending).toBeNull();
  expect(await say('ben', 'deny')).toMatchObject({ value: { state: 'denied' } });
});

test('P3: other rules do not decide before their time', async () => {
  const world = await changeWorld();
  const { state, deps } = world;
  const lax: Configuration = { ...settings, rules: [{ name: 'one', approvers: ['dan'], quorum: 1 }] };
  const decides = async () => {
    await keepRules({ rulebook: state.rulebook, configuration: lax, now: deps.now })();
    const under = { ...deps, configuration: await knowPeople({ ...state, configuration: lax, now: deps.now })() };
    const { id, digest } = await requestAccess(under)({ ...loan, key: deps.now() });
    return decideChange(under)({ change: id, by: 'dan', verdict: 'approve', digest });
  };
  await keepRules({ rulebook: state.rulebook, configuration: settings, now: deps.now })();
  expect(await decides()).toEqual({ ok: false, error: 'not-an-approver' });
  later(world, 86_399);
  expect(await decides()).toEqual({ ok: false, error: 'not-an-approver' });
  later(world, 1);
  expect(await decides()).toMatchObject({ value: { state: 'approved' } });
});

test('P9: every step of emergencies and reviews, refusals too, is one link of one chain', () =>
  fc.assert(
    fc.asyncProperty(wishes, steps, async (wish, answers) => {
      const { world, id } = await history(wish, answers);
      const { audit, version } = (await world.state.changes.find(id))!;
      const events = await world.archive.chain('change', id);
      expect(verifyChain(events, audit)).toEqual([]);
      expect(events).toHaveLength(version);
      const taken = events.filter(
        ({ type, data }) => type === 'change.approved' && String(data.rule).startsWith('standing:'),
      );
      for (const { data } of taken) expect(data).toMatchObject({ alarm: 'emergency' });
    }),
    { numRuns: 40 },
  ));

test('P9: what freezes and lifts is told, and a freeze alarms', async () => {
  const { state, deps } = await changeWorld();
  const change = { account, call: 'UpdateSAMLProvider', eventID: 'e1', who: null };
  await freezeEnrolments({ enrolments: state.enrolments, now: deps.now })(change);
  const lifting = { account, by: 'ben', digest: 'an older one', key: 'k' };
  expect(await liftFreeze({ ...deps, enrolments: state.enrolments })(lifting)).toMatchObject({ ok: false });
  const events = (await state.outbox.pending(100)).filter(({ aggregate }) => aggregate.type === 'enrolments');
  expect(events.map(({ type, data }) => [type, data.alarm])).toEqual([
    ['enrolment.frozen', 'identity-center-provider'],
    ['enrolment.lift-refused', undefined],
  ]);
  expect(verifyChain(events, (await state.enrolments.find(registryId))!.audit)).toEqual([]);
});

test('P10: a review that nobody makes is told once its time is over', async () => {
  const { world, id } = await history(
    { by: 'ada', beneficiary: 'ada', hours: 1, actions: ['s3:GetObject'], emergency: true, signed: true },
    [],
  );
  later(world, 4 * 3600);
  await lapseChanges(world.deps)();
  expect((await world.state.changes.find(id))?.review?.overdue).toBe(false);
  later(world, 1);
  await lapseChanges(world.deps)();
  expect((await world.state.changes.find(id))?.review?.overdue).toBe(true);
});

test('P6: what ended because somebody left does not begin again', async () => {
  const { world } = await history(
    { by: 'ada', beneficiary: 'ada', hours: 1, actions: ['s3:GetObject'], emergency: true, signed: true },
    [],
  );
  const user = '90676a5f-10e1-7031-c3d1-0123456789ab';
  const store = 'arn:aws:identitystore::999900001111:identitystore/d-1234567890';
  const known = people.map((it) =>
    it.id === 'ada' ? { ...it, actors: [`federated:${store}/${user}` as ActorId] } : it,
  );
  const deps = { ...world.deps, people: async () => known };
  expect(await endLeasesOfLeaver(deps)({ user: 'other', store: null })).toEqual([]);
  expect(await endLeasesOfLeaver(deps)({ user, store: 'd-1234567890' })).toHaveLength(1);
  await settle(world, 2);
  expect((await world.state.leases.list(10))[0]).toMatchObject({ state: 'revoked', revokeReason: 'offboarded' });
});
