import { fail, ok, type Result } from '../core/result.ts';
import type { Instant } from '../core/time.ts';
import type { Inbox } from './ports/inbox.ts';
import type { RequestRefusal } from './ports/slack-input.ts';

export interface Deps<Request> {
  /** Signature, age, app and team. */
  verify(request: Request, now: Instant): Result<{ id: string; body: string }, RequestRefusal>;
  inbox: Pick<Inbox, 'store' | 'find'>;
  /** Tells the queue that the inbox item waits. */
  enqueue(id: string): Promise<void>;
  /** Of a refused request nothing else is kept. */
  count(refusal: RequestRefusal): void;
  now(): Instant;
}

/**
 * Takes in what Slack sends: verified, stored, queued, in that order, because Slack never sends again what was
 * acknowledged. A request that is there already is queued again while it is not done, in case the first try died
 * between storing and queueing.
 */
export const receiveSlack =
  <Request>({ verify, inbox, enqueue, count, now }: Deps<Request>) =>
  async (request: Request): Promise<Result<'stored' | 'known', RequestRefusal>> => {
    const at = now();
    const verified = verify(request, at);
    if (!verified.ok) {
      count(verified.error);
      return fail(verified.error);
    }
    const { id, body } = verified.value;
    const isNew = await inbox.store({ id, receivedAt: at, body });
    if (!isNew && (await inbox.find(id)) === undefined) return ok('known');
    await enqueue(id);
    return ok(isNew ? 'stored' : 'known');
  };
