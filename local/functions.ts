import { readSlack } from '../adapters/slack/payload.ts';
import { slackViews } from '../adapters/slack/render/views.ts';
import type { Configuration } from '../core/configuration.ts';
import { offlineKey } from '../core/usage/bounded.ts';
import { applyChangeHandler } from '../lambdas/apply-change/handler.ts';
import { handleSlackHandler } from '../lambdas/handle-slack/handler.ts';
import { publishEventsHandler } from '../lambdas/publish-events/handler.ts';
import { receiveSlackHandler } from '../lambdas/receive-slack/handler.ts';
import { recordUsageHandler } from '../lambdas/record-usage/handler.ts';
import { revokeLeaseHandler } from '../lambdas/revoke-lease/handler.ts';
import { showMessagesHandler } from '../lambdas/show-messages/handler.ts';
import { sweepLeasesHandler } from '../lambdas/sweep-leases/handler.ts';
import { undoChangeHandler } from '../lambdas/undo-change/handler.ts';
import { answerCase } from '../usecases/answer-case.ts';
import { decideChange } from '../usecases/decide-change.ts';
import { detectAnomaly } from '../usecases/detect-anomaly.ts';
import { endLease } from '../usecases/end-lease.ts';
import type { EventBus } from '../usecases/ports/event-bus.ts';
import type { Unscored } from '../usecases/ports/ledger-store.ts';
import type { Scheduler } from '../usecases/ports/scheduler.ts';
import { requestAccess } from '../usecases/request-access.ts';
import { requestUndo } from '../usecases/request-undo.ts';
import { sweepUnscored } from '../usecases/sweep-unscored.ts';
import { streamedEvent } from './aws-events.ts';
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
  /** Something failed and will be tried again. */
  failed(where: string, fault: unknown): void;
}

/** The handlers of lambdas/, wired to this process instead of AWS. */
export function createFunctions(wiring: Wiring) {
  const { stores, clock, configuration, secrets } = wiring;
  const { state, inventories, ledger } = stores;
  const now = clock.now;
  const deciding = { ...state, ledger, inventories, iam: stores.iam, signer: stores.signer, configuration, now };
  const changing = {
    ...state,
    iam: stores.iam,
    scheduler: wiring.scheduler,
    verifier: stores.signer,
    configuration,
    now,
  };
  const bury = async (body: string, reason: string) => wiring.failed('dead letter', `${reason}: ${body}`);
  const shared = { deadLetters: { bury }, failed: (id: string, fault: unknown) => wiring.failed(id, fault), now };
  const detecting = { ledger: stores.scored, cases: state.cases, verdicts: state.verdicts, now };
  const ending = endLease({ leases: state.leases, configuration, now });
  return {
    ...recording(wiring),
    detectAnomaly: (marks: readonly Unscored[]) => detectAnomaly(detecting)(marks),
    sweepUnscored: () => sweepUnscored(detecting)(),
    publishEvents: publishEventsHandler({
      archive: stores.audit,
      bus: wiring.bus,
      outbox: state.outbox,
      eventOf: streamedEvent,
      failed: wiring.failed,
    }),
    receiveSlack: receiveSlackHandler({
      expected: { signingSecret: secrets.signing, slack: configuration.slack },
      inbox: state.inbox,
      enqueue: wiring.enqueue,
      count: (refusal) => wiring.count(refusal, 1),
      now,
    }),
    handleSlack: handleSlackHandler({
      ...shared,
      inbox: state.inbox,
      nonces: state.nonces,
      read: readSlack(secrets.buttons),
      slack: stores.slack,
      configuration,
      untold: (fault) => wiring.failed('whisper', fault),
      answerCase: answerCase(deciding),
      decideChange: decideChange(deciding),
      requestUndo: requestUndo(deciding),
      requestAccess: requestAccess(deciding),
      revokeLease: async ({ lease, by }) => {
        const ended = await ending({ lease, by });
        return ended.ok ? ended : { ok: false, error: 'no-such-lease' };
      },
    }),
    showMessages: showMessagesHandler({
      ...shared,
      ...state,
      ledger,
      slack: stores.slack,
      views: slackViews({ configuration, nonceKey: secrets.buttons }),
      channel: configuration.slack.channel,
    }),
    applyChange: applyChangeHandler({ ...shared, ...changing }),
    undoChange: undoChangeHandler({ ...shared, ...changing }),
    revokeLease: revokeLeaseHandler({ ...shared, ...changing }),
    sweepLeases: sweepLeasesHandler({
      ...changing,
      stuck: ({ lease, detail }) => wiring.failed(`lease ${lease}`, detail),
      lag: () => {},
    }),
  };
}

/** record-usage twice: for what happens now, and for history, which is never scored. */
function recording({ stores, clock, configuration, trail, count, failed }: Wiring) {
  const deps = {
    readObject: trail.read,
    keepRejections: async (rejections: readonly { reason: string; detail: string }[]) => {
      for (const { reason, detail } of rejections) failed(reason, detail);
    },
    now: clock.now,
    setKey: offlineKey,
    resources: false,
    trail: configuration.trail && { ...configuration.trail, organization: configuration.organization.id },
    count,
  };
  return { recordUsage: recordUsageHandler({ ...deps, ledger: stores.ledger }) };
}

export type Functions = ReturnType<typeof createFunctions>;
