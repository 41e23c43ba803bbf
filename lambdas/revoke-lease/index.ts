import { iamSlots } from '../../adapters/aws/iam-slots.ts';
import { deadLetters, failed, memberIam, now, people, schedules, stateStores } from '../aws.ts';
import { entry } from '../entry.ts';
import { env } from './env.ts';
import { revokeLeaseHandler } from './handler.ts';

export const handler = entry(env, (environment, tools) => {
  const state = stateStores(environment.STATE_TABLE);
  return revokeLeaseHandler({
    ...state,
    people: people(state),
    iam: iamSlots(memberIam(environment.MEMBER_ROLE)),
    scheduler: schedules(environment),
    deadLetters: deadLetters(environment.DEAD_LETTERS_QUEUE_URL),
    failed: failed(tools),
    now,
  });
});
