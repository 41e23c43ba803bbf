import { memoryEventBus } from '../../../adapters/memory/event-bus.ts';
import { memoryQueue } from '../../../adapters/memory/queue.ts';
import { memoryScheduler } from '../../../adapters/memory/scheduler.ts';
import { happened, instant } from '../../contracts/examples.ts';

describe('a queue', () => {
  test('hands messages out in order and forgets what was done', async () => {
    const queue = memoryQueue<string>({ name: 'q' });
    for (const body of ['a', 'b', 'c']) queue.send(body);
    const batches: string[][] = [];
    const consume = async (batch: readonly { body: string }[]) => {
      batches.push(batch.map(({ body }) => body));
      return { failures: [] };
    };
    expect(await queue.drain(consume, 2)).toBe(3);
    expect(batches).toEqual([['a', 'b'], ['c']]);
    expect(queue.size()).toBe(0);
  });

  test('a poisoned message ends among the dead letters with its reason while the others go on', async () => {
    const queue = memoryQueue<string>({ name: 'q', maxReceives: 3 });
    for (const body of ['good', 'bad', 'fine']) queue.send(body);
    const done: string[] = [];
    await queue.drain(async (batch) => {
      const bad = batch.filter(({ body }) => body === 'bad');
      done.push(...batch.filter((message) => !bad.includes(message)).map(({ body }) => body));
      return { failures: bad.map(({ id, receives }) => ({ id, reason: `not JSON (${receives})` })) };
    });
    expect(done).toEqual(['good', 'fine']);
    expect(queue.deadLetters()).toEqual([{ id: 'q-2', body: 'bad', receives: 3, reason: 'not JSON (3)' }]);
  });

  test('a consumer that throws fails its whole batch, and redriven letters come again', async () => {
    const queue = memoryQueue<string>({ name: 'q', maxReceives: 1 });
    queue.send('a');
    await queue.drain(() => Promise.reject(new Error('throttled')));
    expect(queue.deadLetters()).toMatchObject([{ body: 'a', reason: 'throttled' }]);
    queue.redrive();
    expect(queue.deadLetters()).toEqual([]);
    expect(queue.receive(10)).toMatchObject([{ body: 'a', receives: 1 }]);
  });

  test('a message that is handed out is not handed out again', () => {
    const queue = memoryQueue<string>({ name: 'q' });
    queue.send('a');
    expect(queue.receive(10)).toHaveLength(1);
    expect(queue.receive(10)).toHaveLength(0);
  });
});

describe('schedules', () => {
  const [one, two] = [instant('2026-03-01T13:00:00Z'), instant('2026-03-01T14:00:00Z')];

  test('fire once, in order of time, up to and including the moment', async () => {
    const fired: string[] = [];
    const scheduler = memoryScheduler(async (lease) => {
      fired.push(lease);
    });
    await scheduler.revokeAt('late', two);
    await scheduler.revokeAt('early', one);
    await scheduler.revokeAt('gone', one);
    await scheduler.cancel('gone');
    await scheduler.cancel('never there');
    await scheduler.advance(instant('2026-03-01T12:59:59Z'));
    expect(fired).toEqual([]);
    await scheduler.advance(two);
    await scheduler.advance(two);
    expect(fired).toEqual(['early', 'late']);
    expect(scheduler.waiting()).toEqual([]);
  });

  test('the same name again replaces the time', async () => {
    const fired: string[] = [];
    const scheduler = memoryScheduler(async (_, at) => {
      fired.push(at);
    });
    await scheduler.revokeAt('lease', one);
    await scheduler.revokeAt('lease', two);
    await scheduler.advance(two);
    expect(fired).toEqual([two]);
  });

  test('a target that fails is tried again', async () => {
    let faults = 1;
    const fired: string[] = [];
    const scheduler = memoryScheduler(async (lease) => {
      if (faults-- > 0) throw new Error('throttled');
      fired.push(lease);
    });
    await scheduler.revokeAt('lease', one);
    await expect(scheduler.advance(one)).rejects.toThrow('throttled');
    await scheduler.advance(one);
    expect(fired).toEqual(['lease']);
  });
});

test('the bus sends an event to every rule that names its type or the beginning of it', async () => {
  const bus = memoryEventBus();
  const got: string[] = [];
  bus.rule('all', ['*'], ({ type }) => got.push(`all ${type}`));
  bus.rule('cases', ['case.*'], ({ type }) => got.push(`cases ${type}`));
  bus.rule('touched', ['lease.touched'], ({ type }) => got.push(`touched ${type}`));
  await bus.publish(happened('case', 'case-1'));
  await bus.publish(happened('lease', 'lease-1'));
  expect(got).toEqual(['all case.touched', 'cases case.touched', 'all lease.touched', 'touched lease.touched']);
});
