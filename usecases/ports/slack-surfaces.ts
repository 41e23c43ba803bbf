import type { HomeView, ModalView } from '@slack/types';

/** A form that somebody has open: by our key for it, or by Slack's own id. */
export type FormRef = { key: string } | { view: string };

/** What Leastwise shows beside the channel: to one person each, in a form or on the app's page. */
export interface SlackSurfaces {
  /** Puts another view into a form; false where it is not there: closed meanwhile, or never opened. */
  fill(form: FormRef, view: ModalView): Promise<boolean>;
  /** The app's page as this user sees it. */
  publish(user: string, view: HomeView): Promise<void>;
}

/** Opens an empty form under a key of ours, by the trigger that Slack gave a moment ago and takes back after three seconds. */
export type OpenForm = (trigger: string, key: string) => Promise<void>;

/** One thing to choose from in a select. `value` is 150 characters at most, as Slack has it. */
export interface Choice {
  text: string;
  value: string;
}

/** What cannot wait for the queue: an answer, and then nothing else, or a form to be opened. */
export interface AtOnce {
  /** Told to Slack as it is; nothing is kept of such a request. */
  answer?: object;
  opens?: { trigger: string; form: string };
}

/** What somebody types into a select, and what they chose in the same form so far. */
export interface OptionsQuestion {
  from: { team: string; user: string };
  field: 'carrier' | 'actions' | 'resources';
  typed: string;
  carrier: string | null;
  actions: readonly string[];
}
