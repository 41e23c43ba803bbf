import fc from 'fast-check';
import { memoryLedgerStore } from '../../adapters/memory/ledger-store.ts';
import { memorySigner } from '../../adapters/memory/signer.ts';
import { memorySlack } from '../../adapters/memory/slack.ts';
import { memoryState } from '../../adapters/memory/state.ts';
import { readSlack } from '../../adapters/slack/payload.ts';
import { formViews, slackViews } from '../../adapters/slack/render/views.ts';
import { append } from '../../core/audit/chain.ts';
import { genesis } from '../../core/audit/event.ts';
import type { ActorId } from '../../core/identity/principal.ts';
import type { Instant } from '../../core/time.ts';
import { handleSlackHandler } from '../../lambdas/handle-slack/handler.ts';
import { receiveSlackHandler } from '../../lambdas/receive-slack/handler.ts';
import { showMessagesHandler } from '../../lambdas/show-messages/handler.ts';
import { answerCase } from '../../usecases/answer-case.ts';
import { decideChange } from '../../usecases/decide-change.ts';
import { endLease } from '../../usecases/end-lease.ts';
import { requestAccess } from '../../usecases/request-access.ts';
import { requestUndo } from '../../usecases/request-undo.ts';
import { app, formKey, pressed, signed, signingSecret, team } from '../adapters/slack/requests.ts';
import { look, quarantinePlan, sampleCase, sampleChange } from '../adapters/slack/samples.ts';
import { faults } from '../faults.ts';

const noon = '2026-03-01T12:00:00Z' as Instant;
const person = (id: string, user: string, actor: string) => ({
  id,
  name: id,
  slack: { team, user },
  actors: [actor as ActorId],
});
const configuration = {
  slack: { team, app, channel: 'C1' },
  accounts: [{ id: '111122223333', name: 'test' }],
  people: [
    person('ana', 'U1', 'arn:aws:iam::111122223333:user/ana'),
    person('ben', 'U2', 'arn:aws:iam::111122223333:user/ben'),
    person('dev', 'U3', 'arn:aws:iam::111122223333:user/dev'),
  ],
  rules: [{ name: 'all', approvers: ['ana', 'ben', 'dev'], quorum: 1 }],
  breakGlass: [],
  lending: { maxHours: 8 },
  decideWithinHours: 24,
};

/** Slack, the three functions and the stores, with faults where they are planned. */
function system(planned: ReadonlyMap<number, 'before' | 'after'> = new Map()) {
  const truth = memoryState();
  const broken = faults(planned);
  const state = {
    cases: broken.wrap(truth.cases),
    verdicts: broken.wrap(truth.verdicts),
    changes: broken.wrap(truth.changes),
    leases: broken.wrap(truth.leases),
    nonces: broken.wrap(truth.nonces),
    inbox: broken.wrap(truth.inbox),
  };
  const slack = memorySlack();
  const ledger = memoryLedgerStore({ rank: (value) => value });
  const queue: string[] = [];
  const now = () => noon;
  const unused = async () => Promise.reject(new Error('not in this test'));
  const deps = {
    ...state,
    ledger,
    configuration,
    now,
    signer: memorySigner(),
    iam: { read: unused, accessKeys: unused },
    inventories: { read: async () => undefined },
    deadLetters: { bury: unused },
    failed: () => {},
    untold: () => {},
  };
  const receive = receiveSlackHandler({
    expected: { signingSecret, formKey, slack: { app, team } },
    lending: { maxHours: 8 },
    openForm: async () => {},
    unopened: () => {},
    inbox: truth.inbox,
    enqueue: async (id) => void queue.push(id),
    count: () => {},
    now,
  });
  const handle = handleSlackHandler({
    ...deps,
    read: readSlack({ buttons: look.nonceKey, forms: formKey }),
    surfaces: { fill: unused, publish: unused },
    homeOf: unused,
    views: formViews(look),
    proveForm: () => '',
    prepareForm: unused,
    slack,
    answerCase: answerCase(deps),
    decideChange: decideChange(deps),
    requestUndo: requestUndo(deps),
    requestAccess: requestAccess(deps),
    endLease: endLease(deps),
    openProposal: unused,
    switchApplying: unused,
    switchKill: unused,
    refuseEnrolment: unused,
    objectToRules: unused,
    liftFreeze: unused,
    extendLease: unused,
    lendInstead: unused,
    answerForResidue: unused,
    tellStatus: unused,
    askAccess: unused,
    members: { standing: async () => 'member' as const },
    turnedAway: () => {},
    signed: unused,
    enrolling: () => '',
  });
  const show = showMessagesHandler({
    ...deps,
    cases: truth.cases,
    changes: truth.changes,
    leases: truth.leases,
    enrolments: truth.enrolments,
    rulebook: truth.rulebook,
    messages: truth.messages,
    slack,
    views: slackViews(look),
    channel: 'C1',
  });

  /** Everything committed so far is told to show-messages. */
  const showAll = async () => {
    const bodies = (await truth.outbox.pending(1000)).map((event) => JSON.stringify({ detail: event }));
    await show({ Records: bodies.map((body, index) => ({ messageId: `e${index}`, body })) as never });
  };
  /** Presses the button that stands in the channel now; the queue tries until it is done. */
  const press = async (actionId: string, user: string) => {
    const request = signed(pressed({ action: actionId, value: valueIn(actionId), user }), noon);
    const { statusCode } = await receive({
      headers: request.headers,
      body: request.body.toString(),
      isBase64Encoded: false,
    });
    for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
      const { batchItemFailures } = await handle({ Records: [{ messageId: 'm', body: id }] as never });
      if (batchItemFailures.length > 0) queue.push(id);
    }
    return statusCode;
  };
  const valueIn = (actionId: string): string => {
    const elements = slack
      .messages('C1')
      .flatMap(({ blocks }) => blocks.flatMap((block) => (block.type === 'actions' ? block.elements : [])));
    const found = elements.find((it) => 'action_id' in it && it.action_id === actionId);
    if (found?.type !== 'button' || found.value === undefined) throw new Error(`no button ${actionId} in the channel`);
    return found.value;
  };
  const said = () => slack.whispers().map(({ text }) => text);
  const shown = () => slack.messages('C1').map(({ blocks }) => JSON.stringify(blocks));
  return { truth, press, showAll, said, shown };
}

type System = ReturnType<typeof system>;

async function openCase({ truth, showAll }: System) {
  const { event, head } = append(genesis, {
    aggregate: { type: 'case', id: sampleCase().id },
    type: 'case.opened',
    at: noon,
    by: 'detect-anomaly',
  });
  await truth.cases.commit(undefined, sampleCase({ audit: head }), [event]);
  await showAll();
}

async function planChange({ truth, showAll }: System) {
  const { event, head } = append(genesis, {
    aggregate: { type: 'change', id: sampleChange().id },
    type: 'change.planned',
    at: noon,
    by: 'test',
  });
  await truth.changes.commit(undefined, sampleChange(quarantinePlan, { audit: head }), [event]);
  await showAll();
}

const eventsOf = async ({ truth }: System) => (await truth.outbox.pending(1000)).map(({ type }) => type);

test('a case is posted, answered by its button, and the message says so', async () => {
  const it = system();
  await openCase(it);
  expect(await it.press('leastwise:case:expected', 'U1')).toBe(200);
  await it.showAll();
  expect(it.said()).toEqual(['Noted: expected.']);
  expect(it.shown()).toEqual([expect.stringContaining('Expected, says Ana')]);
  expect((await it.truth.verdicts.ofActor(sampleCase().actor)).map(({ verdict }) => verdict)).toEqual(['expected']);
});

test('nobody answers for themselves, and the button still serves others', async () => {
  const it = system();
  await openCase(it);
  await it.press('leastwise:case:expected', 'U3');
  expect(it.said()).toEqual(['Nobody decides for themselves: somebody else has to.']);
  await it.press('leastwise:case:expected', 'U2');
  expect(it.said()[1]).toBe('Noted: expected.');
});

test('an answer to a case that has grown since is refused', async () => {
  const it = system();
  await openCase(it);
  const before = (await it.truth.cases.find(sampleCase().id))!;
  const first = [...before.first, { kind: 'action' as const, action: 'iam:AttachUserPolicy' }];
  await it.truth.cases.commit(before, { ...before, version: 2, first }, []);
  await it.press('leastwise:case:expected', 'U1');
  expect(it.said()).toEqual([expect.stringContaining('It changed since it was shown to you')]);
});

test('a change is approved by its button', async () => {
  const it = system();
  await planChange(it);
  await it.press('leastwise:change:approve', 'U1');
  expect((await it.truth.changes.find('change-1'))?.state).toBe('approved');
  expect(it.said()).toEqual(['Approved; it is being applied.']);
});

const crashes = fc
  .uniqueArray(fc.tuple(fc.nat(25), fc.constantFrom('before' as const, 'after' as const)), {
    selector: ([call]) => call,
    maxLength: 5,
  })
  .map((pairs) => new Map(pairs));

test('wherever the function dies, a click decides exactly once', () =>
  fc.assert(
    fc.asyncProperty(crashes, async (planned) => {
      const answering = system(planned);
      await openCase(answering);
      await answering.press('leastwise:case:expected', 'U1');
      expect((await eventsOf(answering)).filter((type) => type === 'case.expected')).toHaveLength(1);
      expect(await answering.truth.verdicts.ofActor(sampleCase().actor)).toHaveLength(1);
      expect(answering.said().at(-1)).toBe('Noted: expected.');

      const deciding = system(planned);
      await planChange(deciding);
      await deciding.press('leastwise:change:approve', 'U1');
      expect(await eventsOf(deciding)).toEqual(['change.planned', 'change.approved']);
      expect(deciding.said().at(-1)).toBe('Approved; it is being applied.');
    }),
    { numRuns: 100 },
  ));
