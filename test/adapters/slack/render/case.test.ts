import { renderCase, renderDigest } from '../../../../adapters/slack/render/case.ts';
import type { Look } from '../../../../adapters/slack/render/names.ts';
import { answerDigest } from '../../../../core/anomaly/answerable.ts';
import type { Case, CaseId } from '../../../../core/anomaly/case.ts';
import type { Day } from '../../../../core/time.ts';
import { look, sampleCase } from '../samples.ts';

const day = '2026-03-02' as Day;
const digestOf = (...cases: readonly Case[]) => JSON.stringify(renderDigest(look)(day, cases));
const small: Case = { ...sampleCase(), level: 'digest' };
const trial = (level: 'digest' | 'message', rules: readonly string[]): Case => ({
  ...sampleCase(),
  actor: 'arn:aws:iam::111122223333:user/quiet' as Case['actor'],
  level: 'shadow',
  shadow: { rules, level },
});

test('what rules on trial would have told is counted, and who it is about is told to nobody', () => {
  const text = digestOf(
    small,
    trial('message', ['two-places']),
    trial('digest', ['two-places', 'regrowth']),
    trial('digest', ['regrowth']),
  );
  expect(text).toContain('1 small novelty');
  expect(text).toContain('`regrowth (digest)` 2, `two-places (digest)` 1, `two-places (message)` 1');
  expect(text).not.toContain('quiet');
});

test('where no rule is on trial nothing is said of it', () => {
  expect(digestOf(small)).not.toContain('trial');
});

test('answers alike are told as a proposal that does nothing, three of them at most', () => {
  const proposal = (action: string) => ({
    action,
    accounts: ['111122223333'],
    cases: ['a', 'b', 'c'] as unknown as readonly CaseId[],
    actors: [small.actor],
  });
  const told = ['s3:A', 's3:B', 's3:C', 's3:D'].map(proposal);
  const text = JSON.stringify(renderDigest(look)(day, [small], told));
  expect(text).toContain(
    'Worth a rule? `s3:A` in shop (`111122223333`) was *expected* in 3 cases of 1 identity. Nothing follows from this by itself.',
  );
  expect(text).toContain('s3:C');
  expect(text).not.toContain('s3:D');
  expect(digestOf(small)).not.toContain('Worth a rule');
});

test('a muted case says until when, and offers no second mute; what it used can be lent instead', () => {
  const shown = (over: Partial<Case>) =>
    JSON.stringify(renderCase(look)({ case: { ...sampleCase(), state: 'open', ...over }, others: [] }));
  const action = { kind: 'action', action: 'iam:CreateUser' } as const;
  const open = shown({ first: [action, { kind: 'action', action: 'sign-in:ConsoleLogin' }] });
  expect(open).toContain('case:mute');
  expect(open).toContain('/leastwise request iam:CreateUser on RESOURCES');
  const muted = shown({
    first: [],
    muted: { by: 'ada', at: sampleCase().from, until: '2026-03-09T09:00:00Z' as Case['from'], digest: 'd' },
  });
  expect(muted).not.toContain('case:mute');
  expect(muted).toContain('Muted by');
  expect(muted).not.toContain('/leastwise request');
});

describe('"lend instead" is a button', () => {
  const uma = {
    id: 'uma',
    name: 'Uma',
    slack: { team: 'T1', user: 'U9' },
    actors: [sampleCase().actor],
  };
  const knowing: Look = {
    ...look,
    configuration: { ...look.configuration, people: [...look.configuration.people, uma] },
  };
  const action = (name: string) => ({ kind: 'action', action: name }) as const;
  const shown = (over: Partial<Case>, by = knowing) =>
    JSON.stringify(renderCase(by)({ case: { ...sampleCase(), ...over }, others: [] }));
  const lendable = { first: [action('s3:GetObject'), action('iam:CreateUser')] };

  test('where a person did what may be lent, and names no more than that', () => {
    const text = shown(lendable);
    expect(text).toContain('leastwise:case:lend');
    expect(text).toContain('two hours of `s3:GetObject` for Uma');
    expect(text).not.toContain('/leastwise request');
  });

  test.each<[string, Partial<Case>, Look]>([
    ['nobody that Leastwise knows did it', lendable, look],
    ['nothing of it may be lent', { first: [action('iam:CreateUser')] }, knowing],
    [
      'it was only tried and denied',
      {
        first: [action('s3:GetObject')],
        reasons: [{ ...sampleCase().reasons[0]!, facet: action('s3:GetObject'), kind: 'denied' }],
      },
      knowing,
    ],
    ['it is answered', { ...lendable, state: 'expected' }, knowing],
  ])('and none where %s', (_, over, by) => {
    expect(shown(over, by)).not.toContain('case:lend');
  });

  test('and none once somebody asked, until the case shows more', () => {
    const asked = { ...sampleCase(), ...lendable };
    const lending = { by: 'ana', at: asked.from, digest: answerDigest(asked), change: 'chg-1' };
    const text = shown({ ...lendable, lending });
    expect(text).not.toContain('case:lend');
    expect(text).toContain('Ana asked to lend it instead: change `chg-1`');
    expect(shown({ first: [...lendable.first, action('s3:PutObject')], lending })).toContain('case:lend');
  });
});
