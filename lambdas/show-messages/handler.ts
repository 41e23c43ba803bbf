import * as z from 'zod/mini';
import { type Deps as ShowCase, showCase } from '../../usecases/show-case.ts';
import { type Deps as ShowChange, showChange } from '../../usecases/show-change.ts';
import { type Deps as ShowLease, showLease } from '../../usecases/show-lease.ts';
import { type EachMessageDeps, eachMessage } from '../each-message.ts';

export interface Deps
  extends Omit<ShowCase, 'views'>,
    Omit<ShowChange, 'views'>,
    Omit<ShowLease, 'views'>,
    EachMessageDeps {
  views: ShowCase['views'] & ShowChange['views'] & ShowLease['views'];
}

/** A domain event as EventBridge wraps it; of the event only its aggregate matters, the store says the rest. */
const envelope = z.object({
  detail: z.object({
    aggregate: z.object({ type: z.enum(['case', 'change', 'lease', 'settings']), id: z.string() }),
  }),
});

/** Brings the message of each event's aggregate up to what is stored now. The switches have no message. */
export const showMessagesHandler = (deps: Deps) => {
  const show = { case: showCase(deps), change: showChange(deps), lease: showLease(deps), settings: async () => {} };
  const aggregateOf = (body: unknown) => z.safeParse(envelope, body).data?.detail.aggregate;
  return eachMessage(deps, 'a domain event', aggregateOf)(({ type, id }) => show[type](id));
};
