import type { LineageChild, LineageEdge } from '../core/usage/lineage.ts';
import type { LedgerStore } from './ports/ledger-store.ts';

/** Who entered a role: by its unique id and by its ARN, since a record may hold either. */
export async function entriesInto(
  ledger: Pick<LedgerStore, 'parentsOf'>,
  { id, arn }: { id: string; arn: string },
): Promise<readonly LineageEdge[]> {
  const byId = await ledger.parentsOf(id as LineageChild);
  return [...byId, ...(await ledger.parentsOf(arn as LineageChild))];
}
