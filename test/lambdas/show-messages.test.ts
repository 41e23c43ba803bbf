import { memoryMessageStore } from '../../adapters/memory/message-store.ts';
import { memorySlack } from '../../adapters/memory/slack.ts';
import { slackViews } from '../../adapters/slack/render/views.ts';
import type { Instant } from '../../core/time.ts';
import { showMessagesHandler } from '../../lambdas/show-messages/handler.ts';
import { look, sampleCase, sampleChange, sampleLease } from '../adapters/slack/samples.ts';

function board() {
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
    now: () => '2026-03-01T12:00:00Z' as Instant,
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
