import { committedOf, unscoredOf } from '../adapters/dynamodb/stream.ts';
import { proveForm } from '../adapters/slack/form-proof.ts';
import { readSlack } from '../adapters/slack/payload.ts';
import { formViews, slackViews } from '../adapters/slack/render/views.ts';
import type { Configuration } from '../core/configuration.ts';
import { offlineKey } from '../core/usage/bounded.ts';
import { applyChangeHandler } from '../lambdas/apply-change/handler.ts';
import { detectAnomalyHandler } from '../lambdas/detect-anomaly/handler.ts';
import { handleSlackHandler, signedAsks } from '../lambdas/handle-slack/handler.ts';
import { proposeRightsizingHandler } from '../lambdas/propose-rightsizing/handler.ts';
import { publishEventsHandler } from '../lambdas/publish-events/handler.ts';
import { receiveSlackHandler } from '../lambdas/receive-slack/handler.ts';
import { recordUsageHandler } from '../lambdas/record-usage/handler.ts';
import { resumeChangesHandler } from '../lambdas/resume-changes/handler.ts';
import { revokeLeaseHandler } from '../lambdas/revoke-lease/handler.ts';
import { showMessagesHandler } from '../lambdas/show-messages/handler.ts';
import { suggestOptionsHandler } from '../lambdas/suggest-options/handler.ts';
import { sweepLeasesHandler } from '../lambdas/sweep-leases/handler.ts';
import { sweepUnscoredHandler } from '../lambdas/sweep-unscored/handler.ts';
import { undoChangeHandler } from '../lambdas/undo-change/handler.ts';
import { verifyLeasesHandler } from '../lambdas/verify-leases/handler.ts';
import { watchTrialsHandler } from '../lambdas/watch-trials/handler.ts';
import { answerCase } from '../usecases/answer-case.ts';
import { answerForResidue } from '../usecases/answer-for-residue.ts';
import { askAccess } from '../usecases/ask-access.ts';
import { decideChange } from '../usecases/decide-change.ts';
import { earlierLoans } from '../usecases/earlier-loans.ts';
import { endLease } from '../usecases/end-lease.ts';
import { enroll, refuseEnrolment } from '../usecases/enroll.ts';
import { extendLease } from '../usecases/extend-lease.ts';
import { liftFreeze } from '../usecases/freeze-enrolments.ts';
import { homeOf } from '../usecases/home-of.ts';
import { objectToRules } from '../usecases/keep-rules.ts';
import { lendInstead } from '../usecases/lend-instead.ts';
import { listDenials } from '../usecases/list-denials.ts';
import { openProposal } from '../usecases/open-proposal.ts';
import { peersUseOf } from '../usecases/peers-of.ts';
import type { EventBus } from '../usecases/ports/event-bus.ts';
import type { Scheduler } from '../usecases/ports/scheduler.ts';
import { prepareForm } from '../usecases/prepare-form.ts';
import type { Proposals } from '../usecases/propose-rightsizing.ts';
import { requestAccess } from '../usecases/request-access.ts';
import { requestUndo } from '../usecases/request-undo.ts';
import { switchApplying, switchKill } from '../usecases/switch-applying.ts';
import { takeInventory } from '../usecases/take-inventory.ts';
import { tellStatus } from '../usecases/tell-status.ts';
import type { Clock } from './clock.ts';
import type { Secrets } from './secrets.ts';
import type { Stores } from './stores.ts';
import type { TrailBucket } from './trail-bucket.ts';

/** What the functions are wired to. */
export interface Wiring {
  stores: Stores;
  clock: Clock;
  configuration: Configuration;
  secrets: Secrets;
  trail: TrailBucket;
  bus: EventBus;
  scheduler: Scheduler;
  /** Puts an inbox id into the queue of handle-slack. */
  enqueue(id: string): Promise<void>;
  count(metric: string, by: number): void;
  /** Something failed and will be tried again, or lies in the dead letters. */
  failed(where: string, fault: unknown): void;
  judged(proposals: Proposals): void;
}

/** The handlers of lambdas/, wired to this process instead of AWS. */
export function createFunctions(wiring: Wiring) {
  return { ...watching(wiring), ...facing(wiring), ...talking(wiring), ...changing(wiring) };
}

export type Functions = ReturnType<typeof createFunctions>;

/** From the trail to cases and proposals. */
function watching({ stores, clock, configuration, trail, count, failed, judged }: Wiring) {
  const { state, inventories, ledger } = stores;
  const now = clock.now;
  const detecting = {
    ledger: stores.scored,
    cases: state.cases,
    verdicts: state.verdicts,
    changes: state.changes,
    now,
    failed,
    count,
  };
  const accounts = configuration.accounts.map(({ id }) => id);
  return {
    recordUsage: recordUsageHandler({
      ledger,
      readObject: trail.read,
      keepRejections: async (rejections) => {
        for (const { reason, detail, place } of rejections) failed(`${place.source} (${reason})`, detail);
      },
      now,
      setKey: offlineKey,
      accounts,
      resources: true,
      trail: configuration.trail && { ...configuration.trail, organization: configuration.organization.id },
      // No CloudTrail signs what is made here.
      digests: null,
      count,
    }),
    detectAnomaly: detectAnomalyHandler({ ...detecting, markOf: unscoredOf }),
    sweepUnscored: sweepUnscoredHandler(detecting),
    /** Deployed, each account is a message of its own; here they are few. */
    takeInventory: async () => {
      for (const { account, problems, fault } of await takeInventory({ scan: stores.truth.scan, inventories, now })(
        accounts,
      )) {
        if (problems.length > 0) failed(`inventory of ${account}`, JSON.stringify(problems));
        if (fault !== undefined) throw fault;
      }
    },
    watchTrials: watchTrialsHandler({ ...state, ledger, inventories, configuration, failed, now }),
    proposeRightsizing: (account: string) =>
      proposeRightsizingHandler({
        accounts: [account],
        inventories,
        ledger,
        ...state,
        configuration,
        report: judged,
        failed,
        now,
      })(),
  };
}

/** What Slack calls. */
function facing({ stores, clock, configuration, secrets, enqueue, count, failed }: Wiring) {
  const { state, inventories, surfaces } = stores;
  const common = {
    expected: { signingSecret: secrets.signing, formKey: secrets.forms, slack: configuration.slack },
    count: (refusal: string) => count(refusal, 1),
    now: clock.now,
  };
  return {
    receiveSlack: receiveSlackHandler({
      ...common,
      lending: configuration.lending,
      inbox: state.inbox,
      openForm: surfaces.open,
      unopened: (fault) => failed('form', fault),
      enqueue,
    }),
    suggestOptions: suggestOptionsHandler({
      ...common,
      configuration,
      inventories,
      organizations,
      members,
      failed: (fault) => failed('options', fault),
    }),
  };
}

/** Nothing stands above the accounts of this page. */
const organizations = { read: async () => undefined };
/** Everybody of this page is of the workspace. */
const members = { standing: async () => 'member' as const };

/** Everything that talks in Slack. */
function talking({ stores, clock, configuration, secrets, failed }: Wiring) {
  const { state, inventories, ledger, signer, slack, surfaces } = stores;
  const now = clock.now;
  const look = { configuration, nonceKey: secrets.buttons };
  const deciding = { ...state, ledger, inventories, iam: stores.iam, signer, configuration, organizations, now };
  const deadLetters = { bury: async (body: string, reason: string) => failed(`dead letter: ${reason}`, body) };
  const carriers = {
    answerCase: answerCase(deciding),
    decideChange: decideChange(deciding),
    requestUndo: requestUndo(deciding),
    openProposal: openProposal(deciding),
    requestAccess: requestAccess(deciding),
    endLease: endLease({ leases: state.leases, configuration, now }),
    switchApplying: switchApplying({ settings: state.settings, configuration, now }),
    switchKill: switchKill({ settings: state.settings, configuration, now }),
    refuseEnrolment: refuseEnrolment({ enrolments: state.enrolments, now }),
    objectToRules: objectToRules(deciding),
    liftFreeze: liftFreeze(deciding),
    extendLease: extendLease({ ...deciding, requestAccess: requestAccess(deciding) }),
    lendInstead: lendInstead({ ...deciding, requestAccess: requestAccess(deciding) }),
    answerForResidue: answerForResidue(deciding),
    tellStatus: tellStatus(deciding),
    askAccess: askAccess(deciding),
  };
  return {
    handleSlack: handleSlackHandler({
      ...deciding,
      ...carriers,
      signed: signedAsks({
        ...deciding,
        ...carriers,
        identityStore: async () => null,
        enroll: enroll({ enrolments: state.enrolments, seeds: async () => configuration.people, now }),
      }),
      members,
      turnedAway: ({ user }, why) => failed(`turned away: ${why}`, user),
      enrolling: () => 'Nobody enrols here: everybody of this page is known by the configuration.',
      deadLetters,
      failed,
      read: readSlack(secrets),
      surfaces,
      views: formViews(look),
      proveForm: (who, form) => proveForm(secrets.forms, who, form),
      homeOf: homeOf(deciding),
      prepareForm: prepareForm({
        ...deciding,
        listDenials: listDenials(deciding),
        earlierLoans: earlierLoans(deciding),
        peersUse: peersUseOf(deciding),
      }),
      slack,
      untold: (fault) => failed('whisper', fault),
    }),
    showMessages: showMessagesHandler({
      ...state,
      deadLetters,
      failed,
      ledger,
      slack,
      pictures: stores.pictures,
      views: slackViews(look),
      channel: configuration.slack.channel,
      configuration,
      now,
    }),
  };
}

/** What happened goes out, and what was decided is carried out. */
function changing({ stores, clock, configuration, bus, scheduler, failed }: Wiring) {
  const { state, iam, signer } = stores;
  const deadLetters = { bury: async (body: string, reason: string) => failed(`dead letter: ${reason}`, body) };
  const people = async () => configuration.people;
  const deps = {
    ...state,
    iam,
    scheduler,
    verifier: signer,
    configuration,
    people,
    now: clock.now,
    deadLetters,
    failed,
  };
  return {
    publishEvents: publishEventsHandler({
      archive: stores.audit,
      bus,
      outbox: state.outbox,
      eventOf: committedOf,
      failed,
    }),
    applyChange: applyChangeHandler(deps),
    undoChange: undoChangeHandler(deps),
    resumeChanges: resumeChangesHandler({
      ...deps,
      kinds: ['quarantine', 'rightsizing'],
      stuck: ({ change, detail }) => failed(`change ${change}`, detail),
    }),
    revokeLease: revokeLeaseHandler(deps),
    sweepLeases: sweepLeasesHandler({
      ...deps,
      deployed: configuration,
      stuck: ({ lease, detail }) => failed(`lease ${lease}`, detail),
      lag: () => {},
    }),
    verifyLeases: verifyLeasesHandler({
      ...deps,
      ledger: stores.ledger,
      inventories: stores.inventories,
      organizations: { read: async () => undefined },
      held: () => {},
    }),
  };
}
