import type { HomeView, ModalView } from '@slack/types';
import type { Case } from '../../core/anomaly/case.ts';
import type { ProposedRule } from '../../core/anomaly/proposed-rules.ts';
import type { Change } from '../../core/changes/change.ts';
import type { Freeze } from '../../core/enrolment/freeze.ts';
import type { Enrolment } from '../../core/enrolment/registry.ts';
import type { ActorId } from '../../core/identity/principal.ts';
import type { DeniedCall } from '../../core/leases/denied-calls.ts';
import type { LoanHistory } from '../../core/leases/difference.ts';
import type { Lease } from '../../core/leases/lease.ts';
import type { Day, Instant } from '../../core/time.ts';
import type { SlackMessage } from './slack.ts';
import type { Choice } from './slack-surfaces.ts';

/** A case and what has to be known before somebody answers it. */
export interface CaseView {
  case: Case;
  /** Other actors who use the same principals: a quarantine of their role hits them too. */
  others: readonly ActorId[];
}

export interface LeaseView {
  lease: Lease;
  /** The change it belongs to; null when it cannot be found. */
  change: Change | null;
  /** Of the actions that were lent, those that the carrier used meanwhile; null while it is lent. */
  used: readonly string[] | null;
}

/** A form, as far as it is filled in for somebody. */
export interface FormView {
  /** What carries it; null: to be chosen. */
  carrier: Choice | null;
  actions: readonly Choice[];
  resources: readonly Choice[];
  /** Seconds. */
  duration: number;
  maxHours: number;
  reason: string;
  /** Where what is filled in comes from, and what stands in the way. */
  notes: readonly string[];
}

/** What somebody was denied, newest first: why, and what keeps a request from helping, null where nothing does. */
export interface DenialsView {
  denials: readonly { call: DeniedCall; why: string; obstacle: string | null }[];
}

/** A form to be filled in, or what to ask for by one. */
export type FormContent = FormView | DenialsView;

/** The app's page, as one person sees it. */
export interface HomePage {
  at: Instant;
  /** Lent to them now. */
  leases: readonly Lease[];
  /** What they could decide now. */
  approvals: readonly Change[];
  /** What they asked for. */
  waiting: readonly Change[];
  /** Proposals that anybody may open. */
  backlog: readonly Change[];
}

/** What is shown to one person in a form or on the app's page; pure. */
export interface FormViews {
  form(form: FormContent, proof: string): ModalView;
  /** Words in its place. */
  notice(words: string): ModalView;
  home(page: HomePage): HomeView;
  noHome(words: string): HomeView;
}

/** A change of the rules, by the digest of what they become. */
export type RulesView = { digest: string; version: number } & (
  | { state: 'pending'; from: Instant; approvers: readonly string[]; differences: readonly string[] }
  | { state: 'in-force'; from: Instant }
  | { state: 'objected'; by: string; at: Instant }
  | { state: 'withdrawn' }
);

/** The stored truth as Slack messages; pure. */
export interface SlackViews {
  case(view: CaseView): SlackMessage;
  /** The cases of one day that deserve no message of their own, and what answers alike propose by then. */
  digest(day: Day, cases: readonly Case[], proposals?: readonly ProposedRule[]): SlackMessage;
  /** `history`: of a loan that waits for its decision. */
  change(change: Change, history?: LoanHistory): SlackMessage;
  /** What was proposed in one week and waits to be opened, or did. */
  backlog(week: string, changes: readonly Change[]): SlackMessage;
  /** That a trial ended, for the thread of its message. */
  trialEnd(change: Change): SlackMessage;
  /** That access was taken in an emergency; `reviewers` and whoever is waited for by their ids. */
  emergency(change: Change): SlackMessage;
  reviewDue(change: Change, reviewers: readonly string[]): SlackMessage;
  escalation(change: Change, waitingFor: readonly string[]): SlackMessage;
  lease(view: LeaseView): SlackMessage;
  /** That it ends soon, for the thread of its message. */
  leaseEnding(lease: Lease): SlackMessage;
  enrolment(enrolment: Enrolment): SlackMessage;
  /** That nobody enrols from an account, or that it is over: lifted, or followed by another. */
  freeze(freeze: Freeze | { account: string; isOver: true }): SlackMessage;
  rules(view: RulesView): SlackMessage;
}
