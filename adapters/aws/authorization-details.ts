import { GetAccountAuthorizationDetailsCommand, type IAMClient } from '@aws-sdk/client-iam';
import { parseAuthorizationDetails } from '../../core/identity/authorization-details.ts';
import { type InventoryScan, ReadingDenied } from '../../usecases/ports/inventory-scan.ts';
import type { IamClientFor } from './iam-client.ts';
import { isDenied } from './resource-policies/reader.ts';

/** Names our sessions that read an account. */
export const inventorySource = 'leastwise-inventory';

/** Reads an account's identities with one paged call that any account may make about itself. */
export const inventoryScan = (clientFor: IamClientFor): InventoryScan => ({
  scan: async (account, takenAt) => {
    const pages = await pagesOf(clientFor({ account, source: inventorySource, policy: null })).catch((fault) => {
      throw isDenied(fault) ? new ReadingDenied(fault.message) : fault;
    });
    const { inventories, problems } = parseAuthorizationDetails(pages, takenAt);
    const others = inventories.filter((inventory) => inventory.account !== account).map((other) => other.account);
    if (others.length > 0) throw new Error(`${account} was asked and ${others.join(', ')} answered`);
    const nothing = { v: 1 as const, account, takenAt, principals: [], groups: [], managed: new Map() };
    return { inventory: inventories[0] ?? nothing, problems };
  },
});

async function pagesOf(iam: IAMClient): Promise<unknown[]> {
  const pages: unknown[] = [];
  let Marker: string | undefined;
  do {
    const page = await iam.send(new GetAccountAuthorizationDetailsCommand({ Marker, MaxItems: 1000 }));
    pages.push({
      UserDetailList: page.UserDetailList ?? [],
      RoleDetailList: page.RoleDetailList ?? [],
      GroupDetailList: page.GroupDetailList ?? [],
      Policies: page.Policies ?? [],
    });
    if (page.IsTruncated && !page.Marker) throw new Error('IAM cut its answer off and named no next page');
    Marker = page.IsTruncated ? page.Marker : undefined;
  } while (Marker !== undefined);
  return pages;
}
