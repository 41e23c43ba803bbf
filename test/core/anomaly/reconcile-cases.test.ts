import { assess } from '../../../core/anomaly/assess.ts';
import type { Assessment, Case } from '../../../core/anomaly/case.ts';
import { type CaseCommit, reconcileCases } from '../../../core/anomaly/reconcile-cases.ts';
import { verifyChain } from '../../../core/audit/chain.ts';
import type { DomainEvent } from '../../../core/audit/event.ts';
import { type Instant, plusSeconds } from '../../../core/time.ts';
import { known, minutes, type Told, tell, today } from './ledger-of.ts';

const now = minutes(90);
const told = (...events: readonly Told[]): readonly Assessment[] => assess(tell(known, ...events), []);

/** A store of one actor's cases, and everything that was said. */
function shelf() {
  const cases = new Map<string, Case>();
  const events: DomainEvent[] = [];
  const write = ({ before, after, events: said }: CaseCommit) => {
    expect(cases.get(after.id)?.version).toBe(before?.version);
    expect(after.version).toBe((before?.version ?? 0) + 1);
    cases.set(after.id, after);
    events.push(...said);
  };
  const reconcile = (assessments: readonly Assessment[], at: Instant = now) => {
    const commits = reconcileCases([...cases.values()], assessments, at);
    for (const commit of commits) write(commit);
    return commits.flatMap(({ events: said }) => said.map(({ type }) => type));
  };
  const decide = (id: string, state: 'expected' | 'not-us') => {
    const it = cases.get(id)!;
    cases.set(id, { ...it, state, decidedBy: 'bob', decidedAt: now, version: it.version + 1 });
  };
  return { cases, events, reconcile, decide };
}

const createKey = (at: Instant, id: string): Told => ({ at, does: 'iam:CreateAccessKey', id });
const createUser = (at: Instant, id: string): Told => ({ at, does: 'iam:CreateUser', id });

test('a case opens once, with its first audit event', () => {
  const { cases, events, reconcile } = shelf();
  expect(reconcile(told(createKey(today, 'a')))).toEqual(['case.opened']);
  expect(reconcile(told(createKey(today, 'a')))).toEqual([]);
  const [it] = cases.values();
  expect(it).toMatchObject({ v: 1, version: 1, state: 'open', openedAt: now, decidedBy: null, change: null });
  expect(verifyChain(events, it!.audit)).toEqual([]);
});

test('what follows in the session extends the case', () => {
  const { cases, events, reconcile } = shelf();
  reconcile(told(createKey(today, 'a')));
  expect(reconcile(told(createKey(today, 'a'), createUser(minutes(5), 'b')))).toEqual(['case.extended']);
  const [it] = cases.values();
  expect(it?.eventIDs).toEqual(['a', 'b']);
  expect(verifyChain(events, it!.audit)).toEqual([]);
});

test('an earlier event that comes late names the case anew: the old one is superseded first', () => {
  const { cases, reconcile } = shelf();
  reconcile(told(createKey(minutes(5), 'b')));
  expect(reconcile(told(createUser(today, 'a'), createKey(minutes(5), 'b')))).toEqual([
    'case.superseded',
    'case.opened',
  ]);
  const [old, next] = cases.values();
  expect(old).toMatchObject({ state: 'superseded', supersededBy: next!.id });
  expect(next).toMatchObject({ state: 'open', eventIDs: ['a', 'b'] });
});

test('a crash between the two is made good', () => {
  const { cases, reconcile } = shelf();
  reconcile(told(createKey(minutes(5), 'b')));
  const both = told(createUser(today, 'a'), createKey(minutes(5), 'b'));
  const [superseding] = reconcileCases([...cases.values()], both, now);
  cases.set(superseding!.after.id, superseding!.after);
  expect(reconcile(both)).toEqual(['case.opened']);
});

test('a case of which nothing remains new is superseded by nothing', () => {
  const { cases, reconcile } = shelf();
  reconcile(told(createKey(today, 'a')));
  const used = { ...createKey('2026-02-20T09:00:00Z' as Instant, 'old'), historic: true };
  expect(reconcile(told(used, createKey(today, 'a')))).toEqual(['case.superseded']);
  expect([...cases.values()][0]).toMatchObject({ state: 'superseded', supersededBy: null });
  expect(reconcile(told(createKey(today, 'a')))).toEqual(['case.reopened']);
});

test.each(['expected', 'not-us'] as const)(
  'a case answered "%s" stays answered; what came late is added and said',
  (answer) => {
    const { cases, events, reconcile, decide } = shelf();
    reconcile(told(createKey(today, 'a')));
    const [it] = cases.values();
    decide(it!.id, answer);
    const later = told(createKey(today, 'a'), createUser(minutes(5), 'b'));
    expect(reconcile(later)).toEqual(['case.extended']);
    expect(reconcile(later)).toEqual([]);
    expect(cases.get(it!.id)).toMatchObject({ state: answer, decidedBy: 'bob', eventIDs: ['a', 'b'] });
    expect(events.at(-1)?.data).toMatchObject({ afterDecision: true, late: ['b'], state: answer });
  },
);

test('an answered case keeps its id when its story turns out to begin earlier', () => {
  const { cases, reconcile, decide } = shelf();
  reconcile(told(createKey(minutes(5), 'b')));
  const [it] = cases.values();
  decide(it!.id, 'not-us');
  expect(reconcile(told(createUser(today, 'a'), createKey(minutes(5), 'b')))).toEqual(['case.extended']);
  expect([...cases.keys()]).toEqual([it!.id]);
  expect(cases.get(it!.id)?.eventIDs).toEqual(['b', 'a']);
});

test('an open case never disappears into an answered one', () => {
  const { cases, reconcile, decide } = shelf();
  reconcile(told(createKey(today, 'a'), createUser(minutes(50), 'c')));
  const [answered, open] = [...cases.values()];
  decide(answered!.id, 'expected');
  reconcile(
    told(createKey(today, 'a'), { at: minutes(25), does: 'iam:CreateRole', id: 'b' }, createUser(minutes(50), 'c')),
  );
  expect(cases.get(open!.id)?.state).toBe('open');
});

test('a case of long ago stands as it is', () => {
  const { reconcile } = shelf();
  reconcile(told(createKey(today, 'a')));
  const later = plusSeconds(today, 130 * 86_400);
  expect(reconcile([], later)).toEqual([]);
  expect(reconcile(told(createKey(today, 'a'), createUser(minutes(5), 'b')), later)).toEqual([]);
});
