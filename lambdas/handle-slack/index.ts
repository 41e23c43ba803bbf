import type { SQSEvent } from 'aws-lambda';
import { iamSlots } from '../../adapters/aws/iam-slots.ts';
import { inventoryStore } from '../../adapters/aws/inventory-store.ts';
import { organizationStore } from '../../adapters/aws/organization-store.ts';
import { enrollingWords, mintCode } from '../../adapters/slack/enrolment-code.ts';
import { formKeyOf, proveForm } from '../../adapters/slack/form-proof.ts';
import { slackMembers } from '../../adapters/slack/members.ts';
import { readSlack } from '../../adapters/slack/payload.ts';
import { formViews } from '../../adapters/slack/render/views.ts';
import { slackSurfaces } from '../../adapters/slack/surfaces.ts';
import { answerCase } from '../../usecases/answer-case.ts';
import { answerForResidue } from '../../usecases/answer-for-residue.ts';
import { askAccess } from '../../usecases/ask-access.ts';
import { decideChange } from '../../usecases/decide-change.ts';
import { earlierLoans } from '../../usecases/earlier-loans.ts';
import { endLease } from '../../usecases/end-lease.ts';
import { enroll, refuseEnrolment } from '../../usecases/enroll.ts';
import { extendLease } from '../../usecases/extend-lease.ts';
import { liftFreeze } from '../../usecases/freeze-enrolments.ts';
import { homeOf } from '../../usecases/home-of.ts';
import { objectToRules } from '../../usecases/keep-rules.ts';
import { lendInstead } from '../../usecases/lend-instead.ts';
import { listDenials } from '../../usecases/list-denials.ts';
import { openProposal } from '../../usecases/open-proposal.ts';
import { peersUseOf } from '../../usecases/peers-of.ts';
import { prepareForm } from '../../usecases/prepare-form.ts';
import { requestAccess } from '../../usecases/request-access.ts';
import { requestUndo } from '../../usecases/request-undo.ts';
import { scannedIdentityStore } from '../../usecases/scanned-identity-store.ts';
import { switchApplying, switchKill } from '../../usecases/switch-applying.ts';
import { tellStatus } from '../../usecases/tell-status.ts';
import {
  bucket,
  deadLetters,
  failed,
  ledgerStore,
  memberIam,
  now,
  secret,
  seeds,
  signer,
  slack,
  stateStores,
  withPeople,
} from '../aws.ts';
import { entry } from '../entry.ts';
import { env } from './env.ts';
import { handleSlackHandler, signedAsks } from './handler.ts';

export const handler = entry(env, (environment, tools) => {
  const state = stateStores(environment.STATE_TABLE);
  const token = secret(environment.SLACK_TOKEN_SECRET);
  const buttonKey = secret(environment.BUTTON_KEY_SECRET);
  const common = {
    ...state,
    ledger: ledgerStore(environment.LEDGER_TABLE),
    inventories: inventoryStore(bucket(environment.INVENTORY_BUCKET)),
    iam: iamSlots(memberIam(environment.MEMBER_ROLE)),
    signer: signer(environment.SIGNING_KEY),
    now,
  };
  const organizations = organizationStore(bucket(environment.INVENTORY_BUCKET));
  return withPeople(state, (settings) => async (event: SQSEvent) => {
    const deciding = { ...common, organizations, configuration: settings };
    const carriers = {
      answerCase: answerCase(deciding),
      decideChange: decideChange(deciding),
      requestUndo: requestUndo(deciding),
      openProposal: openProposal(deciding),
      requestAccess: requestAccess(deciding),
      endLease: endLease(deciding),
      switchApplying: switchApplying(deciding),
      switchKill: switchKill(deciding),
      refuseEnrolment: refuseEnrolment(deciding),
      objectToRules: objectToRules(deciding),
      liftFreeze: liftFreeze(deciding),
      extendLease: extendLease({ ...deciding, requestAccess: requestAccess(deciding) }),
      lendInstead: lendInstead({ ...deciding, requestAccess: requestAccess(deciding) }),
      answerForResidue: answerForResidue(deciding),
      tellStatus: tellStatus(deciding),
      askAccess: askAccess({ ...deciding, organizations }),
    };
    const [key, bot] = await Promise.all([buttonKey(), token()]);
    const formKey = formKeyOf(bot);
    return handleSlackHandler({
      ...deciding,
      ...carriers,
      signed: signedAsks({
        ...deciding,
        ...carriers,
        identityStore: scannedIdentityStore(organizations),
        enroll: enroll({ enrolments: state.enrolments, seeds: seeds(state), now }),
      }),
      deadLetters: deadLetters(environment.DEAD_LETTERS_QUEUE_URL),
      failed: failed(tools),
      members: slackMembers({ token: bot, apiUrl: process.env.LEASTWISE_SLACK_API_URL }),
      turnedAway: ({ team, user }, why) => {
        tools.logger.warn('turned away', { team, user, why });
        tools.count(`TurnedAway-${why}`);
      },
      enrolling: (to) => enrollingWords(environment.SIGNED_URL, to, mintCode(key, to, now())),
      read: readSlack({ buttons: key, forms: formKey }),
      surfaces: slackSurfaces({ token: bot, apiUrl: process.env.LEASTWISE_SLACK_API_URL }),
      views: formViews({ configuration: settings, nonceKey: key }),
      proveForm: (who, form) => proveForm(formKey, who, form),
      homeOf: homeOf(deciding),
      prepareForm: prepareForm({
        ...deciding,
        listDenials: listDenials(deciding),
        earlierLoans: earlierLoans(deciding),
        peersUse: peersUseOf(deciding),
      }),
      slack: slack({ token: bot, app: settings.slack.app }),
      untold: (fault) => failed(tools)('answer to a person', fault),
    })(event);
  });
});
