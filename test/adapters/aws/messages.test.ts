import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { CreateSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { eventBus } from '../../../adapters/aws/event-bus.ts';
import { deadLetterQueue, enqueueInto, moveMessages } from '../../../adapters/aws/queue.ts';
import { recorded } from '../../../adapters/aws/recorder.ts';
import { leaseScheduler } from '../../../adapters/aws/scheduler.ts';
import { secretReader } from '../../../adapters/aws/secret.ts';
import type { Instant } from '../../../core/time.ts';
import { happened } from '../../contracts/examples.ts';
import { onMoto } from '../../emulators/moto.ts';
import { towards } from './clients.ts';

const named = (name: string) => Object.assign(new Error(name), { name });

describe('schedules', () => {
  const at = '2026-11-22T10:00:00Z' as Instant;
  const open = () =>
    leaseScheduler({
      scheduler: new SchedulerClient({}),
      group: 'leastwise-leases',
      target: 'arn:queue',
      role: 'arn:role',
    });
  const schedule = {
    Name: 'leastwise-lease-abc123',
    GroupName: 'leastwise-leases',
    ScheduleExpression: 'at(2026-11-22T10:00:00)',
    ScheduleExpressionTimezone: 'UTC',
    FlexibleTimeWindow: { Mode: 'OFF' },
    ActionAfterCompletion: 'DELETE',
    Target: { Arn: 'arn:queue', RoleArn: 'arn:role', Input: '{"lease":"abc123"}' },
  };

  test('fire once at the second, in UTC, and delete themselves', async () => {
    const scheduler = mockClient(SchedulerClient);
    scheduler.on(CreateScheduleCommand).resolves({});
    await open().revokeAt('abc123', at);
    expect(scheduler.commandCalls(CreateScheduleCommand)[0]?.args[0].input).toEqual(schedule);
  });

  test('set again are replaced', async () => {
    const scheduler = mockClient(SchedulerClient);
    scheduler.on(CreateScheduleCommand).rejects(named('ConflictException')).on(UpdateScheduleCommand).resolves({});
    await open().revokeAt('abc123', at);
    expect(scheduler.commandCalls(UpdateScheduleCommand)[0]?.args[0].input).toEqual(schedule);
  });

  test('that cannot be set are a fault', async () => {
    const scheduler = mockClient(SchedulerClient);
    scheduler.on(CreateScheduleCommand).rejects(named('ThrottlingException'));
    await expect(open().revokeAt('abc123', at)).rejects.toThrow('Throttling');
    await expect(open().revokeAt('a/b', at)).rejects.toThrow('cannot name');
  });

  test('are cancelled, and one that is gone is no error', async () => {
    const scheduler = mockClient(SchedulerClient);
    scheduler
      .on(DeleteScheduleCommand)
      .resolvesOnce({})
      .rejectsOnce(named('ResourceNotFoundException'))
      .rejects(named('InternalServerException'));
    await open().cancel('abc123');
    await open().cancel('abc123');
    await expect(open().cancel('abc123')).rejects.toThrow('Internal');
    expect(scheduler.commandCalls(DeleteScheduleCommand)[0]?.args[0].input).toEqual({
      Name: 'leastwise-lease-abc123',
      GroupName: 'leastwise-leases',
    });
  });
});

describe('the event bus', () => {
  const bus = () => eventBus({ client: new EventBridgeClient({}), bus: 'leastwise' });

  test('carries the whole event under its type', async () => {
    const client = mockClient(EventBridgeClient);
    client.on(PutEventsCommand).resolves({ FailedEntryCount: 0, Entries: [{ EventId: '1' }] });
    const event = happened('change', 'chg-1');
    await bus().publish(event);
    expect(client.commandCalls(PutEventsCommand)[0]?.args[0].input.Entries).toEqual([
      {
        EventBusName: 'leastwise',
        Source: 'leastwise',
        DetailType: event.type,
        Time: new Date(event.at),
        Detail: JSON.stringify(event),
      },
    ]);
  });

  test('that answers well and takes nothing is a fault', async () => {
    const client = mockClient(EventBridgeClient);
    client
      .on(PutEventsCommand)
      .resolves({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure', ErrorMessage: 'no' }] });
    await expect(bus().publish(happened('change', 'chg-1'))).rejects.toThrow('InternalFailure');
    client.on(PutEventsCommand).resolves({});
    await expect(bus().publish(happened('change', 'chg-1'))).rejects.toThrow('did not take');
  });
});

onMoto('queues and secrets on moto', (emulator) => {
  const freshQueue = async (QueueName: string) => {
    const sqs = recorded(new SQSClient(towards(emulator())));
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName }));
    const received = async () => {
      const { Messages } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
      );
      return Messages ?? [];
    };
    return { queue: { sqs, url: QueueUrl! }, received };
  };

  test('a body arrives as it was put in', async () => {
    const { queue, received } = await freshQueue('work');
    await enqueueInto(queue)('ab12 ä');
    expect(await received()).toMatchObject([{ Body: 'ab12 ä' }]);
  });

  test('a dead letter carries its reason', async () => {
    const { queue, received } = await freshQueue('dead');
    await deadLetterQueue(queue).bury('{"odd":', 'not JSON');
    await deadLetterQueue(queue).bury('', 'empty');
    const letters = await received();
    expect(letters.map(({ Body, MessageAttributes }) => [Body, MessageAttributes?.reason?.StringValue])).toEqual(
      expect.arrayContaining([
        ['{"odd":', 'not JSON'],
        [' ', 'empty'],
      ]),
    );
  });

  test('a secret is read once in five minutes, then anew', async () => {
    const client = recorded(new SecretsManagerClient(towards(emulator())));
    const { ARN } = await client.send(new CreateSecretCommand({ Name: 'signing', SecretString: 'one' }));
    let now = 1_000_000;
    const read = secretReader({ client, id: ARN!, now: () => now });
    expect(await read()).toBe('one');
    await client.send(new PutSecretValueCommand({ SecretId: ARN!, SecretString: 'two' }));
    now += 299_000;
    expect(await read()).toBe('one');
    now += 1_000;
    expect(await read()).toBe('two');
  });

  test('a secret that is not there, or holds no text, is a fault', async () => {
    const client = recorded(new SecretsManagerClient(towards(emulator())));
    await expect(secretReader({ client, id: 'missing', now: () => 0 })()).rejects.toThrow();
    const { ARN } = await client.send(new CreateSecretCommand({ Name: 'binary', SecretBinary: Buffer.from('x') }));
    await expect(secretReader({ client, id: ARN!, now: () => 0 })()).rejects.toThrow('empty');
  });
});

onMoto('messages that are moved from one queue to another', (emulator) => {
  const open = async (name: string) => {
    const sqs = new SQSClient(towards(emulator()));
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
    return { sqs, url: QueueUrl! };
  };
  const bodiesIn = async ({ sqs, url }: { sqs: SQSClient; url: string }) => {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10 }));
    return Messages.map(({ Body }) => Body).sort();
  };

  test('arrive, are told with their reason, and leave no more than was asked for', async () => {
    const [dead, work] = [await open('dead'), await open('work')];
    for (const body of ['a', 'b', 'c']) await deadLetterQueue(dead).bury(body, `reason of ${body}`);
    const reasons: (string | undefined)[] = [];
    for await (const { MessageAttributes } of moveMessages(dead, work, 2))
      reasons.push(MessageAttributes?.reason?.StringValue);
    expect(reasons).toEqual(['reason of a', 'reason of b']);
    expect(await bodiesIn(work)).toEqual(['a', 'b']);
    expect(await bodiesIn(dead)).toEqual(['c']);
  });

  test('are as many as there are', async () => {
    const [dead, work] = [await open('dead-2'), await open('work-2')];
    for (const body of ['a', 'b']) await enqueueInto(dead)(body);
    let moved = 0;
    for await (const _ of moveMessages(dead, work, 100)) moved += 1;
    expect(moved).toBe(2);
    expect(await bodiesIn(dead)).toEqual([]);
  });
});
