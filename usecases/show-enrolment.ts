import { freezeOf } from '../core/enrolment/freeze.ts';
import { registryId } from '../core/enrolment/registry.ts';
import type { SlackViews } from './ports/slack-views.ts';
import type { EnrolmentStore } from './ports/state-stores.ts';
import { type Deps as MessageDeps, showMessage } from './show-message.ts';

export interface Deps extends MessageDeps {
  enrolments: Pick<EnrolmentStore, 'find'>;
  views: Pick<SlackViews, 'enrolment' | 'freeze'>;
}

/** Shows an enrolment, `TEAM/USER`, as it is stored now; another one of the same account is another message. */
export const showEnrolment =
  (deps: Deps) =>
  async (id: string): Promise<void> => {
    const current = async () =>
      (await deps.enrolments.find(registryId))?.enrolments.findLast(({ team, user }) => `${team}/${user}` === id);
    const found = await current();
    if (found === undefined) return;
    return showMessage(deps)(`enrolment/${id}/${found.at}`, async () => {
      const enrolment = await current();
      return enrolment && deps.views.enrolment(enrolment);
    });
  };

/** Shows that an account's enrolments are frozen, and what became of that. `eventID` is that of the change. */
export const showFreeze =
  (deps: Deps) =>
  async (account: string, eventID: string): Promise<void> => {
    const key = `freeze/${account}/${eventID}`;
    await showMessage(deps)(key, async () => {
      const registry = await deps.enrolments.find(registryId);
      const freeze = registry && freezeOf(registry, account);
      if (freeze?.eventID === eventID) return deps.views.freeze(freeze);
      return (await deps.messages.find(key)) === undefined ? undefined : deps.views.freeze({ account, isOver: true });
    });
  };
