import { approversOf } from '../core/approvals/approver.ts';
import { differencesOf } from '../core/rulebook/differences.ts';
import { digestOfRules, type Rulebook, rulebookId } from '../core/rulebook/rulebook.ts';
import type { Instant } from '../core/time.ts';
import type { RulesView, SlackViews } from './ports/slack-views.ts';
import type { RulebookStore } from './ports/state-stores.ts';
import { type Deps as MessageDeps, showMessage } from './show-message.ts';

export interface Deps extends MessageDeps {
  rulebook: Pick<RulebookStore, 'find'>;
  views: Pick<SlackViews, 'rules'>;
}

/** A change of the rules, as its events name it: the same rules, proposed again, are another. */
interface Proposal {
  digest: string | null;
  /** When it counts; absent: it never waited. */
  from?: Instant | null | undefined;
}

/**
 * Shows a change of the rules as it stands now. Each proposal has a message of its own, since nobody hears of one that merely
 * changes. The first rules change nothing, so nothing is told.
 */
export const showRules =
  (deps: Deps) =>
  async ({ digest, from }: Proposal): Promise<void> => {
    if (!digest || !from) return;
    const meant = { digest, from };
    const key = `rules/${digest}/${from}`;
    const book = await deps.rulebook.find(rulebookId);
    if (!(book && isPending(book, meant)) && (await deps.messages.find(key)) === undefined) return;
    await showMessage(deps)(key, async () => {
      const now = await deps.rulebook.find(rulebookId);
      return now && deps.views.rules(viewOf(now, meant, deps.now()));
    });
  };

interface Meant {
  digest: string;
  from: Instant;
}

const isPending = ({ pending }: Rulebook, { digest, from }: Meant): boolean =>
  pending !== null && pending.from === from && digestOfRules(pending.rules) === digest;

function viewOf(book: Rulebook, meant: Meant, now: Instant): RulesView {
  const { digest, from } = meant;
  const { pending, rules, objection, since } = book;
  const subject = { digest, version: book.version };
  const isMeant = isPending(book, meant);
  if (pending !== null && isMeant && from > now) {
    const approvers = approversOf(rules, now);
    return { ...subject, state: 'pending', from, approvers, differences: differencesOf(rules, pending.rules) };
  }
  if (isMeant || (since === from && digestOfRules(rules) === digest)) return { ...subject, state: 'in-force', from };
  if (objection?.digest === digest && objection.from === from)
    return { ...subject, state: 'objected', by: objection.by, at: objection.at };
  return { ...subject, state: 'withdrawn' };
}
