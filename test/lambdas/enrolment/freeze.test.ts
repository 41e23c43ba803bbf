import { memoryMessageStore } from '../../../adapters/memory/message-store.ts';
import { memorySlack } from '../../../adapters/memory/slack.ts';
import { slackViews } from '../../../adapters/slack/render/views.ts';
import { verifyChain } from '../../../core/audit/chain.ts';
import { settingsId } from '../../../core/changes/settings.ts';
import { freezeDigest, freezeOf } from '../../../core/enrolment/freeze.ts';
import { enrolled, nobodyEnrolled, peopleWith, registryId } from '../../../core/enrolment/registry.ts';
import { federationChangeIn } from '../../../core/identity/federation-change.ts';
import type { ActorId } from '../../../core/identity/principal.ts';
import { plusSeconds, secondsOf } from '../../../core/time.ts';
import { freezeEnrolments, liftFreeze } from '../../../usecases/freeze-enrolments.ts';
import type { SignedAsk } from '../../../usecases/ports/signed-asks.ts';
import { showFreeze } from '../../../usecases/show-enrolment.ts';
import { account, callers, configuration, desk, headersOf, start } from './desk.ts';
import { forge } from './forge.ts';
import { startSts } from './sts.ts';

const record = (eventName: string, requestParameters: object, more: object = {}) => ({
  eventSource: 'iam.amazonaws.com',
  eventName,
  eventID: 'event-1',
  recipientAccountId: account,
  userIdentity: { arn: 'arn:aws:iam::111122223333:user/mallory' },
  requestParameters,
  ...more,
});
const arn = `arn:aws:iam::${account}:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE`;
const change = federationChangeIn(record('UpdateSAMLProvider', { sAMLProviderArn: arn }))!;

test.each<[string, object]>([
  ['UpdateSAMLProvider', { sAMLProviderArn: arn, sAMLMetadataDocument: '<xml/>' }],
  ['DeleteSAMLProvider', { sAMLProviderArn: arn }],
  ['CreateSAMLProvider', { name: 'AWSSSO_0123456789abcdef_DO_NOT_DELETE' }],
])('%s of Identity Center’s provider counts', (call, asked) => {
  expect(federationChangeIn(record(call, asked))).toMatchObject({ account, call, eventID: 'event-1' });
});

test.each<[string, unknown]>([
  ['another provider', record('UpdateSAMLProvider', { sAMLProviderArn: `arn:aws:iam::${account}:saml-provider/corp` })],
  ['a name that only begins so', record('CreateSAMLProvider', { name: 'AWSSSO_corp' })],
  ['a call that failed', record('UpdateSAMLProvider', { sAMLProviderArn: arn }, { errorCode: 'AccessDenied' })],
  ['a reading call', record('GetSAMLProvider', { sAMLProviderArn: arn })],
  ['another service', record('UpdateSAMLProvider', { sAMLProviderArn: arn }, { eventSource: 'sts.amazonaws.com' })],
  ['nothing', null],
])('%s does not', (_what, told) => expect(federationChangeIn(told)).toBeUndefined());

let sts: Awaited<ReturnType<typeof startSts>>;
beforeAll(async () => {
  sts = await startSts(Object.values(callers));
});
afterAll(() => sts.stop());

async function frozen() {
  const it = desk(sts.url);
  const now = () => start;
  const freeze = (of = change) => freezeEnrolments({ enrolments: it.state.enrolments, now })(of);
  await freeze();
  const registry = async () => (await it.state.enrolments.find(registryId))!;
  const signed = (who: Parameters<typeof forge>[0]['who'], ask: SignedAsk) =>
    it.send({ ask, call: forge({ who, headers: headersOf(ask), at: start }) });
  const digest = async () => freezeDigest(freezeOf(await registry(), account)!);
  const lift = liftFreeze({ enrolments: it.state.enrolments, configuration, now });
  return { ...it, freeze, registry, signed, digest, lift };
}
const id = `freeze-${account}`;

test('an account whose provider was changed is frozen once a change, and that alarms', async () => {
  const { freeze, registry, state } = await frozen();
  await freeze();
  await freeze({ ...change, eventID: 'event-2' });
  const events = await state.outbox.pending(10);
  expect(events.map(({ type, data }) => [type, data.alarm])).toEqual([
    ['enrolment.frozen', 'identity-center-provider'],
    ['enrolment.frozen', 'identity-center-provider'],
  ]);
  expect(verifyChain(events, (await registry()).audit)).toEqual([]);
});

test('no session of Identity Center there counts, whatever it asks; a user of IAM’s does', async () => {
  const { signed } = await frozen();
  expect((await signed(callers.ben, { type: 'status' })).answer).toMatchObject({ data: { refusal: 'account-frozen' } });
  expect((await signed(callers.ben, { type: 'confirm', change: id, digest: 'x' })).answer).toMatchObject({
    data: { refusal: 'account-frozen' },
  });
  expect((await signed(callers.cyd, { type: 'status' })).answer).toMatchObject({ done: true });
});

test('what had not begun to count does not, what had goes on', () => {
  const asking = (user: string, name: string) => ({
    team: 'T1',
    user,
    name,
    actors: [`federated:AWSReservedSSO/${name}` as ActorId],
    arn: `arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_x`,
  });
  const first = enrolled(nobodyEnrolled, asking('U8', 'old'), [], start);
  const later = plusSeconds(start, 86_400);
  const second = enrolled(first.ok ? first.value.after : nobodyEnrolled, asking('U9', 'new'), [], later);
  const registry = { ...(second.ok ? second.value.after : nobodyEnrolled), frozen: [{ ...change, at: later }] };
  expect(peopleWith([], registry, plusSeconds(later, 999_999)).map(({ name }) => name)).toEqual(['old']);
  expect(enrolled(registry, asking('U7', 'more'), [], later)).toEqual({ ok: false, error: 'account-frozen' });
});

test('an approver lifts it by a session of AWS, not by a click, and only what was shown', async () => {
  const { signed, lift, digest, registry, freeze } = await frozen();
  const shown = (await digest())!;
  expect(await lift({ account, by: 'cyd', digest: shown, key: 'k1' })).toEqual({ ok: false, error: 'not-confirmed' });
  expect(await lift({ account, by: 'eve', digest: shown, key: 'k2' })).toEqual({ ok: false, error: 'not-an-approver' });
  expect((await signed(callers.confirming, { type: 'show', change: id })).answer).toMatchObject({
    data: { toDecide: shown, freeze: { eventID: 'event-1' } },
  });
  await freeze({ ...change, eventID: 'event-2' });
  const confirm = (it: string) => signed(callers.confirming, { type: 'confirm', change: id, digest: it });
  expect((await confirm(shown)).answer).toMatchObject({ done: false });
  expect((await registry()).frozen).toHaveLength(1);
  expect((await confirm(await digest())).answer).toMatchObject({ done: true });
  expect((await registry()).frozen).toEqual([]);
  expect((await signed(callers.ben, { type: 'status' })).answer).toMatchObject({ data: { refusal: 'not-enrolled' } });
});

test('the channel hears of it, loudly, and of its end', async () => {
  const { state, signed, digest } = await frozen();
  const slack = memorySlack(() => secondsOf(start));
  const views = slackViews({ configuration, nonceKey: 'key' });
  const show = showFreeze({
    enrolments: state.enrolments,
    messages: memoryMessageStore(),
    slack,
    channel: 'C1',
    views,
    now: () => start,
  });
  const text = () => slack.messages('C1').map(({ text, blocks }) => JSON.stringify([text, blocks]));
  await show(account, 'event-0');
  expect(text()).toEqual([]);
  await show(account, 'event-1');
  expect(text()).toEqual([expect.stringMatching(/<!channel>.*mallory.*lift/)]);
  await signed(callers.confirming, { type: 'confirm', change: id, digest: await digest() });
  await show(account, 'event-1');
  expect(text()).toEqual([expect.stringContaining('It was lifted')]);
});

test('a switch is shown and confirmed by the same command', async () => {
  const { signed, state } = await frozen();
  const name = `apply-on-${account}`;
  const { answer } = await signed(callers.confirming, { type: 'show', change: name });
  const digest = String(answer?.data?.toDecide);
  expect((await signed(callers.confirming, { type: 'confirm', change: name, digest })).answer).toMatchObject({
    done: true,
  });
  expect(await state.settings.find(settingsId)).toMatchObject({ applying: [account] });
});

test('whoever made the change, or one before it, does not say that it was right', async () => {
  const { lift, digest, freeze, registry } = await frozen();
  const cyd = configuration.people.find(({ id }) => id === 'cyd')!;
  const [own = '' as ActorId] = cyd.actors;
  const made = federationChangeIn(
    record(
      'UpdateSAMLProvider',
      { sAMLProviderArn: arn },
      { eventID: 'event-2', userIdentity: { type: 'IAMUser', arn: own } },
    ),
  )!;
  const confirmed = async () => {
    const shown = await digest();
    return lift({ account, by: 'cyd', digest: shown, key: shown, confirmation: { actor: own, digest: shown } });
  };
  await freeze(made);
  expect(await confirmed()).toEqual({ ok: false, error: 'self-approval' });
  await freeze({ ...change, eventID: 'event-3' });
  expect(await confirmed()).toEqual({ ok: false, error: 'self-approval' });
  expect((await registry()).frozen).toHaveLength(1);
});
