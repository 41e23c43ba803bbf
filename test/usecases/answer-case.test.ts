import { answerDigest } from '../../core/anomaly/answerable.ts';
import { verdictsOf } from '../../core/anomaly/answered.ts';
import type { Case, CaseId } from '../../core/anomaly/case.ts';
import type { Confirmation } from '../../core/approvals/confirmation.ts';
import { verifyChain } from '../../core/audit/chain.ts';
import { genesis } from '../../core/audit/event.ts';
import { undoDigestOf } from '../../core/changes/digest.ts';
import type { ActorId, PrincipalId } from '../../core/identity/principal.ts';
import { instantAt, plusSeconds } from '../../core/time.ts';
import type { Facet } from '../../core/usage/item.ts';
import type { LineageChild, LineageEdge } from '../../core/usage/lineage.ts';
import { answerCase } from '../../usecases/answer-case.ts';
import { decideChange } from '../../usecases/decide-change.ts';
import { quarantineOf } from '../../usecases/plan-quarantine.ts';
import { requestUndo } from '../../usecases/request-undo.ts';
import {
  account,
  arnOf,
  builder,
  type ChangeWorld,
  changeWorld,
  configuration,
  delivered,
  picture,
  rules,
  settle,
  worker,
} from './change-world.ts';

const from = instantAt(1_750_000_000);
const facet = (action: string): Facet => ({ kind: 'action', action });
const suspect = (change: Partial<Case> = {}): Case => ({
  v: 1,
  version: 1,
  id: 'case-1' as CaseId,
  state: 'open',
  actor: builder as ActorId,
  principal: 'AIDABUILDER' as PrincipalId,
  principals: ['AIDABUILDER' as PrincipalId],
  arns: [builder],
  accounts: [account],
  level: 'message',
  score: 30,
  from,
  to: plusSeconds(from, 60),
  first: [facet('s3:GetObject'), facet('cloudtrail:StopLogging')],
  eventIDs: ['e1'],
  reasons: [
    {
      facet: { kind: 'signal', action: 's3:GetObject', value: 'root-use@2025-06-15T15' },
      kind: 'root-use',
      time: from,
      eventID: 'e1',
      points: 20,
      words: 'w',
    },
    {
      facet: { kind: 'signal', action: 'iam:CreateUser', value: 'login-profile@2025-06-15T15' },
      kind: 'login-profile',
      time: from,
      eventID: 'e1',
      points: 8,
      words: 'w',
    },
  ],
  accessKeyIds: ['AKIABUILDER1'],
  openedAt: from,
  supersededBy: null,
  change: null,
  decidedBy: null,
  decidedAt: null,
  audit: genesis,
  ...change,
});

async function asked(options: Parameters<typeof changeWorld>[0] = {}, change: Partial<Case> = {}) {
  const world = await changeWorld(options);
  const it = suspect(change);
  await world.state.cases.commit(undefined, it, []);
  return { world, it };
}
const answer = (
  world: ChangeWorld,
  it: Case,
  by: string,
  what: 'expected' | 'not-us' | 'muted',
  days?: number,
  key?: string,
) => answerCase(world.deps)({ case: it.id, by, answer: what, digest: answerDigest(it), days, key });

describe('"expected"', () => {
  test.each([
    [1, 30],
    [45, 45],
    [1000, 90],
    [undefined, 90],
  ])('for %s days holds for %s, and covers nothing that is always told', async (days, held) => {
    const { world, it } = await asked();
    expect(await answer(world, it, 'ben', 'expected', days)).toMatchObject({
      ok: true,
      value: { case: { state: 'expected' } },
    });
    const verdicts = await world.state.verdicts.ofActor(it.actor);
    expect(verdicts.map((v) => v.facet.action).sort()).toEqual(['iam:CreateUser', 's3:GetObject']);
    for (const v of verdicts)
      expect(v).toMatchObject({ until: plusSeconds(world.clock.now, held * 86_400), by: 'ben' });
    expect(world.writes).toEqual([]);
  });

  test('needs as many people as the rules ask for', async () => {
    const { world, it } = await asked();
    const two = { ...configuration, rules: rules.map((rule) => ({ ...rule, quorum: 2 })) };
    const deps = { ...world.deps, configuration: two };
    const say = (by: string) => answerCase(deps)({ case: it.id, by, answer: 'expected', digest: answerDigest(it) });
    for (let i = 0; i < 2; i += 1)
      expect(await say('ben')).toMatchObject({ ok: true, value: { case: { state: 'open' } } });
    expect(await world.state.verdicts.ofActor(it.actor)).toEqual([]);
    expect(await say('cyd')).toMatchObject({ ok: true, value: { case: { state: 'expected', version: 3 } } });
  });

  test('about a case that has grown since it was shown is not taken', async () => {
    const { world, it } = await asked();
    const shown = answerDigest({ ...it, first: it.first.slice(1) });
    const said = await answerCase(world.deps)({ case: it.id, by: 'ben', answer: 'expected', digest: shown });
    expect(said).toEqual({ ok: false, error: 'digest-mismatch' });
  });
});

describe('"mute"', () => {
  test.each([
    [undefined, 7],
    [3, 3],
    [400, 14],
  ])(
    'for %s days quietens the like for %s, leaves the case open, and covers nothing that is always told',
    async (days, held) => {
      const { world, it } = await asked();
      expect(await answer(world, it, 'ben', 'muted', days)).toMatchObject({
        ok: true,
        value: { case: { state: 'open', muted: { by: 'ben' }, version: 2 }, change: null },
      });
      const verdicts = await world.state.verdicts.ofActor(it.actor);
      expect(verdicts.map((v) => v.facet.action).sort()).toEqual(['iam:CreateUser', 's3:GetObject']);
      for (const v of verdicts)
        expect(v).toMatchObject({ verdict: 'muted', until: plusSeconds(world.clock.now, held * 86_400) });
      expect(world.writes).toEqual([]);
    },
  );

  test('said twice is said once, and the case can still be answered', async () => {
    const { world, it } = await asked();
    for (let i = 0; i < 2; i += 1)
      expect(await answer(world, it, 'ben', 'muted')).toMatchObject({ ok: true, value: { case: { version: 2 } } });
    const now = (await world.state.cases.find(it.id))!;
    expect(await answer(world, now, 'cyd', 'expected')).toMatchObject({
      ok: true,
      value: { case: { state: 'expected' } },
    });
  });

  test('is not for whoever stands behind the case, nor for strangers', async () => {
    const { world, it } = await asked();
    expect(await answer(world, it, 'nobody', 'muted')).toMatchObject({ ok: false });
    expect(await world.state.verdicts.ofActor(it.actor)).toEqual([]);
  });
});

describe('"not us"', () => {
  test('takes the facets out of the baseline and cuts the user off by one approver’s click', async () => {
    const { world, it } = await asked();
    const said = await answer(world, it, 'ben', 'not-us');
    expect(said).toMatchObject({
      ok: true,
      value: { case: { state: 'not-us' }, change: { state: 'approved', requester: null } },
    });
    expect(await world.state.verdicts.ofActor(it.actor)).toHaveLength(4);
    await settle(world);
    expect(await world.iam.accessKeys(account, builder)).toEqual([
      { id: 'AKIABUILDER1', status: 'Inactive' },
      { id: 'AKIABUILDER2', status: 'Inactive' },
    ]);
    expect(await picture(world)).toContain('LeastwiseQuarantine');
  });

  test.each(['user', 'role'] as const)(
    'is lifted byte for byte, but only by a decision of others: %s',
    async (type) => {
      const role = {
        actor: worker as ActorId,
        principal: 'AROAWORKER' as PrincipalId,
        principals: ['AROAWORKER' as PrincipalId],
        arns: [worker],
      };
      const { world, it } = await asked({}, type === 'role' ? role : {});
      const before = await picture(world);
      await answer(world, it, 'ben', 'not-us');
      await settle(world);
      expect(await picture(world)).not.toBe(before);
      const id = quarantineOf(it);
      await requestUndo(world.deps)({ change: id, by: 'ben', reason: 'it was us after all' });
      const { undo, digest } = (await world.state.changes.find(id))!;
      const shown = undoDigestOf({ id, digest, undo });
      const decide = (by: string, confirmation?: Confirmation) =>
        decideChange(world.deps)({
          change: id,
          by,
          verdict: 'approve',
          digest: shown,
          ...(confirmation && { confirmation }),
        });
      expect(await decide('ben')).toEqual({ ok: false, error: 'self-approval' });
      expect(await decide('cyd')).toEqual({ ok: false, error: 'not-confirmed' });
      const confirmation = { actor: 'federated:store/cyd' as ActorId, digest: shown };
      expect(await decide('cyd', confirmation)).toMatchObject({ ok: true, value: { state: 'undo-approved' } });
      await settle(world);
      expect(await world.state.changes.find(id)).toMatchObject({ state: 'undone' });
      expect(await picture(world)).toBe(before);
    },
  );

  test('waits for a second person where the rules ask for two', async () => {
    const { world, it } = await asked();
    const two = { ...configuration, rules: rules.map((rule) => ({ ...rule, quorum: 2 })) };
    const said = await answerCase({ ...world.deps, configuration: two })({
      case: it.id,
      by: 'ben',
      answer: 'not-us',
      digest: answerDigest(it),
    });
    expect(said).toMatchObject({
      value: { case: { state: 'not-us' }, change: { state: 'planned', decisions: [{ by: 'ben' }] } },
    });
  });

  test('about what cannot be cut is answered all the same, and says in words why nothing was done', async () => {
    const root = `arn:aws:iam::${account}:root`;
    const { world, it } = await asked(
      {},
      { principal: root as PrincipalId, principals: [root as PrincipalId], arns: [root] },
    );
    const said = await answer(world, it, 'ben', 'not-us');
    expect(said).toMatchObject({
      value: { case: { state: 'not-us' }, change: { state: 'refused', refusal: { reason: 'not-yet-decidable' } } },
    });
  });

  test('about an account that Leastwise does not know is answered, and says that nothing was done there', async () => {
    const elsewhere = 'arn:aws:iam::999988887777:user/builder';
    const { world, it } = await asked(
      {},
      { principal: 'AIDAELSEWHERE' as PrincipalId, arns: [elsewhere], accounts: ['999988887777'] },
    );
    expect(await answer(world, it, 'ben', 'not-us')).toMatchObject({
      value: { change: { state: 'refused', refusal: { detail: expect.stringContaining('999988887777') } } },
    });
    expect(await world.state.changes.find((await world.state.cases.find(it.id))?.change ?? '')).toMatchObject({
      state: 'refused',
    });
  });

  test('finds the principal by its unique id, whatever it was called then', async () => {
    const { world, it } = await asked({}, { arns: [arnOf('user', 'builder', '/old/')] });
    expect(await answer(world, it, 'ben', 'not-us')).toMatchObject({
      value: { change: { plan: { target: builder } } },
    });
  });
});

describe('nobody answers for themselves', () => {
  const edge = (actor: string): LineageEdge => ({
    child: 'AROAWORKER' as LineageChild,
    kind: 'assumed-role',
    parent: {
      principal: 'AIDACYD' as PrincipalId,
      arn: arnOf('user', 'cyd'),
      actor: actor as ActorId,
      accessKeyId: null,
      account: null,
    },
    first: { time: plusSeconds(from, -60), eventID: 'e0' },
    last: plusSeconds(from, -60),
  });
  test.each(['expected', 'not-us'] as const)('about their own identity: %s', async (what) => {
    const { world, it } = await asked({}, { actor: 'federated:store/ben' as ActorId });
    for (let i = 0; i < 2; i += 1)
      expect(await answer(world, it, 'ben', what)).toEqual({ ok: false, error: 'self-approval' });
    expect(await world.state.cases.find(it.id)).toMatchObject({ state: 'open', version: 2 });
  });

  test('about a role that they had assumed', async () => {
    const role = {
      actor: worker as ActorId,
      principal: 'AROAWORKER' as PrincipalId,
      principals: ['AROAWORKER' as PrincipalId],
      arns: [worker],
    };
    const { world, it } = await asked({}, role);
    await world.ledger.joinLineage([edge(arnOf('user', 'cyd'))]);
    expect(await answer(world, it, 'cyd', 'expected')).toEqual({ ok: false, error: 'self-approval' });
    expect(await answer(world, it, 'ben', 'not-us')).toMatchObject({
      value: { change: { state: 'approved', plan: { terms: { alsoHit: [`assumed by ${arnOf('user', 'cyd')}`] } } } },
    });
  });
});

test('somebody whom the rules do not name answers nothing, and that is kept', async () => {
  const { world, it } = await asked();
  expect(await answer(world, it, 'dan', 'not-us')).toEqual({ ok: false, error: 'not-an-approver' });
  expect(await answer(world, it, 'eve', 'expected')).toEqual({ ok: false, error: 'unknown-person' });
  await settle(world);
  const events = await world.archive.chain('case', it.id);
  expect(events.map(({ type, data }) => [type, data.refusal])).toEqual([
    ['case.answer-refused', 'not-an-approver'],
    ['case.answer-refused', 'unknown-person'],
  ]);
});

test.each(['expected', 'not-us'] as const)(
  '%s, cut off at any await and delivered again, is answered once',
  async (what) => {
    const whole = await asked();
    await answer(whole.world, whole.it, 'ben', what);
    const calls = whole.world.broken.calls();
    for (let call = 0; call < calls; call += 1) {
      for (const when of ['before', 'after'] as const) {
        const { world, it } = await asked({ faults: new Map([[call, when]]) });
        const said = await delivered(() => answer(world, it, 'ben', what));
        expect(said).toMatchObject({ ok: true, value: { case: { state: what, version: 2 } } });
        const now = (await world.state.cases.find(it.id))!;
        expect(sorted(await world.state.verdicts.ofActor(it.actor))).toEqual(sorted(verdictsOf(now, 90)));
        if (what === 'not-us')
          expect(await world.state.changes.find(now.change!)).toMatchObject({ state: 'approved', version: 2 });
        await settle(world);
        expect(verifyChain(await world.archive.chain('case', it.id), now.audit)).toEqual([]);
      }
    }
  },
);

const sorted = (rows: readonly unknown[]) =>
  rows
    .map((row) =>
      JSON.stringify(
        row,
        Object.keys(row as object)
          .concat('kind', 'action', 'value')
          .sort(),
      ),
    )
    .sort();
