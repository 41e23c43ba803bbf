import type { SlackViews } from './ports/slack-views.ts';
import type { ChangeStore } from './ports/state-stores.ts';
import { type Deps as MessageDeps, showMessage } from './show-message.ts';

export interface Deps extends MessageDeps {
  changes: Pick<ChangeStore, 'find'>;
  views: Pick<SlackViews, 'change'>;
}

/** Shows a change as it is stored now. */
export const showChange =
  (deps: Deps) =>
  (id: string): Promise<void> =>
    showMessage(deps)(`change/${id}`, async () => {
      const change = await deps.changes.find(id);
      return change && deps.views.change(change);
    });
