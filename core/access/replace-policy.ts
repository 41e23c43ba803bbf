import type { GroupRecord, Inventory, PolicyText, PrincipalRecord } from '../identity/inventory.ts';
import type { Organization, PolicyPlace } from './organization.ts';

/** The organization with one policy's text replaced; everything else is shared with the old one. */
export function replacePolicy(organization: Organization, place: PolicyPlace, text: string): Organization {
  const { inventories, tree, resources } = organization;
  switch (place.kind) {
    case 'control': {
      const policies = tree?.policies.map((each) => (each.id === place.id ? { ...each, text } : each));
      return { ...organization, tree: tree && policies ? { ...tree, policies } : tree };
    }
    case 'resource':
      return {
        ...organization,
        resources: resources.map((each) => (each.arn === place.arn ? { ...each, policy: text } : each)),
      };
    case 'managed':
      return { ...organization, inventories: inventories.map((each) => withManaged(each, place.arn, text)) };
    case 'trust':
      return {
        ...organization,
        inventories: inventories.map((each) => withPrincipal(each, place.role, (role) => ({ ...role, trust: text }))),
      };
    case 'inline':
      return {
        ...organization,
        inventories: inventories.map((each) => withInline(each, place.holder, place.name, text)),
      };
  }
}

function withManaged(inventory: Inventory, arn: string, text: string): Inventory {
  const earlier = inventory.managed.get(arn);
  return earlier ? { ...inventory, managed: new Map(inventory.managed).set(arn, { ...earlier, text }) } : inventory;
}

function withPrincipal(
  inventory: Inventory,
  arn: string,
  change: (record: PrincipalRecord) => PrincipalRecord,
): Inventory {
  if (!inventory.principals.some((each) => each.arn === arn)) return inventory;
  return { ...inventory, principals: inventory.principals.map((each) => (each.arn === arn ? change(each) : each)) };
}

function withInline(inventory: Inventory, holder: string, name: string, text: string): Inventory {
  const changed = <T extends { inline: readonly PolicyText[] }>(record: T): T => ({
    ...record,
    inline: record.inline.map((each) => (each.name === name ? { ...each, text } : each)),
  });
  if (!inventory.groups.some(({ arn }) => arn === holder)) return withPrincipal(inventory, holder, changed);
  const groups = inventory.groups.map((each: GroupRecord) => (each.arn === holder ? changed(each) : each));
  return { ...inventory, groups };
}
