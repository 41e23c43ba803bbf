import { iamSlots } from '../../adapters/aws/iam-slots.ts';
import { configuration, deadLetters, failed, memberIam, now, signer, stateStores } from '../aws.ts';
import { entry } from '../entry.ts';
import { env } from './env.ts';
import { undoChangeHandler } from './handler.ts';

export const handler = entry(env, (environment, tools) =>
  undoChangeHandler({
    ...stateStores(environment.STATE_TABLE),
    iam: iamSlots(memberIam(environment.MEMBER_ROLE)),
    verifier: signer(environment.SIGNING_KEY),
    configuration: configuration(),
    deadLetters: deadLetters(environment.DEAD_LETTERS_QUEUE_URL),
    failed: failed(tools),
    now,
  }),
);
