/** A permission set: what the role that it makes in each account holds. */
export interface PermissionSet {
  arn: string;
  name: string;
  /** Seconds that its sessions last; absent in what was read before anybody asked. */
  session?: number;
  inline: string | null;
  /** ARNs of policies that AWS manages. */
  managed: readonly string[];
  /** Names, with their paths, of policies that each account must have. */
  customerManaged: readonly { path: string; name: string }[];
}

/** Who gets which permission set where. */
interface Assignment {
  account: string;
  /** ARN. */
  permissionSet: string;
  kind: 'USER' | 'GROUP';
  /** Id in the identity store. */
  principal: string;
}

/** What IAM Identity Center says. */
export interface IdentityCenter {
  instance: string;
  identityStore: string;
  permissionSets: readonly PermissionSet[];
  assignments: readonly Assignment[];
  users: readonly { id: string; name: string }[];
  groups: readonly { id: string; name: string; members: readonly string[] }[];
}

const reserved = /\/aws-reserved\/sso\.amazonaws\.com\/(?:[^/]+\/)?AWSReservedSSO_(.+)_[0-9a-f]{16}$/;

/** The permission set that made a role; undefined for any other role. Only AWS makes roles under that path. */
const permissionSetNameOf = (roleArn: string): string | undefined => reserved.exec(roleArn)?.[1];

/**
 * Whether the ARN is that of the role which a permission set, given as `set:ACCOUNT/NAME`, makes in its account. One that
 * was made from a session's has lost the path.
 */
export function isRoleOf(target: string, arn: string | null): boolean {
  const [, account, name] =
    /^arn:[^:]+:iam::(\d+):role\/(?:.+\/)?AWSReservedSSO_(.+)_[0-9a-f]{16}$/.exec(arn ?? '') ?? [];
  return account !== undefined && target === `set:${account}/${name}`;
}

/** Whether a user has a set in an account by a group, and by which; undefined: by none. What they have by name is not asked. */
export function groupWith(
  { assignments, groups }: Pick<IdentityCenter, 'assignments' | 'groups'>,
  wanted: { account: string; permissionSet: string; user: string },
): string | undefined {
  const ids = assignments
    .filter((each) => each.kind === 'GROUP' && each.account === wanted.account)
    .filter((each) => each.permissionSet === wanted.permissionSet)
    .map(({ principal }) => principal);
  return groups.find(({ id, members }) => ids.includes(id) && members.includes(wanted.user))?.name;
}

/** The users who may become the role of a permission set, by name. Empty for any other role. */
export function peopleBehind(roleArn: string, center: IdentityCenter): readonly string[] {
  const name = permissionSetNameOf(roleArn);
  const account = roleArn.split(':')[4];
  const set = center.permissionSets.find((each) => each.name === name);
  if (name === undefined || set === undefined) return [];
  const members = new Map(center.groups.map((group) => [group.id, group.members]));
  const names = new Map(center.users.map((user) => [user.id, user.name]));
  const ids = center.assignments
    .filter((each) => each.account === account && each.permissionSet === set.arn)
    .flatMap(({ kind, principal }) => (kind === 'USER' ? [principal] : (members.get(principal) ?? [])));
  return [...new Set(ids)].map((id) => names.get(id) ?? id).sort();
}
