import { memoryInbox, memoryNonceStore } from '../../adapters/memory/inbox.ts';
import { memorySlack } from '../../adapters/memory/slack.ts';
import { memorySurfaces } from '../../adapters/memory/slack-surfaces.ts';
import { memoryState } from '../../adapters/memory/state.ts';
import { proveForm } from '../../adapters/slack/form-proof.ts';
import { readSlack } from '../../adapters/slack/payload.ts';
import { formViews } from '../../adapters/slack/render/views.ts';
import type { ActorId } from '../../core/identity/principal.ts';
import type { DeniedCall } from '../../core/leases/denied-calls.ts';
import type { Day, Instant } from '../../core/time.ts';
import { type Deps, handleSlackHandler } from '../../lambdas/handle-slack/handler.ts';
import { receiveSlackHandler } from '../../lambdas/receive-slack/handler.ts';
import { homeOf } from '../../usecases/home-of.ts';
import { prepareForm } from '../../usecases/prepare-form.ts';
import { app, asJson, formKey, signed, signingSecret, team } from '../adapters/slack/requests.ts';
import { lendingPlan, look, sampleChange } from '../adapters/slack/samples.ts';

export const noon = '2026-03-01T12:00:00Z' as Instant;
const account = '111122223333';
export const user = `arn:aws:iam::${account}:user/ana`;

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
export function desk(over: Partial<Deps> = {}) {
  const inbox = memoryInbox();
  const surfaces = memorySurfaces();
  const slack = memorySlack();
  const truth = memoryState();
  const asked: unknown[] = [];
  const away: unknown[] = [];
  const queue: string[] = [];
  const unused = async () => Promise.reject(new Error('not in this test'));
  const configuration = {
    slack: { team, app, channel: 'C0' },
    accounts: [{ id: account, name: 'shop' }],
    lending: { maxHours: 8 },
    rules: [{ name: 'all', approvers: ['ana'], quorum: 1 }],
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
    homeOf: homeOf({ changes: truth.changes, leases: truth.leases, configuration, now: () => noon }),
    prepareForm: prepareForm({
      configuration,
      inventories: { read: async () => undefined },
      organizations: { read: async () => undefined },
      cases: { find: async () => undefined },
      listDenials: async (_, wanted = () => true) => denials.filter(({ call }) => wanted(call)),
      earlierLoans: async () => [],
      peersUse: async () => undefined,
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
    liftFreeze: unused,
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
    const request = body.startsWith('{') ? asJson(signed(body, noon)) : signed(body, noon);
    const { statusCode } = await receive({ ...request, body: request.body.toString(), isBase64Encoded: false });
    await work();
    return statusCode;
  };
  const said = () => slack.whispers().map(({ to, text }) => [to.channel, text]);
  return { send, surfaces, asked, away, said, truth };
}
