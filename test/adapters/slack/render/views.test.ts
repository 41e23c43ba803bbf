import fc from 'fast-check';
import { slackViews } from '../../../../adapters/slack/render/views.ts';
import type { Case } from '../../../../core/anomaly/case.ts';
import type { Change, ChangeState, Plan, TrialEnd } from '../../../../core/changes/change.ts';
import type { Enrolment } from '../../../../core/enrolment/registry.ts';
import type { ActorId } from '../../../../core/identity/principal.ts';
import type { Day, Instant } from '../../../../core/time.ts';
import type { SlackMessage } from '../../../../usecases/ports/slack.ts';
import { interpretedTexts, readTexts, refusedBySlack } from '../limits.ts';
import {
  lendingPlan,
  look,
  quarantinePlan,
  rightsizingPlan,
  sampleCase,
  sampleChange,
  sampleLease,
  setPlan,
  trialPlan,
} from '../samples.ts';

const views = slackViews(look);
const all = (message: SlackMessage) => readTexts(message).join('\n');
const buttonsOf = (message: SlackMessage) =>
  message.blocks.flatMap((block) =>
    block.type === 'actions' ? block.elements.flatMap((it) => ('action_id' in it ? [it.action_id] : [])) : [],
  );

describe('a step of the ladder', () => {
  test('a trial says what it denies, what it does not, how it ends, and that ending it needs no decision', () => {
    const planned = all(views.change(sampleChange(trialPlan)));
    for (const words of [
      'Trial for app',
      '2 actions denied on trial',
      '`route53`',
      'a resource gives it too',
      '14 quiet days',
    ])
      expect(planned).toContain(words);
    // What only must stay is no difference.
    expect(planned).not.toContain('Inline policy all');
    expect(planned).toContain('trial-app-0123456789ab is attached to app');
    const running = views.change(sampleChange(trialPlan, { state: 'verified' }));
    expect(all(running)).toContain('Trial running');
    expect(buttonsOf(running)).toEqual(['leastwise:change:undo']);
    expect(all(running)).toContain('End the trial');
    const time = '2026-03-01T12:00:00Z' as Instant;
    const denials = [{ action: 's3:PutObject', time, eventID: 'e-1' }];
    const told = (why: TrialEnd['why']) =>
      all(views.trialEnd(sampleChange(trialPlan, { ended: { by: 'ana', at: time, why, denials } })));
    expect(told('denied')).toContain('it denied `s3:PutObject` at 2026-03-01 12:00 UTC');
    expect(told('asked')).toContain('Ana ended it');
    expect(told('final')).toContain('in force');
    expect(told('gone')).toContain('is gone');
  });

  test('what a stack owns is a patch for its source, and nothing to press', () => {
    const refusal = { reason: 'owned-by-source' as const, detail: 'It belongs to CDK (shop).' };
    const message = views.change(sampleChange(rightsizingPlan, { state: 'refused', refusal }));
    expect(all(message)).toMatch(/Statement:[\s\S]*"s3:GetObject"/);
    expect(all(message)).toContain('It belongs to CDK (shop).');
    expect(buttonsOf(message)).toEqual([]);
    const other = views.change(
      sampleChange(rightsizingPlan, { state: 'refused', refusal: { ...refusal, reason: 'drifted' } }),
    );
    expect(all(other)).not.toContain('Statement:');
  });

  test('a role that is retired whole is said to be, and what deleting it would mean', () => {
    const stage = { step: 'trial' as const, services: ['*'], untried: [], quietDays: 14 };
    const terms = { ...trialPlan.terms, removed: ['*'], stage } as Plan['terms'];
    const text = all(views.change(sampleChange({ ...trialPlan, terms })));
    expect(text).toContain('Retire app');
    expect(text).toContain('another unique id');
  });

  test('the final step says what was tried before, or that nothing could be', () => {
    const final = (trial: string | null): Plan => ({
      ...rightsizingPlan,
      terms: {
        ...rightsizingPlan.terms,
        stage: { step: 'final', trial, untried: ['s3:PutObject (no trial)'] },
      } as Plan['terms'],
    });
    expect(all(views.change(sampleChange(final('chg-1'))))).toContain('*Tried* by `chg-1`');
    expect(all(views.change(sampleChange(final(null))))).toContain('*No trial* came before');
  });
});

describe('a case', () => {
  const message = views.case({ case: sampleCase(), others: ['arn:aws:iam::111122223333:user/ops' as ActorId] });

  test('says who, where, when, why and how much', () => {
    const text = all(message);
    for (const part of [
      'dev',
      'shop',
      '111122223333',
      '2026-03-01 12:00 UTC',
      '7.25',
      'First use of iam:CreateAccessKey',
    ])
      expect(text).toContain(part);
  });

  test('offers the two answers and says who else a quarantine would hit', () => {
    expect(buttonsOf(message)).toEqual(['leastwise:case:expected', 'leastwise:case:not-us', 'leastwise:case:mute']);
    expect(all(message)).toContain('1 other seen using it: `ops`');
  });

  test.each(['expected', 'not-us', 'superseded'] as const)('offers no answer any more once it is %s', (state) => {
    expect(buttonsOf(views.case({ case: sampleCase({ state }), others: [] }))).toEqual([]);
  });
});

describe('a change', () => {
  const states: Record<ChangeState, string[]> = {
    planned: ['leastwise:change:approve', 'leastwise:change:deny'],
    denied: [],
    lapsed: [],
    approved: [],
    refused: [],
    applying: [],
    verified: ['leastwise:change:undo'],
    'undo-planned': ['leastwise:change:approve', 'leastwise:change:deny'],
    'undo-approved': [],
    undoing: [],
    undone: [],
  };

  test.each(Object.entries(states))('in state %s offers what can be done next', (state, expected) => {
    const message = views.change(sampleChange(rightsizingPlan, { state: state as ChangeState }));
    expect(buttonsOf(message)).toEqual(expected);
    expect(refusedBySlack(message)).toEqual([]);
  });

  test('shows the policy difference, and counts what goes and stays', () => {
    const text = all(views.change(sampleChange(rightsizingPlan)));
    expect(text).toContain('- Allow s3:PutObject on *');
    expect(text).not.toContain('- Allow s3:GetObject');
    expect(text).toContain('1 action removed, 1 kept');
  });

  test('shows statements by what they say, whatever their order and form', () => {
    const before = '{"Statement":[{"Effect":"Allow","Action":["a:B","c:D"],"Resource":"*"}]}';
    const after =
      '{"Statement":{"Effect":"Allow","Action":["c:D"],"Resource":["*"],"Condition":{"Bool":{"aws:SecureTransport":"true"}}}}';
    const edits = [{ ...rightsizingPlan.edits[0]!, before, after }];
    const text = all(views.change(sampleChange({ ...rightsizingPlan, edits })));
    expect(text).toContain('Inline policy all of app changes: 2 gone, 1 new, 0 kept');
    expect(text).toContain('+ Allow c:D on * when Bool aws:SecureTransport = true');
  });

  test('shows a text that is no policy as it is', () => {
    const edits = [{ ...rightsizingPlan.edits[0]!, before: 'x', after: null }];
    const text = all(views.change(sampleChange({ ...rightsizingPlan, edits })));
    expect(text).toContain('Inline policy all of app is removed: 1 gone, 0 new, 0 kept');
    expect(text).toContain('- x');
  });

  test('a quarantine says which keys go, what is denied and who else is hit', () => {
    const text = all(views.change(sampleChange(quarantinePlan)));
    for (const part of ['Access key AKIAEXAMPLE of dev: Active → Inactive', '+ Deny * on *', '`ci`'])
      expect(text).toContain(part);
  });

  test('a loan says what, on what, for how long and why, and is not undone but taken back', () => {
    const text = all(views.change(sampleChange(lendingPlan)));
    for (const part of ['`s3:GetObject`', '`arn:aws:s3:::logs/*`', '1 hour 30 minutes', 'look at the logs'])
      expect(text).toContain(part);
    expect(buttonsOf(views.change(sampleChange(lendingPlan, { state: 'verified' })))).toEqual([]);
  });

  test('a refusal is told in words', () => {
    const refused = sampleChange(quarantinePlan, {
      state: 'refused',
      refusal: { reason: 'base-changed', detail: 'inline policy all' },
    });
    expect(all(views.change(refused))).toContain('no longer the one that was reviewed');
  });

  test('an undo is approved by its own digest, not by the plan’s', () => {
    const undo = { by: 'ana', at: sampleCase().from, reason: 'it broke', decideBy: sampleCase().to };
    const planned = JSON.stringify(views.change(sampleChange(quarantinePlan)));
    const undoing = JSON.stringify(views.change(sampleChange(quarantinePlan, { state: 'undo-planned', undo })));
    expect(planned).toContain(sampleChange().digest);
    expect(undoing).not.toContain(sampleChange().digest);
  });
});

describe('a lease', () => {
  test('says when it ends and can be ended early while it is active', () => {
    const message = views.lease({ lease: sampleLease(), change: sampleChange(lendingPlan), used: null });
    expect(all(message)).toContain('*Active* until 2026-03-01 13:30 UTC');
    expect(buttonsOf(message)).toEqual(['leastwise:lease:revoke', 'leastwise:lease:extend']);
  });

  test('leaves a receipt', () => {
    const lease = sampleLease({ state: 'revoked', revokeReason: 'early', revokedAt: sampleLease().endsAt });
    const message = views.lease({ lease, change: null, used: null });
    expect(all(message)).toContain('somebody took it back early. It was lent for 1 hour 30 minutes');
    expect(buttonsOf(message)).toEqual([]);
  });

  test('of a permission set never says that it ends by itself, and says how long a session may go on', () => {
    const change = sampleChange(setPlan);
    const asked = all(views.change(change));
    for (const part of [
      '`Repair`',
      '`discovery`, `write`',
      'does not end by itself',
      'go on for 1 hour after that',
      'u-ana',
    ])
      expect(asked).toContain(part);
    const unknown = {
      ...setPlan,
      terms: { ...setPlan.terms, permissionSet: { name: 'Repair', session: 3600 } } as Plan['terms'],
    };
    expect(all(views.change(sampleChange(unknown)))).toContain('what is not known here');
    const lease = sampleLease({ carrier: setPlan.target, edit: setPlan.edits[0]! });
    const active = all(views.lease({ lease, change, used: null }));
    expect(active).toContain('Access lent to Repair');
    expect(active).toContain('AWS does not end it by itself');
    expect(active).not.toContain('AWS itself stops allowing it');
    const over = { ...lease, state: 'revoked' as const, revokedAt: lease.endsAt };
    const receipt = all(views.lease({ lease: over, change, used: ['s3:GetObject'] }));
    for (const part of ['unless another loan holds it', 'not cut: it ends within an hour', '*Used 1 action of it*'])
      expect(receipt).toContain(part);
  });

  test('tells how much of it was used, and what was made under it and remains', () => {
    const residue = [{ kind: 'access-key' as const, what: 'AKIAMADEUNDERIT', until: null }];
    const lease = sampleLease({ state: 'verified', revokeReason: 'ended', revokedAt: sampleLease().endsAt, residue });
    const message = views.lease({ lease, change: sampleChange(lendingPlan), used: ['s3:GetObject'] });
    expect(all(message)).toContain('*Used 1 of 1*: `s3:GetObject`');
    expect(all(message)).toContain('AKIAMADEUNDERIT');
    expect(buttonsOf(message)).toEqual(['leastwise:lease:accept']);
  });
});

const sampleEnrolment: Enrolment = {
  team: 'T1',
  user: 'U9',
  person: 'slack-t1-u9',
  name: 'zoe',
  actors: ['arn:aws:iam::111122223333:user/zoe' as ActorId],
  arn: 'arn:aws:iam::111122223333:user/zoe',
  at: sampleLease().startsAt,
  from: sampleLease().endsAt,
  refusedBy: null,
};

test('an enrolment says who will be whom, and can be refused until somebody did', () => {
  const open = views.enrolment(sampleEnrolment);
  expect(all(open)).toContain('`arn:aws:iam::111122223333:user/zoe`');
  expect(buttonsOf(open)).toEqual(['leastwise:enrolment:refuse']);
  const refused = views.enrolment({ ...sampleEnrolment, refusedBy: 'ana' });
  expect(all(refused)).toContain('*Refused* by Ana');
  expect(buttonsOf(refused)).toEqual([]);
});

describe('whatever names, agents and reasons say', () => {
  const nasty = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 400 }),
    fc.constantFrom(
      '<!channel>',
      '<@U1>',
      '`',
      '```',
      '*b*',
      '_i_',
      '~s~',
      '\u202Egnp',
      '\n> fake line',
      '&amp;',
      '\uD800',
    ),
    fc.constantFrom('&'.repeat(5000), '😀'.repeat(3000), '`<>&'.repeat(2000), ''),
  );
  const lists = fc.array(nasty, { maxLength: 60 });

  test.each<[string, fc.Arbitrary<SlackMessage>]>([
    ['a case', fc.tuple(nasty, lists, lists).map(([n, l, m]) => views.case(nastyCase(n, l, m)))],
    [
      'a digest',
      fc.tuple(nasty, lists).map(([n, l]) =>
        views.digest(
          '2026-03-01' as Day,
          l.map((it) => nastyCase(n, [it], []).case),
        ),
      ),
    ],
    [
      'a change',
      fc
        .tuple(nasty, lists, fc.constantFrom(quarantinePlan, rightsizingPlan, lendingPlan, setPlan))
        .map(([n, l, p]) => views.change(nastyChange(n, l, p))),
    ],
    [
      'a lease',
      fc.tuple(nasty, lists).map(([n, l]) => {
        const residue = l.map((what) => ({ kind: 'access-key' as const, what, until: null }));
        const lease = sampleLease({
          carrier: n,
          beneficiary: n,
          state: 'revoked',
          revokedAt: sampleLease().endsAt,
          residue,
        });
        return views.lease({ lease, change: nastyChange(n, l, lendingPlan), used: l });
      }),
    ],
    ['a reminder', nasty.map((n) => views.leaseEnding(sampleLease({ beneficiary: n === '' ? 'nobody' : `x${n}` })))],
    [
      'an enrolment',
      nasty.map((n) =>
        views.enrolment({ ...sampleEnrolment, name: n, arn: n, user: n, refusedBy: n === '' ? null : n }),
      ),
    ],
  ])('%s keeps within what Slack takes, mentions nobody and hides nothing', (_, messages) =>
    fc.assert(
      fc.property(messages, (message) => {
        expect(refusedBySlack(message)).toEqual([]);
        for (const text of interpretedTexts(message)) {
          expect(text).not.toMatch(/[<>]/);
          expect((text.match(/`/g) ?? []).length % 2).toBe(0);
        }
        for (const text of readTexts(message)) expect(text).not.toMatch(/[\p{Cf}\p{Cs}]/u);
      }),
      { numRuns: 30 },
    ),
  );
});

const nastyCase = (name: string, list: readonly string[], words: readonly string[]) => {
  const reasons = words.map((word) => ({ ...sampleCase().reasons[0]!, words: word }));
  const it: Case = { ...sampleCase({ reasons }), actor: name as ActorId, arns: list, accounts: list };
  return { case: it, others: list as readonly ActorId[] };
};

function nastyChange(name: string, list: readonly string[], plan: Plan): Change {
  const edits = list.map((text) => ({ ...plan.edits[0]!, before: name, after: text }));
  const terms = {
    ...plan.terms,
    alsoHit: list,
    removed: list,
    kept: list,
    actions: list,
    resources: list,
    reason: name,
  };
  const decisions = list.map((by) => ({
    by,
    verdict: 'approve' as const,
    at: sampleCase().from,
    digest: '',
    rule: name,
  }));
  return sampleChange({ ...plan, target: name, edits, terms } as Plan, {
    decisions,
    refusal: { reason: 'base-changed', detail: name },
    state: 'refused',
  });
}
