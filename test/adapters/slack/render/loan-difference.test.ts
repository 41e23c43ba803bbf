import { slackViews } from '../../../../adapters/slack/render/views.ts';
import type { Plan } from '../../../../core/changes/change.ts';
import type { Day } from '../../../../core/time.ts';
import { loanHistory } from '../../../../usecases/loan-history.ts';
import { interpretedTexts, readTexts, refusedBySlack } from '../limits.ts';
import { lendingPlan, look, sampleChange, sampleLease } from '../samples.ts';

const views = slackViews(look);
const loan = (actions: readonly string[], more: object = {}): Plan => ({
  ...lendingPlan,
  terms: { ...lendingPlan.terms, actions, ...more } as Plan['terms'],
});
const shown = (...of: Parameters<typeof views.change>) => readTexts(views.change(...of)).join('\n');
const history = { lent: 3, last: '2026-02-20' as Day, denied: 1, used: ['s3:GetObject'], resources: [] };

test('whoever decides reads what is new by its class, what was there before, and how the access was used', () => {
  const change = sampleChange(loan(['s3:GetObject', 's3:PutObject', 'kms:ScheduleKeyDeletion'], { already: [] }));
  const text = shown(change, history);
  expect(text).toMatch(/New to `ana`[\s\S]*can destroy.*kms:ScheduleKeyDeletion[\s\S]*changes things.*s3:PutObject/);
  expect(text).toMatch(/Narrower.*`s3:GetObject` on .* would do/);
  expect(text).toMatch(
    /lent to .*Ana.* 3 times, last on 2026-02-20, used: `s3:GetObject`.*1 request for it came to nothing/,
  );
});

test('what is allowed anyway is said to be', () => {
  const already = ['s3:GetObject on arn:aws:s3:::logs/*'];
  expect(shown(sampleChange(loan(['s3:GetObject'], { already })))).toMatch(/Nothing new.*may do all of it/);
  expect(shown(sampleChange(loan(['s3:GetObject', 's3:PutObject'], { already })))).toMatch(
    /Allowed anyway.*s3:GetObject/,
  );
});

test('once it is decided, the message says it no longer', () => {
  expect(shown(sampleChange(loan(['s3:GetObject']), { state: 'approved' }))).not.toMatch(/New to/);
});

test('whatever is in it, Slack takes it, and nothing in it mentions or links', () => {
  const actions = Array.from({ length: 400 }, (_, n) => `s3:<!channel>*${n}${'x'.repeat(200)}`);
  const message = views.change(sampleChange(loan(actions, { already: [] })), {
    ...history,
    used: actions,
    resources: actions,
  });
  expect(refusedBySlack(message)).toEqual([]);
  for (const text of interpretedTexts(message)) expect(text).not.toMatch(/<!|<@|<http/);
});

test('the history is of loans of the same actions to the same person, and of what these were used for', async () => {
  const about = (id: string, over: object = {}, actions = ['s3:GetObject']) =>
    sampleChange(loan(actions), {
      id: id as never,
      lease: `l-${id}`,
      appliedAt: '2026-02-10T00:00:00Z' as never,
      ...over,
    });
  const changes = [
    about('1'),
    about('2', { beneficiary: 'ben' }),
    about('3', {}, ['sqs:SendMessage']),
    about('4', { state: 'denied', lease: null, appliedAt: null }),
    about('5', { appliedAt: '2026-02-12T00:00:00Z' }, ['s3:GetObject', 's3:PutObject']),
  ];
  const told = await loanHistory({
    changes: { list: async () => changes },
    leases: { find: async (id) => sampleLease({ id: id as never, state: 'closed' }) },
    ledger: { itemsOfActor: async () => [] },
  })(sampleChange(loan(['s3:GetObject'])));
  expect(told).toMatchObject({ lent: 2, last: '2026-02-12', denied: 1, used: [] });
});
