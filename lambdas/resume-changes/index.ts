import { iamSlots } from '../../adapters/aws/iam-slots.ts';
import { failed, memberIam, now, schedules, signer, stateStores, withPeople } from '../aws.ts';
import { entry } from '../entry.ts';
import { env } from './env.ts';
import { resumeChangesHandler } from './handler.ts';

export const handler = entry(env, (environment, tools) => {
  const state = stateStores(environment.STATE_TABLE);
  return withPeople(state, (configuration) =>
    resumeChangesHandler({
      ...state,
      kinds: [environment.KIND],
      iam: iamSlots(memberIam(environment.MEMBER_ROLE)),
      scheduler: schedules(environment),
      verifier: signer(environment.SIGNING_KEY),
      configuration,
      stuck: ({ change, detail }) => failed(tools)(`change ${change}`, detail),
      now,
    }),
  );
});
