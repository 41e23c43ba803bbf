import type { Button } from '@slack/types';
import type { Instant } from '../../core/time.ts';
import type { State } from '../../local/api.ts';
import { handClock } from '../../local/clock.ts';
import { liveSystem } from '../../local/live.ts';
import { sampleSource } from '../../local/sample-live.ts';
import { accounts } from '../../local/sample-organization/accounts.ts';
import { sampleOrganization } from '../../local/sample-organization/organization.ts';
import { loadIam, readHistory } from '../../local/sample-source.ts';
import { switchOnEverywhere } from '../../local/switch-on.ts';
import { createSystem } from '../../local/system.ts';

const end = '2026-11-20T14:00:00Z' as Instant;

/** Each test reads twelve days of a trail first. */
const patient = 60_000;

async function begin() {
  const organization = sampleOrganization({ seed: 1, end, days: 12 });
  const system = createSystem({ configuration: organization.configuration, clock: handClock(end) });
  const live = liveSystem(system, sampleSource(system, organization));
  await live.doing(async () => {
    await loadIam(system, organization);
    await readHistory(system, organization);
    await switchOnEverywhere(system, 'ada');
    await system.proposeRightsizing(accounts.security, 'ada');
  });
  return { live, system, organization };
}

const button = (state: State, text: RegExp, action: string): { actionId: string; value: string } => {
  const message = state.channel.messages.findLast((each) => text.test(each.text))!;
  const buttons = message.blocks.flatMap((block) => (block.type === 'actions' ? (block.elements as Button[]) : []));
  const found = buttons.find((each) => each.action_id?.endsWith(action))!;
  return { actionId: found.action_id!, value: found.value! };
};

test(
  'the page opens on one message with an Approve button, over a ledger that is filled',
  async () => {
    const { live } = await begin();
    const state = await live.state();
    const shown = state.channel.messages.filter(({ onlyFor }) => onlyFor === null);
    expect(shown.map(({ text }) => text)).toEqual([expect.stringMatching(/findings-collector/)]);
    expect(button(state, /findings-collector/, 'change:approve').value).toBeTruthy();
    expect(state.principals.length).toBeGreaterThan(25);
    expect(new Set(state.principals.map(({ kind }) => kind))).toEqual(new Set(['person', 'workload', 'service']));
    expect(state.audit).toMatchObject({ verified: true, chains: 2 });
    expect(state.source.kind).toBe('sample');
  },
  patient,
);

test(
  'a change whose message is lost is carried out by the sweeper',
  async () => {
    const { live, system } = await begin();
    system.queues.apply.send = () => 'lost';
    await live.click({ ...button(await live.state(), /findings-collector/, 'change:approve'), as: 'bruno' });
    const stateOf = async () => (await system.stores.state.changes.list(10))[0]?.state;
    expect(await stateOf()).toBe('approved');
    system.clock.advance(599);
    await system.tick();
    expect(await stateOf()).toBe('approved');
    system.clock.advance(301);
    await system.tick();
    expect(await stateOf()).toBe('verified');
    expect(system.problems).toEqual([]);
  },
  patient,
);

test(
  'a click on the page travels as a signed request and changes the policy in IAM',
  async () => {
    const { live, system } = await begin();
    const before = live.revision();
    const approve = button(await live.state(), /findings-collector/, 'change:approve');
    await live.click({ ...approve, as: 'bruno' });
    const state = await live.state();
    expect(live.revision()).toBeGreaterThan(before);
    expect(state.changes[0]).toMatchObject({ state: 'verified', decisions: [{ by: 'bruno', verdict: 'approve' }] });
    const edit = state.changes[0]!.plan.edits[0]!;
    expect(await system.stores.truth.read(edit.slot)).toBe(edit.after);
    expect(system.counts.get('wrong-signature')).toBeUndefined();
  },
  patient,
);

test(
  'who is nobody cannot click, and a request that nobody signed is refused',
  async () => {
    const { live, system } = await begin();
    const approve = button(await live.state(), /findings-collector/, 'change:approve');
    await expect(live.click({ ...approve, as: 'mallory' })).rejects.toThrow('mallory is not a person here.');
    const headers = { 'x-slack-request-timestamp': String(Date.parse(end) / 1000), 'x-slack-signature': 'v0=00' };
    expect(await live.slack({ headers, body: 'payload=%7B%7D' })).toMatchObject({ status: 401 });
    expect(system.counts.get('wrong-signature')).toBe(1);
    expect((await live.state()).changes[0]!.state).toBe('planned');
  },
  patient,
);

test(
  'a request typed by a person is told to them alone when it cannot be understood',
  async () => {
    const { live } = await begin();
    await live.request({ as: 'ines', text: 'please' });
    const state = await live.state();
    const whisper = state.channel.messages.findLast(({ onlyFor }) => onlyFor !== null);
    expect(whisper).toMatchObject({ onlyFor: 'Ines', text: expect.stringMatching(/not understood/) });
    expect(state.changes).toHaveLength(1);
  },
  patient,
);

test(
  'the example that the page fills in is a request that works',
  async () => {
    const { live } = await begin();
    const { example } = await live.state();
    expect(example).not.toBeNull();
    await live.request(example!);
    const state = await live.state();
    expect(state.changes.find(({ plan }) => plan.kind === 'lending')).toMatchObject({ state: 'planned' });
    await live.click({ ...button(state, /^Lend access/, 'change:approve'), as: 'bruno' });
    expect((await live.state()).leases).toMatchObject([{ state: 'active', beneficiary: example!.as }]);
  },
  patient,
);

test(
  'the attack opens a case; after "not us" the stolen key works no longer and cannot be replayed',
  async () => {
    const { live } = await begin();
    expect((await live.state()).canAttack).toBe(true);
    await live.attack();
    const state = await live.state();
    expect(state.cases.filter(({ level }) => level === 'message')).toHaveLength(1);
    await live.click({ ...button(state, /legacy-deploy/, 'case:not-us'), as: 'dana' });
    const after = await live.state();
    expect(after.cases[0]!.state).toBe('not-us');
    expect(after.changes.find(({ plan }) => plan.kind === 'quarantine')!.state).toBe('verified');
    expect(after.canAttack).toBe(false);
    await expect(live.attack()).rejects.toThrow('works no longer');
    await live.clock({ advance: 4 * 86_400 });
    const victim = after.principals.find(({ name }) => name === 'legacy-deploy')!;
    const others = after.principals.find(({ name }) => name === 'orders-api')!;
    const calendars = [await live.calendar(victim.id), await live.calendar(others.id)];
    const lastDays = calendars.map((each) =>
      each!.rows
        .flatMap(({ days }) => days)
        .sort()
        .at(-1),
    );
    expect(lastDays).toEqual(['2026-11-20', '2026-11-24']);
  },
  patient,
);

test(
  'time brings ordinary work and the nightly proposals',
  async () => {
    const { live, system } = await begin();
    const taken = system.counts.get('AcceptedRecords')!;
    await live.clock({ advance: 14 * 3600 });
    const state = await live.state();
    expect(state.clock.now).toBe('2026-11-21T04:00:00Z');
    expect(system.counts.get('AcceptedRecords')! - taken).toBeGreaterThan(50);
    expect(state.ingestion.rejected).toBe(0);
    expect(state.changes.length).toBeGreaterThan(5);
    const digest = state.channel.messages.filter(({ text }) => /to open/.test(text));
    expect(digest).toHaveLength(1);
    await live.click({ ...button(state, /to open/, 'change:open'), as: 'bruno' });
    const trials = (await live.state()).channel.messages.filter(({ text }) => /^Trial for/.test(text));
    expect(trials).toHaveLength(2);
    await expect(live.clock({ speed: 1e9 })).rejects.toThrow(/speed must be/);
  },
  patient,
);

test(
  'the calendar of a principal shows the days of each action, and what it holds and never used',
  async () => {
    const { live } = await begin();
    const state = await live.state();
    const api = state.principals.find(({ name, account }) => name === 'orders-api' && account === accounts.production)!;
    const calendar = (await live.calendar(api.id))!;
    const secrets = calendar.rows.find(({ action }) => action === 'secretsmanager:GetSecretValue')!;
    expect(secrets.days.length).toBeGreaterThan(8);
    expect(calendar.unused).toContain('dynamodb:DeleteTable');
    expect(calendar.unused).not.toContain('kms:Decrypt');
    expect(await live.calendar('AROANOBODY')).toBeUndefined();
  },
  patient,
);
