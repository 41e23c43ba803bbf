import { assignRole } from '../../core/leases/assignment.ts';
import { deadLetters, failed, now, people, schedules, slots, stateStores } from '../aws.ts';
import { entry } from '../entry.ts';
import { env } from './env.ts';
import { revokeLeaseHandler } from './handler.ts';

export const handler = entry(env, (environment, tools) => {
  const state = stateStores(environment.STATE_TABLE);
  return revokeLeaseHandler({
    ...state,
    people: people(state),
    iam: slots(environment.MEMBER_ROLE, assignRole),
    scheduler: schedules(environment),
    deadLetters: deadLetters(environment.DEAD_LETTERS_QUEUE_URL),
    failed: failed(tools),
    now,
  });
});
