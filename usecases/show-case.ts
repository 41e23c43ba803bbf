import type { Case } from '../core/anomaly/case.ts';
import { type ProposedRule, proposedRules } from '../core/anomaly/proposed-rules.ts';
import { usualDaysOf } from '../core/anomaly/usual-days.ts';
import type { ActorId } from '../core/identity/principal.ts';
import { type Day, dayOf, type Instant } from '../core/time.ts';
import type { LedgerItem } from '../core/usage/item.ts';
import type { LedgerStore } from './ports/ledger-store.ts';
import type { Pictures } from './ports/pictures.ts';
import type { SlackMessage } from './ports/slack.ts';
import type { SlackViews } from './ports/slack-views.ts';
import type { CaseStore, VerdictStore } from './ports/state-stores.ts';
import { type Deps as MessageDeps, moveMessage, showMessage } from './show-message.ts';

export interface Deps extends MessageDeps {
  cases: Pick<CaseStore, 'find' | 'list' | 'ofActor'>;
  ledger: Pick<LedgerStore, 'itemsOfPrincipal'>;
  verdicts: Pick<VerdictStore, 'ofActor'>;
  views: Pick<SlackViews, 'case' | 'digest'>;
  /** Absent: cases are told in words alone. */
  pictures?: Pictures;
}

/** How many of the newest cases are looked through for a day's digest. */
const digestDepth = 500;

/**
 * Shows a case as it is stored now: as a message of its own, or in its day's digest. A message that stands is kept up
 * even where late events made the case small. The message of a superseded case becomes that of its successor, whichever
 * of the two is shown first; where the successor has one already, the old message says so.
 */
export const showCase =
  (deps: Deps) =>
  async (id: string): Promise<void> => {
    const it = await deps.cases.find(id);
    if (it === undefined) return;
    if (it.state === 'superseded' && it.supersededBy !== null) return showSuccessor(deps, it, it.supersededBy);
    if (!(await stands(deps, id))) await takeOver(deps, it);
    if (it.level === 'message' || (await stands(deps, id)))
      await showMessage(deps)(caseKey(id), () => viewOf(deps, id));
    if (it.level === 'message') return;
    const day = dayOf(it.openedAt);
    return showMessage(deps)(`digest/${day}`, () => digestOf(deps, day));
  };

/** Under which key a case's message is kept. */
export const caseKey = (id: string): string => `case/${id}`;

async function showSuccessor(deps: Deps, old: Case, successor: string): Promise<void> {
  // The successor takes the message over; what remains under the old key after that says so.
  await showCase(deps)(successor);
  const moved = await moveMessage(deps)(caseKey(old.id), caseKey(successor));
  if (!moved) await showMessage(deps)(caseKey(old.id), () => viewOf(deps, old.id));
}

const stands = async ({ messages }: Deps, id: string): Promise<boolean> =>
  (await messages.find(caseKey(id))) !== undefined;

/** Events come in no order: the successor may be shown before anybody heard that it supersedes something. */
async function takeOver(deps: Deps, successor: Case): Promise<void> {
  const cases = await deps.cases.ofActor(successor.actor);
  const waiting: string[] = [successor.id];
  for (const heir of waiting) {
    for (const old of cases.filter(({ supersededBy }) => supersededBy === heir)) {
      waiting.push(old.id);
      await moveMessage(deps)(caseKey(old.id), caseKey(successor.id));
    }
  }
}

async function viewOf(deps: Deps, id: string): Promise<SlackMessage | undefined> {
  const { cases, ledger, views } = deps;
  const it = await cases.find(id);
  if (it === undefined) return undefined;
  const items = (await Promise.all(it.principals.map((principal) => ledger.itemsOfPrincipal(principal)))).flat();
  return withPicture(deps, it, items, views.case({ case: it, others: othersIn(items, it) }));
}

/** Whoever else was seen with the principals of the case: a quarantine would hit them too. */
function othersIn(items: readonly LedgerItem[], it: Case): readonly ActorId[] {
  const actors = new Set(items.map(({ actor }) => actor));
  actors.delete(it.actor);
  return [...actors].sort();
}

/**
 * The actor's weeks beside the case, drawn once: a message whose picture changed with every look would be sent again with every look.
 * The row of the picture holds Slack's name for it and its words.
 */
async function withPicture(
  { messages, pictures, channel, now }: Deps,
  it: Case,
  items: readonly LedgerItem[],
  message: SlackMessage,
): Promise<SlackMessage> {
  if (pictures === undefined || it.level !== 'message') return message;
  const key = `picture/${it.id}`;
  const stored = await messages.find(key);
  if (stored?.ts != null) return pictures.within(message, stored.ts, stored.digest ?? '');
  if (stored !== undefined || !(await messages.claim(key, channel, now()))) return message;
  const usual = usualDaysOf(
    items.filter(({ actor }) => actor === it.actor),
    it,
  );
  const picture = await pictures.share(usual);
  if (picture === undefined) return message;
  await messages.resolve(key, { channel, ts: picture }, usual.words);
  return pictures.within(message, picture, usual.words);
}

async function digestOf(deps: Deps, day: Day) {
  const { cases, views } = deps;
  const newest = await cases.list(digestDepth);
  const ofDay = newest.filter(
    (it) => it.level !== 'message' && it.state !== 'superseded' && dayOf(it.openedAt) === day,
  );
  if (!ofDay.some(({ level }) => level === 'digest')) return undefined;
  return views.digest(day, ofDay, await proposalsOf(deps, newest, day));
}

/** By the answers as they are stored: a case may have grown since it was answered. */
async function proposalsOf({ verdicts }: Deps, newest: readonly Case[], day: Day): Promise<readonly ProposedRule[]> {
  const answered = newest.filter(({ state }) => state === 'expected');
  const actors = [...new Set(answered.map(({ actor }) => actor))];
  const said = await Promise.all(actors.map((actor) => verdicts.ofActor(actor)));
  return proposedRules(said.flat(), answered, `${day}T23:59:59Z` as Instant);
}
