import type { Person } from '../approvals/rules.ts';
import { beneficiaryTag } from '../changes/lending.ts';
import { type Configuration, deploymentOf } from '../configuration.ts';
import { parseIamArn } from '../identity/iam-arn.ts';
import type { IdentityCenter } from '../identity/identity-center.ts';
import type { Inventory } from '../identity/inventory.ts';

/** Something that could carry a loan to somebody. */
export interface Carrier {
  /** What a request names: an ARN, `account:ID` for a role of its own there, `set:ACCOUNT/NAME` for a permission set. */
  target: string;
  account: string;
  kind: 'user' | 'role' | 'lease-role' | 'permission-set';
  /** The user's, role's or set's name; of a role that is still to be made, none. */
  name: string;
}

/**
 * Everything that could carry a loan to a person: their own users, the roles given to them by tag, where the deployment
 * has the boundary a role of its own in each account, and the permission sets reserved for lending, `sets` by their
 * names. Whether it may is decided when it is asked for.
 */
export function carriersOf(
  person: Person,
  inventories: readonly Inventory[],
  configuration: Pick<Configuration, 'accounts' | 'deployment'>,
  sets: readonly string[] = [],
): readonly Carrier[] {
  const known = new Set(configuration.accounts.map(({ id }) => id));
  const users = person.actors.flatMap((actor): Carrier[] => {
    const arn = parseIamArn(actor);
    return arn?.type === 'user' && known.has(arn.account)
      ? [{ target: actor, account: arn.account, kind: 'user', name: arn.name }]
      : [];
  });
  const roles = inventories.flatMap(({ account, principals }) =>
    principals
      .filter(({ type, tags }) => type === 'role' && tags[beneficiaryTag] === person.id)
      .map(({ arn, name }): Carrier => ({ target: arn, account, kind: 'role', name })),
  );
  const made = deploymentOf(configuration).leaseRoles
    ? configuration.accounts.map(
        ({ id }): Carrier => ({ target: `account:${id}`, account: id, kind: 'lease-role', name: '' }),
      )
    : [];
  const assigned = configuration.accounts.flatMap(({ id }) =>
    sets.map((name): Carrier => ({ target: `set:${id}/${name}`, account: id, kind: 'permission-set', name })),
  );
  return [...users, ...roles.sort((a, b) => (a.target < b.target ? -1 : 1)), ...made, ...assigned];
}

/** Names of the permission sets that are reserved for lending, as Identity Center was last read. */
export function setsToLend(
  configuration: Pick<Configuration, 'deployment'>,
  center: IdentityCenter | null,
): readonly string[] {
  const reserved = deploymentOf(configuration).identityCenter?.permissionSets ?? [];
  return (center?.permissionSets ?? []).filter(({ arn }) => reserved.includes(arn)).map(({ name }) => name);
}
