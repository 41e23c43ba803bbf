import { answerDigest } from '../../core/anomaly/answerable.ts';
import { verifyChain } from '../../core/audit/chain.ts';
import type { Change } from '../../core/changes/change.ts';
import { digestToDecide } from '../../core/changes/digest.ts';
import type { ActorId, PrincipalId } from '../../core/identity/principal.ts';
import { resumeChangesHandler } from '../../lambdas/resume-changes/handler.ts';
import { answerCase } from '../../usecases/answer-case.ts';
import { applyChange } from '../../usecases/apply-change.ts';
import { decideChange } from '../../usecases/decide-change.ts';
import { requestAccess } from '../../usecases/request-access.ts';
import { requestUndo } from '../../usecases/request-undo.ts';
import { type ResumeChangesDeps, resumeChanges } from '../../usecases/resume-changes.ts';
import { switchKill } from '../../usecases/switch-applying.ts';
import { undoChange } from '../../usecases/undo-change.ts';
import { sampleCase } from '../adapters/slack/samples.ts';
import {
  account,
  builder,
  type ChangeWorld,
  changeWorld,
  later,
  loan,
  picture,
  planExchange,
  planRightsizing,
} from './change-world.ts';

const both: ResumeChangesDeps['kinds'] = ['quarantine', 'rightsizing'];
const resume = (world: ChangeWorld, kinds = both) => resumeChanges({ ...world.deps, kinds })();
const changeNow = async ({ state }: ChangeWorld, id: string): Promise<Change> => (await state.changes.find(id))!;

async function approve(world: ChangeWorld, id: string, ...people: string[]): Promise<string> {
  for (const by of people) {
    const digest = digestToDecide(await changeNow(world, id));
    await decideChange(world.deps)({ change: id, by, verdict: 'approve', digest });
  }
  return id;
}

const approved = {
  rightsizing: async (world: ChangeWorld) => approve(world, await planRightsizing(world), 'ben', 'cyd'),
  exchange: async (world: ChangeWorld) => approve(world, await planExchange(world), 'ben', 'cyd'),
  quarantine: async (world: ChangeWorld) => {
    const asked = sampleCase({
      actor: builder as ActorId,
      principal: 'AIDABUILDER' as PrincipalId,
      principals: ['AIDABUILDER' as PrincipalId],
      arns: [builder],
      accounts: [account],
      accessKeyIds: ['AKIABUILDER1'],
    });
    await world.state.cases.commit(undefined, asked, []);
    const answer = { case: asked.id, by: 'ben', answer: 'not-us' as const, digest: answerDigest(asked) };
    const answered = await answerCase(world.deps)(answer);
    return answered.ok ? (answered.value.change?.id ?? '') : '';
  },
};

/** What happens before the run that dies, and the run. */
const runs = {
  applying: async (world: ChangeWorld, id: string) => ({ id, run: () => applyChange(world.deps)(id) }),
  undoing: async (world: ChangeWorld, id: string) => {
    await applyChange(world.deps)(id);
    await requestUndo(world.deps)({ change: id, by: 'ada', reason: 'it broke' });
    await approve(world, id, 'ben', 'cyd');
    return { id, run: () => undoChange(world.deps)(id) };
  },
};

const kinds = ['rightsizing', 'exchange', 'quarantine'] as const;

describe.each(kinds)('a %s whose run died and whose message is lost', (kind) => {
  test.each(['applying', 'undoing'] as const)(
    'at any call of %s comes to its end by the sweeper alone',
    async (which) => {
      const prepared = async (planned?: ReadonlyMap<number, 'before' | 'after'>) => {
        const world = await changeWorld({ ...(planned && { faults: planned }) });
        // Nobody has a session of AWS here to confirm that a quarantine is lifted.
        world.deps.configuration = { ...world.deps.configuration, confirmAbove: 'high' };
        const before = await picture(world);
        const { id, run } = await runs[which](world, await approved[kind](world));
        return { world, before, id, run };
      };
      const whole = await prepared();
      const first = whole.world.broken.calls();
      await whole.run();
      const last = whole.world.broken.calls();
      const after = await picture(whole.world);
      expect(last - first).toBeGreaterThan(5);
      const died = new Set<string>();
      for (let call = first; call < last; call += 1) {
        for (const when of ['before', 'after'] as const) {
          const { world, id, run } = await prepared(new Map([[call, when]]));
          await expect(run()).rejects.toThrow();
          died.add((await changeNow(world, id)).state);
          later(world, 600);
          expect((await resume(world)).failed).toEqual([]);
          expect((await changeNow(world, id)).state).toBe(which === 'applying' ? 'verified' : 'undone');
          expect(await picture(world)).toBe(which === 'applying' ? after : whole.before);
          expect(verifyChain(await eventsOf(world, id), (await changeNow(world, id)).audit)).toEqual([]);
          expect(await resume(world)).toEqual({ ended: [], held: [], failed: [] });
        }
      }
      const ends = { applying: ['applying', 'approved', 'verified'], undoing: ['undo-approved', 'undoing', 'undone'] };
      expect([...died].sort()).toEqual(ends[which]);
    },
  );
});

const eventsOf = async ({ state }: ChangeWorld, id: string) =>
  (await state.outbox.pending(1000)).filter(({ aggregate }) => aggregate.id === id);

/** A right-sizing that died between its first write and the read-back. */
async function halfMade() {
  const world = await changeWorld();
  const id = await approved.rightsizing(world);
  const iam = {
    ...world.iam,
    write: async (...args: Parameters<typeof world.iam.write>) => {
      await world.iam.write(...args);
      throw new Error('died');
    },
  };
  await expect(applyChange({ ...world.deps, iam })(id)).rejects.toThrow('died');
  expect((await changeNow(world, id)).state).toBe('applying');
  return { world, id };
}

test('what was decided less than ten minutes ago is on its way and left alone', async () => {
  const { world, id } = await halfMade();
  later(world, 599);
  expect(await resume(world)).toEqual({ ended: [], held: [], failed: [] });
  later(world, 1);
  expect(await resume(world)).toEqual({ ended: [id], held: [], failed: [] });
});

test('what somebody else changed meanwhile is refused and nothing of ours is left', async () => {
  const world = await changeWorld();
  const id = await approved.rightsizing(world);
  const { slot } = (await changeNow(world, id)).plan.edits[0]!;
  await world.iam.write(slot, '{"Version":"2012-10-17","Statement":[ ]}', { change: 'somebody' });
  const before = await picture(world);
  later(world, 600);
  expect((await resume(world)).ended).toEqual([id]);
  expect(await changeNow(world, id)).toMatchObject({ state: 'refused', refusal: { reason: 'base-changed' } });
  expect(await picture(world)).toBe(before);
});

test('a switch holds it, told once, and it goes on when that is turned', async () => {
  const { world, id } = await halfMade();
  await switchKill(world.deps)({ by: 'ben', killed: true });
  later(world, 600);
  for (let sweep = 0; sweep < 3; sweep += 1) expect(await resume(world)).toMatchObject({ held: [id], ended: [] });
  expect((await eventsOf(world, id)).filter(({ type }) => type === 'change.held')).toHaveLength(1);
  await switchKill(world.deps)({ by: 'ben', killed: false });
  expect(await resume(world)).toMatchObject({ held: [], ended: [id] });
});

test('only changes of its own kinds are touched, and lending never', async () => {
  const world = await changeWorld();
  const ids = [await approved.rightsizing(world), await approved.quarantine(world)] as const;
  const lent = await requestAccess(world.deps)(loan);
  await approve(world, lent.id, 'ben');
  later(world, 600);
  expect((await resume(world, ['quarantine'])).ended).toEqual([ids[1]]);
  expect((await changeNow(world, ids[0])).state).toBe('approved');
  expect((await resume(world)).ended).toEqual([ids[0]]);
  expect((await changeNow(world, lent.id)).state).toBe('approved');
});

test('what waits for a decision is not touched', async () => {
  const world = await changeWorld();
  await planRightsizing(world);
  later(world, 3600);
  expect(await resume(world)).toEqual({ ended: [], held: [], failed: [] });
});

test('one that fails does not stop the others; the handler names it and fails', async () => {
  const world = await changeWorld();
  const ids = [await approved.rightsizing(world), await approved.quarantine(world)] as const;
  later(world, 600);
  const find = async (id: string) => (id === ids[0] ? Promise.reject(new Error('throttled')) : changeNow(world, id));
  const stuck: unknown[] = [];
  const deps = { ...world.deps, changes: { ...world.state.changes, find }, kinds: both };
  const handler = resumeChangesHandler({ ...deps, stuck: (failure) => void stuck.push(failure) });
  await expect(handler()).rejects.toThrow('1 changes could not be carried out');
  expect(stuck).toEqual([{ change: ids[0], detail: 'throttled' }]);
  expect((await changeNow(world, ids[1])).state).toBe('verified');
});
