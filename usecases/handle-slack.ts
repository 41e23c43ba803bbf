import { refusalWords } from '../core/approvals/refusal-words.ts';
import type { Person } from '../core/approvals/rules.ts';
import type { Configuration } from '../core/configuration.ts';
import type { Result } from '../core/result.ts';
import type { Instant } from '../core/time.ts';
import { type Carriers, carryOut } from './carry-out-ask.ts';
import type { DeadLetters } from './ports/dead-letters.ts';
import type { Inbox, NonceStore } from './ports/inbox.ts';
import type { SignedAnswer } from './ports/signed-asks.ts';
import type { Listener, SlackClient, SlackMembers, Standing } from './ports/slack.ts';
import type { Click, FormSubject, ReadSlack, SlackAsk, SlackInput, Surface } from './ports/slack-input.ts';
import type { SlackSurfaces } from './ports/slack-surfaces.ts';
import type { FormContent, FormViews, HomePage } from './ports/slack-views.ts';

export interface Deps extends Carriers {
  inbox: Pick<Inbox, 'find' | 'done'>;
  nonces: NonceStore;
  read: ReadSlack;
  /** Reads and carries out what STS vouches for; the error is a sentence that names what is wrong with it. */
  signed(body: string, key: string): Promise<Result<SignedAnswer, string>>;
  slack: Pick<SlackClient, 'tell'>;
  surfaces: SlackSurfaces;
  homeOf(person: Person): Promise<HomePage>;
  views: FormViews;
  /** What a form carries along, so that it is known again as this user's. */
  proveForm(from: SlackInput['from'], form: string): string;
  prepareForm(person: Person, about: FormSubject): Promise<FormContent | string>;
  deadLetters: DeadLetters;
  configuration: Pick<Configuration, 'people' | 'slack'>;
  /** What a Slack user is told who wants to be enrolled: the command, with a code for this user alone. */
  enrolling(from: SlackInput['from']): string;
  members: SlackMembers;
  /** Somebody asked who may not ask at all. */
  turnedAway(from: SlackInput['from'], why: TurnedAway): void;
  /** The answer to a person could not be delivered; what they asked for was carried out all the same. */
  untold(fault: unknown): void;
  now(): Instant;
}

/** `unknown`: nobody that the configuration or an enrolment names. */
type TurnedAway = Exclude<Standing, 'member'> | 'unknown';

export type Handled = 'carried-out' | 'buried' | 'nothing-to-do';

/**
 * Carries out what somebody asked for in Slack, once, and tells them the outcome or the refusal in words. An item that
 * cannot be read goes to the dead letters with its reason and stays in the inbox; a fault is thrown, and the queue
 * tries again.
 */
export const handleSlack =
  (deps: Deps) =>
  async (id: string): Promise<Handled> => {
    const item = await deps.inbox.find(id);
    if (item === undefined) return 'nothing-to-do';
    if (item.origin === 'aws') return answerSigned(deps, id, item.body);
    const input = deps.read(item.body);
    if (!input.ok) {
      await deps.deadLetters.bury(id, input.error);
      return 'buried';
    }
    if (input.value.ask.type !== 'ignore') await carry(deps, id, input.value);
    await deps.inbox.done(id);
    return 'carried-out';
  };

/** Whatever was done on the page, the page shows something else afterwards. */
async function carry(deps: Deps, id: string, input: SlackInput): Promise<void> {
  await show(deps, input, await answer(deps, id, input));
  const person = input.onHome && personOf(deps.configuration, input.from);
  if (person) await publish(deps, input, { page: await deps.homeOf(person) }).catch(deps.untold);
}

const publish = ({ surfaces, views }: Deps, { from }: SlackInput, shown: string | Paged): Promise<void> =>
  surfaces.publish(from.user, typeof shown === 'string' ? views.noHome(shown) : views.home(shown.page));

/** The app's page, as a person is to see it. */
interface Paged {
  page: HomePage;
}

/** Words for one person, or what they asked to see in a form. */
type Answer = string | FormContent | Paged;

/** Shows the answer on the page, or in the form that is open for it, else to that person alone. */
async function show(deps: Deps, input: SlackInput, answered: Answer): Promise<void> {
  if (isPaged(answered) || input.ask.type === 'show-home') return publish(deps, input, answered as string | Paged);
  const { surface } = input;
  if (surface !== undefined && (await deps.surfaces.fill(surface.form, viewOf(deps, input, surface, answered)))) return;
  const said = typeof answered === 'string' ? answered : words['no-form'];
  await deps.slack.tell(listenerOf(deps, input), said).catch(deps.untold);
}

const isPaged = (answered: Answer): answered is Paged => typeof answered === 'object' && 'page' in answered;

const viewOf = ({ views, proveForm }: Deps, { from }: SlackInput, { id }: Surface, answered: Exclude<Answer, Paged>) =>
  typeof answered === 'string' ? views.notice(answered) : views.form(answered, proveForm(from, id));

/** Whoever asked at a terminal comes back for the answer. */
async function answerSigned(deps: Deps, id: string, body: string): Promise<Handled> {
  const answered = await deps.signed(body, id);
  if (!answered.ok) {
    await deps.deadLetters.bury(id, answered.error);
    return 'buried';
  }
  await deps.inbox.done(id, JSON.stringify(answered.value));
  return 'carried-out';
}

async function answer(deps: Deps, id: string, { from, ask }: SlackInput): Promise<Answer> {
  if (ask.type === 'explain') return ask.words;
  if (ask.type === 'ignore') return '';
  const person = personOf(deps.configuration, from);
  if (person === undefined && ask.type !== 'enroll') return turnAway(deps, from, 'unknown');
  const standing = await deps.members.standing(from);
  if (standing !== 'member') return turnAway(deps, from, standing);
  if (ask.type === 'enroll') return deps.enrolling(from);
  if (person === undefined) return turnAway(deps, from, 'unknown');
  if (person.suspended && (ask.type === 'open-form' || ask.type === 'ask-access')) return refusalWords.suspended;
  if (ask.type === 'show-home') return { page: await deps.homeOf(person) };
  if (ask.type === 'open-form') return deps.prepareForm(person, ask.about);
  const nonce = nonceOf(ask);
  if (nonce !== undefined && !(await spend(deps, nonce, person, id)))
    return 'click' in ask ? words.used : words['sent-off'];
  return carryOut(deps)(ask, person, id);
}

/**
 * A code goes to the user and to nobody else: whoever has our secrets could name a webhook of their own, but not read
 * what Slack shows to that user.
 */
function listenerOf({ configuration }: Deps, { from, listener, ask }: SlackInput): Listener {
  const ours = { user: from.user, channel: configuration.slack.channel, responseUrl: null };
  if (ask.type === 'enroll') return ours;
  // What was filled in or pressed outside of any channel.
  return listener.channel === '' && listener.responseUrl === null ? ours : listener;
}

function turnAway({ turnedAway }: Deps, from: SlackInput['from'], why: TurnedAway): string {
  turnedAway(from, why);
  return words[why];
}

/** Only who is configured or enrolled, under exactly this team and user, is a person. */
const personOf = ({ people }: Pick<Configuration, 'people'>, { team, user }: SlackInput['from']): Person | undefined =>
  people.find(({ slack }) => slack.team === team && slack.user === user);

/**
 * A button, or a form, works once for each person, so that whoever may not decide cannot use it up for those who may. It
 * is spent by this delivery: when the queue tries again, it is still ours.
 */
const spend = ({ nonces, now }: Deps, nonce: Click['nonce'], person: Person, id: string): Promise<boolean> =>
  nonces.spend(`${nonce}/${person.id}`, id, now());

function nonceOf(ask: SlackAsk): Click['nonce'] | undefined {
  if ('click' in ask) return ask.click.nonce;
  return ask.type === 'request-access' && ask.form !== undefined ? `form/${ask.form}` : undefined;
}

const words = {
  unknown: 'This Slack account is not enrolled, so nothing was done: `/leastwise enroll` says how to enrol.',
  guest: 'Guests of the workspace decide and ask for nothing here. Nothing was done.',
  deactivated: 'This account is deactivated. Nothing was done.',
  stranger: 'Only members of this workspace decide and ask here. Nothing was done.',
  unseen:
    'Slack does not let Leastwise see who you are, so nothing was done: an operator installs the app anew, with `users:read`.',
  'no-form':
    'The form is not there: it was closed, or Slack did not let it be opened in time. Please ask again, or type the request: `/leastwise help` says how.',
  'sent-off': 'You sent this form off already. Nothing more was asked for.',
  used: 'You used this button already. Nothing more was done; please look at the newest message.',
} as const;
