import type { HomeView, KnownBlock, ModalView, PlainTextOption } from '@slack/types';
import type { Case } from '../core/anomaly/case.ts';
import type { Change } from '../core/changes/change.ts';
import type { Lease } from '../core/leases/lease.ts';
import type { Day, Instant } from '../core/time.ts';

/**
 * What the local page asks and is told. Every answer is JSON; every POST that fails answers `{ "error": sentence }`.
 *
 * | request | body | answer |
 * |---|---|---|
 * | `GET /` | | the page: console/index.html with console/src/main.tsx bundled as `/page.js` and `/page.css` |
 * | `POST /slack/interactions` | signed, as Slack sends | what receive-slack answers |
 * | `GET /api/state` | | `State` |
 * | `GET /api/events` | | server-sent events; `data:` is the new revision number, whereupon the page asks for the state |
 * | `POST /api/click` | `ClickRequest` | `{}` once the signed request was acknowledged |
 * | `POST /api/clock` | `ClockRequest` | `{}` |
 * | `POST /api/attack` | | `{}`; replays the sample organization's attack as of now |
 * | `POST /api/request` | `AccessRequest` | `{}`; as the slash command would ask |
 * | `POST /api/options` | `OptionsRequest` | `Options`; what the select offers |
 * | `POST /api/submit` | `SubmitRequest` | `Submitted` |
 * | `POST /api/close` | `FormRequest` | `{}`; the form is closed |
 * | `POST /api/home` | `{ as }` | `{}`; the app's page was opened |
 * | `GET /api/ledger?principal=ID` | | `Calendar` |
 *
 * The server binds 127.0.0.1 only. It refuses a Host that is not its own (DNS rebinding), and a POST to `/api` that comes
 * from another origin or is not `application/json` (forged requests from other pages).
 *
 * Behind it: start.ts reads the arguments; server.ts answers; page.ts bundles; state-view.ts makes `State` out of the
 * stores; system.ts is the product in one process, of functions.ts (the handlers of lambdas/ over memory adapters),
 * queues between them and clock.ts; slack-clicks.ts signs what people click, as Slack would; story.ts tells `--once`;
 * sample-organization/ is the world outside, own-data.ts the user's own.
 */
export interface State {
  /** Grows whenever anything changes. */
  revision: number;
  /** `sample` or the user's own files. */
  source: { kind: 'sample' | 'own'; words: string };
  clock: { now: Instant; paused: boolean /** Seconds of the system per second of the watcher. */; speed: number };
  channel: { name: string; messages: readonly Message[] };
  /** Forms that stand open, by the id of the person who sees them. */
  forms: Readonly<Record<string, OpenForm>>;
  /** The app's page as people last saw it, by their ids. */
  pages: Readonly<Record<string, HomeView>>;
  /** People the watcher can click as. */
  people: readonly { id: string; name: string; mayApprove: boolean }[];
  settings: { applying: readonly string[]; killed: boolean };
  cases: readonly Case[];
  changes: readonly Change[];
  leases: readonly Lease[];
  principals: readonly PrincipalSummary[];
  audit: { chains: number; events: number; verified: boolean; latest: readonly AuditLine[] };
  ingestion: { events: number; rejected: number; unmapped: number };
  /** True while the attack can be replayed. */
  canAttack: boolean;
  /** A request for access that the sample organization can grant; null for the user's own data. */
  example: AccessRequest | null;
}

export interface Message {
  ts: string;
  at: Instant;
  /** The message that this one answers in its thread. */
  thread: string | null;
  /** Name of the one person who sees it; null: everybody does. */
  onlyFor: string | null;
  text: string;
  blocks: readonly KnownBlock[];
}

export interface PrincipalSummary {
  id: string;
  arn: string | null;
  name: string;
  account: string | null;
  kind: 'person' | 'workload' | 'service' | 'other';
  actions: number;
  last: Day;
}

/** Days on which one principal used its actions, for the calendar. */
export interface Calendar {
  principal: string;
  arn: string | null;
  /** Ascending; the window shown. */
  from: Day;
  to: Day;
  rows: readonly {
    action: string;
    outcome: 'used' | 'not-found' | 'denied';
    days: readonly Day[];
    firstEver: Instant;
  }[];
  /** Granted by the inventory's exact actions, never used in the window. */
  unused: readonly string[];
}

interface AuditLine {
  at: Instant;
  type: string;
  by: string;
  aggregate: string;
  sequence: number;
}

export interface ClickRequest {
  /** `action_id` and `value` of the button, as in the message. */
  actionId: string;
  value: string;
  /** Id of the person who clicks. */
  as: string;
  /** Where the button stands if not in the channel: in their form, or on the app's page. */
  surface?: 'form' | 'home' | undefined;
}

export interface OpenForm {
  id: string;
  view: ModalView;
}

/** What is filled in, as Slack tells it: by block and element. */
export type FormValues = Record<string, Record<string, Record<string, unknown>>>;

export interface FormRequest {
  as: string;
  form: string;
}

export interface OptionsRequest extends FormRequest {
  field: string;
  typed: string;
  values: FormValues;
}

export interface Options {
  options: readonly PlainTextOption[];
}

export interface SubmitRequest extends FormRequest {
  values: FormValues;
}

/** `errors` by block; absent: the form was taken, and is closed. */
export interface Submitted {
  errors?: Readonly<Record<string, string>>;
}

export type ClockRequest = { pause: boolean } | { speed: number } | { advance: number };

export interface AccessRequest {
  as: string;
  text: string;
}
