import { fail, ok, type Result } from '../core/result.ts';
import type { Instant } from '../core/time.ts';
import type { Inbox } from './ports/inbox.ts';
import type { RequestRefusal } from './ports/slack-input.ts';
import type { AtOnce, OpenForm } from './ports/slack-surfaces.ts';

export interface Deps<Request> {
  /** Signature, age, app, team, and of a form for whom it was filled. */
  verify(request: Request, now: Instant): Result<{ id: string; body: string }, RequestRefusal>;
  atOnce(body: string): AtOnce;
  inbox: Pick<Inbox, 'store' | 'find'>;
  openForm: OpenForm;
  /** A form that could not be opened; whoever asked for it is told later, and what they asked for is kept. */
  unopened(fault: unknown): void;
  /** Tells the queue that the inbox item waits. */
  enqueue(id: string): Promise<void>;
  /** Of a refused request nothing else is kept. */
  count(refusal: RequestRefusal): void;
  now(): Instant;
}

/** `stored` or `known`: it is kept and will be carried out. */
export type Received = 'stored' | 'known' | { answer: object };

/**
 * Takes in what Slack sends: verified, stored, queued, in that order, because Slack never sends again what was
 * acknowledged. A request that is there already is queued again while it is not done, in case the first try died
 * between storing and queueing. A form is opened, empty, before it is queued, so that whoever fills it finds it.
 */
export const receiveSlack =
  <Request>(deps: Deps<Request>) =>
  async (request: Request): Promise<Result<Received, RequestRefusal>> => {
    const { verify, atOnce, inbox, enqueue, count, now } = deps;
    const at = now();
    const verified = verify(request, at);
    if (!verified.ok) {
      count(verified.error);
      return fail(verified.error);
    }
    const { id, body } = verified.value;
    const { answer, opens } = atOnce(body);
    if (answer !== undefined) return ok({ answer });
    const isNew = await inbox.store({ id, receivedAt: at, body });
    if (!isNew && (await inbox.find(id)) === undefined) return ok('known');
    if (isNew && opens) await deps.openForm(opens.trigger, opens.form).catch(deps.unopened);
    await enqueue(id);
    return ok(isNew ? 'stored' : 'known');
  };
