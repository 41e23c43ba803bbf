import { approversOf } from '../core/approvals/approver.ts';
import { differencesOf } from '../core/rulebook/differences.ts';
import { digestOfRules, inForce, type Rulebook, rulebookId } from '../core/rulebook/rulebook.ts';
import type { Instant } from '../core/time.ts';
import type { RulesView, SlackViews } from './ports/slack-views.ts';
import type { RulebookStore } from './ports/state-stores.ts';
import { type Deps as MessageDeps, showMessage } from './show-message.ts';

export interface Deps extends MessageDeps {
  rulebook: Pick<RulebookStore, 'find'>;
  views: Pick<SlackViews, 'rules'>;
}

/** Shows a change of the rules, by its digest, as it stands now. The first rules change nothing, so nothing is told. */
export const showRules =
  (deps: Deps) =>
  async (digest: string): Promise<void> => {
    const key = `rules/${digest}`;
    const book = await deps.rulebook.find(rulebookId);
    const isPending = book?.pending != null && digestOfRules(book.pending.rules) === digest;
    if (!isPending && (await deps.messages.find(key)) === undefined) return;
    await showMessage(deps)(key, async () => {
      const now = await deps.rulebook.find(rulebookId);
      return now && deps.views.rules(viewOf(now, digest, deps.now()));
    });
  };

function viewOf(book: Rulebook, digest: string, now: Instant): RulesView {
  const { pending, rules, objection, since } = book;
  const subject = { digest, version: book.version };
  if (pending !== null && digestOfRules(pending.rules) === digest && pending.from > now) {
    const approvers = approversOf(rules, now);
    return {
      ...subject,
      state: 'pending',
      from: pending.from,
      approvers,
      differences: differencesOf(rules, pending.rules),
    };
  }
  if (digestOfRules(inForce(book, now)) === digest)
    return { ...subject, state: 'in-force', from: pending?.from ?? since };
  if (objection?.digest === digest) return { ...subject, state: 'objected', by: objection.by, at: objection.at };
  return { ...subject, state: 'withdrawn' };
}
