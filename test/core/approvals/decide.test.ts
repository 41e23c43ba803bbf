import fc from 'fast-check';
import type { Confirmation } from '../../../core/approvals/confirmation.ts';
import { type Approvers, type Click, decide, isApproved, type Matter } from '../../../core/approvals/decide.ts';
import type { ApproverRule, Person } from '../../../core/approvals/rules.ts';
import { identitiesOf, samePerson, selvesOf } from '../../../core/approvals/same-person.ts';
import type { Decision } from '../../../core/changes/change.ts';
import type { ActorId } from '../../../core/identity/principal.ts';
import { instantAt } from '../../../core/time.ts';

const now = instantAt(1_750_000_000);
const person = (id: string, actors: string[] = [`actor:${id}`], slack = id): Person => ({
  id,
  name: id,
  slack: { team: 'T', user: slack },
  actors: actors as ActorId[],
});
const people = ['ada', 'ben', 'cyd', 'dan'].map((id) => person(id));
const leads: ApproverRule = { name: 'leads', approvers: ['ada', 'ben', 'cyd'], quorum: 1 };
const matter: Matter = {
  kind: 'lending',
  accounts: ['111122223333'],
  open: true,
  digest: 'd',
  decideBy: instantAt(1_750_000_100),
  parties: ['ada'],
  lineage: [],
  decisions: [],
};
const click: Click = { by: 'ben', verdict: 'approve', digest: 'd', at: now };
const approved = (by: string): Decision => ({ by, verdict: 'approve', at: now, digest: 'd', rule: 'leads' });
const outcome = (m: Partial<Matter>, c: Partial<Click> = {}, a: Partial<Approvers> = {}) => {
  const result = decide({ ...matter, ...m }, { ...click, ...c }, { rules: [leads], people, ...a });
  return result.ok ? result.value.outcome : result.error;
};

test.each<[string, string, Partial<Matter>, Partial<Click>, Partial<Approvers>]>([
  ['an approver approves', 'approved', {}, {}, {}],
  ['an approver denies', 'denied', {}, { verdict: 'deny' }, {}],
  ['somebody unknown', 'unknown-person', {}, { by: 'eve' }, {}],
  ['what is decided already', 'not-pending', { open: false }, {}, {}],
  ['another plan than the one shown', 'digest-mismatch', {}, { digest: 'old' }, {}],
  ['too late', 'lapsed', {}, { at: instantAt(1_750_000_101) }, {}],
  ['in the last second', 'approved', {}, { at: instantAt(1_750_000_100) }, {}],
  ['a party', 'self-approval', {}, { by: 'ada' }, {}],
  ['a party denies', 'self-approval', {}, { by: 'ada', verdict: 'deny' }, {}],
  ['the lineage', 'self-approval', { lineage: ['actor:ben' as ActorId] }, {}, {}],
  ['no rule of that kind', 'no-matching-rule', {}, {}, { rules: [{ ...leads, kinds: ['quarantine'] }] }],
  ['no rule of that account', 'no-matching-rule', {}, {}, { rules: [{ ...leads, accounts: ['1'] }] }],
  ['a denying rule', 'denied-by-rule', {}, {}, { rules: [leads, { ...leads, deny: true }] }],
  ['nobody the rules name', 'not-an-approver', {}, { by: 'dan' }, {}],
  [
    'twice the same person',
    'already-decided',
    { decisions: [approved('ben')] },
    {},
    { rules: [{ ...leads, quorum: 2 }] },
  ],
  ['one of two', 'pending', {}, {}, { rules: [{ ...leads, quorum: 2 }] }],
  ['two of two', 'approved', { decisions: [approved('cyd')] }, {}, { rules: [{ ...leads, quorum: 2 }] }],
  ['two, of whom one has left', 'pending', { decisions: [approved('eve')] }, {}, { rules: [{ ...leads, quorum: 2 }] }],
  [
    'two, of whom one may not any more',
    'pending',
    { decisions: [approved('dan')] },
    {},
    { rules: [{ ...leads, quorum: 2 }] },
  ],
  ['a quorum of none is one', 'approved', {}, {}, { rules: [{ ...leads, quorum: 0 }] }],
  ['a quorum that is no number is never met', 'pending', {}, {}, { rules: [{ ...leads, quorum: Number.NaN }] }],
  [
    'a rule that does not match is not counted',
    'approved',
    {},
    {},
    { rules: [leads, { ...leads, quorum: 3, kinds: ['quarantine'] }] },
  ],
  [
    'every matching rule must be satisfied',
    'pending',
    {},
    {},
    { rules: [leads, { ...leads, name: 'dan too', approvers: ['dan'] }] },
  ],
])('%s: %s', (_title, expected, m, c, a) => {
  expect(outcome(m, c, a)).toBe(expected);
});

test('one human who stands in the configuration twice decides once, and not for the other self', () => {
  const double = person('ben2', ['actor:ben', 'actor:other']);
  const rules = [{ ...leads, approvers: ['ben', 'ben2'], quorum: 2 }];
  const all = [...people, double];
  expect(outcome({ decisions: [approved('ben')] }, { by: 'ben2' }, { rules, people: all })).toBe('already-decided');
  expect(outcome({ parties: ['ben'] }, { by: 'ben2' }, { rules, people: all })).toBe('self-approval');
  expect(outcome({ lineage: ['actor:other' as ActorId], parties: [] }, {}, { rules, people: all })).toBe(
    'self-approval',
  );
  const both = { ...matter, decisions: [approved('ben'), approved('ben2')] };
  expect(isApproved(both, { rules, people: all })).toBe(false);
});

const names = ['ada', 'ben', 'cyd', 'dan', 'eve'] as const;
const actors = ['a1', 'a2', 'a3', 'a4', 'a5', 'a6'] as const;
const anyPeople = fc.uniqueArray(
  fc
    .tuple(fc.constantFrom(...names), fc.subarray([...actors], { maxLength: 2 }), fc.nat(30).map(String))
    .map(([id, own, slack]) => person(id, own, slack)),
  { selector: ({ id }) => id, minLength: 3, maxLength: 5 },
);
const anyRule: fc.Arbitrary<ApproverRule> = fc.record({
  name: fc.constantFrom('r1', 'r2', 'r3'),
  approvers: fc.subarray([...names], { minLength: 2 }),
  quorum: fc.integer({ min: -1, max: 3 }),
  deny: fc.nat(9).map((n) => n === 0),
  kinds: fc.option(fc.subarray(['lending', 'quarantine', 'rightsizing'] as const), { nil: undefined, freq: 1 }),
  accounts: fc.option(fc.subarray(['1', '2']), { nil: undefined, freq: 1 }),
});
const anyDecision = fc
  .tuple(fc.constantFrom(...names), fc.constantFrom('d', 'other'))
  .map(([by, digest]) => ({ ...approved(by), digest }));
const anyMatter: fc.Arbitrary<Matter> = fc.record({
  kind: fc.constantFrom('lending', 'quarantine', 'rightsizing'),
  accounts: fc.subarray(['1', '2']),
  open: fc.constant(true),
  digest: fc.constant('d'),
  decideBy: fc.constant(instantAt(1_750_000_100)),
  parties: fc.subarray([...names], { maxLength: 2 }),
  lineage: fc.subarray([...actors], { maxLength: 2 }).map((own) => own as unknown as ActorId[]),
  decisions: fc.array(anyDecision, { maxLength: 3 }),
});
const anyClick: fc.Arbitrary<Click> = fc.record({
  by: fc.constantFrom(...names),
  verdict: fc.constantFrom('approve', 'deny'),
  digest: fc.constantFrom('d', 'd', 'd', 'other'),
  at: fc.constant(now),
});

test('nobody decides for themselves, under any rules, people and plans', () => {
  let counted = 0;
  fc.assert(
    fc.property(anyMatter, anyClick, fc.array(anyRule, { maxLength: 4 }), anyPeople, (m, c, rules, everybody) => {
      const result = decide(m, c, { rules, people: everybody });
      if (!result.ok) return;
      counted += 1;
      const self = everybody.find(({ id }) => id === c.by)!;
      for (const me of selvesOf(self, everybody)) {
        expect(m.parties).not.toContain(me.id);
        expect(me.actors.filter((actor) => m.lineage.includes(actor))).toEqual([]);
      }
    }),
    { numRuns: 3000 },
  );
  expect(counted).toBeGreaterThan(50);
});

test('what is approved has as many different people behind it as every matching rule asks for', () => {
  let approvals = 0;
  fc.assert(
    fc.property(anyMatter, anyClick, fc.array(anyRule, { maxLength: 3 }), anyPeople, (m, c, rules, everybody) => {
      const result = decide({ ...m, parties: [], lineage: [] }, c, { rules, people: everybody });
      if (!result.ok || result.value.outcome !== 'approved') return;
      approvals += 1;
      const behind = [...m.decisions, result.value.decision].filter(({ digest }) => digest === 'd');
      const known = everybody.filter(({ id }) => behind.some(({ by }) => by === id));
      const groups = new Set(
        known.map((p) =>
          selvesOf(p, everybody)
            .map(({ id }) => id)
            .sort()
            .join(),
        ),
      );
      for (const rule of rules) {
        const matches =
          (!rule.kinds || rule.kinds.includes(m.kind)) &&
          (!rule.accounts || m.accounts.some((a) => rule.accounts!.includes(a)));
        if (!matches) continue;
        expect(rule.deny).toBeFalsy();
        expect(groups.size).toBeGreaterThanOrEqual(rule.quorum);
      }
    }),
    { numRuns: 3000 },
  );
  expect(approvals).toBeGreaterThan(50);
});

test('one more matching rule never makes approval easier', () => {
  fc.assert(
    fc.property(anyMatter, fc.array(anyRule, { maxLength: 3 }), anyRule, anyPeople, (m, rules, more, everybody) => {
      if (rules.length > 0 && !isApproved(m, { rules, people: everybody }) && someMatches(m, rules))
        expect(isApproved(m, { rules: [...rules, more], people: everybody })).toBe(false);
    }),
    { numRuns: 1000 },
  );
});

const someMatches = (m: Matter, rules: readonly ApproverRule[]) =>
  rules.some(
    (r) => (!r.kinds || r.kinds.includes(m.kind)) && (!r.accounts || m.accounts.some((a) => r.accounts!.includes(a))),
  );

test('being the same person goes both ways and along any chain', () => {
  fc.assert(
    fc.property(anyPeople, (everybody) => {
      for (const one of everybody) {
        for (const other of everybody) {
          expect(samePerson(one, other)).toBe(samePerson(other, one));
          expect(selvesOf(one, everybody).includes(other)).toBe(selvesOf(other, everybody).includes(one));
        }
        for (const actor of one.actors) expect(identitiesOf(one, everybody)).toContain(actor);
      }
    }),
  );
});

describe('what is riskier than the bound', () => {
  const risky = { risk: 'high' as const };
  const proof = (over: Partial<Confirmation> = {}) => ({
    confirmation: { actor: 'actor:ben' as ActorId, digest: 'd', ...over },
  });

  test.each<[string, string, Partial<Matter>, Partial<Click>, Partial<Approvers>]>([
    ['a click alone', 'not-confirmed', risky, {}, {}],
    ['a proof by a session of the approver', 'approved', risky, proof(), {}],
    ['a proof by somebody else', 'not-confirmed', risky, proof({ actor: 'actor:cyd' as ActorId }), {}],
    ['a proof about another digest', 'not-confirmed', risky, proof({ digest: 'other' }), {}],
    ['a denial, which needs none', 'denied', risky, { verdict: 'deny' }, {}],
    ['a click where the bound is high', 'approved', risky, {}, { confirmAbove: 'high' }],
    ['a click at the bound', 'approved', { risk: 'medium' }, {}, {}],
    ['a click above a low bound', 'not-confirmed', { risk: 'medium' }, {}, { confirmAbove: 'low' }],
    ['a party with a proof', 'self-approval', risky, { by: 'ada', ...proof({ actor: 'actor:ada' as ActorId }) }, {}],
    ['nobody the rules name, with a proof', 'not-an-approver', risky, { by: 'dan', ...proof() }, {}],
    [
      'a second approval, where the first was only a click',
      'pending',
      { ...risky, decisions: [approved('cyd')] },
      proof(),
      { rules: [{ ...leads, quorum: 2 }] },
    ],
    ['the same person again, now with a proof', 'approved', { ...risky, decisions: [approved('ben')] }, proof(), {}],
  ])('%s: %s', (_, expected, m, c, a) => expect(outcome(m, c, a)).toBe(expected));

  test('is judged again by whose proof it was', () => {
    const decisions: Decision[] = [{ ...approved('ben'), confirmedBy: 'actor:ben' as ActorId }];
    const stands = (over: Partial<Approvers>) =>
      isApproved({ ...matter, ...risky, decisions }, { rules: [leads], people, ...over });
    expect(stands({})).toBe(true);
    // The identity is not this person's any more.
    expect(stands({ people: people.map((it) => (it.id === 'ben' ? { ...it, actors: [] } : it)) })).toBe(false);
    expect(isApproved({ ...matter, ...risky, decisions: [approved('ben')] }, { rules: [leads], people })).toBe(false);
  });
});
