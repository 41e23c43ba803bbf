import type { ModalView } from '@slack/types';
import { memoryInbox, memoryNonceStore } from '../../adapters/memory/inbox.ts';
import { memorySlack } from '../../adapters/memory/slack.ts';
import { memorySurfaces } from '../../adapters/memory/slack-surfaces.ts';
import { formIn, proveForm } from '../../adapters/slack/form-proof.ts';
import { readSlack } from '../../adapters/slack/payload.ts';
import { formViews } from '../../adapters/slack/render/views.ts';
import type { ActorId } from '../../core/identity/principal.ts';
import type { DeniedCall } from '../../core/leases/denied-calls.ts';
import type { Day, Instant } from '../../core/time.ts';
import { type Deps, handleSlackHandler } from '../../lambdas/handle-slack/handler.ts';
import { receiveSlackHandler } from '../../lambdas/receive-slack/handler.ts';
import { prepareForm } from '../../usecases/prepare-form.ts';
import {
  app,
  filledIn,
  formKey,
  pressed,
  sentOff,
  signed,
  signingSecret,
  team,
  typed,
} from '../adapters/slack/requests.ts';
import { lendingPlan, look, sampleChange } from '../adapters/slack/samples.ts';
import { refusedInView } from '../adapters/slack/view-limits.ts';

const noon = '2026-03-01T12:00:00Z' as Instant;
const account = '111122223333';
const user = `arn:aws:iam::${account}:user/ana`;

const denials = [
  { call: callOf('1', 's3:GetObject', 'arn:aws:s3:::logs/a'), why: 'Nothing allows it.', obstacle: null },
  {
    call: callOf('2', 's3:DeleteBucket', '*'),
    why: 'A statement denies it.',
    obstacle: 'A service control policy denies it.',
  },
];
function callOf(id: string, action: string, resource: string): DeniedCall {
  return { id, principal: user, action, resource, first: noon, last: '2026-03-01' as Day };
}

/** The endpoint and what works behind its queue, with what a form needs. */
function desk(over: Partial<Deps> = {}) {
  const inbox = memoryInbox();
  const surfaces = memorySurfaces();
  const slack = memorySlack();
  const asked: unknown[] = [];
  const away: unknown[] = [];
  const queue: string[] = [];
  const unused = async () => Promise.reject(new Error('not in this test'));
  const configuration = {
    slack: { team, app, channel: 'C0' },
    accounts: [{ id: account, name: 'shop' }],
    lending: { maxHours: 8 },
    people: [{ id: 'ana', name: 'Ana', slack: { team, user: 'U1' }, actors: [user as ActorId] }],
  };
  const receive = receiveSlackHandler({
    expected: { signingSecret, formKey, slack: { app, team } },
    lending: { maxHours: 8 },
    inbox,
    openForm: surfaces.open,
    unopened: () => {},
    enqueue: async (id) => void queue.push(id),
    count: () => {},
    now: () => noon,
  });
  const handle = handleSlackHandler({
    inbox,
    nonces: memoryNonceStore(),
    slack,
    surfaces,
    configuration,
    read: readSlack({ buttons: look.nonceKey, forms: formKey }),
    views: formViews(look),
    proveForm: (who, form) => proveForm(formKey, who, form),
    prepareForm: prepareForm({
      configuration,
      inventories: { read: async () => undefined },
      organizations: { read: async () => undefined },
      cases: { find: async () => undefined },
      listDenials: async (_, wanted = () => true) => denials.filter(({ call }) => wanted(call)),
      earlierLoans: async () => [],
    }),
    requestAccess: async (request) => {
      asked.push(request);
      return sampleChange(lendingPlan);
    },
    members: { standing: async () => 'member' },
    turnedAway: (who, why) => away.push([who.user, why]),
    deadLetters: { bury: async (body, reason) => Promise.reject(new Error(`${reason}: ${body}`)) },
    failed: (_, fault) => {
      throw fault;
    },
    untold: () => {},
    enrolling: () => '',
    signed: unused,
    answerCase: unused,
    decideChange: unused,
    requestUndo: unused,
    openProposal: unused,
    endLease: unused,
    switchApplying: unused,
    switchKill: unused,
    refuseEnrolment: unused,
    objectToRules: unused,
    extendLease: unused,
    lendInstead: unused,
    answerForResidue: unused,
    tellStatus: unused,
    askAccess: unused,
    now: () => noon,
    ...over,
  });
  const work = async () => {
    for (let id = queue.shift(); id !== undefined; id = queue.shift())
      await handle({ Records: [{ messageId: 'm', body: id }] as never });
  };
  const send = async (body: string) => {
    const request = signed(body, noon);
    const { statusCode } = await receive({ ...request, body: request.body.toString(), isBase64Encoded: false });
    await work();
    return statusCode;
  };
  const said = () => slack.whispers().map(({ to, text }) => [to.channel, text]);
  return { send, surfaces, asked, away, said };
}

const request = (text: string, who = 'U1') => typed(text, who, { trigger_id: 't.1' });
const words = (view: unknown) => JSON.stringify(view);

test('`/leastwise request` opens a form, which is filled in for whoever asked and as Slack takes it', async () => {
  const { send, surfaces, said } = desk();
  await send(request('request because the nightly job failed'));
  const view = surfaces.openedBy('t.1')!.view;
  expect(refusedInView(view)).toEqual([]);
  expect(view.submit?.text).toBe('Ask');
  expect(words(view)).toContain('Your user ana in shop');
  expect(words(view)).toContain('the nightly job failed');
  expect(formIn(formKey, { team, user: 'U1' }, view.private_metadata!)).toMatch(/^[0-9a-f]{64}$/);
  expect(formIn(formKey, { team, user: 'U2' }, view.private_metadata!)).toBeUndefined();
  expect(said()).toEqual([]);
});

test('what is sent off is the same request as one that is typed, and its answer is told in our channel', async () => {
  const { send, asked, said } = desk();
  await send(sentOff());
  expect(asked).toEqual([
    {
      key: expect.stringMatching(/^[0-9a-f]{64}$/),
      by: 'ana',
      beneficiary: 'ana',
      target: user,
      actions: ['s3:GetObject'],
      resources: ['arn:aws:s3:::logs/*'],
      duration: 3600,
      reason: 'the nightly job failed',
    },
  ]);
  expect(said()).toEqual([['C0', 'It waits for approval.']]);
});

test('one form is one request, however often it is sent off', async () => {
  const { send, asked, said } = desk();
  await send(sentOff());
  await send(sentOff(filledIn({ reason: { value: 'again' } })));
  expect(asked).toHaveLength(1);
  expect(said().at(-1)?.[1]).toMatch(/^You sent this form off already/);
});

test('what was typed into the form counts beside what was chosen', async () => {
  const { send, asked } = desk();
  const typedOnes = { value: 'arn:aws:s3:::a/*\narn:aws:s3:::b/*, arn:aws:s3:::logs/*' };
  await send(sentOff(filledIn({ more: typedOnes })));
  expect(asked).toMatchObject([{ resources: ['arn:aws:s3:::logs/*', 'arn:aws:s3:::a/*', 'arn:aws:s3:::b/*'] }]);
});

test.each([
  ['nobody knows', 'U9', {}, /not enrolled/],
  ['is a guest', 'U1', { members: { standing: async () => 'guest' as const } }, /Guests/],
])('whoever %s is told so in the form, and gets none', async (_, who, over, refusal) => {
  const { send, surfaces, away } = desk(over);
  await send(request('request', who));
  const view = surfaces.openedBy('t.1')!.view;
  expect(words(view)).toMatch(refusal);
  expect(view.submit).toBeUndefined();
  expect(refusedInView(view)).toEqual([]);
  expect(away).toHaveLength(1);
});

test('where the form is gone, whoever asked is told how else to ask', async () => {
  const { send, said } = desk({ surfaces: { fill: async () => false } });
  await send(request('request'));
  expect(said()[0]?.[1]).toMatch(/^The form is not there/);
});

test('a button of ours opens a form, as often as it is pressed', async () => {
  const { send, surfaces } = desk();
  const { button } = await import('../../adapters/slack/buttons.ts');
  const { value = '' } = button(look.nonceKey, 'form:blank', { id: 'new', digest: '', version: 1 }, { text: 'Ask' });
  for (const trigger of ['t.1', 't.2']) {
    await send(pressed({ action: 'leastwise:form:blank', value, over: { trigger_id: trigger } }));
    expect(surfaces.openedBy(trigger)!.view.submit).toBeDefined();
  }
});

test('a button that somebody made up opens nothing but a sentence', async () => {
  const { send, surfaces } = desk();
  const value = JSON.stringify({ id: 'new', digest: '', nonce: `1.${'0'.repeat(32)}` });
  await send(pressed({ action: 'leastwise:form:blank', value, over: { trigger_id: 't.1' } }));
  const opened = surfaces.openedBy('t.1')!.view;
  expect(words(opened)).toMatch(/not made by this Leastwise/);
});

/** Presses the button in a form, as Slack tells it. */
const pressIn = (view: ModalView, index: number, id: string) => {
  const [found] = view.blocks
    .flatMap((block) =>
      block.type === 'section' && 'accessory' in block && block.accessory?.type === 'button' ? [block.accessory] : [],
    )
    .slice(index);
  const over = { trigger_id: 't.9', view: { id, type: 'modal', app_id: app, private_metadata: view.private_metadata } };
  return pressed({ action: found!.action_id!, value: found!.value!, over });
};

test('`/leastwise request denied` lists what was denied, and each that can be helped becomes the form', async () => {
  const { send, surfaces } = desk();
  await send(request('request denied'));
  const { view, id } = surfaces.openedBy('t.1')!;
  expect(refusedInView(view)).toEqual([]);
  expect(words(view)).toContain('A service control policy denies it.');
  expect(words(view).match(/Request this/g)).toHaveLength(1);
  await send(pressIn(view, 0, id));
  const filled = surfaces.openedBy('t.1')!.view;
  expect(filled.submit).toBeDefined();
  expect(words(filled)).toContain('arn:aws:s3:::logs/a');
  expect(words(filled)).toContain('s3:GetObject was denied on 2026-03-01');
  expect(surfaces.openedBy('t.9')).toBeUndefined();
});
