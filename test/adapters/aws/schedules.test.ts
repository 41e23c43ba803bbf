import { CreateEventBusCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { CreateScheduleGroupCommand, GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { eventBus } from '../../../adapters/aws/event-bus.ts';
import { recorded } from '../../../adapters/aws/recorder.ts';
import { leaseScheduler } from '../../../adapters/aws/scheduler.ts';
import type { Instant } from '../../../core/time.ts';
import { happened } from '../../contracts/examples.ts';
import { onMoto } from '../../emulators/moto.ts';
import { towards } from './clients.ts';

onMoto('schedules and the bus on moto', (emulator) => {
  test('a schedule is made, set again, and cancelled twice', async () => {
    const scheduler = recorded(new SchedulerClient(towards(emulator())));
    const group = 'leastwise-leases';
    await scheduler.send(new CreateScheduleGroupCommand({ Name: group }));
    const target = 'arn:aws:sqs:us-east-1:123456789012:revocations';
    const schedules = leaseScheduler({ scheduler, group, target, role: 'arn:aws:iam::123456789012:role/schedules' });
    const read = () => scheduler.send(new GetScheduleCommand({ GroupName: group, Name: 'leastwise-lease-abc123' }));
    await schedules.revokeAt('abc123', '2026-11-22T10:00:00Z' as Instant);
    await schedules.revokeAt('abc123', '2026-11-22T11:00:00Z' as Instant);
    expect(await read()).toMatchObject({
      ScheduleExpression: 'at(2026-11-22T11:00:00)',
      Target: { Arn: target, Input: '{"lease":"abc123"}' },
    });
    await schedules.cancel('abc123');
    await schedules.cancel('abc123');
    await expect(read()).rejects.toThrow();
  });

  test('an event is taken by the bus', async () => {
    const client = recorded(new EventBridgeClient(towards(emulator())));
    await client.send(new CreateEventBusCommand({ Name: 'leastwise' }));
    await eventBus({ client, bus: 'leastwise' }).publish(happened('change', 'chg-1'));
  });
});
