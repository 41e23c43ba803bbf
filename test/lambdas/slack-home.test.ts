import type { Button, HomeView, KnownBlock } from '@slack/types';
import { renderHome } from '../../adapters/slack/render/home.ts';
import type { Change } from '../../core/changes/change.ts';
import { interpretedTexts } from '../adapters/slack/limits.ts';
import { app, happened, pressed } from '../adapters/slack/requests.ts';
import {
  lendingPlan,
  look,
  quarantinePlan,
  rightsizingPlan,
  sampleChange,
  sampleLease,
} from '../adapters/slack/samples.ts';
import { refusedInView } from '../adapters/slack/view-limits.ts';
import { desk, noon } from './slack-desk.ts';

const opened = (over: Record<string, unknown> = {}) =>
  happened({ type: 'app_home_opened', user: 'U1', tab: 'home', ...over });
const buttonsIn = (view: HomeView | undefined): Button[] =>
  (view?.blocks ?? []).flatMap((block) =>
    block.type === 'actions' && 'elements' in block ? (block.elements as Button[]) : [],
  );
const textOf = (view: HomeView | undefined) => JSON.stringify(view);

async function stocked(over = {}) {
  const it = desk(over);
  const { changes, leases } = it.truth;
  await leases.commit(undefined, sampleLease({ version: 1 }), []);
  await leases.commit(
    undefined,
    sampleLease({ id: 'lse-2' as never, version: 1, beneficiary: 'ben', carrier: 'arn:aws:iam::1:role/theirs' }),
    [],
  );
  const change = (id: string, more: Partial<Change>, plan = quarantinePlan) =>
    changes.commit(
      undefined,
      sampleChange(plan, { id: id as never, decideBy: '2026-03-02T00:00:00Z' as never, ...more }),
      [],
    );
  await change('chg-decide', { requester: null, lineage: [] });
  await change('chg-own', { requester: 'ana', beneficiary: 'ana' }, lendingPlan);
  await change('chg-backlog', { backlog: { opened: null } }, rightsizingPlan);
  await change('chg-over', { state: 'denied' });
  return it;
}

test('the page shows what is lent to me, what I could decide, what I wait for, and the backlog', async () => {
  const { send, surfaces, said } = await stocked();
  expect(await send(opened())).toBe(200);
  const view = surfaces.pageOf('U1');
  expect(refusedInView(view!)).toEqual([]);
  const actions = buttonsIn(view).map(({ action_id: id, value }) => [
    id?.replace('leastwise:', ''),
    JSON.parse(value!).id,
  ]);
  expect(actions).toEqual([
    ['form:blank', 'home'],
    ['form:denials', 'home'],
    ['lease:revoke', sampleLease().id],
    ['lease:extend', sampleLease().id],
    ['change:approve', 'chg-decide'],
    ['change:deny', 'chg-decide'],
    ['change:open', 'chg-backlog'],
  ]);
  expect(textOf(view)).not.toContain('theirs');
  expect(textOf(view)).toContain('You wait for: 1');
  expect(said()).toEqual([]);
});

test('somebody whom nobody knows sees that, and nothing else', async () => {
  const { send, surfaces, away, said } = await stocked();
  await send(opened({ user: 'U9' }));
  expect(textOf(surfaces.pageOf('U9'))).toMatch(/not enrolled/);
  expect(surfaces.pageOf('U9')?.blocks).toHaveLength(1);
  expect([away, said()]).toEqual([[['U9', 'unknown']], []]);
});

test.each([
  ['the messages of the app', { tab: 'messages' }],
  ['another event', { type: 'message' }],
])('%s are acknowledged and nothing follows', async (_, over) => {
  const { send, surfaces, said } = await stocked();
  expect(await send(opened(over))).toBe(200);
  expect([surfaces.pageOf('U1'), said()]).toEqual([undefined, []]);
});

test('a button on the page does the same as in the channel, and the page shows it', async () => {
  const ended: unknown[] = [];
  const endLease = async (ending: { lease: string }) => {
    ended.push(ending);
    return { ok: true as const, value: {} };
  };
  const { send, surfaces, said } = await stocked({ endLease });
  await send(opened());
  const done = buttonsIn(surfaces.pageOf('U1')).find(({ action_id: id }) => id === 'leastwise:lease:revoke')!;
  const view = { id: 'VH', type: 'home', app_id: app };
  const over = { view, channel: undefined, response_url: undefined };
  await surfaces.publish('U1', { type: 'home', blocks: [] });
  await send(pressed({ action: done.action_id!, value: done.value!, over }));
  expect(ended).toMatchObject([{ lease: sampleLease().id, by: 'ana' }]);
  expect(said()).toEqual([['C0', 'The access is being taken back.']]);
  expect(buttonsIn(surfaces.pageOf('U1')).length).toBeGreaterThan(0);
});

test('a page of very much is cut where Slack would refuse it, and says so', () => {
  const many = <T>(of: (index: number) => T) => Array.from({ length: 60 }, (_, index) => of(index));
  const long = 'x'.repeat(2000);
  const loan = { ...lendingPlan.terms, reason: long, actions: many((n) => `s3:${long}${n}`) } as never;
  const view = renderHome(look)({
    at: noon,
    leases: many((n) => sampleLease({ id: `lse-${n}` as never })),
    approvals: many((n) => sampleChange({ ...lendingPlan, terms: loan }, { id: `chg-${n}` as never })),
    waiting: many(() => sampleChange(quarantinePlan)),
    backlog: many((n) => sampleChange(rightsizingPlan, { id: `b-${n}` as never, backlog: { opened: null } })),
  });
  expect(refusedInView(view)).toEqual([]);
  expect(textOf(view)).toContain('more than a page can show');
});

test('names that somebody chose mention and link nothing', () => {
  const evil = 'arn:aws:iam::111122223333:role/<!channel>*x*`';
  const view = renderHome(look)({
    at: noon,
    leases: [sampleLease({ carrier: evil })],
    approvals: [sampleChange({ ...lendingPlan, target: evil })],
    waiting: [sampleChange({ ...lendingPlan, target: evil })],
    backlog: [],
  });
  for (const text of interpretedTexts({ text: '', blocks: view.blocks as KnownBlock[] }))
    expect(text).not.toMatch(/<!|<@|<#|<http/);
});
