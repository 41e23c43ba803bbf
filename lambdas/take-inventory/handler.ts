import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { type Instant, parseInstant } from '../../core/time.ts';
import { objectOf, textOf } from '../../core/untrusted.ts';
import { type TakeInventoryDeps, type TakenInventory, takeAccount } from '../../usecases/take-inventory.ts';
import {
  type TakenOrganization,
  type TakeOrganizationDeps,
  takeOrganization,
} from '../../usecases/take-organization.ts';

export interface Deps extends TakeInventoryDeps, Pick<TakeOrganizationDeps, 'organizations'> {
  /** null: nobody may be asked, since no management account is configured. */
  organization: TakeOrganizationDeps['organization'] | null;
  accounts: readonly string[];
  /** Into the queue that this function reads. */
  send(body: string): Promise<void>;
  hasTime(): boolean;
  /** Tells what was not read, of an account or of the organization. */
  report(taken: TakenInventory | TakenOrganization): void;
  count(metric: 'UnreadParts', by: number): void;
  failed(place: string, fault: unknown): void;
}

/** Called by the clock, or by an operator: then there are no messages. */
type Event = Partial<Pick<SQSEvent, 'Records'>> & { time?: string };

/** Messages that are on their way into the queue at once. */
const atOnce = 10;

/**
 * By the clock, asks for the organization and for every account by a message each; given one of these, reads it. What
 * broke off for want of time is asked for again, and goes on where it was.
 */
export const takeInventoryHandler =
  (deps: Deps) =>
  async (event: Event = {}): Promise<SQSBatchResponse | { asked: number }> => {
    if (event.Records !== undefined) return work(deps, event.Records);
    // Of one night, however often the clock's event is delivered.
    const since = parseInstant(event.time ?? '') ?? deps.now();
    const above = deps.organization ? [{ organization: true }] : [];
    const wanted = [...above, ...deps.accounts.map((account) => ({ account }))];
    const bodies = wanted.map((each) => JSON.stringify({ ...each, since }));
    for (let at = 0; at < bodies.length; at += atOnce) await Promise.all(bodies.slice(at, at + atOnce).map(deps.send));
    return { asked: wanted.length };
  };

async function work(deps: Deps, records: readonly SQSRecord[]): Promise<SQSBatchResponse> {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const { messageId, body } of records) {
    try {
      await workOn(deps, body);
    } catch (fault) {
      deps.failed(body, fault);
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
}

async function workOn(deps: Deps, body: string): Promise<void> {
  const message = objectOf(JSON.parse(body) as unknown);
  const [since, account] = [parseInstant(textOf(message?.since) ?? ''), textOf(message?.account)];
  if (since === undefined) throw new Error('the message does not say since when');
  const taken = await read(deps, account, since);
  if (taken.denied.length > 0) deps.count('UnreadParts', taken.denied.length);
  if (taken.denied.length > 0 || ('problems' in taken && taken.problems.length > 0)) deps.report(taken);
  if ('fault' in taken) throw taken.fault;
  if (taken.isUnfinished) await deps.send(body);
}

/** Only an account that the configuration names is asked. */
async function read(deps: Deps, account: string | null, since: Instant): Promise<TakenInventory | TakenOrganization> {
  const { organization } = deps;
  if (account === null) {
    if (organization === null) throw new Error('no management account is configured to ask about the organization');
    return takeOrganization({ ...deps, organization })(since);
  }
  if (!deps.accounts.includes(account)) throw new Error(`${account} is no account of the configuration`);
  return takeAccount(deps)(account, since);
}
