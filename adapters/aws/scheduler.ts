import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  type SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import type { Scheduler } from '../../usecases/ports/scheduler.ts';

export interface LeaseSchedules {
  scheduler: SchedulerClient;
  group: string;
  /** ARN of the queue that `revoke-lease` works through. */
  target: string;
  /** ARN of the role under which the schedule sends to it. */
  role: string;
}

/** One-time schedules of EventBridge Scheduler, one a lease. They delete themselves once they have fired. */
export function leaseScheduler({ scheduler, group, target, role }: LeaseSchedules): Scheduler {
  return {
    revokeAt: async (lease, at) => {
      const schedule: CreateScheduleCommandInput = {
        Name: nameOf(lease),
        GroupName: group,
        ScheduleExpression: `at(${at.slice(0, 19)})`,
        ScheduleExpressionTimezone: 'UTC',
        FlexibleTimeWindow: { Mode: 'OFF' },
        ActionAfterCompletion: 'DELETE',
        Target: { Arn: target, RoleArn: role, Input: JSON.stringify({ lease }) },
      };
      try {
        await scheduler.send(new CreateScheduleCommand(schedule));
      } catch (fault) {
        if (!isNamed(fault, 'ConflictException')) throw fault;
        await scheduler.send(new UpdateScheduleCommand(schedule));
      }
    },
    cancel: async (lease) => {
      try {
        await scheduler.send(new DeleteScheduleCommand({ Name: nameOf(lease), GroupName: group }));
      } catch (fault) {
        if (!isNamed(fault, 'ResourceNotFoundException')) throw fault;
      }
    },
  };
}

/** The execution role may touch schedules of this form only. */
function nameOf(lease: string): string {
  const name = `leastwise-lease-${lease}`;
  if (!/^[\w.-]{1,64}$/.test(name)) throw new Error(`${JSON.stringify(lease)} cannot name a schedule`);
  return name;
}

const isNamed = (fault: unknown, name: string): boolean => fault instanceof Error && fault.name === name;
