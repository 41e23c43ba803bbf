import type { Person } from '../core/approvals/rules.ts';
import type { Configuration } from '../core/configuration.ts';
import type { Inventory } from '../core/identity/inventory.ts';
import { type Carrier, carriersOf } from '../core/leases/carriers.ts';
import type { InventoryStore } from './ports/inventory-store.ts';
import type { FormSubject } from './ports/slack-input.ts';
import type { Choice } from './ports/slack-surfaces.ts';
import type { FormView } from './ports/slack-views.ts';

export interface PrepareFormDeps {
  inventories: Pick<InventoryStore, 'read'>;
  configuration: Pick<Configuration, 'accounts' | 'deployment' | 'lending'>;
}

/** Seconds that a form proposes. */
const usual = 3600;
/** So many accounts are looked through for roles that are somebody's. */
const mostAccounts = 25;

/** A form for a person, filled in as far as what it is about tells. It asks for nothing and decides nothing. */
export const prepareForm =
  (deps: PrepareFormDeps) =>
  async (person: Person, about: FormSubject): Promise<FormView> => {
    const { accounts, lending } = deps.configuration;
    const inventories = await readInventories(
      deps,
      accounts.slice(0, mostAccounts).map(({ id }) => id),
    );
    const carriers = carriersOf(person, inventories, deps.configuration);
    const [first] = carriers;
    return {
      carrier: first === undefined ? null : carrierChoice(first, deps.configuration),
      actions: [],
      resources: [],
      duration: Math.min(usual, lending.maxHours * 3600),
      maxHours: lending.maxHours,
      reason: about.reason,
      notes: first === undefined ? [nothingCarries] : [],
    };
  };

const nothingCarries =
  'Nothing is known that could carry access for you: neither a user of yours, nor a role tagged leastwise:beneficiary with your id.';

/** The newest inventories of these accounts, as far as there are any. */
export async function readInventories(
  { inventories }: Pick<PrepareFormDeps, 'inventories'>,
  accounts: readonly string[],
): Promise<readonly Inventory[]> {
  const read = await Promise.all(accounts.map((account) => inventories.read(account)));
  return read.filter((each) => each !== undefined);
}

/** A carrier as somebody chooses it. */
export function carrierChoice(
  { kind, name, account, target }: Carrier,
  { accounts }: Pick<Configuration, 'accounts'>,
): Choice {
  const place = accounts.find(({ id }) => id === account)?.name ?? account;
  const words = {
    user: `Your user ${name} in ${place}`,
    role: `Role ${name} in ${place}`,
    'lease-role': `A role of its own in ${place} (${account})`,
  };
  return { text: words[kind], value: target };
}
