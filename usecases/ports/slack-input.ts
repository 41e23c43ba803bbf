import type { Result } from '../../core/result.ts';
import type { Listener } from './slack.ts';
import type { FormRef } from './slack-surfaces.ts';

/** What a click says: which thing, in which shape it was shown, and a nonce that works once a person. */
export interface Click {
  id: string;
  /** Digest of what was shown. */
  digest: string;
  nonce: string;
}

/** What somebody asks for in Slack. */
export type SlackAsk =
  | { type: 'answer-case'; answer: 'expected' | 'not-us' | 'muted'; click: Click }
  /** Asks to lend what the case's actor used; decides nothing. */
  | { type: 'lend-instead'; click: Click }
  | { type: 'decide-change'; verdict: 'approve' | 'deny'; click: Click }
  | { type: 'undo-change'; click: Click }
  | { type: 'open-change'; click: Click }
  | { type: 'end-lease'; click: Click }
  /** The same access for as long again, decided anew. */
  | { type: 'extend-lease'; click: Click }
  /** Answers for what was made under a lease and stays. */
  | { type: 'answer-for-residue'; click: Click }
  /** What is lent to whoever asks, and what they wait for. */
  | { type: 'status' }
  | { type: 'revoke-lease'; lease: string }
  /** `principal` null: who can? */
  | { type: 'ask-access'; principal: string | null; action: string; resource: string }
  /** `click.id` is `TEAM/USER`. */
  | { type: 'refuse-enrolment'; click: Click }
  /** `click.id` is the account. */
  | { type: 'lift-freeze'; click: Click }
  /** Objects to rules that were deployed and are not in force yet. */
  | { type: 'object-to-rules'; click: Click }
  /** Wants to be enrolled: gets a code, whoever it is. */
  | { type: 'enroll' }
  /** `duration` in seconds; `target` is the ARN that is to carry the access, null: the person's only one. */
  | {
      type: 'request-access';
      /** The form that it was filled into, which can be sent off once; absent: it was typed. */
      form?: string;
      target: string | null;
      actions: readonly string[];
      resources: readonly string[];
      duration: number;
      reason: string;
      /** Nobody can be waited for. */
      emergency?: boolean;
    }
  /** A new deployment only observes: turns applying on or off in one account. */
  | { type: 'switch-applying'; account: string; on: boolean }
  /** Stops every change but revocations, or lets them go on. */
  | { type: 'switch-kill'; killed: boolean }
  /** Opened the app's page. */
  | { type: 'show-home' }
  /** Nothing that anything is to be done about. */
  | { type: 'ignore' }
  /** Wants the form, filled in as far as that is known. Decides nothing, so it can be asked for again. */
  | { type: 'open-form'; about: FormSubject }
  /** Nothing that can be carried out; `words` tell the person why, or what could be asked. */
  | { type: 'explain'; words: string };

/** What a form is to be filled in from. */
export type FormSubject =
  | { kind: 'blank'; reason: string }
  /** Everything that was denied to whoever asks, to choose from. */
  | { kind: 'denials' }
  /** One of them. */
  | { kind: 'denial'; id: string }
  /** What a case tells to have been denied. */
  | { kind: 'case'; id: string };

/** Where somebody is answered if not by a whisper: in a form that is open for them, whose id is `id`. */
export interface Surface {
  form: FormRef;
  id: string;
}

/** A verified request from Slack, parsed. */
export interface SlackInput {
  /** Team and user that Slack vouches for; not yet a person. */
  from: { team: string; user: string };
  listener: Listener;
  ask: SlackAsk;
  surface?: Surface;
  /** It was asked for on the app's page, which shows by now something else. */
  onHome?: true;
}

/** Parses a verified body; the error is a sentence that names what is wrong with it. */
export type ReadSlack = (body: string) => Result<SlackInput, string>;

/** Why a request is not taken in at all. */
export type RequestRefusal =
  | 'no-secret'
  | 'no-signature'
  | 'stale'
  | 'wrong-signature'
  | 'too-large'
  | 'wrong-type'
  | 'malformed'
  | 'wrong-app'
  | 'wrong-team'
  | 'wrong-view';
