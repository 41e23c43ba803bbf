import { assignRole } from '../../core/leases/assignment.ts';
import { deadLetters, failed, now, schedules, signer, slots, stateStores, withPeople } from '../aws.ts';
import { entry } from '../entry.ts';
import { env } from './env.ts';
import { applyChangeHandler } from './handler.ts';

export const handler = entry(env, (environment, tools) => {
  const state = stateStores(environment.STATE_TABLE);
  return withPeople(state, (configuration) =>
    applyChangeHandler({
      ...state,
      iam: slots(environment.MEMBER_ROLE, assignRole),
      scheduler: schedules(environment),
      verifier: signer(environment.SIGNING_KEY),
      configuration,
      deadLetters: deadLetters(environment.DEAD_LETTERS_QUEUE_URL),
      failed: failed(tools),
      now,
    }),
  );
});
