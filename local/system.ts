import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { committedRecord, markedRecord, type StreamRecord } from '../adapters/dynamodb/stream.ts';
import { memoryEventBus } from '../adapters/memory/event-bus.ts';
import { type MemoryQueue, memoryQueue, type QueueMessage } from '../adapters/memory/queue.ts';
import { memoryScheduler } from '../adapters/memory/scheduler.ts';
import type { DomainEvent } from '../core/audit/event.ts';
import type { Configuration } from '../core/configuration.ts';
import type { Instant } from '../core/time.ts';
import { openProposal } from '../usecases/open-proposal.ts';
import type { Unscored } from '../usecases/ports/ledger-store.ts';
import type { Proposals } from '../usecases/propose-rightsizing.ts';
import { busEnvelope, httpEvent, sqsEvent } from './aws-events.ts';
import type { Clock } from './clock.ts';
import type { Fault } from './faults.ts';
import { createFunctions, type Functions } from './functions.ts';
import { freshSecrets } from './secrets.ts';
import type { SlackHttpRequest } from './slack-clicks.ts';
import { memoryStores, type Stores } from './stores.ts';
import { trailBucket } from './trail-bucket.ts';

export interface SystemOptions {
  configuration: Configuration;
  clock: Clock;
  fault?: Fault | undefined;
}

/** What the endpoint answers. */
export interface SlackAnswer {
  status: number;
  body: string;
}

/** Seconds between two runs of the sweepers, as their rules have it. */
const sweepEvery = 300;

/** The whole product in one process: stores and queues in memory, between them the handlers of lambdas/. */
export function createSystem({ configuration, clock, fault }: SystemOptions) {
  const stores = memoryStores(clock, fault);
  const secrets = freshSecrets();
  const trail = trailBucket(configuration.trail?.bucket ?? 'own-files');
  const queues = createQueues();
  const bus = memoryEventBus();
  const counts = new Map<string, number>();
  const problems: string[] = [];
  const judged = new Map<string, Proposals>();
  const scheduler = memoryScheduler(async (lease) => {
    queues.revocations.send(JSON.stringify({ lease }));
    await settle();
  });
  const functions = createFunctions({
    stores,
    clock,
    configuration,
    secrets,
    trail,
    bus,
    scheduler,
    enqueue: async (id) => void queues.inbox.send(id),
    count: (metric, by) => void counts.set(metric, (counts.get(metric) ?? 0) + by),
    failed: (where, what) => void problems.push(`${where}: ${what instanceof Error ? what.message : String(what)}`),
    judged: (proposals) => void judged.set(proposals.account, proposals),
  });
  stores.ledger.marked.subscribe((mark) => void queues.marks.send(mark));
  stores.state.committed.subscribe((event) => void queues.outbox.send(event));
  route(bus, queues);

  const settle = () => pump(queues, functions);
  const open = opening(stores, configuration, clock);
  let swept = clock.now();
  return {
    configuration,
    clock,
    stores,
    secrets,
    trail,
    queues,
    scheduler,
    counts,
    problems,
    /** What right-sizing last said of each account. */
    judged,
    /** What the clock calls once a night. */
    async takeInventory(): Promise<void> {
      await functions.takeInventory();
    },
    /** With an opener the proposal that is worth most is opened before anybody is told: its own message comes first. */
    async proposeRightsizing(account: string, opener?: string): Promise<void> {
      await functions.proposeRightsizing(account);
      if (opener) await open(judged.get(account)?.proposed[0]?.id, opener);
      await settle();
    },
    /** Works through every queue until nothing is left. */
    settle,
    /** A request to the Slack endpoint, or to the one for what its selects ask. */
    slack: (request: SlackHttpRequest, path: '/slack' | '/slack/options' = '/slack') =>
      answerOf(functions, path, request),
    /** What time brings: schedules that are due, and every five minutes the sweepers. */
    async tick(): Promise<void> {
      const now = clock.now();
      await scheduler.advance(now);
      if (isLater(now, swept, sweepEvery)) {
        swept = now;
        queues.messages.send(JSON.stringify({ detail: { aggregate: { type: 'reminders', id: 'due' } } }));
        const { sweepUnscored, publishEvents, sweepLeases, verifyLeases, watchTrials, resumeChanges } = functions;
        const sweeps = [sweepUnscored, () => publishEvents({}), sweepLeases, verifyLeases, watchTrials, resumeChanges];
        for (const sweep of sweeps) await sweep().catch((what: unknown) => void problems.push(String(what)));
      }
      await settle();
    },
  };
}

export type System = ReturnType<typeof createSystem>;

async function answerOf(functions: Functions, path: string, request: SlackHttpRequest): Promise<SlackAnswer> {
  const asked = path === '/slack' ? functions.receiveSlack : functions.suggestOptions;
  const { statusCode, body } = await asked(httpEvent(path, request));
  return { status: statusCode ?? 500, body: body ?? '' };
}

function opening({ state }: Stores, configuration: Configuration, { now }: Clock) {
  const open = openProposal({ changes: state.changes, configuration, now });
  return async (change: string | undefined, by: string) => void (change && (await open({ change, by })));
}

const isLater = (now: Instant, then: Instant, seconds: number): boolean =>
  Date.parse(now) - Date.parse(then) >= seconds * 1000;

function createQueues() {
  const texts = (name: string) => memoryQueue<string>({ name });
  return {
    trail: texts('trail'),
    inbox: texts('inbox'),
    messages: texts('messages'),
    apply: texts('apply'),
    undo: texts('undo'),
    revocations: texts('revocations'),
    /** The ledger's stream, and the state's. */
    marks: memoryQueue<Unscored>({ name: 'marks' }),
    outbox: memoryQueue<DomainEvent>({ name: 'outbox' }),
  };
}

type Queues = ReturnType<typeof createQueues>;

/** The rules of lib/changes.ts. */
function route(bus: ReturnType<typeof memoryEventBus>, queues: Queues): void {
  const into = (queue: MemoryQueue<string>) => (event: DomainEvent) => void queue.send(busEnvelope(event));
  bus.rule('views', ['*'], into(queues.messages));
  bus.rule('apply', ['change.approved'], into(queues.apply));
  bus.rule('undo', ['change.undo-approved'], into(queues.undo));
  bus.rule('revoke-on-request', ['lease.revoking', 'case.not-us', 'change.review-denied'], into(queues.revocations));
}

type BatchHandler = (
  event: ReturnType<typeof sqsEvent>,
) => Promise<{ batchItemFailures: readonly { itemIdentifier: string }[] }>;

/** What an event source mapping does, until every queue is empty. */
async function pump(queues: Queues, functions: Functions): Promise<void> {
  const into = (name: string, handler: BatchHandler) => async (batch: readonly QueueMessage<string>[]) => {
    const { batchItemFailures } = await handler(sqsEvent(name, batch));
    return { failures: batchItemFailures.map(({ itemIdentifier }) => ({ id: itemIdentifier, reason: 'failed' })) };
  };
  let handed = 1;
  while (handed > 0) {
    handed = await queues.trail.drain(into('trail', functions.recordUsage), 100);
    handed += await queues.marks.drain((batch) => streamed(batch, markedRecord, functions.detectAnomaly), 100);
    handed += await queues.inbox.drain(into('inbox', functions.handleSlack));
    handed += await queues.outbox.drain((batch) => streamed(batch, committedRecord, functions.publishEvents), 50);
    handed += await queues.apply.drain(into('apply', functions.applyChange), 1);
    handed += await queues.undo.drain(into('undo', functions.undoChange), 1);
    handed += await queues.revocations.drain(into('revocations', functions.revokeLease), 1);
    handed += await queues.messages.drain(into('messages', functions.showMessages));
  }
}

/** A batch of a stream: the records of those that failed are handed out again. */
async function streamed<T>(
  batch: readonly QueueMessage<T>[],
  recordOf: (body: T, sequence: string) => StreamRecord,
  handler: (event: DynamoDBStreamEvent) => Promise<DynamoDBBatchResponse>,
) {
  const Records = batch.map((message) => recordOf(message.body, message.id) as DynamoDBRecord);
  const { batchItemFailures } = await handler({ Records });
  return { failures: batchItemFailures.map(({ itemIdentifier }) => ({ id: itemIdentifier, reason: 'failed' })) };
}
