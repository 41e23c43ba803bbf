import { memoryInbox, memoryNonceStore } from '../../adapters/memory/inbox.ts';
import { memorySlack } from '../../adapters/memory/slack.ts';
import { memorySurfaces } from '../../adapters/memory/slack-surfaces.ts';
import { type ButtonAction, mintNonce } from '../../adapters/slack/buttons.ts';
import { proveForm } from '../../adapters/slack/form-proof.ts';
import { readSlack } from '../../adapters/slack/payload.ts';
import { formViews } from '../../adapters/slack/render/views.ts';
import { fail, ok } from '../../core/result.ts';
import type { Instant } from '../../core/time.ts';
import { type Deps, handleSlackHandler } from '../../lambdas/handle-slack/handler.ts';
import { formKey, pressed, typed } from '../adapters/slack/requests.ts';
import { lendingPlan, look, sampleCase, sampleChange } from '../adapters/slack/samples.ts';

const noon = '2026-03-01T12:00:00Z' as Instant;
const ids = { one: '1'.repeat(64), two: '2'.repeat(64), three: '3'.repeat(64) };

/** A button's value as the renderer makes it. */
const value = (action: ButtonAction, { id = 'change-1', digest = 'd', version = 1 } = {}) =>
  JSON.stringify({ id, digest, nonce: mintNonce(look.nonceKey, action, id, digest, version) });
const press = (action: ButtonAction, over: { user?: string; userTeam?: string; version?: number } = {}) =>
  pressed({ action: `leastwise:${action}`, value: value(action, over), ...over });

const blankForm = {
  carrier: null,
  actions: [],
  resources: [],
  duration: 3600,
  maxHours: 8,
  reason: '',
  notes: [],
};

function desk(over: Partial<Deps> = {}) {
  const inbox = memoryInbox();
  const slack = memorySlack();
  const surfaces = memorySurfaces();
  const asked: unknown[] = [];
  const buried: { body: string; reason: string }[] = [];
  const failed: unknown[] = [];
  const away: unknown[] = [];
  const note =
    <T>(name: string, answer: T) =>
    async (input: unknown) => {
      asked.push([name, input]);
      return answer;
    };
  const deps: Deps = {
    inbox,
    nonces: memoryNonceStore(),
    read: readSlack({ buttons: look.nonceKey, forms: formKey }),
    surfaces,
    views: formViews(look),
    proveForm: (who, form) => proveForm(formKey, who, form),
    homeOf: note('home', { at: noon, leases: [], approvals: [], waiting: [], backlog: [] }),
    prepareForm: note('form', blankForm),
    slack,
    deadLetters: { bury: async (body, reason) => void buried.push({ body, reason }) },
    configuration: {
      slack: { team: 'T1', app: 'A1', channel: 'C0' },
      people: [
        { id: 'ana', name: 'Ana', slack: { team: 'T1', user: 'U1' }, actors: [] },
        {
          id: 'ben',
          name: 'Ben',
          slack: { team: 'T1', user: 'U2' },
          actors: ['arn:aws:iam::111122223333:role/ben' as never],
        },
      ],
    },
    answerCase: note('answer', ok({ case: sampleCase({ state: 'expected' }), change: null })),
    decideChange: note('decide', ok(sampleChange(undefined, { state: 'approved' }))),
    requestUndo: note('undo', ok(sampleChange(undefined, { state: 'undo-planned' }))),
    openProposal: note('open', ok(sampleChange())),
    requestAccess: note('request', sampleChange(lendingPlan)),
    endLease: note('end', ok({})),
    switchApplying: note('switch', ok({})),
    switchKill: note('kill', ok({})),
    refuseEnrolment: note('refuse', ok({})),
    objectToRules: note('object to rules', ok(undefined)),
    liftFreeze: note('lift', ok(undefined)),
    extendLease: note('extend', ok(sampleChange(lendingPlan))),
    lendInstead: note('lend', ok(sampleChange(lendingPlan))),
    answerForResidue: note('accept', ok({})),
    tellStatus: note('status', 'Nothing is lent to you.'),
    askAccess: note('ask', 'Nobody can.'),
    members: { standing: async () => 'member' },
    turnedAway: ({ user }, why) => away.push([user, why]),
    signed: async () => fail('nothing signed in this test'),
    enrolling: ({ team: of, user }) => `a code for ${of}/${user}`,
    untold: (fault) => failed.push(fault),
    failed: (_, fault) => failed.push(fault),
    now: () => noon,
    ...over,
  };
  const handler = handleSlackHandler(deps);
  const store = (id: string, body: string) => inbox.store({ id, receivedAt: noon, body });
  const handle = (...bodies: string[]) =>
    handler({ Records: bodies.map((body, index) => ({ messageId: `m${index}`, body })) as never });
  const said = () => slack.whispers().map(({ text }) => text);
  return { away, inbox, slack, surfaces, asked, buried, failed, store, handle, said };
}

test.each([
  [
    'apply on 111122223333',
    ['switch', { by: 'ana', account: '111122223333', on: true }],
    /^What is approved is applied/,
  ],
  ['apply off 111122223333', ['switch', { by: 'ana', account: '111122223333', on: false }], /^Nothing is applied/],
  ['stop', ['kill', { by: 'ana', killed: true }], /^Every change is stopped/],
  ['resume', ['kill', { by: 'ana', killed: false }], /^Changes go on/],
])('/leastwise %s turns the switch as the person who typed it', async (text, call, words) => {
  const { store, handle, asked, said } = desk();
  await store(ids.one, typed(text));
  await handle(ids.one);
  expect(asked).toEqual([call]);
  expect(said()).toEqual([expect.stringMatching(words)]);
});

test.each(['who can s3:GetObject on *', 'request because it hurts', 'request denied'])(
  'whoever was taken out of the configuration is shown nothing of the accounts: /leastwise %s',
  async (text) => {
    const people = [
      { id: 'ana', name: 'Ana', slack: { team: 'T1', user: 'U1' }, actors: [], suspended: true as const },
    ];
    const { store, handle, asked } = desk({
      configuration: { slack: { team: 'T1', app: 'A1', channel: 'C0' }, people },
    });
    await store(ids.one, typed(text));
    await handle(ids.one);
    expect(asked).toEqual([]);
  },
);

test('a switch that is refused is answered with the reason', async () => {
  const { store, handle, said } = desk({ switchApplying: async () => fail('not-an-approver') });
  await store(ids.one, typed('apply on 111122223333'));
  await handle(ids.one);
  expect(said()).toEqual(['The rules do not name you as an approver for this.']);
});

const buttons: [ButtonAction, unknown, string][] = [
  [
    'case:expected',
    ['answer', { case: 'change-1', by: 'ana', answer: 'expected', digest: 'd', key: ids.one }],
    'Noted: expected.',
  ],
  [
    'case:not-us',
    ['answer', { case: 'change-1', by: 'ana', answer: 'not-us', digest: 'd', key: ids.one }],
    'Noted: expected.',
  ],
  [
    'case:lend',
    ['lend', { case: 'change-1', by: 'ana', digest: 'd', key: ids.one }],
    'Asked to be lent instead. It waits for approval.',
  ],
  [
    'change:approve',
    ['decide', { change: 'change-1', by: 'ana', verdict: 'approve', digest: 'd', key: ids.one }],
    'Approved; it is being applied.',
  ],
  [
    'change:deny',
    ['decide', { change: 'change-1', by: 'ana', verdict: 'deny', digest: 'd', key: ids.one }],
    'Approved; it is being applied.',
  ],
  [
    'change:undo',
    ['undo', { change: 'change-1', by: 'ana', reason: 'asked in Slack', key: ids.one }],
    'The undo is asked for; somebody else has to approve it.',
  ],
  ['lease:extend', ['extend', { lease: 'change-1', by: 'ana', key: ids.one }], 'It waits for approval.'],
  [
    'lease:accept',
    ['accept', { lease: 'change-1', by: 'ana', residue: { digest: 'd' }, reason: 'answered in Slack' }],
    'Noted: you answer for what remains.',
  ],
  [
    'enrolment:refuse',
    ['refuse', { team: 'change-1', user: '', by: 'ana' }],
    'Refused: this enrolment does not count.',
  ],
  ['lease:revoke', ['end', { lease: 'change-1', by: 'ana', key: ids.one }], 'The access is being taken back.'],
];

test.each(buttons)(
  '%s is carried out for the configured person, who is told the outcome',
  async (action, call, words) => {
    const { store, handle, asked, said, inbox, slack } = desk();
    await store(ids.one, press(action));
    expect(await handle(ids.one)).toEqual({ batchItemFailures: [] });
    expect(asked).toEqual([call]);
    expect(said()).toEqual([words]);
    expect(slack.whispers()[0]?.to).toEqual({
      user: 'U1',
      channel: 'C1',
      responseUrl: 'https://hooks.slack.com/actions/T1/1/x',
    });
    expect(await inbox.find(ids.one)).toBeUndefined();
  },
);

test.each([
  ['approve', 'planned', 'The rules ask for more people'],
  ['approve', 'undo-planned', 'The rules ask for more people'],
  ['deny', 'denied', 'Denied; nothing is changed.'],
  ['deny', 'verified', 'Denied; it stays as it is.'],
] as const)('after "%s" left a change %s, the person is told so', async (verdict, state, words) => {
  const { store, handle, said } = desk({ decideChange: async () => ok(sampleChange(undefined, { state })) });
  await store(ids.one, press(`change:${verdict}`));
  await handle(ids.one);
  expect(said()).toEqual([expect.stringContaining(words)]);
});

test('a refusal is told in words', async () => {
  const { store, handle, said } = desk({ decideChange: async () => fail('self-approval') });
  await store(ids.one, press('change:approve'));
  await handle(ids.one);
  expect(said()).toEqual(['Nobody decides for themselves: somebody else has to.']);
});

test.each([
  ['status', ['status', expect.objectContaining({ id: 'ana' })], 'Nothing is lent to you.'],
  ['revoke `l1`', ['end', { lease: 'l1', by: 'ana', key: ids.one }], 'The access is being taken back.'],
  [
    'who can s3:GetObject on arn:aws:s3:::logs/*',
    ['ask', { type: 'ask-access', principal: null, action: 's3:GetObject', resource: 'arn:aws:s3:::logs/*' }],
    'Nobody can.',
  ],
  [
    'who-can s3:GetObject on *',
    ['ask', { type: 'ask-access', principal: null, action: 's3:GetObject', resource: '*' }],
    'Nobody can.',
  ],
  [
    'can `arn:aws:iam::111122223333:role/ci` s3:GetObject on *',
    [
      'ask',
      { type: 'ask-access', principal: 'arn:aws:iam::111122223333:role/ci', action: 's3:GetObject', resource: '*' },
    ],
    'Nobody can.',
  ],
])('/leastwise %s is answered to a known person, and to nobody else', async (text, call, words) => {
  const { store, handle, asked, said } = desk();
  await store(ids.one, typed(text));
  await store(ids.two, typed(text, 'U9'));
  await handle(ids.one, ids.two);
  expect(asked).toEqual([call]);
  expect(said()).toEqual([words, expect.stringContaining('not enrolled')]);
});

test('whoever asks to enrol is given a code, even where nobody knows them, and nobody else reads it', async () => {
  const { store, handle, said, slack } = desk();
  await store(ids.one, typed('enroll', 'U9'));
  await handle(ids.one);
  expect(said()).toEqual(['a code for T1/U9']);
  // Not by the webhook of the request: that may be an attacker's own.
  expect(slack.whispers()[0]?.to).toEqual({ user: 'U9', channel: 'C0', responseUrl: null });
});

test.each([
  ['an unknown action id', pressed({ action: 'leastwise:change:burn', value: '{}' }), 'does not know this button'],
  ['an action id of another app', pressed({ action: 'deploy', value: 'now' }), 'does not know this button'],
  [
    'an interaction of another kind',
    pressed({ action: '', value: '', over: { type: 'shortcut' } }),
    'does not know what to do with shortcut',
  ],
  [
    'a value that is not ours',
    pressed({ action: 'leastwise:change:approve', value: 'x' }),
    'was not made by this Leastwise',
  ],
  [
    'a nonce that we never made',
    pressed({
      action: 'leastwise:change:approve',
      value: '{"id":"c","digest":"d","nonce":"1.00000000000000000000000000000000"}',
    }),
    'was not made by this Leastwise',
  ],
  [
    'the nonce of another button',
    pressed({ action: 'leastwise:change:deny', value: value('change:approve') }),
    'was not made by this Leastwise',
  ],
  ['a person who is not configured', press('change:approve', { user: 'U9' }), 'not enrolled'],
  [
    'a stranger from a shared channel who has the same user id',
    press('change:approve', { userTeam: 'T9' }),
    'not enrolled',
  ],
])('%s is refused clearly, done, and carries nothing out', async (_, body, words) => {
  const { store, handle, asked, said, inbox } = desk();
  await store(ids.one, body);
  expect(await handle(ids.one)).toEqual({ batchItemFailures: [] });
  expect(asked).toEqual([]);
  expect(said()).toEqual([expect.stringContaining(words)]);
  expect(await inbox.find(ids.one)).toBeUndefined();
});

test.each([
  ['guest', /^Guests/],
  ['deactivated', /deactivated/],
  ['stranger', /^Only members/],
  ['unseen', /users:read/],
] as const)(
  'a known person who is %s by now is refused and logged, and gets no code either',
  async (standing, words) => {
    const { store, handle, asked, said, away } = desk({ members: { standing: async () => standing } });
    await store(ids.one, press('change:approve'));
    await store(ids.two, typed('enroll'));
    await handle(ids.one, ids.two);
    expect(asked).toEqual([]);
    expect(said()).toEqual([expect.stringMatching(words), expect.stringMatching(words)]);
    expect(away).toEqual([
      ['U1', standing],
      ['U1', standing],
    ]);
  },
);

test('somebody whom nobody knows is logged, and Slack is not asked about them', async () => {
  const standing = async () => Promise.reject(new Error('asked'));
  const { store, handle, away } = desk({ members: { standing } });
  await store(ids.one, press('change:approve', { user: 'U9' }));
  await handle(ids.one);
  expect(away).toEqual([['U9', 'unknown']]);
});

describe('a button', () => {
  test('works once for each person, however often its click is sent', async () => {
    const { store, handle, asked, said } = desk();
    await store(ids.one, press('change:approve'));
    await store(ids.two, press('change:approve'));
    await handle(ids.one, ids.two);
    expect(asked).toHaveLength(1);
    expect(said()[1]).toContain('used this button already');
  });

  test('is not used up for others by somebody who may not decide', async () => {
    const { store, handle, asked } = desk();
    await store(ids.one, press('change:approve'));
    await store(ids.two, press('change:approve', { user: 'U2' }));
    await handle(ids.one, ids.two);
    expect(asked).toHaveLength(2);
  });

  test('works again once the message shows a new version', async () => {
    const { store, handle, asked } = desk();
    await store(ids.one, press('change:approve'));
    await store(ids.two, press('change:approve', { version: 2 }));
    await handle(ids.one, ids.two);
    expect(asked).toHaveLength(2);
  });

  test('is still this delivery’s own when a fault made the queue try again', async () => {
    let broken = true;
    const { store, handle, said } = desk({
      decideChange: async () => {
        if (broken) throw new Error('throttled');
        return ok(sampleChange(undefined, { state: 'approved' }));
      },
    });
    await store(ids.one, press('change:approve'));
    expect(await handle(ids.one)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
    broken = false;
    expect(await handle(ids.one)).toEqual({ batchItemFailures: [] });
    expect(said()).toEqual(['Approved; it is being applied.']);
  });
});

test('a poisoned message in a batch goes to the dead letters with its reason, the others go on', async () => {
  const { store, handle, asked, buried, inbox } = desk();
  await store(ids.one, press('change:approve'));
  await store(ids.two, 'payload=%7B%22type%22%3A%22block_actions%22%7D');
  await store(ids.three, press('change:approve', { user: 'U2' }));
  expect(await handle('{"poison":true}', ids.one, ids.two, ids.three)).toEqual({ batchItemFailures: [] });
  expect(asked).toHaveLength(2);
  expect(buried).toEqual([
    { body: '{"poison":true}', reason: 'not the id of an inbox item' },
    { body: ids.two, reason: expect.stringContaining('an interaction whose user is not as Slack sends it') },
  ]);
  expect(await inbox.find(ids.two)).toBeDefined();
});

test('one that fails comes back alone', async () => {
  const { store, handle, asked, failed } = desk({
    requestUndo: async () => {
      throw new Error('throttled');
    },
  });
  await store(ids.one, press('change:undo'));
  await store(ids.two, press('change:approve'));
  expect(await handle(ids.one, ids.two)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
  expect(asked).toHaveLength(1);
  expect(failed).toHaveLength(1);
});

test('what was carried out stays done when Slack cannot be told', async () => {
  const slack = memorySlack();
  const { store, handle, asked, failed, inbox } = desk({
    slack: { ...slack, tell: async () => Promise.reject(new Error('Slack is away')) },
  });
  await store(ids.one, press('change:approve'));
  expect(await handle(ids.one, ids.one)).toEqual({ batchItemFailures: [] });
  expect(asked).toHaveLength(1);
  expect(failed).toHaveLength(1);
  expect(await inbox.find(ids.one)).toBeUndefined();
});

describe('the command', () => {
  test('asks for access on the person’s only role', async () => {
    const { store, handle, asked, said } = desk();
    await store(
      ids.one,
      typed('request s3:GetObject, s3:ListBucket on arn:aws:s3:::logs/* for 2h because it &lt;failed&gt;', 'U2'),
    );
    await handle(ids.one);
    expect(asked).toEqual([
      [
        'request',
        {
          key: ids.one,
          by: 'ben',
          beneficiary: 'ben',
          target: 'arn:aws:iam::111122223333:role/ben',
          actions: ['s3:GetObject', 's3:ListBucket'],
          resources: ['arn:aws:s3:::logs/*'],
          duration: 7200,
          reason: 'it <failed>',
        },
      ],
    ]);
    expect(said()).toEqual(['It waits for approval.']);
  });

  test('takes the role where it is named, and asks for it where it is not clear', async () => {
    const { store, handle, asked, said } = desk();
    await store(ids.one, typed('request s3:GetObject on * as arn:aws:iam::111122223333:role/x for 30m because of it'));
    await store(ids.two, typed('request s3:GetObject on * for 30m because of it'));
    await handle(ids.one, ids.two);
    expect(asked).toMatchObject([['request', { target: 'arn:aws:iam::111122223333:role/x', duration: 1800 }]]);
    expect(said()[1]).toContain('which of your roles');
  });

  test.each([
    '',
    'help',
    'dance',
    'request everything',
    'request a on b for 0h because c',
    `request ${'a '.repeat(5000)}`,
  ])('explains itself to "%s"', async (text) => {
    const { store, handle, asked, said } = desk();
    await store(ids.one, typed(text));
    await handle(ids.one);
    expect(asked).toEqual([]);
    expect(said()[0]).toContain('/leastwise request ACTIONS on RESOURCES');
  });
});
