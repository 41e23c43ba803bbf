import * as z from 'zod/mini';
import type { Instant } from '../../core/time.ts';
import { objectOf, textOf } from '../../core/untrusted.ts';
import { loanHistory } from '../../usecases/loan-history.ts';
import { remindLeases } from '../../usecases/remind-leases.ts';
import { type Deps as ShowCase, showCase } from '../../usecases/show-case.ts';
import { type Deps as ShowChange, showChange } from '../../usecases/show-change.ts';
import { type Deps as ShowEnrolment, showEnrolment, showFreeze } from '../../usecases/show-enrolment.ts';
import { type Deps as ShowLease, showLease } from '../../usecases/show-lease.ts';
import { type Deps as ShowRules, showRules } from '../../usecases/show-rules.ts';
import { tellDeciders } from '../../usecases/tell-deciders.ts';
import { type EachMessageDeps, eachMessage } from '../each-message.ts';

export interface Deps
  extends Omit<ShowCase, 'views' | 'ledger'>,
    Omit<ShowChange, 'views'>,
    Omit<ShowLease, 'views' | 'changes' | 'ledger'>,
    Omit<ShowEnrolment, 'views'>,
    Omit<ShowRules, 'views'>,
    EachMessageDeps {
  ledger: ShowCase['ledger'] & ShowLease['ledger'];
  views: ShowCase['views'] & ShowChange['views'] & ShowLease['views'] & ShowEnrolment['views'] & ShowRules['views'];
}

/** A domain event as EventBridge wraps it; of the event only its aggregate matters, the store says the rest. */
const envelope = z.object({
  detail: z.object({
    aggregate: z.object({
      type: z.enum(['case', 'change', 'lease', 'settings', 'enrolments', 'rules', 'assignment', 'reminders']),
      id: z.string(),
    }),
    data: z.optional(z.unknown()),
  }),
});

/** Brings the message of each event's aggregate up to what is stored now. The switches have no message. */
export const showMessagesHandler = (deps: Deps) => {
  const show = {
    case: showCase(deps),
    change: showChange({ ...deps, loanHistory: loanHistory(deps) }),
    lease: showLease(deps),
    enrolments: async (id: string) => {
      const [kind, account = '', eventID = ''] = id.split('/');
      return kind === 'freeze' ? showFreeze(deps)(account, eventID) : showEnrolment(deps)(id);
    },
    rules: (id: string) => {
      const [digest = '', from = ''] = id.split('/');
      return showRules(deps)({ digest, from: from as Instant });
    },
    settings: async () => {},
    /** Who holds which permission set is told with each lease. */
    assignment: async () => {},
    /** No aggregate: what the clock asks for every five minutes. */
    reminders: async () => {
      await remindLeases(deps)();
      await tellDeciders(deps)();
    },
  };
  const aggregateOf = (body: unknown) => {
    const { aggregate, data } = z.safeParse(envelope, body).data?.detail ?? {};
    const { team, user, account, eventID, digest, from } = objectOf(data) ?? {};
    // The rules, and enrolments, are one aggregate and several messages.
    if (aggregate?.type === 'rules') return { ...aggregate, id: `${textOf(digest) ?? ''}/${textOf(from) ?? ''}` };
    if (aggregate?.type !== 'enrolments') return aggregate;
    if (textOf(account) !== null) return { ...aggregate, id: `freeze/${textOf(account)}/${textOf(eventID)}` };
    return { ...aggregate, id: `${textOf(team)}/${textOf(user)}` };
  };
  return eachMessage(deps, 'a domain event', aggregateOf)(({ type, id }) => show[type](id));
};
