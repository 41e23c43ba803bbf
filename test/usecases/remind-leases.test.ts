import { memoryMessageStore } from '../../adapters/memory/message-store.ts';
import { memorySlack } from '../../adapters/memory/slack.ts';
import { slackViews } from '../../adapters/slack/render/views.ts';
import type { Lease } from '../../core/leases/lease.ts';
import { type Instant, plusSeconds } from '../../core/time.ts';
import { remindLeases } from '../../usecases/remind-leases.ts';
import { showLease } from '../../usecases/show-lease.ts';
import { look, sampleLease } from '../adapters/slack/samples.ts';

const noon = '2026-03-01T12:00:00Z' as Instant;
const at = (minutes: number) => plusSeconds(noon, minutes * 60);

function board(over: Partial<Lease> = {}) {
  let lease = sampleLease({ startsAt: at(-60), endsAt: at(15), ...over });
  const slack = memorySlack();
  const asked: Instant[] = [];
  const deps = {
    leases: {
      find: async () => lease,
      due: async (until: Instant) => {
        asked.push(until);
        return lease.endsAt <= until ? [lease] : [];
      },
    },
    changes: { find: async () => undefined },
    ledger: { itemsOfActor: async () => [] },
    messages: memoryMessageStore(),
    slack,
    views: slackViews(look),
    channel: 'C1',
    now: () => noon,
  };
  const remind = remindLeases(deps);
  const show = () => showLease(deps)(lease.id);
  const becomes = (next: Partial<Lease>) => {
    lease = { ...lease, ...next, version: lease.version + 1 };
  };
  const reminders = () => slack.messages('C1').filter(({ key }) => key.endsWith('/ending'));
  return { remind, show, becomes, reminders, slack };
}

test('whose access ends within a quarter of an hour is told once, by name, in its thread', async () => {
  const { show, remind, reminders, slack } = board();
  await show();
  for (let time = 0; time < 3; time += 1) await remind();
  expect(reminders()).toMatchObject([{ edits: 0, thread: slack.messages('C1')[0]?.ts }]);
  expect(JSON.stringify(reminders()[0]?.blocks)).toContain('<@U1>: this access ends at 2026-03-01 12:15 UTC');
});

test('the reminder loses its buttons once the access has ended', async () => {
  const { show, remind, becomes, reminders } = board();
  await show();
  await remind();
  becomes({ state: 'revoking', revokeReason: 'early' });
  await show();
  expect(JSON.stringify(reminders()[0]?.blocks)).toContain('This access has ended');
  expect(JSON.stringify(reminders()[0]?.blocks)).not.toContain('button');
});

test.each<[string, Partial<Lease>]>([
  ['ends later', { endsAt: at(16) }],
  ['is over', { endsAt: at(0) }],
  ['is short anyway', { startsAt: at(-10) }],
  ['is being taken back', { state: 'revoking' }],
])('nobody is told of a lease that %s', async (_, over) => {
  const { show, remind, reminders } = board(over);
  await show();
  await remind();
  expect(reminders()).toEqual([]);
});
