import { memorySigner } from '../../../adapters/memory/signer.ts';
import type { Change, Plan } from '../../../core/changes/change.ts';
import { digestOf } from '../../../core/changes/digest.ts';
import { decideChange } from '../../../usecases/decide-change.ts';
import type { SignedAsk } from '../../../usecases/ports/signed-asks.ts';
import { lendingPlan, sampleChange } from '../../adapters/slack/samples.ts';
import { callers, configuration, desk, headersOf, start } from './desk.ts';
import { forge } from './forge.ts';
import { startSts } from './sts.ts';

let sts: Awaited<ReturnType<typeof startSts>>;
beforeAll(async () => {
  sts = await startSts(Object.values(callers));
});
afterAll(() => sts.stop());

const secrets: Plan = {
  ...lendingPlan,
  terms: {
    kind: 'lending',
    actions: ['secretsmanager:GetSecretValue'],
    resources: ['arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop'],
    duration: 3600,
    reason: 'rotate it by hand',
  },
};
const id = 'change-1';
const digest = digestOf(secrets);

/** A change that is riskier than a click may approve. */
async function asked() {
  const it = desk(sts.url);
  const change = sampleChange(secrets, {
    beneficiary: 'eve',
    requester: 'eve',
    decideBy: '2999-01-01T00:00:00Z' as never,
  });
  await it.state.changes.commit(undefined, change, []);
  const confirm = (who: Parameters<typeof forge>[0]['who'], ask: SignedAsk = { type: 'confirm', change: id, digest }) =>
    it.send({ ask, call: forge({ who, headers: headersOf(ask), at: start }) });
  const now = async (): Promise<Change> => (await it.state.changes.find(id))!;
  const click = () =>
    decideChange({ ...it.state, signer: memorySigner(), configuration, now: () => start })({
      change: id,
      by: 'cyd',
      verdict: 'approve',
      digest,
    });
  return { ...it, confirm, now, click };
}

test('what is risky is not approved by a click, and is by the session of an approver with a second factor', async () => {
  const { confirm, now, click } = await asked();
  expect(await click()).toEqual({ ok: false, error: 'not-confirmed' });
  const { answer } = await confirm(callers.confirming);
  expect(answer).toMatchObject({ done: true, words: 'Approved; it is being applied.' });
  expect((await now()).decisions).toMatchObject([{ by: 'cyd', confirmedBy: callers.cyd.arn }]);
});

test.each([
  ['a key of the approver, which proves no second factor', callers.cyd, 'no-second-factor'],
  ['somebody whom nobody knows', callers.ana, 'not-enrolled'],
  ['a user of Identity Center whom nobody knows', callers.ben, 'not-enrolled'],
  ['a role whose session chose a name', callers.chosen, 'not-a-person'],
] as const)('is not confirmed by %s', async (_, who, refusal) => {
  const { confirm, now } = await asked();
  expect((await confirm(who)).answer).toMatchObject({ done: false, data: { refusal } });
  expect((await now()).state).toBe('planned');
});

test('is not confirmed for what it does not say any more', async () => {
  const { confirm, now } = await asked();
  const { answer } = await confirm(callers.confirming, { type: 'confirm', change: id, digest: 'an older one' });
  expect(answer).toMatchObject({ done: false, words: expect.stringContaining('It changed since') });
  expect((await now()).state).toBe('planned');
});

test('is shown with everything that its digest is made of', async () => {
  const { confirm } = await asked();
  const { answer } = await confirm(callers.cyd, { type: 'show', change: id });
  const { change, toDecide } = answer!.data as { change: { plan: Plan; risk: string }; toDecide: string };
  expect([change.risk, toDecide, digestOf(change.plan)]).toEqual(['high', digest, digest]);
});

test('the same confirmation sent twice decides once', async () => {
  const { confirm, now } = await asked();
  await confirm(callers.confirming);
  const { version } = await now();
  expect((await confirm(callers.confirming)).answer?.done).toBe(true);
  expect((await now()).version).toBe(version);
});
