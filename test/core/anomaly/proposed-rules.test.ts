import type { CaseId, Verdict } from '../../../core/anomaly/case.ts';
import { proposedRules } from '../../../core/anomaly/proposed-rules.ts';
import type { ActorId } from '../../../core/identity/principal.ts';
import type { Instant } from '../../../core/time.ts';

const at = '2026-03-02T23:59:59Z' as Instant;
const said = (of: string, actor: string, over: Partial<Verdict> = {}): Verdict => ({
  v: 1,
  actor: actor as ActorId,
  facet: { kind: 'action', action: 's3:GetObject' },
  verdict: 'expected',
  case: of as CaseId,
  by: 'ana',
  at: '2026-03-01T12:00:00Z' as Instant,
  until: '2026-05-30T12:00:00Z' as Instant,
  ...over,
});
const cases = ['c1', 'c2', 'c3', 'c4'].map((id) => ({ id: id as CaseId, accounts: ['111122223333'] }));
const three = [said('c1', 'a'), said('c2', 'b'), said('c3', 'a')];

test('three answers alike propose a rule, whoever they are about and in any order', () => {
  const proposal = {
    action: 's3:GetObject',
    accounts: ['111122223333'],
    cases: ['c1', 'c2', 'c3'],
    actors: ['a', 'b'],
  };
  expect(proposedRules(three, cases, at)).toEqual([proposal]);
  expect(proposedRules([...three].reverse(), [...cases].reverse(), at)).toEqual([proposal]);
});

test.each<[string, Partial<Verdict>]>([
  ['the same case', { case: 'c1' as CaseId }],
  ['a case that is not known', { case: 'gone' as CaseId }],
  ['"not us"', { verdict: 'not-us' }],
  ['a mute', { verdict: 'muted' }],
  ['another action', { facet: { kind: 'action', action: 's3:PutObject' } }],
  ['what is no action', { facet: { kind: 'network', action: 's3:GetObject', value: '192.0.2.0/24' } }],
  ['an answer that has ended', { until: at }],
  ['an answer that came later', { at: '2026-03-03T00:00:00Z' as Instant }],
])('two alike and %s propose none', (_, over) => {
  expect(proposedRules([...three.slice(0, 2), said('c3', 'a', over)], cases, at)).toEqual([]);
});

test('another account is another rule', () => {
  const elsewhere = cases.map((it) => (it.id === 'c3' ? { ...it, accounts: ['444455556666'] } : it));
  expect(proposedRules(three, elsewhere, at)).toEqual([]);
});

test('what was answered most often comes first', () => {
  const puts = ['c1', 'c2', 'c3', 'c4'].map((id) =>
    said(id, 'a', { facet: { kind: 'action', action: 's3:PutObject' } }),
  );
  expect(proposedRules([...three, ...puts], cases, at).map(({ action }) => action)).toEqual([
    's3:PutObject',
    's3:GetObject',
  ]);
});
