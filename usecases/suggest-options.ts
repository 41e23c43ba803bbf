import type { Person } from '../core/approvals/rules.ts';
import type { Configuration } from '../core/configuration.ts';
import { carriersOf, setsToLend } from '../core/leases/carriers.ts';
import { actionChoices, resourceChoices } from '../core/leases/choices.ts';
import type { InventoryStore } from './ports/inventory-store.ts';
import type { OrganizationStore } from './ports/organization-scan.ts';
import type { SlackMembers } from './ports/slack.ts';
import type { Choice, OptionsQuestion } from './ports/slack-surfaces.ts';
import { carrierChoice } from './prepare-form.ts';
import { readInventories } from './read-inventories.ts';

export interface SuggestOptionsDeps {
  inventories: Pick<InventoryStore, 'read'>;
  organizations: Pick<OrganizationStore, 'read'>;
  configuration: Pick<Configuration, 'accounts' | 'deployment' | 'people'>;
  members: SlackMembers;
}

/** Slack takes no more. */
const mostOptions = 100;
/** So many inventories are read while somebody waits. */
const mostAccounts = 10;

/**
 * What there is to choose from: out of the catalogue and the newest inventories, for people who may ask at all; for
 * everybody else nothing. It keeps nothing of what was typed.
 */
export const suggestOptions =
  (deps: SuggestOptionsDeps) =>
  async (question: OptionsQuestion): Promise<readonly Choice[]> => {
    const { team, user } = question.from;
    const person = deps.configuration.people.find(({ slack }) => slack.team === team && slack.user === user);
    if (person === undefined || person.suspended) return [];
    const [standing, choices] = await Promise.all([
      deps.members.standing(question.from),
      choicesFor(deps, person, question),
    ]);
    return standing === 'member' ? choices : [];
  };

async function choicesFor(
  deps: SuggestOptionsDeps,
  person: Person,
  { field, typed, carrier, actions }: OptionsQuestion,
): Promise<readonly Choice[]> {
  if (field === 'actions') return actionChoices(typed, mostOptions).map(asIs);
  const inventories = await readInventories(deps, accountsFor(deps, field === 'resources' ? carrier : null));
  if (field === 'resources') {
    const services = new Set(actions.map((action) => action.slice(0, action.indexOf(':'))));
    return resourceChoices(typed, inventories, services, mostOptions).map(asIs);
  }
  const words = typed.toLowerCase().split(/\s+/);
  const center = (await deps.organizations.read())?.tree.identityCenter ?? null;
  return carriersOf(person, inventories, deps.configuration, setsToLend(deps.configuration, center))
    .map((each) => carrierChoice(each, deps.configuration))
    .filter(({ text, value }) => words.every((word) => `${text} ${value}`.toLowerCase().includes(word)))
    .slice(0, mostOptions);
}

const asIs = (value: string): Choice => ({ text: value, value });

/** The account that was chosen already, else the first ones. */
function accountsFor({ configuration }: SuggestOptionsDeps, carrier: string | null): readonly string[] {
  const known = configuration.accounts.map(({ id }) => id);
  const chosen = /\d{12}/.exec(carrier ?? '')?.[0] ?? '';
  return known.includes(chosen) ? [chosen] : known.slice(0, mostAccounts);
}
