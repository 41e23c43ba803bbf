import type { Approvers, Matter } from '../../../core/approvals/decide.ts';
import { escalation, inEmergency, reviewRefusal } from '../../../core/approvals/emergency.ts';
import type { Person, StandingDecision } from '../../../core/approvals/rules.ts';
import type { ActorId } from '../../../core/identity/principal.ts';
import { instantAt, plusSeconds } from '../../../core/time.ts';

const now = instantAt(1_750_000_000);
const people: readonly Person[] = ['ada', 'ben', 'cyd'].map((id) => ({
  id,
  name: id,
  slack: { team: 'T', user: id },
  actors: [`actor:${id}` as ActorId],
}));
const approvers: Approvers = { people, rules: [{ name: 'leads', approvers: ['ada', 'ben'], quorum: 2 }] };
const matter: Matter = {
  kind: 'lending',
  accounts: ['111122223333'],
  facts: { classes: ['write'] },
  open: true,
  digest: 'd',
  decideBy: plusSeconds(now, 86_400),
  parties: ['ada'],
  lineage: [],
  decisions: [],
};
const standing: StandingDecision = {
  name: 'night',
  people: ['ada'],
  accounts: ['111122223333'],
  classes: ['metadata-read', 'write'],
  maxHours: 1,
  reviewWithinHours: 24,
};
const take = (part: Partial<Matter> = {}, more: { by?: string; duration?: number } = {}, rules = approvers.rules) => {
  const asked = { matter: { ...matter, ...part }, by: 'ada', duration: 3600, at: now, ...more };
  return inEmergency(asked, { ...approvers, rules, standing: [standing] });
};

test('in an emergency a decision that was made beforehand is taken, and its review is due', () => {
  const decision = { by: 'ada', verdict: 'approve', at: now, digest: 'd', rule: 'standing:night' };
  expect(take()).toEqual({ ok: true, value: { decision, reviewBy: plusSeconds(now, 86_400) } });
});

test.each<[string, Parameters<typeof take>]>([
  ['for longer', [{}, { duration: 3601 }]],
  ['in another account', [{ accounts: ['111122223333', '444455556666'] }]],
  ['for more', [{ facts: { classes: ['write', 'impact'] } }]],
  ['for nobody knows what', [{ facts: {} }]],
  ['for somebody else', [{ parties: ['ada', 'ben'] }]],
  ['by somebody who is not named', [{ parties: ['ben'] }, { by: 'ben' }]],
])('it is not taken %s', (_what, asked) => {
  expect(take(...asked)).toEqual({ ok: false, error: 'no-standing-decision' });
});

test('a rule that denies stands above it, and what is decided or no loan is none of it', () => {
  expect(take({}, {}, [{ name: 'never', approvers: [], quorum: 1, deny: true }])).toEqual({
    ok: false,
    error: 'denied-by-rule',
  });
  expect(take({ open: false })).toEqual({ ok: false, error: 'not-pending' });
  expect(take({ kind: 'quarantine' })).toEqual({ ok: false, error: 'not-pending' });
  expect(take({}, { by: 'eve' })).toEqual({ ok: false, error: 'unknown-person' });
});

test('it is reviewed by an approver who is none of its parties', () => {
  expect(reviewRefusal(matter, 'ben', now, approvers)).toBeUndefined();
  expect(reviewRefusal(matter, 'ada', now, approvers)).toBe('self-approval');
  expect(reviewRefusal({ ...matter, lineage: ['actor:ben' as ActorId] }, 'ben', now, approvers)).toBe('self-approval');
  expect(reviewRefusal(matter, 'cyd', now, approvers)).toBe('not-an-approver');
  expect(reviewRefusal(matter, 'eve', now, approvers)).toBe('unknown-person');
});

test('after half of the time those are told who could still answer, and nobody who asked or has answered', () => {
  const told = (seconds: number, part: Partial<Matter> = {}) =>
    escalation({ ...matter, ...part }, now, plusSeconds(now, seconds), approvers);
  expect(told(43_199)).toEqual([]);
  expect(told(43_200)).toEqual(['ben']);
  expect(told(86_401)).toEqual([]);
  expect(told(43_200, { open: false })).toEqual([]);
  expect(told(43_200, { parties: [] })).toEqual(['ada', 'ben']);
});
