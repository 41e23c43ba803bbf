import type { Person } from '../core/approvals/rules.ts';
import type { Configuration } from '../core/configuration.ts';
import { type PeersUse, peersUse } from '../core/leases/peers-use.ts';
import type { LedgerItem } from '../core/usage/item.ts';
import type { LedgerStore } from './ports/ledger-store.ts';

export interface PeersDeps {
  ledger: Pick<LedgerStore, 'itemsOfActor'>;
  configuration: Pick<Configuration, 'people'>;
}

/** So many are asked about while somebody waits for a form. */
const mostPeers = 12;

/** Whether somebody is a peer: of the same team; of whoever has none, everybody is. */
export const isPeerOf = ({ id, team }: Person, other: Person): boolean =>
  other.id !== id && (team === undefined || other.team === team);

/** What peers used, by the ledger, on the things that a reason names. */
export const peersUseOf =
  ({ ledger, configuration }: PeersDeps) =>
  async (person: Person, reason: string): Promise<PeersUse | undefined> => {
    const itemsOf = async ({ actors }: Person): Promise<readonly LedgerItem[]> =>
      (await Promise.all(actors.map(ledger.itemsOfActor))).flat();
    const peers = configuration.people.filter((other) => isPeerOf(person, other)).slice(0, mostPeers);
    const [own, ...theirs] = await Promise.all([person, ...peers].map(itemsOf));
    return peersUse(reason, own ?? [], theirs);
  };
