import { iamSlots } from '../../adapters/aws/iam-slots.ts';
import { deadLetters, failed, memberIam, now, schedules, signer, stateStores, withPeople } from '../aws.ts';
import { entry } from '../entry.ts';
import { env } from './env.ts';
import { applyChangeHandler } from './handler.ts';

export const handler = entry(env, (environment, tools) => {
  const state = stateStores(environment.STATE_TABLE);
  return withPeople(state, (configuration) =>
    applyChangeHandler({
      ...state,
      iam: iamSlots(memberIam(environment.MEMBER_ROLE)),
      scheduler: schedules(environment),
      verifier: signer(environment.SIGNING_KEY),
      configuration,
      deadLetters: deadLetters(environment.DEAD_LETTERS_QUEUE_URL),
      failed: failed(tools),
      now,
    }),
  );
});
