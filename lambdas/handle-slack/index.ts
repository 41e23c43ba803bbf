import type { SQSEvent } from 'aws-lambda';
import { iamSlots } from '../../adapters/aws/iam-slots.ts';
import { inventoryStore } from '../../adapters/aws/inventory-store.ts';
import { readSlack } from '../../adapters/slack/payload.ts';
import { answerCase } from '../../usecases/answer-case.ts';
import { decideChange } from '../../usecases/decide-change.ts';
import { endLease } from '../../usecases/end-lease.ts';
import { requestAccess } from '../../usecases/request-access.ts';
import { requestUndo } from '../../usecases/request-undo.ts';
import { switchApplying, switchKill } from '../../usecases/switch-applying.ts';
import {
  bucket,
  configuration,
  deadLetters,
  failed,
  ledgerStore,
  memberIam,
  now,
  secret,
  signer,
  slack,
  stateStores,
} from '../aws.ts';
import { entry } from '../entry.ts';
import { env } from './env.ts';
import { handleSlackHandler } from './handler.ts';

export const handler = entry(env, (environment, tools) => {
  const settings = configuration();
  const state = stateStores(environment.STATE_TABLE);
  const token = secret(environment.SLACK_TOKEN_SECRET);
  const buttonKey = secret(environment.BUTTON_KEY_SECRET);
  const deciding = {
    ...state,
    ledger: ledgerStore(environment.LEDGER_TABLE),
    inventories: inventoryStore(bucket(environment.INVENTORY_BUCKET)),
    iam: iamSlots(memberIam(environment.MEMBER_ROLE)),
    signer: signer(environment.SIGNING_KEY),
    configuration: settings,
    now,
  };
  return async (event: SQSEvent) =>
    handleSlackHandler({
      ...deciding,
      deadLetters: deadLetters(environment.DEAD_LETTERS_QUEUE_URL),
      failed: failed(tools),
      read: readSlack(await buttonKey()),
      slack: slack({ token: await token(), app: settings.slack.app }),
      untold: (fault) => failed(tools)('answer to a person', fault),
      answerCase: answerCase(deciding),
      decideChange: decideChange(deciding),
      requestUndo: requestUndo(deciding),
      requestAccess: requestAccess(deciding),
      endLease: endLease(deciding),
      switchApplying: switchApplying(deciding),
      switchKill: switchKill(deciding),
    })(event);
});
