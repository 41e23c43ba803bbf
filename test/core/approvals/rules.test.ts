import fc from 'fast-check';
import { type Approvers, decide, isApproved, isApprovedByRule, type Matter } from '../../../core/approvals/decide.ts';
import type { Facts } from '../../../core/approvals/matching.ts';
import { membersOf } from '../../../core/approvals/roster.ts';
import type { ApproverRule, Person } from '../../../core/approvals/rules.ts';
import type { Decision } from '../../../core/changes/change.ts';
import type { ActorId } from '../../../core/identity/principal.ts';
import { instantAt, plusSeconds } from '../../../core/time.ts';

const now = instantAt(1_750_000_000);
const teams: Readonly<Record<string, string>> = { ben: 'red', cyd: 'red', dan: 'blue' };
const people: readonly Person[] = ['ada', 'ben', 'cyd', 'dan', 'eve'].map((id) => ({
  id,
  name: id,
  slack: { team: 'T', user: id },
  actors: [`actor:${id}` as ActorId],
  ...(teams[id] && { team: teams[id] }),
}));
const everybody: ApproverRule = { name: 'everybody', approvers: ['ada', 'ben', 'cyd', 'dan', 'eve'], quorum: 1 };
const rule = (part: Partial<ApproverRule>): ApproverRule => ({ ...everybody, name: 'rule', ...part });
const facts: Facts = {
  units: ['Workloads', 'Production'],
  tags: { env: 'production', owner: 'orders' },
  permissionSets: [],
  classes: ['metadata-read', 'write'],
};
const matter: Matter = {
  kind: 'lending',
  accounts: ['111122223333'],
  risk: 'medium',
  facts,
  open: true,
  digest: 'd',
  decideBy: plusSeconds(now, 100),
  parties: ['ada'],
  lineage: [],
  decisions: [],
};
const say = (by: string, rules: readonly ApproverRule[], part: Partial<Matter> = {}, more: Partial<Approvers> = {}) => {
  const click = { by, verdict: 'approve' as const, digest: 'd', at: now };
  const decided = decide({ ...matter, ...part }, click, { rules, people, ...more });
  return decided.ok ? decided.value.outcome : decided.error;
};
const said = (...by: string[]): Decision[] =>
  by.map((each) => ({ by: each, verdict: 'approve', at: now, digest: 'd', rule: 'rule' }));

test.each<[string, Partial<ApproverRule>, boolean]>([
  ['a unit above it', { units: ['Production', 'Other'] }, true],
  ['another unit', { units: ['Sandbox'] }, false],
  ['a tag with its value', { tags: { env: 'production' } }, true],
  ['a tag with any value', { tags: { owner: '*' } }, true],
  ['a tag with another value', { tags: { env: 'test' } }, false],
  ['one tag of two', { tags: { env: 'production', cost: '*' } }, false],
  ['a tag that only objects have', { tags: { constructor: '*' } }, false],
  ['a class among its own', { classes: ['write', 'impact'] }, true],
  ['no class among its own', { classes: ['secret-read'] }, false],
  ['its own risk', { risk: 'medium' }, true],
  ['a lesser risk', { risk: 'low' }, true],
  ['a greater risk', { risk: 'high' }, false],
  ['a permission set, where there is none', { permissionSets: ['Admin'] }, false],
  ['everything at once', { kinds: ['lending'], units: ['Production'], tags: { env: '*' }, classes: ['write'] }, true],
  ['everything but one', { kinds: ['lending'], units: ['Production'], tags: { env: '*' }, classes: ['impact'] }, false],
])('a rule about %s', (_what, part, does) => {
  expect(say('ben', [rule(part)])).toBe(does ? 'approved' : 'no-matching-rule');
  // Where it matches it is one more to satisfy, where it does not it makes no difference.
  expect(say('ben', [everybody, rule({ ...part, quorum: 2 })])).toBe(does ? 'pending' : 'approved');
  expect(say('ben', [everybody, rule({ ...part, deny: true })])).toBe(does ? 'denied-by-rule' : 'approved');
});

test('what is not known makes a rule one more to satisfy, and is never a ground to decide on', () => {
  for (const part of [{ units: ['Sandbox'] }, { tags: { env: 'test' } }, { classes: ['write' as const] }]) {
    const unknown = { facts: {} };
    expect(say('ben', [rule(part)], unknown)).toBe('no-matching-rule');
    expect(say('ben', [everybody, rule({ ...part, quorum: 2 })], unknown)).toBe('pending');
    expect(say('ben', [everybody, rule({ ...part, deny: true })], unknown)).toBe('denied-by-rule');
  }
});

test('no rule that is added ever makes approval easier', () => {
  const anyRule = fc.record({
    name: fc.constantFrom('a', 'b', 'c'),
    approvers: fc.subarray(['ben', 'cyd', 'dan', 'eve']),
    quorum: fc.integer({ min: 1, max: 3 }),
    units: fc.option(fc.constantFrom(['Production'], ['Sandbox']), { nil: undefined }),
    classes: fc.option(fc.constantFrom(['write' as const], ['impact' as const]), { nil: undefined }),
    deny: fc.boolean(),
    teams: fc.option(fc.integer({ min: 1, max: 2 }), { nil: undefined }),
  }) as fc.Arbitrary<ApproverRule>;
  fc.assert(
    fc.property(
      fc.array(anyRule, { maxLength: 3 }),
      anyRule,
      fc.subarray(['ben', 'cyd', 'dan', 'eve']),
      (some, more, by) => {
        const decided = { ...matter, decisions: said(...by) };
        const matched = some.some((each) => isApproved({ ...decided }, { rules: [{ ...each, deny: false }], people }));
        const [few, many] = [
          isApproved(decided, { rules: some, people }),
          isApproved(decided, { rules: [...some, more], people }),
        ];
        if (matched && !few) expect(many).toBe(false);
        if (many && matched) expect(few).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});

test('a quorum of different teams wants different teams, and people of none count for none', () => {
  const two = [rule({ quorum: 2, teams: 2 })];
  expect(say('cyd', two, { decisions: said('ben') })).toBe('pending');
  expect(say('eve', two, { decisions: said('ben') })).toBe('pending');
  expect(say('dan', two, { decisions: said('ben') })).toBe('approved');
  expect(say('dan', two, { decisions: said('ben', 'cyd') })).toBe('approved');
});

describe('groups and rotas', () => {
  const roster = {
    groups: { platform: ['cyd', 'dan'] },
    onCall: { primary: { people: ['ben', 'cyd'], from: now, hours: 12 } },
  };

  test('stand for people, whoever is on call at that moment among them', () => {
    const at = (seconds: number) => [
      ...membersOf(['eve', 'group:platform', 'on-call:primary'], roster, plusSeconds(now, seconds)),
    ];
    expect(at(-1)).toEqual(['eve', 'cyd', 'dan']);
    expect(at(0)).toEqual(['eve', 'cyd', 'dan', 'ben']);
    expect(at(12 * 3600 - 1)).toContain('ben');
    expect(at(12 * 3600)).not.toContain('ben');
    expect(at(24 * 3600)).toContain('ben');
    expect([...membersOf(['group:nobody', 'on-call:nobody', 'group:constructor'], roster, now)]).toEqual([]);
  });

  test('whoever answered while on call is still counted after the shift', () => {
    const rules = [rule({ approvers: ['on-call:primary'], quorum: 1 })];
    expect(say('ben', rules, {}, roster)).toBe('approved');
    expect(say('cyd', rules, {}, roster)).toBe('not-an-approver');
    expect(isApproved({ ...matter, decisions: said('ben') }, { rules, people, ...roster })).toBe(true);
    const late = said('ben').map((each) => ({ ...each, at: plusSeconds(now, 12 * 3600) }));
    expect(isApproved({ ...matter, decisions: late }, { rules, people, ...roster })).toBe(false);
  });
});

describe('what the rules name harmless', () => {
  const reading = { ...matter, risk: 'low' as const, facts: { ...facts, classes: ['metadata-read' as const] } };
  const harmless = rule({ harmless: ['metadata-read'] });
  const byRule = (part: Partial<Matter>, rules: readonly ApproverRule[]) =>
    isApprovedByRule({ ...reading, ...part }, { rules, people });

  test('needs nobody, where every rule that matches says so of all of it', () => {
    expect(byRule({}, [harmless])).toBe(true);
    expect(byRule({}, [harmless, everybody])).toBe(false);
    expect(byRule({}, [harmless, rule({ deny: true })])).toBe(false);
    expect(byRule({}, [rule({ harmless: ['metadata-read'], deny: true })])).toBe(false);
    expect(byRule({ facts }, [harmless])).toBe(false);
    expect(byRule({ facts: { classes: [] } }, [harmless])).toBe(false);
    expect(byRule({ facts: {} }, [harmless])).toBe(false);
    expect(byRule({}, [])).toBe(false);
  });

  test('is lending and nothing else, is still open, and never above the risk that wants a session of AWS', () => {
    expect(byRule({ kind: 'rightsizing' }, [harmless])).toBe(false);
    expect(byRule({ open: false }, [harmless])).toBe(false);
    expect(byRule({ risk: 'high' }, [harmless])).toBe(false);
  });
});
