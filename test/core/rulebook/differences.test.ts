import type { Configuration } from '../../../core/configuration.ts';
import { differencesOf } from '../../../core/rulebook/differences.ts';
import { ruleSetOf } from '../../../core/rulebook/rulebook.ts';

const team = Array.from({ length: 40 }, (_, n) => `approver-number-${n}`);
const base: Pick<Configuration, 'accounts' | 'people' | 'rules' | 'groups'> = {
  accounts: [],
  people: [],
  rules: [{ name: 'prod', approvers: team, quorum: 2 }],
  groups: { leads: ['ada', 'ben'] },
};
const lines = (after: Parameters<typeof ruleSetOf>[0]) => differencesOf(ruleSetOf(base), ruleSetOf(after));

test('of a rule that changes only what changes of it is told, so that no length hides it', () => {
  const prod = { name: 'prod', approvers: [...team.slice(1), 'mallory'], quorum: 1 };
  expect(lines({ ...base, rules: [prod] })).toEqual([
    '~ rule prod, approvers: + "mallory", - "approver-number-0"',
    '~ rule prod, quorum: 2 → 1',
  ]);
});

test('what a rule did not say before, or does not say any more, is told', () => {
  const prod = { name: 'prod', approvers: team, quorum: 2, accounts: ['111122223333'] };
  expect(lines({ ...base, rules: [prod] })).toEqual(['+ rule prod, accounts: ["111122223333"]']);
  expect(differencesOf(ruleSetOf({ ...base, rules: [prod] }), ruleSetOf(base))).toEqual([
    '- rule prod, accounts: ["111122223333"]',
  ]);
});

test('members, and their order, are told', () => {
  expect(lines({ ...base, groups: { leads: ['ben'] } })).toEqual(['~ group leads: - "ada"']);
  expect(lines({ ...base, groups: { leads: ['ben', 'ada'] } })).toEqual([
    '~ group leads: ["ada","ben"] → ["ben","ada"]',
  ]);
});

test('what is new or gone is told whole, and what is the same is not', () => {
  const eve = { name: 'eve', approvers: ['dan'], quorum: 1 };
  expect(lines({ ...base, rules: [...base.rules, eve], groups: {} })).toEqual([
    '+ rule eve: {"approvers":["dan"],"name":"eve","quorum":1}',
    '- group leads: ["ada","ben"]',
  ]);
  expect(lines(base)).toEqual([]);
});
