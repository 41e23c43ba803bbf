import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Plan } from '../../core/changes/change.ts';
import { digestOf } from '../../core/changes/digest.ts';
import { lendingPlan, sampleChange, sampleLease } from '../adapters/slack/samples.ts';
import { callers, desk, enrolAsk, start } from '../lambdas/enrolment/desk.ts';
import { type Credentials, startSts } from '../lambdas/enrolment/sts.ts';
import { leastwise } from './in-process.ts';

let sts: Awaited<ReturnType<typeof startSts>>;
let server: Server;
let it: ReturnType<typeof desk>;
const known = { ...process.env };

beforeAll(async () => {
  sts = await startSts(Object.values(callers));
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', async () => {
      const answer = await it.receive({
        requestContext: { http: { method: request.method ?? '' }, domainName: request.headers.host ?? '' },
        headers: {},
        body: Buffer.concat(parts).toString(),
        isBase64Encoded: false,
        pathParameters: { id: request.url?.split('/')[2] ?? '' },
      });
      await it.work();
      response.writeHead(answer.statusCode ?? 500).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await sts.stop();
});
beforeEach(() => {
  it = desk(sts.url);
});
afterEach(() => {
  process.env = { ...known };
});

/** The command line of somebody with these credentials. */
function as({ accessKeyId, secretAccessKey, sessionToken }: Credentials, ...args: readonly string[]) {
  process.env = {
    ...known,
    LEASTWISE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/signed`,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...(sessionToken && { AWS_SESSION_TOKEN: sessionToken }),
  };
  return leastwise(...args);
}
const enrolling = (user: string) => {
  const { team, code } = enrolAsk(user, start);
  return ['enroll', '--team', team, '--user', user, '--code', code];
};

test('enroll proves who calls it, after asking whether the Slack account is theirs', async () => {
  expect(await as(callers.ana, ...enrolling('U1'))).toMatchObject({ code: 1, err: expect.stringContaining('--yes') });
  expect(await it.enrolments()).toEqual([]);
  const { code, err } = await as(callers.ana, ...enrolling('U1'), '--yes');
  expect([code, err]).toEqual([0, expect.stringContaining(`You are enrolled as ${callers.ana.arn}`)]);
  expect(await it.enrolments()).toHaveLength(1);
});

test('a permission set is asked for instead of actions, and nothing else with it', async () => {
  const rest = ['--for', '1h', '--because', 'a test'];
  const set = ['request', '--set', 'Repair', '--in', '111122223333'];
  expect((await as(callers.cyd, ...set, ...rest)).code).toBe(0);
  expect(it.requested).toMatchObject([{ target: 'set:111122223333/Repair', actions: [], resources: [] }]);
  for (const wrong of [
    [...set, 's3:GetObject'],
    [...set, '--on', '*'],
    ['request', '--set', 'Repair'],
    ['request', 's3:GetObject'],
    ['request'],
  ])
    expect((await as(callers.cyd, ...wrong, ...rest)).code).toBe(1);
});

test('what is turned away at the door says why', async () => {
  const [made, , , , , , code] = enrolling('U1');
  expect(made).toBe('enroll');
  const { err } = await as(callers.ana, 'enroll', '--team', 'T1', '--user', 'U2', '--code', code!, '--yes');
  expect(err).toContain('refused it: wrong-code');
});

test('request, status and revoke speak for their caller, and nobody else', async () => {
  const asked = ['request', 's3:GetObject', '--on', 'arn:aws:s3:::logs/*', '--for', '90m', '--because', 'a test'];
  expect((await as(callers.ana, ...asked)).code).toBe(3);
  const { code, out, err } = await as(callers.cyd, ...asked);
  expect([code, JSON.parse(out), err]).toEqual([
    0,
    { change: 'change-1', state: 'planned', target: callers.cyd.arn },
    'It waits for approval.\n',
  ]);
  expect(it.requested).toMatchObject([{ by: 'cyd', beneficiary: 'cyd', duration: 5400, actions: ['s3:GetObject'] }]);

  await it.state.leases.commit(undefined, sampleLease({ version: 1, beneficiary: 'cyd' }), []);
  const status = await as(callers.cyd, 'status', '--source-profile', 'work');
  expect(JSON.parse(status.out).leases).toMatchObject([{ id: 'l1', state: 'active' }]);
  expect(status.err).toContain(
    '[profile leastwise-l1]\nrole_arn = arn:aws:iam::111122223333:role/ana\nsource_profile = work\n',
  );
  const carrier = 'set:111122223333/Repair';
  await it.state.leases.commit(
    undefined,
    sampleLease({ id: 'l2' as never, version: 1, beneficiary: 'cyd', carrier }),
    [],
  );
  expect((await as(callers.cyd, 'status', '--sso-session', 'corp')).err).toContain(
    '[profile leastwise-l2]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = Repair\n',
  );
  expect((await as(callers.cyd, 'revoke', 'l1')).err).toContain('being taken back');
  expect((await it.state.leases.find('l1'))?.state).toBe('revoking');
});

describe('confirm', () => {
  const risky: Plan = {
    ...lendingPlan,
    terms: { ...lendingPlan.terms, actions: ['secretsmanager:GetSecretValue'] } as Plan['terms'],
  };
  const plan = async (shown: Plan = risky) => {
    const decideBy = '2999-01-01T00:00:00Z' as never;
    const change = sampleChange(risky, { beneficiary: 'eve', decideBy });
    await it.state.changes.commit(undefined, { ...change, plan: shown }, []);
  };

  test('shows what it is about, and signs that and nothing else', async () => {
    await plan();
    const { code, err } = await as(callers.confirming, 'confirm', 'change-1', '--yes');
    expect(err).toContain('risk high');
    expect(err).toContain('secretsmanager:GetSecretValue');
    expect([code, err.endsWith('Approved; it is being applied.\n')]).toEqual([0, true]);
    expect((await it.state.changes.find('change-1'))?.decisions).toMatchObject([{ confirmedBy: callers.cyd.arn }]);
  });

  test('signs nothing unless somebody agrees, or names the digest', async () => {
    await plan();
    expect((await as(callers.confirming, 'confirm', 'change-1')).code).toBe(1);
    expect((await as(callers.confirming, 'confirm', 'change-1', '--digest', 'another')).err).toContain('by now');
    expect((await it.state.changes.find('change-1'))?.state).toBe('planned');
    expect((await as(callers.confirming, 'confirm', 'change-1', '--digest', digestOf(risky))).code).toBe(0);
  });

  test('signs nothing where what is shown is not what would be approved', async () => {
    await plan({ ...risky, target: 'arn:aws:iam::111122223333:role/other' });
    const { err } = await as(callers.confirming, 'confirm', 'change-1', '--yes');
    expect(err).toContain('not what would be approved');
    expect((await it.state.changes.find('change-1'))?.state).toBe('planned');
  });

  test('tells a user’s key to fetch a second factor', async () => {
    await plan();
    const { code, err } = await as(callers.cyd, 'confirm', 'change-1', '--yes');
    expect([code, err]).toEqual([3, expect.stringContaining('leastwise-confirm')]);
  });
});
