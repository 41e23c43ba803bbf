import { memoryMessageStore } from '../../adapters/memory/message-store.ts';
import { memorySlack } from '../../adapters/memory/slack.ts';
import { slackViews } from '../../adapters/slack/render/views.ts';
import { froze } from '../../core/enrolment/freeze.ts';
import { nobodyEnrolled } from '../../core/enrolment/registry.ts';
import { digestOfRules, ruleSetOf } from '../../core/rulebook/rulebook.ts';
import { deployed, seeded } from '../../core/rulebook/step.ts';
import type { Instant } from '../../core/time.ts';
import { type Deps, showMessagesHandler } from '../../lambdas/show-messages/handler.ts';
import { look, sampleCase, sampleChange, sampleLease } from '../adapters/slack/samples.ts';

const now = '2026-03-01T12:00:00Z' as Instant;

function board(over: Partial<Pick<Deps, 'rulebook' | 'enrolments'>> = {}) {
  const slack = memorySlack();
  const buried: string[] = [];
  const failed: unknown[] = [];
  const handler = showMessagesHandler({
    cases: { find: async () => sampleCase(), list: async () => [], ofActor: async () => [] },
    verdicts: { ofActor: async () => [] },
    changes: {
      find: async (id) => {
        if (id === 'broken') throw new Error('throttled');
        return sampleChange();
      },
      list: async () => [],
    },
    leases: {
      find: async () => sampleLease(),
      due: async () => [
        sampleLease({ endsAt: '2026-03-01T12:10:00Z' as Instant, startsAt: '2026-03-01T11:00:00Z' as Instant }),
      ],
    },
    enrolments: { find: async () => undefined },
    rulebook: { find: async () => undefined },
    ledger: { itemsOfPrincipal: async () => [], itemsOfActor: async () => [] },
    messages: memoryMessageStore(),
    slack,
    views: slackViews(look),
    channel: 'C1',
    configuration: { rules: [], people: [] },
    now: () => now,
    ...over,
    deadLetters: { bury: async (_, reason) => void buried.push(reason) },
    failed: (_, fault) => failed.push(fault),
  });
  const handle = (...bodies: string[]) =>
    handler({ Records: bodies.map((body, index) => ({ messageId: `m${index}`, body })) as never });
  const keys = () => slack.messages('C1').map(({ key }) => key);
  return { handle, keys, buried, failed };
}

const told = (type: string, id: string) => JSON.stringify({ detail: { aggregate: { type, id }, sequence: 1 } });

test('each aggregate that an event tells of is shown once', async () => {
  const { handle, keys } = board();
  const bodies = [told('case', 'c'), told('change', 'x'), told('case', 'c'), told('lease', 'l'), told('settings', 's')];
  expect(await handle(...bodies)).toEqual({ batchItemFailures: [] });
  expect(keys()).toEqual(['case/c', 'change/x', 'lease/l']);
});

test('rules that wait and accounts that are frozen have a message each, by what the event says of them', async () => {
  const rules = ruleSetOf({ people: [], rules: [], accounts: [] });
  const first = seeded(rules, now, 'test').after;
  const other = ruleSetOf({ people: [], rules: [], accounts: [{ id: '111122223333', name: 'shop', units: ['prod'] }] });
  const pending = deployed(first, other, now, 'test')!;
  const change = { account: '111122223333', call: 'UpdateSAMLProvider', eventID: 'e1', who: null };
  const registry = froze(nobodyEnrolled, change, now)!;
  const { handle, keys, buried } = board({
    rulebook: { find: async () => pending.after },
    enrolments: { find: async () => registry.after },
  });
  await handle(
    JSON.stringify({ detail: pending.events[0] }),
    JSON.stringify({ detail: registry.events[0] }),
    told('assignment', 'set'),
  );
  expect(keys()).toEqual([`rules/${digestOfRules(other)}/${pending.after.pending?.from}`, 'freeze/111122223333/e1']);
  expect(buried).toEqual([]);
});

test('the clock’s question reminds of what ends soon', async () => {
  const { handle, keys } = board();
  await handle(told('reminders', 'due'));
  expect(keys()).toEqual(['lease/l1/ending']);
});

test('one that fails comes back alone, one that is no event is buried, the others go on', async () => {
  const { handle, keys, buried, failed } = board();
  const result = await handle('{', told('change', 'broken'), told('planet', 'p'), told('case', 'c'));
  expect(result).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
  expect(buried).toEqual(['not a domain event', 'not a domain event']);
  expect(failed).toHaveLength(1);
  expect(keys()).toEqual(['case/c']);
});
