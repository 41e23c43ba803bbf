import { identityCalls } from '../../../adapters/aws/identity-calls.ts';
import { memoryInbox, memoryNonceStore } from '../../../adapters/memory/inbox.ts';
import { memorySigner } from '../../../adapters/memory/signer.ts';
import { memoryState } from '../../../adapters/memory/state.ts';
import { isCode, mintCode } from '../../../adapters/slack/enrolment-code.ts';
import { canonicalHash } from '../../../core/audit/canonical.ts';
import type { Configuration } from '../../../core/configuration.ts';
import { registryId } from '../../../core/enrolment/registry.ts';
import type { Inventory, PrincipalRecord } from '../../../core/identity/inventory.ts';
import type { ActorId } from '../../../core/identity/principal.ts';
import { fail } from '../../../core/result.ts';
import { type Instant, instantAt, plusSeconds } from '../../../core/time.ts';
import { signedAsks } from '../../../lambdas/handle-slack/handler.ts';
import { receiveSignedHandler } from '../../../lambdas/receive-signed/handler.ts';
import { decideChange } from '../../../usecases/decide-change.ts';
import { endLease } from '../../../usecases/end-lease.ts';
import { enroll } from '../../../usecases/enroll.ts';
import { liftFreeze } from '../../../usecases/freeze-enrolments.ts';
import { knowPeople } from '../../../usecases/know-people.ts';
import type { SignedAnswer, SignedAsk } from '../../../usecases/ports/signed-asks.ts';
import type { AccessRequest } from '../../../usecases/request-access.ts';
import { switchApplying, switchKill } from '../../../usecases/switch-applying.ts';
import { lendingPlan, sampleChange } from '../../adapters/slack/samples.ts';
import type { Credentials } from './sts.ts';

/** The SDK signs by the clock of this machine, so everything else stands still where the test began. */
export const start = instantAt(Date.now() / 1000);
export const account = '111122223333';
const foreignAccount = '999988887777';
const key = 'a key of this test';
const audience = 'https://signed.example/signed';

const arn = (type: string, name: string) => `arn:aws:iam::${account}:${type}${name}`;
const principal = (type: 'user' | 'role', id: string, path: string, name: string): PrincipalRecord => ({
  type,
  id,
  arn: arn(type, `${path}${name}`),
  name,
  path,
  createdAt: null,
  tags: {},
  trust: null,
  inline: [],
  attached: [],
  boundary: null,
  groups: [],
});
const reserved = '/aws-reserved/sso.amazonaws.com/';
const setRole = 'AWSReservedSSO_Engineer_0123456789abcdef';
const inventory: Inventory = {
  v: 1,
  account,
  takenAt: '2026-03-01T00:00:00Z' as Instant,
  principals: [
    principal('user', 'AIDAUSERUSERUSERANA0', '/', 'ana'),
    principal('user', 'AIDAUSERUSERUSERCYD0', '/', 'cyd'),
    principal('role', 'AROARESERVEDRESERVED', reserved, setRole),
    // Anybody may give a role such a name, but not such a path.
    principal('role', 'AROALOOKALIKELOOKALI', '/', setRole),
    principal('role', 'AROADEPLOYDEPLOYDEPL', '/', 'deploy'),
    principal('role', 'AROACONFIRMCONFIRMCO', '/', 'leastwise-confirm'),
  ],
  groups: [],
  managed: new Map(),
};

const session = (role: string, id: string, name: string, of = account) => ({
  account: of,
  arn: `arn:aws:sts::${of}:assumed-role/${role}/${name}`,
  userId: `${id}:${name}`,
  sessionToken: `token of ${name}`,
});
const credentials = (name: string, who: Omit<Credentials, 'accessKeyId' | 'secretAccessKey'>): Credentials => ({
  accessKeyId: `AKIA${name
    .toUpperCase()
    .replaceAll(/[^A-Z]/g, '')
    .padEnd(16, 'X')}`,
  secretAccessKey: `secret of ${name}`,
  ...who,
});

/** Everybody whom the stand-in of STS knows. */
export const callers = {
  ana: credentials('ana', { account, arn: arn('user', '/ana'), userId: 'AIDAUSERUSERUSERANA0' }),
  cyd: credentials('cyd', { account, arn: arn('user', '/cyd'), userId: 'AIDAUSERUSERUSERCYD0' }),
  ben: credentials('ben', session(setRole, 'AROARESERVEDRESERVED', 'ben')),
  gone: credentials('gone', session(setRole, 'AROARESERVEDRESERVED', 'gone')),
  lookalike: credentials('lookalike', session(setRole, 'AROALOOKALIKELOOKALI', 'ben')),
  chosen: credentials('chosen', session('deploy', 'AROADEPLOYDEPLOYDEPL', 'ben')),
  unseen: credentials('unseen', session(setRole, 'AROANEVERSEENNEVERSE', 'ben')),
  confirming: credentials('confirming', session('leastwise-confirm', 'AROACONFIRMCONFIRMCO', 'cyd')),
  root: credentials('root', { account, arn: `arn:aws:iam::${account}:root`, userId: account }),
  federated: credentials('federated', {
    account,
    arn: `arn:aws:sts::${account}:federated-user/ana`,
    userId: `${account}:ana`,
    sessionToken: 'token',
  }),
  recreated: credentials('recreated', { account, arn: arn('user', '/ana'), userId: 'AIDAUSERUSERUSERNEW0' }),
  foreign: credentials('foreign', {
    account: foreignAccount,
    arn: `arn:aws:iam::${foreignAccount}:user/ana`,
    userId: 'AIDAUSERUSERUSERANA0',
  }),
  foreignSession: credentials('foreignsession', session(setRole, 'AROARESERVEDRESERVED', 'ben', foreignAccount)),
} satisfies Record<string, Credentials>;

const person = (id: string, user: string, ...actors: string[]) => ({
  id,
  name: id,
  slack: { team: 'T1', user },
  actors: actors as ActorId[],
});
export const configuration = {
  accounts: [{ id: account, name: 'shop' }],
  people: [
    person('cyd', 'U3', arn('user', '/cyd')),
    person('dan', 'U4', 'federated:AWSReservedSSO/dan'),
    person('eve', 'U5'),
  ],
  rules: [{ name: 'all', approvers: ['cyd', 'dan'], quorum: 1 }],
  lending: { maxHours: 8 },
} satisfies Pick<Configuration, 'accounts' | 'people' | 'rules' | 'lending'>;

/** Both functions, over one memory; STS is at the given address. */
export function desk(sts: string) {
  const state = memoryState();
  const [inbox, nonces] = [memoryInbox(), memoryNonceStore()];
  const counts: string[] = [];
  const stored: string[] = [];
  const queue: string[] = [];
  const requested: AccessRequest[] = [];
  const clock = { now: start };
  const now = () => clock.now;
  const receive = receiveSignedHandler({
    configuration,
    isCode: (code, to, at) => isCode(key, code, to, at),
    nonces,
    calls: identityCalls({ standIn: sts }),
    inbox: {
      ...inbox,
      store: async (item) => {
        stored.push(item.body);
        return inbox.store(item);
      },
    },
    enqueue: async (id) => void queue.push(id),
    count: (refusal) => counts.push(refusal),
    now,
  });
  const handle = async (body: string, id: string) => {
    const settings = await knowPeople({ configuration, enrolments: state.enrolments, rulebook: state.rulebook, now })();
    const deciding = { ...state, configuration: settings, signer: memorySigner(), now };
    return signedAsks({
      ...deciding,
      inventories: { read: async (id) => (id === account ? inventory : undefined) },
      identityStore: async () => ({
        userNamed: async (name) =>
          name === 'ben' ? { store: 'arn:aws:identitystore::444455556666:identitystore/d-1', id: 'u-ben' } : undefined,
      }),
      decideChange: decideChange(deciding),
      endLease: endLease(deciding),
      liftFreeze: liftFreeze(deciding),
      switchApplying: switchApplying(deciding),
      switchKill: switchKill(deciding),
      requestAccess: async (request) => {
        requested.push(request);
        return sampleChange(lendingPlan);
      },
      enroll: enroll({ enrolments: state.enrolments, seeds: async () => configuration.people, now }),
    })(body, id);
  };
  /** What the queue brings. */
  const work = async () => {
    for (const id of queue.splice(0)) {
      const item = await inbox.find(id);
      if (item === undefined) continue;
      const answered = item.origin === 'aws' ? await handle(item.body, id) : fail('not from a terminal');
      await inbox.done(id, JSON.stringify(answered.ok ? answered.value : { done: false, words: answered.error }));
    }
  };
  /** Sends a wish as a terminal would, and lets the queue do its work; the answer, or why it was turned away. */
  const send = async (wish: unknown): Promise<{ status: number; refusal?: string; answer?: SignedAnswer }> => {
    const { statusCode = 0, body = '' } = await receive({
      requestContext: { http: { method: 'POST' }, domainName: 'signed.example' },
      headers: {},
      body: typeof wish === 'string' ? wish : JSON.stringify(wish),
      isBase64Encoded: false,
    });
    const said = JSON.parse(body) as { id?: string; error?: string };
    if (said.id === undefined) return { status: statusCode, ...(said.error !== undefined && { refusal: said.error }) };
    await work();
    const event = {
      requestContext: { http: { method: 'GET' }, domainName: 'signed.example' },
      headers: {},
      isBase64Encoded: false,
    };
    const later = await receive({ ...event, pathParameters: { id: said.id } });
    return { status: statusCode, answer: JSON.parse(later.body ?? '') as SignedAnswer };
  };
  const enrolments = async () => (await state.enrolments.find(registryId))?.enrolments ?? [];
  const later = (seconds: number) => {
    clock.now = plusSeconds(clock.now, seconds);
  };
  return { state, requested, receive, work, send, counts, stored, enrolments, clock, later };
}

/** What a genuine terminal puts under its signature. */
export const headersOf = (ask: SignedAsk, to = audience): Record<string, string> => ({
  'x-leastwise-audience': to,
  'x-leastwise-ask': canonicalHash(ask),
  ...(ask.type === 'enroll' && {
    'x-leastwise-team': ask.team,
    'x-leastwise-user': ask.user,
    'x-leastwise-code': ask.code,
  }),
});

export const enrolAsk = (user: string, at: Instant, team = 'T1'): Extract<SignedAsk, { type: 'enroll' }> => ({
  type: 'enroll',
  team,
  user,
  code: mintCode(key, { team, user }, at),
});
