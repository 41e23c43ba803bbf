import fc from 'fast-check';
import { signCall } from '../../../adapters/aws/sign-call.ts';
import { mintCode } from '../../../adapters/slack/enrolment-code.ts';
import { plusSeconds } from '../../../core/time.ts';
import type { SignedAsk } from '../../../usecases/ports/signed-asks.ts';
import { callers, desk, enrolAsk, headersOf, start } from './desk.ts';
import { forge, type Making } from './forge.ts';
import { type Credentials, startSts } from './sts.ts';

let sts: Awaited<ReturnType<typeof startSts>>;
beforeAll(async () => {
  sts = await startSts(Object.values(callers));
});
afterAll(() => sts.stop());

const now = () => start;
const genuine = async (who: Credentials, ask: SignedAsk, ours = headersOf(ask)) => ({
  call: await signCall({ region: 'eu-central-1', credentials: who }, ours),
  ask,
});

describe('somebody who proves who they are', () => {
  test('as an IAM user is enrolled, counts a day later, and can be refused', async () => {
    const { send, enrolments, counts } = desk(sts.url);
    const { status, answer } = await send(await genuine(callers.ana, enrolAsk('U1', now())));
    expect([status, answer?.done, counts]).toEqual([202, true, []]);
    const [made] = await enrolments();
    expect(made).toMatchObject({ user: 'U1', actors: [callers.ana.arn], refusedBy: null });
    expect(made?.from).toBe(plusSeconds(made!.at, 86_400));
  });

  test('as a user of Identity Center is enrolled under both names that the ledger knows', async () => {
    const { send, enrolments } = desk(sts.url);
    const { answer } = await send(await genuine(callers.ben, enrolAsk('U2', now())));
    expect(answer?.done).toBe(true);
    expect((await enrolments())[0]?.actors).toEqual([
      'federated:arn:aws:identitystore::444455556666:identitystore/d-1/u-ben',
      'federated:AWSReservedSSO/ben',
    ]);
  });

  test('is nobody until the day has passed, and somebody then', async () => {
    const { send, later, clock } = desk(sts.url);
    await send(await genuine(callers.ana, enrolAsk('U1', now())));
    const status = async () => {
      const ask: SignedAsk = { type: 'status' };
      const call = forge({ who: callers.ana, headers: headersOf(ask), at: clock.now });
      return (await send({ call, ask })).answer;
    };
    expect(await status()).toMatchObject({ done: false, data: { refusal: 'not-enrolled' } });
    later(86_401);
    expect(await status()).toMatchObject({ done: true, data: { leases: [], waiting: [] } });
  });

  test('sends the same twice and is enrolled once', async () => {
    const { send, enrolments, stored } = desk(sts.url);
    const wish = await genuine(callers.ana, enrolAsk('U1', now()));
    for (let time = 0; time < 3; time += 1) expect((await send(wish)).answer?.done).toBe(true);
    expect(await enrolments()).toHaveLength(1);
    expect(new Set(stored).size).toBe(1);
  });

  test('waits for STS where that is in trouble, and the code still serves', async () => {
    const { send, enrolments } = desk(sts.url);
    const wish = await genuine(callers.ana, enrolAsk('U1', now()));
    sts.troubles.set(callers.ana.accessKeyId, 'breaks');
    await expect(send(wish)).rejects.toThrow('STS answered 500');
    sts.troubles.clear();
    expect((await send(wish)).answer?.done).toBe(true);
    expect(await enrolments()).toHaveLength(1);
  });
});

/** A forgery, and what must become of it: turned away at the door, or refused by whoever looks at the inventory. */
type Forgery = (user: string) => Promise<{ wish: unknown; refusal: string; twice?: boolean }>;
const atDoor = (refusal: string, make: (ask: ReturnType<typeof enrolAsk>, user: string) => unknown): Forgery => {
  return async (user) => {
    const ask = enrolAsk(user, now());
    return { wish: await make(ask, user), refusal };
  };
};
const call = (ask: SignedAsk, making: Partial<Making> = {}) =>
  forge({ who: callers.ana, headers: headersOf(ask), ...making });

const wrongHosts = [
  'sts.amazonaws.com.evil.example',
  'evil.example',
  'sts.eu-central-1.amazonaws.com.',
  'sts.eu-central-1.amazonaws.com:443',
  'sts.eu-central-1.amazonaws.com@evil.example',
  'STS.eu-central-1.amazonaws.com',
  'sts.eu-central-1.amazonaws.co',
  'sts.xx-nowhere-1.amazonaws.com',
  '127.0.0.1',
  'sts.eu-central-1.amazonaws.com#',
  'ec2.eu-central-1.amazonaws.com',
];

const forgeries: Record<string, Forgery> = {
  ...Object.fromEntries(
    wrongHosts.map((host) => [
      `to the host ${host}`,
      atDoor('not-an-sts-host', (ask) => ({ ask, call: { ...call(ask), url: `https://${host}/` } })),
    ]),
  ),
  'over plain HTTP': atDoor('not-an-sts-host', (ask) => ({
    ask,
    call: { ...call(ask), url: 'http://sts.eu-central-1.amazonaws.com/' },
  })),
  'with a query': atDoor('not-an-sts-host', (ask) => ({
    ask,
    call: { ...call(ask), url: 'https://sts.eu-central-1.amazonaws.com/?Action=GetSessionToken' },
  })),
  'on another path': atDoor('not-an-sts-host', (ask) => ({
    ask,
    call: { ...call(ask), url: 'https://sts.eu-central-1.amazonaws.com/elsewhere' },
  })),
  'that STS answers with a redirect': async (user) => {
    sts.troubles.set(callers.gone.accessKeyId, 'redirects');
    const ask = enrolAsk(user, now());
    return { wish: { ask, call: call(ask, { who: callers.gone }) }, refusal: 'not-genuine' };
  },
  'that STS answers with another document': async (user) => {
    sts.troubles.set(callers.root.accessKeyId, 'says something else');
    const ask = enrolAsk(user, now());
    return { wish: { ask, call: call(ask, { who: callers.root }) }, refusal: 'not-genuine' };
  },
  'signed five minutes and a second ago': atDoor('too-old', (ask) => ({
    ask,
    call: call(ask, { at: plusSeconds(now(), -302) }),
  })),
  'signed an hour ago': atDoor('too-old', (ask) => ({ ask, call: call(ask, { at: plusSeconds(now(), -3600) }) })),
  'signed in the future': atDoor('too-old', (ask) => ({ ask, call: call(ask, { at: plusSeconds(now(), 120) }) })),
  'with a date that is none': atDoor('scope-mismatch', (ask) => {
    const made = call(ask);
    return { ask, call: { ...made, headers: { ...made.headers, 'x-amz-date': 'yesterday' } } };
  }),
  'that somebody else sent before': async (user) => {
    const ask = enrolAsk(user, now());
    return { wish: { ask, call: call(ask) }, refusal: 'code-spent', twice: true };
  },
  'with the code of somebody else': atDoor('wrong-code', (_, user) => {
    const ask = {
      type: 'enroll' as const,
      team: 'T1',
      user,
      code: mintCode('a key of this test', { team: 'T1', user: 'U9' }, now()),
    };
    return { ask, call: call(ask) };
  }),
  'with a code of another workspace': atDoor('wrong-code', (_, user) => {
    const ask = {
      type: 'enroll' as const,
      team: 'T1',
      user,
      code: mintCode('a key of this test', { team: 'T2', user }, now()),
    };
    return { ask, call: call(ask) };
  }),
  'with a code that has run out': atDoor('wrong-code', (_, user) => {
    const ask = enrolAsk(user, plusSeconds(now(), -601));
    return { ask, call: call(ask) };
  }),
  'with a made-up code': atDoor('wrong-code', (_, user) => {
    const ask = { type: 'enroll' as const, team: 'T1', user, code: `zzzzzz-${'0'.repeat(24)}` };
    return { ask, call: call(ask) };
  }),
  'for another deployment': atDoor('header-not-ours', (ask) => ({
    ask,
    call: call(ask, { headers: headersOf(ask, 'https://evil.example/signed') }),
  })),
  'for another wish': atDoor('header-not-ours', (ask) => ({
    ask,
    call: call(ask, { headers: headersOf({ type: 'status' }) }),
  })),
  'for another user': atDoor('header-not-ours', (ask) => ({
    ask: { ...ask, user: 'U1' },
    call: call(ask),
  })),
  'whose team was changed after signing': atDoor('header-not-ours', (ask) => {
    const made = call(ask);
    return { ask, call: { ...made, headers: { ...made.headers, 'x-leastwise-team': 'T9' } } };
  }),
  'whose user and wish were changed after signing': atDoor('not-genuine', (ask, user) => {
    const mine = { ...ask, user, code: mintCode('a key of this test', { team: 'T1', user }, now()) };
    const other = enrolAsk('U7', now());
    const made = call(other);
    return { ask: mine, call: { ...made, headers: { ...made.headers, ...headersOf(mine) } } };
  }),
  ...Object.fromEntries(
    [
      'x-leastwise-team',
      'x-leastwise-user',
      'x-leastwise-code',
      'x-leastwise-ask',
      'x-leastwise-audience',
      'x-amz-date',
      'host',
      'content-type',
    ].map((name) => [
      `with ${name} unsigned`,
      atDoor('header-not-signed', (ask) => ({ ask, call: call(ask, { unsigned: [name] }) })),
    ]),
  ),
  'with a header more': atDoor('header-not-ours', (ask) => ({
    ask,
    call: call(ask, { headers: { ...headersOf(ask), 'x-amz-target': 'Something' } }),
  })),
  'that asks for another document': atDoor('header-not-ours', (ask) => ({
    ask,
    call: call(ask, { headers: { ...headersOf(ask), accept: 'application/json' } }),
  })),
  'with a header that ends the headers': atDoor('header-not-ours', (ask) => {
    const made = call(ask);
    return { ask, call: { ...made, headers: { ...made.headers, 'x-amz-user-agent': 'a\r\nhost: evil.example' } } };
  }),
  'without our headers': atDoor('header-missing', (ask) => ({ ask, call: call(ask, { headers: {} }) })),
  'without any signature': atDoor('not-signed-so', (ask) => {
    const { authorization: _, ...headers } = call(ask).headers;
    return { ask, call: { ...call(ask), headers } };
  }),
  'signed for another service': atDoor('not-signed-so', (ask) => ({ ask, call: call(ask, { service: 'iam' }) })),
  'signed for another region than its host': atDoor('scope-mismatch', (ask) => ({
    ask,
    call: call(ask, { scope: 'us-east-1' }),
  })),
  'signed for another method': atDoor('not-genuine', (ask) => ({ ask, call: call(ask, { method: 'GET' }) })),
  'signed for another body': atDoor('not-genuine', (ask) => ({
    ask,
    call: call(ask, { body: 'Action=GetSessionToken&Version=2011-06-15' }),
  })),
  'signed for another path': atDoor('not-genuine', (ask) => ({ ask, call: call(ask, { path: '/elsewhere' }) })),
  'signed by nobody’s secret': atDoor('not-genuine', (ask) => ({
    ask,
    call: call(ask, { who: { ...callers.ana, secretAccessKey: 'guessed' } }),
  })),
  'signed with somebody else’s key id': atDoor('not-genuine', (ask) => ({
    ask,
    call: call(ask, { who: { ...callers.chosen, accessKeyId: callers.ben.accessKeyId } }),
  })),
  'without its session token': atDoor('not-genuine', (ask) => {
    const { sessionToken: _, ...who } = callers.ben;
    return { ask, call: call(ask, { who }) };
  }),
  'by a user of a foreign account': atDoor('foreign-account', (ask) => ({
    ask,
    call: call(ask, { who: callers.foreign }),
  })),
  'by Identity Center of a foreign account': atDoor('foreign-account', (ask) => ({
    ask,
    call: call(ask, { who: callers.foreignSession }),
  })),
  'by a role whose session chose a name': atDoor('not-a-person', (ask) => ({
    ask,
    call: call(ask, { who: callers.chosen }),
  })),
  'by a role that is named like one of Identity Center': atDoor('not-a-person', (ask) => ({
    ask,
    call: call(ask, { who: callers.lookalike }),
  })),
  'by a role that the inventory never saw': atDoor('not-in-the-inventory', (ask) => ({
    ask,
    call: call(ask, { who: callers.unseen }),
  })),
  'by the role that confirms': atDoor('not-a-person', (ask) => ({ ask, call: call(ask, { who: callers.confirming }) })),
  'by a federated session': atDoor('not-a-person', (ask) => ({ ask, call: call(ask, { who: callers.federated }) })),
  'by a new user of an old name': atDoor('not-in-the-inventory', (ask) => ({
    ask,
    call: call(ask, { who: callers.recreated }),
  })),
  'for a Slack account that the configuration binds otherwise': async () => {
    const ask = enrolAsk('U4', now());
    return { wish: { ask, call: call(ask) }, refusal: 'configured-otherwise' };
  },
  'that is no wish at all': async () => ({ wish: '{"call":{"url":', refusal: 'malformed' }),
  'with fields that nobody knows': atDoor('malformed', (ask) => ({ ask: { ...ask, admin: true }, call: call(ask) })),
  'that is too large': atDoor('malformed', (ask) => ({ ask, call: { ...call(ask), padding: 'x'.repeat(70_000) } })),
};

const kinds = Object.keys(forgeries);
const total = 204;

test(`of ${total} forged enrolments every one is refused, and for its own reason`, async () => {
  const it = desk(sts.url);
  const users = fc.sample(fc.stringMatching(/^U[A-Z0-9]{8}$/), { seed: 20_260_301, numRuns: total });
  const wrong: string[] = [];
  for (const [index, user] of users.entries()) {
    const kind = kinds[index % kinds.length]!;
    const { wish, refusal, twice } = await forgeries[kind]!(user);
    if (twice) {
      // Somebody else saw it on its way, and was faster with another signature under the same code.
      const { ask } = wish as { ask: SignedAsk };
      await it.send({ ask, call: call(ask, { who: { ...callers.chosen } }) });
    }
    const { status, refusal: atTheDoor, answer } = await it.send(wish);
    sts.troubles.clear();
    const said = atTheDoor ?? (answer?.data as { refusal?: string } | undefined)?.refusal;
    if (said !== refusal || (atTheDoor !== undefined && status < 400) || answer?.done === true)
      wrong.push(`${kind}: ${status} ${said}`);
  }
  expect([...new Set(wrong)]).toEqual([]);
  expect(await it.enrolments()).toEqual([]);
  expect(sts.elsewhere()).toBe(0);
}, 60_000);
